import type { Command } from "commander";
import type { ProjectOptions } from "./project";

interface PlanFlags {
  stack: string;
  cwd: string;
  config: string[];
  configPath?: boolean;
  json?: boolean;
}

const collect = (value: string, before: string[]) => [...before, value];

/** Adds `berth plan`. Pulumi is loaded only when the verb runs. */
export function register(program: Command): void {
  program
    .command("plan")
    .description("show what a stack would consist of: offline, without an account, the Pulumi CLI or Docker")
    .option("-s, --stack <name>", "the stack to plan", "dev")
    .option("-C, --cwd <dir>", "a folder of the Pulumi project", ".")
    .option("-c, --config <key=value>", "set or override a setting, as pulumi up does (repeatable)", collect, [])
    .option("--config-path", "read the keys of --config as paths: service.cpu=512")
    .option("--json", "print the whole plan as one JSON object")
    .action(async (flags: PlanFlags) => {
      process.exitCode = await run(flags);
    });
}

async function run(flags: PlanFlags): Promise<number> {
  const { loadProject } = require("./project") as typeof import("./project");
  const options: ProjectOptions = { cwd: flags.cwd, stack: flags.stack, config: flags.config, configPath: flags.configPath };
  // Wrong settings are found before the second that loading Pulumi takes.
  const project = loadProject(options);
  const { record } = require("./record") as typeof import("./record");
  const { planOf } = require("./plan") as typeof import("./plan");
  const { report } = require("./report") as typeof import("./report");
  const full = planOf(await record(project));
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(full.plan, null, 2)}\n`);
    for (const { severity, text } of full.messages) process.stderr.write(`${severity}: ${text}\n`);
  } else {
    const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
    process.stdout.write(report(full, { color, width: Math.max(60, process.stdout.columns ?? 120) }));
  }
  return full.plan.findings.some((finding) => finding.severity === "mandatory") ? 1 : 0;
}
