import { setTimeout as sleep } from "node:timers/promises";
import { revisionName } from "../../facts/arns";
import { duration } from "../../tool/text";
import { gather } from "../diagnosis/diagnose";
import { type Evidence, failedTasksOf } from "../diagnosis/evidence";
import type { Display } from "../render";
import { assess, describeStage, type Rollout, timeoutMinutes } from "./deployment";
import type { Observer, TargetGroupHealth } from "./observe";
import { Progress } from "./progress";
import { describeTargets, isUnhealthy, targetsOf } from "./targets";

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

/** Follows the rollout of one revision until it is decided, and shows what happens on the way. It only reads. */
export async function follow(observer: Observer, display: Display, options: FollowOptions): Promise<FollowResult> {
  const { taskDefinition, goal = "serving", interrupt } = options;
  const started = performance.now();
  const progress = new Progress();
  const pause = () => sleep(options.every * 1000, undefined, { signal: interrupt }).catch(() => undefined);
  let rollout: Rollout = { state: "unseen", taskDefinition, deploymentIds: [], counts: NOTHING };
  // A target's health is gone with its task, so the last bad one is kept for the diagnosis.
  let unhealthy: TargetGroupHealth[] = [];
  const patience = new Patience();
  for (; !interrupt.aborted; await pause()) {
    const service = patience.look() ? await observer.findService() : await observer.service();
    if (!service) continue;
    const limit = options.timeout ?? timeoutMinutes(service.deploymentConfiguration);
    const elapsed = (performance.now() - started) / 1000;
    const observation = await observer.observe(service);
    rollout = assess(observation, taskDefinition);
    const targets = targetsOf(observation, rollout);
    if (targets.some(isUnhealthy)) unhealthy = targets;
    const settled = patience.isSettled(rollout, failedTasksOf(rollout, observation.stopped).length);
    // What was decided before the first look is no news.
    if (!settled || patience.sawItMove) for (const line of progress.newLines(observation, rollout)) display.event(line);
    display.status(statusLines(rollout, targets), `  ${duration(elapsed)} of at most ${duration(limit * 60)}`);

    if (settled) {
      const failed = rollout.state !== goal;
      return { rollout, end: "settled", ...(failed && { evidence: await gather(observer, observation, rollout, { unhealthy }) }) };
    }
    if (elapsed > limit * 60) {
      return { rollout, end: "deadline", evidence: await gather(observer, observation, rollout, { unhealthy, gaveUpAfter: limit }) };
    }
  }
  return { rollout, end: "interrupted" };
}

/** Looks after which AWS is believed: a new deployment or service may need a moment before it shows. */
const LOOKS = 6;

/** Decides when an answer of AWS is to be believed. */
class Patience {
  sawItMove = false;
  private looks = 0;
  private failures: number | undefined;

  /** Counts a look; whether the service may still be missing at it. */
  look(): boolean {
    this.looks++;
    return this.isPatient;
  }

  private get isPatient(): boolean {
    return !this.sawItMove && this.looks < LOOKS;
  }

  isSettled(rollout: Rollout, failures: number): boolean {
    const quiet = failures === this.failures;
    this.failures = failures;
    switch (rollout.state) {
      case "inProgress":
      case "rollingBack":
        this.sawItMove = true;
        return false;
      case "unseen":
      case "superseded":
        return !this.isPatient;
      case "serving":
        // Without a record of deployments, "complete" comes before a task has proved itself: a look without a new failure has to confirm it.
        return rollout.serviceDeployment !== undefined || quiet;
      default:
        return true;
    }
  }
}

const NOTHING = { desired: 0, running: 0, pending: 0, failed: 0 };

/** The standing of a rollout in at most two lines. */
function statusLines(rollout: Rollout, targets: TargetGroupHealth[]): string[] {
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
