import type { ContainerDefinition, Service, ServiceEvent, Task, TaskDefinition } from "@aws-sdk/client-ecs";
import { belongsTo, type Rollout } from "../follow/deployment";
import type { Observation, TargetGroupHealth } from "../follow/observe";

export interface LogLine {
  /** Milliseconds since 1970, as CloudWatch stamps it. */
  at: number;
  text: string;
}

/** What the causes are judged by: everything about one failed rollout or task, gathered and cut down to what concerns it. */
export interface Evidence {
  service?: Service;
  rollout?: Rollout;
  taskDefinition?: TaskDefinition;
  /** The tasks of this rollout that failed; newest first. */
  failedTasks: Task[];
  /** Service events since the rollout began; newest first. */
  events: string[];
  targetGroups: TargetGroupHealth[];
  /** The last log lines of {@link failedContainer}, oldest first. */
  log: LogLine[];
  /** Minutes after which the wait was given up. */
  gaveUpAfter?: number;
  /** Actions that a permission is missing for, so that something above is empty. */
  unread?: string[];
}

/** Intended stops, which need no explanation: scaling in, a finished deployment, a person. */
const INTENDED_STOPS =
  /Scaling activity|scaling down|Deployment completed|Task definition updated|capacity limit|Service deleted|stopped by user/i;

/** The tasks of a rollout that failed; never those of an earlier attempt. */
export function failedTasksOf(rollout: Rollout, stopped: Task[]): Task[] {
  return stopped.filter((task) => {
    const thisAttempt = !rollout.startedAt || !task.createdAt || task.createdAt >= rollout.startedAt;
    return belongsTo(task, rollout) && thisAttempt && hasFailed(task);
  });
}

/** Whether a task stopped for a reason that nobody intended. */
export function hasFailed(task: Task): boolean {
  if (task.stopCode === "UserInitiated") return false;
  return !INTENDED_STOPS.test(task.stoppedReason ?? "");
}

/** Service events since the rollout began, newest first; none while nothing of it is known. */
export function eventsOf({ service }: Observation, { startedAt }: Rollout): ServiceEvent[] {
  if (!startedAt) return [];
  return (service.events ?? []).filter(({ createdAt }) => !createdAt || createdAt >= startedAt);
}

/** The container to blame for a task's end: one with a reason of its own, else one that exited badly, else the first that exited. */
export function failedContainer(task: Task | undefined) {
  const containers = task?.containers ?? [];
  return (
    containers.find((container) => container.reason) ??
    containers.find((container) => (container.exitCode ?? 0) !== 0 && container.exitCode !== 143) ??
    containers.find((container) => container.exitCode !== undefined) ??
    containers.find((container) => container.healthStatus === "UNHEALTHY")
  );
}

/** What a person means by "the app": the container that takes the service's traffic, else the essential one that the task is named after, else the first. */
export function mainContainer(taskDefinition: TaskDefinition | undefined, service?: Service): ContainerDefinition | undefined {
  const definitions = taskDefinition?.containerDefinitions ?? [];
  const behindBalancer = service?.loadBalancers?.[0]?.containerName;
  const essential = definitions.filter((definition) => definition.essential !== false);
  return (
    definitions.find((definition) => definition.name === behindBalancer) ??
    essential.find(({ name }) => isNamedAfter(taskDefinition?.family, name)) ??
    essential[0] ??
    definitions[0]
  );
}

/** Whether a family is called after a container: `shop-prod-web` after `web`. A hash may stand behind it. */
const isNamedAfter = (family = "", name = "") =>
  `-${family.replace(/-[0-9a-f]{8}$/, "")}`.endsWith(`-${name}`) || `-${family}`.endsWith(`-${name}`);

/** AWS's reasons for a stop: the task's, and those of its containers. */
export function reasonsOf(task: Task | undefined): string {
  return [task?.stoppedReason, ...(task?.containers ?? []).map((container) => container.reason)].filter(Boolean).join(" | ");
}
