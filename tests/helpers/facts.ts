// Values made from what a schema says of itself: right ones, and one that breaks each limit.
import * as fc from "fast-check";
import type { Arguments, Described, Facts } from "../../components/base/schema";
import { listed } from "../../facts/errors";

/** A right value: as little as there must be. */
export function sampleOf({ facts }: Described): unknown {
  switch (facts.kind) {
    case "number":
      return facts.low;
    case "choice":
      return facts.values[0];
    case "flag":
      return true;
    case "text":
      return (facts.example ?? "x").replace("…", "1");
    case "scalar":
      return "x";
    case "size":
      return 4096;
    case "list":
      return [sampleOf(facts.item)];
    case "map":
      return { KEY: sampleOf(facts.item) };
    case "group":
      return required(facts.entries);
    case "either":
      return sampleOf(facts.choices.at(-1)!);
    case "other":
      return "x:1";
  }
}

/** What a group must have. */
function required(entries: Record<string, Described>): Record<string, unknown> {
  const needed = Object.entries(entries).filter(([, entry]) => !("optional" in entry));
  return Object.fromEntries(needed.map(([key, entry]) => [key, sampleOf(entry)]));
}

/** A value that breaks one limit, where it does, and what must stand in the sentence about it. */
export interface Broken {
  path: string[];
  value: unknown;
  says: string[];
}

const at = (path: string[], found: Broken[], wrap: (value: unknown) => unknown): Broken[] =>
  found.map(({ path: inner, value, says }) => ({ path: [...path, ...inner], value: wrap(value), says }));
const broken = (value: unknown, ...says: string[]): Broken => ({ path: [], value, says });

/** A value for each limit of an argument that breaks it. */
export function brokenOf({ facts }: Described): Broken[] {
  switch (facts.kind) {
    case "number":
      return numbers(facts);
    case "choice": {
      const allowed = `allowed: ${listed(facts.values.map(String))}`;
      return typeof facts.values[0] === "number"
        ? [
            broken("x", '"x" is not a number', allowed, facts.unit),
            broken(-1, "-1 is not a valid value", allowed, `the nearest is ${facts.values[0]}`),
          ]
        : [broken("nonsense!", '"nonsense!" is not a valid value', allowed), broken({}, "an object is not a valid value", allowed)];
    }
    case "flag":
      return [broken("maybe", '"maybe" is neither true nor false.')];
    case "text":
      return [
        broken({}, "an object is not a string"),
        broken("", '"" is not a string'),
        // A secret is never shown.
        ...(facts.example === undefined ? [] : [broken("?? ", ...(facts.pattern ? ['"?? "'] : []))]),
      ];
    case "scalar":
      return [broken({ a: 1 }, "an object is not a string, a number or a boolean.")];
    case "size":
      return [broken("lots", '"lots" is not a', facts.example), broken({}, "an object is not a")];
    case "list":
      return [broken("a b", '"a b" is not a list; write it as [a, b].'), ...at(["0"], brokenOf(facts.item), (value) => [value])];
    case "map":
      return [broken([], "a list is not an object with keys."), ...at(["KEY"], brokenOf(facts.item), (value) => ({ KEY: value }))];
    case "group":
      return [
        broken([], "a list is not an object with keys."),
        { ...broken({ ...required(facts.entries), xyzzy: 1 }, "there is no such key"), path: ["xyzzy"] },
        ...Object.entries(facts.entries).flatMap(([key, entry]) =>
          at([key], brokenOf(entry), (value) => ({ ...required(facts.entries), [key]: value })),
        ),
      ];
    case "either": {
      // false, or a number; a word, or a group; one, or a list. What is neither is told as the last of them is.
      const [first, ...rest] = facts.choices;
      const off = first!.facts.kind === "choice" && first!.facts.values[0] === false;
      const others = rest.flatMap((choice) => brokenOf(choice));
      if (first!.facts.kind === "flag" && rest[0]!.facts.kind === "text") return others;
      return off
        ? others
        : [
            ...brokenOf(first!).filter(({ value }) => typeof value === "string"),
            // A list is right where one of them is.
            ...others.filter(({ value }) => typeof value === "object" && !(takesList(first!) && Array.isArray(value))),
          ];
    }
    case "other":
      return [];
  }
}

const takesList = ({ facts }: Described): boolean => facts.kind === "list" || (facts.kind === "either" && facts.choices.some(takesList));

function numbers({ low, high, unit, step }: Extract<Facts, { kind: "number" }>): Broken[] {
  const allowed = `allowed: ${low} to ${high}${unit && ` ${unit}`}`;
  return [
    broken(low - 1, `${low - 1} is out of range`, allowed, `the nearest is ${low}.`),
    broken(high + 1, `${high + 1} is out of range`, allowed, `the nearest is ${high}.`),
    broken("x", '"x" is not a number', allowed),
    broken(true, "true is not a number", allowed),
    ...(step === 1 ? [broken(low + 0.5, `${low + 0.5} is not a whole number`, allowed)] : []),
    ...(step !== undefined && step !== 1 ? [broken(low + step / 4, "is not a multiple of", allowed)] : []),
  ];
}

/** Any value for an argument: a right one, a wrong one, or what a stack file may hold besides. */
function anyOf(argument: Described): fc.Arbitrary<unknown> {
  const { facts } = argument;
  const broken = brokenOf(argument).map(({ value }) => value);
  const kinds: fc.Arbitrary<unknown>[] = [
    fc.constant(sampleOf(argument)),
    // Some take anything.
    ...(broken.length > 0 ? [fc.constantFrom(...broken)] : []),
    fc.constantFrom<unknown>("", "x", "10", 0, 1, 3, 60, -1, 0.5, true, false, null, [], ["x"], {}, { a: 1 }, { A: "b" }),
  ];
  if (facts.kind === "number") kinds.push(fc.integer({ min: Math.floor(facts.low) - 2, max: Math.ceil(facts.high) + 2 }));
  if (facts.kind === "choice") kinds.push(fc.constantFrom(...facts.values));
  if (facts.kind === "either") kinds.push(...facts.choices.map(anyOf));
  if (facts.kind === "list") kinds.push(fc.array(anyOf(facts.item), { maxLength: 2 }));
  if (facts.kind === "map") kinds.push(fc.dictionary(fc.constantFrom("A", "DB_HOST", "a-b", "9"), anyOf(facts.item), { maxKeys: 2 }));
  if (facts.kind === "group") kinds.push(anyArguments(facts.entries));
  return fc.oneof(...kinds);
}
/** A few arguments at a time: where everything is given, everything is wrong. */
export const anyArguments = (entries: Arguments) =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(entries)
          .filter(([, { facts }]) => facts.kind !== "other")
          .map(([key, entry]) => [key, anyOf(entry)]),
      ),
      { requiredKeys: [] },
    )
    .chain((all) =>
      fc
        .subarray(Object.keys(all), { maxLength: Math.min(5, Object.keys(all).length) })
        .map((keys) => Object.fromEntries(keys.map((key) => [key, all[key]]))),
    );
