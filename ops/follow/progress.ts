import type { Task } from "@aws-sdk/client-ecs";
import { shortTaskId } from "../../facts/arns";
import { plural } from "../../tool/text";
import { eventsOf, failedTasksOf } from "../diagnosis/evidence";
import type { Rollout } from "./deployment";
import type { Observation } from "./observe";

/** Lines of each kind that one poll may add. */
const AT_ONCE = 3;

/**
 * Remembers what was printed, so that each thing is printed once. Events and stops that differ only in ids and numbers are one thing: a task that crashes
 * again and again is one line, and the status counts the rest.
 */
export class Progress {
  private readonly seen = new Set<string>();
  private readonly printed = new Set<string>();

  newLines(observation: Observation, rollout: Rollout): string[] {
    return [...this.newEvents(observation, rollout), ...this.newStops(failedTasksOf(rollout, observation.stopped))];
  }

  private newEvents(observation: Observation, rollout: Rollout): string[] {
    const fresh = eventsOf(observation, rollout).filter(({ id }) => id && this.isNew(id));
    // ECS lists the newest first; people read the other way round.
    const messages = fresh.reverse().map(({ message = "" }) => message.replace(/^\(service [^)]+\)\s*/, ""));
    const lines = messages.filter((message) => this.isFirst(message)).map((message) => `  ${message}`);
    return lines.length > AT_ONCE ? [`  (${plural(lines.length - AT_ONCE, "earlier event")})`, ...lines.slice(-AT_ONCE)] : lines;
  }

  private newStops(stopped: Task[]): string[] {
    const fresh = stopped.filter(({ taskArn }) => taskArn && this.isNew(taskArn)).reverse();
    const lines = fresh
      .map((task) => ({ task, reason: stopReason(task) }))
      .filter(({ reason }) => this.isFirst(reason))
      .map(({ task, reason }) => `  task ${shortTaskId(task.taskArn)} stopped: ${reason}`);
    return lines.length > AT_ONCE ? [...lines.slice(0, AT_ONCE), `  and ${plural(lines.length - AT_ONCE, "more task")} stopped`] : lines;
  }

  private isNew(id: string): boolean {
    return remember(this.seen, id);
  }

  private isFirst(message: string): boolean {
    return remember(this.printed, kindOf(message));
  }
}

/** Whether the set did not have the item yet; it has it afterwards. */
function remember(set: Set<string>, item: string): boolean {
  if (set.has(item)) return false;
  set.add(item);
  return true;
}

/** A message without what differs from one task or moment to the next: ids, counts, addresses, times. */
export function kindOf(message: string): string {
  return message
    .replace(/(?:\((?:task|instance|port|deployment) [^)]*\)[\s,]*)+/g, "(…) ")
    .replace(/\b\d+ (?=(?:running )?(?:task|target)s?\b)/g, "")
    .replace(/\b\d{4}-\d\d-\d\d[T ][\d:.]+|\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b|\b\d+(?:\.\d+){3}\b/gi, "…");
}

/** Why a task stopped, with the exit codes, on one line. */
export function stopReason(task: Task): string {
  const codes = (task.containers ?? [])
    .filter((container) => container.exitCode !== undefined || container.reason)
    .map((container) =>
      [container.name, container.exitCode !== undefined && `exit code ${container.exitCode}`, container.reason].filter(Boolean).join(" "),
    );
  return [task.stoppedReason || task.stopCode || "no reason given", ...codes.map((code) => `(${code})`)].join(" ");
}
