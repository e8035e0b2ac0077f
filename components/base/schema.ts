// What arguments may be. Each argument has one schema of its plain values: its limits, its unit, its default, and the rules that it has in common with
// others. Constructors check by it, the settings of a stack file are put together from it, and the JSON schema, the settings page and the tests of all limits
// are made from it.
import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { listed, nearest } from "../../facts/errors";
import { outOfRange, rangeText, type WholeNumbers } from "../../facts/limits";

/** What a schema says of its values, for whoever describes or tests them. */
export type Facts =
  | { kind: "number"; low: number; high: number; unit: string; step?: number }
  | { kind: "choice"; values: readonly (string | number | boolean)[]; unit: string }
  | { kind: "flag" }
  | { kind: "text"; example?: string; pattern?: RegExp }
  /** Text that may look like a number or a boolean: the value of an environment variable. */
  | { kind: "scalar"; example?: string }
  /** A number or a text with a unit: the CPU and memory of a task. */
  | { kind: "size"; example: string }
  | { kind: "list"; item: Described }
  | { kind: "map"; item: Described }
  | { kind: "group"; entries: Arguments }
  /** One of several kinds: `false` or a number, a word or a group. */
  | { kind: "either"; choices: readonly Described[] }
  | Other;
/** No plain value: a component, a transform. Only a program can give it. */
export interface Other {
  kind: "other";
}

/** Any schema of an argument. */
export interface Described extends v.GenericSchema<unknown, unknown> {
  readonly facts: Facts;
}
export type Arguments = Record<string, Described>;

/** An argument that must be given: constructors work with `T`, programs give `G`. */
export interface Argument<T, G = T> extends v.GenericSchema<unknown, T> {
  readonly facts: Facts;
  readonly optional?: false;
  /** Only a type: what the argument's interface says. */
  readonly given?: (value: G) => G;
}

/** An argument that may be left out, and what then holds; a default that depends on other arguments is a function of them. */
export interface OptionalArgument<T, G = T, D = unknown, F extends Facts = Facts> extends v.GenericSchema<unknown, T | undefined> {
  readonly facts: F;
  readonly optional: true;
  readonly wrapped: Argument<T, G>;
  /** The default, as a user would write it. */
  readonly byDefault: D;
  readonly given?: (value: G) => G;
}

/**
 * The schemas of all arguments of an interface. `{...} satisfies ArgumentsOf<ClusterArgs>` fails to compile where one is missing, is not in the interface, may
 * be left out there and not here, or takes other values than the interface says.
 */
export type ArgumentsOf<A> = {
  [K in keyof A]-?: undefined extends A[K] ? OptionalArgument<unknown, Exclude<A[K], undefined>> : Argument<unknown, A[K]>;
};

type Value<S> = S extends v.GenericSchema<unknown, infer T> ? Exclude<T, undefined> : never;
type Given<S> = S extends { given?: (value: infer G) => unknown } ? G : never;
type LeftOut<E> = { [K in keyof E]: E[K] extends { optional: true; byDefault: undefined } ? K : never }[keyof E];
type OtherKeys<E> = { [K in keyof E]: E[K] extends { facts: Other } ? K : never }[keyof E];
type MayBeLeftOut<E> = { [K in keyof E]: E[K] extends { optional: true } ? K : never }[keyof E];

/** The arguments as constructors work with them: checked, read, with their defaults. */
export type Values<E> = { [K in Exclude<keyof E, LeftOut<E>>]: Value<E[K]> } & { [K in LeftOut<E>]?: Value<E[K]> };
/** The arguments as they are given. */
export type Givens<E> = { [K in Exclude<keyof E, MayBeLeftOut<E>>]: Given<E[K]> } & { [K in MayBeLeftOut<E>]?: Given<E[K]> };

/** A group of arguments. */
export interface Group<E extends Arguments> extends Argument<Values<E>, Givens<E>> {
  readonly entries: E;
}

/** A complaint about what stands deeper than a rule can name. */
export interface Deeper {
  at: string;
  text: string;
}

