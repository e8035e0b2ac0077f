import { spawn } from "node:child_process";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { interleave, median, ratio, seconds, targetLine } from "./measure";
import { servicesByName } from "./programs";
import { peakMemoryIn } from "./runner";

export const title = "The offline plan of the dev stack, as a user starts it, of a hundred services, and of a stack file with fifty";

const ROOT = path.resolve(__dirname, "..");
const SERVICES = path.join(__dirname, "programs", "services-100");

interface Timed {
  milliseconds: number;
  /** Peak resident memory in MB; undefined where there is no /proc. */
  peakMemory: number | undefined;
}

export async function run(report: (line: string) => void, { runs }: { runs: number }): Promise<void> {
  const timed = { plan: () => time("npm", ["run", "--silent", "plan"]), hundred: () => timePlan("--cwd", SERVICES), fifty: timeFifty };
  const { plan, hundred, fifty } = await interleave(timed, runs);
  report(targetLine("npm run plan", medianOf(plan), { atMost: 3000 }, seconds));
  report(targetLine("100 services", medianOf(hundred), { atMost: 15_000 }, seconds));
  report(targetLine("50 services of a stack file / 100 services", medianOf(fifty) / medianOf(hundred), { atMost: 0.75 }, ratio));
  const memory = hundred.flatMap(({ peakMemory }) => peakMemory ?? []);
  if (memory.length > 0) report(targetLine("100 services, memory", median(memory), { atMost: 600 }, (value) => `${value.toFixed(0)} MB`));
  else report("  100 services, memory: this machine does not tell it");
}

function timePlan(...options: string[]): Promise<Timed> {
  const tool = path.join(ROOT, "bin", "berth.js");
  return time(process.execPath, ["--require", path.join(__dirname, "report-peak.js"), tool, "plan", ...options]);
}

/** Beside the service of the dev stack. */
const timeFifty = () => timePlan("--config", `services=${JSON.stringify(servicesByName(50))}`);

async function time(command: string, args: string[]): Promise<Timed> {
  const started = performance.now();
  const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit", "pipe"] });
  const status = text(child.stdio[3] as Readable);
  const exitCode = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  // 1 is a plan with a mandatory finding: still a whole plan.
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`${[command, ...args].join(" ")} ended with exit code ${exitCode}.`);
  return { milliseconds: performance.now() - started, peakMemory: peakMemoryIn(await status) };
}

function medianOf(runs: Timed[]): number {
  return median(runs.map(({ milliseconds }) => milliseconds));
}
