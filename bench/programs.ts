import * as path from "node:path";
import type { Project } from "../plan/project/project";
import { type Run, runProgram } from "./runner";

/** A program of bench/programs. */
export function sampleProgram(name: string): Project {
  const main = path.join(__dirname, "programs", name);
  return { name, stack: "dev", root: main, main, config: { "aws:region": "us-east-1" }, secretKeys: [], notes: [] };
}

/** Services by name as they stand in a stack file, each with a path of its own. */
export const servicesByName = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`service-${i + 1}`, { path: `/${i + 1}/*`, priority: i + 1 }]));

/** The template's program with a stack file that holds so many services. */
export function stackFile(count: number): Project {
  const { name, ...project } = sampleProgram("empty");
  const root = path.resolve(__dirname, "..");
  const config = {
    ...project.config,
    [`${name}:image`]: JSON.stringify({ imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0.0" }),
    [`${name}:services`]: JSON.stringify(servicesByName(count)),
  };
  return { ...project, name, root, main: root, config };
}

/** Runs a program as `pulumi up` does; one that fails ends the benchmark with what it said. */
export async function measure(project: Project): Promise<Run> {
  const run = await runProgram(project, { dryRun: false });
  if (run.exitCode !== 0) throw new Error(`${project.name} ended with exit code ${run.exitCode}:\n${run.messages.join("\n")}`);
  return run;
}
