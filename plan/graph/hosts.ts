import type { Resource } from "../../facts/graph";
import { instanceFacts, tasksPerInstance } from "../../facts/instances";
import { AUTO_SCALING_GROUP, CAPACITY_PROVIDER, LAUNCH_TEMPLATE } from "../../facts/types";
import { awakeShare, type Change } from "../cost/sleep";
import { count, number, object, objects, type Query, text } from "./query";
import { type ServiceFacts, shareOut } from "./services";

/** EC2 hosts that tasks run on: an Auto Scaling group behind a capacity provider. */
export interface HostGroup {
  urn: string;
  name: string;
  instanceType: string;
  /** Hosts while nobody uses the stack, and at the upper end. */
  min: number;
  max: number;
  /** GB of disk of one host. */
  disk: number;
  publicIp: boolean;
  /** Hosts that are never Spot, and the share of those above them that is Spot. */
  onDemandBase: number;
  spotShare: number;
  /** The share of a week in which hosts run at all. */
  awake: number;
}

const SCHEDULE = "aws:autoscaling/schedule:Schedule";

/** The disk of Amazon's ECS image. */
const IMAGE_DISK = 30;
/** How many tasks of a service fit on one host; undefined for a type that the facts about instances do not have. */
export function tasksPerHost({ cpu, memory, taskDefinition }: ServiceFacts, instanceType: string): number | undefined {
  const facts = instanceFacts(instanceType);
  const ownInterface = taskDefinition?.inputs.networkMode === "awsvpc";
  return facts && tasksPerInstance(facts, { cpu, memory, gpus: 0, ownInterface }).tasks;
}

/** Every group of hosts in a graph. Managed scaling keeps as many as the tasks need, so an idle group may be larger than its minimum. */
export function hostGroups<R extends Resource>(graph: Query<R>, services: ServiceFacts[]): HostGroup[] {
  return graph.ofType(AUTO_SCALING_GROUP).map((group) => {
    const [template] = [
      ...graph.from(group, "launchTemplate", LAUNCH_TEMPLATE),
      ...graph.from(group, "mixedInstancesPolicy", LAUNCH_TEMPLATE),
    ];
    const mixed = object(group.inputs.mixedInstancesPolicy);
    const distribution = object(mixed.instancesDistribution);
    const overrides = objects(object(mixed.launchTemplate).overrides);
    const instanceType = text(overrides[0]?.instanceType) ?? text(template?.inputs.instanceType) ?? "unknown";
    const providers = graph.ofType(CAPACITY_PROVIDER).filter((one) => JSON.stringify(one.propertyDependencies).includes(group.urn));
    const names = providers.flatMap((provider) => text(provider.inputs.name) ?? provider.name);
    const [smallest, largest] = [number(group.inputs.minSize) ?? 0, number(group.inputs.maxSize) ?? 0];
    const needed = hostsNeeded(services, names, instanceType);
    const volumes = objects(template?.inputs.blockDeviceMappings).map((mapping) => number(object(mapping.ebs).volumeSize) ?? 0);
    return {
      urn: group.urn,
      name: group.name,
      instanceType,
      min: Math.min(Math.max(smallest, needed), Math.max(largest, smallest)),
      max: largest,
      disk: count(template?.inputs.blockDeviceMappings) === 0 ? IMAGE_DISK : volumes.reduce((sum, size) => sum + size, 0),
      publicIp: objects(template?.inputs.networkInterfaces).some(
        (card) => card.associatePublicIpAddress === true || card.associatePublicIpAddress === "true",
      ),
      onDemandBase: number(distribution.onDemandBaseCapacity) ?? 0,
      spotShare: overrides.length === 0 ? 0 : 1 - (number(distribution.onDemandPercentageAboveBaseCapacity) ?? 100) / 100,
      awake: awakeShare(graph.using(group, "autoscalingGroupName", SCHEDULE).map(changeOf)),
    };
  });
}

function changeOf({ inputs }: Resource): Change {
  return { schedule: text(inputs.recurrence) ?? "", capacity: number(inputs.minSize) ?? 0 };
}

/** How many of `hosts` are Spot: Auto Scaling rounds the ones on demand up. */
export function spotHosts({ onDemandBase, spotShare }: HostGroup, hosts: number): number {
  return Math.floor(Math.max(0, hosts - onDemandBase) * spotShare);
}

/** The hosts that the services' smallest number of tasks takes. */
function hostsNeeded(services: ServiceFacts[], providers: string[], instanceType: string): number {
  let hosts = 0;
  for (const service of services) {
    for (const [provider, tasks] of shareOut(service.strategies, service.min)) {
      const each = tasksPerHost(service, instanceType);
      if (each && providers.some((name) => provider.includes(name))) hosts += tasks / each;
    }
  }
  return Math.ceil(hosts);
}
