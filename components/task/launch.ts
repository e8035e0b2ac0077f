// What runs a task: Fargate, EC2 instances, or instances that ECS manages. One function each, from the same arguments, for services and tasks alike.

import { refuse } from "../../facts/errors";
import type { Architecture } from "../../facts/instances";
import { readCpu, readMemory, showCpu, showMemory } from "../../facts/sizes";
import type * as aws from "../base/aws";
import type { Cluster } from "../cluster/cluster";
import type { Ec2Capacity, SharedInstances } from "../cluster/ec2-capacity";
import { isImage } from "../image/image";
import type { Compatibility, TaskArgs } from "./task";

/** Where tasks run, as AWS is told. */
export interface Launch extends Compatibility {
  /** Always given, never `launchType`: a service can then move to other capacity, and AWS keeps to what the program says. */
  capacityProviderStrategies: aws.types.input.ecs.ServiceCapacityProviderStrategy[];
  assignPublicIp: boolean;
  /** Percent of the tasks that there is room for during a rollout. */
  maximumPercent: number;
  /** Bridge mode: requests come to the instances, on ports that Docker chooses. */
  instances?: SharedInstances;
  orderedPlacementStrategies?: aws.types.input.ecs.ServiceOrderedPlacementStrategy[];
  placementConstraints?: aws.types.input.ecs.ServicePlacementConstraint[];
  /** One task on each instance, in place of a number of tasks (`schedulingStrategy: DAEMON`). */
  daemon?: boolean;
}

/** What the task brings to the question where it runs. */
export interface PlacementRequest {
  name: string;
  task: TaskArgs;
  /** Most tasks, outside of a rollout. */
  maxTasks: number;
  /** Whether a rollout runs a second set of tasks beside the first. */
  secondSet: boolean;
}

/** What Fargate may be bought as. */
export type FargateCapacity = "onDemand" | "mixed" | "spot";

const FARGATE: Record<FargateCapacity, Launch["capacityProviderStrategies"]> = {
  onDemand: [{ capacityProvider: "FARGATE", base: 0, weight: 1 }],
  mixed: [
    { capacityProvider: "FARGATE", base: 2, weight: 1 },
    { capacityProvider: "FARGATE_SPOT", base: 0, weight: 3 },
  ],
  spot: [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }],
};

/** On Fargate: each task is a small machine of its own. */
export function onFargate(cluster: Cluster, capacity: FargateCapacity = "onDemand"): Launch {
  return {
    requires: "FARGATE",
    networkMode: "awsvpc",
    capacityProviderStrategies: FARGATE[capacity],
    assignPublicIp: cluster.network.assignPublicIp,
    maximumPercent: 200,
  };
}

/** What is chosen on EC2. */
export interface Ec2Placement {
  /** The cluster's groups to run on, by name; several with a `weight` each share the tasks (say, one on demand and one of Spot instances). Defaults to the first. */
  groups?: { group: string; base?: number; weight?: number }[];
  /**
   * `awsvpc` (default): each task has a network interface and a security group of its own. `bridge`: tasks share the instance's, on ports that Docker
   * chooses; more of them fit on an instance, and they start a little sooner.
   */
  networkMode?: "awsvpc" | "bridge";
  /** Where tasks are placed (`orderedPlacementStrategies`). Defaults to: spread over zones, then fill up instances by memory. */
  placementStrategies?: aws.types.input.ecs.ServiceOrderedPlacementStrategy[];
  /** Where tasks may be placed (`placementConstraints`). Defaults to anywhere. */
  placementConstraints?: aws.types.input.ecs.ServicePlacementConstraint[];
  /** Run one task on each instance (`schedulingStrategy: DAEMON`), in place of a number of tasks. Defaults to false. */
  daemon?: boolean;
}

const SPREAD: Launch["orderedPlacementStrategies"] = [
  { type: "spread", field: "attribute:ecs.availability-zone" },
  { type: "binpack", field: "memory" },
];

