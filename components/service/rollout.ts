// How a new revision takes over, on ECS's own deployment controller. Pure: arguments in, the service's deployment settings and time-outs out.
import { UserError, wholeNumber } from "../../facts/errors";

/** One task after another, the old ones serving until the new are healthy. */
export interface RollingRollout {
  strategy: "rolling";
  /** Percent of the tasks that keep serving during the rollout, 0 to 100 (`deploymentMinimumHealthyPercent`). Defaults to 100. */
  minimumHealthyPercent?: number;
  /** Percent of the tasks that may run during the rollout, up to 200 (`deploymentMaximumPercent`). Defaults to 200, or what the instances can hold. */
  maximumPercent?: number;
  /** Whether ECS gives up and goes back to the last good revision when new tasks keep failing (`deploymentCircuitBreaker`). Defaults to true. */
  circuitBreaker?: boolean;
  /** Alarms that end the rollout and bring the old revision back. Defaults to none: ECS waits for them, which makes each rollout minutes longer. */
  alarms?: RolloutAlarms;
}

/** What all strategies have that bring up a second set of tasks beside the first. */
interface TwoTargetGroupsRollout {
  /** Minutes that the old tasks stay after all traffic has moved, ready to take it back; 0 to 1440 (`bakeTimeInMinutes`). Defaults to 5. They are paid for meanwhile. */
  bakeTimeInMinutes?: number;
  /** Header and value that bring a request to the new revision before the others: `{ "x-preview": "yes" }` (`testListenerRule`). Defaults to none. */
  testHeader?: Record<string, string>;
  /** What happens at given stages: a Lambda function is asked, or the deployment pauses until someone approves. */
  lifecycleHooks?: LifecycleHook[];
  /** Alarms that bring the old revision back. Defaults to `{ errorPercent: 5, unhealthyTargets: true }`. Cost: 0.10 to 0.30 USD a month each. */
  alarms?: RolloutAlarms;
}

/** All traffic moves at once, and moves back at once. */
export interface BlueGreenRollout extends TwoTargetGroupsRollout {
  strategy: "blueGreen";
}

/** A small share of the traffic first, then the rest. */
export interface CanaryRollout extends TwoTargetGroupsRollout {
  strategy: "canary";
  /** Share of the traffic that goes first, 0.1 to 100 percent (`canaryPercent`). Defaults to 10. */
  canaryPercent?: number;
  /** Minutes that only that share is on the new revision, 0 to 1440 (`canaryBakeTimeInMinutes`). Defaults to 5. */
  canaryBakeTimeInMinutes?: number;
}

/** The traffic moves in equal steps. */
export interface LinearRollout extends TwoTargetGroupsRollout {
  strategy: "linear";
  /** Share of the traffic that each step moves, 3 to 100 percent (`stepPercent`). Defaults to 20. */
  stepPercent?: number;
  /** Minutes between two steps, 0 to 1440 (`stepBakeTimeInMinutes`). Defaults to 2. */
  stepBakeTimeInMinutes?: number;
}

/** How a new revision takes over. */
export type Rollout = RollingRollout | BlueGreenRollout | CanaryRollout | LinearRollout;
export type Strategy = Rollout["strategy"];