/** A rule about several arguments of one group. It is asked once those it is about are right, whatever else is wrong. */
export interface Rule<E> {
  /** The arguments that it is about; `scaling.min` is one within a group. */
  readonly about: readonly (keyof E | `${keyof E & string}.${string}`)[];
  /** The one that a complaint is about. */
  readonly at: keyof E | `${keyof E & string}.${string}`;
  /** What is wrong, if anything is, and where it is not `at` but deeper. `given` is without defaults. */
  complain(values: Values<E>, given: Givens<E>): string | Deeper[] | undefined;
}

/** One thing that is wrong, and with which argument. */
export interface Complaint {
  path: string[];
  text: string;
}

/** What a leaf answers: the value, or what is wrong, what is allowed, and what to do. */
type Answer<T> = { value: T } | { wrong: string; allowed?: string; hint?: string };
/** A schema without others in it. */
export interface Leaf<T, G = T> extends Argument<T, G> {
  readonly read: (given: unknown) => Answer<T>;
}

const MISSING = "it is missing, and there is no default for it";

function sentence({ wrong, allowed, hint }: { wrong: string; allowed?: string; hint?: string }): string {
  const text = [wrong, ...(allowed ? [`allowed: ${allowed}`] : []), ...(hint ? [hint] : [])].join("; ");
  return /[.?]$/.test(text) ? text : `${text}.`;
}

function leaf<T, G = T>(facts: Facts, read: Leaf<T, G>["read"]): Leaf<T, G> {
  const schema = v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const answer: Answer<T> = dataset.value === undefined ? { wrong: MISSING } : read(dataset.value);
      if ("value" in answer) return answer.value;
      addIssue({ message: sentence(answer) });
      return NEVER;
    }),
  );
  return Object.assign(schema, { facts, read }) as Leaf<T, G>;
}

/** Whether a value is one that Pulumi may know only later. */
const isInput = (given: unknown) => pulumi.Output.isInstance(given) || given instanceof Promise;
const isRecord = (given: unknown): given is Record<string, unknown> =>
  typeof given === "object" && given !== null && !Array.isArray(given) && !isInput(given);

/** A value as a person would write it. */
function show(given: unknown): string {
  if (isInput(given)) return "an Output";
  if (typeof given === "object" && given !== null) return Array.isArray(given) ? "a list" : "an object";
  return typeof given === "number" ? String(given) : (JSON.stringify(given) ?? typeof given);
}

/** A number as it is, or as text: configuration from the command line is text. */
function numberOf(given: unknown): number | undefined {
  const n = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  return typeof n === "number" && !Number.isNaN(n) ? n : undefined;
}

const closest = (n: number, numbers: readonly number[]) => numbers.reduce((a, b) => (Math.abs(b - n) < Math.abs(a - n) ? b : a));

/** A number in a range, in steps where there are any. */
export function number(low: number, high: number, unit = "", step?: number): Leaf<number> {
  return leaf<number>({ kind: "number", low, high, unit, ...(step && { step }) }, (given) => {
    const n = numberOf(given);
    if (n === undefined) return { wrong: `${show(given)} is not a number`, allowed: rangeText(low, high, unit, step) };
    return outOfRange(n, low, high, unit, step) ?? { value: n };
  });
}

/** The whole numbers that AWS takes. */
export const within = ({ low, high, unit }: WholeNumbers) => integer(low, high, unit);

/** A whole number in a range. */
export const integer = (low: number, high: number, unit = "") => number(low, high, unit, 1);

/** One of some words. */
export const oneOf = <const T extends string>(...values: T[]) =>
  leaf<T>({ kind: "choice", values, unit: "" }, (given) => {
    const value = values.find((word) => word === given);
    if (value !== undefined) return { value };
    const near = typeof given === "string" ? nearest(given, values) : undefined;
    return { wrong: `${show(given)} is not a valid value`, allowed: listed(values), ...(near && { hint: `did you mean "${near}"?` }) };
  });

/** One of some numbers. */
export const oneOfNumbers = (values: readonly number[], unit: string) =>
  leaf<number>({ kind: "choice", values, unit }, (given) => {
    const allowed = `${values.join(", ")} ${unit}`;
    const n = numberOf(given);
    if (n === undefined) return { wrong: `${show(given)} is not a number`, allowed };
    return values.includes(n)
      ? { value: n }
      : { wrong: `${n} is not a valid value`, allowed, hint: `the nearest is ${closest(n, values)}` };
  });