/** On the cluster's own instances; reserves room there. Throws a UserError if the tasks do not fit, or not on this architecture. */
export function onEc2(cluster: Cluster, placement: Ec2Placement, { name, task, maxTasks, secondSet }: PlacementRequest): Launch {
  const networkMode = placement.networkMode ?? "awsvpc";
  const chosen = chooseGroups(cluster, placement);
  const needs = { ...sizeOf(task), gpus: task.gpu ?? 0, ownInterface: networkMode === "awsvpc" };
  const architecture = architectureOf(task);
  const weights = chosen.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const room = chosen.map(({ capacity, weight = 1 }) => {
    const has = capacity.fleet.architecture;
    if (has && has !== architecture) {
      refuse(
        "architecture",
        `the image of ${name} is for ${architecture}, the instances (${capacity.fleet.known.map((facts) => facts.name).join(", ")}) are ${has}; set architecture: ${has}, or choose other instance types.`,
      );
    }
    return capacity.claim({ service: name, needs, tasks: placement.daemon ? 0 : Math.ceil((maxTasks * weight) / weights), secondSet });
  });
  return {
    requires: "EC2",
    networkMode,
    capacityProviderStrategies: chosen.map(({ capacity, base = 0, weight = 1 }) => ({
      capacityProvider: capacity.capacityProvider.name,
      base,
      weight,
    })),
    assignPublicIp: false,
    maximumPercent: Math.min(...room),
    ...(networkMode === "bridge" && { instances: chosen[0]!.capacity }),
    ...(placement.daemon ? { daemon: true } : { orderedPlacementStrategies: placement.placementStrategies ?? SPREAD }),
    ...(placement.placementConstraints && { placementConstraints: placement.placementConstraints }),
  };
}

/** On instances that ECS manages. Throws a UserError if a task fits on none, or not on this architecture. */
export function onManagedInstances(cluster: Cluster, { name, task }: PlacementRequest): Launch {
  const capacity =
    cluster.managedInstances ?? refuse("cluster", "it has no managed instances; make it with managedInstances: {}, or run on Fargate.");
  const architecture = architectureOf(task);
  if (architecture !== capacity.architecture) {
    refuse(
      "architecture",
      `the image of ${name} is for ${architecture}, the managed instances are ${capacity.architecture}; set managedInstances.architecture to ${architecture}, or build the image for the other.`,
    );
  }
  const { cpu, memory } = sizeOf(task);
  const { largest } = capacity;
  if (cpu > largest.cpu) {
    refuse(
      "managedInstances.vcpus",
      `a task of ${name} asks for ${showCpu(cpu)}, the largest instance allowed has ${showCpu(largest.cpu)}; the nearest max is ${Math.ceil(cpu / 1024)}.`,
    );
  }
  if (memory >= largest.memory) {
    refuse(
      "managedInstances.memory",
      `a task of ${name} asks for ${showMemory(memory)}, the largest instance allowed has ${showMemory(largest.memory)}, of which the system keeps some; allow more than the task.`,
    );
  }
  return {
    requires: "MANAGED_INSTANCES",
    networkMode: "awsvpc",
    capacityProviderStrategies: [{ capacityProvider: capacity.capacityProvider.name, base: 0, weight: 1 }],
    assignPublicIp: false,
    maximumPercent: 200,
  };
}

const sizeOf = (task: TaskArgs) => ({ cpu: readCpu(task.cpu ?? 256), memory: readMemory(task.memory ?? 512) });
const architectureOf = (task: TaskArgs): Architecture => (isImage(task.image) ? task.image.architecture : task.architecture) ?? "x86_64";

/** The groups to run on. */
function chooseGroups(cluster: Cluster, placement: Ec2Placement): { capacity: Ec2Capacity; base?: number; weight?: number }[] {
  const first = Object.keys(cluster.ec2)[0];
  if (first === undefined)
    return refuse("cluster", 'it has no EC2 instances; make it with ec2: { ec2: { instanceTypes: ["t3.medium"] } }, or run on Fargate.');
  const groups = placement.groups ?? [{ group: first }];
  checkShares(groups);
  if (placement.networkMode === "bridge" && groups.length > 1) {
    refuse(
      "groups",
      "in bridge mode a service runs on one group, because its requests come to that group's instances; name one, or use awsvpc.",
    );
  }
  return groups.map(({ group, ...share }) => {
    const capacity =
      cluster.ec2[group] ??
      refuse("groups", `the cluster has no group ${JSON.stringify(group)}; it has ${Object.keys(cluster.ec2).join(", ")}.`);
    return { capacity, ...share };
  });
}

/** What AWS refuses in a capacity provider strategy. */
function checkShares(groups: { group: string; base?: number; weight?: number }[]): void {
  const repeated = groups.find(({ group }, i) => groups.findIndex((other) => other.group === group) < i);
  if (repeated) refuse("groups", `${JSON.stringify(repeated.group)} is named twice; name each group once.`);
  if (!groups.some(({ weight = 1 }) => weight > 0))
    refuse("groups", "no group has a weight above 0, so no task would run; give one at least weight: 1.");
  const based = groups.filter(({ base = 0 }) => base > 0).map(({ group }) => group);
  if (based.length > 1) refuse("groups", `${based.join(" and ")} have a base each; AWS takes one: leave out the others.`);
}
