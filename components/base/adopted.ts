// What stands in AWS already and is kept as it is: names and other inputs that AWS cannot change.
import * as pulumi from "@pulumi/pulumi";
import replacements from "../../facts/data/replacements.json";
import { orMeant, wordComplaint } from "../../facts/errors";
import { canonicalType, shortType } from "../../facts/types";
import { type HasOrigin, ORIGIN, ofComponent, refusal } from "./origin";
import { map, other } from "./schema";

/** Inputs of resources that were there before the stack, by type and name of the resource: `{ "ecs.Service web": { name: "shop-prod-web" } }`. */
export type Adopted = Record<string, Record<string, unknown>>;

/** By the short name of a type, the inputs of which another value makes another resource. A revision of a task is another each time. */
const FIXED = new Map(
  Object.entries(replacements.types)
    .filter(([type]) => type.startsWith("aws:") && !/[tT]askDefinition:/.test(type))
    .map(([type, inputs]): [string, string[]] => [shortType(type), inputs.filter((input) => !input.endsWith("Prefix"))])
    .filter(([, inputs]) => inputs.length > 0),
);

const EXAMPLE = 'write type and name of one, like "ecs.Service web"';
const value = () => other<unknown>((given) => (given === null ? "null is not a value." : undefined));

/** What a stack file says of them. */
export const adoptedSchema = map(map(value()), {
  name: (key) => {
    const [type = "", name] = key.split(/ (.*)/s);
    if (!name) return `${JSON.stringify(key)} is not a resource; ${EXAMPLE}.`;
    return FIXED.has(type) ? undefined : `${JSON.stringify(type)} is not a type with an input to keep${orMeant(type, [...FIXED.keys()])}`;
  },
  entry: (key, inputs) => {
    const [type = ""] = key.split(" ");
    const fixed = FIXED.get(type) ?? [];
    const wrong = Object.keys(inputs).find((input) => !fixed.includes(input));
    return wrong === undefined ? undefined : wordComplaint(wrong, fixed, `an input that AWS cannot change of an ${type}`);
  },
});

/**
 * Lays the inputs over those that the program gives to these resources, whatever component makes them. Call what it returns after the last resource: it
 * refuses what names no resource of the program.
 */
export function keepAdopted(adopted: Adopted & HasOrigin = {}): () => void {
  const left = new Set(Object.keys(adopted));
  const made = new Set<string>();
  if (left.size === 0) return () => undefined;
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    const key = `${shortType(canonicalType(type))} ${name}`;
    const its = Object.hasOwn(adopted, key) ? adopted[key] : undefined;
    made.add(key);
    left.delete(key);
    return its && { props: { ...without(props as object, Object.keys(its)), ...its }, opts };
  });
  return () => {
    const complaints = [...left].map((key) => ({
      path: ["adopted"],
      text: `${JSON.stringify(key)} is not a resource of this program${orMeant(key, ofType(made, key))}`,
    }));
    if (complaints.length > 0) throw refusal(adopted[ORIGIN] ?? ofComponent("keepAdopted", "adopted"), complaints);
  };
}

/** Those of the same type, else all. */
function ofType(keys: Set<string>, key: string): string[] {
  const [type = ""] = key.split(" ");
  const same = [...keys].filter((one) => one.startsWith(`${type} `));
  return same.length > 0 ? same : [...keys];
}

/** Inputs without the beginning of a name that is given whole. */
const without = (props: object, given: string[]) =>
  Object.fromEntries(Object.entries(props).filter(([key]) => !given.some((one) => key === `${one}Prefix`)));
