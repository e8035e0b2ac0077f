import { clusterName } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import { Observer } from "../follow/observe";
import type { Io } from "../io";
import { connect, type LocationOptions } from "../stack/locate";

export interface WakeOptions extends LocationOptions {
  minTasks: number;
  maxTasks: number;
}

/**
 * Gives a service the range of tasks that it has outside of its hours of sleep. `pulumi up` runs it when those hours are removed from the program: without
 * the scheduled action that would have ended them, the range in AWS would stay 0 to 0.
 */
export async function wake({ minTasks, maxTasks, ...options }: WakeOptions, io: Io): Promise<number> {
  const { cluster, service: name } = options;
  if (!cluster || !name) throw new UserError("--cluster and --service are missing: name the service to wake.");
  const observer = new Observer(connect(options, io), cluster, name);
  const service = await observer.findService();
  if (service?.status !== "ACTIVE") {
    io.err(`Warning: there is no service ${name} in the cluster ${clusterName(cluster)}; nothing to wake.\n`);
    return 0;
  }
  const ResourceId = `service/${clusterName(service.clusterArn)}/${name}`;
  const scaling = observer.aws.autoScaling();
  const target = { ServiceNamespace: "ecs", ResourceId, ScalableDimension: "ecs:service:DesiredCount" } as const;
  const { ScalableTargets = [] } = await scaling.describeScalableTargets({ ServiceNamespace: "ecs", ResourceIds: [ResourceId] });
  // A range above 0 is that of a service that is awake, and may be newer than this one.
  if (ScalableTargets.some(({ MaxCapacity }) => MaxCapacity !== 0)) {
    io.out(`${name}: awake.\n`);
    return 0;
  }
  if (ScalableTargets.length > 0) await scaling.registerScalableTarget({ ...target, MinCapacity: minTasks, MaxCapacity: maxTasks });
  // A new range alone starts no task: Auto Scaling acts on it at its next alarm.
  const { desiredCount = 0 } = service;
  if (desiredCount < minTasks) await observer.aws.ecs().updateService({ cluster, service: name, desiredCount: minTasks });
  io.out(`${name}: ${minTasks} to ${maxTasks} tasks; ${Math.max(desiredCount, minTasks)} requested.\n`);
  return 0;
}
