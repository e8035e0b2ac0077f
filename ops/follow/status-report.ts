import type { Service, Task, TaskDefinition } from "@aws-sdk/client-ecs";
import { clusterName, revisionName, shortTaskId, targetGroupName } from "../../facts/arns";
import type { Paint } from "../../tool/paint";
import { duration } from "../../tool/text";
import { table } from "../render";
import type { AlarmReport } from "./alarms";
import { assess, describeStage, headline, primaryOf } from "./deployment";
import type { Observation } from "./observe";
import { stopReason } from "./progress";

export interface ScalingReport {
  minimum: number;
  maximum: number;
  policies: string[];
}

/** A service as it is now. `--json` prints it unchanged. */
export interface StatusReport {
  cluster: string;
  service: string;
  status: string;
  revision: string;
  tasks: { desired: number; running: number; pending: number };
  deployment: { state: string; summary: string; stage?: string; reason?: string };
  /** Who registered the revision, and when, as the task definition says. */
  registered?: { by: string; at?: string };
  /** The revision that Pulumi deployed last, where the stack's outputs name one. */
  pulumiRevision?: string;
  capacity: string[];
  running: TaskReport[];
  targets: { targetGroup: string; target: string; state: string; reason?: string }[];
  scaling?: ScalingReport;
  alarms: AlarmReport[];
  lastStops: { task: string; revision: string; at?: string; reason: string }[];
  lastEvent?: string;
  /** What could not be read, and why. */
  unread: string[];
}

interface TaskReport {
  task: string;
  status: string;
  health: string;
  revision: string;
  images: { container: string; digest?: string }[];
  capacity: string;
  zone?: string;
  startedAt?: string;
}

/** How many of the last stops are shown. */
const STOPS = 5;

/** What is looked up beside the observation. */
export interface Lookups {
  taskDefinition?: TaskDefinition;
  pulumiRevision?: string;
  scaling?: ScalingReport;
  alarms: AlarmReport[];
  unread: string[];
}

/** The revision that the service holds. */
export function currentRevision(service: Service): string {
  return primaryOf(service)?.taskDefinition ?? service.taskDefinition!;
}

/** Pure: the report of an observation and the lookups beside it. */
export function statusReport(observation: Observation, { taskDefinition, pulumiRevision, ...lookups }: Lookups): StatusReport {
  const { service, running, stopped, targetGroups } = observation;
  const current = currentRevision(service);
  const rollout = assess(observation, current);
  const strategy = service.capacityProviderStrategy ?? [];
  return {
    cluster: clusterName(service.clusterArn),
    service: service.serviceName ?? "?",
    status: service.status ?? "?",
    revision: revisionName(current),
    tasks: { desired: service.desiredCount ?? 0, running: service.runningCount ?? 0, pending: service.pendingCount ?? 0 },
    deployment: { state: rollout.state, summary: headline(rollout), stage: describeStage(rollout), reason: rollout.reason },
    registered: taskDefinition?.registeredBy
      ? { by: taskDefinition.registeredBy, at: taskDefinition.registeredAt?.toISOString() }
      : undefined,
    pulumiRevision: pulumiRevision && revisionName(pulumiRevision),
    capacity:
      strategy.length > 0
        ? strategy.map(({ capacityProvider, base, weight }) => `${capacityProvider} (base ${base ?? 0}, weight ${weight ?? 0})`)
        : [service.launchType ?? "?"],
    running: running.map(taskReport),
    targets: targetGroups.flatMap(({ arn, targets }) =>
      targets.map(({ Target, TargetHealth }) => ({
        targetGroup: targetGroupName(arn),
        target: `${Target?.Id}:${Target?.Port}`,
        state: TargetHealth?.State ?? "?",
        reason: TargetHealth?.Description ?? TargetHealth?.Reason,
      })),
    ),
    scaling: lookups.scaling,
    alarms: lookups.alarms,
    lastStops: stopped.slice(0, STOPS).map((task) => ({
      task: shortTaskId(task.taskArn),
      revision: revisionName(task.taskDefinitionArn),
      at: task.stoppedAt?.toISOString(),
      reason: stopReason(task),
    })),
    lastEvent: service.events?.[0]?.message,
    unread: lookups.unread,
  };
}

