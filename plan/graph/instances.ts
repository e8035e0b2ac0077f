import { AUTO_SCALING_GROUP } from "../../facts/types";
import { UnknownValue } from "../../facts/unknown";
import { instanceTypeOf, providersOfGroup, tasksPerInstance, templateOf } from "../../policy/graph/capacity";
import type { Resource as Typed } from "../../policy/graph/types";
import { awakeShare, type Change } from "../cost/sleep";
import { number, type Query, text } from "./query";
import { type ServiceFacts, shareOut } from "./services";

/** EC2 instances that tasks run on: an Auto Scaling group behind a capacity provider. */
export interface InstanceGroup {
  urn: string;
  name: string;
  instanceType: string;
  /** Instances while nobody uses the stack, and at the upper end. */
  min: number;
  max: number;
  /** GB of disk of one instance. */
  disk: number;
  publicIp: boolean;
  /** Instances that are never Spot, and the share of those above them that is Spot. */
  onDemandBase: number;
  spotShare: number;
  /** The share of a week in which instances run at all. */
  awake: number;
}

type Group = Typed<typeof AUTO_SCALING_GROUP>;

const SCHEDULE = "aws:autoscaling/schedule:Schedule";
/** The disk of Amazon's ECS image. */
const IMAGE_DISK = 30;

/** The Auto Scaling groups of a graph, each to be read by itself: what is unknown of one throws for that one. */
export function instanceGroups(graph: Query, services: readonly ServiceFacts[]): { urn: string; read: () => InstanceGroup }[] {
  return graph.typed.of(AUTO_SCALING_GROUP).map((group) => ({ urn: group.urn, read: () => groupOf(group, graph, services) }));
}

/** Managed scaling keeps as many instances as the tasks need, so an idle group may be larger than its minimum. */
function groupOf(group: Group, graph: Query, services: readonly ServiceFacts[]): InstanceGroup {
  const { mixedInstancesPolicy: mixed, minSize = 0, maxSize = 0 } = group.props;
  const template = templateOf(group, graph.typed)?.props;
  const instanceType = instanceTypeOf(group, graph.typed);
  if (instanceType === undefined) throw new UnknownValue("the instance type", group);
  const mappings = template?.blockDeviceMappings ?? [];
  const spot = (mixed?.launchTemplate.overrides ?? []).length > 0;
  const { onDemandBaseCapacity = 0, onDemandPercentageAboveBaseCapacity = 100 } = mixed?.instancesDistribution ?? {};
  const schedules = graph.using(graph.get(group.urn)!, "autoscalingGroupName", SCHEDULE);
  return {
    urn: group.urn,
    name: group.name,
    instanceType,
    min: Math.min(Math.max(Number(minSize), needed(group, instanceType, graph, services)), Math.max(Number(maxSize), Number(minSize))),
    max: Number(maxSize),
    disk: mappings.length === 0 ? IMAGE_DISK : mappings.reduce((sum, { ebs }) => sum + Number(ebs?.volumeSize ?? 0), 0),
    publicIp: (template?.networkInterfaces ?? []).some((card) => String(card.associatePublicIpAddress) === "true"),
    onDemandBase: Number(onDemandBaseCapacity),
    spotShare: spot ? 1 - Number(onDemandPercentageAboveBaseCapacity) / 100 : 0,
    awake: awakeShare(
      schedules.map(({ inputs }): Change => ({ schedule: text(inputs.recurrence) ?? "", capacity: number(inputs.minSize) ?? 0 })),
    ),
  };
}

/** How many of `instances` are Spot: Auto Scaling rounds the ones on demand up. */
export function spotInstances({ onDemandBase, spotShare }: InstanceGroup, instances: number): number {
  return Math.floor(Math.max(0, instances - onDemandBase) * spotShare);
}

/** The instances that the services' smallest number of tasks takes. */
function needed(group: Group, instanceType: string, graph: Query, services: readonly ServiceFacts[]): number {
  const names = providersOfGroup(group, graph.typed).map((provider) => provider.props.name ?? provider.name);
  let instances = 0;
  for (const service of services) {
    for (const [provider, tasks] of shareOut(service.strategies, service.min)) {
      // A provider's own name, or Pulumi's name for it.
      if (!names.some((name) => provider === name || provider.startsWith(`${name}-`))) continue;
      const each = tasksPerInstance(service.task, instanceType);
      if (each) instances += tasks / each;
    }
  }
  return Math.ceil(instances);
}
