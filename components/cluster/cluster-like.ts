import type * as pulumi from "@pulumi/pulumi";
import type { Architecture, Claim, Fleet } from "../../facts/instances";
import type { TaskSize } from "../../facts/sizes";
import type { Location } from "../base/location";
import type { Refuse } from "../base/origin";
import type { ContainerImage } from "../image/image";
import type { NetworkLike } from "../network/network-like";
import type { SharedInstances } from "./ec2-capacity";
import type { AmiFamily } from "./user-data";

/** What services and tasks need to know of a cluster, new or existing. */
export interface ClusterLike {
  readonly network: NetworkLike;
  readonly location: Location;
  readonly arn: pulumi.Output<string>;
  /** The cluster's name (`clusterName`). */
  readonly clusterName: pulumi.Output<string>;
  /** What must exist before a task can start and must outlive it. */
  readonly ready: pulumi.Resource[];
  /** Whether CloudWatch counts the running tasks of its services (Container Insights), where that is known. */
  readonly countsTasks?: boolean;
  /** ARN of the log group that exec sessions are written to, where there is one. */
  readonly execLogGroupArn?: pulumi.Output<string>;
  /** A public image that runs beside apps, mirrored into ECR once for all tasks of the cluster. */
  publicImage(name: string, source: string, architecture: Architecture): ContainerImage;
  /** The group of EC2 instances of that name, or the first; refuses one that it has not. `at` is the argument that names it. */
  ec2Group(name: string | undefined, at: string, refuse: Refuse): Ec2Instances;
  /** The instances that ECS manages; refuses where there are none. */
  managedGroup(refuse: Refuse): ManagedInstances;
  /** ARN of the namespace that services call each other in (Service Connect); refuses where there is none. */
  connectNamespace(refuse: Refuse): pulumi.Output<string>;
  /** The namespace whose names stand in the VPC's DNS; refuses where there is none. */
  dnsNamespace(refuse: Refuse): DnsNamespace;
}

/** A namespace of Cloud Map whose names stand in a VPC's DNS, and its domain. */
export interface DnsNamespace {
  id: pulumi.Output<string>;
  name: pulumi.Output<string>;
}

/** A group of EC2 instances that tasks run on. */
export interface Ec2Instances {
  readonly providerName: pulumi.Output<string>;
  /** What they run, where it is known. */
  readonly amiFamily?: AmiFamily;
  /** The instances, where they are known. */
  readonly fleet?: Fleet;
  /** How tasks in bridge mode are reached, where that is this stack's to decide. */
  readonly shared?: SharedInstances;
  /** Reserves room for a service. Returns the percentage of its tasks that may run during a rollout; throws if they do not fit. */
  claim(claim: Claim): number;
}

/** Instances that ECS manages and tasks run on. */
export interface ManagedInstances {
  readonly providerName: pulumi.Output<string>;
  readonly providerArn: pulumi.Output<string>;
  /** Their architecture, where it is known. */
  readonly architecture?: Architecture;
  /** Refuses a task that fits on none of the instances. */
  checkFits(service: string, task: TaskSize & { gpu?: number }): void;
}
