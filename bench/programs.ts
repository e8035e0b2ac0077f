import * as path from "node:path";
import type { Project } from "../plan/project/project";
import { type Run, runProgram } from "./runner";

/** A program of bench/programs. */
export function sampleProgram(name: string): Project {
  const main = path.join(__dirname, "programs", name);
  return { name, stack: "dev", root: main, main, config: { "aws:region": "us-east-1" }, secretKeys: [], notes: [] };
}

/** Runs a program as `pulumi up` does; one that fails ends the benchmark with what it said. */
export async function measure(project: Project): Promise<Run> {
  const run = await runProgram(project, { dryRun: false });
  if (run.exitCode !== 0) throw new Error(`${project.name} ended with exit code ${run.exitCode}:\n${run.messages.join("\n")}`);
  return run;
}
