// When a scheduled task runs: EventBridge Scheduler's cron, rate and at expressions, checked and read as times. No Pulumi here.

import { Cron } from "croner";
import { complaintOf, UserError } from "./errors";
import { timezoneComplaint } from "./sleep";

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const EXAMPLES = '"cron(0 3 * * ? *)", "rate(1 hour)" or "at(2030-01-31T12:00:00)"';

/** What a schedule says: the next times after `from`, none where all are over. Throws a UserError for one that EventBridge would refuse. */
export function nextTimes(expression: string, timezone: string, from: Date, count = 3): Date[] {
  const wrong = timezoneComplaint(timezone);
  if (wrong) throw new UserError(wrong);
  const [, kind, inner] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return rate(inner!, from, count);
  if (kind === "cron") return cron(inner!, timezone, from, count);
  if (kind === "at") return at(inner!, timezone, from);
  throw new UserError(`${JSON.stringify(expression)} is not a schedule; write one like ${EXAMPLES}.`);
}

/** The next runs after `from`, as a clock in that time zone shows them: `2027-03-28 03:00`. */
export function nextRuns(expression: string, timezone: string, from: Date, count = 5): string[] {
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "short" });
  return nextTimes(expression, timezone, from, count).map((time) => clock.format(time));
}

/** What is wrong with a schedule, whatever its time zone; undefined if nothing is. */
export const scheduleComplaint = (expression: string): string | undefined => complaintOf(() => nextTimes(expression, "UTC", new Date()));

/** The years of AWS's cron. */
const YEARS = { first: 1970, last: 2199 };

function rate(inner: string, from: Date, count: number): Date[] {
  const [, n, unit] = /^(\d+) (minute|hour|day)s?$/.exec(inner) ?? [];
  const value = Number(n);
  if (!unit || value < 1)
    throw new UserError(`rate(${inner}) is not a rate; write a whole number and minutes, hours or days, such as "rate(15 minutes)".`);
  const milliseconds = value * UNITS[unit as keyof typeof UNITS];
  const most = Math.floor((Date.UTC(YEARS.last + 1, 0) - from.getTime()) / milliseconds);
  if (most < 1)
    throw new UserError(`rate(${inner}) would not come before the year ${YEARS.last + 1}; write a shorter one, such as "rate(1 day)".`);
  return Array.from({ length: Math.min(count, most) }, (_, i) => new Date(from.getTime() + (i + 1) * milliseconds));
}

function at(inner: string, timezone: string, from: Date): Date[] {
  const date = new Date(`${inner}Z`);
  // A date that is no day of its month (the 31st of February) is read as one of the next: it comes back as another.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== `${inner}.000Z`) {
    throw new UserError(`at(${inner}) is not a time; write one like "at(2030-01-31T12:00:00)".`);
  }
  return new Cron(inner, { timezone, paused: true }).nextRuns(1, from);
}

/**
 * AWS's cron has minute, hour, day of the month, month, day of the week (1 is Sunday) and year, and one of the two days must be `?`. The library's
 * has the same fields with Sunday as 0, so the numbers of the days are turned into names.
 */
function cron(inner: string, timezone: string, from: Date, count: number): Date[] {
  const fields = inner.trim().split(/\s+/);
  const complain = (why: string) =>
    new UserError(
      `cron(${inner}) ${why}; six fields are needed: minute, hour, day of the month, month, day of the week, year, such as "cron(0 3 ? * MON-FRI *)".`,
    );
  if (fields.length !== 6) throw complain(`has ${fields.length} ${fields.length === 1 ? "field" : "fields"}`);
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields as [string, string, string, string, string, string];
  if ((dayOfMonth === "?") === (dayOfWeek === "?"))
    throw complain(
      `names ${dayOfMonth === "?" ? "neither day" : "both days"}; one of the day of the month and the day of the week must be "?"`,
    );
  const wrong = FIELDS.flatMap((field, i) => field(fields[i]!) ?? []);
  if (wrong.length > 0) throw complain(`cannot be: ${wrong[0]}`);
  const pattern = ["0", minute, hour, dayOfMonth === "?" ? "*" : dayOfMonth, month, dayOfWeek === "?" ? "*" : named(dayOfWeek), year].join(
    " ",
  );
  let times: Date[];
  try {
    times = new Cron(pattern, { timezone, paused: true, mode: "7-part", sloppyRanges: true }).nextRuns(count, from);
  } catch (error) {
    throw complain(`cannot be read (${(error as Error).message.replace(/^CronPattern: /, "")})`);
  }
  return times;
}

/** What is wrong with a field of cron; undefined if nothing is. Its values are numbers or names, alone, in ranges, with steps, and what else it takes. */
const fieldOf = (what: string, low: number, high: number, names: readonly string[] = [], more?: RegExp) => {
  const value = (text: string) =>
    names.includes(text.toUpperCase()) ? low + names.indexOf(text.toUpperCase()) : /^\d+$/.test(text) ? Number(text) : undefined;
  const fits = (text: string) => {
    const n = value(text);
    return n !== undefined && n >= low && n <= high;
  };
  const part = (text: string) => {
    if (more?.test(text)) return true;
    const [, first, last, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(text) ?? [];
    if (first === undefined || (step !== undefined && Number(step) < 1)) return false;
    return first === "*" ? last === undefined : fits(first) && (last === undefined || fits(last));
  };
  return (field: string) => {
    const wrong = field.split(",").find((text) => !part(text));
    return wrong === undefined
      ? undefined
      : `${what} has ${JSON.stringify(wrong)}; allowed: ${low} to ${high}${names.length > 0 ? ` or ${names[0]} to ${names.at(-1)}` : ""}`;
  };
};
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const FIELDS = [
  fieldOf("the minute", 0, 59),
  fieldOf("the hour", 0, 23),
  fieldOf("the day of the month", 1, 31, [], /^(\?|L|LW|L-([1-9]|[12]\d|30)|([1-9]|[12]\d|3[01])W)$/),
  fieldOf("the month", 1, 12, MONTHS),
  fieldOf("the day of the week", 1, 7, DAYS, /^(\?|L|([1-7]|[A-Z]{3})L|([1-7]|[A-Z]{3})#[1-5])$/i),
  fieldOf("the year", YEARS.first, YEARS.last),
];
/** 1-7 as names; what follows `#` or stands before `L` is kept. */
const named = (field: string) =>
  field.replace(/(^|[,-])([1-7])(?=$|[,\-#L])/g, (_, before: string, day: string) => `${before}${DAYS[Number(day) - 1]}`);