/** When a rollout is to be undone. */
export interface RolloutAlarms {
  /** Share of requests answered with 5xx, in percent, that is too much. */
  errorPercent?: number;
  /** Whether a target that fails its health check is too much. */
  unhealthyTargets?: boolean;
  /** Names of further CloudWatch alarms, made elsewhere (`alarmNames`). */
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
  /** Asks a Lambda function, which answers SUCCEEDED, FAILED or IN_PROGRESS. */
  | { stages: LifecycleStage[]; lambda: string; role: string; details?: string }
  /** Waits for `aws ecs continue-service-deployment`; undone after `timeoutInMinutes` (1 to 20160, default 1440) unless `onTimeout` is CONTINUE. */
  | { stages: LifecycleStage[]; pause: true; timeoutInMinutes?: number; onTimeout?: "ROLLBACK" | "CONTINUE" };

/** The deployment settings of `aws.ecs.Service`, without its alarms. */
export interface Deployment {
  strategy: Strategy;
  /** Whether a second set of tasks runs beside the first. */
  hasTwoTargetGroups: boolean;
  configuration: Record<string, unknown> & { strategy: string };
  minimumHealthyPercent: number;
  maximumPercent: number;
  circuitBreaker?: { enable: boolean; rollback: boolean };
  testHeader?: Record<string, string>;
  alarms: RolloutAlarms;
  /** Minutes after which the update of the service has failed: the rollout itself, and all its waiting. */
  timeoutInMinutes: number;
}

/** Minutes that a rollout without waiting may take, from the first new task to the last old one. */
const PLAIN_ROLLOUT = 20;
const TWO_TARGET_GROUPS_ALARMS: RolloutAlarms = { errorPercent: 5, unhealthyTargets: true };

/** Checks a rollout against AWS's limits and fills in the defaults. Throws a UserError. */
export function readRollout(given: Rollout | Strategy | undefined, capacityPercent: number): Deployment {
  const rollout: Rollout = given === undefined ? { strategy: "rolling" } : typeof given === "string" ? { strategy: given } : given;
  if (rollout.strategy === "rolling") return rolling(rollout, capacityPercent);
  if ("circuitBreaker" in rollout) {
    throw new UserError(
      `rollout.circuitBreaker: it works for rolling deployments only; with ${rollout.strategy} the alarms bring the old revision back: set rollout.alarms, and leave circuitBreaker out.`,
    );
  }
  const bake = minutes("bakeTimeInMinutes", rollout.bakeTimeInMinutes ?? 5);
  const hooks = (rollout.lifecycleHooks ?? []).map(readHook);
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
    ...(rollout.testHeader && { testHeader: readHeader(rollout.testHeader) }),
    alarms: rollout.alarms ?? TWO_TARGET_GROUPS_ALARMS,
    timeoutInMinutes: PLAIN_ROLLOUT + waiting + shift.waits,
  };
}

/**
 * Refuses a rollout that could never begin: AWS rounds both percentages to whole tasks, so that 110 percent of two tasks is no third one. The fewer the tasks,
 * the more percent one of them is.
 */
export function checkHeadroom({ minimumHealthyPercent: min, maximumPercent: max }: Deployment, tasks: number): void {
  const mayStart = Math.floor((tasks * max) / 100) > tasks;
  const mayStop = Math.ceil((tasks * min) / 100) < tasks;
  if (mayStart || mayStop) return;
  const enough = Math.ceil((100 * (tasks + 1)) / tasks);
  throw new UserError(
    `rollout.maximumPercent: with ${max} percent of ${tasks === 1 ? "one task" : `${tasks} tasks`} no further one may start, and with minimumHealthyPercent ${min} none may stop first; the nearest is ${enough} (raise ec2.max if the instances do not hold that), or set minimumHealthyPercent to ${Math.floor((100 * (tasks - 1)) / tasks)}.`,
  );
}

function rolling(rollout: RollingRollout, capacityPercent: number): Deployment {
  const min = percent("minimumHealthyPercent", rollout.minimumHealthyPercent ?? 100, 0, 100);
  const max = percent("maximumPercent", rollout.maximumPercent ?? capacityPercent, 100, 200);
  if (max > capacityPercent) {
    throw new UserError(
      `rollout.maximumPercent: ${max} percent of the tasks do not fit on the instances; the nearest is ${capacityPercent}, or raise ec2.max.`,
    );
  }
  if (max === 100 && min === 100) {
    throw new UserError(
      "rollout.maximumPercent: with 100 here and minimumHealthyPercent 100 no task may stop and none may start; raise the one (200) or lower the other (50).",
    );
  }
  const enable = rollout.circuitBreaker ?? true;
  return {
    strategy: "rolling",
    hasTwoTargetGroups: false,
    configuration: { strategy: "ROLLING" },
    minimumHealthyPercent: min,
    maximumPercent: max,
    circuitBreaker: { enable, rollback: enable },
    alarms: rollout.alarms ?? {},
    timeoutInMinutes: PLAIN_ROLLOUT,
  };
}

