import * as pulumi from "@pulumi/pulumi";
import { refuse, UserError } from "../../facts/errors";
import type { Architecture } from "../../facts/instances";
import { readFleet } from "../../facts/instances";
import { physicalName } from "../../facts/names";
import * as aws from "../base/aws";
import { Component, type ComponentArgs, type Transform } from "../base/component";
import { INSTANCE_TRUST, trust } from "../base/iam";
import type { NetworkLike } from "../network/network-like";
import { agentFence } from "./agent";

/** A range of numbers; without `max` there is no upper end. */
export interface Range {
  min: number;
  max?: number;
}

/** Which instances ECS may choose for its Managed Instances. */
export interface ManagedInstancesCapacityArgs {
  /** vCPUs of an instance (`instanceRequirements.vcpuCount`). Defaults to 1 to 8. */
  vcpus?: Range;
  /** Memory of an instance in MiB (`memoryMib`). Defaults to 2048 to 32768. */
  memory?: Range;
  /** CPU architecture of the instances. Defaults to `x86_64`. */
  architecture?: Architecture;
  /** Only these types, or patterns such as `m7g.*` (`allowedInstanceTypes`). Defaults to any current one that fits. */
  instanceTypes?: string[];
  /** How the instances are bought (`capacityOptionType`). Defaults to `onDemand`. Changing it replaces the capacity provider. */
  capacity?: "onDemand" | "spot";
  /** GiB of the data volume (`storageConfiguration.storageSizeGib`), at least 30. Defaults to 30. */
  storageSize?: number;
  /** Metrics of the instances each minute (`monitoring`). Defaults to false. */
  detailedMonitoring?: boolean;
  /** Seconds after which an idle or half-empty instance is given back (`scaleInAfter`), 0 to 3600, or -1 for never. Defaults to 300. */
  scaleInAfter?: number;
  /** Changes to what the component makes. */
  transform?: {
    securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    egress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
    infrastructureRole?: Transform<aws.iam.RoleArgs>;
    instanceRole?: Transform<aws.iam.RoleArgs>;
    rolePolicy?: Transform<aws.iam.RolePolicyArgs>;
    rolePolicyAttachment?: Transform<aws.iam.RolePolicyAttachmentArgs>;
    instanceProfile?: Transform<aws.iam.InstanceProfileArgs>;
    capacityProvider?: Transform<aws.ecs.CapacityProviderArgs>;
  };
}

interface PlacedArgs extends ManagedInstancesCapacityArgs, ComponentArgs {
  network: NetworkLike;
  clusterName: pulumi.Output<string>;
}

/** EC2 instances that ECS chooses, starts, patches (each lives 14 days at most) and gives back. Cost: EC2's price and a fee for each instance type. */
export class ManagedInstancesCapacity extends Component {
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly infrastructureRole: aws.iam.Role;
  readonly instanceRole: aws.iam.Role;
  readonly capacityProvider: aws.ecs.CapacityProvider;
  readonly architecture: Architecture;
  /** The largest instance that may be chosen, in CPU units and MiB: a task must fit on it. */
  readonly largest: { cpu: number; memory: number };

  constructor(
    name: string,
    private readonly args: PlacedArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ManagedInstancesCapacity", name, args, opts);
    const { vcpus, memory } = check(args);
    this.architecture = args.architecture ?? "x86_64";
    this.largest = { cpu: (vcpus.max ?? Number.POSITIVE_INFINITY) * 1024, memory: memory.max ?? Number.POSITIVE_INFINITY };

    this.securityGroup = this.makeClosedGroup(
      args.network.vpcId,
      `Managed instances of ${name}: nothing comes in`,
      args.transform?.securityGroup,
    );
    const egress = this.allowAllEgress(this.securityGroup, "ECS, ECR and logs", args.transform?.egress);
    const instance = this.makeInstanceRole();
    const infrastructure = this.makeInfrastructureRole(instance.role);
    this.infrastructureRole = infrastructure.role;
    this.instanceRole = instance.role;
    this.capacityProvider = this.makeProvider({ vcpus, memory }, instance.profile, [...infrastructure.rights, ...instance.rights, egress]);
    this.registerOutputs({ capacityProvider: this.capacityProvider.name });
  }

