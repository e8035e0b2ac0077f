import type { Json, Resource } from "../../facts/graph";
import { parseUrn } from "../../facts/urn";
import { cents } from "../cost/amounts";
import type { Plan } from "../plan-json";
import { computeState } from "../record/mocks";
import { placeIn } from "../record/region";
import { effectOf, isStateful, replacing } from "./replacement";

/** One input that differs. Absent is undefined. */
export interface PropertyChange {
  path: string;
  before: Json | undefined;
  after: Json | undefined;
}

export interface ResourceChange {
  urn: string;
  type: string;
  name: string;
  properties: PropertyChange[];
  /** What AWS does to it, if it cannot change in place. */
  replaced?: string;
  stateful: boolean;
}

export interface Comparison {
  before: { project: string; stack: string };
  after: { project: string; stack: string };
  added: Pick<Resource, "urn" | "type" | "name">[];
  removed: (Pick<Resource, "urn" | "type" | "name"> & { stateful: boolean })[];
  changed: ResourceChange[];
  cost: { before: number; after: number; difference: number; currency: string };
  /** Services whose modelled rollout differs; null where there is none. */
  rollout: { service: string; before: number | null; after: number | null }[];
}

/** What differs between two plans: of one stack before and after a change, or of two stacks. */
export function compare(before: Plan, after: Plan): Comparison {
  const [oldNames, names] = [namesOf(before), namesOf(after)];
  const old = new Map(before.resources.map((resource) => [keyOf(resource.urn), resource]));
  const matched = new Set<string>();
  const added: Comparison["added"] = [];
  const changed: ResourceChange[] = [];
  for (const resource of after.resources) {
    const key = [resource.urn, ...resource.options.aliases].map(keyOf).find((candidate) => old.has(candidate));
    const previous = key === undefined ? undefined : old.get(key);
    if (previous === undefined || key === undefined) {
      added.push(brief(resource));
      continue;
    }
    matched.add(key);
    const change = changeOf(previous, before.stack, resource, after.stack);
    if (change) changed.push({ ...change, properties: change.properties.map((one) => named(one, oldNames, names)) });
  }
  changed.push(...cascade(after, changed, new Set(added.map(({ urn }) => urn))));
  const removed = [...old]
    .filter(([key]) => !matched.has(key))
    .map(([, resource]) => ({ ...brief(resource), stateful: isStateful(resource.type) }));
  return {
    before: { project: before.project, stack: before.stack },
    after: { project: after.project, stack: after.stack },
    added,
    removed,
    changed,
    cost: {
      before: before.cost.monthlyIdle,
      after: after.cost.monthlyIdle,
      difference: cents(after.cost.monthlyIdle - before.cost.monthlyIdle),
      currency: after.cost.currency,
    },
    rollout: rolloutChanges(before, after),
  };
}

/** A URN without its stack and project, which differ between the stacks of one program. The stack itself has no name of its own then. */
function keyOf(urn: string): string {
  const { qualifiedType, name } = parseUrn(urn);
  return qualifiedType === "pulumi:pulumi:Stack" ? qualifiedType : `${qualifiedType}::${name}`;
}

function brief({ urn, type, name }: Resource): Pick<Resource, "urn" | "type" | "name"> {
  return { urn, type, name };
}

function changeOf(old: Resource, oldStack: string, resource: Resource, stack: string): ResourceChange | undefined {
  const properties = [...diff(old.inputs, resource.inputs, ""), ...optionChanges(old, resource)].filter(
    ({ before, after }) => comparable(before, oldStack) !== comparable(after, stack),
  );
  if (properties.length === 0) return undefined;
  // Between two stacks nothing is replaced: both are there.
  const isReplaced =
    stack === oldStack &&
    replacing(
      old,
      resource,
      properties.map(({ path }) => path),
    ).length > 0;
  const replaced = isReplaced ? effectOf(resource.type) : undefined;
  return { ...brief(resource), properties, ...(replaced === undefined ? {} : { replaced }), stateful: isStateful(resource.type) };
}

