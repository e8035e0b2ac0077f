import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import type { Graph } from "../facts/graph";
import { stackUrn } from "../facts/urn";
import type { Project } from "../plan/project/project";
import { Monitor } from "./monitor";

export interface Run {
  exitCode: number | null;
  /** From the start of the process to its last registration; 0 if there was none. */
  milliseconds: number;
  /** Peak resident memory of the process in MB; undefined where there is no /proc, and when the program failed. */
  peakMemory: number | undefined;
  /** What it registered and asked for. */
  graph: Graph;
  /** What the program logged as warning or error, and wrote on stderr. */
  messages: string[];
}

const runner = require.resolve("@pulumi/pulumi/cmd/run");

/** Runs a program as Pulumi's language host does: the real runner in a process of its own, against a monitor in this one. */
export async function runProgram(project: Project, options: { dryRun: boolean }): Promise<Run> {
  const monitor = new Monitor(project, options);
  const address = await monitor.start();
  try {
    const started = performance.now();
    const child = spawn(process.execPath, runnerArguments(project, address, options.dryRun), {
      cwd: locationOf(project).folder,
      env: { ...process.env, ...runnerEnvironment(project) },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let peakMemory: number | undefined;
    // The child waits for the answer, so this is its peak. getrusage would be wrong: Linux counts the memory of the process that spawned it, too.
    monitor.onFinished = () => {
      peakMemory = readPeakMemory(child.pid);
    };
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const exitCode = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    return {
      exitCode,
      milliseconds: (monitor.lastRegistration ?? started) - started,
      peakMemory,
      graph: monitor.recorder.graph(stackUrn(project.stack, project.name)),
      messages: stderr === "" ? monitor.messages : [...monitor.messages, stderr],
    };
  } finally {
    monitor.stop();
  }
}

/** Where the program runs, and what it is called there: Pulumi.yaml's `main` may name a folder or a file. */
function locationOf({ main }: Project): { folder: string; program: string } {
  return statSync(main).isFile() ? { folder: path.dirname(main), program: path.basename(main) } : { folder: main, program: "." };
}

function runnerArguments(project: Project, address: string, dryRun: boolean): string[] {
  const { name, stack, root } = project;
  const { folder, program } = locationOf(project);
  return [
    runner,
    ...["--monitor", address, "--engine", address],
    ...["--organization", "organization", "--project", name, "--stack", stack],
    ...["--root-directory", root, "--pwd", folder, "--parallel", "16"],
    ...(dryRun ? ["--dry-run"] : []),
    program,
  ];
}

function runnerEnvironment(project: Project): Record<string, string> {
  const { config, secretKeys } = project;
  const environment = {
    PULUMI_NODEJS_TYPESCRIPT: "true",
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
  };
  // As `runtime.options.tsconfig` in Pulumi.yaml: a program without a tsconfig of its own uses this project's.
  return existsSync(path.join(locationOf(project).folder, "tsconfig.json"))
    ? environment
    : { ...environment, PULUMI_NODEJS_TSCONFIG_PATH: path.join(__dirname, "..", "tsconfig.json") };
}

function readPeakMemory(pid: number | undefined): number | undefined {
  const statusFile = `/proc/${pid}/status`;
  return existsSync(statusFile) ? peakMemoryIn(readFileSync(statusFile, "utf8")) : undefined;
}

/** The peak memory in MB that a /proc/PID/status names. */
export function peakMemoryIn(status: string): number | undefined {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
