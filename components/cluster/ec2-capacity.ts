import * as pulumi from "@pulumi/pulumi";
import { LIMITS } from "../../facts/aws-limits";
import { complaintOf } from "../../facts/errors";
import { type Claim, type Fleet, readFleet, rolloutPercent, typeComplaint, unknownTypes } from "../../facts/instances";
import { isTold } from "../../facts/made-up";
import { type SleepArgs, sleepMoments } from "../../facts/sleep";
import { type ComponentArgs, common, sleep } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { allow, INSTANCE_TRUST } from "../base/iam";
import { onceKnown } from "../base/once-known";
import {
  type ArgumentsOf,
  flag,
  group,
  integer,
  list,
  type OptionalArgument,
  oneOf,
  optional,
  other,
  pattern,
  type Rule,
  text,
} from "../base/schema";
import type { LoadBalancerLike } from "../load-balancer/load-balancer-like";
import type { NetworkLike } from "../network/network-like";
import { agentStatements, hostContainerStatements } from "./agent";
import { amiComplaint, amiParameter } from "./ami";
import type { Ec2Instances } from "./cluster-like";
import { type AmiFamily, userData } from "./user-data";

/** How a group of EC2 instances looks. */
export interface Ec2CapacityArgs {
  /** Instance types, all of one architecture (`instanceTypes`); the first is preferred. A type that was bought out is replaced by the next. */
  instanceTypes: string[];
  /** Fewest instances (`minSize`). Defaults to 2. With 0 the group is empty until a task waits: three to five minutes until it runs. */
  min?: number;
  /** Most instances (`maxSize`). Defaults to 10, or double `min` where that is more. */
  max?: number;
  /** Operating system: Amazon Linux 2023 or Bottlerocket, each in the variant that AWS makes for ECS. Defaults to `al2023`. */
  amiFamily?: AmiFamily;
  /**
   * Which release of the AMI runs (`imageId`). `stay`: the launch template names AWS's parameter, so a release of AWS is no difference to Pulumi; new
   * instances start with the newest, running ones stay as they are (see `maxInstanceLifetime`). Defaults to `stay`. `follow`: the release is looked up at each `pulumi up`;
   * a new one shows as a difference, and the instances are replaced one after the other. Or the id of an AMI of your own, which never changes by itself.
   */
  ami?: "stay" | "follow" | `ami-${string}`;
  /** Days after which an instance is replaced (`maxInstanceLifetime`), 1 to 365. Protected instances are not. Defaults to no limit. */
  maxInstanceLifetime?: number;
  /** Share of the instances beyond `onDemandBase` that are Spot, in percent (`onDemandPercentageAboveBaseCapacity` is the rest). Defaults to 0. Saves about 60 to 70 % on them. */
  spotPercent?: number;
  /** Instances that are never Spot (`onDemandBaseCapacity`). Defaults to 1. */
  onDemandBase?: number;
  /** GiB of the root volume, gp3 and encrypted, at least 30. Defaults to 30. Cost: 0.08 USD per GiB and month. */
  rootVolumeSize?: number;
  /** Metrics of the instances each minute in place of every five (`monitoring`). Defaults to false. Cost: about 2.10 USD per instance and month. */
  detailedMonitoring?: boolean;
  /** Whether ECS adds and removes instances as tasks need them (`managedScaling`). Defaults to true. */
  managedScaling?: boolean;
  /** Percent of the instances that ECS keeps busy (`targetCapacity`); 90 keeps room for a tenth more. Defaults to 100. */
  targetCapacity?: number;
  /** Hours in which the group may be empty: `min` is 0 in them. Give the services on it the same. Defaults to none. */
  sleep?: SleepArgs;
  /** Whether an instance that runs tasks is protected from scale-in (`managedTerminationProtection`). Defaults to true; draining is on either way. */
  terminationProtection?: boolean;
  /** Changes to what the component makes. */
  transform?: {
    securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    egress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
    ingress?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
    loadBalancerEgress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
    role?: Transform<aws.iam.RoleArgs>;
    rolePolicy?: Transform<aws.iam.RolePolicyArgs>;
    rolePolicyAttachment?: Transform<aws.iam.RolePolicyAttachmentArgs>;
    instanceProfile?: Transform<aws.iam.InstanceProfileArgs>;
    launchTemplate?: Transform<aws.ec2.LaunchTemplateArgs>;
    group?: Transform<aws.autoscaling.GroupArgs>;
    schedule?: Transform<aws.autoscaling.ScheduleArgs>;
    capacityProvider?: Transform<aws.ecs.CapacityProviderArgs>;
  };
}

