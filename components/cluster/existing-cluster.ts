import * as pulumi from "@pulumi/pulumi";
import { nameOf } from "../../facts/arns";
import { DNS_NAME } from "../../facts/domain";
import type { Architecture } from "../../facts/instances";
import { isTold } from "../../facts/made-up";
import { arn, type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component } from "../base/component";
import type { Location } from "../base/location";
import type { Refuse } from "../base/origin";
import { type ArgumentsOf, group, input, map, optional, other, pattern, text } from "../base/schema";
import { oneSource, StackOutputs, stackReference } from "../base/stack-outputs";
import type { MirroredImage } from "../image/mirrored-image";
import { Mirrors } from "../image/mirrors";
import type { NetworkLike } from "../network/network-like";
import type { ClusterLike, DnsNamespace, Ec2Instances, ManagedInstances } from "./cluster-like";

/** Arguments of `Cluster.existing`: ARNs and names, or a stack to read them from. */
export interface ExistingClusterArgs extends ComponentArgs {
  /** The network that the tasks run in. */
  network: NetworkLike;
  /** ARN of the cluster (`clusterArn`), in the region and account of this stack. Required unless `stack` is given; no default. */
  clusterArn?: pulumi.Input<string>;
  /** ARN of the log group that the cluster writes exec sessions to; tasks with `exec` may then write there. Defaults to none. */
  execLogGroupArn?: pulumi.Input<string>;
  /** Names of the cluster's capacity providers of EC2 instances, by group, for `Ec2Service`s; they run on the first unless they name another. Defaults to none. */
  ec2CapacityProviders?: Providers;
  /** Name of the cluster's capacity provider of Managed Instances, for `ManagedInstancesService`s. Defaults to none. */
  managedInstancesCapacityProvider?: pulumi.Input<string>;
  /** ARN of the namespace that the cluster's services call each other in (Cloud Map's `HttpNamespace`). Defaults to none: no service has `connect`. */
  namespaceArn?: pulumi.Input<string>;
  /** Id and domain of the namespace whose names stand in the VPC's DNS (Cloud Map's `PrivateDnsNamespace`). Defaults to none: no service has `dns`. */
  dnsNamespace?: GivenNamespace;
  /** A stack (`organization/project/stack`) whose outputs of these names replace the ARNs and names; a stack of Berth has them. Defaults to none. */
  stack?: string;
}

/** A namespace by its id and its domain. */
export interface GivenNamespace {
  /** Its id (`namespaceId`). */
  id: pulumi.Input<string>;
  /** Its domain (`name`). */
  name: pulumi.Input<string>;
}

/** Names of capacity providers by group. */
type Providers = Record<string, pulumi.Input<string>>;

const provider = () =>
  input(text((name) => (name.startsWith("FARGATE") ? `${name} is there without being named; leave it out.` : undefined)));
