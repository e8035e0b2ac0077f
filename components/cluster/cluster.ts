import { Command } from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";
import { DNS_NAME, dnsLabel } from "../../facts/domain";
import type { Architecture } from "../../facts/instances";
import { type ComponentArgs, common, kmsKeyArn, logDays } from "../base/arguments";
import * as aws from "../base/aws";
import { whileThere } from "../base/berth-command";
import { Component, type Transform } from "../base/component";
import type { Location } from "../base/location";
import { ORIGIN, type Refuse, under } from "../base/origin";
import { type ArgumentsOf, group, input, map, oneOf, optional, other, pattern } from "../base/schema";
import type { MirroredImage } from "../image/mirrored-image";
import { Mirrors } from "../image/mirrors";
import type { NetworkLike } from "../network/network-like";
import type { ClusterLike, Ec2Instances, ManagedInstances } from "./cluster-like";
import { Ec2Capacity, type Ec2CapacityArgs, ec2Group } from "./ec2-capacity";
import { ExistingCluster, type ExistingClusterArgs } from "./existing-cluster";
import { ManagedInstancesCapacity, type ManagedInstancesCapacityArgs, managedInstancesGroup } from "./managed-instances";

/** Arguments of {@link Cluster}. */
export interface ClusterArgs extends ComponentArgs {
  /** The network that the tasks run in. */
  network: NetworkLike;
  /**
   * CloudWatch Container Insights (`settings.containerInsights`). `enhanced` adds metrics per task and container. Defaults to `enhanced`.
   * Cost: a few USD a month per service; `disabled` costs nothing.
   */
  containerInsights?: "enhanced" | "enabled" | "disabled";
  /** Days to keep what is typed in `ecs execute-command` sessions. Defaults to 90. */
  execLogRetentionInDays?: number;
  /**
   * ARN of the KMS key to encrypt the disks of tasks on Fargate with (`managedStorageConfiguration.fargateEphemeralStorageKmsKeyId`). Its policy must let Fargate
   * use it: an `EncryptionKey`'s does. Defaults to AWS's own key.
   */
  ephemeralStorageKmsKeyArn?: pulumi.Input<string>;
  /** Groups of EC2 instances by name, for `Ec2Service`s. They run on the first unless they name another. Fargate is always available. Defaults to none. */
  ec2?: Record<string, Ec2CapacityArgs>;
  /** EC2 instances that ECS manages, for `ManagedInstancesService`s. Defaults to none. */
  managedInstances?: ManagedInstancesCapacityArgs;
  /**
   * Name of the namespace that services call each other in (Cloud Map's `HttpNamespace`), which is then there from the first update on. Another one on a live
   * stack is another namespace, in which callers find nobody until all services are deployed again. Defaults to none, and to one with a name of Pulumi's as
   * soon as a service has `connect`.
   */
  namespace?: string;
  /**
   * Domain of the services' names in the VPC's DNS (Cloud Map's `PrivateDnsNamespace`), which is then there from the first update on. Defaults to none, and to
   * `<cluster>.<stack>.<project>.internal` as soon as a service has `dns`. Cost: 0.50 USD a month for its hosted zone.
   */
  dnsNamespace?: string;
  /** Changes to what the component makes. */
  transform?: {
    cluster?: Transform<aws.ecs.ClusterArgs>;
    capacityProviders?: Transform<aws.ecs.ClusterCapacityProvidersArgs>;
    execLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
    namespace?: Transform<aws.servicediscovery.HttpNamespaceArgs>;
    dnsNamespace?: Transform<aws.servicediscovery.PrivateDnsNamespaceArgs>;
  };
}

export const cluster = {
  ...common,
  network: other<NetworkLike>(),
  containerInsights: optional(oneOf("enhanced", "enabled", "disabled"), "enhanced"),
  execLogRetentionInDays: optional(logDays(), 90),
  ephemeralStorageKmsKeyArn: optional(input(kmsKeyArn())),
  ec2: optional(map(ec2Group), {}),
  managedInstances: optional(managedInstancesGroup),
  namespace: optional(pattern(/^[!-~]{1,1024}$/, "a name without spaces", "shop")),
  dnsNamespace: optional(pattern(DNS_NAME, "a domain", "shop.internal")),
  transform: optional(other<NonNullable<ClusterArgs["transform"]>>()),
} satisfies ArgumentsOf<ClusterArgs>;
const SCHEMA = group(cluster);

