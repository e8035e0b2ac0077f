import type { ContainerDefinition, Task } from "@aws-sdk/client-ecs";
import { shortTaskId } from "../../facts/arns";
import { belongsTo, type Rollout } from "../follow/deployment";
import type { Observation, Observer, TargetGroupHealth } from "../follow/observe";
import { isUnhealthy, targetsOf } from "../follow/targets";
import { CAUSES, type Cause } from "./causes";
import { loggedElsewhere, logSource, tail } from "./container-logs";
import { type Evidence, eventsOf, failedContainer, failedTasksOf, type LogLine, mainContainer } from "./evidence";
import { answerOf, describeCheck } from "./health-check";
import { first, type Match } from "./recognize";

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
  /** Its last lines, or where they are that cannot be read here. */
  log: { container?: string; lines: string[]; elsewhere?: string };
  healthCheck?: { check: string; answer?: string };
  /** The latest service events, newest first. */
  events: string[];
}

const LOG_LINES = 20;

/** What following saw that a single observation cannot. */
export interface Seen {
  /** Target health when the load balancer last found a task of the rollout unhealthy. */
  unhealthy: TargetGroupHealth[];
  /** Minutes after which the wait was given up. */
  gaveUpAfter?: number;
}

/** What an observation holds about a failing rollout: failed tasks, events, target health. Pure. */
export function evidenceIn(observation: Observation, rollout: Rollout, { unhealthy, gaveUpAfter }: Seen): Evidence {
  const targets = targetsOf(observation, rollout);
  return {
    service: observation.service,
    rollout,
    failedTasks: failedTasksOf(rollout, observation.stopped),
    events: eventsOf(observation, rollout).map(({ message = "" }) => message),
    targetGroups: targets.some(isUnhealthy) || unhealthy.length === 0 ? targets : unhealthy,
    log: [],
    gaveUpAfter,
  };
}

/** Collects what a failed rollout left behind: besides the observation, its task definition and the failed container's last log lines. */
export async function gather(observer: Observer, observation: Observation, rollout: Rollout, seen: Seen): Promise<Evidence> {
  const read = () => observer.taskDefinition(rollout.taskDefinition);
  const evidence = {
    ...evidenceIn(observation, rollout, seen),
    taskDefinition: await observer.ifPermitted("the task definition", read, undefined),
  };
  // A task that is up but never becomes healthy has a log as well.
  const task = evidence.failedTasks[0] ?? observation.running.find((running) => belongsTo(running, rollout));
  const log = await logOf(observer, task, evidence);
  return { ...evidence, log, unread: [...observer.unread.values()] };
}

/** The container that a task failed by, as the task definition has it. */
function blamed(task: Task | undefined, { taskDefinition, service }: Evidence): ContainerDefinition | undefined {
  const name = failedContainer(task)?.name;
  return taskDefinition?.containerDefinitions?.find((container) => container.name === name) ?? mainContainer(taskDefinition, service);
}

/** The last log lines of the container that a task failed by. */
export async function logOf(observer: Observer, task: Task | undefined, evidence: Evidence): Promise<LogLine[]> {
  if (!task) return [];
  const source = logSource(blamed(task, evidence));
  if (!source) return [];
  return observer.ifPermitted("the container's log", () => tail(observer.aws, source, task.taskArn, LOG_LINES), []);
}

/** The first cause of the table that recognizes the evidence. Pure. */
export function causeOf(evidence: Evidence): { cause: Cause; match: Match } | undefined {
  return first(CAUSES, (cause) => {
    const match = cause.recognize(evidence);
    return match && { cause, match };
  });
}

/** Names the cause by the table of causes. Pure. */
export function diagnose(evidence: Evidence): Diagnosis {
  const { failedTasks, log, service, taskDefinition, unread = [] } = evidence;
  const found = causeOf(evidence);
  const task = found?.match.task ?? failedTasks[0];
  const answer = answerOf(evidence);
  const container = blamed(task, evidence);
  const elsewhere = container && loggedElsewhere(container);
  return {
    cause: found?.cause.id ?? "unknown",
    ...(found
      ? { sentence: found.cause.sentence(found.match, evidence), advice: found.cause.advice(found.match, evidence) }
      : unknownCause(unread)),
    stoppedReason: task?.stoppedReason || undefined,
    containers: (task?.containers ?? [])
      .filter((container) => container.exitCode !== undefined || container.reason)
      .map(({ name = "?", exitCode, reason }) => ({ name, exitCode, reason: reason || undefined })),
    task: task && shortTaskId(task.taskArn),
    log: {
      container: (failedContainer(task) ?? mainContainer(taskDefinition, service))?.name,
      lines: log.map((line) => line.text),
      ...(elsewhere !== undefined && { elsewhere }),
    },
    healthCheck: answer === undefined ? undefined : { check: describeCheck(evidence), answer },
    events: evidence.events.filter((event) => !/has reached a steady state/.test(event)).slice(0, 3),
  };
}

function unknownCause(unread: string[]): Pick<Diagnosis, "sentence" | "advice"> {
  if (unread.length > 0) {
    return {
      sentence: `The cause cannot be read without ${unread.join(", ")}.`,
      advice: ["Add these actions to the policy of the role or user that runs berth (docs/ci.md), and run `npx berth wait` again."],
    };
  }
  return {
    sentence: "AWS shows no trace of the cause: no stopped task, no event, no alarm.",
    advice: ["Deploy again and watch with `npx berth wait`; ECS lists stopped tasks for about an hour."],
  };
}
