import type { Deployment, DeploymentConfiguration, Service, ServiceDeployment, Task } from "@aws-sdk/client-ecs";
import { revisionName } from "../../facts/arns";

/**
 * The state of the rollout of one revision.
 * - `unseen`: AWS shows no trace of it (yet)
 * - `inProgress`, `rollingBack`: still moving
 * - `serving`: it is the one that serves
 * - `rolledBack`: ECS went back to another revision
 * - `rollbackFailed`: ECS gave up and found nothing to go back to (a first deployment) or could not
 * - `failed`: ECS gave up and left it there (no rollback configured)
 * - `stopped`: a person or another tool stopped it
 * - `superseded`: another revision was deployed after it
 */
export type RolloutState =
  | "unseen"
  | "inProgress"
  | "rollingBack"
  | "serving"
  | "rolledBack"
  | "rollbackFailed"
  | "failed"
  | "stopped"
  | "superseded";

export interface Rollout {
  state: RolloutState;
  /** ARN of the revision that the rollout is about. */
  taskDefinition: string;
  /** ARN of the revision that serves now, or that ECS is going (back) to. */
  current?: string;
  /** AWS's reason for the state. */
  reason?: string;
  startedAt?: Date;
  finishedAt?: Date;
  /** The `ecs-svc/…` id that this rollout's tasks carry in `startedBy`. */
  deploymentId?: string;
  /** The ids of the service's other deployments. One of them has the same revision where only the network, the capacity or the like changed. */
  otherDeploymentIds: string[];
  counts: { desired: number; running: number; pending: number; failed: number };
  /** Only where AWS keeps service deployments (its own controller, since October 2024). */
  serviceDeployment?: ServiceDeployment;
}

export interface DeploymentHistory {
  service: Service;
  /** Any order. */
  serviceDeployments: ServiceDeployment[];
  /** Task definition ARN by service revision ARN. */
  revisions: Record<string, string>;
}

/** The state of the rollout of `taskDefinition`. Deployments are found by what they deploy, never by their place in a list. */
export function assess(history: DeploymentHistory, taskDefinition: string): Rollout {
  const { service } = history;
  const ours = newest((service.deployments ?? []).filter((deployment) => deployment.taskDefinition === taskDefinition));
  const primary = primaryOf(service);
  const known = newest(history.serviceDeployments.filter((deployment) => targetOf(deployment, history.revisions) === taskDefinition));
  const rollout: Rollout = {
    state: "unseen",
    taskDefinition,
    current: primary?.taskDefinition ?? service.taskDefinition,
    startedAt: ours?.createdAt,
    deploymentId: ours?.id,
    otherDeploymentIds: (service.deployments ?? []).map(({ id }) => id).filter((id) => id !== undefined && id !== ours?.id) as string[],
    counts: countsOf(ours),
  };
  // A retry of a revision that failed before: the service carries the new attempt before the list of service deployments does.
  const retried = known && isOver(known) && ours?.status === "PRIMARY" && ours.rolloutState === "IN_PROGRESS" && isLater(ours, known);
  if (known && !retried) return { ...rollout, ...fromServiceDeployment(known, history, taskDefinition, rollout) };
  return { ...rollout, ...fromDeployments(ours, primary) };
}

/** Whether a task is one of the rollout's: by the deployment that started it, or by its revision where ECS no longer lists that deployment. */
export function belongsTo({ taskDefinitionArn, startedBy = "" }: Task, rollout: Rollout): boolean {
  if (startedBy === rollout.deploymentId) return true;
  return taskDefinitionArn === rollout.taskDefinition && !rollout.otherDeploymentIds.includes(startedBy);
}

function fromServiceDeployment(
  known: ServiceDeployment,
  history: DeploymentHistory,
  taskDefinition: string,
  rollout: Rollout,
): Partial<Rollout> {
  const target = known.targetServiceRevision;
  const details: Partial<Rollout> = {
    serviceDeployment: known,
    reason: known.rollback?.reason ?? known.statusReason,
    startedAt: known.startedAt ?? known.createdAt,
    finishedAt: known.finishedAt ?? known.stoppedAt,
    ...(rollout.counts.desired === 0 &&
      target && {
        counts: {
          desired: target.requestedTaskCount ?? 0,
          running: target.runningTaskCount ?? 0,
          pending: target.pendingTaskCount ?? 0,
          failed: known.deploymentCircuitBreaker?.failureCount ?? 0,
        },
      }),
  };
  const later = newest(history.serviceDeployments.filter((other) => other !== known && isLater(other, known)));
  const superseded = later !== undefined && targetOf(later, history.revisions) !== taskDefinition;
  switch (known.status) {
    case "SUCCESSFUL":
      return { ...details, state: rollout.current === taskDefinition ? "serving" : "superseded" };
    case "ROLLBACK_REQUESTED":
    case "ROLLBACK_IN_PROGRESS":
    case "STOP_REQUESTED":
      return { ...details, state: "rollingBack" };
    case "ROLLBACK_SUCCESSFUL":
      return { ...details, state: superseded ? "superseded" : "rolledBack" };
    case "ROLLBACK_FAILED":
      return { ...details, state: "rollbackFailed" };
    case "STOPPED":
      if (superseded) return { ...details, state: "superseded" };
      return { ...details, state: known.deploymentCircuitBreaker?.status === "TRIGGERED" || alarmed(known) ? "failed" : "stopped" };
    default:
      return { ...details, state: superseded ? "superseded" : "inProgress" };
  }
}

