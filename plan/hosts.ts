import type { Resource } from "./graph";
import { count, number, object, objects, type Query, text } from "./query";
import { CAPACITY_PROVIDER, type ServiceFacts, shareOut } from "./services";
import { awakeShare, type Change } from "./sleep";

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

export const HOST_GROUP = "aws:autoscaling/group:Group";
const SCHEDULE = "aws:autoscaling/schedule:Schedule";
const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** The disk of Amazon's ECS image. */
const IMAGE_DISK = 30;
/** What the kernel and the agents of a host leave to tasks. */
const USABLE = 0.9;

const GIGABYTES: Record<string, number> = { nano: 0.5, micro: 1, small: 2, medium: 4, large: 8, xlarge: 16 };

/** Memory of an instance type in MiB and its vCPUs in CPU units, for the general-purpose and burstable families. */
export function capacityOf(instanceType: string): { memory: number; cpu: number } | undefined {
  const [family = "", size = ""] = instanceType.split(".");
  const [, factor = "1", base = size] = size.match(/^(\d+)(xlarge)$/) ?? [];
  const gigabytes = GIGABYTES[base];
  if (gigabytes === undefined || !/^[tm]\d/.test(family)) return undefined;
  const memory = gigabytes * Number(factor) * 1024;
  const vcpus = family.startsWith("t") ? Math.max(2, memory / 4096) : Math.max(1, memory / 4096);
  return { memory, cpu: vcpus * 1024 };
}

/** Every group of hosts in a graph. Managed scaling keeps as many as the tasks need, so an idle group may be larger than its minimum. */
export function hostGroups<R extends Resource>(graph: Query<R>, services: ServiceFacts[]): HostGroup[] {
  return graph.ofType(HOST_GROUP).map((group) => {
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

/** The hosts that the services' smallest number of tasks takes, by memory and CPU. */
function hostsNeeded(services: ServiceFacts[], providers: string[], instanceType: string): number {
  const host = capacityOf(instanceType);
  if (!host) return 0;
  let [memory, cpu] = [0, 0];
  for (const service of services) {
    for (const [provider, tasks] of shareOut(service.strategies, service.min)) {
      if (!providers.some((name) => provider.includes(name))) continue;
      memory += service.memory * tasks;
      cpu += service.cpu * tasks;
    }
  }
  return Math.ceil(Math.max(memory / (host.memory * USABLE), cpu / host.cpu));
}
