import { readFileSync } from "node:fs";
import * as v from "valibot";
import { UserError } from "../../facts/errors";
import { JSON_VERSION, type Plan } from "../plan-json";

const strings = v.array(v.string());
const urn = v.pipe(v.string(), v.regex(/^urn:pulumi:[^:]+::[^:]+::[^:]+(:[^:]+)*::./s, "is no URN"));
const map = <V extends v.GenericSchema>(value: V) =>
  v.pipe(
    v.custom<Record<string, unknown>>((given) => typeof given === "object" && given !== null && !Array.isArray(given), "is no map"),
    v.record(v.string(), value),
  );

/** What a comparison reads of a plan that an earlier version may have written: the rest may be missing, and there may be more. */
const PLAN = v.looseObject({
  version: v.optional(v.literal(JSON_VERSION), JSON_VERSION),
  project: v.string(),
  stack: v.string(),
  resources: v.array(
    v.pipe(
      v.looseObject({
        urn,
        type: v.string(),
        name: v.string(),
        parent: v.nullable(urn),
        inputs: map(v.unknown()),
        dependencies: strings,
        propertyDependencies: map(strings),
        options: v.looseObject({
          protect: v.boolean(),
          ignoreChanges: strings,
          retainOnDelete: v.boolean(),
          deleteBeforeReplace: v.nullable(v.boolean()),
          replaceOnChanges: strings,
          deletedWith: v.nullable(v.string()),
          customTimeouts: map(v.string()),
          aliases: v.array(urn),
          replaceWith: v.optional(strings),
        }),
      }),
      v.check(({ urn: own, type, name }) => own.endsWith(`${type}::${name}`)),
    ),
  ),
  cost: v.looseObject({ region: v.string(), currency: v.string(), monthlyIdle: v.number() }),
  rollout: v.array(v.looseObject({ service: urn, seconds: v.nullable(v.number()) })),
});

/** What `pulumi stack export` writes. */
const EXPORT = v.looseObject({ version: v.number(), deployment: v.unknown() });

/** Reads a plan that `berth plan --json` wrote. */
export function readPlanFile(path: string): Plan {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${path} cannot be read (${code ?? message}): name a file that berth plan --json wrote.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${path} is not JSON: write a plan with berth plan --json > ${path}.`);
  }
  if (v.is(EXPORT, value)) {
    throw new UserError(`${path} is a state that pulumi stack export wrote, not a plan: compare with it by --deployed ${path}.`);
  }
  const { issues } = v.safeParse(PLAN, value, { abortEarly: true });
  if (!issues) return value as Plan;
  const where = v.getDotPath(issues[0]);
  if (where === "version") {
    throw new UserError(
      `${path} is of another version of berth, whose plans have another shape: write it again with this one, berth plan --json > ${path}.`,
    );
  }
  if (!where?.includes(".")) throw new UserError(`${path} is JSON, but not a plan: write one with berth plan --json > ${path}.`);
  throw new UserError(`${path} is damaged at ${where}: write it again with berth plan --json > ${path}.`);
}
