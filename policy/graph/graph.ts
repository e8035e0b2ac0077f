import type { PolicyResource } from "@pulumi/policy";
import { textsIn } from "../../facts/graph";
import { canonicalType } from "../../facts/types";
import type { AnyResource, Inputs, Resource, TypeName } from "./types";
import { known, undecidable } from "./undecided";

/** What only a recording knows, and the engine does not tell a policy. */
export interface Recording {
  invokes?: readonly { token: string; args: Record<string, unknown> }[];
  /** What the stack exports. */
  outputs?: Record<string, unknown>;
  /** The most that the idle stack may cost a month, and what it does cost. */
  budget?: number;
  cost?: { monthlyIdle: number; currency: string; savings: readonly { what: string; note: string }[]; unknown: readonly string[] };
  /** Where the stack is; absent where nobody says so. */
  region?: string;
  /** The stack file, where the program reads its settings from it as the template does: a finding then names the setting that fixes it. */
  stackFile?: StackFile;
}

/** What a stack file says of where settings stand in it. */
export interface StackFile {
  /** The services that stand under `services`, by name. */
  services: readonly string[];
}

/** True if the inputs have that property, known or not. */
export function given(resource: AnyResource, property: string): boolean {
  return property in resource.props;
}

/** Resources that a property refers to. `exact` is false where the graph names more than the property holds (a whole network for its subnets). */
export interface Targets<T extends TypeName> {
  resources: Resource<T>[];
  exact: boolean;
}

/** The resources of a stack, with the questions that rules ask about how they refer to one another. */
export class Graph {
  readonly resources: readonly Resource[];
  private readonly byType = new Map<string, Resource[]>();
  private readonly byUrn = new Map<string, Resource>();
  private readonly byId = new Map<string, Resource[]>();
  /** By types and property: who refers to a URN. Rules ask it of each resource of a type. */
  private readonly byTarget = new Map<string, Map<string, Resource[]>>();

  constructor(
    resources: readonly PolicyResource[],
    readonly recording?: Recording,
  ) {
    this.resources = resources.map(adopt);
    for (const r of this.resources) {
      this.byUrn.set(r.urn, r);
      push(this.byType, r.type, r);
    }
    for (const r of this.resources) this.learnIds(r);
  }

  /** The resources of these types. */
  of<T extends TypeName>(...types: T[]): Resource<T>[] {
    return types.flatMap((t) => (this.byType.get(t) ?? []) as unknown as Resource<T>[]);
  }

  /** The resources of that type that a property of a resource refers to. */
  refs<T extends TypeName>(from: AnyResource, property: string, type: T): Resource<T>[] {
    const value = known(() => (from.props as Record<string, unknown>)[property]);
    const held = typeof value === "string" ? this.withId(value, type) : [];
    return held.length > 0 ? held : this.named(from, property, type);
  }

  /** The resources of that type whose property refers to this one: the listeners of a load balancer, the routes of a route table. */
  referrers<T extends TypeName>(to: AnyResource, type: T, property: string): Resource<T>[] {
    const question = `${type} ${property} ${to.type}`;
    const referrers = this.byTarget.get(question) ?? this.byReference(type, property, to.type);
    this.byTarget.set(question, referrers);
    return (referrers.get(to.urn) ?? []) as unknown as Resource<T>[];
  }

  private byReference(type: TypeName, property: string, target: TypeName): Map<string, Resource[]> {
    const referrers = new Map<string, Resource[]>();
    for (const r of this.of(type)) for (const urn of new Set(this.refs(r, property, target).map((t) => t.urn))) push(referrers, urn, r);
    return referrers;
  }

  /** True if a property of any resource refers to this one; `except` are types that do not count. */
  isReferredTo(to: AnyResource, except: readonly TypeName[] = []): boolean {
    return this.resources.some(
      (r) => !except.includes(r.type) && Object.values(r.propertyDependencies).some((on) => on.some((d) => d.urn === to.urn)),
    );
  }

  /** True if the stack exports the id or ARN of this resource, for others to use. Throws where an export is not known yet. */
  isExported(resource: AnyResource): boolean {
    const exported = [...this.of("pulumi:pulumi:Stack").map((s) => s.props), this.recording?.outputs].flatMap(textsIn);
    return exported.some((text) => this.byId.get(text)?.some((r) => r.urn === resource.urn));
  }

  /** What the ids or ARNs in some part of a property mean. Where they are not known, all that the property depends on. */
  targets<T extends TypeName>(from: AnyResource, property: string, type: T, ids: () => readonly string[] | string | undefined): Targets<T> {
    const named = this.named(from, property, type);
    const values = known(() => [ids() ?? []].flat().map(String));
    if (!values) {
      const list = known(ids);
      return { resources: named, exact: named.length === (Array.isArray(list) ? list.length : 1) };
    }
    const found = values.flatMap((v) => this.withId(v, type));
    if (found.length >= values.length) return { resources: found, exact: true };
    return { resources: named, exact: named.length === values.length };
  }

  /** The one resource that an id or ARN in some part of a property means; undefined where it is none of the graph's. */
  target<T extends TypeName>(from: AnyResource, property: string, type: T, id: () => string | undefined): Resource<T> | undefined {
    const { resources, exact } = this.targets(from, property, type, id);
    if (resources.length > 1 && !exact) undecidable(`${property} depends on several resources of type ${type}`);
    return resources[0];
  }

  /** The resources of that type on which a property depends. */
  private named<T extends TypeName>(from: AnyResource, property: string, type: T): Resource<T>[] {
    const on = (from.propertyDependencies[property] ?? []).map((d) => this.byUrn.get(d.urn));
    return on.filter((r) => r?.type === type) as unknown as Resource<T>[];
  }

  private withId<T extends TypeName>(id: string, type: T): Resource<T>[] {
    return (this.byId.get(id) ?? []).filter((r) => r.type === type) as unknown as Resource<T>[];
  }

  /**
   * Inputs do not hold a resource's own id. But a text that depends on one resource alone is, if it means a resource at all,
   * that one's id, ARN or name: so the others' inputs teach it. After an update the resources also hold their own.
   */
  private learnIds(r: Resource) {
    const props = r.props as Record<string, unknown>;
    for (const key of ["id", "arn", "name", "bucket"])
      this.learn(
        known(() => props[key]),
        r,
      );
    for (const [key, on] of Object.entries(r.propertyDependencies)) {
      const [only, ...others] = on;
      if (only === undefined || others.length > 0) continue;
      this.learn(
        known(() => props[key]),
        this.byUrn.get(only.urn),
      );
    }
  }

  private learn(id: unknown, r: Resource | undefined) {
    if (r && typeof id === "string" && id !== "" && !this.byId.get(id)?.includes(r)) push(this.byId, id, r);
  }
}

/** A resource under its canonical type. */
export function adopt<T extends TypeName>(r: Omit<PolicyResource, "asType">): Resource<T> {
  return { ...r, type: canonicalType(r.type) as T, props: r.props as Inputs<T> } as Resource<T>;
}

function push<V>(map: Map<string, V[]>, key: string, value: V) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
