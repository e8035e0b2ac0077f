import type { Json, Resource } from "../../../facts/graph";
import type { Place } from "../../record/region";
import { diff, isBelow, isMap, type PropertyChange, pathParts } from "../diff";
import { deletesFirst, replacing } from "../replacement";
import { keyOf, matchResources } from "./match";
import { namedIn, PhysicalNames } from "./physical";

/** What an update does to one resource. */
export interface Change {
  action: "create" | "update" | "replace" | "delete";
  /** As the program has it now; of a deletion, as it was. */
  resource: Resource;
  before?: Resource;
  after?: Resource;
  properties: ChangedProperty[];
  /** The properties that make a new resource of it. */
  replacedBy: string[];
  /** Whether the old one goes before the new one comes. */
  deleteFirst: boolean;
}

export interface ChangedProperty extends PropertyChange {
  /** The resource whose replacement or update changes it, where the program's own value stays the same. */
  because?: string;
}

/** The names of one and the same resource in two graphs. */
export interface Identities {
  matched: Map<Resource, Resource>;
  names: PhysicalNames;
  oldNames: PhysicalNames;
}

/** Which resource of the later graph is which of the earlier, and what their inputs say without the values that the planner makes up. */
export function identify(before: Resource[], after: Resource[], place: Place): Identities {
  const matched = matchResources(before, after);
  const nowOf = new Map([...matched].map(([now, old]) => [old, now]));
  const names = new PhysicalNames(after, place, ({ urn }) => keyOf(urn));
  const oldNames = new PhysicalNames(before, place, (resource) => keyOf((nowOf.get(resource) ?? resource).urn));
  return { matched, names, oldNames };
}

/** What the engine decides for each resource, in an order in which each stands after what it depends on. */
export function changesOf(before: Resource[], after: Resource[], identities: Identities): Change[] {
  const { matched, names, oldNames } = identities;
  const changes = new Map<Resource, Change>();
  const replaced = new Map<string, Resource>();
  const updated = new Map<string, Resource>();
  for (const resource of inDependencyOrder(after)) {
    const old = matched.get(resource);
    if (!old) {
      changes.set(resource, { action: "create", resource, after: resource, properties: [], replacedBy: [], deleteFirst: false });
      continue;
    }
    const properties = changedProperties(old, oldNames, resource, names, replaced, updated);
    if (properties.length === 0) continue;
    const paths = properties.map(({ path }) => path);
    const replacedBy = replacing(old, resource, paths);
    const key = keyOf(resource.urn);
    (replacedBy.length > 0 ? replaced : updated).set(key, resource);
    // A replacement takes no defaults over: it is made of the program's own inputs, ignored or not.
    changes.set(resource, {
      action: replacedBy.length > 0 ? "replace" : "update",
      resource,
      before: old,
      after: resource,
      properties,
      replacedBy,
      deleteFirst: replacedBy.length > 0 && (resource.options.deleteBeforeReplace ?? deletesFirst(old, resource)),
    });
  }
  const kept = new Set(matched.values());
  const deletions = before
    .filter((resource) => !kept.has(resource))
    .map((resource): Change => ({ action: "delete", resource, before: resource, properties: [], replacedBy: [], deleteFirst: false }));
  // A component is only a name for what is in it.
  return [...changes.values(), ...deletions].filter(({ resource }) => !isComponent(resource));
}

/** A component has no provider: nothing is done for itself. */
export const isComponent = ({ type }: Resource) =>
  !/^(aws|aws-native|command|docker|docker-build|random|tls|time|null|pulumi-nodejs):/.test(type);

function changedProperties(
  old: Resource,
  oldNames: PhysicalNames,
  resource: Resource,
  names: PhysicalNames,
  replaced: Map<string, Resource>,
  updated: Map<string, Resource>,
): ChangedProperty[] {
  const { ignoreChanges } = resource.options;
  const keys = [...new Set([...Object.keys(old.inputs), ...Object.keys(resource.inputs)])].sort();
  return keys.flatMap((key): ChangedProperty[] => {
    if (ignoreChanges.some((path) => isBelow(key, path))) return [];
    const [was, is] = [oldNames.readable(old, key), names.readable(resource, key)];
    const text = JSON.stringify(is) ?? "";
    const own = JSON.stringify(was) === text ? [] : diff(was, is, key).filter(({ path }) => !ignoreChanges.some((i) => isBelow(path, i)));
    if (own.length > 0) return own;
    const because = namedIn(is).find((who) => replaced.has(who) || (updated.has(who) && namesOutputOf(updated.get(who)!, who, text)));
    return because === undefined ? [] : [{ path: key, before: is, after: is, because }];
  });
}

/** Outputs that an update in place changes. */
const CHANGED_BY_UPDATE: Record<string, string[]> = {
  "docker-build:index:Image": ["digest", "ref", "contextHash"],
};

const namesOutputOf = ({ type }: Resource, who: string, text: string) =>
  (CHANGED_BY_UPDATE[type] ?? []).some((output) => text.includes(`⟦${who}⟧.${output}`)) ||
  // A launch template's version is a number, which names nobody; whoever names the template and a number has its newest version.
  (type === "aws:ec2/launchTemplate:LaunchTemplate" && /"version":"?\d/.test(text));

/** Each resource after its parent and after all that it depends on. */
export function inDependencyOrder(resources: Resource[]): Resource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const done = new Set<Resource>();
  const visit = (resource: Resource): void => {
    if (done.has(resource)) return;
    done.add(resource);
    for (const urn of needs(resource)) {
      const needed = byUrn.get(urn);
      if (needed) visit(needed);
    }
    order.push(resource);
  };
  const order: Resource[] = [];
  for (const resource of resources) visit(resource);
  return order;
}

/** The URNs that a resource waits for. */
export const needs = ({ parent, dependencies, propertyDependencies, provider, options }: Resource): string[] => [
  ...(parent === null ? [] : [parent]),
  ...dependencies,
  ...Object.values(propertyDependencies).flat(),
  ...(provider ? [provider.slice(0, provider.lastIndexOf("::"))] : []),
  ...(options.deletedWith ? [options.deletedWith] : []),
];

export { isMap, type Json, pathParts };
