// What runs a task: Fargate, EC2 instances, or instances that ECS manages. One function each, from the same arguments, for services and tasks alike.

import type * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../../facts/instances";
import type * as aws from "../base/aws";
import type { Refuse } from "../base/origin";
import type { Values } from "../base/schema";
import type { ClusterLike, Ec2Instances } from "../cluster/cluster-like";
import type { SharedInstances } from "../cluster/ec2-capacity";
import { type ContainerImage, isImage } from "../image/image";
import type { FargateCapacity, placement } from "./placement";
import type { Compatibility } from "./task";

/** Where tasks run, as AWS is told. */
export interface Launch extends Compatibility {
  /** Always given, never `launchType`: a service can then move to other capacity, and AWS keeps to what the program says. */
  capacityProviderStrategies: aws.types.input.ecs.ServiceCapacityProviderStrategy[];
  assignPublicIp: boolean | pulumi.Output<boolean>;
  /** Percent of the tasks that there is room for during a rollout. */
  maximumPercent: number;
  /** Bridge mode: requests come to the instances, on ports that Docker chooses. */
  instances?: SharedInstances;
  orderedPlacementStrategies?: aws.types.input.ecs.ServiceOrderedPlacementStrategy[];
  placementConstraints?: aws.types.input.ecs.ServicePlacementConstraint[];
}

/** Whether AWS may move tasks between zones: not where they are packed before they are spread, or held to some zones. */
export const rebalances = ({ orderedPlacementStrategies = [], placementConstraints = [] }: Launch): boolean =>
  [undefined, "attribute:ecs.availability-zone"].includes(orderedPlacementStrategies[0]?.field as string | undefined) &&
  !placementConstraints.some(({ expression }) => typeof expression === "string" && expression.includes("ecs.availability-zone"));

/** What the task brings to the question where it runs. */
export interface PlacementRequest {
  name: string;
  task: {
    image: ContainerImage | pulumi.Input<string>;
    architecture?: Architecture;
    cpu: number;
    memory: number;
    gpu?: number;
    sidecars: Record<string, { gpu?: number }>;
  };
  /** Most tasks, outside of a rollout. */
  maxTasks: number;
  /** Whether a rollout runs a second set of tasks beside the first. */
  secondSet: boolean;
  /** Refuses one of its arguments. */
  refuse: Refuse;
}

const FARGATE: Record<FargateCapacity, Launch["capacityProviderStrategies"]> = {
  onDemand: [{ capacityProvider: "FARGATE", base: 0, weight: 1 }],
  mixed: [
    { capacityProvider: "FARGATE", base: 2, weight: 1 },
    { capacityProvider: "FARGATE_SPOT", base: 0, weight: 3 },
  ],
  spot: [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }],
};

/** On Fargate: each task is a small machine of its own. */
export function onFargate(cluster: ClusterLike, capacity: FargateCapacity): Launch {
  return {
    requires: "FARGATE",
    networkMode: "awsvpc",
    capacityProviderStrategies: FARGATE[capacity],
    assignPublicIp: cluster.network.assignPublicIp,
    maximumPercent: 200,
  };
}

/** What is chosen on EC2; a task that runs once is no daemon. */
type Placement = Omit<Values<typeof placement>, "daemon"> & { daemon?: boolean };

/** On the cluster's own instances; reserves room there. Throws a UserError if the tasks do not fit, or not on this architecture. */
export function onEc2(cluster: ClusterLike, placement: Placement, request: PlacementRequest): Launch {
  const { name, task, maxTasks, secondSet, refuse } = request;
  const { networkMode } = placement;
  const chosen = chooseGroups(cluster, placement, refuse);
  const needs = { cpu: task.cpu, memory: task.memory, gpus: gpusOf(task), ownInterface: networkMode === "awsvpc" };
  const architecture = architectureOf(task);
  const weights = chosen.reduce((sum, { weight }) => sum + weight, 0);
  const room = chosen.map(({ capacity, weight }) => {
    const has = capacity.fleet?.architecture;
    if (has && has !== architecture) {
      refuse(
        "architecture",
        `the image of ${name} is for ${architecture}, the instances (${capacity.fleet!.known.map((facts) => facts.name).join(", ")}) are ${has}; set architecture: ${has}, or choose other instance types.`,
      );
    }
    return capacity.claim({ service: name, needs, tasks: placement.daemon ? 0 : Math.ceil((maxTasks * weight) / weights), secondSet });
  });
  return {
    requires: "EC2",
    networkMode,
    ...(chosen.some(({ capacity }) => capacity.amiFamily === "bottlerocket") && { amiFamily: "bottlerocket" }),
    capacityProviderStrategies: chosen.map(({ capacity, base, weight }) => ({
      capacityProvider: capacity.providerName,
      base,
      weight,
    })),
    assignPublicIp: false,
    maximumPercent: Math.min(...room),
    ...(networkMode === "bridge" && { instances: sharedBy(chosen[0]!.capacity, refuse) }),
    ...(placement.daemon ? { daemon: true } : { orderedPlacementStrategies: placement.placementStrategies }),
    ...(placement.placementConstraints && { placementConstraints: placement.placementConstraints }),
  };
}

/** On instances that ECS manages. Throws a UserError if a task fits on none, or not on this architecture. */
export function onManagedInstances(cluster: ClusterLike, { name, task, refuse }: PlacementRequest): Launch {
  const capacity = cluster.managedGroup(refuse);
  const architecture = architectureOf(task);
  if (capacity.architecture !== undefined && architecture !== capacity.architecture) {
    refuse(
      "architecture",
      `the image of ${name} is for ${architecture}, the managed instances are ${capacity.architecture}; set managedInstances.architecture to ${architecture}, or build the image for the other.`,
    );
  }
  capacity.checkFits(name, { ...task, gpu: gpusOf(task) });
  return {
    requires: "MANAGED_INSTANCES",
    networkMode: "awsvpc",
    capacityProviderStrategies: [{ capacityProvider: capacity.providerName, base: 0, weight: 1 }],
    assignPublicIp: false,
    maximumPercent: 200,
  };
}

/** The GPUs of all containers. */
const gpusOf = ({ gpu = 0, sidecars }: PlacementRequest["task"]) => Object.values(sidecars).reduce((sum, its) => sum + (its.gpu ?? 0), gpu);

/** The architecture of a task: its image's. */
const architectureOf = ({ image, architecture }: PlacementRequest["task"]): Architecture =>
  (isImage(image) ? image.architecture : architecture) ?? "x86_64";

/** The groups to run on. */
function chooseGroups(
  cluster: ClusterLike,
  { groups }: Placement,
  refuse: Refuse,
): { capacity: Ec2Instances; base: number; weight: number }[] {
  return (groups ?? [{ group: undefined, base: 0, weight: 1 }]).map(({ group, ...share }, i) => ({
    capacity: cluster.ec2Group(group, `groups.${i}.group`, refuse),
    ...share,
  }));
}

/** The instances whose ports tasks in bridge mode share. */
const sharedBy = ({ shared }: Ec2Instances, refuse: Refuse): SharedInstances =>
  shared ??
  refuse(
    "networkMode",
    "in bridge mode requests come to the instances, and who may reach those is not for this stack to change; set networkMode: awsvpc.",
  );
