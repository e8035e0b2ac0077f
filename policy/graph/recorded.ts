import { type PolicyResource, unknownCheckingProxy } from "@pulumi/policy";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { type Resource as RecordedResource, UNKNOWN } from "../../facts/graph";
import type { Recording } from "./graph";

/** What the rules read of a recording: the `resources`, `invokes` and `outputs` of `berth plan --json`. */
export interface RecordedStack extends Partial<Recording> {
  resources: readonly RecordedResource[];
}

/** Plain values as the engine gives them to a policy: reading one that is not known throws. */
export function guarded<V>(value: V): V {
  return unknownCheckingProxy(mark(value)) as V;
}

function mark(value: unknown): unknown {
  if (typeof value === "string") return value === UNKNOWN ? unknownValue : value;
  if (Array.isArray(value)) return value.map(mark);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, mark(v)]));
}

/** What a recording tells beyond the resources. */
export function recordingOf(stack: RecordedStack): Recording {
  return { invokes: stack.invokes, outputs: guarded(stack.outputs) };
}

/** The recorded resources in the shape in which the engine hands a stack to a policy. */
export function toPolicyResources(resources: readonly RecordedResource[]): PolicyResource[] {
  const byUrn = new Map<string, PolicyResource>();
  for (const r of resources) byUrn.set(r.urn, toPolicyResource(r));
  const all = (urns: readonly string[]) => urns.flatMap((u) => byUrn.get(u) ?? []);
  for (const r of resources) {
    const resource = byUrn.get(r.urn)!;
    resource.parent = r.parent ? byUrn.get(r.parent) : undefined;
    resource.dependencies = all(r.dependencies);
    resource.propertyDependencies = Object.fromEntries(Object.entries(r.propertyDependencies).map(([k, urns]) => [k, all(urns)]));
  }
  return [...byUrn.values()];
}

function toPolicyResource({ urn, type, name, inputs, options }: RecordedResource): PolicyResource {
  const props = guarded(inputs);
  return {
    urn,
    type,
    name,
    props,
    opts: {
      protect: options.protect,
      ignoreChanges: options.ignoreChanges,
      deleteBeforeReplace: options.deleteBeforeReplace ?? undefined,
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    dependencies: [],
    propertyDependencies: {},
    // The rules ask for types by name; these two are there for policies that ask by class.
    isType: (resourceClass) => "__pulumiType" in resourceClass && resourceClass.__pulumiType === type,
    asType: () => undefined,
  };
}
