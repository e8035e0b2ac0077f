// What one live service suffers in an update.
import type { Resource } from "../../../facts/graph";
import { COMMAND, LISTENER, LISTENER_RULE, SCALING_TARGET, SERVICE, TASK_DEFINITION } from "../../../facts/types";
import { verbOf } from "../../graph/commands";
import { text } from "../../graph/query";
import type { Step } from "../order/order";
import { namedIn } from "../order/physical";
import { grantsOf, lostGrants } from "./grants";
import { type Hazard, hazard, readable, stepText } from "./hazard";
import { Revision, shortId } from "./revision";
import { failure, groupsBehind, isOpen, type Route, routesTo } from "./traffic";
import type { Update } from "./update";
import type { World } from "./world";

type Side = 0 | 1;
const sides = (...revisions: Revision[]): Side[] => (revisions.some(({ takesTurns }) => takesTurns) ? [0, 1] : [0]);
const rulesOf = ({ targets }: Revision) => targets.flatMap(({ rules }) => rules);

/**
 * A service that goes on. Its old revision serves until the follower of its deployment is through; without a deployment it serves on. Whatever may come
 * before that leaves it what it needs; what comes later leaves that to the new one.
 */
export function sufferedBy(update: Update, before: Resource, after: Resource): Hazard[] {
  const old = new Revision(update.start, update.was(before));
  const reason = update.deploymentOf(after);
  const follower = update.followerOf(after);
  const isLate = (step: Step) => reason !== undefined && follower !== undefined && update.order.precedes(follower, step);
  const others = update.order.steps.filter((step) => step !== follower && canMatter(step));
  const early = update.order.inOrder(others.filter((step) => !isLate(step)));
  const hazards = [
    ...countLost(update, after),
    ...leftZones(update, early, old, after),
    ...sides(old).flatMap((side) => during(update, early, old, side, after)),
  ];
  if (reason === undefined) return hazards;
  if (!follower) hazards.push(hazard("unfollowed", after, `${reason} starts a deployment, and no command waits for it`));
  const late = update.order.inOrder(others.filter(isLate));
  return [
    ...hazards,
    ...startOf(update, after),
    ...sides(old, new Revision(update.both, update.is(after))).flatMap((side) => afterwards(update, late, old, after, side)),
  ];
}

/** A service that goes, and whose requests another one answers in the end: it answers them until that one serves. */
export function untilSucceeded(update: Update, before: Resource): Hazard[] {
  const old = new Revision(update.start, update.was(before));
  const routesOf = (world: World, revision: Revision) =>
    routesTo({ world, revision, side: 0, moved: rulesOf(revision), others: new Set() }).map((route) => JSON.stringify(route));
  const open = new Set(routesOf(update.start, old));
  const successor = update.after.find(
    (one) => one.type === SERVICE && routesOf(update.end, new Revision(update.end, update.is(one))).some((route) => open.has(route)),
  );
  if (!successor) return [];
  const follower = update.followerOf(successor);
  // What is deleted goes when all the rest is over.
  const early = update.order.steps.filter(
    (step) => step.kind !== "delete" && canMatter(step) && !(follower && update.order.precedes(follower, step)),
  );
  return sides(old).flatMap((side) => during(update, update.order.inOrder(early), old, side, successor));
}

/** What no request and no task meets on its way: revisions, commands, what counts tasks and what watches them. */
const ASIDE = new Set([
  "aws:appautoscaling/policy:Policy",
  "aws:appautoscaling/scheduledAction:ScheduledAction",
  "aws:appautoscaling/target:Target",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:scheduler/schedule:Schedule",
  COMMAND,
  SERVICE,
  TASK_DEFINITION,
]);

/** Whether a step can take anything from a service: tags and descriptions never do, and of the commands only what detaches a capacity provider. */
const canMatter = ({ kind, change, resource }: Step) =>
  (!ASIDE.has(resource.type) || verbOf(resource.inputs.delete) === "detach-capacity-provider") &&
  (kind !== "update" || change.properties.some(({ path }) => !/^(tags|description)\b/.test(path)));

/** The old revision serves: after each step, and all that certainly comes before it, requests are answered and tasks could start. */
function during(update: Update, steps: Step[], revision: Revision, side: Side, service: Resource): Hazard[] {
  const asked = { revision, side, moved: rulesOf(revision), others: steadyGroups(update, revision) };
  const routes = routesTo({ ...asked, world: update.start }).filter((route) => isOpen(update.end, route));
  const watch = new Watch(revision, update.start, service);
  for (const step of steps)
    watch.look(update.worldAfter(step), stepText(step), (world, route) => failure({ ...asked, world }, route), routes);
  return watch.hazards;
}

/** Zones that a load balancer leaves before the tasks in them are gone: it sends them nothing any more. */
function leftZones(update: Update, steps: Step[], revision: Revision, service: Resource): Hazard[] {
  const zonesIn = (world: World, subnets: string[]) => subnets.flatMap((id) => text(world.get(id)?.inputs.availabilityZone) ?? []);
  const asked = { world: update.start, revision, side: 0 as const, moved: rulesOf(revision), others: new Set<string>() };
  const balancers = new Set(routesTo(asked).map(({ balancer }) => balancer));
  return steps.flatMap((step) => {
    const balancer = update.thingOf(step);
    if (!balancers.has(balancer.id)) return [];
    const kept = zonesIn(update.both, namedIn(balancer.inputs.subnets));
    const left = zonesIn(update.start, namedIn(update.start.get(balancer.id)?.inputs.subnets)).filter((zone) => !kept.includes(zone));
    const stranded = left.filter((zone) => zonesIn(update.start, revision.subnets).includes(zone));
    const told = `${stepText(step)}: it leaves ${stranded.join(", ")}, and sends nothing to the tasks there`;
    return stranded.length > 0 ? [hazard("idle", service, told)] : [];
  });
}

