// Builders for recorded graphs. A reference is written as one (`id(vpc)`), and becomes what the planner records: a made-up value and a dependency.
// In the mode "unknown" it becomes what a preview knows: that there is a value, and on what it depends.
import type { JsonObject, Resource } from "../../facts/graph";
import { NO_OPTIONS } from "../../facts/graph";
import type { RecordedStack } from "../../policy/graph/recorded";

export type Mode = "known" | "unknown";
export type Inputs = Record<string, unknown>;

/** A resource of a graph under construction. */
export interface Node {
  type: string;
  name: string;
  inputs: Inputs;
  dependsOn: Node[];
  ignoreChanges: string[];
  deleteBeforeReplace?: boolean;
}

/** The id, ARN or another output of a resource; several make an interpolated text. */
class Ref {
  constructor(
    readonly to: readonly Node[],
    readonly value: string,
  ) {}
}

/** A JSON document with references in it. */
class Document {
  constructor(readonly value: unknown) {}
}

export const make = (type: string, name: string, inputs: Inputs = {}): Node => ({ type, name, inputs, dependsOn: [], ignoreChanges: [] });
export const id = (of: Node) => new Ref([of], `${of.name}-id`);
export const arn = (of: Node) => new Ref([of], arnOf(of));
export const nameOf = (of: Node) => new Ref([of], `${of.name}-0123456`);
/** A text made of outputs, as `pulumi.interpolate` makes it. */
export const text = (value: string, ...to: Node[]) => new Ref(to, value);
export const json = (value: unknown) => new Document(value);
export const urnOf = (n: Node) => `urn:pulumi:prod::shop::${n.type}::${n.name}`;
/** The services whose ARNs say what the resource is, where a rule reads that. */
const NAMED_IN_ARN = ["acm", "iam", "kms"];
export const arnOf = (n: Node) => {
  const [service = "", kind = ""] = n.type.split(":")[1]!.split("/");
  return `arn:aws:${service}:${service === "iam" ? "" : "eu-west-1"}:123456789012:${NAMED_IN_ARN.includes(service) ? `${kind}/` : ""}${n.name}`;
};

/** The recording of these resources and of all that they refer to. */
export function record(nodes: readonly Node[], mode: Mode = "known", invokes: RecordedStack["invokes"] = []): RecordedStack {
  const all = new Set<Node>();
  const collect = (n: Node) => {
    if (all.has(n)) return;
    all.add(n);
    for (const d of [...n.dependsOn, ...Object.values(n.inputs).flatMap(referencesIn)]) collect(d);
  };
  nodes.forEach(collect);
  return { resources: [...all].map((n) => recordOne(n, mode)), invokes };
}

function recordOne(n: Node, mode: Mode): Resource {
  const on = Object.fromEntries(Object.entries(n.inputs).map(([k, v]) => [k, [...new Set(referencesIn(v).map(urnOf))]]));
  const propertyDependencies = Object.fromEntries(Object.entries(on).filter(([, urns]) => urns.length > 0));
  return {
    urn: urnOf(n),
    type: n.type,
    name: n.name,
    parent: null,
    inputs: resolve(n.inputs, mode) as JsonObject,
    dependencies: [...new Set([...n.dependsOn.map(urnOf), ...Object.values(propertyDependencies).flat()])],
    propertyDependencies,
    options: { ...NO_OPTIONS, ignoreChanges: n.ignoreChanges, deleteBeforeReplace: n.deleteBeforeReplace ?? null },
  };
}

function referencesIn(value: unknown): Node[] {
  if (value instanceof Ref) return [...value.to];
  if (value instanceof Document) return referencesIn(value.value);
  if (value !== null && typeof value === "object") return Object.values(value).flatMap(referencesIn);
  return [];
}

function resolve(value: unknown, mode: Mode): unknown {
  if (value instanceof Ref) return mode === "known" ? value.value : "[unknown]";
  if (value instanceof Document) {
    const unknown = mode === "unknown" && referencesIn(value).length > 0;
    return unknown ? "[unknown]" : JSON.stringify(resolve(value.value, mode));
  }
  if (Array.isArray(value)) return value.map((v) => resolve(v, mode));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).flatMap(([k, v]) => (v === undefined ? [] : [[k, resolve(v, mode)]])));
  }
  return value;
}
