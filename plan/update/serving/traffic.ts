import type { JsonObject } from "../../../facts/graph";
import { sortKeys } from "../../../facts/graph";
import { LISTENER, LISTENER_RULE } from "../../../facts/types";
import { number, object, objects, text } from "../../graph/query";
import { namedIn } from "../order/physical";
import { type Revision, shortId } from "./revision";
import { lets } from "./security-groups";
import { named, type Thing, type World } from "./world";

/** Requests that are answered: to a port of a load balancer, with what a rule asks for. */
export interface Route {
  balancer: string;
  port: number;
  conditions: string[];
}

/** A request that a revision's tasks are to answer, and on which of its two sides they are. */
interface Asked {
  world: World;
  revision: Revision;
  side: 0 | 1;
  /** The rules whose weights ECS has moved to that side. */
  moved: string[];
  /** Target groups of other services, which have targets all the time. */
  others: Set<string>;
}

/** The routes of a world that lead to a revision. */
export function routesTo(asked: Asked): Route[] {
  const { world, revision } = asked;
  const own = new Set(revision.targets.flatMap(({ groups }) => groups));
  const test = new Set(testRules(revision.service));
  const routes = [
    ...world
      .ofType(LISTENER_RULE)
      .filter((rule) => !test.has(rule.id))
      .flatMap((rule) => routeOf(world, world.get(named(rule, "listenerArn")), rule)),
    ...world
      .ofType(LISTENER)
      .filter((listener) => groupsBehind(listener).length > 0)
      .flatMap((listener) => routeOf(world, listener)),
  ];
  return routes.filter((route) => leadsTo(world, route).some((group) => own.has(group)) && failure(asked, route) === undefined);
}

/** Whether a world still has the port and the conditions of a route; a program that takes them away means it. */
export function isOpen(world: World, { balancer, port, conditions }: Route): boolean {
  const listens = world.naming(LISTENER, "loadBalancerArn", balancer).some(({ inputs }) => number(inputs.port) === port);
  const alike = (rule: Thing) => {
    const own = conditionsOf(rule);
    return own.length === conditions.length && own.every((condition) => conditions.includes(condition));
  };
  // A load balancer that goes, and its ports with it, is told for itself.
  return listens && (conditions.length === 0 || world.ofType(LISTENER_RULE).some(alike));
}

