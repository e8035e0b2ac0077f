import type { Json, Resource } from "../../../facts/graph";
import { number, object, objects, text } from "../../graph/query";
import type { Place } from "../../record/region";
import { type Change, changesOf, identify, isComponent } from "../order/changes";
import { keyOf } from "../order/match";
import { type Step, UpdateOrder } from "../order/order";
import { namedIn, PhysicalNames } from "../order/physical";
import { isServing, isStateful } from "../replacement";
import { grantsOf, lostGrants } from "./grants";
import { Revision, shortId } from "./revision";
import { failure, groupsBehind, type Route, routesTo } from "./traffic";
import { keepIgnored, named, type Thing, TYPES, thingOf, World } from "./world";

/** Something that a running service, or what it keeps, suffers in an update. */
export interface Hazard {
  kind: /** What serves or holds data is made anew. */
    | "replaced"
    /** What holds data goes. */
    | "removed"
    /** Requests that were answered are not. */
    | "traffic"
    /** The serving revision could start no task. */
    | "needs"
    /** The new revision is started before all is there. */
    | "start"
    /** A deployment that nothing waits for. */
    | "unfollowed"
    /** What left the program stays on in AWS. */
    | "kept"
    /** AWS refuses it. */
    | "refused"
    /** The number of tasks that load has brought is lost. */
    | "count";
  /** What suffers: `Service web`. */
  what: string;
  text: string;
}

/** An update from one graph of a stack to another, with its order. */
export class Update {
  readonly changes: Change[];
  readonly order: UpdateOrder;
  private readonly old: World;
  private readonly oldThings = new Map<Resource, Thing>();
  private readonly newThings = new Map<Resource, Thing>();
  private readonly followers: Map<string, Resource[]>;

  constructor(
    readonly before: Resource[],
    readonly after: Resource[],
    place: Place,
  ) {
    const identities = identify(before, after, place);
    this.changes = changesOf(before, after, identities);
    this.order = new UpdateOrder(this.changes, before, after);
    const replaced = new Set(this.changes.flatMap(({ action, before: old }) => (action === "replace" && old ? [old] : [])));
    const nowOf = new Map([...identities.matched].map(([now, was]) => [was, now]));
    const idOf = (old: Resource) => keyOf((nowOf.get(old) ?? old).urn) + (replaced.has(old) ? " (old)" : "");
    const oldNames = new PhysicalNames(before, place, idOf);
    for (const resource of before) if (!isComponent(resource)) this.oldThings.set(resource, thingOf(idOf(resource), resource, oldNames));
    for (const resource of after) {
      if (isComponent(resource)) continue;
      const thing = thingOf(keyOf(resource.urn), resource, identities.names);
      const was = identities.matched.get(resource);
      const kept = was && !replaced.has(was) ? this.oldThings.get(was) : undefined;
      const inputs = kept ? keepIgnored(thing.inputs, kept.inputs, resource.options.ignoreChanges) : thing.inputs;
      this.newThings.set(resource, { ...thing, inputs });
    }
    this.old = World.of([...this.oldThings.values()]);
    this.followers = followersOf(after);
  }

  /** All that somebody suffers from. */
  hazards(): Hazard[] {
    const all = [...this.replacements(), ...this.refusals(), ...this.leftOn()];
    for (const change of this.changes) {
      if (change.resource.type === TYPES.service && change.action === "update")
        all.push(...this.suffered(change.before!, change.after!, change));
    }
    for (const resource of this.after) {
      if (resource.type !== TYPES.service || this.changes.some((change) => change.after === resource)) continue;
      const old = this.before.find((each) => this.oldThings.get(each)?.id === this.newThings.get(resource)?.id);
      if (old) all.push(...this.suffered(old, resource));
    }
    for (const change of this.changes) {
      if (change.resource.type === TYPES.service && change.action === "create") all.push(...this.startOf(change.after!));
    }
    const seen = new Set<string>();
    return all.filter((hazard) => {
      const key = `${hazard.kind} ${hazard.what} ${hazard.text}`;
      return !seen.has(key) && seen.add(key);
    });
  }

