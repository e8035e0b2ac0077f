// Which requests a listener rule takes: its conditions as AWS has them, and whether one rule takes all that another takes. No Pulumi here.
import { rangeContains } from "./cidr";

/** A condition of a listener rule as AWS takes it, once its values are known. */
export interface RuleCondition {
  hostHeader?: Patterns;
  pathPattern?: Patterns;
  httpHeader?: Patterns & { httpHeaderName: string };
  httpRequestMethod?: { values: string[] };
  queryStrings?: { key?: string; value: string }[];
  sourceIp?: { values?: string[] };
}
interface Patterns {
  values?: string[];
  regexValues?: string[];
}

/** All values that a rule compares a request with, of which AWS takes so many. */
export const valuesOf = (conditions: readonly RuleCondition[]): string[] =>
  conditions.flatMap(({ hostHeader, pathPattern, httpHeader, httpRequestMethod, queryStrings = [], sourceIp }) => [
    ...[hostHeader, pathPattern, httpHeader].flatMap((one) => [...(one?.values ?? []), ...(one?.regexValues ?? [])]),
    ...(httpRequestMethod?.values ?? []),
    ...(sourceIp?.values ?? []),
    ...queryStrings.map(({ key, value }) => (key === undefined ? value : `${key}=${value}`)),
  ]);

/** What a rule asks of a request: that a field of it has one of these values. */
export interface Condition {
  field: string;
  values: readonly string[];
}

/** Any path there is. */
const ANY_PATH = "/*";

/** Between the key and the value of a query parameter, where neither has it. */
export const IS = "\n";

/** What a rule asks, each condition in the same words whatever the order and the case of its values. A condition that every request meets is left out. */
export function asked(conditions: readonly RuleCondition[]): Condition[] {
  return conditions.flatMap(fieldsOf).flatMap(({ field, values }) => {
    const anything = field === "path" && values.some((value) => isWithin(ANY_PATH, value));
    return anything ? [] : [{ field, values: widest(field, values.map(inOneWay)) }];
  });
}

/** Wildcards in a row in one order: `*?` and `?**` match the same as `?*`. */
const inOneWay = (pattern: string) => pattern.replace(/[*?]{2,}/g, (run) => run.replaceAll("*", "") + (run.includes("*") ? "*" : ""));

/** The same text for rules that take the same requests. */
export const canonical = (conditions: readonly Condition[]): string =>
  conditions
    .map(({ field, values }) => [field, ...[...values].sort()].join("\t"))
    .sort()
    .join("\n");

function fieldsOf({ hostHeader, pathPattern, httpHeader, httpRequestMethod, queryStrings, sourceIp }: RuleCondition): Condition[] {
  const lower = (values: string[]) => values.map((value) => value.toLowerCase());
  const matched = (field: string, given: Patterns | undefined, spell: (values: string[]) => string[]): Condition[] => [
    ...(given?.values ? [{ field, values: spell(given.values) }] : []),
    // Regular expressions are compared by their letters alone.
    ...(given?.regexValues ? [{ field: `${field} matching`, values: given.regexValues }] : []),
  ];
  return [
    ...matched("host", hostHeader, lower),
    ...matched("path", pathPattern, (values) => values),
    ...matched(`header ${httpHeader?.httpHeaderName.toLowerCase()}`, httpHeader, lower),
    ...matched("method", httpRequestMethod, (values) => values),
    ...(queryStrings ? [{ field: "query", values: lower(queryStrings.map(({ key = "*", value }) => `${key}${IS}${value}`)) }] : []),
    ...matched("source", sourceIp, (values) => values),
  ];
}

/** The values without those that others of them take in. */
const widest = (field: string, values: readonly string[]) =>
  values.filter((value, i) => !values.some((other, j) => i !== j && takes(field, other, value) && (j < i || !takes(field, value, other))));

/** Whether a rule takes every request that another takes. */
export const covers = (wide: readonly Condition[], narrow: readonly Condition[]): boolean =>
  wide.every(({ field, values }) =>
    narrow.some((one) => one.field === field && one.values.every((value) => values.some((other) => takes(field, other, value)))),
  );

function takes(field: string, wide: string, narrow: string): boolean {
  if (field === "source") return rangeContains(wide, narrow);
  return field === "method" || field.endsWith(" matching") ? wide === narrow : isWithin(narrow, wide);
}

/** Whether a pattern with `*` and `?` matches all that another matches. */
export function isWithin(narrow: string, wide: string): boolean {
  // Most patterns differ in what stands before their first wildcard.
  const open = wide.search(/[*?]/);
  if (open < 0) return narrow === wide;
  if (!narrow.startsWith(wide.slice(0, open))) return false;
  // Where in the wide pattern one may be. A letter that it does not name is the hardest to match, and stands for all that a wildcard may be.
  const passing = (at: number[]): number[] => [...new Set(at.flatMap((i) => (wide[i] === "*" ? [i, ...passing([i + 1])] : [i])))];
  const after = (at: number[], letter?: string) =>
    passing(at.flatMap((i) => (wide[i] === "*" ? [i] : wide[i] === "?" || (letter !== undefined && wide[i] === letter) ? [i + 1] : [])));
  const rest = (from: number, at: number[]): boolean => {
    const letter = narrow[from];
    if (letter === undefined) return at.includes(wide.length);
    if (letter !== "*") return at.length > 0 && rest(from + 1, after(at, letter === "?" ? undefined : letter));
    // As many letters as one likes, until more of them change nothing.
    const seen = new Set<string>();
    for (let now = at; !seen.has(now.join()); now = after(now)) {
      if (!rest(from + 1, now)) return false;
      seen.add(now.join());
    }
    return true;
  };
  return rest(0, passing([0]));
}

/**
 * How much a pattern says: three for a letter, one for `?`, one less for each `*`. A pattern that matches only what another matches, and not all of it, says
 * more: it has no fewer letters, and where it has no more of them it has fewer wildcards.
 */
export const said = (pattern: string): number => {
  const wildcards = pattern.match(/[*?]+/g) ?? [];
  const free = wildcards.join("").replaceAll("*", "").length;
  return 3 * (pattern.length - wildcards.join("").length) + free - wildcards.filter((run) => run.includes("*")).length;
};

/** A rule of a listener: when it is asked, and for what. */
export interface RankedRule {
  priority: number;
  asks: readonly Condition[];
}

/** How far before a service's own rule those are that must be asked sooner. */
export const BEFORE = { production: 1, maintenance: 2, test: 3 };
const BESIDE = Math.max(...Object.values(BEFORE));

/**
 * The number nearest to a rule's own with which it is asked before those that take all its requests and after those that take only some of them, with room
 * before it and before the next; undefined if there is none.
 */
export function freePriority({ priority, asks }: RankedRule, others: readonly RankedRule[]): number | undefined {
  const taken = new Set(others.map((one) => one.priority));
  const wider = others.filter((one) => covers(one.asks, asks) && !covers(asks, one.asks)).map((one) => one.priority);
  const narrower = others.filter((one) => covers(asks, one.asks) && !covers(one.asks, asks)).map((one) => one.priority);
  const [low, high] = [Math.max(BESIDE, ...narrower), Math.min(50_001, ...wider)];
  const isFree = (number: number) =>
    number > low && number < high && Array.from({ length: 2 * BESIDE + 1 }, (_, i) => number + BESIDE - i).every((one) => !taken.has(one));
  for (let away = 0; away < 50_000; away++) {
    const free = [priority + away, priority - away].find(isFree);
    if (free !== undefined) return free;
  }
  return undefined;
}
