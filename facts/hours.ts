// Hours of the week with a number of tasks of their own: `weekdays 08:00-20:00 Europe/Berlin: 4..20`, read, checked and turned into moments at which a range
// begins. No Pulumi here.
import { complaintOf, UserError, wordComplaint } from "./errors";
import { timeOfDay, timezoneComplaint } from "./sleep";

/** Fewest and most tasks. */
export interface TaskRange {
  min: number;
  max: number;
}

/** Hours of the week: days by number (0 is Sunday), and minutes of the day. */
interface Hours {
  days: number[];
  start: number;
  /** Minutes that they last. */
  length: number;
  timezone: string;
}

/** A moment of the week from which a range holds. */
export interface RangeMoment extends TaskRange {
  /** `0800-mon-fri`, by which the moment is known again. */
  name: string;
  /** As Application Auto Scaling writes it. */
  schedule: string;
}

const NAMES = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const SETS: Record<string, number[]> = { daily: [0, 1, 2, 3, 4, 5, 6], weekdays: [1, 2, 3, 4, 5], weekends: [0, 6] };
const WORDS = [...Object.keys(SETS), ...NAMES];
const DAY = 24 * 60;
const WEEK = 7 * DAY;
const EXAMPLE = '"weekdays 08:00-20:00 Europe/Berlin"';
const MOST = 5000;

/** A day by its name or the first three letters of it. */
function dayOf(word: string): number {
  const found = NAMES.findIndex((name) => name === word || (word.length === 3 && name.startsWith(word)));
  if (found < 0) throw new UserError(wordComplaint(word, WORDS, "a day or days of the week"));
  return found;
}

/** `weekdays`, `monday`, `mon-thu` or `sat,sun`. */
function daysOf(text: string): number[] {
  const days = text
    .toLowerCase()
    .split(",")
    .flatMap((part) => {
      if (Object.hasOwn(SETS, part)) return SETS[part]!;
      const [first, last = first] = part.split("-").map(dayOf) as [number, number?];
      return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, i) => (first + i) % 7);
    });
  return [...new Set(days)].sort((a, b) => a - b);
}

function readHours(text: string): Hours {
  const [, days, from, to, timezone = "UTC"] = /^(\S+) (\d{1,2}:\d\d)-(\d{1,2}:\d\d)(?: (\S+))?$/.exec(text) ?? [];
  const start = minutesOf(from);
  const end = to === "24:00" ? DAY : minutesOf(to);
  if (days === undefined || start === undefined || end === undefined)
    throw new UserError(`${JSON.stringify(text)} is not a time of the week; write one like ${EXAMPLE}.`);
  if (start === end) throw new UserError(`it begins and ends at ${from}; choose two different times.`);
  const wrong = timezoneComplaint(timezone);
  if (wrong) throw new UserError(wrong);
  return { days: daysOf(days), start, length: (end - start + DAY) % DAY || DAY, timezone };
}

function minutesOf(text = ""): number | undefined {
  const time = timeOfDay(text);
  return time && time.hour * 60 + time.minute;
}

function readRange(text: string): TaskRange {
  const [, min, max] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (min === undefined) throw new UserError(`${JSON.stringify(text)} is not a range of tasks; write one like "4..20".`);
  const range = { min: Number(min), max: Number(max) };
  if (range.min > range.max) throw new UserError(`${min} is above ${max}; write the fewest tasks first, such as "${max}..${min}".`);
  if (range.max > MOST) throw new UserError(`${max} is out of range; allowed: 0 to ${MOST} tasks; the nearest is ${MOST}.`);
  return range;
}

/** What is wrong with hours, or with a range; undefined if nothing is. */
export const hoursComplaint = (text: string): string | undefined => complaintOf(() => readHours(text));
export const rangeComplaint = (text: string): string | undefined => complaintOf(() => readRange(text));

/** The range of each of the hours. */
export const rangesOf = (schedule: Record<string, string>): TaskRange[] => Object.values(schedule).map(readRange);

/** The minutes of the week at which hours begin. */
const begins = ({ days, start }: Hours): number[] => days.map((day) => day * DAY + start);

/** What is wrong with hours together, each of which is right; undefined if nothing is. */
export function overlapComplaint(schedule: Record<string, string>): string | undefined {
  const all = Object.keys(schedule).map((text) => ({ text, ...readHours(text) }));
  const [first, ...others] = all;
  const elsewhere = others.find(({ timezone }) => timezone !== first!.timezone);
  if (elsewhere)
    return `${JSON.stringify(first!.text)} is of ${first!.timezone}, ${JSON.stringify(elsewhere.text)} of ${elsewhere.timezone}; name the same time zone in each.`;
  for (const [i, one] of all.entries())
    for (const begin of begins(one)) {
      const within = (other: Hours, at: number) => begins(other).some((start) => (at - start + WEEK) % WEEK < other.length);
      const other = all.find((its, k) => k !== i && within(its, begin));
      if (other) return `${JSON.stringify(one.text)} begins within ${JSON.stringify(other.text)}; let the hours not overlap.`;
    }
  return undefined;
}

/** The moments at which a range begins: that of the hours, and at their end what holds otherwise. */
export function rangeMoments(schedule: Record<string, string>, otherwise: TaskRange): { timezone: string; moments: RangeMoment[] } {
  const all = Object.entries(schedule).map(([text, range]) => ({ ...readHours(text), range: readRange(range) }));
  const starts = new Map(all.flatMap((hours) => begins(hours).map((at): [number, TaskRange] => [at, hours.range])));
  const ends = all.flatMap((hours) => begins(hours).map((at): [number, TaskRange] => [(at + hours.length) % WEEK, otherwise]));
  // Where hours follow on hours, their range begins, and nothing in between.
  const changes = [...starts, ...ends.filter(([at]) => !starts.has(at))];
  const together = new Map<string, { time: number; range: TaskRange; days: number[] }>();
  for (const [at, range] of changes) {
    const key = `${at % DAY} ${range.min}..${range.max}`;
    const known = together.get(key) ?? { time: at % DAY, range, days: [] };
    together.set(key, { ...known, days: [...known.days, Math.floor(at / DAY)] });
  }
  const moments = [...together.values()].map(({ time, range, days }) => momentOf(time, days, range));
  return { timezone: all[0]?.timezone ?? "UTC", moments: moments.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

function momentOf(time: number, days: number[], range: TaskRange): RangeMoment {
  const [hour, minute] = [Math.floor(time / 60), time % 60];
  const names = days.length === 7 ? "*" : runsOf(days.sort((a, b) => a - b)).join(",");
  const clock = `${String(hour).padStart(2, "0")}${String(minute).padStart(2, "0")}`;
  const name = `${clock}-${names === "*" ? "daily" : names.toLowerCase().replaceAll(",", "-")}`;
  return { name, schedule: `cron(${minute} ${hour} ? * ${names} *)`, ...range };
}

/** Days as cron writes them: three and more in a row as one range. */
function runsOf(days: number[]): string[] {
  const short = (day: number) => NAMES[day]!.slice(0, 3).toUpperCase();
  const runs: number[][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  return runs.flatMap((run) => (run.length > 2 ? [`${short(run[0]!)}-${short(run.at(-1)!)}`] : run.map(short)));
}
