import type { Json, JsonObject, Resource } from "../../../facts/graph";
import { computeState } from "../../record/mocks";
import type { Place } from "../../record/region";

/**
 * What AWS names in a graph (ids, ARNs, generated names), by whose it is. The planner makes these values up from URNs, so they say nothing by themselves; two
 * inputs are the same if they name the same resources.
 */
export class PhysicalNames {
  private readonly values = new Map<string, [value: string, token: string][]>();
  private readonly resources: Map<string, Resource>;

  /** `identify` says what a resource is to be called: the same for one and the same resource in two graphs. */
  constructor(
    resources: Resource[],
    private readonly place: Place,
    private readonly identify: (resource: Resource) => string,
  ) {
    this.resources = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  /** An input with the names of other resources as `⟦who⟧.what`. */
  readable(resource: Resource, property: string): Json | undefined {
    const value = resource.inputs[property];
    if (value === undefined) return undefined;
    const names = (resource.propertyDependencies[property] ?? []).flatMap((urn) => this.namesOf(urn));
    if (names.length === 0) return value;
    return rename(value, finder(names));
  }

  /** All inputs of a resource so. */
  inputs(resource: Resource): JsonObject {
    return Object.fromEntries(Object.keys(resource.inputs).map((key) => [key, this.readable(resource, key) ?? null]));
  }

  private namesOf(urn: string): [string, string][] {
    const known = this.values.get(urn);
    if (known) return known;
    const resource = this.resources.get(urn);
    const names = resource ? this.compute(resource) : [];
    this.values.set(urn, names);
    return names;
  }

  private compute(resource: Resource): [string, string][] {
    const { urn, type, name, inputs } = resource;
    const { id, state } = computeState({ urn, type, name, inputs, place: this.place });
    const given = new Set(Object.values(inputs).filter((value) => typeof value === "string"));
    const computed = Object.entries({ id, ...state }).filter(([key]) => !(key in inputs));
    const who = this.identify(resource);
    const names = new Map<string, string>();
    for (const [key, value] of leaves(Object.fromEntries(computed), "")) {
      if (!given.has(value) && isName(key, value) && !names.has(value)) names.set(value, `⟦${who}⟧.${key}`);
    }
    return [...names];
  }
}

/** Who is named in a value that {@link PhysicalNames} made readable. */
export const namedIn = (value: Json | undefined): string[] => [
  ...new Set([...(JSON.stringify(value) ?? "").matchAll(/⟦([^⟧]+)⟧/g)].map(([, who]) => who ?? "")),
];

/** What says in which condition something is, is no name. */
const isName = (key: string, value: string) => value.length > 3 && !["status", "state"].includes(key);

function leaves(value: Json | undefined, path: string): [path: string, value: string][] {
  if (typeof value === "string") return [[path, value]];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}

/** Replaces names in one pass, the longest first, so that none is looked for in what stands for another. */
function finder(names: [string, string][]): (text: string) => string {
  const tokens = new Map(names.reverse());
  const longestFirst = [...tokens.keys()].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(longestFirst.join("|"), "g");
  return (text) => text.replace(pattern, (name) => tokens.get(name) ?? name);
}

function rename(value: Json, find: (text: string) => string): Json {
  if (typeof value === "string") return find(value);
  if (Array.isArray(value)) return value.map((item) => rename(item, find));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item, find)]));
}
