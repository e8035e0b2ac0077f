// The three services with one interface, each on a cluster that has what it runs on.
import { Cluster, type ClusterArgs } from "../../components/cluster/cluster";
import { LoadBalancer } from "../../components/load-balancer/load-balancer";
import type { RouteArgs } from "../../components/load-balancer/route";
import type { NetworkLike } from "../../components/network/network-like";
import type { Ec2ServiceArgs } from "../../components/service/arguments";
import { Ec2Service } from "../../components/service/ec2-service";
import { FargateService } from "../../components/service/fargate-service";
import { ManagedInstancesService } from "../../components/service/managed-instances-service";
import type { Deployed } from "./deploy";
import { plainNetwork } from "./network";

export const VARIANTS = { FargateService, Ec2Service, ManagedInstancesService };
export type Variant = keyof typeof VARIANTS;
export const VARIANT_NAMES = Object.keys(VARIANTS) as Variant[];

export const IMAGE = "123456789012.dkr.ecr.eu-west-3.amazonaws.com/team/web@sha256:0123";

/** A cluster with room for everything: instances of the user's own, and managed ones. */
export const bigCluster = (network: NetworkLike = plainNetwork(), more: Partial<ClusterArgs> = {}) =>
  new Cluster("apps", { network, ec2: { blue: { instanceTypes: ["m5.large"], max: 40 } }, managedInstances: {}, ...more });

/** What is said of a service beside where it runs; `path: false` is a worker. */
export type ServiceGiven = Partial<Omit<Ec2ServiceArgs, "cluster" | "route">> & { path?: RouteArgs | false };

/** A service behind a load balancer. */
export function makeService(variant: Variant, { path = { path: "/*" }, ...given }: ServiceGiven = {}, cluster = bigCluster()) {
  const { network } = cluster;
  const route = path && new LoadBalancer("public", { network, accessLogs: false }).route(path);
  return new VARIANTS[variant]("web", { cluster, image: IMAGE, ...(route && { route }), ...given });
}

/** `Role web-task`, as tests name resources. */
export const label = ({ type, name }: { type: string; name: string }) => `${type.split(":").pop()} ${name}`;

/** Every resource (not component) that a destroy may only take after `first`. */
export const outlivedBy = (made: Deployed, first: string, name: string) =>
  new Set([...made.outlives(made.one(first, name))].filter(({ custom }) => custom).map(label));
