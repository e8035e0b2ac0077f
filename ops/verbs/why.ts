import type { AlarmHistoryItem } from "@aws-sdk/client-cloudwatch";
import type { Service } from "@aws-sdk/client-ecs";
import { clusterName } from "../../facts/arns";
import { type Paint, paintFor } from "../../tool/paint";
import { jsonText } from "../../tool/printable";
import { duration } from "../../tool/text";
import { type Diagnosis, diagnose, gather } from "../diagnosis/diagnose";
import { type AlarmReport, readAlarms } from "../follow/alarms";
import { assess, failedRevisions } from "../follow/deployment";
import type { Observation, Observer } from "../follow/observe";
import { currentRevision } from "../follow/status-report";
import { condensed, type Incident, lastIncident, type Records, timeline } from "../incident/timeline";
import type { Io } from "../io";
import { renderDiagnosis, table } from "../render";
import { type LocationOptions, locate } from "../stack/locate";

export interface WhyOptions extends LocationOptions {
  /** Milliseconds to look back. */
  since: number;
  json?: boolean;
}

/** Shows the last incident of a service: what happened, in order, from AWS's records, and the likely cause. */
export async function why(options: WhyOptions, io: Io): Promise<number> {
  const { observer, alarms: ofStack } = await locate(options, io);
  const service = await observer.service();
  const since = new Date(Date.now() - options.since);
  const observation = await observer.observe(service);
  const alarms = await observer.ifPermitted("the alarms", () => readAlarms(observer, service, ofStack, options.service), []);
  const records = await read(observer, service, alarms, since);
  const incident = lastIncident(timeline(observation, records, since));
  const diagnosis = incident && (await explain(observer, observation, incident, alarms));
  const unread = [...observer.unread].map(([what, action]) => `${what} (not permitted: ${action})`);
  const place = { cluster: clusterName(service.clusterArn), service: service.serviceName ?? "?" };
  if (options.json) io.out(`${jsonText({ ...place, ...(incident && asJson(incident)), ...(diagnosis && { diagnosis }), unread }, 2)}\n`);
  else io.out(`${render(place, incident, diagnosis, unread, options.since, paintFor(io.color.out)).join("\n")}\n`);
  return 0;
}

/** What ECS itself does not keep: alarms and scaling are other services' records. */
async function read(observer: Observer, service: Service, reports: AlarmReport[], since: Date): Promise<Records> {
  const readHistory = async () => (await Promise.all(reports.map(({ name }) => historyOf(observer, name, since)))).flat();
  const ResourceId = `service/${clusterName(service.clusterArn)}/${service.serviceName}`;
  const readScaling = async () => {
    const found = await observer.aws.autoScaling().describeScalingActivities({ ServiceNamespace: "ecs", ResourceId, MaxResults: 50 });
    return found.ScalingActivities ?? [];
  };
  const [alarms, scaling] = await Promise.all([
    observer.ifPermitted("the alarms' history", readHistory, []),
    observer.ifPermitted("the scaling", readScaling, []),
  ]);
  return { alarms, scaling };
}

async function historyOf(observer: Observer, AlarmName: string, StartDate: Date): Promise<AlarmHistoryItem[]> {
  const asked = { AlarmName, HistoryItemType: "StateUpdate" as const, StartDate, EndDate: new Date(), MaxRecords: 50 };
  return (await observer.aws.cloudwatch().describeAlarmHistory(asked)).AlarmHistoryItems ?? [];
}

/** The likely cause: of the newest deployment where it failed, else of what serves; and where ECS knows of none, what the alarms say to do. */
async function explain(observer: Observer, observation: Observation, incident: Incident, alarms: AlarmReport[]): Promise<Diagnosis> {
  const [newest] = [...observation.serviceDeployments].sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
  const target = newest?.targetServiceRevision?.arn;
  const revision = target === undefined ? undefined : observation.revisions[target];
  const isBad = revision !== undefined && (failedRevisions(observation).has(revision) || newest?.status === "STOPPED");
  const rollout = assess(observation, isBad ? revision : currentRevision(observation.service));
  const diagnosis = diagnose(await gather(observer, observation, rollout, { unhealthy: [] }));
  const rang = alarms.filter(({ name }) => incident.entries.some((entry) => entry.failed && entry.alarm === name));
  if (diagnosis.cause !== "unknown" || rang.length === 0) return diagnosis;
  const sentence = `ECS knows of no task that failed and of no deployment that did; ${rang.map(({ name }) => name).join(", ")} rang.`;
  return { ...diagnosis, sentence, advice: rang.flatMap(({ about }) => about ?? []) };
}

const asJson = ({ from, to, entries, first, deployment }: Incident) => ({ from, to, first, ...(deployment && { deployment }), entries });

const clock = (at: Date) => at.toISOString().slice(11, 19);

function render(
  { cluster, service }: { cluster: string; service: string },
  incident: Incident | undefined,
  diagnosis: Diagnosis | undefined,
  unread: string[],
  since: number,
  paint: Paint,
): string[] {
  const notRead = unread.map((what) => paint.yellow(`Not read: ${what}`));
  if (!incident)
    return [
      `${paint.bold(service)} in ${cluster}: nothing failed in the last ${duration(since / 1000)} that AWS has a record of.`,
      ...notRead,
    ];
  const { from, to, entries, first, deployment } = incident;
  const rows = condensed(entries).map(({ at, kind, text, more, until, failed }) => ({
    failed,
    cells: [clock(at), kind, `${text}${more > 0 ? ` (and ${more} more like it, until ${clock(until)})` : ""}`],
  }));
  const day = from.toISOString().slice(0, 10);
  const after =
    deployment && `, ${duration((first.at.getTime() - deployment.at.getTime()) / 1000)} after ${deployment.begins} began to roll out`;
  return [
    `${paint.bold(service)} in ${cluster}: the last incident, ${day} ${clock(from)} to ${clock(to)} UTC`,
    ...table(rows.map(({ cells }) => cells)).map((line, i) => `  ${rows[i]!.failed ? paint.red(line) : line}`),
    `${paint.bold("First:")} ${clock(first.at)} ${first.text}${after ?? ""}`,
    ...renderDiagnosis(diagnosis!, paint),
    ...notRead,
  ];
}
