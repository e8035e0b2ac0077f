// A rule reads a graph in which some values are not known yet. To read one ends the check, or the part of it that `decide` or `each` runs: that is no
// violation, and it is written down.
import { UnknownValueError } from "@pulumi/policy";
import { shortType } from "../../facts/types";
import { UnknownValue } from "../../facts/unknown";

class Undecidable extends Error {}

/** Ends a check without a violation: the graph does not tell what the rule must know. */
export function undecidable(why: string): never {
  throw new Undecidable(why);
}

/** Why a part of a check ended undecided. */
export type Reason = UnknownValue | Error;

let reasons: Reason[] = [];

/** Runs a check up to the first value that is not known yet. */
export function decide(check: () => void): void {
  attempt(check, (reason) => reasons.push(reason));
}

/** Runs a check, and returns why parts of it ended undecided. */
export function reasonsOf(check: () => void): Reason[] {
  const outer = reasons;
  reasons = [];
  try {
    decide(check);
    return reasons;
  } finally {
    reasons = outer;
  }
}

/** The value, or undefined while it is not known. Only where it makes no difference to what the rule finds; a rule otherwise just reads. */
export function known<V>(read: () => V): V | undefined {
  let value: V | undefined;
  attempt(
    () => {
      value = read();
    },
    () => undefined,
  );
  return value;
}

/** The value, or why it is not known. */
export function tryTo<V>(read: () => V): { value: V } | { unknown: Reason } {
  let result: { value: V } | { unknown: Reason } | undefined;
  attempt(
    () => {
      result = { value: read() };
    },
    (unknown) => {
      result = { unknown };
    },
  );
  return result!;
}

/** Why something could not be decided about a resource: which value is unknown, and whose it is if it is another resource's. */
export function explain(reason: Reason, about?: { urn: string }): string {
  if (!(reason instanceof UnknownValue)) return `${reason.message}.`;
  const { path, owner } = reason;
  const whose = owner && owner.urn !== about?.urn ? ` of ${shortType(owner.type)} "${owner.name}"` : "";
  return `${path || "a value"}${whose} is not known before the deploy.`;
}

/** True if one of the statements is true, whatever is not known of the others; undecided if none of the known is true, but not all are known. */
export function anyTrue(...statements: (() => boolean)[]): boolean {
  let unknown: Reason | undefined;
  for (const statement of statements) {
    let value = false;
    attempt(
      () => {
        value = statement();
      },
      (reason) => {
        unknown ??= reason;
      },
    );
    if (value) return true;
  }
  if (unknown) throw unknown;
  return false;
}

/** The same of a statement about each element of a list. */
export function some<V>(list: readonly V[] | undefined, statement: (element: V, index: number) => boolean): boolean {
  return anyTrue(...indices(list).map((i) => () => statement(list![i]!, i)));
}

function attempt(run: () => void, otherwise: (reason: Reason) => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof UnknownValue || error instanceof Undecidable) otherwise(error);
    // The engine's own, of which @pulumi/policy declares no member.
    else if (error instanceof UnknownValueError)
      otherwise(new UnknownValue((error as { props: PropertyKey[] }).props.map(String).join(".")));
    else throw error;
  }
}

/** Checks each element by itself, so that one that is not known yet hides none of the others. */
export function each<V>(list: readonly V[] | undefined, check: (element: V, index: number) => void): void {
  for (const i of indices(list)) decide(() => check(list![i]!, i));
}

/** The places of a list. To walk over them, and not over the elements, lets the reader decide what to do with one that is not known. */
export function indices(list: readonly unknown[] | undefined): number[] {
  return Array.from({ length: list?.length ?? 0 }, (_, i) => i);
}
