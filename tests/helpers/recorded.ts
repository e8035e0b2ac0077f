// Stacks as an earlier version of Berth made them, recorded once: what a new version meets when it is taken into use.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import type { Resource } from "../../facts/graph";
import { locationIn } from "../../plan/record/region";
import { Update } from "../../plan/update/serving/update";
import { REPOSITORY } from "./places";

/** The commit whose components made them, before the second day was looked after. */
export const RECORDED = "6c70c03";

let graphs: Record<string, Resource[]> | undefined;

function all(): Record<string, Resource[]> {
  const file = join(REPOSITORY, "tests", "fixtures", "recorded", `${RECORDED}.json.br`);
  graphs ??= JSON.parse(brotliDecompressSync(readFileSync(file)).toString()) as Record<string, Resource[]>;
  return graphs;
}

/** The examples that there were. */
export const recordedExamples = () => Object.keys(all()).filter((name) => name.startsWith("examples/"));

/** A recorded graph by its name: `dev`, `dev | service.port=9000`, `examples/canary`. */
export function recorded(name: string): Resource[] {
  const graph = all()[name];
  if (!graph) throw new Error(`there is no recorded graph "${name}"; there are ${Object.keys(all()).join(", ")}`);
  return graph;
}

/** The update from one graph to another. */
export const updateOf = (before: Resource[], after: Resource[]) => new Update(before, after, locationIn("us-east-1"));
