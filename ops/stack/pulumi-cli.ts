import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { UserError } from "../../facts/errors";
import type { Io } from "../io";

/** Runs the Pulumi CLI on this terminal, without a shell. */
export async function pulumi(args: string[], cwd: string, io: Io): Promise<number> {
  return (await run(args, cwd, io, "inherit")).status;
}

/** What the Pulumi CLI prints; its messages go to this terminal. */
export async function pulumiOutput(args: string[], cwd: string, io: Io): Promise<string> {
  const { status, output } = await run(args, cwd, io, "pipe");
  if (status !== 0) throw new UserError(`pulumi ${args[0]} ${args[1]} ended with exit code ${status}; see above.`);
  return output;
}

async function run(args: string[], cwd: string, io: Io, stdout: "inherit" | "pipe"): Promise<{ status: number; output: string }> {
  const child = spawn("pulumi", args, { cwd, env: io.env, stdio: ["inherit", stdout, "inherit"] });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", () =>
      reject(new UserError("The Pulumi CLI is not installed, or not on PATH.", ["Install it: https://www.pulumi.com/docs/install/"])),
    );
    child.once("close", (code) => resolve(code ?? 1));
  });
  const [status, output] = await Promise.all([ended, child.stdout ? text(child.stdout) : ""]);
  return { status, output };
}
