// How a new revision takes over, on ECS's own deployment controller. Pure: arguments in, the service's deployment settings and time-outs out.
import {
  type Argument,
  type ArgumentsOf,
  flag,
  group,
  groupOr,
  integer,
  list,
  map,
  number,
  oneOf,
  optional,
  type Rule,
  scalar,
  text,
  type Values,
} from "../base/schema";

/** One task after another, the old ones serving until the new are healthy. */
export interface RollingRollout {
  /** New tasks replace the old ones gradually (`deploymentConfiguration.strategy`). */
  strategy: "rolling";
  /** Percent of the tasks that keep serving during the rollout, 0 to 100 (`deploymentMinimumHealthyPercent`). Defaults to 100. */
  minimumHealthyPercent?: number;
  /** Percent of the tasks that may run during the rollout, up to 200 (`deploymentMaximumPercent`). Defaults to what there is room for: 200, or what the instances can hold. */
  maximumPercent?: number;
  /** Whether ECS gives up and goes back to the last good revision when new tasks keep failing (`deploymentCircuitBreaker`). Defaults to true. */
  circuitBreaker?: boolean;
  /**
   * Alarms that end the rollout and bring the old revision back. Defaults to none with `rolling`, where waiting for alarms makes each rollout minutes longer,
   * and to `{ errorPercent: 5, unhealthyTargets: true }` with the others. Cost: 0.10 to 0.20 USD a month each.
   */
  alarms?: RolloutAlarms;
}

/** What all strategies have that bring up a second set of tasks beside the first. */
interface TwoTargetGroupsRollout {
  /** Minutes that the old tasks stay after all traffic has moved, ready to take it back; 0 to 1440 (`bakeTimeInMinutes`). Defaults to 5. They are paid for meanwhile. */
  bakeTimeInMinutes?: number;
  /** Header and value that bring a request to the new revision before the others: `{ "x-preview": "yes" }` (`testListenerRule`). Defaults to none. */
  testHeader?: Record<string, string>;
  /** What happens at given stages: a Lambda function is asked, or the deployment pauses until someone approves (`lifecycleHooks`). Defaults to none. */
  lifecycleHooks?: LifecycleHook[];
  /**
   * Alarms that end the rollout and bring the old revision back. Defaults to none with `rolling`, where waiting for alarms makes each rollout minutes longer,
   * and to `{ errorPercent: 5, unhealthyTargets: true }` with the others. Cost: 0.10 to 0.20 USD a month each.
   */
  alarms?: RolloutAlarms;
}

/** All traffic moves at once, and moves back at once. */
export interface BlueGreenRollout extends TwoTargetGroupsRollout {
  /** A second set of tasks takes over all traffic at once (`deploymentConfiguration.strategy`). */
  strategy: "blueGreen";
}

/** A small share of the traffic first, then the rest. */
export interface CanaryRollout extends TwoTargetGroupsRollout {
  /** A second set of tasks gets a share of the traffic first (`deploymentConfiguration.strategy`). */
  strategy: "canary";
  /** Share of the traffic that goes first, 0.1 to 100 percent (`canaryPercent`). Defaults to 10. */
  canaryPercent?: number;
  /** Minutes that only that share is on the new revision, 0 to 1440 (`canaryBakeTimeInMinutes`). Defaults to 5. */
  canaryBakeTimeInMinutes?: number;
}

/** The traffic moves in equal steps. */
export interface LinearRollout extends TwoTargetGroupsRollout {
  /** A second set of tasks gets the traffic in equal steps (`deploymentConfiguration.strategy`). */
  strategy: "linear";
  /** Share of the traffic that each step moves, 3 to 100 percent (`stepPercent`). Defaults to 20. */
  stepPercent?: number;
  /** Minutes between two steps, 0 to 1440 (`stepBakeTimeInMinutes`). Defaults to 2. */
  stepBakeTimeInMinutes?: number;
}

/** How a new revision takes over. */
export type Rollout = RollingRollout | BlueGreenRollout | CanaryRollout | LinearRollout;
export type Strategy = Rollout["strategy"];

