import type { Task } from "@aws-sdk/client-ecs";
import { shortTaskId } from "../../facts/arns";
import type { Rollout } from "../follow/deployment";
import type { Observation, Observer, TargetGroupHealth } from "../follow/observe";
import { isUnhealthy, targetsOf } from "../follow/targets";
import { CAUSES } from "./causes";
import { logSource, tail } from "./container-logs";
import { type Evidence, eventsOf, failedContainer, failedTasksOf, type LogLine, mainContainer } from "./evidence";
import { answerOf, describeCheck } from "./health-check";
import { first } from "./recognize";

/** Why something failed, in parts that a terminal prints and a script reads. */
export interface Diagnosis {
  /** Id of the entry in the table of causes; `unknown` when none recognized it. */
  cause: string;
  sentence: string;
  advice: string[];
  stoppedReason?: string;
  /** The failed task's containers that ended, with exit code and reason. */
  containers: { name: string; exitCode?: number; reason?: string }[];
  task?: string;
  log: { container?: string; lines: string[] };
  healthCheck?: { check: string; answer?: string };
  /** The latest service events, newest first. */
  events: string[];
}

const LOG_LINES = 20;

/** What following saw that one last look cannot. */
export interface Seen {
  /** Target health when the load balancer last found a task of the rollout unhealthy. */
  unhealthy: TargetGroupHealth[];
  /** Minutes after which the wait was given up. */
  gaveUpAfter?: number;
}

/** Collects what a failed rollout left behind: its failed tasks, events, target health and the failed container's last log lines. */
export async function gather(
  observer: Observer,
  observation: Observation,
  rollout: Rollout,
  { unhealthy, gaveUpAfter }: Seen,
): Promise<Evidence> {
  const taskDefinition = await observer.taskDefinition(rollout.taskDefinition);
  const failedTasks = failedTasksOf(rollout, observation.stopped);
  const { service, running } = observation;
  const targets = targetsOf(observation, rollout);
  const evidence: Evidence = {
    service,
    rollout,
    taskDefinition,
    failedTasks,
    events: eventsOf(observation, rollout).map(({ message = "" }) => message),
    targetGroups: targets.some(isUnhealthy) || unhealthy.length === 0 ? targets : unhealthy,
    log: [],
    gaveUpAfter,
  };
  // A task that is up but never becomes healthy has a log as well.
  const suspect = failedTasks[0] ?? running.find((task) => task.taskDefinitionArn === rollout.taskDefinition);
  return { ...evidence, log: await logOf(observer, suspect, evidence) };
}

/** The last log lines of the container that a task failed by. */
export async function logOf(observer: Observer, task: Task | undefined, { taskDefinition, service }: Evidence): Promise<LogLine[]> {
  if (!task) return [];
  const name = failedContainer(task)?.name;
  const definition =
    taskDefinition?.containerDefinitions?.find((container) => container.name === name) ?? mainContainer(taskDefinition, service);
  const source = logSource(definition);
  return source ? tail(observer.aws, source, task.taskArn, LOG_LINES) : [];
}

/** Names the cause by the table of causes. Pure. */
export function diagnose(evidence: Evidence): Diagnosis {
  const { failedTasks, log, service, taskDefinition } = evidence;
  const found = first(CAUSES, (cause) => {
    const match = cause.recognize(evidence);
    return match && { cause, match };
  });
  const task = found?.match.task ?? failedTasks[0];
  const answer = answerOf(evidence);
  return {
    cause: found?.cause.id ?? "unknown",
    sentence: found?.cause.sentence(found.match, evidence) ?? "AWS shows no trace of the cause: no stopped task, no event, no alarm.",
    advice: found?.cause.advice(found.match, evidence) ?? [
      "Deploy again and watch with `berth wait`; ECS lists stopped tasks for about an hour.",
    ],
    stoppedReason: task?.stoppedReason || undefined,
    containers: (task?.containers ?? [])
      .filter((container) => container.exitCode !== undefined || container.reason)
      .map(({ name = "?", exitCode, reason }) => ({ name, exitCode, reason: reason || undefined })),
    task: task && shortTaskId(task.taskArn),
    log: { container: (failedContainer(task) ?? mainContainer(taskDefinition, service))?.name, lines: log.map((line) => line.text) },
    healthCheck: answer === undefined ? undefined : { check: describeCheck(evidence), answer },
    events: evidence.events.filter((event) => !/has reached a steady state/.test(event)).slice(0, 3),
  };
}
