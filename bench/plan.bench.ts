import { spawn } from "node:child_process";
import * as path from "node:path";
import { interleave, median, seconds, targetLine } from "./measure";

export const title = "The offline plan of the dev stack, as a user starts it";

export async function run(report: (line: string) => void, { runs }: { runs: number }): Promise<void> {
  const { plan } = await interleave({ plan: timePlan }, runs);
  report(targetLine("npm run plan", median(plan), { atMost: 3000 }, seconds));
}

async function timePlan(): Promise<number> {
  const started = performance.now();
  const child = spawn("npm", ["run", "--silent", "plan"], { cwd: path.resolve(__dirname, ".."), stdio: ["ignore", "ignore", "inherit"] });
  const exitCode = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  // 1 is a plan with a mandatory finding: still a whole plan.
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`npm run plan ended with exit code ${exitCode}.`);
  return performance.now() - started;
}
