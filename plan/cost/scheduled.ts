import { complaintOf } from "../../facts/errors";
import type { Resource } from "../../facts/graph";
import { nextTimes } from "../../facts/schedules";
import { TASK_DEFINITION } from "../../facts/types";
import { strategiesOf } from "../../policy/graph/services";
import { number, object, type Query, text } from "../graph/query";
import { shareOut, taskSize } from "../graph/services";
import type { CostLine } from "../plan-json";
import { sizeText, taskHour } from "./amounts";
import type { Prices } from "./prices";

/** Runs are counted over this year, so that a plan costs the same on every day. */
const YEAR = { from: new Date(Date.UTC(2027, 0, 1)), to: new Date(Date.UTC(2028, 0, 1)) };
/** So many runs tell how often a schedule runs that runs more often than this a year. */
const SAMPLE = 1000;
/** Fargate bills at least this. */
const LEAST_MINUTES = 1;

/** What the runs of a schedule's task cost a month, at the minutes that each is assumed to take; nothing for what runs on instances. */
export function scheduledLines(schedule: Resource, graph: Query, prices: Prices, minutes: number): Omit<CostLine, "urn">[] {
  const { state, target, scheduleExpression, scheduleExpressionTimezone } = schedule.inputs;
  const ecs = object(object(target).ecsParameters);
  const [made] = graph.from(schedule, "target", TASK_DEFINITION);
  const task = made && graph.typed.of(TASK_DEFINITION).find(({ urn }) => urn === made.urn);
  const runs = state === "DISABLED" ? 0 : runsPerMonth(text(scheduleExpression) ?? "", text(scheduleExpressionTimezone) ?? "UTC");
  if (task === undefined || runs === 0) return [];
  const size = taskSize(task);
  const hours = (runs * Math.max(minutes, LEAST_MINUTES)) / 60;
  const publicIp = object(ecs.networkConfiguration).assignPublicIp === true ? prices.of("ipv4.hour") : 0;
  const tasks = number(ecs.taskCount) ?? 1;
  return [...shareOut(strategiesOf({ props: ecs }), tasks)].flatMap(([provider, count]) => {
    const spot = provider === "FARGATE_SPOT";
    if (count === 0 || !(spot || provider === "FARGATE")) return [];
    const hour = taskHour(size, prices) * (spot ? prices.of("fargate.spot") : 1) + publicIp;
    const all = runs * count;
    const what = `${all < 10 ? Math.round(all * 10) / 10 : Math.round(all)} runs of ${minutes} min (assumed) on ${spot ? "Fargate Spot" : "Fargate"} (${sizeText(size)})`;
    return [{ what, monthly: hours * count * hour, ...(spot && { estimate: true as const }) }];
  });
}

/** How often a schedule runs in a month: of what runs rarely, a twelfth of a year's runs; once is not every month. */
function runsPerMonth(expression: string, timezone: string): number {
  const years = (to: Date) => (to.getTime() - YEAR.from.getTime()) / (YEAR.to.getTime() - YEAR.from.getTime());
  let times: Date[] = [];
  const wrong = complaintOf(() => {
    times = expression.startsWith("at(") ? [] : nextTimes(expression, timezone, YEAR.from, SAMPLE);
  });
  const last = times.at(-1);
  if (wrong !== undefined || last === undefined) return 0;
  const isMore = times.length === SAMPLE && last < YEAR.to;
  return (isMore ? SAMPLE / years(last) : times.filter((time) => time < YEAR.to).length) / 12;
}
