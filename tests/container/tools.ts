// Checkers that setup.sh installs into a folder of the repository.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../helpers/places";

const folder = join(REPOSITORY, ".cache/container-tools/bin");

/** A test that needs one of those checkers: left out, with a word about it, where setup.sh has not run; in CI it fails instead. */
export function itWithTool(
  title: string,
  tool: "hadolint" | "python",
  body: (run: (args: string[], input?: string) => { status: number | null; said: string }) => void,
) {
  it(title, function () {
    const program = join(folder, tool);
    if (!existsSync(program) && process.env.CI !== "true") {
      console.warn(`LEFT OUT: "${title}", because its checker is not installed. tests/container/setup.sh installs it (Debian).`);
      return this.skip();
    }
    assert.ok(existsSync(program), `${program} is missing: run tests/container/setup.sh first.`);
    body((args, input = "") => {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", input });
      return { status, said: stdout + stderr };
    });
  });
}
