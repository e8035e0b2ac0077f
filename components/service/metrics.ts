// Scaling on any metric of CloudWatch, or what an expression makes of several: what may be said of it, and what Application Auto Scaling is told.
import type * as pulumi from "@pulumi/pulumi";
import { listed, wordComplaint } from "../../facts/errors";
import type * as aws from "../base/aws";
import {
  type ArgumentsOf,
  group,
  input,
  map,
  number,
  oneOf,
  optional,
  pattern,
  type Rule,
  scalar,
  text,
  type Values,
} from "../base/schema";
import { apart, type StepsArgs, steps } from "./steps";

/** A metric of CloudWatch. */
export interface MetricArgs {
  /** Its namespace, such as `AWS/SQS` (`namespace`). */
  namespace: string;
  /** Its name (`metricName`). */
  metricName: string;
  /** What tells it from others of its name (`dimensions`). Defaults to none. */
  dimensions?: Record<string, pulumi.Input<string>>;
  /** What of each minute is meant (`stat`). Defaults to `Average`. */
  statistic?: "Average" | "Maximum" | "Minimum" | "SampleCount" | "Sum";
}

/** What decides about the number of tasks: kept at a value (`target`), or followed in steps (`scaleOut`, `scaleIn`). */
export interface ScalingMetricArgs extends StepsArgs {
  /** The value to keep (`targetValue`). It must fall as tasks are added: divide a sum by `tasks`. Defaults to none: then steps say what happens. */
  target?: number;
  /** The metrics of it, each by a name for `expression`. */
  of: Record<string, MetricArgs>;
  /**
   * What is made of them, in CloudWatch's metric math (`expression`): their names, and `tasks`, the number of running tasks, which Container Insights counts.
   * Defaults to the one metric.
   */
  expression?: string;
}