/** From the service's own `deployments`: all there is where AWS keeps no service deployment, and in emulators. */
function fromDeployments(ours: Deployment | undefined, primary: Deployment | undefined): Partial<Rollout> {
  if (!ours) return { state: "unseen" };
  const reason = ours.rolloutStateReason || undefined;
  const leads = ours.status === "PRIMARY";
  if (ours.rolloutState === "FAILED") {
    if (leads || !primary) return { state: "failed", reason };
    return { state: primary.rolloutState === "IN_PROGRESS" ? "rollingBack" : "rolledBack", reason, finishedAt: ours.updatedAt };
  }
  if (!leads) return { state: "superseded", reason };
  // COMPLETED alone is not proof: an empty deployment is complete before its first task runs.
  const complete = ours.rolloutState === "COMPLETED" && (ours.runningCount ?? 0) >= (ours.desiredCount ?? 0);
  return { state: complete ? "serving" : "inProgress", reason };
}

export function primaryOf(service: Service): Deployment | undefined {
  return service.deployments?.find((deployment) => deployment.status === "PRIMARY");
}

export function targetOf(deployment: ServiceDeployment, revisions: Record<string, string>): string | undefined {
  const arn = deployment.targetServiceRevision?.arn;
  return arn === undefined ? undefined : revisions[arn];
}

/**
 * The revision to go back to: the newest one that a rollout brought to success, other than the current one. Undefined where AWS
 * remembers none.
 */
export function previousGood(history: DeploymentHistory, current: string): string | undefined {
  const successes = history.serviceDeployments.filter((deployment) => deployment.status === "SUCCESSFUL").sort(byAge);
  const targets = successes.map((deployment) => targetOf(deployment, history.revisions));
  const settled = (history.service.deployments ?? []).filter((deployment) => deployment.rolloutState === "COMPLETED").sort(byAge);
  return [...targets, ...settled.map((deployment) => deployment.taskDefinition)].find(
    (target) => target !== undefined && target !== current,
  );
}

/** Revisions that are known to have failed, which are never rolled back to. */
export function failedRevisions(history: DeploymentHistory): Set<string> {
  const bad = history.serviceDeployments
    .filter((deployment) => deployment.status === "ROLLBACK_SUCCESSFUL" || deployment.status === "ROLLBACK_FAILED")
    .map((deployment) => targetOf(deployment, history.revisions));
  const failed = (history.service.deployments ?? []).filter((deployment) => deployment.rolloutState === "FAILED");
  return new Set([...bad, ...failed.map((deployment) => deployment.taskDefinition)].filter((name) => name !== undefined));
}

/** Minutes for starting and draining tasks, on top of what a strategy waits by design. */
const WORKING_MINUTES = 20;

/** How long a rollout may take before it counts as stuck, in minutes, from the strategy and its bake times. */
export function timeoutMinutes(configuration: DeploymentConfiguration | undefined): number {
  const { strategy, bakeTimeInMinutes: bake = 15, canaryConfiguration, linearConfiguration, lifecycleHooks = [] } = configuration ?? {};
  if (strategy === undefined || strategy === "ROLLING") return WORKING_MINUTES;
  // AWS's defaults where the service says nothing: 15 minutes of bake, 10 for a canary, steps of 10 % and 6 minutes, hooks of a day.
  const canary = strategy === "CANARY" ? (canaryConfiguration?.canaryBakeTimeInMinutes ?? 10) : 0;
  const steps = Math.ceil(100 / (linearConfiguration?.stepPercent ?? 10)) - 1;
  const linear = strategy === "LINEAR" ? steps * (linearConfiguration?.stepBakeTimeInMinutes ?? 6) : 0;
  const pauses = lifecycleHooks
    .filter((hook) => hook.targetType === "PAUSE")
    .reduce((sum, hook) => sum + (hook.timeoutConfiguration?.timeoutInMinutes ?? 1440) * (hook.lifecycleStages?.length ?? 1), 0);
  return WORKING_MINUTES + bake + canary + linear + pauses;
}

