import type { PolicyResource } from "@pulumi/policy";
import type { Resource } from "../../facts/graph";
import { guarded } from "../../facts/unknown";
import type { Recording } from "./graph";

/** What the rules read of a recording: the `resources`, `invokes` and `outputs` of `berth plan --json`. */
export interface RecordedStack extends Partial<Recording> {
  resources: readonly Resource[];
}

/** What a recording tells beyond the resources. */
export function recordingOf({ resources: _, outputs, ...more }: RecordedStack): Recording {
  return { ...more, outputs: guarded(outputs, undefined, "outputs") };
}

/** The recorded resources in the shape in which the engine hands a stack to a policy. */
export function toPolicyResources(resources: readonly Resource[]): PolicyResource[] {
  const byUrn = new Map<string, PolicyResource>();
  for (const r of resources) byUrn.set(r.urn, toPolicyResource(r));
  const all = (urns: readonly string[]) => urns.flatMap((u) => byUrn.get(u) ?? []);
  for (const r of resources) {
    const resource = byUrn.get(r.urn)!;
    // `<urn>::<id>`
    const provider = r.provider === undefined ? undefined : byUrn.get(r.provider.slice(0, r.provider.lastIndexOf("::")));
    if (provider) resource.provider = { type: provider.type, props: provider.props, urn: provider.urn, name: provider.name };
    resource.parent = r.parent ? byUrn.get(r.parent) : undefined;
    resource.dependencies = all(r.dependencies);
    resource.propertyDependencies = Object.fromEntries(Object.entries(r.propertyDependencies).map(([k, urns]) => [k, all(urns)]));
  }
  return [...byUrn.values()];
}

function toPolicyResource({ urn, type, name, inputs, options }: Resource): PolicyResource {
  return {
    urn,
    type,
    name,
    props: guarded(inputs, { urn, type, name }),
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
