import type { Json, Resource } from "../../facts/graph";
import { SERVICE } from "../../facts/types";
import { cents, pricedAs } from "../cost/amounts";
import type { Finding, JSON_VERSION, Plan, Undecided, UpdateTime } from "../plan-json";
import { locationIn } from "../record/region";
import { isMap, type PropertyChange } from "./diff";
import { type Change, changesOf, identify } from "./order/changes";
import { keyOf } from "./order/match";
import { type Stage, stagesOf } from "./order/stages";
import { timeOf } from "./order/time";
import { effectOf, isServing, isStateful } from "./replacement";
import { adviceFor } from "./serving/advice";
import type { Hazard } from "./serving/hazard";
import { hazardsOf } from "./serving/hazards";
import { Update } from "./serving/update";
import { sharedListeners } from "./shared-listeners";

export type { PropertyChange } from "./diff";

type Named = Pick<Resource, "urn" | "type" | "name">;

export interface ResourceChange extends Named {
  properties: PropertyChange[];
  /** `rolls`: the service starts a deployment. Between two stacks nothing is replaced: both are there. */
  effect: "in place" | "rolls" | "replaced";
  /** The properties that make a new resource of it; empty where it changes in place. */
  replacedBy: string[];
  /** What the replacement does; absent where it changes in place. */
  replaced?: string;
  stateful: boolean;
}

/** What the update does to a service, beside its own properties. */
export interface ServiceEffect {
  service: string;
  effect: "stays" | "in place" | "rolls" | "replaced" | "created" | "deleted";
  /** The property that starts the deployment. */
  because?: string;
  /** Whether the update waits for that deployment, and fails with it. */
  followed?: boolean;
}

/** A hazard with what can be done about it. */
export interface Warning extends Hazard {
  advice: string;
}

export interface Comparison {
  before: { project: string; stack: string };
  after: { project: string; stack: string };
  added: Named[];
  removed: (Named & { stateful: boolean })[];
  changed: ResourceChange[];
  /** What an update of one stack does; of two stacks, what their rules on one listener are to each other. */
  warnings: Warning[];
  /** The rest is about one stack, and empty or null where two are compared. */
  services: ServiceEffect[];
  order: Stage[];
  time: UpdateTime | null;
  cost: { before: number; after: number; difference: number; currency: string /** Of the later plan. */; pricedAs: string };
  /** What the rules say of the later plan alone, and what they said of the earlier alone. */
  findings: { added: Finding[]; gone: Finding[] };
  /** Services whose modelled rollout differs; null where there is none. */
  rollout: { service: string; before: number | null; after: number | null }[];
}

/** What `berth plan --json` prints of a comparison. */
export interface ComparisonJson extends Omit<Comparison, "findings"> {
  version: typeof JSON_VERSION;
  /** Those of the later plan. */
  findings: Finding[];
  /** Those that the earlier plan has not. */
  newFindings: Finding[];
  /** Those that only the earlier plan has. */
  goneFindings: Finding[];
  undecided: Undecided[];
}

/** Whether these are plans of one stack, before and after a change. */
export const isOneStack = ({ before, after }: Pick<Comparison, "before" | "after">) =>
  before.project === after.project && before.stack === after.stack;

/** What differs between two plans: of one stack before and after a change, or of two stacks. */
export function compare(before: Plan, after: Plan): Comparison {
  const place = locationIn(after.cost.region);
  const update = isOneStack({ before, after })
    ? new Update(before.resources, after.resources, place, locationIn(before.cost.region))
    : undefined;
  const changes = update?.changes ?? changesOf(before.resources, after.resources, identify(before.resources, after.resources, place));
  return {
    before: { project: before.project, stack: before.stack },
    after: { project: after.project, stack: after.stack },
    added: changes.filter(({ action }) => action === "create").map(({ resource }) => brief(resource)),
    removed: changes
      .filter(({ action }) => action === "delete")
      .map(({ resource }) => ({ ...brief(resource), stateful: isStateful(resource.type) })),
    changed: changedResources(changes, [before.stack, after.stack], update),
    services: update ? servicesOf(update) : [],
    warnings: update ? hazardsOf(update).map((one) => ({ ...one, advice: adviceFor(one) })) : sharedListeners(before, after),
    order: update ? stagesOf(update.order) : [],
    time: update ? timeOf(update.order, after.rollout) : null,
    cost: {
      before: before.cost.monthlyIdle,
      after: after.cost.monthlyIdle,
      difference: cents(after.cost.monthlyIdle - before.cost.monthlyIdle),
      currency: after.cost.currency,
      pricedAs: pricedAs(after.cost).trim(),
    },
    findings: { added: onlyIn(after, before), gone: onlyIn(before, after) },
    rollout: rolloutChanges(before, after),
  };
}