/** The new revision serves, and the rest of the update follows. */
function afterwards(update: Update, steps: Step[], old: Revision, service: Resource, side: Side): Hazard[] {
  const revision = new Revision(update.both, update.is(service));
  const own: Side = revision.takesTurns ? side : 0;
  const asked = { revision, side: own, moved: rulesOf(revision), others: steadyGroups(update, revision) };
  const routes = routesTo({ ...asked, world: update.end });
  // What the program no longer grants, the new revision does not need.
  const watch = new Watch(revision, update.both, service, update.end);
  const fails = (world: World, route: Route) => failure({ ...asked, world: withLeftWeights(world, old, revision, side) }, route);
  watch.look(update.both, "the rollout is over", fails, routes);
  for (const step of steps)
    watch.look(update.both.with([], step.kind === "delete" ? deleted(update, step) : []), stepText(step), fails, routes);
  return watch.hazards;
}

/** The target groups in which services have their tasks before, during and after the update, other than those of a revision. */
function steadyGroups(update: Update, revision: Revision): Set<string> {
  const own = new Set(revision.targets.flatMap(({ groups }) => groups));
  const steady = update.after.flatMap((service) => {
    const before = service.type === SERVICE && update.changeOf(service)?.action !== "replace" ? update.formerOf(service) : undefined;
    if (!before) return [];
    const later = new Revision(update.end, update.is(service)).side(0);
    return [...new Revision(update.start, update.was(before)).side(0)].filter((group) => later.has(group));
  });
  return new Set(steady.filter((group) => !own.has(group)));
}

/** What is gone after a late deletion. */
const deleted = (update: Update, step: Step) =>
  [...update.order.over(step), step]
    .filter(({ kind, change }) => kind === "delete" && !change.deleteFirst)
    .map((each) => update.thingOf(each));

/** A deployment with turns leaves the weights of a rule where it ended, and one without does not move them. */
function withLeftWeights(world: World, old: Revision, now: Revision, side: Side): World {
  if (!old.takesTurns || now.takesTurns) return world;
  const left = old.targets.flatMap(({ rules, groups }) =>
    rules.flatMap((id) => {
      const [rule, group] = [world.get(id), groups[side]];
      if (!rule || group === undefined) return [];
      return [{ ...rule, inputs: { ...rule.inputs, actions: [{ type: "forward", targetGroupArn: `⟦${group}⟧.arn` }] } }];
    }),
  );
  return world.with(left);
}

/** Looks at a revision moment by moment, and tells each thing once: with the step that began it. */
class Watch {
  readonly hazards: Hazard[] = [];
  private readonly told = new Set<string>();
  private readonly grants: [role: string, grants: Set<string>][];

  constructor(
    private readonly revision: Revision,
    base: World,
    private readonly service: Resource,
    granted = base,
  ) {
    for (const key of revision.lacks(base).keys()) this.told.add(key);
    this.grants = revision.roles.map((role) => [role, grantsOf(granted, role)]);
  }

  look(world: World, began: string, fails: (world: World, route: Route) => string | undefined, routes: Route[]): void {
    for (const route of routes) {
      const why = fails(world, route);
      if (why !== undefined) this.tell("traffic", why, `${began}: ${why}`);
    }
    for (const [key, why] of this.revision.lacks(world)) this.tell("needs", key, `${began}: ${why}`);
    for (const [role, grants] of this.grants) {
      const [lost] = lostGrants(grants, grantsOf(world, role));
      if (lost !== undefined) this.tell("needs", role, `${began}: ${shortId(role)} may no longer ${readable(lost)}`);
    }
  }

  private tell(kind: Hazard["kind"], key: string, text: string): void {
    if (this.told.has(key)) return;
    this.told.add(key);
    this.hazards.push(hazard(kind, this.service, text));
  }
}

/** A new revision, or a new service, is started: what its first tasks need is certainly there. */
export function startOf(update: Update, service: Resource): Hazard[] {
  const step = update.order.stepOf(service);
  if (!step) return [];
  const hazards: Hazard[] = [];
  const tell = (text: string) => hazards.push(hazard("start", service, text));
  const revision = new Revision(update.both, update.is(service));
  const world = update.apply(update.order.over(step));
  for (const [, why] of revision.lacks(world)) tell(`its tasks are started although ${why}`);
  for (const role of revision.roles) {
    const [lost] = lostGrants(grantsOf(update.both, role), grantsOf(world, role));
    if (lost !== undefined) tell(`its tasks are started although ${shortId(role)} may not yet ${readable(lost)}`);
  }
  const attached = new Set([...world.ofType(LISTENER_RULE), ...world.ofType(LISTENER)].flatMap(groupsBehind));
  for (const group of revision.targets.flatMap(({ groups }) => groups)) {
    if (!attached.has(group)) tell(`no load balancer knows ${shortId(group)} yet, and ECS refuses the service`);
  }
  return hazards;
}

function countLost(update: Update, service: Resource): Hazard[] {
  const count = update.changeOf(service)?.properties.find(({ path }) => path === "desiredCount");
  if (!count || update.using(update.after, SCALING_TARGET, "resourceId", service).length === 0) return [];
  const text = `desiredCount is set from ${JSON.stringify(count.before)} to ${JSON.stringify(count.after)} while Auto Scaling keeps the count`;
  return [hazard("count", service, text)];
}
