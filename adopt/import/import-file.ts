import type { RecordedResource } from "../../facts/graph";
import { keyOf } from "../../plan/update/order/match";
import type { Described } from "./described";
import { isImportable } from "./ids";

/** One entry of an import file. */
interface Entry {
  type: string;
  /** By which other entries refer to it; the program's own name is `logicalName`, which several may have. */
  name: string;
  logicalName: string;
  id?: string;
  parent?: string;
  component?: true;
  version?: string;
}

/** What `pulumi import --file` takes. */
export interface ImportFile {
  resources: Entry[];
}

/** The file that imports what is matched, with the components above it, as the program has them. `version` is that of the provider's package. */
export function importFile(planned: readonly RecordedResource[], matched: Map<string, Described>, version?: string): ImportFile {
  const imported = planned.filter(({ urn, type }) => matched.has(urn) && isImportable(type));
  const byUrn = new Map(planned.map((one) => [one.urn, one]));
  const above = (one: RecordedResource): RecordedResource[] => {
    const parent = one.parent === null ? undefined : byUrn.get(one.parent);
    return parent === undefined || parent.parent === null ? [] : [parent, ...above(parent)];
  };
  const wanted = new Set(imported.flatMap((one) => [one, ...above(one)]));
  return { resources: planned.filter((one) => wanted.has(one)).map((one) => entry(one, above(one)[0], matched.get(one.urn), version)) };
}

const entry = (one: RecordedResource, parent: RecordedResource | undefined, its: Described | undefined, version?: string): Entry => ({
  type: one.type,
  name: keyOf(one.urn),
  logicalName: one.name,
  ...(parent && { parent: keyOf(parent.urn) }),
  ...(its ? { id: its.id, ...(version !== undefined && { version }) } : { component: true }),
});
