// Step scaling: tasks that are added and taken away by how far a metric is, for what must be quicker than target tracking, or falls in no proportion to the tasks.
import type * as aws from "../base/aws";
import { type ArgumentsOf, group, integer, list, number, optional, type Rule } from "../base/schema";

/** From a value on, so many tasks more. */
export interface OutStepArgs {
  /** The value from which on they are added (`metricIntervalLowerBound`). Required; no default. */
  from: number;
  /** How many (`scalingAdjustment`). Required; no default. */
  add: number;
}

/** Down from a value, so many tasks less. */
export interface InStepArgs {
  /** The value down from which they are taken away (`metricIntervalUpperBound`). Required; no default. */
  to: number;
  /** How many (`scalingAdjustment`). Required; no default. */
  remove: number;
}

/** What happens at which value of a metric. */
export interface StepsArgs {
  /**
   * Tasks to add, by the value from which on (`StepScaling`): after a minute there, and again after each `scaleOutCooldown`. Needs `scaleIn`, or a metric that is
   * kept at a value and takes them away. Defaults to none. Cost: 0.10 USD a month for each metric that the alarm reads.
   */
  scaleOut?: OutStepArgs[];
  /**
   * Tasks to take away, by the value down from which (`StepScaling`): after 15 minutes there, and again after each `scaleInCooldown`. The metric then decides
   * alone. Defaults to none. Cost: 0.10 USD a month for each metric that the alarm reads.
   */
  scaleIn?: InStepArgs[];
}

const complaint = (values: readonly number[]) => {
  const twice = values.find((value, i) => values.indexOf(value) < i);
  return twice === undefined ? undefined : `two steps are at ${twice}; leave one of them out.`;
};
const value = () => number(-1_000_000_000, 1_000_000_000);
const tasks = () => integer(1, 5000, "tasks");
const outStep = group({ from: value(), add: tasks() } satisfies ArgumentsOf<OutStepArgs>);
const inStep = group({ to: value(), remove: tasks() } satisfies ArgumentsOf<InStepArgs>);

export const steps = {
  scaleOut: optional(list(outStep, 1, (given) => complaint(given.map(({ from }) => from)))),
  scaleIn: optional(list(inStep, 1, (given) => complaint(given.map(({ to }) => to)))),
} satisfies ArgumentsOf<StepsArgs>;

/** No value both adds tasks and takes them away. */
export const apart: Rule<typeof steps> = {
  about: ["scaleOut", "scaleIn"],
  at: "scaleIn",
  complain: ({ scaleOut = [], scaleIn = [] }) => {
    const [lowest, highest] = [Math.min(...scaleOut.map(({ from }) => from)), Math.max(...scaleIn.map(({ to }) => to))];
    return highest >= lowest
      ? `it takes tasks away at ${highest} and below, and scaleOut adds them at ${lowest} and above; leave values between them at which nothing happens.`
      : undefined;
  },
};

type Bounds = Record<string, StepsArgs>;
/** Defaults are asked of what is not checked yet: of anything. */
const nameWith = (metrics: Bounds | null, key: keyof StepsArgs) =>
  Object.keys(metrics ?? {}).find((name) => metrics?.[name]?.[key] !== undefined);

/** Whether a metric takes tasks away by steps. */
export const takesAway = (metrics: Bounds | null): boolean => nameWith(metrics, "scaleIn") !== undefined;

/**
 * What is wrong with the steps beside what else decides. Target tracking takes tasks away when all of it agrees, and steps do not ask it: each would undo what
 * the other has done.
 */
export function stepsComplaint(metrics: Bounds, others: readonly string[]): { at: string; text: string } | undefined {
  const name = nameWith(metrics, "scaleIn");
  const beside = [...others, ...Object.keys(metrics).filter((other) => other !== name)];
  if (name !== undefined && beside.length > 0) {
    const text = `it takes tasks away without regard to ${beside.join(" and ")}, which would add them again; leave it out, or let this metric decide alone, with all that counts in its expression.`;
    return { at: `metrics.${name}.scaleIn`, text };
  }
  if (name !== undefined && metrics[name]!.scaleOut === undefined)
    return { at: `metrics.${name}.scaleIn`, text: "nothing adds tasks again; give scaleOut, too." };
  const outward = nameWith(metrics, "scaleOut");
  const isKept = others.length > 0 || Object.values(metrics).some((one) => one.scaleOut === undefined);
  return outward === undefined || name !== undefined || isKept
    ? undefined
    : {
        at: `metrics.${outward}.scaleOut`,
        text: "nothing takes the tasks away again; give scaleIn, too, or keep cpu or memory at a value.",
      };
}

/** A policy of steps, and the alarm that calls for it. */
interface Direction {
  suffix: "out" | "in";
  does: string;
  configuration: aws.types.input.appautoscaling.PolicyStepScalingPolicyConfiguration;
  alarm: Pick<aws.cloudwatch.MetricAlarmArgs, "comparisonOperator" | "threshold" | "evaluationPeriods">;
}

/** Minutes at a value until tasks are added, and until they are taken away, which target tracking waits for, too. */
const [QUICK, CAREFUL] = [1, 15];

/** How far a value is from the threshold, without what subtraction adds to it. */
const apartBy = (value: number, threshold: number) => String(Number((value - threshold).toFixed(6)));

/** The steps as Application Auto Scaling has them: each reaches to the next, and is counted from the threshold of the alarm. */
export function directionsOf({ scaleOut, scaleIn }: StepsArgs, cooldown: { out: number; in: number }): Direction[] {
  const made: Direction[] = [];
  const common = { adjustmentType: "ChangeInCapacity", metricAggregationType: "Maximum" };
  if (scaleOut) {
    const upward = [...scaleOut].sort((a, b) => a.from - b.from);
    const threshold = upward[0]!.from;
    const stepAdjustments = upward.map(({ from, add }, i) => ({
      metricIntervalLowerBound: apartBy(from, threshold),
      ...(i + 1 < upward.length && { metricIntervalUpperBound: apartBy(upward[i + 1]!.from, threshold) }),
      scalingAdjustment: add,
    }));
    made.push({
      suffix: "out",
      does: "Adds tasks to",
      configuration: { ...common, cooldown: cooldown.out, stepAdjustments },
      alarm: { comparisonOperator: "GreaterThanOrEqualToThreshold", threshold, evaluationPeriods: QUICK },
    });
  }
  if (scaleIn) {
    const downward = [...scaleIn].sort((a, b) => b.to - a.to);
    const threshold = downward[0]!.to;
    const stepAdjustments = downward.map(({ to, remove }, i) => ({
      metricIntervalUpperBound: apartBy(to, threshold),
      ...(i + 1 < downward.length && { metricIntervalLowerBound: apartBy(downward[i + 1]!.to, threshold) }),
      scalingAdjustment: -remove,
    }));
    made.push({
      suffix: "in",
      does: "Takes tasks away from",
      configuration: { ...common, cooldown: cooldown.in, stepAdjustments },
      alarm: { comparisonOperator: "LessThanOrEqualToThreshold", threshold, evaluationPeriods: CAREFUL },
    });
  }
  return made;
}
