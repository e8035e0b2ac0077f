import { readdirSync } from "node:fs";
import { join } from "node:path";
import "../../components"; // Loaded once, before the recordings, which would load them each time.
import type { RecordedResource } from "../../facts/graph";
import { loadProject, type ProjectOptions } from "../../plan/project/project";
import { record } from "../../plan/record/record";
import { REPOSITORY, TEMPLATE } from "./places";

const EXAMPLES = join(REPOSITORY, "examples");

const examples = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const variants: [stack: string, config?: string[]][] = [
  ["dev"],
  ["prod"],
  ["ec2"],
  ["ec2", ["compute=managed-instances"]],
  ["prod", ["encryption=own", "network.nat=none", "network.endpoints=private"]],
  ["prod", ["loadBalancer.waf=true"]],
  ["dev", ["services.api.calls[0]=web", "service.connect=true", "service.dns=true"]],
  ["dev", ["tasks.report.schedule=rate(1 day)", "tasks.report.command[0]=node"]],
];

let all: Promise<RecordedResource[][]> | undefined;

/** The resources of every stack of the template, of the variants that have parts of their own, and of every example. */
export function everyGraph(): Promise<RecordedResource[][]> {
  all ??= recordAll();
  return all;
}

async function recordAll(): Promise<RecordedResource[][]> {
  const projects: ProjectOptions[] = [
    ...variants.map(([stack, config = []]) => ({ cwd: TEMPLATE, stack, config, configPath: true })),
    ...examples.map((name) => ({ cwd: join(EXAMPLES, name) })),
  ];
  const graphs: RecordedResource[][] = [];
  // One after the other: a recording has the process to itself.
  for (const options of projects) graphs.push((await record(loadProject(options))).known.resources);
  return graphs;
}
