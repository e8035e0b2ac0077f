import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Ec2Capacity } from "./ec2-capacity";
import { refuse } from "./errors";
import { EcsService, type Launch, mostTasks, type ServiceArgs } from "./service";
import { readCpu, readMemory } from "./sizes";
import { isImage } from "./task";

/** Arguments of {@link Ec2Service}. */
export interface Ec2ServiceArgs extends ServiceArgs {
  /** The cluster's groups to run on, by name; several with a `weight` each share the tasks (say, one on demand and one of Spot instances). Defaults to the first. */
  groups?: { group: string; base?: number; weight?: number }[];
  /**
   * `awsvpc` (default): each task has a network interface and a security group of its own. `bridge`: tasks share the instance's, on ports that Docker
   * chooses; more of them fit on an instance, and they start a little sooner.
   */
  networkMode?: "awsvpc" | "bridge";
  /** GPUs of a task (`resourceRequirements`). Defaults to none. */
  gpu?: number;
  /** Where tasks are placed (`orderedPlacementStrategies`). Defaults to: spread over zones, then fill up instances by memory. */
  placementStrategies?: aws.types.input.ecs.ServiceOrderedPlacementStrategy[];
  /** Where tasks may be placed (`placementConstraints`). Defaults to anywhere. */
  placementConstraints?: aws.types.input.ecs.ServicePlacementConstraint[];
  /** Run one task on each instance (`schedulingStrategy: DAEMON`), in place of a number of tasks. Defaults to false. */
  daemon?: boolean;
}

/** A service on the cluster's own EC2 instances. Takes what a `FargateService` takes. */
export class Ec2Service extends EcsService {
  constructor(name: string, args: Ec2ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Ec2Service", name, args, launch(name, args), opts);
  }
}

function launch(name: string, args: Ec2ServiceArgs): Launch {
  const networkMode = args.networkMode ?? "awsvpc";
  const chosen = choose(args);
  const needs = {
    cpu: readCpu(args.cpu ?? 256),
    memory: readMemory(args.memory ?? 512),
    gpus: args.gpu ?? 0,
    ownInterface: networkMode === "awsvpc",
  };
  const architecture = (isImage(args.image) ? args.image.architecture : args.architecture) ?? "x86_64";
  const weights = chosen.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const percents = chosen.map(({ capacity, weight = 1 }) => {
    const has = capacity.fleet.architecture;
    if (has && has !== architecture) {
      refuse(
        "architecture",
        `the image of ${name} is for ${architecture}, the instances (${capacity.fleet.known.map((facts) => facts.name).join(", ")}) are ${has}; set architecture: ${has}, or choose other instance types.`,
      );
    }
    return capacity.claim({ service: name, needs, tasks: args.daemon ? 0 : Math.ceil((mostTasks(args) * weight) / weights) });
  });
  const [first] = chosen;
  return {
    requires: "EC2",
    networkMode,
    capacityProviderStrategies: chosen.map(({ capacity, base = 0, weight = 1 }) => ({
      capacityProvider: capacity.capacityProvider.name,
      base,
      weight,
    })),
    assignPublicIp: false,
    maximumPercent: Math.min(...percents),
    ...(networkMode === "bridge" && { hosts: first!.capacity.securityGroup }),
    ...(args.daemon
      ? { daemon: true }
      : {
          orderedPlacementStrategies: args.placementStrategies ?? [
            { type: "spread", field: "attribute:ecs.availability-zone" },
            { type: "binpack", field: "memory" },
          ],
        }),
    ...(args.placementConstraints && { placementConstraints: args.placementConstraints }),
  };
}

/** The groups that the service runs on. */
function choose(args: Ec2ServiceArgs): { capacity: Ec2Capacity; base?: number; weight?: number }[] {
  const known = args.cluster.ec2;
  const first = Object.keys(known)[0];
  if (first === undefined)
    return refuse(
      "cluster",
      'it has no EC2 instances; make it with ec2: { ec2: { instanceTypes: ["t4g.medium"] } }, or use a FargateService.',
    );
  const groups = args.groups ?? [{ group: first }];
  if (args.networkMode === "bridge" && groups.length > 1)
    refuse(
      "groups",
      "in bridge mode a service runs on one group, because its requests come to that group's instances; name one, or use awsvpc.",
    );
  return groups.map(({ group, ...share }) => {
    const capacity =
      known[group] ?? refuse("groups", `the cluster has no group ${JSON.stringify(group)}; it has ${Object.keys(known).join(", ")}.`);
    return { capacity, ...share };
  });
}