/** An ECS cluster: Fargate and Fargate Spot, groups of EC2 instances or Managed Instances beside them, Container Insights, a log of exec sessions. */
export class Cluster extends Component<typeof cluster> implements ClusterLike {
  readonly network: NetworkLike;
  readonly location: Location;
  readonly cluster: aws.ecs.Cluster;
  readonly ec2: Record<string, Ec2Capacity> = {};
  readonly managedInstances?: ManagedInstancesCapacity;
  /** The association of the cluster with Fargate. */
  readonly capacityProviders: aws.ecs.ClusterCapacityProviders;
  /** The associations of cluster and capacity; services and tasks depend on them, so that a destroy ends those first. */
  readonly ready: pulumi.Resource[] = [];
  readonly execLogGroup: aws.cloudwatch.LogGroup;
  readonly execLogGroupArn: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** The cluster's name (`clusterName`). */
  readonly clusterName: pulumi.Output<string>;
  /** Whether CloudWatch counts the running tasks of its services. */
  readonly countsTasks: boolean;
  private httpNamespace?: aws.servicediscovery.HttpNamespace;
  private privateDnsNamespace?: aws.servicediscovery.PrivateDnsNamespace;

  /** What another stack needs to use the cluster: the arguments of `Cluster.existing`. */
  get shared() {
    const ec2CapacityProviders = Object.fromEntries(Object.entries(this.ec2).map(([group, { providerName }]) => [group, providerName]));
    return {
      clusterArn: this.arn,
      execLogGroupArn: this.execLogGroupArn,
      ...(Object.keys(this.ec2).length > 0 && { ec2CapacityProviders }),
      ...(this.managedInstances && { managedInstancesCapacityProvider: this.managedInstances.providerName }),
      ...(this.httpNamespace && { namespaceArn: this.httpNamespace.arn }),
      ...(this.privateDnsNamespace && { dnsNamespace: { id: this.privateDnsNamespace.id, name: this.privateDnsNamespace.name } }),
    } satisfies Omit<ExistingClusterArgs, "network">;
  }

  /** A cluster that is there already: its ARN, or a stack that exports it. */
  static existing(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions): ExistingCluster {
    return new ExistingCluster(name, args, opts);
  }