/** Why a request is not answered; undefined if it is. */
export function failure({ world, revision, side, moved, others }: Asked, route: Route): string | undefined {
  const hit = follow(world, route);
  if (typeof hit === "string") return hit;
  const weights = weightsOf(hit.actions);
  if (hit.rule && moved.includes(hit.rule.id)) {
    for (const { groups } of revision.targets)
      groups.forEach((group, i) => void weights.set(group, i === Math.min(side, groups.length - 1) ? 100 : 0));
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return "its target groups have no weight";
  const failing = [...weights].flatMap(([group, weight]) => {
    const why = weight > 0 && !others.has(group) ? groupFailure(world, revision, side, group, hit.balancer) : undefined;
    return why === undefined ? [] : [{ why, weight }];
  });
  if (failing.length === 0) return undefined;
  const share = failing.reduce((sum, { weight }) => sum + weight, 0) / total;
  return `${failing.map(({ why }) => why).join("; ")}${share === 1 ? "" : ` (${Math.round(share * 100)} % of them)`}`;
}

function groupFailure(world: World, revision: Revision, side: 0 | 1, id: string, balancer: Thing): string | undefined {
  const group = world.get(id);
  if (!group) return `${shortId(id)} is not there`;
  if (!revision.side(side).has(id)) return `${shortId(id)} has no targets`;
  const port = group.inputs.targetType === "instance" ? EPHEMERAL : (revision.targets.find(({ groups }) => groups.includes(id))?.port ?? 0);
  const outside = namedIn(balancer.inputs.securityGroups);
  if (outside.length > 0 && !outside.some((each) => lets(world, "egress", each, revision.groups, port)))
    return `the load balancer's security group lets nothing out to port ${port} of the tasks`;
  if (revision.groups.length > 0 && !revision.groups.some((each) => lets(world, "ingress", each, outside, port)))
    return `the tasks' security group admits nothing from the load balancer to port ${port}`;
  return undefined;
}

/** Where Docker opens a container's port on an instance. */
const EPHEMERAL = 40000;

interface Hit {
  balancer: Thing;
  rule?: Thing;
  actions: JsonObject[];
}

function follow(world: World, { balancer: id, port, conditions }: Route, hops = 0): Hit | string {
  const balancer = world.get(id);
  if (!balancer) return `${shortId(id)} is not there`;
  const listener = world
    .ofType(LISTENER)
    .find(({ inputs }) => namedIn(inputs.loadBalancerArn).includes(id) && number(inputs.port) === port);
  if (!listener) return `nothing listens on port ${port}`;
  const rule = world
    .naming(LISTENER_RULE, "listenerArn", listener.id)
    .sort((a, b) => (number(a.inputs.priority) ?? 0) - (number(b.inputs.priority) ?? 0))
    .find((each) => conditionsOf(each).every((condition) => EVERYTHING.has(condition) || conditions.includes(condition)));
  const actions = objects(rule ? rule.inputs.actions : listener.inputs.defaultActions);
  const last = actions[actions.length - 1] ?? {};
  if (last.type === "redirect") {
    const to = number(text(object(last.redirect).port)?.replace("#{port}", String(port)) ?? "443");
    if (to !== undefined && hops < 3) return follow(world, { balancer: id, port: to, conditions }, hops + 1);
  }
  if (last.type !== "forward") return rule ? "a rule answers them itself" : "no rule leads to it";
  return { balancer, ...(rule && { rule }), actions };
}

function leadsTo(world: World, route: Route): string[] {
  const hit = follow(world, route);
  return typeof hit === "string" ? [] : [...weightsOf(hit.actions).keys()];
}

/** The requests that a rule, or a listener's default action, takes: on its port, and on each port that redirects to it. */
function routeOf(world: World, listener: Thing | undefined, rule?: Thing): Route[] {
  const balancer = listener && named(listener, "loadBalancerArn");
  const port = number(listener?.inputs.port);
  if (balancer === undefined || port === undefined || !world.get(balancer)) return [];
  const conditions = rule ? conditionsOf(rule) : [];
  const redirecting = world
    .naming(LISTENER, "loadBalancerArn", balancer)
    .filter(({ inputs }) => objects(inputs.defaultActions).some(({ redirect }) => number(object(redirect).port) === port));
  return [port, ...redirecting.flatMap(({ inputs }) => number(inputs.port) ?? [])].map((each) => ({ balancer, port: each, conditions }));
}

/** Target groups of a forward action, with their shares. */
function weightsOf(actions: JsonObject[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const action of actions) {
    for (const id of namedIn(action.targetGroupArn)) weights.set(id, 1);
    for (const group of objects(object(action.forward).targetGroups)) {
      for (const id of namedIn(group.arn)) weights.set(id, number(group.weight) ?? 1);
    }
  }
  return weights;
}

/** The target groups that anything on a listener leads to. */
export const groupsBehind = ({ inputs }: Thing): string[] => [...weightsOf(objects(inputs.actions ?? inputs.defaultActions)).keys()];

const conditionsOf = ({ inputs }: Thing) => objects(inputs.conditions).map((condition) => JSON.stringify(sortKeys(condition)));
const EVERYTHING = new Set(["/*", "*"].map((path) => JSON.stringify({ pathPattern: { values: [path] } })));

const testRules = (service: Thing) =>
  objects(service.inputs.loadBalancers).flatMap(({ advancedConfiguration }) => namedIn(object(advancedConfiguration).testListenerRule));
