// What a stack file says of what is there already: a cluster, a load balancer, or a whole platform that another stack has made.
import { ORIGIN, type Origin } from "../components/base/origin";
import { type ArgumentsOf, type Givens, group, optional, pick, plain, type Rule } from "../components/base/schema";
import { stackReference } from "../components/base/stack-outputs";
import { type ClusterArgs, cluster } from "../components/cluster/cluster";
import { type ExistingClusterArgs, existingCluster, oneSourceOfCluster } from "../components/cluster/existing-cluster";
import { answers } from "../components/load-balancer/answers";
import { sites } from "../components/load-balancer/domains";
import {
  type ExistingLoadBalancerArgs,
  existingLoadBalancer,
  oneSourceOfLoadBalancer,
} from "../components/load-balancer/existing-load-balancer";
import { type LoadBalancerArgs, loadBalancer, loadBalancerRules } from "../components/load-balancer/load-balancer";
import {
  type NetworkLoadBalancerArgs,
  networkLoadBalancer,
  networkLoadBalancerRules,
} from "../components/load-balancer/network-load-balancer";
import type { ofInstances } from "./instances";
import { network } from "./network";
import { from } from "./places";
import { OF_THE_STACK } from "./service";

const ofNewCluster = plain(cluster, [...OF_THE_STACK, "ec2", "managedInstances"]);
const ofExistingCluster = plain(existingCluster, OF_THE_STACK);
const ofNewLoadBalancer = plain(loadBalancer, OF_THE_STACK);
/** What is a stack's own on whatever load balancer: its domains, redirects and fixed answers. */
const ofEither = { ...sites, ...answers };
const ofExistingLoadBalancer = plain(existingLoadBalancer, [...OF_THE_STACK, ...(Object.keys(ofEither) as (keyof typeof ofEither)[])]);

const ofNetworkLoadBalancer = plain(networkLoadBalancer, OF_THE_STACK);
/** The network load balancer in a stack file. */
export type NetworkLoadBalancerSettings = Pick<NetworkLoadBalancerArgs, keyof typeof ofNetworkLoadBalancer>;

/** The cluster in a stack file. */
export interface ClusterSettings extends Pick<ClusterArgs, keyof typeof ofNewCluster> {
  /** A cluster that is there already, in place of a new one. Defaults to a new one. */
  existing?: Pick<ExistingClusterArgs, keyof typeof ofExistingCluster>;
}

/** The load balancer in a stack file. */
export interface LoadBalancerSettings extends Pick<LoadBalancerArgs, keyof typeof ofNewLoadBalancer> {
  /** A load balancer that is there already, in place of a new one; `domain`, `redirectFrom`, `hostedZone`, `certificateArn`, `domains`, `redirects` and `responses` are then added to it. Defaults to a new one. */
  existing?: Pick<ExistingLoadBalancerArgs, keyof typeof ofExistingLoadBalancer>;
}

/** Nothing but what may stand beside `existing`. */
const alone = <E extends { existing: unknown }>(what: string, beside: object = {}): Rule<E> => ({
  about: [],
  at: "existing",
  complain: (_, given) => {
    const others = Object.keys(given).filter((key) => key !== "existing" && !Object.hasOwn(beside, key));
    return (given as { existing?: unknown }).existing && others.length > 0
      ? `the ${what} is there already, so ${others.join(", ")} cannot be chosen here; leave out one or the other.`
      : undefined;
  },
});

const clusterSettings = {
  ...ofNewCluster,
  existing: optional(group(ofExistingCluster, oneSourceOfCluster)),
} satisfies ArgumentsOf<ClusterSettings>;
const loadBalancerSettings = {
  ...ofNewLoadBalancer,
  existing: optional(group(ofExistingLoadBalancer, oneSourceOfLoadBalancer)),
} satisfies ArgumentsOf<LoadBalancerSettings>;

export const ofPlatform = {
  platform: optional(stackReference()),
  network: optional(network, {}),
  cluster: optional(group(clusterSettings, alone("cluster")), {}),
  loadBalancer: optional(group(loadBalancerSettings, ...loadBalancerRules, alone("load balancer", ofEither)), {}),
  networkLoadBalancer: optional(group(ofNetworkLoadBalancer, ...networkLoadBalancerRules), {}),
};
type Given = Givens<typeof ofPlatform>;
type WithInstances = typeof ofPlatform & typeof ofInstances;

/** What a cluster has that is there already. */
const OF_A_CLUSTER = { ec2: {}, managedInstances: {} };
/** What a platform has, and what a stack on it may say of that. */
const SHARED = { network: {}, cluster: {}, ...OF_A_CLUSTER, loadBalancer: ofEither };

/** What is wrong with settings of what is there already, but for those that may be given; undefined if none is. */
function chosen(groups: Record<string, object>, given: Givens<WithInstances>, what: string): string | undefined {
  const keys = Object.entries(groups).flatMap(([group, own]) =>
    Object.keys(given[group as keyof typeof SHARED] ?? {}).flatMap((key) => (Object.hasOwn(own, key) ? [] : [`${group}.${key}`])),
  );
  return keys.length > 0 ? `${what} there already, so ${keys.join(", ")} cannot be chosen here; leave out one or the other.` : undefined;
}

export const platformRules: Rule<WithInstances>[] = [
  {
    about: ["platform"],
    at: "platform",
    complain: ({ platform }, given) =>
      platform === undefined ? undefined : chosen(SHARED, given, "network, cluster and load balancer are"),
  },
  {
    about: ["cluster", "ec2", "managedInstances"],
    at: "cluster.existing",
    complain: ({ cluster }, given) => (cluster.existing ? chosen(OF_A_CLUSTER, given, "the cluster is") : undefined),
  },
];

/** The key of the platform, where it is to be used. */
export const keyOf = ({ platform }: Given) => ({ stack: platform!, [ORIGIN]: at(from(), platform) });

/** An origin in which the stack to read from is called `platform`. */
const at = (origin: Origin, platform: string | undefined): Origin => ({
  ...origin,
  at: (path) => (platform !== undefined && path[0] === "stack" ? ["platform"] : origin.at(path)),
});

/** The arguments of what is there already: those that are given, or the platform's stack. */
export function existingOf({ platform, network = {}, cluster = {}, loadBalancer = {} }: Given) {
  const its = <E extends object>(group: string, existing: E | undefined) =>
    existing === undefined && platform === undefined
      ? undefined
      : { ...existing, ...(platform !== undefined && { stack: platform }), [ORIGIN]: at(from(group, "existing"), platform) };
  const balancer = its("loadBalancer", loadBalancer.existing);
  const own = pick(loadBalancer, ofEither);
  const placeOf = (path: readonly string[]) => (Object.hasOwn(own, path[0]!) ? from("loadBalancer") : balancer![ORIGIN]).at(path);
  return {
    existingNetwork: its("network", network.existing),
    existingCluster: its("cluster", cluster.existing),
    existingLoadBalancer: balancer && { ...balancer, ...own, [ORIGIN]: { ...balancer[ORIGIN], at: placeOf } },
  };
}
