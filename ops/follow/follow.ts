import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "@aws-sdk/client-ecs";
import { revisionName } from "../../facts/arns";
import { explain } from "../../tool/errors";
import { duration } from "../../tool/text";
import { gather, type Seen } from "../diagnosis/diagnose";
import { type Evidence, failedTasksOf } from "../diagnosis/evidence";
import type { Display } from "../render";
import { Renewal } from "../stack/renewal";
import { assess, describeStage, type Rollout, timeoutMinutes } from "./deployment";
import type { Observation, Observer, TargetGroupHealth } from "./observe";
import { Progress } from "./progress";
import { Prospects } from "./prospects";
import { describeTargets, isUnhealthy, targetsOf } from "./targets";

export interface FollowOptions {
  /** ARN of the revision to follow. */
  taskDefinition: string;
  /** Minutes until the wait is given up; from the deployment's strategy when left out. */
  timeout?: number;
  /** Seconds between two polls. */
  every: number;
  interrupt: AbortSignal;
  /** The command that follows the same rollout again. */
  again: string;
  /** The end that counts as success: `rolledBack` when a rollback was requested. Default: `serving`. */
  goal?: "serving" | "rolledBack";
  /** What happens to a rollout that cannot succeed: it is left to ECS, or ECS is asked to roll it back. Default: `leave`. */
  onFailure?: "leave" | "rollback";
  /** Whether an update has just started a deployment. ECS may show the earlier one for a moment, so what is already over is confirmed by a second poll. */
  started?: boolean;
}

export interface FollowResult {
  rollout: Rollout;
  /** Why following ended. `lost`: the rollout is still in progress, and it is certain that it fails. */
  end: "settled" | "lost" | "interrupted" | "deadline";
  /** What is known of a failure; absent on success and on an interruption. */
  evidence?: Evidence;
}

/** Follows the rollout of one revision until it is decided, and prints what happens on the way. */
export async function follow(observer: Observer, display: Display, options: FollowOptions): Promise<FollowResult> {
  const { interrupt } = options;
  const follower = new Follower(observer, display, options);
  const renewal = new Renewal(observer.aws, { name: "the rollout", again: options.again });
  const pause = () => sleep(options.every * 1000, undefined, { signal: interrupt }).catch(() => undefined);
  for (; !interrupt.aborted; await pause()) {
    const result = await renewal.attempt(() => follower.poll());
    if (result?.end) return { ...result, end: result.end };
  }
  return { rollout: follower.rollout, end: "interrupted" };
}

class Follower {
  rollout: Rollout;
  private readonly started = performance.now();
  private readonly progress = new Progress();
  private readonly prospects = new Prospects();
  private readonly settling: Settling;
  private readonly unread = new Set<string>();
  private readonly otherIds = new Set<string>();
  /** A target's health is gone with its task, so the last bad one is kept for the diagnosis. */
  private unhealthy: TargetGroupHealth[] = [];
  private rollbackRequested = false;

  constructor(
    private readonly observer: Observer,
    private readonly display: Display,
    private readonly options: FollowOptions,
  ) {
    this.rollout = { state: "unseen", taskDefinition: options.taskDefinition, otherDeploymentIds: [], counts: NOTHING };
    this.settling = new Settling(options.started ?? false);
  }

  /** Reads AWS once. Without an `end` the rollout is still in progress. */
  async poll(): Promise<Partial<FollowResult> & { rollout: Rollout }> {
    const { observer, display, options } = this;
    const service = this.settling.beginPoll() ? await observer.findService() : await observer.service();
    if (!service) return { rollout: this.rollout };
    const limit = options.timeout ?? timeoutMinutes(service.deploymentConfiguration);
    const seconds = (performance.now() - this.started) / 1000;
    const observation = await observer.observe(service);
    const rollout = this.withEarlierIds(assess(observation, options.taskDefinition));
    this.rollout = rollout;
    const targets = targetsOf(observation, rollout);
    if (targets.some(isUnhealthy)) this.unhealthy = targets;
    const settled = this.settling.isSettled(rollout, failedTasksOf(rollout, observation.stopped).length);
    // What was over before the first poll is not progress.
    if (!settled || this.settling.sawItMove) for (const line of this.progress.newLines(observation, rollout)) display.event(line);
    this.printUnread();
    display.status(statusLines(rollout, targets), `  ${duration(seconds)} of at most ${duration(limit * 60)}`);

    if (settled) return rollout.state === (options.goal ?? "serving") ? { rollout, end: "settled" } : this.fail("settled", observation);
    if (!this.rollbackRequested && this.prospects.isLost(observation, rollout, targets, seconds)) {
      this.rollbackRequested = await this.rollBack(service, rollout);
      if (!this.rollbackRequested) return this.fail("lost", observation);
    }
    if (seconds > limit * 60) return this.fail("deadline", observation, limit);
    return { rollout };
  }

