// The keys of a stack file that `berth plan` reads itself, for any program: assumptions, budget, policy.
import { DEFAULT_ASSUMPTIONS } from "../../plan/project/assumptions";
import { LEVELS } from "../../policy/engine/config";
import { rules } from "../../policy/rules";
import { commentsOf } from "./comments";

const assumptions = () => {
  const comment = commentsOf("Assumptions");
  return Object.entries(DEFAULT_ASSUMPTIONS).map(([key, value]: [string, number]) => ({ key, value, meaning: comment(key)!.meaning }));
};

/** The rows of the settings page. */
export const assumptionRows = (): string[][] =>
  assumptions().map(({ key, value, meaning }) => [`\`assumptions.${key}\``, meaning, "a number", String(value), ""]);

const byRule = (value: (rule: (typeof rules)[number]) => object | undefined) => ({
  type: "object",
  properties: Object.fromEntries(
    rules.flatMap((rule) => (value(rule) ? [[rule.name, { description: rule.description, ...value(rule) }]] : [])),
  ),
  additionalProperties: false,
});

/** The JSON schemas of the keys. */
export const planSchemas = (): Record<"assumptions" | "budget" | "policy", object> => ({
  assumptions: {
    type: "object",
    properties: Object.fromEntries(
      assumptions().map(({ key, value, meaning }) => [
        key,
        { description: meaning, type: ["number", "string"], minimum: 0, default: value },
      ]),
    ),
    additionalProperties: false,
  },
  budget: { type: ["number", "string"], minimum: 0 },
  policy: {
    type: "object",
    properties: {
      enforce: { description: "Whether a broken rule fails the plan; false only advises.", type: "boolean", default: true },
      levels: { description: "What a broken rule is, by rule.", ...byRule(() => ({ enum: LEVELS })) },
      parameters: {
        description: "Numbers and lists of a rule, by rule.",
        ...byRule(({ parameters }) =>
          Object.keys(parameters).length === 0
            ? undefined
            : {
                type: "object",
                properties: Object.fromEntries(
                  Object.entries(parameters).map(([key, parameter]) => [
                    key,
                    { description: parameter.description, default: parameter.default },
                  ]),
                ),
                additionalProperties: false,
              },
        ),
      },
      exceptions: {
        description: "What may break a rule, each with its reason.",
        type: "array",
        items: {
          type: "object",
          properties: {
            rule: { description: "The rule.", enum: rules.map(({ name }) => name) },
            resource: {
              description: "The resource: its name, type::name or its URN; * stands for any text.",
              type: "string",
              minLength: 1,
            },
            reason: { description: "Why the rule may be broken here.", type: "string", minLength: 1 },
            until: { description: "The last day on which the exception holds.", type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\d$" },
          },
          required: ["rule", "resource", "reason"],
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
});