  /** What the agent on an instance may do. AWS's policy for the other role hands on only roles whose name begins with ecsInstanceRole. */
  private makeInstanceRole() {
    const name = physicalName(["ecsInstanceRole", pulumi.getProject(), pulumi.getStack(), this.label], 64);
    const role = this.makeRole(
      "instance",
      {
        name,
        description: `Managed instances of ${this.label}: the ECS agent`,
        assumeRolePolicy: INSTANCE_TRUST,
      },
      this.args.transform?.instanceRole,
    );
    const { network, clusterName, transform } = this.args;
    const { partition } = network.location;
    const denial = agentFence(network.location, clusterName);
    const rights = this.makeAwsRights(
      "instance",
      role,
      { partition, name: "AmazonECSInstanceRolePolicyForManagedInstances", denial },
      transform,
    );
    const profile = this.make(
      aws.iam.InstanceProfile,
      "instance",
      { name, role: role.name, tags: this.tags },
      this.args.transform?.instanceProfile,
    );
    return { role, rights, profile };
  }

  /** What ECS may do in EC2 for this cluster: instances get this one role and no other. */
  private makeInfrastructureRole(instanceRole: aws.iam.Role) {
    const role = this.makeRole(
      "infrastructure",
      {
        description: `Lets ECS start and end the managed instances of ${this.label}`,
        assumeRolePolicy: trust("ecs.amazonaws.com", "ecs", this.args.network.location),
      },
      this.args.transform?.infrastructureRole,
    );
    const { network, transform } = this.args;
    const { partition } = network.location;
    const denial = { sid: "OtherRoles", actions: ["iam:PassRole"], except: [instanceRole.arn] };
    const rights = this.makeAwsRights(
      "infrastructure",
      role,
      { partition, name: "AmazonECSInfrastructureRolePolicyForManagedInstances", denial },
      transform,
    );
    return { role, rights };
  }

  private makeProvider(
    size: { vcpus: Range; memory: Range },
    profile: aws.iam.InstanceProfile,
    ready: pulumi.Resource[],
  ): aws.ecs.CapacityProvider {
    const { args } = this;
    return this.make(
      aws.ecs.CapacityProvider,
      "",
      {
        cluster: args.clusterName,
        managedInstancesProvider: {
          infrastructureRoleArn: this.infrastructureRole.arn,
          propagateTags: "CAPACITY_PROVIDER",
          infrastructureOptimization: { scaleInAfter: args.scaleInAfter ?? 300 },
          autoRepairConfiguration: { actionsStatus: "ENABLED" },
          instanceLaunchTemplate: {
            ec2InstanceProfileArn: profile.arn,
            capacityOptionType: args.capacity === "spot" ? "SPOT" : "ON_DEMAND",
            monitoring: args.detailedMonitoring ? "DETAILED" : "BASIC",
            networkConfiguration: { subnets: args.network.privateSubnetIds, securityGroups: [this.securityGroup.id] },
            storageConfiguration: { storageSizeGib: args.storageSize ?? 30 },
            instanceRequirements: {
              vcpuCount: size.vcpus,
              memoryMib: size.memory,
              ...(args.instanceTypes
                ? { allowedInstanceTypes: args.instanceTypes }
                : {
                    cpuManufacturers: this.architecture === "arm64" ? ["amazon-web-services"] : ["intel", "amd"],
                    instanceGenerations: ["current"],
                  }),
            },
          },
        },
        tags: this.tags,
      },
      args.transform?.capacityProvider,
      // ECS tests the rights and the way out at once; and at the end its agents still need them to drain.
      { dependsOn: [...args.network.ready, ...ready] },
    );
  }
}

function check(args: PlacedArgs): { vcpus: Range; memory: Range } {
  if (args.network.assignPublicIp) {
    refuse(
      "network.nat",
      "managed instances have no public IPs, so they cannot reach ECS and ECR from here; set network.nat to single or perZone, or network.endpoints to private.",
    );
  }
  const vcpus = args.vcpus ?? { min: 1, max: 8 };
  const memory = args.memory ?? { min: 2048, max: 32768 };
  for (const [key, range] of Object.entries({ vcpus, memory })) {
    if (range.max !== undefined && range.min > range.max)
      throw new UserError(
        `managedInstances.${key}.min: ${range.min} is above managedInstances.${key}.max (${range.max}); the nearest is ${range.max}.`,
      );
  }
  const exact = (args.instanceTypes ?? []).filter((type) => !type.includes("*"));
  const fleet = exact.length > 0 ? readFleet(exact, "managedInstances.instanceTypes") : undefined;
  const architecture = args.architecture ?? "x86_64";
  if (fleet?.architecture && fleet.architecture !== architecture) {
    refuse(
      "managedInstances.instanceTypes",
      `${fleet.known[0]!.name} is ${fleet.architecture}, the tasks are ${architecture}; choose types of one architecture, or set architecture: ${fleet.architecture}.`,
    );
  }
  return { vcpus, memory };
}
