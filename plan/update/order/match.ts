import type { Resource } from "../../../facts/graph";
import { parseUrn, STACK_TYPE } from "../../../facts/urn";

/** A URN without its stack and project, which differ between the stacks of one program. The stack itself has no name of its own then. */
export function keyOf(urn: string): string {
  const { qualifiedType, name } = parseUrn(urn);
  return qualifiedType === STACK_TYPE ? STACK_TYPE : `${qualifiedType}::${name}`;
}

/** Which resource of a graph was which of an earlier one: by its URN, else by an alias, else by an alias of a component above it. */
export function matchResources(before: Resource[], after: Resource[]): Map<Resource, Resource> {
  const old = new Map(before.map((resource) => [keyOf(resource.urn), resource]));
  const taken = new Set<Resource>();
  const matched = new Map<Resource, Resource>();
  const byUrn = new Map(after.map((resource) => [resource.urn, resource]));
  const find = (resource: Resource): void => {
    if (matched.has(resource)) return;
    const parent = resource.parent === null ? undefined : byUrn.get(resource.parent);
    if (parent) find(parent);
    const former = parent && matched.get(parent);
    const found = candidates(resource, parent, former)
      .map((key) => old.get(key))
      .find((candidate) => candidate !== undefined && !taken.has(candidate));
    if (!found) return;
    taken.add(found);
    matched.set(resource, found);
  };
  // Those that kept their URN come first: an alias never takes a resource that still has its own name.
  for (const resource of after) {
    const same = old.get(keyOf(resource.urn));
    if (same && !taken.has(same)) {
      taken.add(same);
      matched.set(resource, same);
    }
  }
  for (const resource of after) find(resource);
  return matched;
}

function candidates(resource: Resource, parent: Resource | undefined, former: Resource | undefined): string[] {
  const own = [resource.urn, ...resource.options.aliases].map(keyOf);
  if (!parent || !former || keyOf(parent.urn) === keyOf(former.urn)) return own;
  const [above, formerly] = [parseUrn(parent.urn), parseUrn(former.urn)];
  return own.flatMap((key) => {
    const [type = "", ...rest] = key.split("::");
    const name = rest.join("::");
    if (!type.startsWith(`${above.qualifiedType}$`)) return [key];
    // The engine follows a renamed component into the names of what is in it.
    const renamed = name.startsWith(above.name) ? formerly.name + name.slice(above.name.length) : name;
    return [key, `${formerly.qualifiedType}${type.slice(above.qualifiedType.length)}::${renamed}`];
  });
}
