// Sleep hours: a service that nobody needs at night costs nothing then. No Pulumi here.
import { refuse } from "./errors";

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
export function timeOfDay(text: string): { hour: number; minute: number } | undefined {
  const found = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  return found ? { hour: Number(found[1]), minute: Number(found[2]) } : undefined;
}

/** Whether the world knows this time zone. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
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

/** When to stop and when to start. Throws a UserError for what is no time. */
export function sleepMoments(args: SleepArgs): { stop: Moment; start: Moment; timezone: string } {
  const timezone = args.timezone ?? "UTC";
  if (!isTimezone(timezone)) refuse("sleep.timezone", `${JSON.stringify(timezone)} is not a time zone; write one like "Europe/Berlin".`);
  const read = (key: "stop" | "start") =>
    timeOfDay(args[key]) ?? refuse(`sleep.${key}`, `${JSON.stringify(args[key])} is not a time of day; write one like "20:00".`);
  const [stop, start] = [read("stop"), read("start")];
  const later = 60 * (stop.hour - start.hour) + stop.minute - start.minute;
  if (later === 0) refuse("sleep.stop", `it stops and starts at ${args.stop}; choose two different times.`);
  const weekends = args.weekends ?? true;
  const morning = weekends ? WORKDAYS : EVERY_DAY;
  // A day that ends after midnight ends on the next one: Friday's on Saturday, or the service would be awake until Monday night.
  const evening = weekends && later < 0 ? DAYS_AFTER : morning;
  return { stop: moment(stop, evening), start: moment(start, morning), timezone };
}

type Days = { names: string; numbers: string };
const WORKDAYS: Days = { names: "MON-FRI", numbers: "1-5" };
const DAYS_AFTER: Days = { names: "TUE-SAT", numbers: "2-6" };
const EVERY_DAY: Days = { names: "*", numbers: "*" };

const moment = ({ hour, minute }: { hour: number; minute: number }, { names, numbers }: Days): Moment => ({
  application: `cron(${minute} ${hour} ? * ${names} *)`,
  group: `${minute} ${hour} * * ${numbers}`,
});
