import type { Task } from "@aws-sdk/client-ecs";
import { causeOf, evidenceIn } from "../diagnosis/diagnose";
import { failedContainer } from "../diagnosis/evidence";
import { belongsTo, type Rollout } from "./deployment";
import type { Observation, TargetGroupHealth } from "./observe";
import { kindOf, stopReason } from "./progress";

/** Tasks that must fail the same way in a row: as many as AWS's circuit breaker wants at least. */
const REPEATS = 3;
/** Seconds that a circuit breaker of ECS's own gets to end the rollout before berth does. */
const BREAKER_SECONDS = 60;
/** A task that ran for so many seconds did start, whatever ended it. */
const STARTED_SECONDS = 300;
/** How much longer than the failed tasks a running one must have lived to count as working where nothing checks its health. */
const OUTLIVED_SECONDS = 10;

/**
 * Decides whether a rollout can still succeed, whatever its strategy. It cannot when its last tasks all failed the same way, by a cause that does not go
 * away, and none of its tasks ever worked. ECS decides that itself only where a circuit breaker watches; without one it keeps starting tasks.
 */
export class Prospects {
  private worked = false;
  /** When the failures were first enough, in seconds of this process. */
  private since: number | undefined;

  /** Whether it is certain by now that the rollout fails. `seconds` is the time of the poll. */
  isLost(observation: Observation, rollout: Rollout, targets: TargetGroupHealth[], seconds: number): boolean {
    const evidence = evidenceIn(observation, rollout, { unhealthy: [] });
    this.worked ||= hasWorked(observation.running, evidence.failedTasks, targets, rollout);
    const watched = breakerThreshold(rollout, observation);
    const enough = rollout.state === "inProgress" && !this.worked && failAlike(evidence.failedTasks, Math.max(REPEATS, watched ?? 0));
    const cause = enough ? causeOf(evidence)?.cause : undefined;
    const minutes = (newestStop(evidence.failedTasks) - (rollout.startedAt?.getTime() ?? Number.NaN)) / 60_000;
    if (cause?.finalAfter === undefined || !(minutes >= cause.finalAfter)) {
      this.since = undefined;
      return false;
    }
    // Never at the first poll that sees it: a deployment that ECS ends in this moment shows so in the next.
    if (this.since === undefined) {
      this.since = seconds;
      return false;
    }
    return watched === undefined || seconds - this.since >= BREAKER_SECONDS;
  }
}

/** The number of failures at which ECS's own circuit breaker ends the rollout; undefined where none watches. */
function breakerThreshold({ serviceDeployment }: Rollout, { service }: Observation): number | undefined {
  if (serviceDeployment) {
    const { status, threshold = REPEATS } = serviceDeployment.deploymentCircuitBreaker ?? {};
    return status === "MONITORING" ? threshold : undefined;
  }
  return service.deploymentConfiguration?.deploymentCircuitBreaker?.enable ? REPEATS : undefined;
}

function hasWorked(running: Task[], failed: Task[], targets: TargetGroupHealth[], rollout: Rollout): boolean {
  if (targets.some((group) => group.targets.some(({ TargetHealth }) => TargetHealth?.State === "healthy"))) return true;
  if (failed.some((task) => task.stopCode === "EssentialContainerExited" && lifeOf(task) >= STARTED_SECONDS)) return true;
  const longest = Math.max(0, ...failed.map(lifeOf));
  const outlives = ({ lastStatus, startedAt }: Task) =>
    lastStatus === "RUNNING" && startedAt && (newestStop(failed) - startedAt.getTime()) / 1000 > longest + OUTLIVED_SECONDS;
  return running.some((task) => belongsTo(task, rollout) && (task.healthStatus === "HEALTHY" || outlives(task)));
}

/** Whether the newest `count` tasks failed in the same container, with the same exit code, for the same reason. */
function failAlike(failed: Task[], count: number): boolean {
  const newest = failed.slice(0, count);
  const kinds = newest.map((task) => `${task.stopCode} ${failedContainer(task)?.name} ${kindOf(stopReason(task))}`);
  return newest.length === count && new Set(kinds).size === 1;
}

/** Seconds from a task's start to its end; 0 for one that never started. */
function lifeOf({ startedAt, executionStoppedAt, stoppingAt, stoppedAt }: Task): number {
  const end = executionStoppedAt ?? stoppingAt ?? stoppedAt;
  return startedAt && end ? (end.getTime() - startedAt.getTime()) / 1000 : 0;
}

function newestStop(failed: Task[]): number {
  return Math.max(...failed.map(({ stoppedAt, stoppingAt }) => (stoppedAt ?? stoppingAt)?.getTime() ?? 0));
}