/** true or false. */
export const flag = () =>
  leaf<boolean>({ kind: "flag" }, (given) => {
    if (given === true || given === "true") return { value: true };
    if (given === false || given === "false") return { value: false };
    return { wrong: `${show(given)} is neither true nor false` };
  });

/** A string, and what may be wrong with it. */
export const text = <const T extends string = string>(
  complain: (given: string) => string | undefined = () => undefined,
  example?: string,
  pattern?: RegExp,
) =>
  leaf<T>({ kind: "text", ...(example !== undefined && { example }), ...(pattern && { pattern }) }, (given) => {
    if (typeof given !== "string" || given === "")
      return { wrong: `${show(given)} is not a string`, ...(example !== undefined && { hint: `write one like "${example}"` }) };
    const wrong = complain(given);
    return wrong === undefined ? { value: given as T } : { wrong };
  });

/** A string of a form. */
export const pattern = <const T extends string = string>(regex: RegExp, what: string, example: string) =>
  text<T>(
    (given) => (regex.test(given) ? undefined : `${JSON.stringify(given)} is not ${what}; write one like "${example}"`),
    example,
    regex,
  );

/** A string that may look like a number or a boolean in a stack file: the value of an environment variable or a tag. */
export const scalar = (complain: (given: string) => string | undefined = () => undefined) =>
  leaf<string>({ kind: "scalar" }, (given) => {
    if (!["string", "number", "boolean"].includes(typeof given)) return { wrong: `${show(given)} is not a string, a number or a boolean` };
    const wrong = complain(String(given));
    return wrong === undefined ? { value: String(given) } : { wrong };
  });

/** A number, or a text with a unit. */
export const size = (read: (given: string | number) => number | undefined, what: string, example: string) =>
  leaf<number, string | number>({ kind: "size", example }, (given) => {
    const value = typeof given === "string" || typeof given === "number" ? read(given) : undefined;
    return value === undefined ? { wrong: `${show(given)} is not ${what}`, hint: `write ${example}` } : { value };
  });

/** What is no plain value: a component, a transform. */
export const other = <T>(complain: (given: T) => string | undefined = () => undefined) =>
  leaf<T>({ kind: "other" }, (given) => {
    const wrong = complain(given as T);
    return wrong === undefined ? { value: given as T } : { wrong };
  }) as Argument<T> & { readonly facts: Other };

/** An argument that may be left out, and its default as a user would write it. */
export function optional<T, G, F extends Facts>(argument: Argument<T, G> & { readonly facts: F }): OptionalArgument<T, G, undefined, F>;
export function optional<T, G, F extends Facts, const D extends G | ((values: never) => G)>(
  argument: Argument<T, G> & { readonly facts: F },
  fallback: D,
): OptionalArgument<T, G, D, F>;
export function optional(argument: Described, fallback?: unknown): Described {
  const otherwise = fallback === undefined || typeof fallback === "function" ? fallback : v.parse(argument, fallback);
  return Object.assign(v.optional(argument), { facts: argument.facts, optional: true, byDefault: fallback, otherwise });
}

/** An argument whose value may be known only later; then it is checked by whoever reads it. */
export const input = <T, G>(argument: Argument<T, G>) =>
  described<pulumi.Input<T>, pulumi.Input<G>>(
    v.lazy((given) => (isInput(given) ? v.unknown() : argument)),
    argument.facts,
  );

/** A list. A text in its place (`pulumi config set` makes one) is shown as the list that was meant. */
export const list = <T, G>(item: Argument<T, G>, atLeast = 0, complain: (given: T[]) => string | undefined = () => undefined) =>
  described<T[], G[]>(
    v.pipe(
      v.array(item, ({ input: given }) => {
        const words = typeof given === "string" ? given.split(/[\s,[\]]+/).filter((word) => word !== "") : [];
        return `${given === undefined ? MISSING : `${show(given)} is not a list`}${words.length > 0 ? `; write it as [${words.join(", ")}]` : ""}.`;
      }),
      v.check((given) => given.length >= atLeast, "the list is empty; name at least one."),
      v.rawCheck(({ dataset, addIssue }) => {
        const message = dataset.issues ? undefined : complain(dataset.value as T[]);
        if (message !== undefined) addIssue({ message });
      }),
    ),
    { kind: "list", item },
  );