export const ec2Capacity = {
  instanceTypes: list(text(typeComplaint, "t4g.medium"), 1),
  min: optional(integer(0, 5000, "instances"), 2),
  max: optional(integer(0, 5000, "instances"), ({ min }: { min: number }) => Math.max(10, 2 * min)),
  amiFamily: optional(oneOf("al2023", "bottlerocket"), "al2023"),
  ami: optional(
    pattern<NonNullable<Ec2CapacityArgs["ami"]>>(
      /^(stay|follow|ami-[0-9a-f]{8,17})$/,
      "a valid value; allowed: stay, follow, or the id of an AMI",
      "ami-0123456789abcdef0",
    ),
    "stay",
  ),
  maxInstanceLifetime: optional(integer(1, 365, "days")),
  spotPercent: optional(integer(0, 100, "percent"), 0),
  onDemandBase: optional(integer(0, 5000, "instances"), 1),
  rootVolumeSize: optional(integer(30, 16384, "GiB"), 30),
  detailedMonitoring: optional(flag(), false),
  managedScaling: optional(flag(), true),
  targetCapacity: optional(integer(1, 100, "percent"), 100),
  sleep: optional(sleep),
  terminationProtection: optional(flag(), true),
  transform: optional(other<NonNullable<Ec2CapacityArgs["transform"]>>()),
} satisfies ArgumentsOf<Ec2CapacityArgs>;

/** Where the types may be left out, as in a stack file, nothing is said of them. */
type MayHaveTypes = Pick<typeof ec2Capacity, "min" | "max" | "amiFamily" | "ami"> & {
  instanceTypes: OptionalArgument<string[], string[], undefined>;
};
const MOST_TYPES = LIMITS["aws:autoscaling/group:Group"].takes["mixedInstancesPolicy.launchTemplate.overrides"];
export const ec2Rules: Rule<MayHaveTypes>[] = [
  {
    about: ["instanceTypes"],
    at: "instanceTypes",
    complain: ({ instanceTypes }) => instanceTypes && (MOST_TYPES.complaint(instanceTypes) ?? complaintOf(() => readFleet(instanceTypes))),
  },
  {
    about: ["min", "max"],
    at: "min",
    complain: ({ min, max }) => (min > max ? `${min} is above max (${max}); the nearest is ${max}.` : undefined),
  },
  {
    about: ["instanceTypes", "amiFamily", "ami"],
    at: "amiFamily",
    complain: ({ instanceTypes, amiFamily, ami }) =>
      instanceTypes && complaintOf(() => readFleet(instanceTypes)) === undefined
        ? amiComplaint(amiFamily, ami, readFleet(instanceTypes))
        : undefined,
  },
];
export const ec2Group = group(ec2Capacity, ...ec2Rules);

/** The instances' own security group, and how it lets a load balancer in. */
export interface SharedInstances {
  securityGroup: aws.ec2.SecurityGroup;
  allowIngressFrom(loadBalancer: Pick<LoadBalancerLike, "securityGroupId">): pulumi.Resource[];
}

/** The ports that Docker gives to containers in bridge mode: Linux's ephemeral range. */
export const EPHEMERAL = { fromPort: 32768, toPort: 65535 };

/** A group with the place it stands in. */
interface PlacedArgs extends Ec2CapacityArgs, ComponentArgs {
  network: NetworkLike;
  clusterName: pulumi.Output<string>;
}

const placed = {
  ...common,
  ...ec2Capacity,
  network: other<NetworkLike>(),
  clusterName: other<pulumi.Output<string>>(),
} satisfies ArgumentsOf<PlacedArgs>;
const SCHEMA = group(placed, ...ec2Rules);

