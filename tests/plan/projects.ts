import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { REPOSITORY } from "../helpers/places";

/** What most projects of these tests have in common. */
export const BASE = {
  "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "Pulumi.dev.yaml": "config:\n  aws:region: eu-west-1\n",
};

/** Writes a project into a folder of its own, with this repository's packages, and removes it when `use` is done. */
export async function withProject<T>(files: Record<string, string>, use: (dir: string) => T | Promise<T>): Promise<T> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "berth-plan-")));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    symlinkSync(join(REPOSITORY, "node_modules"), join(dir, "node_modules"));
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Runs the tool as a user does. */
export function berth(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...env } = process.env;
  return spawnSync(process.execPath, [join(REPOSITORY, "bin", "berth.js"), ...args], { encoding: "utf8", env });
}

/** The message of the error that `work` must end with. */
export async function messageOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("no error was thrown");
}
