import { Command, CommanderError } from "commander";
import { guardOutput } from "../tool/output";

/** Each names the file that adds the verb; the file loads what the verb needs (Pulumi, the AWS SDK) only when it runs. */
const PLAN = "../plan/cli";
const OPS = "../ops/cli";
const ADOPT = "../adopt/cli";

interface Verbs {
  register(program: Command): void;
}

async function main(argv: string[]): Promise<void> {
  const program = new Command("berth")
    .description("Plans and operates a container on Amazon ECS. Results go to stdout, messages to stderr.")
    .version((require("../package.json") as { version: string }).version)
    .exitOverride();
  for (const file of [PLAN, OPS, ADOPT]) (require(file) as Verbs).register(program);
  await program.parseAsync(argv);
}

guardOutput();

main(process.argv).catch((error: unknown) => {
  // Commander has printed its own messages already; --help and --version end here too, with 0.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  const { failureLines } = require("../tool/errors") as typeof import("../tool/errors");
  const { isColored, paintFor } = require("../tool/paint") as typeof import("../tool/paint");
  process.stderr.write(`${failureLines(error, paintFor(isColored(process.stderr))).join("\n")}\n`);
  process.exitCode = 2;
});