/** A group of EC2 instances as capacity of a cluster: launch template, Auto Scaling group, capacity provider with managed scaling and draining. */
export class Ec2Capacity extends Component<typeof placed> implements SharedInstances, Ec2Instances {
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly role: aws.iam.Role;
  readonly launchTemplate: aws.ec2.LaunchTemplate;
  readonly group: aws.autoscaling.Group;
  readonly capacityProvider: aws.ecs.CapacityProvider;
  readonly providerName: pulumi.Output<string>;
  readonly fleet: Fleet;
  readonly amiFamily: AmiFamily;
  readonly shared = this;
  private readonly claims: Claim[] = [];
  private readonly admittedBalancers = new Map<Pick<LoadBalancerLike, "securityGroupId">, pulumi.Resource[]>();

  constructor(name: string, args: PlacedArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Ec2Capacity", name, SCHEMA, args, opts);
    this.fleet = readFleet(this.args.instanceTypes);
    this.amiFamily = this.args.amiFamily;
    onceKnown(this.args.network.assignPublicIp, (isPublic) => {
      if (!isPublic) return;
      this.refuse(
        [],
        "instances and their tasks have no public IPs, so they cannot reach ECS and ECR from here; set nat of the network to single or perZone, or its endpoints to private.",
      );
    });
    const unknown = unknownTypes(this.fleet);
    if (unknown) void pulumi.log.warn(unknown, this);
    const gpu = this.fleet.known.some((facts) => facts.gpus > 0);

    this.securityGroup = this.makeClosedGroup(
      this.args.network.vpcId,
      `Instances of ${name}: nothing comes in but what a service in bridge mode lets in`,
      this.args.transform?.securityGroup,
    );
    const egress = this.allowAllEgress(this.securityGroup, "ECS, ECR, logs and whatever the tasks call", this.args.transform?.egress);
    const { role, profile } = this.makeInstanceRole();
    this.role = role;
    this.launchTemplate = this.makeLaunchTemplate(gpu, profile);
    this.group = this.makeGroup([egress]);
    this.capacityProvider = this.makeProvider();
    this.providerName = this.capacityProvider.name;
    if (this.args.sleep) this.makeSchedule(this.args.sleep);
    this.registerOutputs({ capacityProvider: this.providerName });
  }

  /** Reserves room for a service. Returns the percentage of its tasks that may run during a rollout; throws if they do not fit. */
  claim(claim: Claim): number {
    const { max, min, managedScaling } = this.args;
    if (max === 0 && claim.tasks > 0)
      this.refuse("max", `the group may have no instance, but ${claim.service} wants ${claim.tasks} tasks; the nearest is 1.`);
    if (!managedScaling && min === 0 && claim.tasks > 0) {
      this.refuse(
        "min",
        `the group starts with no instance and managedScaling is off, so ${claim.service} would wait for ever; set min to 1 or more, or managedScaling: true.`,
      );
    }
    const percent = rolloutPercent(this.fleet, managedScaling ? max : min, claim, this.claims);
    if (typeof percent !== "number") return this.refuse(percent.at, percent.text);
    this.claims.push(claim);
    return percent;
  }

  /** Lets a load balancer reach the ports that Docker gives to tasks in bridge mode; once, however many services ask. */
  allowIngressFrom(loadBalancer: Pick<LoadBalancerLike, "securityGroupId">): pulumi.Resource[] {
    const known = this.admittedBalancers.get(loadBalancer);
    if (known) return known;
    const suffix = this.admittedBalancers.size === 0 ? "" : `-${this.admittedBalancers.size + 1}`;
    const rule = { ipProtocol: "tcp", ...EPHEMERAL, tags: this.tags };
    const outside = loadBalancer.securityGroupId;
    const rules = [
      this.make(
        aws.vpc.SecurityGroupIngressRule,
        `in${suffix}`,
        {
          ...rule,
          securityGroupId: this.securityGroup.id,
          referencedSecurityGroupId: outside,
          description: "Requests from the load balancer to tasks in bridge mode",
        },
        this.args.transform?.ingress,
      ),
      this.make(
        aws.vpc.SecurityGroupEgressRule,
        `requests${suffix}`,
        {
          ...rule,
          securityGroupId: outside,
          referencedSecurityGroupId: this.securityGroup.id,
          description: `Requests to tasks on ${this.label}`,
        },
        this.args.transform?.loadBalancerEgress,
      ),
    ];
    this.admittedBalancers.set(loadBalancer, rules);
    return rules;
  }