export const existingCluster = {
  ...common,
  network: other<NetworkLike>(),
  clusterArn: optional(
    input(pattern(/^arn:[a-z-]+:ecs:[^:]+:\d{12}:cluster\//, "the ARN of a cluster", "arn:aws:ecs:eu-west-1:111122223333:cluster/apps")),
  ),
  execLogGroupArn: optional(
    input(
      pattern(
        /^arn:[a-z-]+:logs:[^:]+:\d{12}:log-group:[^:]+$/,
        "the ARN of a log group",
        "arn:aws:logs:eu-west-1:111122223333:log-group:apps-exec",
      ),
    ),
  ),
  ec2CapacityProviders: optional(map(provider())),
  managedInstancesCapacityProvider: optional(provider()),
  namespaceArn: optional(input(arn("servicediscovery", "eu-west-1:111122223333:namespace/ns-0123456789abcdef"))),
  dnsNamespace: optional(
    group({
      id: input(pattern(/^ns-[a-z0-9]+$/, "the id of a namespace", "ns-0123456789abcdef")),
      name: input(pattern(DNS_NAME, "a domain", "shop.internal")),
    } satisfies ArgumentsOf<GivenNamespace>),
  ),
  stack: optional(stackReference()),
} satisfies ArgumentsOf<ExistingClusterArgs>;

const IDS = [
  "clusterArn",
  "execLogGroupArn",
  "ec2CapacityProviders",
  "managedInstancesCapacityProvider",
  "namespaceArn",
  "dnsNamespace",
] as const;
export const oneSourceOfCluster = oneSource<Pick<typeof existingCluster, (typeof IDS)[number] | "stack">, (typeof IDS)[number]>(
  IDS,
  "clusterArn",
);
const SCHEMA = group(existingCluster, oneSourceOfCluster);

type Its = Required<Pick<ExistingClusterArgs, (typeof IDS)[number]>>;

/** How many percent of its tasks a service may run during a rollout, where nobody here knows the room. ECS waits for instances that are still to come. */
const PERCENT_OF_UNKNOWN = 200;

/** A cluster that something else made. Nothing in it is changed; it is only checked. */
export class ExistingCluster extends Component<typeof existingCluster> implements ClusterLike {
  readonly network: NetworkLike;
  readonly location: Location;
  readonly arn: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly ready: pulumi.Resource[] = [];
  private readonly stack?: StackOutputs;

  private readonly mirrors = new Mirrors(this, this.label, this.common);

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ExistingCluster", name, SCHEMA, args, opts);
    const { stack, network, clusterArn } = this.args;
    this.network = network;
    this.location = network.location;
    if (stack !== undefined) this.stack = new StackOutputs(stack, this, this.refuse);
    this.arn = this.checked(this.stack ? this.stack.get<string>("clusterArn") : clusterArn!);
    this.clusterName = this.arn.apply(nameOf);
    this.registerOutputs({ arn: this.arn, clusterName: this.clusterName });
  }

  publicImage(name: string, source: string, architecture: Architecture): MirroredImage {
    return this.mirrors.get(name, source, architecture);
  }

  /** The log group of exec sessions: only a task with `exec` needs to know it. */
  get execLogGroupArn(): pulumi.Output<string> | undefined {
    const given = this.args.execLogGroupArn;
    return this.stack ? this.stack.get<string>("execLogGroupArn") : given === undefined ? undefined : pulumi.output(given);
  }

  /** What another stack needs to use the cluster, as far as it is known here. */
  get shared() {
    return {
      clusterArn: this.arn,
      execLogGroupArn: this.its("execLogGroupArn"),
      ec2CapacityProviders: this.its("ec2CapacityProviders"),
      managedInstancesCapacityProvider: this.its("managedInstancesCapacityProvider"),
      namespaceArn: this.its("namespaceArn"),
      dnsNamespace: this.its("dnsNamespace"),
    };
  }

  /** An argument, or what the stack exports in its place. */
  private its<K extends Exclude<(typeof IDS)[number], "clusterArn">>(key: K): Its[K] | pulumi.Output<Its[K] | undefined> | undefined {
    return this.stack ? this.stack.find<Its[K]>(key) : (this.args as Partial<Its>)[key];
  }

  connectNamespace(refuse: Refuse): pulumi.Output<string> {
    const none = () =>
      refuse(
        "connect",
        "no namespace of its cluster is known; give the cluster namespaceArn, or set namespace (cluster.namespace) where it is made, or leave connect out.",
      );
    return pulumi.output(this.its("namespaceArn") ?? none()).apply((found) => found ?? none());
  }

  dnsNamespace(refuse: Refuse): DnsNamespace {
    const none = () =>
      refuse(
        "dns",
        "no namespace in DNS of its cluster is known; give the cluster dnsNamespace, or set dnsNamespace (cluster.dnsNamespace) where it is made, or leave dns out.",
      );
    const given = pulumi.output(this.its("dnsNamespace") ?? none()).apply((found) => found ?? none());
    return { id: given.id, name: given.name };
  }

  /** The group of EC2 instances of that name, or the first. Its room is not known here, and its security group is not this stack's. */
  ec2Group(name: string | undefined, at: string, refuse: Refuse): Ec2Instances {
    const choose = (all: Providers = {}) => {
      const groups = Object.keys(all);
      const found = name === undefined ? groups[0] : groups.find((group) => group === name);
      if (found !== undefined) return all[found]!;
      if (groups.length > 0) return refuse(at, `the cluster has no group ${JSON.stringify(name)}; it has ${groups.join(", ")}.`);
      return refuse(
        "cluster",
        "no EC2 instances are known of it; name their capacity provider in ec2CapacityProviders, or run on Fargate.",
      );
    };
    const providers = this.its("ec2CapacityProviders");
    const provider = pulumi.Output.isInstance(providers) ? providers.apply(choose) : choose(providers);
    return { providerName: pulumi.output(provider), claim: () => PERCENT_OF_UNKNOWN };
  }

  /** The instances that ECS manages. Their size is not known here. */
  managedGroup(refuse: Refuse): ManagedInstances {
    const none = () =>
      refuse(
        "cluster",
        "no managed instances are known of it; name their capacity provider in managedInstancesCapacityProvider, or run on Fargate.",
      );
    const provider = pulumi.output(this.its("managedInstancesCapacityProvider") ?? none()).apply((name) => name ?? none());
    const { partition, region, accountId } = this.location;
    const providerArn = pulumi.interpolate`arn:${partition}:ecs:${region}:${accountId}:capacity-provider/${provider}`;
    return { providerName: provider, providerArn, checkFits: () => undefined };
  }

  /** The ARN, once AWS has confirmed that the cluster is there. */
  private checked(given: pulumi.Input<string>): pulumi.Output<string> {
    return this.standing(given, "clusterArn", this.location).apply(async (arn) => {
      const found = await aws.ecs.getCluster({ clusterName: arn }, { parent: this }).catch((reason: Error) => {
        return this.refuse("clusterArn", `AWS finds no cluster ${arn}; give the ARN of one that is there (${reason.message}).`);
      });
      if (!isTold(found, "status")) void pulumi.log.info(`whether ${arn} is an active cluster, pulumi preview asks AWS.`, this);
      const { status } = found;
      return status === "ACTIVE" ? arn : this.refuse("clusterArn", `${arn} is ${status}; give the ARN of a cluster that is ACTIVE.`);
    });
  }
}
