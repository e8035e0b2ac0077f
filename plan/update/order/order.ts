import type { Resource } from "../../../facts/graph";
import { type Change, isComponent, needs } from "./changes";

/** One thing that the engine does: it makes or changes a resource, or it deletes one. */
export interface Step {
  kind: "create" | "update" | "delete";
  change: Change;
  /** What it is done to. */
  resource: Resource;
}

/**
 * The order of an update, as far as the engine keeps one. It registers resources as the program makes them: a resource waits for its parent, its dependencies
 * and, where one of these is a component, for all in it. Deletions come at the end, what others stand on last; only what is to be deleted before its
 * replacement goes at once, after what is bound to it. Steps that do not wait for each other may come in either order.
 */
export class UpdateOrder {
  readonly steps: Step[] = [];
  private readonly made = new Map<Resource, Step>();
  private readonly deletions = new Map<Resource, Step>();
  private readonly waits = new Map<Resource, Set<Step>>();
  private readonly preceding = new Map<Step, Set<Step>>();
  private readonly present: Dependencies;
  private readonly former: Dependencies;

  constructor(changes: Change[], before: Resource[], after: Resource[]) {
    this.present = new Dependencies(after);
    this.former = new Dependencies(before);
    for (const change of changes) this.add(change);
  }

  private add(change: Change): void {
    if (change.before && change.action !== "update") {
      const step: Step = { kind: "delete", change, resource: change.before };
      this.deletions.set(change.before, step);
      this.steps.push(step);
    }
    if (change.after) {
      const step: Step = { kind: change.action === "update" ? "update" : "create", change, resource: change.after };
      this.made.set(change.after, step);
      this.steps.push(step);
    }
  }

  /** The step that makes or changes a resource of the later graph. */
  stepOf(resource: Resource): Step | undefined {
    return this.made.get(resource);
  }

  /** The steps that are over before this one begins, however the others fall. */
  over(step: Step): Set<Step> {
    if (step.kind !== "delete") return this.waitsOf(step.resource);
    const known = this.preceding.get(step);
    if (known) return known;
    const all = new Set<Step>();
    this.preceding.set(step, all);
    const first = (other: Step): void => {
      if (other === step) return;
      all.add(other);
      for (const each of this.over(other)) all.add(each);
    };
    if (step.change.deleteFirst) {
      // It is decided when the first one that is to be deleted comes up, for all that is bound to it.
      for (const each of this.registrationOf(rootOf(step.change).after!)) all.add(each);
      for (const other of this.deletions.values()) if (other.change.makesRoomFor === step.change) first(other);
    } else {
      for (const each of this.steps) if (each.kind !== "delete" || each.change.deleteFirst) all.add(each);
      for (const other of this.deletions.values()) {
        if (!other.change.deleteFirst && this.standsOn(other.resource, step.resource)) first(other);
      }
    }
    return all;
  }

  /** Whether a step is certainly over when another begins. */
  precedes(first: Step, second: Step): boolean {
    return this.over(second).has(first);
  }

  /** The steps, each after all that it waits for. */
  inOrder(steps: Step[] = this.steps): Step[] {
    return steps
      .map((step) => [step, this.over(step).size] as const)
      .sort(([, a], [, b]) => a - b)
      .map(([step]) => step);
  }

  /** The steps that a resource of the later graph waits for, its own not among them. */
  private waitsOf(resource: Resource): Set<Step> {
    const known = this.waits.get(resource);
    if (known) return known;
    const all = new Set<Step>();
    this.waits.set(resource, all);
    for (const each of this.registrationOf(resource)) all.add(each);
    const change = this.made.get(resource)?.change;
    const old = change?.deleteFirst && change.before ? this.deletions.get(change.before) : undefined;
    if (old) {
      all.add(old);
      for (const each of this.over(old)) all.add(each);
    }
    return all;
  }

  private registrationOf(resource: Resource): Set<Step> {
    const all = new Set<Step>();
    for (const needed of this.present.of(resource)) {
      const step = this.made.get(needed);
      if (step) all.add(step);
      for (const each of this.waitsOf(needed)) all.add(each);
    }
    return all;
  }

  /** Whether an old resource depends on another, near or far. */
  private standsOn(resource: Resource, other: Resource): boolean {
    return this.former.reachedFrom(resource).has(other);
  }
}

/** Who waits for whom in one graph. */
class Dependencies {
  private readonly byUrn: Map<string, Resource>;
  private readonly children = new Map<string, Resource[]>();
  private readonly reached = new Map<Resource, Set<Resource>>();

  constructor(resources: Resource[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      if (resource.parent === null) continue;
      const siblings = this.children.get(resource.parent);
      if (siblings) siblings.push(resource);
      else this.children.set(resource.parent, [resource]);
    }
  }

  /** What a resource waits for by itself; the inside of a component that it depends on too. */
  of(resource: Resource): Resource[] {
    return needs(resource).flatMap((urn) => {
      const needed = this.byUrn.get(urn);
      if (!needed || needed === resource) return [];
      // A component is over when all in it is; one that the resource itself is in has only begun.
      return isComponent(needed) && !this.isIn(resource, needed) ? [needed, ...this.inside(needed)] : [needed];
    });
  }

  /** All that it waits for, near or far. */
  reachedFrom(resource: Resource): Set<Resource> {
    const known = this.reached.get(resource);
    if (known) return known;
    const all = new Set<Resource>();
    this.reached.set(resource, all);
    for (const needed of this.of(resource)) {
      all.add(needed);
      for (const each of this.reachedFrom(needed)) all.add(each);
    }
    return all;
  }

  private inside(component: Resource): Resource[] {
    return (this.children.get(component.urn) ?? []).flatMap((child) => [child, ...this.inside(child)]);
  }

  private isIn(resource: Resource, component: Resource): boolean {
    for (let above = resource.parent; above !== null; above = this.byUrn.get(above)?.parent ?? null)
      if (above === component.urn) return true;
    return false;
  }
}

function rootOf(change: Change): Change {
  return change.makesRoomFor ? rootOf(change.makesRoomFor) : change;
}