  /** What the ECS agent may do in this cluster, and Session Manager in place of SSH. */
  private makeInstanceRole() {
    const { network, clusterName, amiFamily, transform } = this.args;
    const { location } = network;
    const role = this.makeRole(
      "",
      {
        description: `Instances of ${this.label}: the ECS agent and Session Manager`,
        assumeRolePolicy: INSTANCE_TRUST,
      },
      transform?.role,
    );
    const statements = [
      ...agentStatements(location, clusterName),
      ...(amiFamily === "bottlerocket" ? hostContainerStatements(location) : []),
    ];
    // AWS's policy for Session Manager lets an instance read every parameter of the account.
    const denial = { sid: "Parameters", actions: ["ssm:GetParameter", "ssm:GetParameters"] };
    const rights = [
      this.make(aws.iam.RolePolicy, "ecs", { role: role.name, policy: allow(...statements) }, transform?.rolePolicy),
      ...this.makeAwsRights("ssm", role, { partition: location.partition, name: "AmazonSSMManagedInstanceCore", denial }, transform),
    ];
    const profile = this.make(aws.iam.InstanceProfile, "", { role: role.name, tags: this.tags }, transform?.instanceProfile, {
      dependsOn: rights,
    });
    return { role, profile };
  }

  private makeLaunchTemplate(gpu: boolean, profile: aws.iam.InstanceProfile): aws.ec2.LaunchTemplate {
    const { args } = this;
    const family = args.amiFamily;
    const volume = (deviceName: string, volumeSize: number) => ({
      deviceName,
      ebs: {
        volumeSize,
        volumeType: "gp3",
        encrypted: "true",
        ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
        deleteOnTermination: "true",
      },
    });
    return this.make(
      aws.ec2.LaunchTemplate,
      "",
      {
        imageId: this.imageId(family, gpu),
        instanceType: args.instanceTypes[0]!,
        updateDefaultVersion: true,
        iamInstanceProfile: { arn: profile.arn },
        vpcSecurityGroupIds: [this.securityGroup.id],
        // IMDSv2 only, and no hop further than the instance itself: a container cannot ask for the instance's credentials.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        monitoring: { enabled: args.detailedMonitoring },
        blockDeviceMappings:
          family === "bottlerocket"
            ? [volume("/dev/xvda", 4), volume("/dev/xvdb", args.rootVolumeSize)]
            : [volume("/dev/xvda", args.rootVolumeSize)],
        userData: args.clusterName.apply((cluster) => userData(family, cluster, gpu)),
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: this.tags })),
        tags: this.tags,
      },
      args.transform?.launchTemplate,
    );
  }

  private imageId(family: AmiFamily, gpu: boolean): pulumi.Input<string> {
    const { ami } = this.args;
    const parameter = amiParameter(family, this.fleet.architecture ?? "x86_64", gpu);
    if (ami === "stay") return `resolve:ssm:${parameter}`;
    if (ami === "follow") return aws.ssm.getParameterOutput({ name: parameter }, { parent: this }).value;
    const architecture = this.fleet.architecture;
    return aws.ec2
      .getAmiOutput({ owners: ["self", "amazon", "aws-marketplace"], filters: [{ name: "image-id", values: [ami] }] }, { parent: this })
      .apply((found) => {
        if (!isTold(found, "architecture"))
          void pulumi.log.info(`whether ${ami} is an AMI for ${architecture}, pulumi preview asks AWS.`, this);
        else if (architecture && found.architecture && found.architecture !== architecture) {
          this.refuse(
            "ami",
            `${ami} is ${found.architecture}, the instance types are ${architecture}; choose an AMI and types of one architecture.`,
          );
        }
        return found.id;
      });
  }

  private makeGroup(ready: pulumi.Resource[]): aws.autoscaling.Group {
    const { args } = this;
    const version = this.launchTemplate.latestVersion.apply(String);
    const mixed = args.instanceTypes.length > 1 || args.spotPercent > 0;
    // Auto Scaling can roll a refresh back only to an AMI that has an id.
    const autoRollback = args.ami !== "stay";
    return this.make(
      aws.autoscaling.Group,
      "",
      {
        vpcZoneIdentifiers: args.network.privateSubnetIds,
        minSize: args.min,
        maxSize: args.max,
        ...(mixed
          ? {
              mixedInstancesPolicy: {
                instancesDistribution: {
                  onDemandBaseCapacity: args.onDemandBase,
                  onDemandPercentageAboveBaseCapacity: 100 - args.spotPercent,
                  spotAllocationStrategy: "price-capacity-optimized",
                },
                launchTemplate: {
                  launchTemplateSpecification: { launchTemplateId: this.launchTemplate.id, version },
                  overrides: args.instanceTypes.map((instanceType) => ({ instanceType })),
                },
              },
            }
          : { launchTemplate: { id: this.launchTemplate.id, version } }),
        ...(args.spotPercent > 0 && { capacityRebalance: true }),
        ...(args.maxInstanceLifetime !== undefined && { maxInstanceLifetime: args.maxInstanceLifetime * 86400 }),
        healthCheckType: "EC2",
        protectFromScaleIn: args.terminationProtection,
        // At a destroy, instances are ended whatever protects them: by then no service runs on them.
        forceDelete: true,
        instanceRefresh: {
          strategy: "Rolling",
          // Protected instances are replaced too; the default would wait for them for ever.
          preferences: {
            minHealthyPercentage: 100,
            maxHealthyPercentage: 200,
            skipMatching: true,
            scaleInProtectedInstances: "Refresh",
            autoRollback,
          },
        },
        tags: Object.entries({ ...this.tags, Name: this.label, AmazonECSManaged: "true" }).map(([key, value]) => ({
          key,
          value,
          propagateAtLaunch: true,
        })),
      },
      args.transform?.group,
      // Instances that start before there is a way to ECS register late or never; they must be gone before it goes.
      {
        dependsOn: [...args.network.ready, ...ready],
        customTimeouts: { delete: "20m" },
        // The schedule below moves the lower end twice a day.
        ...(args.sleep && { ignoreChanges: ["minSize"] }),
      },
    );
  }

  /** Managed scaling empties the group when no task needs it, if it may be empty; in the morning it fills up before the tasks come. */
  private makeSchedule(sleep: Required<SleepArgs>): void {
    const { min, max } = this.args;
    const { stop, start, timezone } = sleepMoments(sleep);
    const schedule = (suffix: string, recurrence: string, minSize: number) =>
      this.make(
        aws.autoscaling.Schedule,
        suffix,
        // -1 leaves a number as it is.
        {
          scheduledActionName: suffix,
          autoscalingGroupName: this.group.name,
          recurrence,
          timeZone: timezone,
          minSize,
          maxSize: max,
          desiredCapacity: -1,
        },
        this.args.transform?.schedule,
      );
    schedule("stop", stop.group, 0);
    schedule("start", start.group, min);
  }

  private makeProvider(): aws.ecs.CapacityProvider {
    const { args } = this;
    const scales = args.managedScaling;
    return this.make(
      aws.ecs.CapacityProvider,
      "",
      {
        autoScalingGroupProvider: {
          autoScalingGroupArn: this.group.arn,
          managedDraining: "ENABLED",
          managedTerminationProtection: args.terminationProtection && scales ? "ENABLED" : "DISABLED",
          managedScaling: {
            status: scales ? "ENABLED" : "DISABLED",
            targetCapacity: args.targetCapacity,
            minimumScalingStepSize: 1,
            maximumScalingStepSize: 10,
            instanceWarmupPeriod: 60,
          },
        },
        tags: this.tags,
      },
      args.transform?.capacityProvider,
    );
  }
}
