// Runs the tool as a user does, in an environment that these tests choose.
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const BERTH = join(resolve(__dirname, "..", ".."), "bin", "berth.js");
/** Long enough for a slow machine, and far from what a hostile input could take unhindered. */
const TIMEOUT_MS = 100_000;

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

export function runBerth(args: string[], env: Record<string, string> = {}): Outcome {
  const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...own } = process.env;
  const options = { encoding: "utf8", env: { ...own, ...env }, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 } as const;
  return spawnSync(process.execPath, [BERTH, ...args], options);
}
