// Checkers that setup.sh installs into a folder of the repository.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { itUnless, missing } from "../helpers/left-out";
import { REPOSITORY } from "../helpers/places";

const folder = join(REPOSITORY, ".cache/container-tools/bin");

/** A test that needs one of those checkers. */
export function itWithTool(
  title: string,
  tool: "hadolint" | "python",
  body: (run: (args: string[], input?: string) => { status: number | null; said: string }) => void,
) {
  const program = join(folder, tool);
  itUnless(existsSync(program) ? undefined : missing("checkers of Dockerfiles and Compose files are not installed"), title, () => {
    body((args, input = "") => {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", input });
      return { status, said: stdout + stderr };
    });
  });
}
