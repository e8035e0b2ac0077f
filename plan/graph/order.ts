import type { RecordedResource } from "../../facts/graph";

/**
 * The resources as a tree written down: each after its parent, siblings in the order of the program's lines. The order of registration will not do,
 * for it depends on what was awaited first.
 */
export function inTreeOrder(resources: RecordedResource[]): RecordedResource[] {
  const children = byParent(resources);
  const below = (parent: string | null): RecordedResource[] =>
    (children.get(parent) ?? []).sort(bySource).flatMap((resource) => [resource, ...below(resource.urn)]);
  return below(null);
}

/** The children of each resource; those of null stand alone. */
export function byParent(resources: readonly RecordedResource[]): Map<string | null, RecordedResource[]> {
  const children = new Map<string | null, RecordedResource[]>();
  for (const resource of resources) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  return children;
}

const names = new Intl.Collator("en", { numeric: true });

function bySource(a: RecordedResource, b: RecordedResource): number {
  return names.compare(a.source ?? "", b.source ?? "") || names.compare(a.type, b.type) || names.compare(a.name, b.name);
}
