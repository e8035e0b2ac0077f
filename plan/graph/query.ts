import type { Json, JsonObject, Resource } from "../../facts/graph";
import type { ResourceType } from "../../facts/types";
import { guarded } from "../../facts/unknown";
import { Graph } from "../../policy/graph/graph";
import { toPolicyResources } from "../../policy/graph/recorded";

/** Questions that every reader of a graph asks. To read an input that is unknown throws an UnknownValue: nobody goes on with a default in its place. */
export class Query<R extends Resource = Resource> {
  readonly resources: readonly R[];
  private readonly byUrn: Map<string, R>;
  private readonly byType = new Map<string, R[]>();
  private typedGraph: Graph | undefined;

  constructor(resources: readonly R[]) {
    this.resources = resources.map((resource) => {
      const inputs = guarded(resource.inputs, resource);
      return inputs === resource.inputs ? resource : { ...resource, inputs };
    });
    this.byUrn = new Map(this.resources.map((resource) => [resource.urn, resource]));
    for (const resource of this.resources) {
      const sameType = this.byType.get(resource.type);
      if (sameType) sameType.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
  }

  /** The same resources as the rules see them, with typed inputs. */
  get typed(): Graph {
    this.typedGraph ??= new Graph(toPolicyResources(this.resources));
    return this.typedGraph;
  }

  get(urn: string | null): R | undefined {
    return urn === null ? undefined : this.byUrn.get(urn);
  }

  ofType(type: ResourceType): R[] {
    return this.byType.get(type) ?? [];
  }

  /** The resources of a type that an input takes its value from: the task definition of a service, say. */
  from(resource: Resource, property: string, type: ResourceType): R[] {
    return (resource.propertyDependencies[property] ?? []).flatMap((urn) => {
      const found = this.byUrn.get(urn);
      return found?.type === type ? [found] : [];
    });
  }

  /** The resources of a type that take the value of an input from this one: the scaling target of a service, say. */
  using(resource: Resource, property: string, type: ResourceType): R[] {
    return this.ofType(type).filter((other) => other.propertyDependencies[property]?.includes(resource.urn));
  }

  /** The component right under the stack that a resource belongs to; itself, if it stands there alone. */
  owner(resource: R): R {
    let top = resource;
    for (let above = this.get(top.parent); above && above.parent !== null; above = this.get(above.parent)) top = above;
    return top;
  }
}

export function number(value: Json | undefined): number | undefined {
  const given = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof given === "number" && Number.isFinite(given) ? given : undefined;
}

export function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function object(value: Json | undefined): JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

export function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(object) : [];
}

/** How many entries a list has; none where it is absent. */
export function count(value: Json | undefined): number {
  return Array.isArray(value) ? value.length : 0;
}
