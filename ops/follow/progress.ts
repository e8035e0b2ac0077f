import type { Task } from "@aws-sdk/client-ecs";
import { shortTaskId } from "../../facts/arns";
import { plural } from "../../tool/text";
import { eventsOf, failedTasksOf } from "../diagnosis/evidence";
import type { Rollout } from "./deployment";
import type { Observation } from "./observe";

/** Lines of each kind that one look may add. */
const AT_ONCE = 3;

/** Remembers what was said, so that each event and each stop is told once, and a run of equal stops as one. */
export class Progress {
  private readonly events = new Set<string>();
  private readonly stops = new Set<string>();
  private readonly reasons = new Set<string>();

  newLines(observation: Observation, rollout: Rollout): string[] {
    return [...this.newEvents(observation, rollout), ...this.newStops(failedTasksOf(rollout, observation.stopped))];
  }

  private newEvents(observation: Observation, rollout: Rollout): string[] {
    const fresh = eventsOf(observation, rollout).filter(({ id }) => id && !this.events.has(id));
    for (const { id } of fresh) this.events.add(id!);
    // ECS lists the newest first; people read the other way round.
    const lines = fresh.reverse().map(({ message = "" }) => `  ${message.replace(/^\(service [^)]+\)\s*/, "")}`);
    return lines.length > AT_ONCE ? [`  (${plural(lines.length - AT_ONCE, "earlier event")})`, ...lines.slice(-AT_ONCE)] : lines;
  }

  private newStops(stopped: Task[]): string[] {
    const fresh = stopped.filter((task) => task.taskArn && !this.stops.has(task.taskArn));
    for (const task of fresh) this.stops.add(task.taskArn!);
    const lines: string[] = [];
    for (const task of fresh.reverse()) {
      const reason = stopReason(task);
      const known = this.reasons.has(reason);
      this.reasons.add(reason);
      lines.push(
        known
          ? `  task ${shortTaskId(task.taskArn)} stopped for the same reason`
          : `  task ${shortTaskId(task.taskArn)} stopped: ${reason}`,
      );
    }
    return lines.length > AT_ONCE ? [...lines.slice(0, AT_ONCE), `  and ${plural(lines.length - AT_ONCE, "more task")} stopped`] : lines;
  }
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
