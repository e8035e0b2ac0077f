// Values as Copilot's manifests write them: durations, ranges, commands, schedules. Pure.
import { secondsIn, shellWords } from "../values";

/** A scalar as text; undefined for a map, a list or nothing. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;

/** Seconds of a duration as Go writes it: `1h30m`, `250ms`, `0s`. */
export function secondsOf(text: unknown): number | undefined {
  if (text === 0 || text === "0") return 0;
  return typeof text === "string" ? secondsIn(text, ["ns", "us", "µs", "ms", "s", "m", "h"]) : undefined;
}

/** True or false, also as YAML 1.1 writes it. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  if (/^(yes|on|true)$/i.test(value)) return true;
  return /^(no|off|false)$/i.test(value) ? false : undefined;
}

/** `1-10` */
export function rangeOf(value: unknown): { min: number; max: number } | undefined {
  const [, min, max] = (typeof value === "string" && /^(\d+)-(\d+)$/.exec(value)) || [];
  return min === undefined ? undefined : { min: Number(min), max: Number(max) };
}

/** A command as one text or as its words. */
export function wordsOf(value: unknown): string[] | undefined {
  if (Array.isArray(value))
    return value.every((word) => typeof word === "string" || typeof word === "number") ? value.map(String) : undefined;
  return typeof value === "string" ? shellWords(value) : undefined;
}

const PRESETS: Record<string, string> = {
  "@hourly": "0 * * * ? *",
  "@daily": "0 0 * * ? *",
  "@midnight": "0 0 * * ? *",
  "@weekly": "0 0 ? * 1 *",
  "@monthly": "0 0 1 * ? *",
  "@yearly": "0 0 1 1 ? *",
  "@annually": "0 0 1 1 ? *",
};

/** A schedule as AWS takes it: what Copilot makes of `@daily`, `@every 1h`, and of cron with five fields. */
export function scheduleOf(given: string): string | undefined {
  const text = given.trim();
  if (/^(rate|cron)\(.*\)$/.test(text)) return text;
  if (Object.hasOwn(PRESETS, text)) return `cron(${PRESETS[text]})`;
  if (text.startsWith("@every ")) {
    const minutes = (secondsOf(text.slice("@every ".length).trim()) ?? 0) / 60;
    return Number.isInteger(minutes) && minutes > 0 ? `rate(${minutes} ${minutes === 1 ? "minute" : "minutes"})` : undefined;
  }
  const fields = text.split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  const isAny = (field: string) => field === "*" || field === "?";
  // AWS takes one of the two days, and counts Sunday as 1.
  if (!isAny(day) && !isAny(weekday)) return undefined;
  const weekdays = weekday.replace(/\d/g, (digit) => String(Number(digit) + 1));
  return `cron(${minute} ${hour} ${isAny(weekday) ? (isAny(day) ? "*" : day) : "?"} ${month} ${isAny(weekday) ? "?" : weekdays} *)`;
}

/** `MyTableName` as Copilot calls the variable: `MY_TABLE_NAME`. */
export const variableOf = (output: string): string =>
  output
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toUpperCase();
