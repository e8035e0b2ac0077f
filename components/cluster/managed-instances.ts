import * as pulumi from "@pulumi/pulumi";
import { complaintOf } from "../../facts/errors";
import { type Architecture, instanceFacts, readFleet, typeComplaint } from "../../facts/instances";
import { stackName } from "../../facts/names";
import { showCpu, showMemory, type TaskSize } from "../../facts/sizes";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { ECS_TRUST, INSTANCE_TRUST } from "../base/iam";
import { onceKnown } from "../base/once-known";
import { type ArgumentsOf, flag, group, integer, list, oneOf, optional, other, type Rule, text } from "../base/schema";
import type { NetworkLike } from "../network/network-like";
import { agentFence } from "./agent";
import type { ManagedInstances } from "./cluster-like";

/** A range of numbers; without `max` there is no upper end. */
export interface Range {
  /** The smallest (`min`). */
  min: number;
  /** The largest (`max`). Defaults to no limit. */
  max?: number;
}

/** Which instances ECS may choose for its Managed Instances. */
export interface ManagedInstancesCapacityArgs {
  /** vCPUs of an instance (`instanceRequirements.vcpuCount`). Defaults to 1 to 8. */
  vcpus?: Range;
  /** Memory of an instance in MiB (`memoryMib`). Defaults to 2048 to 32768. */
  memory?: Range;
  /** GPUs of an instance, of NVIDIA (`acceleratorCount`). Defaults to instances without. Cost: from about 400 USD a month for one (`g4dn.xlarge`). */
  gpus?: Range;
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

const range = (low: number, high: number, unit: string) =>
  group(
    {
      min: integer(low, high, unit),
      max: optional(integer(low, high, unit)),
    } satisfies ArgumentsOf<Range>,
    {
      about: ["min", "max"],
      at: "min",
      complain: ({ min, max }) => (max !== undefined && min > max ? `${min} is above max (${max}); the nearest is ${max}.` : undefined),
    },
  );

/** AWS takes patterns, too: `m7g.*`. */
const patternComplaint = (type: string) => (/^[A-Za-z0-9.*-]*\*[A-Za-z0-9.*-]*$/.test(type) ? undefined : typeComplaint(type));

export const managedInstances = {
  vcpus: optional(range(1, 448, "vCPUs"), { min: 1, max: 8 }),
  memory: optional(range(1024, 25165824, "MiB"), { min: 2048, max: 32768 }),
  gpus: optional(range(1, 16, "GPUs")),
  architecture: optional(oneOf("x86_64", "arm64"), "x86_64"),
  instanceTypes: optional(list(text(patternComplaint, "m7g.*"), 1)),
  capacity: optional(oneOf("onDemand", "spot"), "onDemand"),
  storageSize: optional(integer(30, 16384, "GiB"), 30),
  detailedMonitoring: optional(flag(), false),
  scaleInAfter: optional(integer(-1, 3600, "seconds"), 300),
  transform: optional(other<NonNullable<ManagedInstancesCapacityArgs["transform"]>>()),
} satisfies ArgumentsOf<ManagedInstancesCapacityArgs>;

/** The most GPUs that one of the types may have; what a pattern or a newer type has, nobody knows here. */
function mostGpus(types: readonly string[] = []): number {
  return Math.max(0, ...types.map((type) => (type.includes("*") ? Infinity : (instanceFacts(type)?.gpus ?? Infinity))));
}

export const oneArchitecture: Rule<Pick<typeof managedInstances, "instanceTypes" | "architecture">> = {
  about: ["instanceTypes", "architecture"],
  at: "instanceTypes",
  complain: ({ instanceTypes = [], architecture }) => {
    const exact = instanceTypes.filter((type) => !type.includes("*"));
    if (exact.length === 0) return undefined;
    const complaint = complaintOf(() => readFleet(exact));
    if (complaint) return complaint;
    const fleet = readFleet(exact);
    return fleet.architecture && fleet.architecture !== architecture
      ? `${fleet.known[0]!.name} is ${fleet.architecture}, the tasks are ${architecture}; choose types of one architecture, or set architecture: ${fleet.architecture}.`
      : undefined;
  },
};
export const managedInstancesGroup = group(managedInstances, oneArchitecture);

interface PlacedArgs extends ManagedInstancesCapacityArgs, ComponentArgs {
  network: NetworkLike;
  clusterName: pulumi.Output<string>;
}

const placed = {
  ...common,
  ...managedInstances,
  network: other<NetworkLike>(),
  clusterName: other<pulumi.Output<string>>(),
} satisfies ArgumentsOf<PlacedArgs>;
const SCHEMA = group(placed, oneArchitecture);

/** EC2 instances that ECS chooses, starts, patches (each lives 14 days at most) and gives back. Cost: EC2's price and a fee for each instance type. */
export class ManagedInstancesCapacity extends Component<typeof placed> implements ManagedInstances {
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly infrastructureRole: aws.iam.Role;
  readonly instanceRole: aws.iam.Role;
  readonly capacityProvider: aws.ecs.CapacityProvider;
  readonly providerName: pulumi.Output<string>;
  readonly providerArn: pulumi.Output<string>;
  readonly architecture: Architecture;