  private replacements(): Hazard[] {
    return this.changes.flatMap(({ action, resource, replacedBy, before, properties }): Hazard[] => {
      const what = label(resource);
      if (action === "replace" && (isStateful(resource.type) || isServing(resource.type))) {
        const because = properties.find(({ path }) => replacedBy.includes(path))?.because;
        return [
          {
            kind: "replaced",
            what,
            text: `${replacedBy.join(", ")} makes a new one${because ? ` (${shortId(because)} is made anew)` : ""}`,
          },
        ];
      }
      if (action === "delete" && isStateful(resource.type) && !before?.options.retainOnDelete)
        return [{ kind: "removed", what, text: "it is deleted with what it holds" }];
      return [];
    });
  }

  private apply(world: World, steps: Iterable<Step>): World {
    const put: Thing[] = [];
    const gone: string[] = [];
    for (const { kind, resource } of steps) {
      const thing = kind === "delete" ? this.oldThings.get(resource) : this.newThings.get(resource);
      if (!thing) continue;
      if (kind === "delete") gone.push(thing.id);
      else put.push(thing);
    }
    return world.with(put, gone);
  }

  /** What one live service suffers. */
  private suffered(before: Resource, after: Resource, change?: Change): Hazard[] {
    const [was, is] = [this.oldThings.get(before)!, this.newThings.get(after)!];
    const what = label(after);
    const hazards: Hazard[] = [];
    const old = new Revision(this.old, was);
    const rolls = change !== undefined && startsDeployment(change, is);
    const follower = this.followers
      .get(after.urn)
      ?.map((each) => this.order.forward(each))
      .find((step) => step !== undefined);
    if (rolls && !follower) hazards.push({ kind: "unfollowed", what, text: `${rolls} starts a deployment, and no command waits for it` });
    if (change) hazards.push(...countLost(change, what, this.after, after));
    const late = (step: Step) => follower !== undefined && step !== follower && this.order.precedes(follower, step);
    const early = this.order.steps.filter((step) => !rolls || !late(step));
    const own = this.order.forward(after);
    for (const side of old.takesTurns ? ([0, 1] as const) : ([0] as const)) {
      const base = { world: this.old, revision: old, side, moved: old.targets.flatMap(({ rules }) => rules) };
      const routes = routesTo(base);
      hazards.push(
        ...this.during(
          early.filter((step) => step !== own && step !== follower),
          old,
          base.moved,
          side,
          routes,
          what,
        ),
      );
    }
    if (rolls) {
      const now = new Revision(
        this.apply(
          this.old,
          this.order.steps.filter(({ kind }) => kind !== "delete"),
        ),
        is,
      );
      hazards.push(...this.started(after, now));
      hazards.push(...this.afterwards(old, now, this.order.steps.filter(late), what));
    }
    return hazards;
  }

  /** The old revision serves: after each step, and all that certainly comes before it, requests are answered and tasks could start. */
  private during(steps: Step[], revision: Revision, moved: string[], side: 0 | 1, routes: Route[], what: string): Hazard[] {
    const hazards: Hazard[] = [];
    const lacked = new Set(revision.lacks(this.old).keys());
    const granted = revision.roles.map((role) => [role, grantsOf(this.old, role)] as const);
    const open = routes.filter((route) => !this.closedOnPurpose(route));
    const failed = new Set<string>();
    for (const step of this.inOrder(steps)) {
      const world = this.apply(this.old, [...this.order.over(step), step]);
      const began = stepText(step);
      for (const route of open) {
        const why = failure({ world, revision, side, moved }, route);
        if (why === undefined || failed.has(why)) continue;
        failed.add(why);
        hazards.push({ kind: "traffic", what, text: `${began}: ${why}` });
      }
      for (const [key, why] of revision.lacks(world)) {
        if (lacked.has(key)) continue;
        lacked.add(key);
        hazards.push({ kind: "needs", what, text: `${began}: ${why}` });
      }
      for (const [role, grants] of granted) {
        const [lost] = lostGrants(grants, grantsOf(world, role));
        if (lost === undefined || lacked.has(role)) continue;
        lacked.add(role);
        hazards.push({ kind: "needs", what, text: `${began}: ${shortId(role)} may no longer ${readable(lost)}` });
      }
    }
    return hazards;
  }

  /** The steps so that each comes after all that it waits for: the first that breaks something is then the one that does. */
  private inOrder(steps: Step[]): Step[] {
    return steps
      .map((step) => [step, this.order.over(step).size] as const)
      .sort(([, a], [, b]) => a - b)
      .map(([step]) => step);
  }

