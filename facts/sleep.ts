// Sleep hours: a service that nobody needs at night costs nothing then. No Pulumi here.

/** When a service sleeps: no task runs, and no instance for it. */
export interface SleepArgs {
  /** When it goes to sleep, `HH:MM`. */
  stop: string;
  /** When it wakes up, `HH:MM`. */
  start: string;
  /** Time zone of both, such as `Europe/Berlin`. Defaults to `UTC`. */
  timezone?: string;
  /** Whether it sleeps through Saturday and Sunday too. Defaults to true. */
  weekends?: boolean;
}

/** `20:30` as the hour and minute; undefined if it is no time of day. */
export function timeOfDay(text: string): Time | undefined {
  const found = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  return found ? { hour: Number(found[1]), minute: Number(found[2]) } : undefined;
}

/** UTC is the default, and known without asking: the first question takes five milliseconds of each start. */
const timezones = new Map([["UTC", true]]);

/** Whether the world knows this time zone. To ask takes a fifth of a millisecond, and every schedule of a stack has the same. */
export function isTimezone(name: string): boolean {
  const known = timezones.get(name) ?? hasFormat(name);
  timezones.set(name, known);
  return known;
}

function hasFormat(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** One moment of the week as Application Auto Scaling (six fields) and EC2 Auto Scaling (five) write it. */
export interface Moment {
  application: string;
  group: string;
}

/** What is wrong with a time of day; undefined if nothing is. */
export const timeComplaint = (given: string) =>
  timeOfDay(given) ? undefined : `${JSON.stringify(given)} is not a time of day; write one like "20:00".`;

/** What is wrong with a time zone; undefined if nothing is. */
export const timezoneComplaint = (given: string) =>
  isTimezone(given) ? undefined : `${JSON.stringify(given)} is not a time zone; write one like "Europe/Berlin".`;

/** What is wrong with two times of day together; undefined if nothing is. */
export const sleepComplaint = ({ stop, start }: { stop: string; start: string }) =>
  minutesLater(timeOfDay(stop)!, timeOfDay(start)!) === 0 ? `it stops and starts at ${stop}; choose two different times.` : undefined;

type Time = { hour: number; minute: number };
const minutesLater = (a: Time, b: Time) => 60 * (a.hour - b.hour) + a.minute - b.minute;

/** When to stop and when to start. */
export function sleepMoments({ weekends, timezone, ...times }: Required<SleepArgs>): { stop: Moment; start: Moment; timezone: string } {
  const [stop, start] = [timeOfDay(times.stop)!, timeOfDay(times.start)!];
  const morning = weekends ? WORKDAYS : EVERY_DAY;
  // A day that ends after midnight ends on the next one: Friday's on Saturday, or the service would be awake until Monday night.
  const evening = weekends && minutesLater(stop, start) < 0 ? DAYS_AFTER : morning;
  return { stop: moment(stop, evening), start: moment(start, morning), timezone };
}

type Days = { names: string; numbers: string };
const WORKDAYS: Days = { names: "MON-FRI", numbers: "1-5" };
const DAYS_AFTER: Days = { names: "TUE-SAT", numbers: "2-6" };
const EVERY_DAY: Days = { names: "*", numbers: "*" };

const moment = ({ hour, minute }: Time, { names, numbers }: Days): Moment => ({
  application: `cron(${minute} ${hour} ? * ${names} *)`,
  group: `${minute} ${hour} * * ${numbers}`,
});