/** Who deployed the revision: who registered it, and whether it is Pulumi's. */
function ownerLines({ registered, pulumiRevision, revision }: StatusReport): string[] {
  const foreign = pulumiRevision !== undefined && pulumiRevision !== revision;
  if (!registered && !foreign) return [];
  const at = registered?.at ? ` at ${registered.at.slice(0, 16).replace("T", " ")} UTC` : "";
  const by = registered ? `registered by ${registered.by}${at}` : "not registered by Pulumi";
  return [`Revision    ${by}${foreign ? `; Pulumi's is ${pulumiRevision}` : ""}`];
}

function taskReport(task: Task): TaskReport {
  return {
    task: shortTaskId(task.taskArn),
    status: task.lastStatus ?? "?",
    health: task.healthStatus ?? "UNKNOWN",
    revision: revisionName(task.taskDefinitionArn),
    images: (task.containers ?? []).map(({ name = "?", imageDigest }) => ({ container: name, digest: imageDigest })),
    capacity: task.capacityProviderName ?? task.launchType ?? "?",
    zone: task.availabilityZone,
    startedAt: task.startedAt?.toISOString(),
  };
}

/** Several services, a line each: by the name that each has in the stack file. */
export function renderOverview(reports: ReadonlyMap<string, StatusReport>, paint: Paint): string[] {
  const [first] = reports.values();
  const rows = [...reports].map(([name, { revision, tasks, deployment, alarms, lastStops, unread }]) => [
    name,
    revision,
    `${tasks.running} of ${tasks.desired}`,
    [
      deployment.summary,
      ...alarms.filter(({ state }) => state !== "OK").map((alarm) => `${alarm.name} is in ${alarm.state}.`),
      ...(lastStops.length > 0 ? [`${lastStops.length === STOPS ? `${STOPS} or more` : lastStops.length} stops within the hour.`] : []),
      ...(unread.length > 0 ? ["Not all could be read."] : []),
    ].join(" "),
  ]);
  const lines = table([["SERVICE", "REVISION", "TASKS", "STATE"], ...rows]);
  const well = [...reports.values()].map(isWell);
  return [
    `${reports.size} services in ${first!.cluster}, ${well.every(Boolean) ? "all well" : paint.red(`${well.filter((one) => !one).length} not well`)}`,
    paint.bold(lines[0]!),
    ...lines.slice(1).map((line, i) => (well[i] ? line : paint.red(line))),
  ];
}

const isDeployed = ({ state }: StatusReport["deployment"]) => state === "serving" || state === "inProgress";
const isWell = ({ tasks, deployment, alarms }: StatusReport) =>
  tasks.running >= tasks.desired && isDeployed(deployment) && alarms.every(({ state }) => state === "OK");

/** Each alarm that is not OK, with what to do; and the names of those that are. */
function alarmLines(alarms: AlarmReport[], paint: Paint, now: Date): string[] {
  const quiet = alarms.filter(({ state }) => state === "OK").map(({ name }) => name);
  const loud = alarms.filter(({ state }) => state !== "OK");
  return [
    ...loud.flatMap(({ name, state, since, about }) => [
      `Alarm       ${paint.red(state)} ${name}${since ? `, for ${duration((now.getTime() - Date.parse(since)) / 1000)}` : ""}`,
      ...(about ? [`            ${about}`] : []),
    ]),
    ...(quiet.length > 0 ? [`Alarm       ${paint.green("OK")} ${quiet.join(", ")}`] : []),
  ];
}

/** The report for a person, the most important first. */
export function renderStatus(report: StatusReport, paint: Paint, now: Date): string[] {
  const { tasks, deployment, scaling } = report;
  const mark = (good: boolean, text: string) => (good ? paint.green(text) : paint.red(text));
  const lines = [
    `${paint.bold(report.service)} in ${report.cluster}: ${report.status}, revision ${report.revision}`,
    `Tasks       ${mark(tasks.running >= tasks.desired, `${tasks.running} of ${tasks.desired} running`)}${tasks.pending > 0 ? `, ${tasks.pending} pending` : ""}`,
    `Deployment  ${mark(isDeployed(deployment), deployment.summary)}`,
  ];
  if (deployment.stage) lines.push(`            ${deployment.stage}`);
  if (deployment.reason && deployment.state !== "serving") lines.push(`            ${deployment.reason}`);
  lines.push(...ownerLines(report), `Capacity    ${report.capacity.join(", ")}`);
  if (scaling)
    lines.push(
      `Scaling     ${scaling.minimum} to ${scaling.maximum} tasks${scaling.policies.length > 0 ? `; ${scaling.policies.join(", ")}` : ""}`,
    );
  lines.push(...alarmLines(report.alarms, paint, now));
  for (const what of report.unread) lines.push(paint.yellow(`Not read    ${what}`));
  const section = (title: string, rows: string[][]) => {
    if (rows.length > 1) lines.push("", paint.bold(title), ...table(rows).map((row) => `  ${row}`));
  };
  section("Running tasks", [
    ["TASK", "STATUS", "HEALTH", "REVISION", "IMAGE", "CAPACITY", "ZONE", "UP"],
    ...report.running.map((task) => [
      task.task,
      task.status,
      task.health,
      task.revision,
      task.images.map(({ digest }) => digest?.replace("sha256:", "").slice(0, 12) ?? "-").join(","),
      task.capacity,
      task.zone ?? "-",
      task.startedAt ? duration((now.getTime() - Date.parse(task.startedAt)) / 1000) : "-",
    ]),
  ]);
  section("Targets", [
    ["TARGET GROUP", "TARGET", "STATE", "REASON"],
    ...report.targets.map(({ targetGroup, target, state, reason }) => [targetGroup, target, state, reason ?? ""]),
  ]);
  section("Last stops", [
    ["TASK", "REVISION", "AGO", "REASON"],
    ...report.lastStops.map(({ task, revision, at, reason }) => [
      task,
      revision,
      at ? duration((now.getTime() - Date.parse(at)) / 1000) : "-",
      reason,
    ]),
  ]);
  return lines;
}
