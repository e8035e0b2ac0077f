import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../../facts/graph";

/**
 * The SDK makes no text of a value with an unknown part: one unknown environment variable leaves nothing of a task's container definitions. A plan
 * shows the rest, so in its first run `jsonStringify` writes the text and puts `[unknown]` where the one value belongs. No function of the program's
 * runs that would not run in a preview.
 */
type Stringify = typeof pulumi.jsonStringify;

/** What the SDK keeps to itself: a function may be run on a value that has unknown parts, and says that its result is known. */
interface Partial {
  apply<T>(f: (value: unknown) => T, runWithUnknowns: true): pulumi.Output<T>;
}

const internals = require("@pulumi/pulumi/output") as { unknown: unknown; isUnknown(value: unknown): boolean; jsonStringify: Stringify };
const original = internals.jsonStringify;
let kept = false;

const stringify: Stringify = (value, replacer, space) => {
  if (!kept) return original(value, replacer as never, space);
  const whole = pulumi.output(value) as unknown as Partial;
  return whole.apply(
    (known) => (internals.isUnknown(known) ? internals.unknown : JSON.stringify(marked(known), replacer as never, space)) as string,
    true,
  );
};

/** Whether the program's JSON keeps its structure from now on. Programs may have taken the function as they were loaded: it stays the same one. */
export function keepStructure(keep: boolean): void {
  kept = keep;
  for (const exported of [pulumi, internals] as { jsonStringify: Stringify }[]) exported.jsonStringify = stringify;
}

function marked(value: unknown): unknown {
  if (internals.isUnknown(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(marked);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, marked(part)]));
}