/** Alarms that roll a deployment back. Without `alarms`, all strategies but `rolling` have the first two: 5 percent, and true. */
export interface RolloutAlarms {
  /** Percentage of responses with a 5xx status that is too much. Defaults to no such alarm. Cost: 0.20 USD a month. */
  errorPercent?: number;
  /** Whether a target that fails its health check is too much. Defaults to false. Cost: 0.10 USD a month. */
  unhealthyTargets?: boolean;
  /** Names of CloudWatch alarms of your own (`alarmNames`). Defaults to none. */
  alarmNames?: string[];
}

const STAGES = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
] as const;
/** A stage of a deployment with two sets of tasks (`lifecycleStages`). */
export type LifecycleStage = (typeof STAGES)[number];

/** Something that happens at stages of a deployment. */
export type LifecycleHook =
  | {
      /** When the function is invoked (`lifecycleStages`). */
      stages: LifecycleStage[];
      /** ARN of a Lambda function that returns SUCCEEDED, FAILED or IN_PROGRESS (`hookTargetArn`). */
      lambda: string;
      /** ARN of the role with which ECS invokes it (`roleArn`). */
      role: string;
      /** JSON that the function gets with each event (`hookDetails`). Defaults to none. */
      details?: string;
    }
  | {
      /** When the deployment pauses (`lifecycleStages`). */
      stages: LifecycleStage[];
      /** Waits for `aws ecs continue-service-deployment`. */
      pause: true;
      /** Minutes to wait, 1 to 20160 (`timeoutConfiguration.timeoutInMinutes`). Defaults to 1440. */
      timeoutInMinutes?: number;
      /** What happens when nobody answers in time (`timeoutConfiguration.action`). Defaults to `ROLLBACK`. */
      onTimeout?: "ROLLBACK" | "CONTINUE";
    };

const hook = group(
  {
    stages: list(oneOf(...STAGES), 1),
    lambda: optional(text()),
    role: optional(text()),
    details: optional(text()),
    pause: optional(flag()),
    timeoutInMinutes: optional(integer(1, 20160, "minutes"), 1440),
    onTimeout: optional(oneOf("ROLLBACK", "CONTINUE"), "ROLLBACK"),
  },
  {
    about: ["lambda", "pause"],
    at: "lambda",
    complain: ({ lambda, pause }) =>
      (lambda === undefined) === !pause
        ? "a hook either asks a Lambda function (lambda, role) or pauses (pause: true); give it one of the two."
        : undefined,
  },
  {
    about: ["lambda", "role"],
    at: "role",
    complain: ({ lambda, role }) =>
      lambda !== undefined && role === undefined
        ? `ECS needs a role to ask ${lambda} with: one that ecs.amazonaws.com may take and that may lambda:InvokeFunction; give its ARN.`
        : undefined,
  },
  {
    about: ["stages", "pause"],
    at: "stages",
    complain: ({ stages, pause }) => {
      const shifting = pause && stages.find((stage) => stage === "TEST_TRAFFIC_SHIFT" || stage === "PRODUCTION_TRAFFIC_SHIFT");
      return shifting ? `a pause is not possible at ${shifting}, while traffic moves; the nearest is POST_${shifting}.` : undefined;
    },
  },
);

const minutes = () => integer(0, 1440, "minutes");
/** What the strategies have, all in one. */
type AnyRollout = { strategy: Strategy } & Omit<RollingRollout, "strategy"> &
  Omit<CanaryRollout, "strategy"> &
  Omit<LinearRollout, "strategy">;

