import type { Json, Resource } from "../../../facts/graph";
import type { Location } from "../../record/region";
import { diff, isBelow, isMap, type PropertyChange } from "../diff";
import { isSent } from "../provider";
import { deletesFirst, isRegional, REPLACE_WITH, replacing, TRIGGER } from "../replacement";
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
  /** The replacement that it must make room for: what is bound to a thing that is deleted first goes before it. */
  makesRoomFor?: Change;
}

export interface ChangedProperty extends PropertyChange {
  /** The resource whose replacement or update changes it, where the program's own value stays the same. */
  because?: string;
}

/** The names of one and the same resource in two graphs. */
export interface Identities {
  /** Which resource of the later graph was which of the earlier. */
  matched: Map<Resource, Resource>;
  /** What an old resource is called now. */
  keyNow: (old: Resource) => string;
  names: PhysicalNames;
  oldNames: PhysicalNames;
  /** The regions of the two graphs. */
  regions: [then: string, now: string];
}

/** Which resource of the later graph is which of the earlier, and what their inputs say without the values that the planner makes up. */
export function identify(before: Resource[], after: Resource[], place: Location, oldPlace = place): Identities {
  const matched = matchResources(before, after);
  const nowOf = new Map([...matched].map(([now, old]) => [old, now]));
  const keyNow = (old: Resource) => keyOf((nowOf.get(old) ?? old).urn);
  const isRenamed = before.some((old) => keyNow(old) !== keyOf(old.urn));
  return {
    matched,
    keyNow,
    names: PhysicalNames.of(after, place),
    oldNames: isRenamed ? PhysicalNames.under(before, oldPlace, keyNow) : PhysicalNames.of(before, oldPlace),
    regions: [oldPlace.region, place.region],
  };
}

/** What the engine decides for each resource, in an order in which each stands after what it depends on. */
export function changesOf(before: Resource[], after: Resource[], identities: Identities): Change[] {
  const changes = new Map<string, Change>();
  for (const resource of inDependencyOrder(after)) {
    // A component is only a name for what is in it.
    if (isComponent(resource)) continue;
    const old = identities.matched.get(resource);
    const change = old ? changeOf(old, resource, identities, changes) : creation(resource);
    if (change) changes.set(keyOf(resource.urn), change);
  }
  const kept = new Set(identities.matched.values());
  const deletions = before
    .filter((resource) => !kept.has(resource) && !isComponent(resource))
    .map((resource): Change => ({ action: "delete", resource, before: resource, properties: [], replacedBy: [], deleteFirst: false }));
  return [...changes.values(), ...deletions];
}

/** What a stack consists of that does not exist yet. */
export const creationsOf = (resources: Resource[]): Change[] => resources.filter((resource) => !isComponent(resource)).map(creation);

function creation(resource: Resource): Change {
  return { action: "create", resource, after: resource, properties: [], replacedBy: [], deleteFirst: false };
}

function changeOf(old: Resource, resource: Resource, identities: Identities, changes: Map<string, Change>): Change | undefined {
  const properties = changedProperties(old, resource, identities, changes);
  if (properties.length === 0) return undefined;
  const common = { resource, before: old, after: resource, properties };
  const replacedBy = replacing(
    old,
    resource,
    properties.map(({ path }) => path),
  );
  if (replacedBy.length === 0) return { action: "update", ...common, replacedBy, deleteFirst: false };
  const cause = properties.find(({ path, because }) => because !== undefined && replacedBy.includes(path))?.because;
  const room = cause === undefined ? undefined : changes.get(cause);
  const bound = room?.deleteFirst ? { makesRoomFor: room } : {};
  const deleteFirst = room?.deleteFirst || (resource.options.deleteBeforeReplace ?? deletesFirst(old, resource));
  return { action: "replace", ...common, replacedBy, deleteFirst, ...bound };
}