/** How the traffic moves, and how many minutes that takes. AWS wants minutes as text. */
function trafficShift(rollout: BlueGreenRollout | CanaryRollout | LinearRollout) {
  switch (rollout.strategy) {
    case "blueGreen":
      return { strategy: "BLUE_GREEN", configuration: {}, waits: 0 };
    case "canary": {
      const wait = minutes("canaryBakeTimeInMinutes", rollout.canaryBakeTimeInMinutes ?? 5);
      const canaryPercent = percent("canaryPercent", rollout.canaryPercent ?? 10, 0.1, 100, 0.1);
      return {
        strategy: "CANARY",
        configuration: { canaryConfiguration: { canaryPercent, canaryBakeTimeInMinutes: String(wait) } },
        waits: wait,
      };
    }
    case "linear": {
      const wait = minutes("stepBakeTimeInMinutes", rollout.stepBakeTimeInMinutes ?? 2);
      const stepPercent = percent("stepPercent", rollout.stepPercent ?? 20, 3, 100, 0.1);
      const steps = Math.ceil(100 / stepPercent) - 1;
      return {
        strategy: "LINEAR",
        configuration: { linearConfiguration: { stepPercent, stepBakeTimeInMinutes: String(wait) } },
        waits: steps * wait,
      };
    }
  }
}

function readHook(hook: LifecycleHook, i: number): { hook: Record<string, unknown>; waits: number } {
  const key = `rollout.lifecycleHooks[${i}]`;
  const unknown = hook.stages.find((stage) => !STAGES.includes(stage));
  if (unknown !== undefined || hook.stages.length === 0) {
    throw new UserError(
      `${key}.stages: ${unknown === undefined ? "no stage is named" : `there is no stage ${JSON.stringify(unknown)}`}; allowed are ${STAGES.join(", ")}.`,
    );
  }
  const { lambda, pause } = hook as { lambda?: string; pause?: boolean };
  if ((lambda === undefined) === !pause) {
    throw new UserError(`${key}: a hook either asks a Lambda function (lambda, role) or pauses (pause: true); give it one of the two.`);
  }
  if (!("lambda" in hook)) {
    const shifting = hook.stages.find((stage) => stage === "TEST_TRAFFIC_SHIFT" || stage === "PRODUCTION_TRAFFIC_SHIFT");
    if (shifting)
      throw new UserError(`${key}.stages: a pause is not possible at ${shifting}, while traffic moves; the nearest is POST_${shifting}.`);
    const waits = wholeNumber(`${key}.timeoutInMinutes`, hook.timeoutInMinutes ?? 1440, 1, 20160, " minutes");
    const timeoutConfiguration = { action: hook.onTimeout ?? "ROLLBACK", timeoutInMinutes: String(waits) };
    return { hook: { targetType: "PAUSE", lifecycleStages: hook.stages, timeoutConfiguration }, waits: waits * hook.stages.length };
  }
  if (!hook.role)
    throw new UserError(
      `${key}.role: ECS needs a role to ask ${hook.lambda} with: one that ecs.amazonaws.com may take and that may lambda:InvokeFunction; give its ARN.`,
    );
  const details = hook.details === undefined ? {} : { hookDetails: hook.details };
  return {
    hook: { targetType: "AWS_LAMBDA", lifecycleStages: hook.stages, hookTargetArn: hook.lambda, roleArn: hook.role, ...details },
    waits: 15,
  };
}

function readHeader(header: Record<string, string>): Record<string, string> {
  if (Object.keys(header).length !== 1)
    throw new UserError(`rollout.testHeader: ${Object.keys(header).length} headers; one is allowed, such as { "x-preview": "yes" }.`);
  return header;
}

const minutes = (key: string, value: number) => wholeNumber(`rollout.${key}`, value, 0, 1440, " minutes");

function percent(key: string, value: number, low: number, high: number, step = 1): number {
  const steps = value / step;
  if (value >= low && value <= high && Math.abs(steps - Math.round(steps)) < 1e-9) return value;
  const near = Math.min(high, Math.max(low, Math.round(Math.round(value / step) * step * 10) / 10));
  throw new UserError(
    `rollout.${key}: ${value} is not possible; allowed are ${low} to ${high} percent${step === 1 ? "" : ` in steps of ${step}`}; the nearest is ${near}.`,
  );
}
