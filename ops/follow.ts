import { setTimeout as sleep } from "node:timers/promises";
import type { Task } from "@aws-sdk/client-ecs";
import { assess, describeStage, isMoving, type Rollout, timeoutMinutes } from "./deployment";
import { gather } from "./diagnose";
import { type Evidence, failedTasksOf, hasFailed } from "./evidence";
import { duration, plural, revisionName, shortTaskId } from "./names";
import type { Observation, Observer } from "./observe";
import type { Display } from "./render";

export interface FollowOptions {
  /** ARN of the revision to follow. */
  taskDefinition: string;
  /** Minutes until the wait is given up; from the deployment's strategy when left out. */
  timeout?: number;
  /** Seconds between two looks at AWS. */
  every: number;
  interrupt: AbortSignal;
}

export interface FollowResult {
  rollout: Rollout;
  /** Why following ended. */
  end: "settled" | "interrupted" | "deadline";
  /** What is known of a failure; absent on success and on an interruption. */
  evidence?: Evidence;
}

/** AWS may need a moment before a new deployment or service shows: so many looks without a trace are too many. */
const PATIENCE = 6;

/** Follows the rollout of one revision until it is decided, and shows what happens on the way. It only reads. */
export async function follow(observer: Observer, display: Display, options: FollowOptions): Promise<FollowResult> {
  const started = performance.now();
  const told = new Told();
  const pause = () => sleep(options.every * 1000, undefined, { signal: options.interrupt }).catch(() => undefined);
  let rollout: Rollout = { state: "unseen", taskDefinition: options.taskDefinition, deploymentIds: [], counts: NOTHING };
  for (let unseen = 1; !options.interrupt.aborted; await pause()) {
    const service = unseen < PATIENCE ? await observer.findService() : await observer.service();
    if (!service) {
      unseen++;
      continue;
    }
    const limit = options.timeout ?? timeoutMinutes(service.deploymentConfiguration);
    const elapsed = (performance.now() - started) / 1000;
    const observation = await observer.observe(service);
    rollout = assess(observation, options.taskDefinition);
    for (const line of told.news(observation, rollout)) display.event(line);
    display.status(statusLines(observation, rollout), `  ${duration(elapsed)} of at most ${duration(limit * 60)}`);

    unseen = rollout.state === "unseen" ? unseen + 1 : 1;
    if (rollout.state === "serving") return { rollout, end: "settled" };
    if (!isMoving(rollout.state) || unseen > PATIENCE)
      return { rollout, end: "settled", evidence: await gather(observer, observation, rollout) };
    if (elapsed > limit * 60) return { rollout, end: "deadline", evidence: await gather(observer, observation, rollout, limit) };
  }
  return { rollout, end: "interrupted" };
}

const NOTHING = { desired: 0, running: 0, pending: 0, failed: 0 };

/** The standing of a rollout in at most two lines. */
export function statusLines(observation: Observation, rollout: Rollout): string[] {
  const { desired, running, pending, failed } = rollout.counts;
  const counts = [`${running} of ${desired} running`, pending > 0 && `${pending} pending`, failed > 0 && `${failed} failed`];
  const states: Partial<Record<Rollout["state"], string>> = {
    unseen: "not started yet",
    rollingBack: `rolling back to ${revisionName(rollout.current)}`,
  };
  const standing = `${revisionName(rollout.taskDefinition)}: ${counts.filter(Boolean).join(", ")}`;
  const stage = describeStage(rollout);
  return [
    [standing, targetsLine(observation, rollout), states[rollout.state]].filter(Boolean).join("; "),
    ...(stage ? [`  ${stage}`] : []),
  ];
}

/** How the load balancer finds the revision's own tasks. */
function targetsLine(observation: Observation, rollout: Rollout): string | undefined {
  const ours = observation.running.filter((task) => task.taskDefinitionArn === rollout.taskDefinition);
  const addresses = new Set(ours.flatMap(privateAddresses));
  const targets = observation.targetGroups.flatMap((group) => group.targets).filter((target) => addresses.has(target.Target?.Id ?? ""));
  if (targets.length === 0) return undefined;
  const healthy = targets.filter((target) => target.TargetHealth?.State === "healthy").length;
  const bad = targets.find((target) => target.TargetHealth?.State === "unhealthy")?.TargetHealth;
  return `targets: ${healthy} of ${targets.length} healthy${bad ? ` (${bad.Description ?? bad.Reason})` : ""}`;
}

function privateAddresses(task: Task): string[] {
  const details = (task.attachments ?? []).flatMap((attachment) => attachment.details ?? []);
  return details.filter((detail) => detail.name === "privateIPv4Address").map((detail) => detail.value ?? "");
}

/** Remembers what was said, so that each event and each stop is told once, and a run of equal stops as one. */
class Told {
  private readonly events = new Set<string>();
  private readonly stops = new Set<string>();
  private readonly reasons = new Set<string>();

  news(observation: Observation, rollout: Rollout): string[] {
    return [...this.newEvents(observation, rollout), ...this.newStops(failedTasksOf(rollout, observation.stopped))];
  }

  private newEvents({ service }: Observation, rollout: Rollout): string[] {
    const fresh = (service.events ?? []).filter(
      (event) => event.id && !this.events.has(event.id) && (!rollout.startedAt || !event.createdAt || event.createdAt >= rollout.startedAt),
    );
    for (const event of fresh) this.events.add(event.id!);
    // ECS lists the newest first; people read the other way round.
    return fresh.reverse().map((event) => `  ${(event.message ?? "").replace(/^\(service [^)]+\)\s*/, "")}`);
  }

  private newStops(stopped: Task[]): string[] {
    const fresh = stopped.filter((task) => task.taskArn && !this.stops.has(task.taskArn) && hasFailed(task));
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
    return lines.length > 3 ? [...lines.slice(0, 2), `  and ${plural(lines.length - 2, "more task")} stopped`] : lines;
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