/** An object with keys of the user's choosing. */
export const map = <T, G>(
  item: Argument<T, G>,
  complain: {
    /** What is wrong with a key. */
    name?: (key: string) => string | undefined;
    /** What is wrong with an entry; asked where all values are right by themselves. */
    entry?: (key: string, value: T) => string | undefined;
    /** What is wrong with all entries together. */
    whole?: (entries: Record<string, T>) => string | undefined;
  } = {},
) =>
  described<Record<string, T>, Record<string, G>>(
    v.pipe(
      record,
      v.rawTransform(({ dataset, addIssue }): Record<string, T> => {
        const given = dataset.value as Record<string, unknown>;
        const read = Object.entries(given).map(([key, value]): [string, T] => {
          const wrong = complain.name?.(key);
          if (wrong) addIssue({ message: wrong });
          const result = v.safeParse(item, value);
          for (const issue of result.issues ?? []) addIssue({ message: issue.message, path: place(given, [key, ...pathOf(issue)]) });
          return [key, result.output as T];
        });
        const entries = Object.fromEntries(read);
        if (dataset.issues) return entries;
        for (const [key, value] of read) {
          const wrong = complain.entry?.(key, value);
          if (wrong) addIssue({ message: wrong, path: place(given, [key]) });
        }
        const wrong = complain.whole?.(entries);
        if (wrong) addIssue({ message: wrong });
        return entries;
      }),
    ),
    { kind: "map", item },
  );

/** What a list and an Output are not. */
const record = v.pipe(
  v.unknown(),
  v.check(isRecord, ({ input: given }) => (given === undefined ? `${MISSING}.` : `${show(given)} is not an object with keys.`)),
);

/** One value, or a list of them. */
export const oneOrMore = <T, G>(item: Argument<T, G>, complain?: (given: T[]) => string | undefined) => {
  const several = list(item, 0, complain);
  return described<T | T[], G | G[]>(
    v.lazy((given) => (Array.isArray(given) ? several : item)),
    { kind: "either", choices: [item, several] },
  );
};

/** `false`, or what `argument` takes. */
export function offOr<T, G>(argument: Argument<T, G> | Leaf<T, G>): Argument<T | false, G | false> {
  const facts: Facts = { kind: "either", choices: [OFF, argument] };
  if (!("read" in argument))
    return described(
      v.lazy((given) => (OFF.is(given) ? OFF : argument)),
      facts,
    );
  return leaf<T | false, G | false>(facts, (given) => {
    if (OFF.is(given)) return { value: false };
    const answer = argument.read(given);
    return "value" in answer ? answer : { ...answer, allowed: `${answer.allowed ?? "a value"}, or false` };
  });
}
const OFF = Object.assign(
  leaf<false>({ kind: "choice", values: [false], unit: "" }, () => ({ value: false })),
  { is: (given: unknown) => given === false || given === "false" },
);

/** A group of arguments, `true` for its defaults, or `false` for none of it. */
export function flagOr<E extends Arguments>(whole: Group<E>) {
  const word = flag();
  const alone = v.pipe(
    word,
    v.transform((on) => on && {}),
  );
  return described<Values<E> | false, Givens<E> | boolean>(
    v.lazy((given) => (typeof given === "object" ? whole : alone)),
    { kind: "either", choices: [word, whole] },
  );
}

/** `true`, `false`, or a text. */
export function flagOrText(complain: (given: string) => string | undefined) {
  const [word, words] = [flag(), text(complain)];
  return described<boolean | string, boolean | string>(
    v.lazy((given) => (["true", "false"].includes(String(given)) ? word : words)),
    { kind: "either", choices: [word, words] },
  );
}

/** A group of arguments, or the value of one of them alone, a word or a list: `rollout: canary` is `rollout: { strategy: canary }`. */
export function groupOr<E extends Arguments, const K extends keyof E & string>(key: K, whole: Group<E>) {
  const word = whole.entries[key]!;
  const { facts } = word;
  const kinds = facts.kind === "either" ? facts.choices.map((choice) => choice.facts.kind) : [facts.kind];
  const isWord = (given: unknown) =>
    typeof given === "string" ||
    (kinds.includes("number") && typeof given === "number") ||
    (kinds.includes("list") && Array.isArray(given));
  const alone = v.pipe(
    word,
    v.transform((value) => ({ [key]: value })),
  );
  return described<Values<E>, Givens<E> | Given<E[K]>>(
    v.lazy((given) => (isWord(given) ? alone : whole)),
    { kind: "either", choices: [word, whole] },
  );
}

