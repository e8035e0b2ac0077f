import type { Json, JsonObject, Resource } from "../../../facts/graph";
import { computeState } from "../../record/mocks";
import type { Location } from "../../record/region";
import { keyOf } from "./match";

/** A name, and what stands for it. */
export type Name = [value: string, token: string];

/**
 * What AWS names in a graph (ids, ARNs, generated names), by whose it is. The planner makes these values up from URNs, so they say nothing by themselves; two
 * inputs are the same if they name the same resources.
 */
export class PhysicalNames {
  private static readonly ownKeys = new WeakMap<Resource[], PhysicalNames>();
  private readonly names = new Map<string, Name[]>();
  private readonly read = new Map<Resource, JsonObject>();
  private readonly resources: Map<string, Resource>;

  private constructor(
    all: Resource[],
    private readonly place: Location,
    private readonly identify: (resource: Resource) => string,
  ) {
    this.resources = new Map(all.map((resource) => [resource.urn, resource]));
  }

  /** The names of a graph whose resources are called by their own keys; made once for a graph. */
  static of(resources: Resource[], place: Location): PhysicalNames {
    const known = PhysicalNames.ownKeys.get(resources) ?? new PhysicalNames(resources, place, ({ urn }) => keyOf(urn));
    PhysicalNames.ownKeys.set(resources, known);
    return known;
  }

  /** The same, but with other keys: `identify` says what a resource is to be called. */
  static under(resources: Resource[], place: Location, identify: (resource: Resource) => string): PhysicalNames {
    return new PhysicalNames(resources, place, identify);
  }

  /** The inputs of a resource with the names of others as `⟦who⟧.what`. */
  inputs(resource: Resource): JsonObject {
    const known = this.read.get(resource);
    if (known) return known;
    const { inputs, propertyDependencies } = resource;
    const entries = Object.entries(inputs).map(([key, value]) => [key, this.readable(value, propertyDependencies[key] ?? [])]);
    const readable = Object.fromEntries(entries) as JsonObject;
    this.read.set(resource, readable);
    return readable;
  }

  /** A value with the names of these resources so; without a list, of all. */
  readable(value: Json, urns: Iterable<string> = this.resources.keys()): Json {
    const names = [...urns].flatMap((urn) => this.namesOf(urn));
    return names.length === 0 ? value : mapTexts(value, replacer(names));
  }

  private namesOf(urn: string): Name[] {
    const known = this.names.get(urn);
    if (known) return known;
    const resource = this.resources.get(urn);
    const names = resource ? this.compute(resource) : [];
    this.names.set(urn, names);
    return names;
  }

  private compute(resource: Resource): Name[] {
    const { urn, type, name, inputs } = resource;
    const { id, state } = computeState({ urn, type, name, inputs, place: this.place });
    const given = new Set(Object.values(inputs).filter((value) => typeof value === "string"));
    const computed = Object.fromEntries(Object.entries({ id, ...state }).filter(([key]) => !(key in inputs)));
    const who = this.identify(resource);
    const names = new Map<string, string>();
    for (const [key, value] of leaves(computed, "")) {
      if (!given.has(value) && isName(key, value) && !names.has(value)) names.set(value, `⟦${who}⟧.${key}`);
    }
    return [...names];
  }
}

const WHO = /⟦([^⟧]+)⟧/g;

/** Who is named in a value that {@link PhysicalNames} made readable. */
export const namedIn = (value: Json | undefined): string[] => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.includes("⟦") ? [...new Set([...text.matchAll(WHO)].map(([, who]) => who ?? ""))] : [];
};

/** A readable value in which some are called otherwise. */
export const calledOtherwise = (value: JsonObject, others: Map<string, string>): JsonObject =>
  namedIn(value).some((who) => others.has(who))
    ? (mapTexts(value, (text) => text.replace(WHO, (_, who: string) => `⟦${others.get(who) ?? who}⟧`)) as JsonObject)
    : value;

/** What says in which condition something is, is no name. */
const isName = (key: string, value: string) => value.length > 3 && !["status", "state"].includes(key);

function leaves(value: Json | undefined, path: string): [path: string, value: string][] {
  if (typeof value === "string") return [[path, value]];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}

/** Replaces names in one pass, the longest first, so that none is looked for in what stands for another. Of two tokens for one value the first counts. */
export function replacer(names: Name[]): (text: string) => string {
  const tokens = new Map([...names].reverse());
  const longestFirst = [...tokens.keys()].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(longestFirst.join("|"), "g");
  return (text) => text.replace(pattern, (name) => tokens.get(name) ?? name);
}

/** A value with each text in it changed. */
export function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
