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
  /** What is to be deleted before a resource that is deleted: what stands on it, or must make room for it. */
  private readonly blockers = new Map<Resource, Step[]>();
  private readonly present: Dependencies;
  private readonly former: Dependencies;

  constructor(changes: Change[], before: Resource[], after: Resource[]) {
    this.present = new Dependencies(after);
    this.former = new Dependencies(before);
    for (const change of changes) this.add(change);
    for (const step of this.deletions.values()) this.block(step);
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

  private block(step: Step): void {
    const { deleteFirst, makesRoomFor } = step.change;
    const below = deleteFirst ? [makesRoomFor?.before].filter((one) => one !== undefined) : this.former.of(step.resource);
    for (const resource of below) {
      const under = this.deletions.get(resource);
      if (under?.change.deleteFirst !== deleteFirst) continue;
      const known = this.blockers.get(resource);
      if (known) known.push(step);
      else this.blockers.set(resource, [step]);
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
    for (const other of this.directlyBefore(step)) {
      all.add(other);
      for (const each of this.over(other)) all.add(each);
    }
    return all;
  }

  /** The steps that one waits for by itself; what a resource waits for that does not change is passed through. */
  directlyBefore(step: Step): Step[] {
    const blockers = this.blockers.get(step.resource) ?? [];
    if (step.kind !== "delete") return [...this.waitsOf(step.resource)];
    // It is decided when the first one that is to be deleted comes up, for all that is bound to it.
    if (step.change.deleteFirst) return [...blockers, ...this.registrationOf(rootOf(step.change).after!)];
    return [...blockers, ...this.steps.filter(({ kind, change }) => kind !== "delete" || change.deleteFirst)];
  }

  /** Whether a step is certainly over when another begins. */
  precedes(first: Step, second: Step): boolean {
    return this.over(second).has(first);
  }

  /**
   * The chain of steps that takes longest, and when it ends. Without the sets of all that precedes: a big stack has thousands of steps, and this asks only for
   * the slowest of what each waits for.
   */
  longest(seconds: (step: Step) => number): { chain: Step[]; end: number } {
    interface Finish {
      end: number;
      step?: Step;
      after?: Finish;
    }
    const later = (finishes: Finish[]): Finish => finishes.reduce((a, b) => (b.end > a.end ? b : a), { end: 0 });
    const then = (after: Finish, step: Step): Finish => ({ end: after.end + seconds(step), step, after });
    const made = new Map<Resource, Finish>();
    const gone = new Map<Step, Finish>();
    const finishOf = (resource: Resource): Finish => {
      const known = made.get(resource);
      if (known) return known;
      made.set(resource, { end: 0 });
      const step = this.made.get(resource);
      const room = step?.change.deleteFirst && step.change.before ? this.deletions.get(step.change.before) : undefined;
      const before = later([...this.present.of(resource).map(finishOf), ...(room ? [deletionOf(room)] : [])]);
      const finish = step ? then(before, step) : before;
      made.set(resource, finish);
      return finish;
    };
    const deletionOf = (step: Step): Finish => {
      const known = gone.get(step);
      if (known) return known;
      const { deleteFirst } = step.change;
      const begin = deleteFirst ? later(this.present.of(rootOf(step.change).after!).map(finishOf)) : allMade();
      const finish = then(later([begin, ...(this.blockers.get(step.resource) ?? []).map(deletionOf)]), step);
      gone.set(step, finish);
      return finish;
    };
    let all: Finish | undefined;
    const allMade = (): Finish => {
      all ??= later([...this.made.keys()].map(finishOf));
      return all;
    };
    const last = later([allMade(), ...[...this.deletions.values()].map(deletionOf)]);
    const chain: Step[] = [];
    for (let one: Finish | undefined = last; one; one = one.after) if (one.step) chain.unshift(one.step);
    return { chain, end: last.end };
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
}

/** Who waits for whom in one graph. */
class Dependencies {
  private readonly byUrn: Map<string, Resource>;
  private readonly children = new Map<string, Resource[]>();

  constructor(resources: Resource[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      if (resource.parent === null) continue;
      const siblings = this.children.get(resource.parent);
      if (siblings) siblings.push(resource);
      else this.children.set(resource.parent, [resource]);
    }
  }

  /**
   * What a resource waits for by itself. A component is over when all in it is; one that the resource itself is in has only begun. What a plugin makes (awsx)
   * hands out nothing before it is over as a whole.
   */
  of(resource: Resource): Resource[] {
    const waits = needs(resource).flatMap((urn) => {
      const needed = this.byUrn.get(urn);
      if (!needed || needed === resource) return [];
      const plugin = this.pluginOf(needed);
      return [plugin && !this.isIn(resource, plugin) ? plugin : needed];
    });
    return [...new Set(waits)].flatMap((needed) =>
      isComponent(needed) && !this.isIn(resource, needed) ? [needed, ...this.inside(needed)] : [needed],
    );
  }

  /** The component that a plugin has made, if a resource is in one. */
  private pluginOf(resource: Resource): Resource | undefined {
    for (let above = this.above(resource); above; above = this.above(above)) if (REMOTE.test(above.type)) return above;
    return undefined;
  }

  private above({ parent }: Resource): Resource | undefined {
    return parent === null ? undefined : this.byUrn.get(parent);
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

/** Components that a plugin makes. */
const REMOTE = /^awsx:/;

function rootOf(change: Change): Change {
  return change.makesRoomFor ? rootOf(change.makesRoomFor) : change;
}
