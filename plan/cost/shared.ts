// What services share: the parts of a stack that none of them has alone, and the load balancer of another stack.
import type { Resource } from "../../facts/graph";
import { CLUSTER, LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP } from "../../facts/types";
import { known } from "../../policy/graph/undecided";
import type { Query } from "../graph/query";
import type { ServiceFacts } from "../graph/services";
import type { CostLine, Elsewhere, Share } from "../plan-json";
import { cents } from "./amounts";
import { HOURS, type Prices } from "./prices";

/** Zones of the network that a load balancer of one's own would stand in. */
const ZONES = 2;

/** The listener rules of target groups that a service registers its tasks in. */
const rulesOf = (graph: Query, service: Resource): Resource[] =>
  graph.from(service, "loadBalancers", TARGET_GROUP).flatMap((group) => graph.using(group, "actions", LISTENER_RULE));

/** What another stack pays for, and what an own one would cost. */
export function elsewhere(graph: Query, services: readonly ServiceFacts[], prices: Prices): Elsewhere[] {
  const isForeign = ({ resource }: ServiceFacts) =>
    rulesOf(graph, resource).some((rule) => graph.from(rule, "listenerArn", LISTENER).length === 0);
  const own = HOURS * (prices.of("alb.hour") + ZONES * prices.of("ipv4.hour"));
  return services.some(isForeign) ? [{ what: "load balancer", own: cents(own) }] : [];
}

/** The cost of each of several services: its own, and its share of what it has with others. Instances are shared by the services on them. */
export function shares(graph: Query, services: readonly ServiceFacts[], lines: readonly CostLine[]): Share[] {
  if (services.length < 2) return [];
  const ownerOf = (urn: string) => graph.owner(graph.get(urn)!).urn;
  const monthly = new Map<string, number>();
  for (const line of lines) monthly.set(ownerOf(line.urn), (monthly.get(ownerOf(line.urn)) ?? 0) + line.monthly);
  const together = new Map<string, number>();
  for (const { urn } of services) together.set(ownerOf(urn), (together.get(ownerOf(urn)) ?? 0) + 1);
  const balancers = new Map(services.map((service) => [service, balancersOf(graph, service.resource)]));
  const onInstances = services.filter((service) => known(() => service.launch) === "ec2");
  const users = (part: string): readonly ServiceFacts[] => {
    const balancer = graph.ofType(LOAD_BALANCER).find(({ urn }) => ownerOf(urn) === part);
    if (balancer) return services.filter((service) => balancers.get(service)!.includes(balancer.urn));
    const isCluster = graph.ofType(CLUSTER).some(({ urn }) => ownerOf(urn) === part);
    return isCluster && onInstances.length > 0 ? onInstances : services;
  };
  const parts = [...monthly].flatMap(([urn, amount]) => (together.has(urn) ? [] : [{ urn, amount, users: new Set(users(urn)) }]));
  return services.map((service) => {
    const owner = ownerOf(service.urn);
    const own = (monthly.get(owner) ?? 0) / together.get(owner)!;
    const shared = parts.flatMap(({ urn, amount, users }) => (users.has(service) ? [{ urn, monthly: cents(amount / users.size) }] : []));
    return { service: service.urn, own: cents(own), shared, monthly: cents(shared.reduce((sum, part) => sum + part.monthly, own)) };
  });
}

const balancersOf = (graph: Query, service: Resource): string[] =>
  rulesOf(graph, service)
    .flatMap((rule) => graph.from(rule, "listenerArn", LISTENER))
    .flatMap((listener) => graph.from(listener, "loadBalancerArn", LOAD_BALANCER))
    .map(({ urn }) => urn);