function changedProperties(old: Resource, resource: Resource, identities: Identities, changes: Map<string, Change>): ChangedProperty[] {
  const { names, oldNames } = identities;
  const [was, is] = [oldNames.inputs(old), names.inputs(resource)];
  const { ignoreChanges, replacementTrigger, replaceWith = [] } = resource.options;
  const ignored = (path: string) => ignoreChanges.some((one) => isBelow(path, one));
  const compared = (key: string, then: Json | undefined, now: Json | undefined): ChangedProperty[] => {
    const text = JSON.stringify(now);
    const own = JSON.stringify(then) === text ? [] : diff(then, now, key).filter((one) => !ignored(one.path) && isSent(old, resource, one));
    if (own.length > 0) return own;
    const derivedFrom = (resource.propertyDependencies[key] ?? []).map(keyOf);
    return leavesOf(now, key).flatMap(({ path, text: leaf }) => {
      const because = DIGEST.test(leaf)
        ? derivedFrom.find((who) => changes.get(who)?.action === "replace")
        : namedIn(leaf).find((who) => changesOutputs(changes.get(who), who, text ?? ""));
      return because === undefined || ignored(path) ? [] : [{ path, before: leaf, after: leaf, because }];
    });
  };
  const anywhere = (all: PhysicalNames, value: Json | undefined) => (value === undefined ? undefined : all.readable(value));
  const triggers = [anywhere(oldNames, old.options.replacementTrigger), anywhere(names, replacementTrigger)];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort().filter((key) => !ignored(key));
  const cause = replaceWith.map(keyOf).find((key) => changes.get(key)?.action === "replace");
  const [then, now] = identities.regions;
  const isMoved = then !== now && isRegional(resource.type) && [old, resource].every(({ inputs }) => inputs.region === undefined);
  return [
    ...keys.flatMap((key) => compared(key, was[key], is[key])),
    ...(isMoved ? [{ path: "region", before: then, after: now }] : []),
    // A trigger that comes or goes triggers nothing.
    ...(triggers.every((value) => value !== undefined) ? compared(TRIGGER, triggers[0], triggers[1]) : []),
    ...(cause === undefined ? [] : [{ path: REPLACE_WITH, before: undefined, after: undefined, because: cause }]),
  ];
}

/** A digest names nobody, and changes with whatever it is made of. */
const DIGEST = /^[0-9a-f]{8,128}$/;

/** The texts in a value, with their paths. */
function leavesOf(value: Json | undefined, path: string): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
  return isMap(value) ? Object.entries(value).flatMap(([key, item]) => leavesOf(item, `${path}.${key}`)) : [];
}

/** Outputs that an update in place changes. */
const CHANGED_BY_UPDATE: Record<string, string[]> = {
  "docker-build:index:Image": ["digest", "ref", "contextHash"],
};

/** Whether a change brings other values to those who name the resource. */
function changesOutputs(change: Change | undefined, who: string, text: string): boolean {
  if (change?.action === "replace") return true;
  if (change?.action !== "update") return false;
  const { type } = change.resource;
  return (
    (CHANGED_BY_UPDATE[type] ?? []).some((output) => text.includes(`⟦${who}⟧.${output}`)) ||
    // A launch template's version is a number, which names nobody; whoever names the template and a number has its newest version.
    (type === "aws:ec2/launchTemplate:LaunchTemplate" && /"version":"?\d/.test(text))
  );
}

/** A component has no provider: nothing is done for itself. */
export const isComponent = ({ type }: Resource) =>
  type === "pulumi:pulumi:Stack" || !/^(aws|aws-native|command|docker|docker-build|random|tls|time|null|pulumi-nodejs|pulumi):/.test(type);

/** Each resource after its parent and after all that it depends on. */
export function inDependencyOrder(resources: Resource[]): Resource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const seen = new Set<Resource>();
  const order: Resource[] = [];
  const visit = (resource: Resource): void => {
    if (seen.has(resource)) return;
    seen.add(resource);
    for (const urn of needs(resource)) {
      const needed = byUrn.get(urn);
      if (needed) visit(needed);
    }
    order.push(resource);
  };
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
  ...(options.replaceWith ?? []),
];