/** A text, which may be known only later, or one of several groups: that which has a key of what is given. */
export function inputOr<T, G, const Groups extends readonly (Described & { entries: Arguments })[]>(
  word: Argument<T, G>,
  ...groups: Groups
) {
  const meant = (given: unknown) =>
    groups.find(({ entries }) => isRecord(given) && Object.keys(given).some((key) => Object.hasOwn(entries, key)));
  return described<pulumi.Input<T> | Value<Groups[number]>, pulumi.Input<G> | Given<Groups[number]>>(
    v.lazy((given) => (isInput(given) ? v.unknown() : typeof given === "string" ? word : (meant(given) ?? groups[0]!))),
    { kind: "either", choices: [word, ...groups] },
  );
}

/** A component that the program has made, the id of what is there already, or what is to be said of a new one. */
export function madeOrExisting<C extends pulumi.Resource, E extends Arguments>(
  type: new (...args: never[]) => C,
  id: Argument<string>,
  whole: Group<E>,
) {
  return described<C | pulumi.Input<string> | Values<E>, C | pulumi.Input<string> | Givens<E>>(
    v.lazy((given) => (given instanceof type || isInput(given) ? v.unknown() : typeof given === "string" ? id : whole)),
    { kind: "either", choices: [id, whole] },
  );
}

/** Known keys, each with its own schema, and the rules about several of them. */
export function group<const E extends Arguments>(entries: E, ...rules: readonly NoInfer<Rule<E>>[]): Group<E> {
  const known = Object.keys(entries);
  const schema = v.pipe(
    record,
    v.strictObject(entries, (issue) => {
      const key = String(issue.path?.at(-1)?.key);
      return issue.expected === "never" ? unknownKey(key, known) : `${MISSING}.`;
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      const given = dataset.value as Record<string, unknown>;
      if (rules.length === 0 || !isRecord(given)) return;
      const wrong = dataset.issues?.map((issue) => pathOf(issue).join(".")) ?? [];
      const values = fillGroup(entries, given) as Values<E>;
      for (const rule of rules) {
        if (rule.about.some((key) => wrong.some((path) => isWithin(String(key), path) || isWithin(path, String(key))))) continue;
        const complaint = rule.complain(values, given as Givens<E>) ?? [];
        const all = typeof complaint === "string" ? [{ at: String(rule.at), text: complaint }] : complaint;
        for (const { at, text: message } of all) addIssue({ message, path: place(given, at.split(".")) });
      }
    }),
  );
  return Object.assign(described(schema, { kind: "group", entries }), { entries }) as unknown as Group<E>;
}

const isWithin = (path: string, outer: string) => path === outer || path.startsWith(`${outer}.`);

function unknownKey(key: string, known: string[]): string {
  // `pulumi config set network.nat single` makes one key with a dot in its name.
  const [first = "", ...rest] = key.split(".");
  if (rest.length > 0 && known.includes(first))
    return `a key with a dot is one word to Pulumi; take it away (pulumi config rm ${key}) and set it with --path: pulumi config set --path ${key} VALUE.`;
  const near = nearest(key, known);
  return `there is no such key${near ? `; did you mean "${near}"?` : "."} Known here: ${known.join(", ")}.`;
}

/** The path of an issue within a value. */
function place(value: Record<string, unknown>, keys: string[]): [v.ObjectPathItem, ...v.ObjectPathItem[]] {
  let within_: unknown = value;
  const items = keys.map((key): v.ObjectPathItem => {
    const whole = isRecord(within_) ? within_ : {};
    within_ = whole[key];
    return { type: "object", origin: "value", input: whole, key, value: within_ };
  });
  return items as [v.ObjectPathItem, ...v.ObjectPathItem[]];
}

const pathOf = (issue: v.BaseIssue<unknown>) => (issue.path ?? []).map(({ key }) => String(key));

