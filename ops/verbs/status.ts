import type { Service } from "@aws-sdk/client-ecs";
import { clusterName } from "../../facts/arns";
import { explain } from "../../tool/errors";
import { paintFor } from "../../tool/paint";
import { jsonText } from "../../tool/printable";
import { readAlarms } from "../follow/alarms";
import type { Observer } from "../follow/observe";
import {
  currentRevision,
  renderOverview,
  renderStatus,
  type ScalingReport,
  type StatusReport,
  statusReport,
} from "../follow/status-report";
import type { Io } from "../io";
import { type Located, type LocationOptions, locateAll } from "../stack/locate";

export interface StatusOptions extends LocationOptions {
  json?: boolean;
}

/** Shows the service as it is now; of several, where none is named, all in a table. */
export async function status(options: StatusOptions, io: Io): Promise<number> {
  const all = await locateAll(options, io);
  const reports = await Promise.all(all.map((one) => reportOf({ ...one, label: one.name ?? options.service })));
  const paint = paintFor(io.color.out);
  if (options.json) {
    const named = Object.fromEntries(reports.map((report, i) => [all[i]!.name, report]));
    io.out(`${jsonText(all.length > 1 ? named : reports[0]!, 2)}\n`);
  } else if (all.length > 1) {
    io.out(`${renderOverview(new Map(reports.map((report, i) => [all[i]!.name!, report])), paint).join("\n")}\n`);
    io.err("Add --service NAME for one of them.\n");
  } else io.out(`${renderStatus(reports[0]!, paint, new Date()).join("\n")}\n`);
  return 0;
}

async function reportOf({ observer, outputs, alarms: ofStack, label }: Located & { label?: string }): Promise<StatusReport> {
  const service = await observer.service();
  const unread: string[] = [];
  const readRevision = () => observer.taskDefinition(currentRevision(service));
  const [observation, taskDefinition, scaling, alarms] = await Promise.all([
    observer.observe(service),
    observer.ifPermitted("who registered the revision", readRevision, undefined),
    ifReadable("Scaling", unread, () => readScaling(observer, service)),
    ifReadable("Alarms", unread, () => readAlarms(observer, service, ofStack, label)),
  ]);
  return statusReport(observation, {
    ...(taskDefinition && { taskDefinition }),
    ...(outputs.taskDefinition !== undefined && { pulumiRevision: outputs.taskDefinition }),
    ...(scaling && { scaling }),
    alarms: alarms ?? [],
    unread: [...unread, ...[...observer.unread].map(([what, action]) => `${what} (not permitted: ${action})`)],
  });
}

/** Scaling and alarms are other services with permissions of their own, and the rest is useful without them. */
async function ifReadable<T>(what: string, unread: string[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const known = explain(error);
    if (!known) throw error;
    unread.push(`${what}: ${known.message}`);
    return undefined;
  }
}

async function readScaling(observer: Observer, service: Service): Promise<ScalingReport | undefined> {
  const scaling = observer.aws.autoScaling();
  const ResourceId = `service/${clusterName(service.clusterArn)}/${service.serviceName}`;
  const { ScalableTargets } = await scaling.describeScalableTargets({ ServiceNamespace: "ecs", ResourceIds: [ResourceId] });
  const target = ScalableTargets?.[0];
  if (!target) return undefined;
  const { ScalingPolicies = [] } = await scaling.describeScalingPolicies({ ServiceNamespace: "ecs", ResourceId });
  const policies = ScalingPolicies.map(({ PolicyName = "?", TargetTrackingScalingPolicyConfiguration: tracking }) => {
    const metric = tracking?.PredefinedMetricSpecification?.PredefinedMetricType ?? tracking?.CustomizedMetricSpecification?.MetricName;
    return tracking ? `${metric ?? PolicyName} at ${tracking.TargetValue}` : PolicyName;
  });
  return { minimum: target.MinCapacity ?? 0, maximum: target.MaxCapacity ?? 0, policies };
}
