// The kinds of values that settings have. Each either reads a value or says, in one sentence, what is wrong with it and what is allowed.
import * as v from "valibot";
import { nearest, rangeComplaint } from "../facts/errors";

/** What a check answers: the value, or a complaint. */
type Checked<T> = { value: T } | { complaint: string };

/** A setting whose value is read by `read`. */
function setting<T>(read: (given: unknown) => Checked<T>) {
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const checked = read(dataset.value);
      if ("value" in checked) return checked.value;
      addIssue({ message: checked.complaint });
      return NEVER;
    }),
  );
}

/** A value as a person would write it. */
const show = (given: unknown) =>
  typeof given === "object" && given !== null ? (Array.isArray(given) ? "a list" : "an object") : JSON.stringify(given);

/** A whole number in a range; "8000" is taken for 8000, as configuration from the command line is text. */
export const integer = (low: number, high: number, unit = "") =>
  setting<number>((given) => {
    const n = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
    if (typeof n !== "number" || Number.isNaN(n))
      return { complaint: `${show(given)} is not a number; allowed are whole numbers from ${low} to ${high}${unit}.` };
    const complaint = rangeComplaint(n, low, high, unit);
    return complaint === undefined ? { value: n } : { complaint };
  });

/** Any number; its range is for others to check. */
export const number = () =>
  setting<number>((given) => {
    const n = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
    return typeof n === "number" && !Number.isNaN(n) ? { value: n } : { complaint: `${show(given)} is not a number.` };
  });

/** true or false. */
export const flag = () =>
  setting<boolean>((given) => {
    if (given === true || given === "true") return { value: true };
    if (given === false || given === "false") return { value: false };
    return { complaint: `${show(given)} is neither true nor false.` };
  });

/** One of some words. */
export const oneOf = <const T extends string>(...words: T[]) =>
  setting<T>((given) => {
    const word = words.find((w) => w === given);
    if (word !== undefined) return { value: word };
    const near = typeof given === "string" ? nearest(given, words) : undefined;
    return { complaint: `${show(given)} is not one of them; allowed are ${words.join(", ")}${near ? `; the nearest is "${near}"` : ""}.` };
  });

/** One of some numbers: days of retention. */
export const oneOfNumbers = (numbers: readonly number[], unit: string) =>
  setting<number>((given) => {
    const n = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
    if (typeof n !== "number" || Number.isNaN(n))
      return { complaint: `${show(given)} is not a number of ${unit}; allowed are ${numbers.join(", ")}.` };
    if (numbers.includes(n)) return { value: n };
    const near = numbers.reduce((a, b) => (Math.abs(b - n) < Math.abs(a - n) ? b : a));
    return { complaint: `${n} is not possible; allowed are ${numbers.join(", ")} ${unit}; the nearest is ${near}.` };
  });

/** false, or what `inner` takes. */
export const offOr = <T>(inner: v.GenericSchema<unknown, T>) =>
  setting<T | false>((given) => {
    if (given === false || given === "false") return { value: false };
    const result = v.safeParse(inner, given);
    return result.success ? { value: result.output } : { complaint: `${result.issues[0].message.replace(/\.$/, "")}, or false for none.` };
  });

/** A text, and what may be wrong with it. */
export const text = (complain: (given: string) => string | undefined = () => undefined, example?: string) =>
  setting<string>((given) => {
    if (typeof given !== "string" || given === "")
      return { complaint: `${show(given)} is not a text${example ? `; write "${example}"` : ""}.` };
    const complaint = complain(given);
    return complaint === undefined ? { value: given } : { complaint };
  });

/** A number or a text, as CPU and memory sizes are. */
export const size = (read: (given: string | number) => number | undefined, example: string) =>
  setting<number>((given) => {
    const units = typeof given === "string" || typeof given === "number" ? read(given) : undefined;
    return units === undefined ? { complaint: `${show(given)} is not a size; write ${example}.` } : { value: units };
  });

/** A text in which numbers and booleans are taken for what they look like: values of environment variables and tags. */
export const scalar = (complain: (given: string) => string | undefined = () => undefined) =>
  setting<string>((given) => {
    if (!["string", "number", "boolean"].includes(typeof given))
      return { complaint: `${show(given)} is not a text, a number or a boolean.` };
    const complaint = complain(String(given));
    return complaint === undefined ? { value: String(given) } : { complaint };
  });

/** A list of `item`. A text in its place (`pulumi config set` makes one) is shown as the list that was meant. */
export const list = <T extends v.GenericSchema<unknown, unknown>>(item: T) =>
  v.array(item, ({ input }) => {
    const words = typeof input === "string" ? input.split(/[\s,[\]]+/).filter((word) => word !== "") : [];
    return `${show(input)} is not a list${words.length > 0 ? `; write it as [${words.join(", ")}]` : ""}.`;
  });

/** What valibot would take for an object without keys: a list. */
const noList = v.pipe(
  v.unknown(),
  v.check(
    (given) => !Array.isArray(given),
    ({ input }) => `${show(input)} is not an object with keys.`,
  ),
);

/** An object with some known keys. */
export const group = <E extends v.ObjectEntries>(entries: E) =>
  v.pipe(
    noList,
    v.strictObject(entries, (issue) => {
      const key = issue.path?.at(-1)?.key;
      if (issue.expected === JSON.stringify(key)) return "it is missing, and there is no default for it.";
      if (issue.expected !== "never") return `${show(issue.input)} is not an object with keys.`;
      const known = Object.keys(entries);
      // `pulumi config set network.nat single` makes one key with a dot in its name.
      const [first, ...rest] = String(key).split(".");
      if (rest.length > 0 && known.includes(first!))
        return `a key with a dot is one word to Pulumi; take it away (pulumi config rm ${String(key)}) and set it with --path: pulumi config set --path ${String(key)} VALUE.`;
      const near = nearest(String(key), known);
      return `there is no such setting${near ? `; did you mean "${near}"?` : "."} Known here are ${known.join(", ")}.`;
    }),
  );

/** An object with keys of the user's choosing. */
export const map = <T extends v.GenericSchema<unknown, unknown>>(
  item: T,
  complain: (key: string) => string | undefined = () => undefined,
) =>
  v.pipe(
    noList,
    v.record(v.string(), item, ({ input }) => `${show(input)} is not an object with keys.`),
    v.rawCheck(({ dataset, addIssue }) => {
      for (const key of Object.keys(dataset.typed ? (dataset.value as object) : {})) {
        const complaint = complain(key);
        if (complaint) addIssue({ message: complaint });
      }
    }),
  );

/**
 * A rule about several keys of one group (`service.cpu` is a key of a group in it), reported at `key`. It is asked as soon as those keys are right, whatever
 * else is wrong. (Valibot's own types for this compute the paths of every group; the compiler needs minutes for them, hence the plain ones.)
 */
export function together<I extends Record<string, unknown>>(keys: string[], key: string, complain: (given: I) => string | undefined) {
  const partialCheck = v.partialCheck as unknown as (
    paths: string[][],
    holds: (given: I) => boolean,
    message: (issue: { input: I }) => string,
  ) => v.BaseValidation<I, I, v.BaseIssue<unknown>>;
  const forward = v.forward as unknown as <A>(action: A, path: string[]) => A;
  const check = partialCheck(
    keys.map((k) => k.split(".")),
    (given) => complain(given) === undefined,
    ({ input }) => complain(input)!,
  );
  return forward(check, key.split("."));
}
