// What AWS, its provider or the engine does not do.
import type { Resource } from "../../../facts/graph";
import { CLUSTER_CAPACITY_PROVIDERS, COMMAND, LISTENER, LISTENER_RULE, TASK_DEFINITION, VPC } from "../../../facts/types";
import { verbOf } from "../../graph/commands";
import { number, object, text } from "../../graph/query";
import { type Hazard, hazard, labelOf } from "./hazard";
import { shortId } from "./revision";
import { groupsBehind } from "./traffic";
import type { Update } from "./update";
import { allNamed, named, type Thing } from "./world";

export const refusals = (update: Update): Hazard[] => [
  ...twoBalancers(update),
  ...takenPriorities(update),
  ...providersInTheMaking(update),
  ...sharedFamilies(update),
  ...protectedOnes(update),
  ...usedRanges(update),
];

const refused = (what: Pick<Resource, "urn" | "type" | "name">, why: string): Hazard => hazard("refused", what, why);

/** A target group belongs to one load balancer. */
function twoBalancers({ both }: Update): Hazard[] {
  const balancers = new Map<string, Set<string>>();
  for (const one of [...both.ofType(LISTENER_RULE), ...both.ofType(LISTENER)]) {
    const listener = one.type === LISTENER_RULE ? both.get(named(one, "listenerArn")) : one;
    const balancer = listener && named(listener, "loadBalancerArn");
    if (balancer === undefined) continue;
    for (const group of groupsBehind(one)) balancers.set(group, (balancers.get(group) ?? new Set()).add(balancer));
  }
  const shared = [...balancers].filter(([, on]) => on.size > 1);
  return shared.flatMap(([id]) => {
    const group = both.get(id);
    return group ? [refused(group, "it is on two load balancers, and AWS knows one each")] : [];
  });
}

/** A priority belongs to one rule of a listener, until that has another or is gone. */
function takenPriorities(update: Update): Hazard[] {
  const listener = (rule: Thing) => named(rule, "listenerArn") ?? text(rule.inputs.listenerArn) ?? "";
  const place = (rule: Thing) => `${listener(rule)} ${text(rule.inputs.priority) ?? number(rule.inputs.priority) ?? ""}`;
  const steps = update.order.steps.filter(({ kind, resource }) => kind !== "delete" && resource.type === LISTENER_RULE);
  return steps.flatMap((step) => {
    const rule = update.thingOf(step);
    const holders = update.start.ofType(LISTENER_RULE).filter((other) => other.id !== rule.id && place(other) === place(rule));
    const over = [...update.order.over(step)];
    const held = holders.filter(({ id }) => !over.some((one) => update.thingOf(one).id === id));
    return held.map(({ id }) => refused(step.resource, `its priority still belongs to ${shortId(id)}`));
  });
}

/** A capacity provider for managed instances must be ACTIVE before a cluster takes it, and is not when its creation is over. */
function providersInTheMaking(update: Update): Hazard[] {
  const steps = update.order.steps.filter(({ kind, resource }) => kind !== "delete" && resource.type === CLUSTER_CAPACITY_PROVIDERS);
  return steps.flatMap((step) => {
    const over = [...update.order.over(step)];
    return allNamed(update.thingOf(step), "capacityProviders").flatMap((id) => {
      const made = over.find((one) => one.kind === "create" && update.thingOf(one).id === id);
      if (!made || update.thingOf(made).inputs.managedInstancesProvider === undefined) return [];
      const isWaitedFor = over.some((one) => one.kind !== "delete" && one.resource.type === COMMAND && update.order.precedes(made, one));
      const why = `${shortId(id)} is still being made, and nothing waits until it is ACTIVE`;
      return isWaitedFor ? [] : [refused(step.resource, why)];
    });
  });
}

/** What cleans up after a task definition at the end of its life may not find another one's revisions. */
function sharedFamilies({ after, changes }: Update): Hazard[] {
  const families = new Map<string | undefined, Resource>();
  for (const resource of after) if (resource.type === TASK_DEFINITION) families.set(text(resource.inputs.family), resource);
  return changes.flatMap(({ action, resource }) => {
    const cleansUp = action === "delete" && verbOf(resource.inputs.delete) === "deregister";
    const survivor = cleansUp ? families.get(text(object(resource.inputs.environment).BERTH_FAMILY)) : undefined;
    return survivor ? [refused(survivor, `${labelOf(resource)} deregisters its revisions at the end`)] : [];
  });
}

/** AWS takes a range of IPv6 from no network whose subnets have some of it. */
function usedRanges({ changes }: Update): Hazard[] {
  return changes.flatMap(({ action, resource, before, after }) => {
    const has = (its: Resource | undefined) => its?.inputs.assignGeneratedIpv6CidrBlock === true;
    return action === "update" && resource.type === VPC && has(before) && !has(after)
      ? [refused(resource, "its subnets have IPv6, and AWS takes it from no network that uses it; leave ipv6 on")]
      : [];
  });
}

/** The engine refuses the whole update. */
function protectedOnes({ changes }: Update): Hazard[] {
  return changes.flatMap(({ action, resource, before, after }) => {
    if (!before?.options.protect) return [];
    if (action === "delete") return [refused(resource, "it is protected, and would be deleted")];
    return action === "replace" && after?.options.protect ? [refused(resource, "it is protected, and would be replaced")] : [];
  });
}
