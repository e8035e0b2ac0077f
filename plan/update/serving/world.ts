import type { Json, JsonObject, Resource } from "../../../facts/graph";
import { isMap, pathParts } from "../diff";
import { namedIn, type PhysicalNames } from "../order/physical";

/** A resource as it is at one moment of an update. */
export interface Thing {
  id: string;
  urn: string;
  type: string;
  name: string;
  /** Its inputs, in which others are named as `⟦id⟧.what`. */
  inputs: JsonObject;
}

type ByProperty = Map<string, Thing[]>;

/** What exists at one moment, by id. A later moment is what has changed since an earlier one, so that what has not is looked up once. */
export class World {
  private readonly types = new Map<string, Thing[]>();
  private readonly namings = new Map<string, ByProperty>();
  private readonly touched = new Set<string>();

  private constructor(
    private readonly own: Map<string, Thing>,
    private readonly gone: Map<string, Thing>,
    private readonly earlier?: World,
  ) {
    for (const { type } of [...own.values(), ...gone.values()]) this.touched.add(type);
  }

  static of(things: Thing[]): World {
    return new World(new Map(things.map((thing) => [thing.id, thing])), new Map());
  }

  /** The same after some things came or changed, and others went. */
  with(put: Thing[], gone: Thing[] = []): World {
    const left = new Map(gone.map((thing) => [thing.id, thing]));
    return new World(new Map(put.filter(({ id }) => !left.has(id)).map((thing) => [thing.id, thing])), left, this);
  }

  get(id: string | undefined): Thing | undefined {
    if (id === undefined || this.gone.has(id)) return undefined;
    return this.own.get(id) ?? this.earlier?.get(id);
  }

  ofType(type: string): Thing[] {
    if (this.earlier && !this.touched.has(type)) return this.earlier.ofType(type);
    const known = this.types.get(type);
    if (known) return known;
    const before = (this.earlier?.ofType(type) ?? []).filter(({ id }) => !this.gone.has(id) && !this.own.has(id));
    const things = [...before, ...[...this.own.values()].filter((thing) => thing.type === type)];
    this.types.set(type, things);
    return things;
  }

  /** Those of a type of which a property names a thing. */
  naming(type: string, property: string, id: string): Thing[] {
    if (this.earlier && !this.touched.has(type)) return this.earlier.naming(type, property, id);
    const key = `${type} ${property}`;
    const known = this.namings.get(key) ?? this.index(type, property);
    this.namings.set(key, known);
    return known.get(id) ?? [];
  }

  private index(type: string, property: string): ByProperty {
    const index: ByProperty = new Map();
    for (const thing of this.ofType(type)) {
      for (const id of allNamed(thing, property)) {
        const those = index.get(id);
        if (those) those.push(thing);
        else index.set(id, [thing]);
      }
    }
    return index;
  }
}

export const thingOf = (id: string, resource: Resource, names: PhysicalNames): Thing => ({
  id,
  urn: resource.urn,
  type: resource.type,
  name: resource.name,
  inputs: names.inputs(resource),
});

const known = new WeakMap<Thing, Map<string, string[]>>();

/** All that a property names. */
export function allNamed(thing: Thing, property: string): string[] {
  const properties = known.get(thing) ?? new Map<string, string[]>();
  known.set(thing, properties);
  const found = properties.get(property) ?? namedIn(thing.inputs[property]);
  properties.set(property, found);
  return found;
}

/** The first thing that a property names. */
export const named = (thing: Thing, property: string): string | undefined => allNamed(thing, property)[0];

/** Inputs after an update in place: what is ignored stays as it was. */
export function keepIgnored(now: JsonObject, was: JsonObject, ignored: string[]): JsonObject {
  return ignored.reduce((inputs, path) => copyAt(inputs, was, pathParts(path)), now);
}

function copyAt(into: JsonObject, from: Json | undefined, [part, ...rest]: string[]): JsonObject {
  if (part === undefined) return into;
  const was = isMap(from) ? from[part] : undefined;
  const inner = into[part];
  if (rest.length > 0 && isMap(inner)) return { ...into, [part]: copyAt(inner, was, rest) };
  const { [part]: _, ...others } = into;
  return was === undefined ? others : { ...others, [part]: was };
}