  /** The service stops listing a deployment when its last task has ended; that task is still of another deployment. */
  private withEarlierIds(rollout: Rollout): Rollout {
    for (const id of rollout.otherDeploymentIds) this.otherIds.add(id);
    return { ...rollout, otherDeploymentIds: [...this.otherIds].filter((id) => id !== rollout.deploymentId) };
  }

  private async fail(end: FollowResult["end"], observation: Observation, gaveUpAfter?: number): Promise<FollowResult> {
    const { observer, rollout, unhealthy } = this;
    const seen: Seen = { unhealthy, ...(gaveUpAfter !== undefined && { gaveUpAfter }) };
    const evidence = await gather(observer, observation, rollout, seen);
    this.printUnread();
    return { rollout, end, evidence };
  }

  /** Asks ECS to roll the rollout back, if that was requested and there is something to go back to. Returns whether that is under way. */
  private async rollBack({ serviceName }: Service, { taskDefinition, serviceDeployment }: Rollout): Promise<boolean> {
    if (this.options.onFailure !== "rollback" || !serviceDeployment?.sourceServiceRevisions?.length) return false;
    try {
      const ecs = this.observer.aws.ecs();
      await ecs.stopServiceDeployment({ serviceDeploymentArn: serviceDeployment.serviceDeploymentArn, stopType: "ROLLBACK" });
    } catch (error) {
      const known = explain(error);
      if (!known) throw error;
      this.display.event(`  ${serviceName} could not be rolled back: ${known.message}`);
      return false;
    }
    this.display.event(`  ${revisionName(taskDefinition)} cannot go live: asked ECS to roll ${serviceName} back.`);
    return true;
  }

  /** Says once what cannot be read. */
  private printUnread(): void {
    for (const [what, action] of this.observer.unread) {
      if (this.unread.has(what)) continue;
      this.unread.add(what);
      this.display.event(`  Not permitted to read ${what} (${action}); continuing without it.`);
    }
  }
}

/** Polls after which AWS's answer is final: a new deployment or service may need a moment before it shows. */
const POLLS = 6;

/** Decides when a state is final. */
class Settling {
  sawItMove = false;
  private polls = 0;
  private failures: number | undefined;

  constructor(private readonly started: boolean) {}

  /** Counts a poll; returns whether the service may still be missing at it. */
  beginPoll(): boolean {
    this.polls++;
    return this.mayStillAppear;
  }

  private get mayStillAppear(): boolean {
    return !this.sawItMove && this.polls < POLLS;
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
        return !this.mayStillAppear;
      case "serving":
        // Without a record of deployments, "complete" comes before a task has proved itself: a poll without a new failure confirms it.
        return rollout.serviceDeployment === undefined ? quiet : this.isConfirmed;
      default:
        return this.isConfirmed;
    }
  }

  private get isConfirmed(): boolean {
    return !this.started || this.sawItMove || this.polls > 1;
  }
}

const NOTHING = { desired: 0, running: 0, pending: 0, failed: 0 };

/** The status of a rollout in at most two lines. */
function statusLines(rollout: Rollout, targets: TargetGroupHealth[]): string[] {
  const { desired, running, pending, failed } = rollout.counts;
  const counts = [`${running} of ${desired} running`, pending > 0 && `${pending} pending`, failed > 0 && `${roughly(failed)} failed`];
  const states: Partial<Record<Rollout["state"], string>> = {
    unseen: "not started yet",
    rollingBack: `rolling back to ${revisionName(rollout.current)}`,
  };
  const summary = `${revisionName(rollout.taskDefinition)}: ${counts.filter(Boolean).join(", ")}`;
  const stage = describeStage(rollout);
  return [[summary, describeTargets(targets), states[rollout.state]].filter(Boolean).join("; "), ...(stage ? [`  ${stage}`] : [])];
}

/** A count that does not make a new line of each failure. */
function roughly(count: number): string {
  const step = [100, 50, 20, 10, 5].find((least) => count >= least);
  return step === undefined ? String(count) : `${step} or more`;
}