  constructor(name: string, args: PlacedArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ManagedInstancesCapacity", name, SCHEMA, args, opts);
    onceKnown(this.args.network.assignPublicIp, (isPublic) => {
      if (!isPublic) return;
      this.refuse(
        [],
        "managed instances have no public IPs, so they cannot reach ECS and ECR from here; set nat of the network to single or perZone, or its endpoints to private.",
      );
    });
    this.architecture = this.args.architecture;

    this.securityGroup = this.makeClosedGroup(
      this.args.network.vpcId,
      `Managed instances of ${name}: nothing comes in`,
      this.args.transform?.securityGroup,
    );
    const egress = this.allowAllEgress(this.securityGroup, "ECS, ECR and logs", this.args.transform?.egress);
    const instance = this.makeInstanceRole();
    const infrastructure = this.makeInfrastructureRole(instance.role);
    this.infrastructureRole = infrastructure.role;
    this.instanceRole = instance.role;
    this.capacityProvider = this.makeProvider(instance.profile, [...infrastructure.rights, ...instance.rights, egress]);
    this.providerName = this.capacityProvider.name;
    this.providerArn = this.capacityProvider.arn;
    this.registerOutputs({ capacityProvider: this.providerName });
  }

  /** Refuses a task that fits on none of the instances. */
  checkFits(service: string, { cpu, memory, gpu = 0 }: TaskSize & { gpu?: number }): void {
    const { vcpus, memory: mib } = this.args;
    if (gpu > 0) this.checkGpus(service, gpu);
    if (vcpus.max !== undefined && cpu > vcpus.max * 1024) {
      this.refuse(
        "vcpus.max",
        `a task of ${service} asks for ${showCpu(cpu)}, the largest instance allowed has ${showCpu(vcpus.max * 1024)}; the nearest is ${Math.ceil(cpu / 1024)}.`,
      );
    }
    if (mib.max !== undefined && memory >= mib.max) {
      this.refuse(
        "memory.max",
        `a task of ${service} asks for ${showMemory(memory)}, the largest instance allowed has ${showMemory(mib.max)}, of which the system keeps some; allow more than the task.`,
      );
    }
  }

  private checkGpus(service: string, gpu: number): void {
    const { gpus, instanceTypes } = this.args;
    const most = gpus ? (gpus.max ?? Infinity) : mostGpus(instanceTypes);
    if (gpu <= most) return;
    const asks = `a task of ${service} asks for ${gpu} ${gpu === 1 ? "GPU" : "GPUs"}`;
    if (gpus) this.refuse("gpus.max", `${asks}, the largest instance allowed has ${most}; the nearest is ${gpu}.`);
    if (instanceTypes)
      this.refuse(
        "instanceTypes",
        `${asks}, and none of ${instanceTypes.join(", ")} has as many; name types that have, such as g5.xlarge.`,
      );
    this.refuse(
      "gpus",
      `${asks}, and the instances have none; set gpus to { min: ${gpu} }, or name instanceTypes that have some, such as g5.xlarge.`,
    );
  }

  /** What the agent on an instance may do. AWS's policy for the other role hands on only roles whose name begins with ecsInstanceRole. */
  private makeInstanceRole() {
    const name = stackName(pulumi.getProject(), pulumi.getStack(), this.label, 64, ["ecsInstanceRole"]);
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
        assumeRolePolicy: ECS_TRUST,
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

  private makeProvider(profile: aws.iam.InstanceProfile, ready: pulumi.Resource[]): aws.ecs.CapacityProvider {
    const { args } = this;
    return this.make(
      aws.ecs.CapacityProvider,
      "",
      {
        cluster: args.clusterName,
        managedInstancesProvider: {
          infrastructureRoleArn: this.infrastructureRole.arn,
          propagateTags: "CAPACITY_PROVIDER",
          infrastructureOptimization: { scaleInAfter: args.scaleInAfter },
          autoRepairConfiguration: { actionsStatus: "ENABLED" },
          instanceLaunchTemplate: {
            ec2InstanceProfileArn: profile.arn,
            capacityOptionType: args.capacity === "spot" ? "SPOT" : "ON_DEMAND",
            monitoring: args.detailedMonitoring ? "DETAILED" : "BASIC",
            networkConfiguration: { subnets: args.network.privateSubnetIds, securityGroups: [this.securityGroup.id] },
            storageConfiguration: { storageSizeGib: args.storageSize },
            instanceRequirements: {
              vcpuCount: args.vcpus,
              memoryMib: args.memory,
              ...(args.gpus && { acceleratorCount: args.gpus, acceleratorTypes: ["gpu"], acceleratorManufacturers: ["nvidia"] }),
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
