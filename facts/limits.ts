// The kinds of limits: a range, words, a form, a length, a size. Each says what it takes, and what is wrong with what it does not. No Pulumi here.
import { listed, wordComplaint } from "./errors";

/** What a service of AWS takes for one property. */
export interface Limit {
  /** What is allowed, in words. */
  readonly allowed: string;
  /** True for an ARN in the region of the resource that names it. */
  readonly regional?: boolean;
  /** What is wrong with a value; undefined if nothing is. */
  complaint(value: unknown): string | undefined;
}

/** Numbers from `low` to `high`. */
export interface WholeNumbers extends Limit {
  readonly low: number;
  readonly high: number;
  readonly unit: string;
}

/** What is wrong with a number, what is allowed and what is nearest; undefined if nothing is wrong. A step of 1 makes it whole. */
export function outOfRange(n: number, low: number, high: number, unit: string, step?: number) {
  const steps = n / (step ?? 1);
  const fits = step === undefined || (step === 1 ? Number.isInteger(n) : Math.abs(steps - Math.round(steps)) < 1e-9);
  if (fits && n >= low && n <= high) return undefined;
  const rounded = step === undefined ? n : Number((Math.round(steps) * step).toFixed(6));
  const wrong = step === 1 && !fits ? "is not a whole number" : fits ? "is out of range" : `is not a multiple of ${step}`;
  const nearest = Math.min(high, Math.max(low, rounded));
  return { wrong: `${n} ${wrong}`, allowed: rangeText(low, high, unit, step), hint: `the nearest is ${nearest}` };
}

/** `5 to 300 seconds` */
export const rangeText = (low: number, high: number, unit: string, step?: number) =>
  `${high === Infinity ? `${low} or more` : `${low} to ${high}`}${unit && ` ${unit}`}${step === undefined || step === 1 ? "" : ` in steps of ${step}`}`;

/** Whole numbers; a text that is a number is one, as AWS's providers take it. */
export const range = (low: number, high: number, unit = "", step = 1): WholeNumbers => ({
  low,
  high,
  unit,
  allowed: rangeText(low, high, unit, step),
  complaint: (value) => {
    const n = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof n !== "number" || Number.isNaN(n)) return `${show(value)} is not a number.`;
    const wrong = outOfRange(n, low, high, unit, step);
    return wrong && `${wrong.wrong}; allowed: ${wrong.allowed}; ${wrong.hint}.`;
  },
});

/** One of some words or numbers. */
export const words = (...values: readonly (string | number)[]): Limit => ({
  allowed: listed(values),
  complaint: (value) => (values.some((one) => String(one) === String(value)) ? undefined : wordComplaint(value, values.map(String))),
});

/** Text that a function of facts/ has something to say about. */
export const checked = (allowed: string, complaint: (text: string) => string | undefined): Limit => ({
  allowed,
  complaint: (value) => (typeof value === "string" ? complaint(value) : `${show(value)} is not a string.`),
});

/** Text of a form. */
export const form = (pattern: RegExp, allowed: string): Limit =>
  checked(allowed, (text) => (pattern.test(text) ? undefined : `${show(text)} is not possible; allowed: ${allowed}.`));

/** Text with so many characters. */
export const length = (low: number, high: number): Limit =>
  checked(`${low} to ${high} characters`, (text) =>
    text.length >= low && text.length <= high ? undefined : `it has ${text.length} characters; allowed: ${low} to ${high}.`,
  );

/** A list, or an object, with so many entries. */
export const items = (low: number, high: number): Limit => ({
  allowed: `${low} to ${high} entries`,
  complaint: (value) => {
    const size = Array.isArray(value) ? value.length : Object.keys(value ?? {}).length;
    return size >= low && size <= high ? undefined : `it has ${size} entries; allowed: ${low} to ${high}.`;
  },
});

/** Each of several limits. */
export const every = (...limits: readonly Limit[]): Limit => ({
  allowed: limits.map(({ allowed }) => allowed).join("; "),
  complaint: (value) => {
    for (const limit of limits) {
      const wrong = limit.complaint(value);
      if (wrong) return wrong;
    }
    return undefined;
  },
});

/** Any of several limits; the last speaks for all. */
export const either = (...limits: readonly [Limit, ...Limit[]]): Limit => ({
  allowed: limits.map(({ allowed }) => allowed).join(", or "),
  complaint: (value) =>
    limits.some((limit) => limit.complaint(value) === undefined)
      ? undefined
      : `${show(value)} is not possible; allowed: ${limits.map(({ allowed }) => allowed).join(", or ")}.`,
});

const MOST_SHOWN = 60;
const show = (value: unknown) => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
};