const STAGES: Record<string, string> = {
  RECONCILE_SERVICE: "reconciling the service",
  PRE_SCALE_UP: "before scaling up",
  SCALE_UP: "starting the new tasks",
  POST_SCALE_UP: "new tasks are up, no traffic yet",
  TEST_TRAFFIC_SHIFT: "shifting test traffic",
  POST_TEST_TRAFFIC_SHIFT: "test traffic is on the new tasks",
  PRE_PRODUCTION_TRAFFIC_SHIFT: "before shifting production traffic",
  PRODUCTION_TRAFFIC_SHIFT: "shifting production traffic",
  POST_PRODUCTION_TRAFFIC_SHIFT: "production traffic is on the new tasks",
  BAKE_TIME: "baking: both revisions run, alarms are watched",
  CLEAN_UP: "stopping the old tasks",
};

/** What the strategy is doing: stage, traffic share and a hook that waits, as one phrase; undefined for a plain rolling update. */
export function describeStage(rollout: Rollout): string | undefined {
  const deployment = rollout.serviceDeployment;
  const strategy = deployment?.deploymentConfiguration?.strategy;
  if (!deployment || strategy === undefined || strategy === "ROLLING") return undefined;
  const parts = [deployment.lifecycleStage && (STAGES[deployment.lifecycleStage] ?? deployment.lifecycleStage)];
  const weight = deployment.targetServiceRevision?.requestedProductionTrafficWeight;
  if (weight !== undefined) parts.push(`${weight} % of production traffic`);
  const waiting = deployment.lifecycleHookDetails?.find((hook) => hook.status === "AWAITING_ACTION");
  if (waiting) {
    const end = waiting.expiresAt ? `, ${waiting.timeoutAction ?? "ROLLBACK"} at ${waiting.expiresAt.toISOString()}` : "";
    parts.push(`hook ${waiting.hookId} waits for CONTINUE or ROLLBACK${end}`);
  }
  return `${strategy.toLowerCase().replace("_", "/")}: ${parts.filter(Boolean).join(", ")}`;
}

/** The outcome in one sentence. */
export function headline(rollout: Rollout): string {
  const requested = revisionName(rollout.taskDefinition);
  const other = revisionName(rollout.current);
  switch (rollout.state) {
    case "serving":
      return `${requested} serves: ${rollout.counts.running} of ${rollout.counts.desired} tasks run.`;
    case "rolledBack":
      if (other === requested) return `The new deployment of ${requested} failed: ECS went back to the tasks of the previous one.`;
      return `${requested} did not go live: ECS rolled the service back to ${other}.`;
    case "rollbackFailed":
      return other === requested
        ? `${requested} did not go live, and there is no earlier revision to go back to.`
        : `${requested} did not go live, and the rollback failed; the service is now on ${other}.`;
    case "failed":
      return `${requested} did not go live: ECS ended the deployment with nothing to roll back to, or with rollback turned off.`;
    case "stopped":
      return `The deployment of ${requested} was stopped before its end; the service is now on ${other}.`;
    case "superseded":
      return `${requested} is not the revision that serves: ${other} was deployed after it.`;
    case "unseen":
      return `${requested} has no deployment on this service in ECS's records; the service runs ${other}.`;
    case "rollingBack":
      return `${requested} is being rolled back to ${other}.`;
    case "inProgress":
      return `${requested} is still being rolled out: ${rollout.counts.running} of ${rollout.counts.desired} tasks run.`;
  }
}

function countsOf(deployment: Deployment | undefined): Rollout["counts"] {
  const { desiredCount = 0, runningCount = 0, pendingCount = 0, failedTasks = 0 } = deployment ?? {};
  return { desired: desiredCount, running: runningCount, pending: pendingCount, failed: failedTasks };
}

function alarmed(deployment: ServiceDeployment): boolean {
  return deployment.alarms?.status === "TRIGGERED" || (deployment.alarms?.triggeredAlarmNames?.length ?? 0) > 0;
}

const MOVING = ["PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"];

/** Whether a service deployment has come to its end, good or bad. */
export function isOver(deployment: ServiceDeployment): boolean {
  return !MOVING.includes(deployment.status ?? "");
}

interface Dated {
  createdAt?: Date;
}

function byAge(a: Dated, b: Dated): number {
  return (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0);
}

function newest<T extends Dated>(all: T[]): T | undefined {
  return [...all].sort(byAge)[0];
}

function isLater(a: Dated, b: Dated): boolean {
  return byAge(a, b) < 0;
}
