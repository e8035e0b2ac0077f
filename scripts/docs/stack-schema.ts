// The JSON schemas of stack files, for editors: one for the template's, which holds its settings, and one for those of any other program, which hold what
// `berth plan` reads.
import type { Arguments, Described, Facts } from "../../components/base/schema";
import { stack } from "../../settings/stack";
import { type Comment, commentsOf } from "./comments";
import { planSchemas } from "./plan-keys";

type Schema = Record<string, unknown>;

/** What Pulumi makes of a value that it encrypts. */
const SECURE = { type: "object", properties: { secure: { type: "string" } }, required: ["secure"], additionalProperties: false };
const NUMERIC = "^\\s*-?(\\d+\\.?\\d*|\\.\\d+)\\s*$";

/** The groups at the top of a stack file, and what is in them: the same elsewhere is a reference. */
const TOP = new Map<Arguments | Described, string>(
  Object.entries(stack.entries as Arguments).flatMap(([key, { facts }]): [Arguments | Described, string][] =>
    facts.kind === "group"
      ? [
          [facts.entries, key],
          ...Object.entries(facts.entries).map(([name, entry]): [Described, string] => [entry, `${key}/properties/${name}`]),
        ]
      : [],
  ),
);
const reference = (to: string): Schema => ({ $ref: `#/definitions/${to}` });

/** What a value may look like in a file: the command line writes numbers and switches as text. */
function shapeOf(facts: Facts, comment: Comment["within"]): Schema {
  switch (facts.kind) {
    case "number":
      return { type: [facts.step === 1 ? "integer" : "number", "string"], minimum: facts.low, maximum: facts.high, pattern: NUMERIC };
    case "choice":
      return typeof facts.values[0] === "number"
        ? { anyOf: [{ enum: facts.values }, { type: "string", pattern: NUMERIC }] }
        : { enum: facts.values };
    case "flag":
      return { type: ["boolean", "string"], pattern: "^(true|false)$" };
    case "text":
      return {
        anyOf: [{ type: "string", minLength: 1, ...(facts.pattern && { pattern: facts.pattern.source }) }, reference("secure")],
        ...(facts.example !== undefined && { examples: [facts.example] }),
      };
    case "scalar":
      return { anyOf: [{ type: ["string", "number", "boolean"] }, reference("secure")] };
    case "size":
      return { type: ["string", "number"], minimum: 1 };
    case "list":
      return { type: "array", items: shapeOf(facts.item.facts, comment) };
    case "map":
      return { type: "object", additionalProperties: shapeOf(facts.item.facts, comment) };
    case "group":
      return TOP.has(facts.entries) ? { allOf: [reference(TOP.get(facts.entries)!)] } : groupOf(facts.entries, comment);
    case "either":
      return { anyOf: facts.choices.map((choice) => shapeOf(choice.facts, comment)) };
    case "other":
      return {};
  }
}

/** The unit of an argument's numbers, which its comment does not repeat. */
const unitOf = (facts: Facts): string =>
  facts.kind === "number" || facts.kind === "choice"
    ? facts.unit
    : facts.kind === "either"
      ? facts.choices.map(({ facts: inner }) => unitOf(inner)).join("")
      : "";

function argumentOf(argument: Described, comment: Comment | undefined, key: string, shape?: Schema): Schema {
  if (!comment) throw new Error(`${key} has no comment`);
  const { facts } = argument;
  const preset = "byDefault" in argument ? argument.byDefault : undefined;
  const unit = unitOf(facts);
  const text = [
    comment.meaning,
    ...(unit ? [`In ${unit}.`] : []),
    ...(comment.byDefault === undefined ? [] : [`Defaults to ${comment.byDefault}.`]),
    ...(comment.cost === undefined ? [] : [`Cost: ${comment.cost}.`]),
  ].join(" ");
  const fixed =
    preset !== undefined && typeof preset !== "function" && !(facts.kind === "group" && Object.keys(preset as object).length === 0);
  return { title: key, description: text, ...(shape ?? shapeOf(facts, comment.within)), ...(fixed && { default: preset }) };
}

function groupOf(entries: Arguments, comment: Comment["within"]): Schema {
  const required = Object.keys(entries).filter((key) => !("optional" in entries[key]!));
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(entries).map(([key, entry]) => {
        const elsewhere = TOP.has(entries) ? undefined : TOP.get(entry);
        return [key, elsewhere === undefined ? argumentOf(entry, comment(key), key) : reference(elsewhere)];
      }),
    ),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** A whole stack file: its settings by bare key, or with the project's name before it, beside what is Pulumi's and the providers'. */
function file(title: string, settings: Record<string, Schema>, others: boolean): string {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: {
          "aws:region": { title: "aws:region", description: "Region that the stack is deployed to.", type: "string" },
          ...Object.fromEntries(Object.keys(settings).map((key) => [key, reference(key)])),
        },
        patternProperties: Object.fromEntries(
          // Pulumi writes a key with the project's name, whatever that is.
          Object.keys(settings).map((key) => [`^(?!aws:)[^:]+:${key}$`, reference(key)]),
        ),
        ...(!others && { propertyNames: { anyOf: [{ enum: Object.keys(settings) }, { pattern: ":" }] } }),
      },
    },
    definitions: { secure: SECURE, ...settings },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function planKeys(comment: Comment["within"]): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(planSchemas()).map(([key, shape]) => [
      key,
      { ...argumentOf(stack.entries[key as "policy"], comment(key), key), ...shape },
    ]),
  );
}

export function stackSchema(): string {
  const comment = commentsOf("StackSettings");
  const own = Object.entries(stack.entries as Arguments).map(([key, entry]) => {
    const shape = entry.facts.kind === "group" ? groupOf(entry.facts.entries, comment(key)!.within) : undefined;
    return [key, argumentOf(entry, comment(key), key, shape)];
  });
  return file("A stack file of this template", { ...Object.fromEntries(own), ...planKeys(comment) }, false);
}

export function planSchema(): string {
  return file("A stack file of a program with Berth's components", planKeys(commentsOf("StackSettings")), true);
}
