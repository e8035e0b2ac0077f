// What an update changes, in the picture of the architecture: the boxes that are new or changed, and those next to them.
import type { Resource } from "../../facts/graph";
import type { Comparison } from "../update/compare";
import { condense } from "./condense";
import { mermaid } from "./mermaid";
import { type Picture, pictureOf } from "./picture";

export type Mark = "added" | "changed" | "replaced";

/** The picture as Mermaid's flowchart; undefined where nothing that is drawn changes. */
export function pictureOfChanges(
  comparison: Pick<Comparison, "added" | "changed" | "services">,
  resources: readonly Resource[],
): string | undefined {
  const marks = marksOf(comparison);
  const picture = around(pictureOf(resources), marks);
  return picture.nodes.length === 0 ? undefined : mermaid(condense(picture), marks);
}

function marksOf({ added, changed, services }: Pick<Comparison, "added" | "changed" | "services">): Map<string, Mark> {
  const effects = services.filter(({ effect }) => effect === "rolls" || effect === "in place");
  return new Map<string, Mark>([
    // A service rolls out whatever has changed in its task.
    ...effects.map(({ service }): [string, Mark] => [service, "changed"]),
    ...changed.map(({ urn, effect }): [string, Mark] => [urn, effect === "replaced" ? "replaced" : "changed"]),
    ...added.map(({ urn }): [string, Mark] => [urn, "added"]),
  ]);
}

function around({ nodes, edges, groups }: Picture, marks: Map<string, Mark>): Picture {
  const drawn = new Set(nodes.map(({ id }) => id).filter((id) => marks.has(id)));
  const near = edges.filter(({ from, to }) => drawn.has(from) || drawn.has(to));
  const shown = new Set([...drawn, ...near.flatMap(({ from, to }) => [from, to])]);
  const kept = nodes.filter(({ id }) => shown.has(id));
  const frames = new Map(groups.map((group) => [group.id, group]));
  const used = new Set<string>();
  for (const { group } of kept) for (let id = group; id !== undefined; id = frames.get(id)?.parent) used.add(id);
  return { nodes: kept, edges: near, groups: groups.filter(({ id }) => used.has(id)) };
}