/** What is made anew because something it is bound to is: the listener of a load balancer. */
function cascade(after: Plan, changed: ResourceChange[], added: Set<string>): ResourceChange[] {
  const replaced = new Map(changed.filter((change) => change.replaced !== undefined).map(({ urn, name }) => [urn, name]));
  const followers: ResourceChange[] = [];
  for (let before = -1; before !== followers.length; ) {
    before = followers.length;
    for (const resource of after.resources) {
      if (replaced.has(resource.urn) || added.has(resource.urn)) continue;
      const [bound] = Object.entries(resource.propertyDependencies).flatMap(([path, urns]) => {
        const cause = urns.find((urn) => replaced.has(urn));
        const isForced = cause !== undefined && replacing(resource, resource, [path]).length > 0;
        return isForced ? [{ path, effect: effectOf(resource.type), cause: replaced.get(cause) }] : [];
      });
      if (!bound) continue;
      replaced.set(resource.urn, resource.name);
      const property = { path: bound.path, before: `<${bound.cause}>`, after: `<${bound.cause}, made anew>` };
      followers.push({ ...brief(resource), properties: [property], replaced: bound.effect, stateful: isStateful(resource.type) });
    }
  }
  // One that changes anyway is in the list already; it only turns out to be replaced.
  return followers.filter((follower) => {
    const own = changed.find(({ urn }) => urn === follower.urn);
    if (own) Object.assign(own, { replaced: follower.replaced, properties: [...own.properties, ...follower.properties] });
    return !own;
  });
}

/** True if a deploy of this would replace or remove what holds data, or an address that others know. */
export function endangersState({ changed, removed }: Comparison): boolean {
  return changed.some(({ replaced, stateful }) => replaced !== undefined && stateful) || removed.some(({ stateful }) => stateful);
}

/** Of the options, protection decides what a deploy may do; the others only say how. */
function optionChanges(old: Resource, resource: Resource): PropertyChange[] {
  const [before, after] = [old.options.protect, resource.options.protect];
  return before === after ? [] : [{ path: "protect", before, after }];
}

function diff(before: Json | undefined, after: Json | undefined, path: string): PropertyChange[] {
  const [a, b] = [unpack(before), unpack(after)];
  if (isMap(a) && isMap(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return keys.flatMap((key) => diff(a[key], b[key], path === "" ? key : `${path}.${key}`));
  }
  // A list in another order or of another length is one change; entry by entry it would read as many.
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return a.flatMap((item, index) => diff(item, b[index], `${path}[${index}]`));
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ path, before: a, after: b }];
}

/** JSON in a string (container definitions, IAM policies) is compared by what it says. */
function unpack(value: Json | undefined): Json | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/**
 * A value without what the planner made up: ids, ARNs' hashes and generated names follow from the URN, and the stack's own name is everywhere. Two
 * values that differ in nothing else say the same.
 */
function comparable(value: Json | undefined, stack: string): string {
  const made = (JSON.stringify(value) ?? "")
    .replace(/\b([a-z]+)-0[0-9a-f]{16}\b/g, "$1-*")
    .replace(/\bsha256:[0-9a-f]{64}\b/g, "sha256:*")
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "*")
    .replace(/\/[0-9a-f]{16}\b/g, "/*")
    .replace(/-[0-9a-f]{7}(-\d{6,10}(?=\.))?(?![0-9a-z])/g, "-*")
    .replace(/\bZ[0-9A-F]{13}\b/g, "Z*");
  return made.replace(new RegExp(`(?<![A-Za-z0-9])${escapeRegExp(stack)}(?![A-Za-z0-9])`, "g"), "<stack>");
}

/** The ids, ARNs and generated names of a plan's resources, by what they are called in the program. */
function namesOf({ resources, cost }: Plan): Map<string, string> {
  const place = placeIn(cost.region);
  const names = new Map<string, string>();
  for (const { urn, type, name, inputs } of resources) {
    const { id, state } = computeState({ urn, type, name, inputs, place });
    for (const value of [id, state.arn, state.name]) {
      if (typeof value === "string" && !Object.values(inputs).includes(value)) names.set(value, `<${name}>`);
    }
  }
  return names;
}

/** A change in which resources are called by name: `<net-public-1>` says more than an id that the planner made up. */
function named({ path, before, after }: PropertyChange, oldNames: Map<string, string>, names: Map<string, string>): PropertyChange {
  return { path, before: rename(before, oldNames), after: rename(after, names) };
}

function rename(value: Json | undefined, names: Map<string, string>): Json | undefined {
  if (typeof value === "string") return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => rename(item, names) ?? null);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item, names) ?? null])) : value;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function rolloutChanges(before: Plan, after: Plan): Comparison["rollout"] {
  const seconds = (plan: Plan) => new Map(plan.rollout.map((rollout) => [keyOf(rollout.service), rollout.seconds]));
  const [old, now] = [seconds(before), seconds(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((key) => old.get(key) !== now.get(key))
    .map((key) => ({ service: key.split("::").pop() ?? key, before: old.get(key) ?? null, after: now.get(key) ?? null }));
}
