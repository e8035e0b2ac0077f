// What AWS recorded of a service, on one time line, and the last incident in it. Pure.
import type { ScalingActivity } from "@aws-sdk/client-application-auto-scaling";
import type { AlarmHistoryItem } from "@aws-sdk/client-cloudwatch";
import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { revisionName, shortTaskId } from "../../facts/arns";
import { hasFailed } from "../diagnosis/evidence";
import { targetOf } from "../follow/deployment";
import type { Observation } from "../follow/observe";
import { kindOf, stopReason } from "../follow/progress";

/** One thing that happened. */
export interface Entry {
  at: Date;
  kind: "deployment" | "stop" | "event" | "scaling" | "alarm";
  text: string;
  /** Whether it is a part of what went wrong. */
  failed: boolean;
  /** The revision whose deployment begins here. */
  begins?: string;
  /** The alarm that it is of. */
  alarm?: string;
}

/** What is read beside the observation. */
export interface Records {
  scaling: ScalingActivity[];
  alarms: AlarmHistoryItem[];
}

/** Everything that happened since then, the earliest first. What ECS says of its daily work is left out. */
export function timeline(observation: Observation, { scaling, alarms }: Records, since: Date): Entry[] {
  return [
    ...observation.serviceDeployments.flatMap((one) => deploymentEntries(one, targetOf(one, observation.revisions))),
    ...observation.stopped.flatMap((task): Entry[] => {
      const at = task.stoppedAt ?? task.stoppingAt;
      const name = `task ${shortTaskId(task.taskArn)} of ${revisionName(task.taskDefinitionArn)}`;
      return at ? [{ at, kind: "stop", text: `${name} stopped: ${stopReason(task)}`, failed: hasFailed(task) }] : [];
    }),
    ...(observation.service.events ?? []).flatMap(({ createdAt, message = "" }): Entry[] =>
      createdAt && !DAILY.test(message)
        ? [{ at: createdAt, kind: "event", text: message.replace(/^\(service [^)]+\)\s*/, ""), failed: TROUBLE.test(message) }]
        : [],
    ),
    ...scaling.flatMap(({ StartTime, Description = "", Cause = "", StatusCode, StatusMessage }): Entry[] => {
      const failed = StatusCode === "Failed";
      const why = failed ? StatusMessage : Cause;
      return StartTime ? [{ at: StartTime, kind: "scaling", text: `${Description}${why ? ` ${why}` : ""}`, failed }] : [];
    }),
    ...alarms.flatMap(({ Timestamp, AlarmName = "?", HistorySummary = "" }): Entry[] => {
      const [, state] = / to (\w+)\s*$/.exec(HistorySummary) ?? [];
      return Timestamp && state !== undefined
        ? [{ at: Timestamp, kind: "alarm", text: `${AlarmName} is in ${state}`, failed: state === "ALARM", alarm: AlarmName }]
        : [];
    }),
  ]
    .filter(({ at }) => at >= since)
    .map((entry) => ({ ...entry, text: entry.text.trim().replace(/\s+/g, " ") }))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** What ECS tells of each start, stop and deployment that goes well; stops and deployments have entries of their own. */
const DAILY =
  /has reached a steady state|has started \d+ tasks|registered \d+ |has stopped \d+ |has begun draining|deployment completed|deployment \S+ completed|\(deployment \S+\) (?:completed|in progress)/;
const TROUBLE = /unhealthy|unable|fail|error|throttl|not? (?:enough|sufficient)|insufficient|could not/i;

const OUTCOMES: Partial<Record<NonNullable<ServiceDeployment["status"]>, [text: string, failed: boolean]>> = {
  SUCCESSFUL: ["serves", false],
  STOPPED: ["was stopped", true],
  ROLLBACK_IN_PROGRESS: ["is being rolled back", true],
  ROLLBACK_REQUESTED: ["is being rolled back", true],
  ROLLBACK_SUCCESSFUL: ["was rolled back", true],
  ROLLBACK_FAILED: ["failed, and could not be rolled back", true],
};

/** A deployment begins, and ends one way or another. */
function deploymentEntries(one: ServiceDeployment, target: string | undefined): Entry[] {
  const name = target === undefined ? "a revision" : revisionName(target);
  const begun = one.startedAt ?? one.createdAt;
  const ended = one.finishedAt ?? one.stoppedAt ?? one.rollback?.startedAt;
  const [outcome, failed] = (one.status && OUTCOMES[one.status]) ?? [];
  const reason = one.rollback?.reason ?? one.statusReason;
  return [
    ...(begun ? [{ at: begun, kind: "deployment" as const, text: `${name} begins to roll out`, failed: false, begins: name }] : []),
    ...(ended && outcome !== undefined
      ? [{ at: ended, kind: "deployment" as const, text: `${name} ${outcome}${failed && reason ? `: ${reason}` : ""}`, failed: failed! }]
      : []),
  ];
}

export interface Incident {
  from: Date;
  to: Date;
  /** All that happened from a while before the first failure to a while after the last. */
  entries: Entry[];
  first: Entry;
  /** The deployment that began shortly before the first failure. */
  deployment?: Entry;
}

/** Failures that are closer together than this are of one incident. */
const APART = 30 * 60_000;

/** The last failure with those before it that belong to it; undefined where nothing failed. */
export function lastIncident(entries: Entry[]): Incident | undefined {
  const failures = entries.filter(({ failed }) => failed).reverse();
  const [last] = failures;
  if (!last) return undefined;
  // From the last one back, as long as no pause is too long.
  const pause = failures.findIndex(({ at }, i) => i > 0 && failures[i - 1]!.at.getTime() - at.getTime() > APART);
  const first = failures[pause === -1 ? failures.length - 1 : pause - 1]!;
  const shown = entries.filter(({ at }) => at.getTime() >= first.at.getTime() - APART && at.getTime() <= last.at.getTime() + APART);
  const [deployment] = shown.filter((entry) => entry.begins && entry.at <= first.at).reverse();
  return { from: first.at, to: last.at, entries: shown, first, ...(deployment && { deployment }) };
}

/** The same thing again and again is one line, and how often it was. */
export function condensed(entries: Entry[]): (Entry & { more: number; until: Date })[] {
  const lines: (Entry & { more: number; until: Date })[] = [];
  for (const entry of entries) {
    const same = lines.find((line) => line.kind === entry.kind && line.kind !== "alarm" && kindOf(line.text) === kindOf(entry.text));
    if (same) {
      same.more++;
      same.until = entry.at;
    } else lines.push({ ...entry, more: 0, until: entry.at });
  }
  return lines;
}