  /** Routes whose conditions, or whose port, the program has no more. */
  private closedOnPurpose(route: Route): boolean {
    const end = World.of([...this.newThings.values()]);
    const ports = end.ofType(TYPES.listener).filter((listener) => named(listener, "loadBalancerArn") === route.balancer);
    if (!ports.some(({ inputs }) => number(inputs.port) === route.port)) return true;
    const kept = end.ofType(TYPES.rule).some(({ inputs }) => {
      const conditions = objects(inputs.conditions).map((one) => JSON.stringify(one));
      return route.conditions.length === conditions.length && conditions.every((one) => route.conditions.includes(one));
    });
    return route.conditions.length > 0 && !kept;
  }

  /** The new revision is started: what it needs is certainly there. */
  private started(service: Resource, revision: Revision): Hazard[] {
    const own = this.order.forward(service);
    if (!own) return [];
    const world = this.apply(this.old, this.order.over(own));
    const all = this.apply(
      this.old,
      this.order.steps.filter(({ kind }) => kind !== "delete"),
    );
    const what = label(service);
    const lacking = [...revision.lacks(world)].filter(([key]) => key !== keyOf(service.urn));
    const hazards = lacking.map(([, why]): Hazard => ({ kind: "start", what, text: `its tasks are started although ${why}` }));
    for (const role of revision.roles) {
      const [lost] = lostGrants(grantsOf(all, role), grantsOf(world, role));
      if (lost !== undefined)
        hazards.push({ kind: "start", what, text: `its tasks are started although ${shortId(role)} may not yet ${readable(lost)}` });
    }
    const attached = new Set([...world.ofType(TYPES.rule), ...world.ofType(TYPES.listener)].flatMap(groupsBehind));
    for (const { groups } of revision.targets) {
      for (const group of groups) {
        if (!attached.has(group))
          hazards.push({ kind: "start", what, text: `no load balancer knows ${shortId(group)} yet, and ECS refuses the service` });
      }
    }
    return hazards;
  }

  /** A service that is made: what its first tasks need is there. */
  private startOf(service: Resource): Hazard[] {
    const all = this.apply(
      this.old,
      this.order.steps.filter(({ kind }) => kind !== "delete"),
    );
    return this.started(service, new Revision(all, this.newThings.get(service)!));
  }

  /** The new revision serves, and the rest of the update follows. */
  private afterwards(old: Revision, now: Revision, late: Step[], what: string): Hazard[] {
    const hazards: Hazard[] = [];
    const all = this.apply(
      this.old,
      this.order.steps.filter((step) => step.kind !== "delete" || step.change.deleteFirst),
    );
    const end = World.of([...this.newThings.values()]);
    const moved = now.targets.flatMap(({ rules }) => rules);
    const lacked = now.lacks(all);
    for (const side of now.takesTurns || old.takesTurns ? ([0, 1] as const) : ([0] as const)) {
      const routes = new Set(routesTo({ world: end, revision: now, side, moved }));
      for (const step of [undefined, ...this.inOrder(late)]) {
        const world = step ? this.apply(all, [...this.order.over(step), step]) : all;
        const began = step ? stepText(step) : "the rollout is over";
        const left = leftWeights(old, now, side, world);
        for (const route of routes) {
          const why = failure({ world: left, revision: now, side: now.takesTurns ? side : 0, moved }, route);
          if (why === undefined) continue;
          routes.delete(route);
          hazards.push({ kind: "traffic", what, text: `${began}: ${why}` });
        }
        for (const [key, why] of now.lacks(world)) {
          if (lacked.has(key)) continue;
          lacked.set(key, why);
          hazards.push({ kind: "needs", what, text: `${began}: ${why}` });
        }
      }
    }
    return hazards;
  }

