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
 * replacement goes at once, after what depends on it. Steps that do not wait for each other may come in either order.
 */
export class UpdateOrder {
  readonly steps: Step[] = [];
  private readonly made = new Map<Resource, Step>();
  private readonly deletions = new Map<Resource, Step>();
  private readonly waits = new Map<Resource | Step, Set<Step>>();
  private readonly byUrn: Map<string, Resource>;
  private readonly children = new Map<string, Resource[]>();

  constructor(
    readonly changes: Change[],
    private readonly before: Resource[],
    after: Resource[],
  ) {
    this.byUrn = new Map(after.map((resource) => [resource.urn, resource]));
    for (const resource of after) {
      if (resource.parent !== null) this.children.set(resource.parent, [...(this.children.get(resource.parent) ?? []), resource]);
    }
    for (const change of changes) {
      if (change.after) {
        const step: Step = { kind: change.action === "update" ? "update" : "create", change, resource: change.after };
        this.made.set(change.after, step);
        this.steps.push(step);
      }
      if (change.before && change.action !== "update") {
        const step: Step = { kind: "delete", change, resource: change.before };
        this.deletions.set(change.before, step);
        this.steps.push(step);
      }
    }
  }

  /** The step that makes or changes a resource of the later graph. */
  forward(resource: Resource): Step | undefined {
    return this.made.get(resource);
  }

  /** The steps that are over before this one begins, however the others fall. */
  over(step: Step): Set<Step> {
    if (step.kind !== "delete") return this.waitsOf(step.resource);
    const known = this.waits.get(step);
    if (known) return known;
    const all = new Set<Step>();
    this.waits.set(step, all);
    if (step.change.deleteFirst && step.change.after) {
      for (const each of this.registrationOf(step.change.after)) all.add(each);
    } else {
      for (const each of this.steps) if (each.kind !== "delete" || each.change.deleteFirst) all.add(each);
      for (const other of this.deletions.values()) {
        if (other !== step && !other.change.deleteFirst && this.standsOn(other.resource, step.resource)) {
          all.add(other);
          for (const each of this.over(other)) all.add(each);
        }
      }
    }
    return all;
  }

  /** Whether a step is certainly over when another begins. */
  precedes(first: Step, second: Step): boolean {
    return this.over(second).has(first);
  }

  /** The steps that a resource of the later graph waits for, its own not among them. */
  waitsOf(resource: Resource): Set<Step> {
    const known = this.waits.get(resource);
    if (known) return known;
    const all = new Set<Step>();
    this.waits.set(resource, all);
    for (const each of this.registrationOf(resource)) all.add(each);
    const own = this.made.get(resource);
    if (own?.change.deleteFirst && own.change.before) all.add(this.deletions.get(own.change.before)!);
    return all;
  }

  private registrationOf(resource: Resource): Set<Step> {
    const all = new Set<Step>();
    for (const needed of this.neededBy(resource)) {
      const step = this.made.get(needed);
      if (step) all.add(step);
      for (const each of this.waitsOf(needed)) all.add(each);
    }
    return all;
  }

  /** What a resource is registered after; the inside of a component that it depends on too. */
  private neededBy(resource: Resource): Resource[] {
    const inside = (each: Resource): Resource[] => (this.children.get(each.urn) ?? []).flatMap((child) => [child, ...inside(child)]);
    const isAbove = (other: Resource): boolean => {
      for (let up = resource.parent; up !== null; up = this.byUrn.get(up)?.parent ?? null) if (up === other.urn) return true;
      return false;
    };
    return needs(resource).flatMap((urn) => {
      const needed = this.byUrn.get(urn);
      if (!needed || needed === resource) return [];
      // A component is over when all in it is; one that the resource itself is in is only begun.
      return isAbove(needed) ? [needed] : [needed, ...(isComponent(needed) ? inside(needed) : [])];
    });
  }

  private standing?: Map<Resource, Set<Resource>>;

  /** Whether an old resource depends on another, near or far. */
  private standsOn(resource: Resource, other: Resource): boolean {
    this.standing ??= closure(this.before);
    return this.standing.get(resource)?.has(other) ?? false;
  }
}

function closure(resources: Resource[]): Map<Resource, Set<Resource>> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const reached = new Map<Resource, Set<Resource>>();
  const visit = (resource: Resource): Set<Resource> => {
    const known = reached.get(resource);
    if (known) return known;
    const all = new Set<Resource>();
    reached.set(resource, all);
    for (const urn of needs(resource)) {
      const needed = byUrn.get(urn);
      if (!needed || needed === resource) continue;
      all.add(needed);
      for (const each of visit(needed)) all.add(each);
    }
    return all;
  };
  for (const resource of resources) visit(resource);
  return reached;
}
