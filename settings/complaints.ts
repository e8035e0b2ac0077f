import { type Arguments, type Complaint, type Facts, parse } from "../components/base/schema";
import { stack } from "./stack";

export type { Complaint };

/** What is wrong with the settings of a stack, each with its place; nothing where they may stand in a stack file. */
export const complaintsOf = (settings: Record<string, unknown>): Complaint[] => parse(stack, settings).complaints;

/** The keys of a stack file in the order of its documentation. */
export const KEYS: readonly string[] = Object.keys(stack.entries);

/** What holds where a stack file has no such setting; undefined where there is no default, or other settings decide it. */
export function defaultOf(setting: readonly (string | number)[]): unknown {
  let facts: Facts | undefined = { kind: "group", entries: stack.entries };
  let byDefault: unknown;
  for (const key of setting) {
    const named: Facts | undefined = facts && groupIn(facts);
    const argument: Arguments[string] | undefined =
      named?.kind === "group" ? named.entries[key] : named?.kind === "map" ? named.item : undefined;
    byDefault = argument && "byDefault" in argument ? argument.byDefault : undefined;
    facts = argument?.facts;
  }
  return typeof byDefault === "function" ? undefined : byDefault;
}

/** What of a setting has keys. */
const groupIn = (facts: Facts): Facts | undefined =>
  facts.kind === "either"
    ? facts.choices.map((choice) => groupIn(choice.facts)).find(Boolean)
    : facts.kind === "group" || facts.kind === "map"
      ? facts
      : undefined;