const NAMESPACE = /^[\w./#-][\w./#: -]{0,254}$/;
const metric = group({
  namespace: pattern(NAMESPACE, "a namespace of CloudWatch", "AWS/SQS"),
  metricName: text(),
  dimensions: optional(map(input(scalar())), {}),
  statistic: optional(oneOf("Average", "Maximum", "Minimum", "SampleCount", "Sum"), "Average"),
} satisfies ArgumentsOf<MetricArgs>);

/** The number of running tasks in an expression. */
const TASKS = "tasks";
const ID = /^[a-z][A-Za-z0-9_]{0,63}$/;
const idComplaint = (given: string) => {
  if (given === TASKS) return `${TASKS} is the number of running tasks; choose another name.`;
  return ID.test(given)
    ? undefined
    : `${JSON.stringify(given)} cannot be a name in an expression; allowed: letters, digits and "_", a small letter first.`;
};

/** The names in an expression; CloudWatch's own words are in capitals. */
const namesIn = (expression: string): string[] => expression.match(/\b[a-z]\w*/g) ?? [];

const entries = {
  target: optional(number(0.0001, 1_000_000_000)),
  of: map(metric),
  expression: optional(text()),
  ...steps,
} satisfies ArgumentsOf<ScalingMetricArgs>;
const oneValue: Rule<typeof entries> = {
  about: ["of", "expression"],
  at: "expression",
  complain: ({ of, expression }) => {
    const ids = Object.keys(of);
    const wrong = ids.length === 0 ? "no metric is named; name at least one." : ids.map(idComplaint).find((text) => text !== undefined);
    if (wrong !== undefined) return [{ at: "of", text: wrong }];
    if (expression === undefined)
      return ids.length > 1 ? `it is missing, and there are ${ids.length} metrics; say what is made of ${listed(ids)}.` : undefined;
    const unknown = namesIn(expression).find((name) => name !== TASKS && !ids.includes(name));
    if (unknown !== undefined) return wordComplaint(unknown, [...ids, TASKS], "a metric here");
    const idle = ids.find((id) => !namesIn(expression).includes(id));
    return idle === undefined ? undefined : `${idle} is not in it; use it, or leave it out of the metrics.`;
  },
};

const oneWay: Rule<typeof entries> = {
  about: ["target", "scaleOut", "scaleIn"],
  at: "target",
  complain: ({ target, scaleOut, scaleIn }) => {
    const bySteps = scaleOut !== undefined || scaleIn !== undefined;
    if (target === undefined && !bySteps)
      return "it is missing; say which value to keep, or add and remove tasks in steps (scaleOut, scaleIn).";
    return target !== undefined && bySteps
      ? "the metric is kept at a value, and followed in steps, too; leave one of them out."
      : undefined;
  },
};

export const scalingMetrics = map(group(entries, oneValue, oneWay, apart), {
  name: (given) =>
    /^[A-Za-z][A-Za-z0-9-]{0,31}$/.test(given)
      ? undefined
      : `${JSON.stringify(given)} cannot be a name; allowed: 1 to 32 letters, digits and "-", a letter first.`,
});
export type ScalingMetric = Values<typeof entries>;

/** Whether the number of tasks is part of it. */
export const countsTasks = ({ expression = "" }: Pick<ScalingMetric, "expression">): boolean => namesIn(expression).includes(TASKS);

/** A metric as a query names it. */
export interface Query extends Required<MetricArgs> {
  id: string;
}
/** What a query makes of others. */
export interface Expression {
  id: string;
  expression: string;
}

/** Whose tasks. */
export interface Counted {
  clusterName: pulumi.Input<string>;
  serviceName: pulumi.Input<string>;
}

/** The running tasks of a service, as Container Insights counts them. */
export const runningTasks = ({ clusterName, serviceName }: Counted): Query => ({
  id: "running",
  namespace: "ECS/ContainerInsights",
  metricName: "RunningTaskCount",
  dimensions: { ClusterName: clusterName, ServiceName: serviceName },
  statistic: "Average",
});

/** The number to divide by. Container Insights is a minute late, so its last word holds until then; where no task runs, all is that of the task to come. */
export const byTasks: Expression[] = [
  { id: "counted", expression: "FILL(running, REPEAT)" },
  { id: TASKS, expression: `IF(counted > 0, counted, 1)` },
];

type Specification = aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification;

/** What target tracking keeps: the last of the expressions. */
export const specification = (queries: Query[], expressions: Expression[]): Specification => ({
  metrics: [
    ...queries.map(({ id, statistic, namespace, metricName, dimensions }) => ({
      id,
      metricStat: {
        stat: statistic,
        metric: { namespace, metricName, dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })) },
      },
      returnData: false,
    })),
    ...expressions.map((one, i) => ({ ...one, returnData: i === expressions.length - 1 })),
  ],
});

/** What is read for a metric of one's own, and what is made of it, the value last. */
function readingsOf(its: ScalingMetric, counted: Counted): [Query[], Expression[]] {
  const own = Object.entries(its.of).map(([id, one]): Query => ({ id, ...one }));
  const value = { id: "value", expression: its.expression ?? own[0]!.id };
  return countsTasks(its)
    ? [
        [...own, runningTasks(counted)],
        [...byTasks, value],
      ]
    : [own, [value]];
}

/** What target tracking keeps of a metric of one's own. */
export const tracked = (its: ScalingMetric, counted: Counted): Specification => specification(...readingsOf(its, counted));

/** The metrics of CloudWatch that an alarm reads, minute by minute. */
export const readEachMinute = (queries: Query[]) =>
  queries.map(({ id, statistic, ...metric }) => ({ id, metric: { ...metric, stat: statistic, period: 60 } }));

/** What an alarm reads of a metric of one's own. */
export function watched(its: ScalingMetric, counted: Counted): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  const [queries, expressions] = readingsOf(its, counted);
  return [
    ...readEachMinute(queries),
    ...expressions.map((one, i) => ({ ...one, ...(i === expressions.length - 1 && { returnData: true }) })),
  ];
}