  private readonly mirrors = new Mirrors(this, this.label, this.common);

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Cluster", name, SCHEMA, args, opts);
    this.countsTasks = this.args.containerInsights !== "disabled";
    if ((Object.keys(this.args.ec2).length > 0 || this.args.managedInstances) && /^(aws|ecs|fargate)/i.test(name)) {
      this.refuse(
        "name",
        `${JSON.stringify(name)} cannot name a cluster with instances: AWS keeps capacity providers that begin with aws, ecs or fargate for itself; the nearest is "apps-${name}".`,
      );
    }
    this.network = this.args.network;
    this.location = this.args.network.location;
    this.execLogGroup = this.makeLogGroup("exec", this.args.execLogRetentionInDays, this.args.transform?.execLogGroup);
    this.cluster = this.make(
      aws.ecs.Cluster,
      "",
      {
        settings: [{ name: "containerInsights", value: this.args.containerInsights }],
        configuration: {
          executeCommandConfiguration: {
            ...(this.args.kmsKeyArn !== undefined && { kmsKeyId: this.args.kmsKeyArn }),
            logging: "OVERRIDE",
            logConfiguration: {
              cloudWatchLogGroupName: this.execLogGroup.name,
              ...(this.args.kmsKeyArn !== undefined && { cloudWatchEncryptionEnabled: true }),
            },
          },
          ...(this.args.ephemeralStorageKmsKeyArn !== undefined && {
            managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: this.args.ephemeralStorageKmsKeyArn },
          }),
        },
        tags: this.tags,
      },
      this.args.transform?.cluster,
    );
    this.arn = this.cluster.arn;
    this.execLogGroupArn = this.execLogGroup.arn;
    this.clusterName = this.cluster.name;

    const place = (...path: string[]) => ({
      network: this.args.network,
      clusterName: this.clusterName,
      ...this.common,
      [ORIGIN]: under(this.origin, ...path),
    });
    for (const [group, its] of Object.entries(this.args.ec2)) {
      this.ec2[group] = new Ec2Capacity(`${name}-${group}`, { ...its, ...place("ec2", group) }, { parent: this });
    }
    if (this.args.managedInstances) {
      this.managedInstances = new ManagedInstancesCapacity(
        `${name}-managed`,
        { ...this.args.managedInstances, ...place("managedInstances") },
        { parent: this },
      );
    }
    this.capacityProviders = this.make(
      aws.ecs.ClusterCapacityProviders,
      "",
      {
        clusterName: this.cluster.name,
        capacityProviders: ["FARGATE", "FARGATE_SPOT"],
        // Every service says what it runs on; this is for tasks that are started by hand.
        defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
      },
      this.args.transform?.capacityProviders,
      // AWS knows only the whole list, and refuses one that lacks a provider in use: the cluster's own come and go by commands of their own.
      { ignoreChanges: ["capacityProviders", "defaultCapacityProviderStrategies"] },
    );
    this.ready.push(this.capacityProviders);
    // One after the other, because each writes the whole list.
    const own = { ...this.ec2, ...(this.managedInstances && { managed: this.managedInstances }) };
    for (const [group, { providerName }] of Object.entries(own)) this.ready.push(this.attach(group, providerName));
    if (this.args.namespace !== undefined) this.connectNamespace();
    if (this.args.dnsNamespace !== undefined) this.dnsNamespace();
    this.registerOutputs({ arn: this.arn, clusterName: this.clusterName });
  }

  publicImage(name: string, source: string, architecture: Architecture): MirroredImage {
    return this.mirrors.get(name, source, architecture);
  }

  ec2Group(name: string | undefined, at: string, refuse: Refuse): Ec2Instances {
    const groups = Object.keys(this.ec2);
    if (groups.length === 0)
      return refuse("cluster", 'it has no EC2 instances; make it with ec2: { ec2: { instanceTypes: ["t3.medium"] } }, or run on Fargate.');
    const found = name === undefined ? groups[0] : groups.find((group) => group === name);
    return found === undefined
      ? refuse(at, `the cluster has no group ${JSON.stringify(name)}; it has ${groups.join(", ")}.`)
      : this.ec2[found]!;
  }

  managedGroup(refuse: Refuse): ManagedInstances {
    return this.managedInstances ?? refuse("cluster", "it has no managed instances; make it with managedInstances: {}, or run on Fargate.");
  }

  /** ARN of the namespace that services call each other in (Service Connect). The first service that needs it makes it. */
  connectNamespace(): pulumi.Output<string> {
    const { namespace: name, transform } = this.args;
    this.httpNamespace ??= this.make(
      aws.servicediscovery.HttpNamespace,
      "",
      { ...(name !== undefined && { name }), tags: this.tags },
      transform?.namespace,
    );
    return this.httpNamespace.arn;
  }

  /** The namespace whose names stand in the VPC's DNS. The first service that needs it makes it. */
  dnsNamespace(): aws.servicediscovery.PrivateDnsNamespace {
    const name = this.args.dnsNamespace ?? [this.label, pulumi.getStack(), pulumi.getProject(), "internal"].map(dnsLabel).join(".");
    this.privateDnsNamespace ??= this.make(
      aws.servicediscovery.PrivateDnsNamespace,
      "",
      { name, vpc: this.network.vpcId, tags: this.tags },
      this.args.transform?.dnsNamespace,
    );
    return this.privateDnsNamespace;
  }

  /**
   * Attaches a provider to the cluster once AWS says it is ACTIVE, which takes managed instances a while. One that goes is detached at the end of the update,
   * when no service uses it any more; AWS refuses it sooner.
   */
  private attach(group: string, capacityProvider: pulumi.Output<string>): Command {
    const settings = { BERTH_CLUSTER: this.arn, BERTH_CAPACITY_PROVIDER: capacityProvider };
    return this.make(
      Command,
      `attach-${group}`,
      whileThere("attach-capacity-provider", "detach-capacity-provider", this, settings),
      undefined,
      {
        dependsOn: this.ready.slice(-1),
        customTimeouts: { create: "20m", delete: "60m" },
      },
    );
  }
}