  /** What AWS does not do. */
  private refusals(): Hazard[] {
    const hazards: Hazard[] = [];
    const refused = (what: string, text: string) => hazards.push({ kind: "refused", what, text });
    const both = this.apply(
      this.old,
      this.order.steps.filter((step) => step.kind !== "delete" || step.change.deleteFirst),
    );
    // A target group belongs to one load balancer.
    const balancers = new Map<string, Set<string>>();
    for (const one of [...both.ofType(TYPES.rule), ...both.ofType(TYPES.listener)]) {
      const listener = one.type === TYPES.rule ? both.get(named(one, "listenerArn")) : one;
      const balancer = listener && named(listener, "loadBalancerArn");
      if (balancer === undefined) continue;
      for (const group of groupsBehind(one)) balancers.set(group, (balancers.get(group) ?? new Set()).add(balancer));
    }
    for (const [group, on] of balancers) if (on.size > 1) refused(shortId(group), "it is on two load balancers, and AWS knows one each");
    // A priority belongs to one rule of a listener.
    const at = (inputs: Thing["inputs"]) =>
      `${namedIn(inputs.listenerArn)[0] ?? ""} ${text(inputs.priority) ?? number(inputs.priority) ?? ""}`;
    for (const step of this.order.steps) {
      if (step.kind === "delete" || step.resource.type !== TYPES.rule) continue;
      const thing = this.newThings.get(step.resource)!;
      const over = this.order.over(step);
      const holder = [...this.oldThings.values()].find(
        (other) => other.type === TYPES.rule && other.id !== thing.id && at(other.inputs) === at(thing.inputs),
      );
      const leaves =
        holder && [...over].some((one) => (one.kind === "delete" ? this.oldThings : this.newThings).get(one.resource)?.id === holder.id);
      if (holder && !leaves) refused(label(step.resource), `its priority still belongs to ${shortId(holder.id)}`);
    }
    // A capacity provider that ECS makes itself must be ACTIVE before a cluster takes it.
    for (const step of this.order.steps) {
      if (step.kind === "delete" || step.resource.type !== TYPES.association) continue;
      for (const provider of namedIn(this.newThings.get(step.resource)!.inputs.capacityProviders)) {
        const made = [...this.order.over(step)].find((one) => one.kind === "create" && this.newThings.get(one.resource)?.id === provider);
        if (!made || this.newThings.get(made.resource)?.inputs.managedInstancesProvider === undefined) continue;
        const waited = [...this.order.over(step)].some(
          (one) => one.kind !== "delete" && one.resource.type === TYPES.command && this.order.precedes(made, one),
        );
        if (!waited) refused(label(step.resource), `${shortId(provider)} is still being made, and nothing waits until it is ACTIVE`);
      }
    }
    // The end of one family's life may not end another's.
    const families = new Map(
      this.after.flatMap((resource) => (resource.type === TYPES.taskDefinition ? [[text(resource.inputs.family), resource] as const] : [])),
    );
    for (const { action, resource } of this.changes) {
      const ends = resource.type === TYPES.command && action === "delete" && /\bderegister\b/.test(text(resource.inputs.delete) ?? "");
      const survivor = ends ? families.get(text(object(resource.inputs.environment).BERTH_FAMILY)) : undefined;
      if (survivor) refused(label(survivor), `${label(resource)} deregisters its revisions at the end`);
    }
    for (const change of this.changes) {
      if (change.action === "replace" && change.before?.options.protect && change.after?.options.protect)
        refused(label(change.resource), "it is protected, and would be made anew");
      if (change.action === "delete" && change.before?.options.protect)
        refused(label(change.resource), "it is protected, and would be deleted");
    }
    return hazards;
  }

  /** What is no longer in the program, and stays on in AWS. */
  private leftOn(): Hazard[] {
    return this.changes
      .flatMap(({ action, resource, before, after }): Hazard[] => {
        const what = label(resource);
        if (action !== "update" || !before || !after) return [];
        const kept = (KEPT_WHEN_LEFT_OUT[resource.type] ?? []).filter(
          (path) => at(before.inputs, path) !== undefined && at(after.inputs, path) === undefined,
        );
        return kept.map((path) => ({ kind: "kept", what, text: `${path} is left out now, which AWS takes as no change` }));
      })
      .concat(this.asleep());
  }