function described<T, G>(schema: v.GenericSchema<never, unknown> | v.GenericSchema, facts: Facts): Argument<T, G> {
  return Object.assign(schema, { facts }) as unknown as Argument<T, G>;
}

/** The same rules, asked only where something else holds. */
export const where = <E, F>(
  about: Rule<F>["about"],
  holds: (values: Values<F>, given: Givens<F>) => boolean,
  rules: readonly Rule<E>[],
): Rule<E & F>[] =>
  rules.map((rule) => ({
    about: [...rule.about, ...about] as Rule<E & F>["about"],
    at: rule.at as Rule<E & F>["at"],
    complain: (values, given) =>
      holds(values as unknown as Values<F>, given as unknown as Givens<F>)
        ? rule.complain(values as unknown as Values<E>, given as unknown as Givens<E>)
        : undefined,
  }));

/** What a rule says of one of several groups, told of its place. */
export function complaintOf<E>(rule: Rule<E>, place: string, values: Values<E>, given: Givens<E>): Deeper[] {
  const text = rule.complain(values, given);
  return typeof text === "string" ? [{ at: `${place}.${String(rule.at)}`, text }] : [];
}

/** Of values, those that these arguments have. */
export const pick = <V extends object, E extends Arguments>(values: V, entries: E) =>
  Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(entries, key))) as Pick<V, keyof V & keyof E>;

/** The arguments without those named. */
export const omit = <E extends Arguments, const K extends keyof E>(entries: E, ...keys: K[]) =>
  Object.fromEntries(Object.entries(entries).filter(([key]) => !keys.includes(key as unknown as K))) as {
    [P in Exclude<keyof E, K>]: E[P];
  };

/** The arguments that have plain values, which a stack file can hold; without those named. */
export function plain<E extends Arguments, const K extends string = never>(
  entries: E,
  without: readonly K[] = [],
): { [P in Exclude<keyof E, K | OtherKeys<E>>]: E[P] } {
  const kept = Object.entries(entries).filter(([key, { facts }]) => facts.kind !== "other" && !without.includes(key as K));
  return Object.fromEntries(kept) as { [P in Exclude<keyof E, K | OtherKeys<E>>]: E[P] };
}

/** Checks arguments: what is wrong with them, or the arguments as read, without defaults. */
export function parse<E extends Arguments>(schema: Group<E>, given: unknown): { given?: Givens<E>; complaints: Complaint[] } {
  const result = v.safeParse(schema, given);
  if (result.success) return { given: result.output as unknown as Givens<E>, complaints: [] };
  return { complaints: result.issues.map((issue) => ({ path: pathOf(issue), text: issue.message })) };
}

/** Arguments that are checked and read, with their defaults. */
export const withDefaults = <E extends Arguments>({ entries }: { entries: E }, given: Givens<E>) => fillGroup(entries, given) as Values<E>;

function fillGroup(entries: Arguments, given: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const derived: [key: string, fallback: (values: Record<string, unknown>) => unknown][] = [];
  for (const key in entries) {
    const entry = entries[key]! as Described & { otherwise?: unknown };
    const value = given[key] ?? entry.otherwise;
    if (typeof value === "function" && value === entry.otherwise) derived.push([key, value as () => unknown]);
    else if (value !== undefined) values[key] = fill(entry.facts, value);
  }
  for (const [key, fallback] of derived) values[key] = fill(entries[key]!.facts, fallback(values));
  return values;
}

/** A value with the defaults of the groups in it. */
function fill(facts: Facts, value: unknown): unknown {
  if (facts.kind === "group") return isRecord(value) ? fillGroup(facts.entries, value) : value;
  if (facts.kind === "either") {
    // Of several groups, those that know all keys.
    const meant = (choice: Facts) =>
      choice.kind !== "group" || (isRecord(value) && Object.keys(value).every((key) => Object.hasOwn(choice.entries, key)));
    return facts.choices.filter((choice) => meant(choice.facts)).reduce((filled, choice) => fill(choice.facts, filled), value);
  }
  if (facts.kind === "list" && Array.isArray(value)) return value.map((item) => fill(facts.item.facts, item));
  if (facts.kind === "map" && isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(facts.item.facts, item)]));
  return value;
}
