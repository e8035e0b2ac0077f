import type { Resource } from "../../../facts/graph";
import { COMMAND, SERVICE } from "../../../facts/types";
import { verbOf } from "../../graph/commands";
import type { Location } from "../../record/region";
import { type Change, changesOf, identify, isComponent } from "../order/changes";
import { keyOf } from "../order/match";
import { type Step, UpdateOrder } from "../order/order";
import { calledOtherwise } from "../order/physical";
import { keepIgnored, type Thing, thingOf, World } from "./world";

/** An update from one graph of a stack to another: what changes, in which order, and what there is at each moment of it. */
export class Update {
  readonly changes: Change[];
  readonly order: UpdateOrder;
  /** Before the first step, after the last one, and with all made and nothing deleted but what had to make room. */
  readonly start: World;
  readonly end: World;
  readonly both: World;
  private readonly former = new Map<Resource, Thing>();
  private readonly present = new Map<Resource, Thing>();
  private readonly changed = new Map<Resource, Change>();
  private readonly oldOf: Map<Resource, Resource>;
  private readonly worlds = new Map<Step, World>();
  private readonly followers = new Map<string, Resource[]>();

  constructor(
    readonly before: Resource[],
    readonly after: Resource[],
    place: Location,
    oldPlace = place,
  ) {
    const { matched, keyNow, ...names } = identify(before, after, place, oldPlace);
    this.oldOf = matched;
    this.changes = changesOf(before, after, { matched, keyNow, ...names });
    this.order = new UpdateOrder(this.changes, before, after);
    const leaving = new Map(
      this.changes.flatMap(({ action, before: old }) => (action === "replace" && old ? [[keyNow(old), `${keyNow(old)} (old)`]] : [])),
    );
    for (const old of before) {
      if (isComponent(old)) continue;
      const thing = thingOf(leaving.get(keyNow(old)) ?? keyNow(old), old, names.oldNames);
      this.former.set(old, { ...thing, inputs: calledOtherwise(thing.inputs, leaving) });
    }
    for (const change of this.changes) if (change.after) this.changed.set(change.after, change);
    for (const resource of after) {
      if (isComponent(resource)) continue;
      const thing = thingOf(keyOf(resource.urn), resource, names.names);
      const old = matched.get(resource);
      const kept = old && this.changed.get(resource)?.action !== "replace" ? this.former.get(old) : undefined;
      const inputs = kept ? keepIgnored(thing.inputs, kept.inputs, resource.options.ignoreChanges) : thing.inputs;
      this.present.set(resource, { ...thing, inputs });
      if (resource.type === COMMAND && verbOf(resource.inputs.create) === "wait") {
        for (const urn of resource.dependencies) this.followers.set(urn, [...(this.followers.get(urn) ?? []), resource]);
      }
    }
    this.start = World.of([...this.former.values()]);
    this.end = World.of([...this.present.values()]);
    this.both = this.apply(this.order.steps.filter(({ kind, change }) => kind !== "delete" || change.deleteFirst));
  }

  /** A resource as it was before, and as it is afterwards. */
  was(old: Resource): Thing {
    return this.former.get(old) as Thing;
  }

  is(resource: Resource): Thing {
    return this.present.get(resource) as Thing;
  }

  /** What happens to a resource of the later graph. */
  changeOf(resource: Resource): Change | undefined {
    return this.changed.get(resource);
  }

  /** What a resource of the later graph was. */
  formerOf(resource: Resource): Resource | undefined {
    return this.oldOf.get(resource);
  }

  /** The resources that depend on one, are of a type, and take a property from it. */
  using(resources: Resource[], type: string, property: string, { urn }: Resource): Resource[] {
    return resources.filter((other) => other.type === type && (other.propertyDependencies[property] ?? []).includes(urn));
  }

  /** The thing that a step is about. */
  thingOf({ kind, resource }: Step): Thing {
    return kind === "delete" ? this.was(resource) : this.is(resource);
  }

  /** What there is when certain steps, and no others, are over. */
  apply(steps: Iterable<Step>): World {
    const [put, gone]: [Thing[], Thing[]] = [[], []];
    for (const step of steps) (step.kind === "delete" ? gone : put).push(this.thingOf(step));
    return this.start.with(put, gone);
  }

  /** What there is right after a step, of what comes before it no more than must. */
  worldAfter(step: Step): World {
    const known = this.worlds.get(step) ?? this.apply([...this.order.over(step), step]);
    this.worlds.set(step, known);
    return known;
  }

  /** The step in which a command follows the deployment of a service. */
  followerOf(service: Resource): Step | undefined {
    const steps = (this.followers.get(service.urn) ?? []).map((follower) => this.order.stepOf(follower));
    return steps.find((step) => step !== undefined);
  }

  /** What of a service's change starts a deployment; undefined if nothing does. */
  deploymentOf(service: Resource): string | undefined {
    const change = service.type === SERVICE ? this.changed.get(service) : undefined;
    if (change?.action !== "update") return undefined;
    const paths = change.properties.map(({ path }) => path.split(/[.[]/)[0] ?? "").filter((key) => !["tags", "tagsAll"].includes(key));
    return paths.find((key) => STARTS_DEPLOYMENT.includes(key)) ?? (service.inputs.forceNewDeployment === true ? paths[0] : undefined);
  }
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
