import { setTimeout as sleep } from "node:timers/promises";
import { assess, describeStage, isMoving, type Rollout, timeoutMinutes } from "./deployment";
import { gather } from "./diagnose";
import type { Evidence } from "./evidence";
import { duration, revisionName } from "./names";
import { Told } from "./news";
import type { Observer, TargetGroupHealth } from "./observe";
import type { Display } from "./render";
import { describeTargets, isAiling, targetsOf } from "./targets";

export interface FollowOptions {
  /** ARN of the revision to follow. */
  taskDefinition: string;
  /** Minutes until the wait is given up; from the deployment's strategy when left out. */
  timeout?: number;
  /** Seconds between two looks at AWS. */
  every: number;
  interrupt: AbortSignal;
  /** The end that counts as success: `rolledBack` when it is the rollback that was asked for. Default: `serving`. */
  goal?: "serving" | "rolledBack";
}

export interface FollowResult {
  rollout: Rollout;
  /** Why following ended. */
  end: "settled" | "interrupted" | "deadline";
  /** What is known of a failure; absent on success and on an interruption. */
  evidence?: Evidence;
}

/** AWS may need a moment before a new deployment or service shows: after so many looks, what they show is believed. */
const PATIENCE = 6;

/** Follows the rollout of one revision until it is decided, and shows what happens on the way. It only reads. */
export async function follow(observer: Observer, display: Display, options: FollowOptions): Promise<FollowResult> {
  const { taskDefinition, goal = "serving", interrupt } = options;
  const started = performance.now();
  const told = new Told();
  const pause = () => sleep(options.every * 1000, undefined, { signal: interrupt }).catch(() => undefined);
  let rollout: Rollout = { state: "unseen", taskDefinition, deploymentIds: [], counts: NOTHING };
  // A target's health is gone with its task, so the last bad one is kept for the diagnosis.
  let ailing: TargetGroupHealth[] = [];
  let seen = false;
  for (let looks = 1; !interrupt.aborted; looks++, await pause()) {
    const patient = !seen && looks < PATIENCE;
    const service = patient ? await observer.findService() : await observer.service();
    if (!service) continue;
    const limit = options.timeout ?? timeoutMinutes(service.deploymentConfiguration);
    const elapsed = (performance.now() - started) / 1000;
    const observation = await observer.observe(service);
    rollout = assess(observation, taskDefinition);
    const targets = targetsOf(observation, rollout);
    if (targets.some(isAiling)) ailing = targets;
    const settled = patient
      ? !isMoving(rollout.state) && rollout.state !== "superseded"
      : !isMoving(rollout.state) || rollout.state === "unseen";
    // What was decided before the first look is no news.
    if (!settled || seen) for (const line of told.news(observation, rollout)) display.event(line);
    display.status(statusLines(rollout, targets), `  ${duration(elapsed)} of at most ${duration(limit * 60)}`);

    if (settled)
      return {
        rollout,
        end: "settled",
        ...(rollout.state !== goal && { evidence: await gather(observer, observation, rollout, { ailing }) }),
      };
    if (elapsed > limit * 60) {
      return { rollout, end: "deadline", evidence: await gather(observer, observation, rollout, { ailing, gaveUpAfter: limit }) };
    }
    seen ||= rollout.state === "inProgress" || rollout.state === "rollingBack";
  }
  return { rollout, end: "interrupted" };
}

const NOTHING = { desired: 0, running: 0, pending: 0, failed: 0 };

/** The standing of a rollout in at most two lines. */
export function statusLines(rollout: Rollout, targets: TargetGroupHealth[]): string[] {
  const { desired, running, pending, failed } = rollout.counts;
  const counts = [`${running} of ${desired} running`, pending > 0 && `${pending} pending`, failed > 0 && `${failed} failed`];
  const states: Partial<Record<Rollout["state"], string>> = {
    unseen: "not started yet",
    rollingBack: `rolling back to ${revisionName(rollout.current)}`,
  };
  const standing = `${revisionName(rollout.taskDefinition)}: ${counts.filter(Boolean).join(", ")}`;
  const stage = describeStage(rollout);
  return [[standing, describeTargets(targets), states[rollout.state]].filter(Boolean).join("; "), ...(stage ? [`  ${stage}`] : [])];
}