const entries = {
  strategy: oneOf("rolling", "blueGreen", "canary", "linear"),
  minimumHealthyPercent: optional(integer(0, 100, "percent"), 100),
  maximumPercent: optional(integer(100, 200, "percent")),
  circuitBreaker: optional(flag(), true),
  bakeTimeInMinutes: optional(minutes(), 5),
  canaryPercent: optional(number(0.1, 100, "percent", 0.1), 10),
  canaryBakeTimeInMinutes: optional(minutes(), 5),
  stepPercent: optional(number(3, 100, "percent", 0.1), 20),
  stepBakeTimeInMinutes: optional(minutes(), 2),
  testHeader: optional(
    map(scalar(), {
      whole: (headers) =>
        Object.keys(headers).length === 1
          ? undefined
          : `${Object.keys(headers).length} headers; one is allowed, such as { "x-preview": "yes" }.`,
    }),
  ),
  lifecycleHooks: optional(list(hook as unknown as Argument<Values<typeof hook.entries>, LifecycleHook>), []),
  alarms: optional(
    group({
      errorPercent: optional(number(0, 100, "percent")),
      unhealthyTargets: optional(flag()),
      alarmNames: optional(list(text())),
    } satisfies ArgumentsOf<RolloutAlarms>),
    ({ strategy }: { strategy: Strategy }): RolloutAlarms => (strategy === "rolling" ? {} : { errorPercent: 5, unhealthyTargets: true }),
  ),
} satisfies ArgumentsOf<AnyRollout>;

/** Which arguments belong to which strategies; the rest belong to all. */
const ONLY: Partial<Record<keyof AnyRollout, Strategy[]>> = {
  minimumHealthyPercent: ["rolling"],
  maximumPercent: ["rolling"],
  bakeTimeInMinutes: ["blueGreen", "canary", "linear"],
  testHeader: ["blueGreen", "canary", "linear"],
  lifecycleHooks: ["blueGreen", "canary", "linear"],
  canaryPercent: ["canary"],
  canaryBakeTimeInMinutes: ["canary"],
  stepPercent: ["linear"],
  stepBakeTimeInMinutes: ["linear"],
};

const belongs = Object.entries(ONLY).map(([key, strategies]): Rule<typeof entries> => {
  const at = key as keyof AnyRollout;
  return {
    about: ["strategy", at],
    at,
    complain: ({ strategy }, given) =>
      given[at] !== undefined && !strategies.includes(strategy)
        ? `it belongs to ${strategies.join(", ")}, and the strategy is ${strategy}; leave it out, or choose another strategy.`
        : undefined,
  };
});

/** A rollout: a strategy by its name, or with its settings. */
export const rollout = groupOr(
  "strategy",
  group(
    entries,
    ...belongs,
    {
      about: ["strategy", "circuitBreaker"],
      at: "circuitBreaker",
      complain: ({ strategy }, { circuitBreaker }) =>
        strategy !== "rolling" && circuitBreaker !== undefined
          ? `it works for rolling deployments only; with ${strategy} the alarms bring the old revision back: set rollout.alarms, and leave circuitBreaker out.`
          : undefined,
    },
    {
      about: ["strategy", "minimumHealthyPercent", "maximumPercent"],
      at: "maximumPercent",
      complain: ({ strategy, minimumHealthyPercent, maximumPercent }) =>
        strategy === "rolling" && maximumPercent === 100 && minimumHealthyPercent === 100
          ? "with 100 here and minimumHealthyPercent 100 no task may stop and none may start; raise the one (200) or lower the other (50)."
          : undefined,
    },
  ),
) as unknown as Argument<Values<typeof entries>, Rollout | Strategy>;
export type RolloutValues = Values<typeof entries>;

/** The deployment settings of `aws.ecs.Service`, without its alarms. */
export interface Deployment {
  strategy: Strategy;
  /** Whether a second set of tasks runs beside the first. */
  hasTwoTargetGroups: boolean;
  configuration: Record<string, unknown> & { strategy: string };
  minimumHealthyPercent: number;
  maximumPercent: number;
  circuitBreaker: { enable: boolean; rollback: boolean };
  testHeader?: Record<string, string>;
  alarms: RolloutAlarms;
  /** Minutes after which the update of the service has failed: the rollout itself, and all its waiting. */
  timeoutInMinutes: number;
}

/** Minutes that a rollout without waiting may take, from the first new task to the last old one. */
const PLAIN_ROLLOUT = 20;