  /** A service whose sleep is gone from the program may be asleep at this moment, and nothing wakes it. */
  private asleep(): Hazard[] {
    const scheduled = (resources: Resource[], target: Resource) =>
      resources.some(
        ({ type, propertyDependencies }) => type === TYPES.scheduledAction && propertyDependencies.resourceId?.includes(target.urn),
      );
    return this.after.flatMap((target): Hazard[] => {
      if (target.type !== TYPES.scalingTarget || scheduled(this.after, target)) return [];
      const was = this.before.find((each) => this.oldThings.get(each)?.id === this.newThings.get(target)?.id);
      const change = this.changes.find(({ after }) => after === target);
      const sent = change?.action === "replace" || change?.properties.some(({ path }) => !path.startsWith("tags"));
      return was && scheduled(this.before, was) && !sent
        ? [
            {
              kind: "kept",
              what: label(target),
              text: "its schedule goes, and the range that it set last stays: a sleeping service sleeps on",
            },
          ]
        : [];
    });
  }
}

/** Blocks that the provider takes for unchanged when they are left out, as it does all that AWS would fill in. */
const KEPT_WHEN_LEFT_OUT: Record<string, string[]> = {
  [TYPES.service]: ["alarms", "deploymentCircuitBreaker", "deploymentConfiguration.lifecycleHooks"],
  [TYPES.balancer]: ["accessLogs", "connectionLogs"],
};

const at = (inputs: { [key: string]: Json }, path: string): Json | undefined =>
  path.split(".").reduce<Json | undefined>((value, key) => object(value)[key], inputs);

/** A deployment with turns leaves the weights of a rule where it ended, and one without does not move them. */
function leftWeights(old: Revision, now: Revision, side: 0 | 1, world: World): World {
  if (!old.takesTurns || now.takesTurns) return world;
  const rules = old.targets.flatMap(({ rules: own, groups }) => own.map((id) => ({ id, group: groups[side] })));
  return world.with(
    rules.flatMap(({ id, group }) => {
      const rule = world.get(id);
      if (!rule || group === undefined) return [];
      return [{ ...rule, inputs: { ...rule.inputs, actions: [{ type: "forward", targetGroupArn: `⟦${group}⟧.arn` }] } }];
    }),
  );
}

/** The parameters of ECS's UpdateService that start a deployment, by AWS's own word. */
const STARTS_DEPLOYMENT = [
  "loadBalancers",
  "networkConfiguration",
  "platformVersion",
  "serviceConnectConfiguration",
  "serviceRegistries",
  "taskDefinition",
  "volumeConfiguration",
  "vpcLatticeConfigurations",
];

/** Which changed property starts a deployment. */
export function startsDeployment({ properties }: Change, service: Thing): string | undefined {
  const changed = [...new Set(properties.map(({ path }) => path.split(/[.[]/)[0] ?? ""))].filter((key) => key !== "tags");
  const own = changed.find((key) => STARTS_DEPLOYMENT.includes(key));
  return own ?? (service.inputs.forceNewDeployment === true ? changed[0] : undefined);
}

/** Commands that follow a service: they depend on it, and wait. */
function followersOf(resources: Resource[]): Map<string, Resource[]> {
  const followers = new Map<string, Resource[]>();
  for (const resource of resources) {
    if (resource.type !== TYPES.command || !/\bwait\b/.test(text(resource.inputs.create) ?? "")) continue;
    for (const urn of resource.dependencies) followers.set(urn, [...(followers.get(urn) ?? []), resource]);
  }
  return followers;
}

function countLost({ properties }: Change, what: string, after: Resource[], service: Resource): Hazard[] {
  const count = properties.find(({ path }) => path === "desiredCount");
  const scales = after.some(
    ({ type, propertyDependencies }) => type === TYPES.scalingTarget && propertyDependencies.resourceId?.includes(service.urn),
  );
  return count && scales
    ? [
        {
          kind: "count",
          what,
          text: `desiredCount is set from ${JSON.stringify(count.before)} to ${JSON.stringify(count.after)} while Auto Scaling keeps the count`,
        },
      ]
    : [];
}

const label = ({ type, name }: Resource) => `${type.split(":").pop() ?? ""} ${name}`;
const stepText = ({ kind, change, resource }: Step) =>
  `${label(resource)} is ${kind === "delete" ? "deleted" : kind === "update" ? "updated" : change.action === "replace" ? "made anew" : "made"}`;

/** A text with the names of resources in place of their marks. */
const readable = (text: string) => text.replace(/⟦([^⟧]+)⟧(\.\w+)?/g, (_, id: string) => `<${shortId(id)}>`);