/** What differs of the resources that are there already, by changes of two graphs. */
export function changedResources(changes: Change[], stacks: [before: string, after: string], update?: Update): ResourceChange[] {
  const causes = new Map(changes.map((change) => [keyOf(change.resource.urn), change]));
  return changes.flatMap((change) => changedResource(change, causes, stacks, update));
}

/** The findings of one plan that another has not: of the same rule, on the same resource. A plan of an earlier version may have none at all. */
function onlyIn({ findings = [] }: Partial<Plan>, other: Partial<Plan>): Finding[] {
  // What is wrong with the stack as a whole has no URN.
  const keyed = ({ rule, urn }: Finding) => `${rule} ${urn && keyOf(urn)}`;
  const there = new Set((other.findings ?? []).map(keyed));
  return findings.filter((finding) => !there.has(keyed(finding)));
}

const brief = ({ urn, type, name }: Resource): Named => ({ urn, type, name });

function changedResource(
  change: Change,
  causes: Map<string, Change>,
  [before, after]: [string, string],
  update: Update | undefined,
): ResourceChange[] {
  const { action, resource, replacedBy } = change;
  if (action === "create" || action === "delete") return [];
  const shown = change.properties
    .filter((one) => update !== undefined || comparable(one.before, before) !== comparable(one.after, after))
    .map((one) => (one.because === undefined ? one : caused(one.path, one.because, causes)))
    .map(({ path, before: then, after: now }) => ({ path, before: readable(then), after: readable(now) }));
  if (shown.length === 0) return [];
  const isReplaced = update !== undefined && action === "replace";
  const rolls = update?.deploymentOf(resource) !== undefined;
  return [
    {
      ...brief(resource),
      properties: shown,
      effect: isReplaced ? "replaced" : rolls ? "rolls" : "in place",
      replacedBy: isReplaced ? replacedBy : [],
      ...(isReplaced && { replaced: effectOf(resource.type) }),
      stateful: isStateful(resource.type) || isServing(resource.type),
    },
  ];
}

/** True if a deploy of this would replace or remove what serves or holds data, interrupt it, or be refused. */
export function endangersState({ changed, removed, warnings }: Comparison): boolean {
  return (
    changed.some(({ effect, stateful }) => effect === "replaced" && stateful) ||
    removed.some(({ stateful }) => stateful) ||
    warnings.some(({ kind }) => kind === "refused" || kind === "traffic")
  );
}

function servicesOf(update: Update): ServiceEffect[] {
  const effects = update.after
    .filter(({ type }) => type === SERVICE)
    .map((service): ServiceEffect => {
      const change = update.changeOf(service);
      if (change?.action === "create") return { service: service.urn, effect: "created" };
      if (change?.action === "replace") return { service: service.urn, effect: "replaced" };
      const because = update.deploymentOf(service);
      if (because === undefined) return { service: service.urn, effect: change ? "in place" : "stays" };
      return { service: service.urn, effect: "rolls", because, followed: update.followerOf(service) !== undefined };
    });
  const deleted = update.changes.filter(({ action, resource }) => action === "delete" && resource.type === SERVICE);
  return [...effects, ...deleted.map(({ resource }): ServiceEffect => ({ service: resource.urn, effect: "deleted" }))];
}

/** A property whose value is the same in the program, and another one once the resource that it names is. */
function caused(path: string, because: string, causes: Map<string, Change>): PropertyChange {
  const name = because.split("::").slice(1).join("::");
  const isReplaced = causes.get(because)?.action === "replace";
  return { path, before: `<${name}>`, after: `<${name}, ${isReplaced ? "replaced" : "changed"}>` };
}

/** A value in which resources are called by name: `<net-public-1>` says more than an id that the planner made up. */
function readable(value: Json | undefined): Json | undefined {
  if (typeof value === "string")
    return value.replace(/⟦([^⟧]+)⟧(\.[\w.]+)?/g, (_, who: string) => `<${who.split("::").slice(1).join("::")}>`);
  if (Array.isArray(value)) return value.map((item) => readable(item) ?? null);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item) ?? null])) : value;
}

/** A value without the stack's own name, which is everywhere. Two values that differ in nothing else say the same. */
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
