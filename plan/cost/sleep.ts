/** How much of a week something is awake that schedules put to sleep. */

/** From then on it has this capacity. */
export interface Change {
  /** `cron(0 20 ? * MON-FRI *)` of Application Auto Scaling, or `0 20 * * 1-5` of EC2 Auto Scaling. */
  schedule: string;
  capacity: number;
}

const WEEK = 7 * 24 * 60;
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** How much of a week each value holds that schedules set; nothing where none is set, or a schedule says more than times and days of the week. */
export function partsOfWeek<V>(changes: readonly { schedule: string; value: V }[]): { share: number; value: V }[] {
  const moments = changes.flatMap(({ schedule, value }) => momentsOf(schedule).map((minute) => ({ minute, value })));
  const [first] = moments.sort((a, b) => a.minute - b.minute);
  if (first === undefined || changes.some(({ schedule }) => momentsOf(schedule).length === 0)) return [];
  return moments.map(({ minute, value }, index) => {
    const next = moments[index + 1]?.minute ?? first.minute + WEEK;
    return { share: (next - minute) / WEEK, value };
  });
}

/** The share of a week with any capacity; 1 where nothing sleeps. */
export function awakeShare(changes: readonly Change[]): number {
  const parts = partsOfWeek(changes.map(({ schedule, capacity }) => ({ schedule, value: capacity })));
  const minutes = parts.reduce((sum, { share, value }) => sum + (value > 0 ? Math.round(share * WEEK) : 0), 0);
  return parts.length === 0 ? 1 : minutes / WEEK;
}

/** The minutes of a week, from Sunday midnight on; none for what this does not read. */
function momentsOf(schedule: string): number[] {
  const application = schedule.match(/^cron\((\d+) (\d+) \? \* (\S+) \*\)$/);
  const [, minute, hour, days] = application ?? schedule.match(/^(\d+) (\d+) \* \* (\S+)$/) ?? [];
  // EC2 Auto Scaling counts the days from 0, Application Auto Scaling from 1; both begin with Sunday.
  return daysOf(days ?? "", application ? 1 : 0).map((day) => (day * 24 + Number(hour)) * 60 + Number(minute));
}

function daysOf(text: string, first: number): number[] {
  if (text === "*") return DAYS.map((_, day) => day);
  return text.split(",").flatMap((part) => {
    const [from = -1, to = from] = part
      .split("-")
      .map((day) => (/^\d$/.test(day) ? (Number(day) - first + 7) % 7 : DAYS.indexOf(day.toUpperCase())));
    if (from < 0 || to < 0) return [];
    return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, step) => (from + step) % 7);
  });
}