/** What AWS is told of a rollout; of a rolling one, at most so many percent of the tasks may run. */
export function readRollout(rollout: RolloutValues, capacityPercent: number): Deployment {
  if (rollout.strategy === "rolling") return rolling(rollout, capacityPercent);
  const { bakeTimeInMinutes: bake, testHeader, alarms } = rollout;
  const hooks = rollout.lifecycleHooks.map(readHook);
  const waiting = bake + hooks.reduce((sum, hook) => sum + hook.waits, 0);
  const shift = trafficShift(rollout);
  return {
    strategy: rollout.strategy,
    hasTwoTargetGroups: true,
    configuration: {
      strategy: shift.strategy,
      bakeTimeInMinutes: String(bake),
      ...shift.configuration,
      ...(hooks.length > 0 && { lifecycleHooks: hooks.map((hook) => hook.hook) }),
    },
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    circuitBreaker: { enable: false, rollback: false },
    ...(testHeader && { testHeader }),
    alarms,
    timeoutInMinutes: PLAIN_ROLLOUT + waiting + shift.waits,
  };
}

/**
 * What is wrong with `maximumPercent`; undefined if nothing is. More tasks than the instances hold cannot run; and a rollout must be able to begin: AWS rounds
 * both percentages to whole tasks, so that 110 percent of two tasks is no third one. The fewer the tasks, the more percent one of them is.
 */
export function headroomComplaint({ maximumPercent: max, minimumHealthyPercent: min }: Deployment, tasks: number, capacityPercent: number) {
  if (max > capacityPercent)
    return `${max} percent of the tasks do not fit on the instances; the nearest is ${capacityPercent}, or raise ec2.max.`;
  const mayStart = Math.floor((tasks * max) / 100) > tasks;
  const mayStop = Math.ceil((tasks * min) / 100) < tasks;
  if (mayStart || mayStop || tasks === 0) return undefined;
  const enough = Math.ceil((100 * (tasks + 1)) / tasks);
  return `with ${max} percent of ${tasks === 1 ? "one task" : `${tasks} tasks`} no further one may start, and with minimumHealthyPercent ${min} none may stop first; the nearest is ${enough} (raise ec2.max if the instances do not hold that), or set minimumHealthyPercent to ${Math.floor((100 * (tasks - 1)) / tasks)}.`;
}

const rolling = (rollout: RolloutValues, capacityPercent: number): Deployment => ({
  strategy: "rolling",
  hasTwoTargetGroups: false,
  configuration: { strategy: "ROLLING" },
  minimumHealthyPercent: rollout.minimumHealthyPercent,
  maximumPercent: rollout.maximumPercent ?? capacityPercent,
  circuitBreaker: { enable: rollout.circuitBreaker, rollback: rollout.circuitBreaker },
  alarms: rollout.alarms,
  timeoutInMinutes: PLAIN_ROLLOUT,
});

/** How the traffic moves, and how many minutes that takes. AWS wants minutes as text. */
function trafficShift({ strategy, ...rollout }: RolloutValues) {
  if (strategy === "canary") {
    const { canaryPercent, canaryBakeTimeInMinutes: wait } = rollout;
    return {
      strategy: "CANARY",
      configuration: { canaryConfiguration: { canaryPercent, canaryBakeTimeInMinutes: String(wait) } },
      waits: wait,
    };
  }
  if (strategy === "linear") {
    const { stepPercent, stepBakeTimeInMinutes: wait } = rollout;
    return {
      strategy: "LINEAR",
      configuration: { linearConfiguration: { stepPercent, stepBakeTimeInMinutes: String(wait) } },
      waits: (Math.ceil(100 / stepPercent) - 1) * wait,
    };
  }
  return { strategy: "BLUE_GREEN", configuration: {}, waits: 0 };
}

function readHook(hook: RolloutValues["lifecycleHooks"][number]): { hook: Record<string, unknown>; waits: number } {
  const { stages, timeoutInMinutes } = hook;
  if (hook.pause) {
    const timeoutConfiguration = { action: hook.onTimeout, timeoutInMinutes: String(timeoutInMinutes) };
    return { hook: { targetType: "PAUSE", lifecycleStages: stages, timeoutConfiguration }, waits: timeoutInMinutes * stages.length };
  }
  const details = hook.details === undefined ? {} : { hookDetails: hook.details };
  return {
    hook: { targetType: "AWS_LAMBDA", lifecycleStages: stages, hookTargetArn: hook.lambda, roleArn: hook.role, ...details },
    waits: 15,
  };
}
