import { writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { Comparison } from "./compare";
import { PlanError } from "./errors";
import type { Finding } from "./graph";
import type { FullPlan } from "./plan";
import type { ProjectOptions } from "./project";

interface PlanFlags {
  stack: string;
  cwd: string;
  config: string[];
  configPath?: boolean;
  json?: boolean;
  markdown?: boolean;
  mermaid?: boolean;
  html?: string;
  against?: string;
  againstStack?: string;
  failOnStateful?: boolean;
  failOn?: Finding["severity"];
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
    .option("--json", "print the plan, or the comparison, as one JSON object")
    .option("--html <file>", "also write the report as one self-contained HTML file")
    .option("--mermaid", "print the architecture as a Mermaid diagram")
    .addOption(new Option("--against <plan.json>", "compare with a plan that --json wrote").conflicts("againstStack"))
    .option("--against-stack <name>", "compare with another stack of the project")
    .addOption(
      new Option("--fail-on <severity>", "end with 1 on a finding of that severity or worse").choices([
        "critical",
        "high",
        "medium",
        "low",
      ]),
    )
    .option("--fail-on-stateful", "end with 1 if the comparison replaces or removes what holds data")
    .option("--markdown", "print the comparison as Markdown, for a pull request")
    .action(async (flags: PlanFlags) => {
      process.exitCode = await run(flags);
    });
}

async function run(flags: PlanFlags): Promise<number> {
  const { loadProject } = require("./project") as typeof import("./project");
  const { readPlanFile } = require("./plan-file") as typeof import("./plan-file");
  const options: ProjectOptions = { cwd: flags.cwd, stack: flags.stack, config: flags.config, configPath: flags.configPath };
  // What is wrong with the settings or a file is found before the second that loading Pulumi takes.
  const project = loadProject(options);
  const other = flags.againstStack === undefined ? undefined : loadProject({ ...options, stack: flags.againstStack });
  const file = flags.against === undefined ? undefined : readPlanFile(flags.against);

  const { record } = require("./record") as typeof import("./record");
  const { planOf } = require("./plan") as typeof import("./plan");
  const full = planOf(await record(project));
  if (flags.html !== undefined) writeHtml(flags.html, full);
  const before = other === undefined ? file : planOf(await record(other)).plan;
  const comparison = before && (require("./compare") as typeof import("./compare")).compare(before, full.plan);
  process.stdout.write(comparison ? comparisonText(comparison, flags) : planText(full, flags));
  if (flags.json || comparison) {
    for (const { severity, text } of full.messages) process.stderr.write(`${severity}: ${text}\n`);
  }
  const { atLeast } = require("./findings") as typeof import("./findings");
  const endangered =
    flags.failOnStateful && comparison !== undefined && (require("./compare") as typeof import("./compare")).endangersState(comparison);
  return endangered ||
    full.plan.findings.some((finding) => finding.level === "mandatory" || (flags.failOn !== undefined && atLeast(finding, flags.failOn)))
    ? 1
    : 0;
}

function planText(full: FullPlan, flags: PlanFlags): string {
  if (flags.mermaid) {
    const { mermaid } = require("./mermaid") as typeof import("./mermaid");
    const { pictureOf } = require("./picture") as typeof import("./picture");
    return mermaid(pictureOf(full.resources));
  }
  if (flags.json) return `${JSON.stringify(full.plan, null, 2)}\n`;
  const { report } = require("./report") as typeof import("./report");
  return report(full, { color: isColored(), width: Math.max(60, process.stdout.columns ?? 120) });
}

function comparisonText(comparison: Comparison, flags: PlanFlags): string {
  const { compareMarkdown, compareText } = require("./report-compare") as typeof import("./report-compare");
  const { painter } = require("./paint") as typeof import("./paint");
  if (flags.json) return `${JSON.stringify(comparison, null, 2)}\n`;
  return flags.markdown ? compareMarkdown(comparison) : compareText(comparison, painter(isColored()));
}

function writeHtml(path: string, full: FullPlan): void {
  const { page } = require("./html/page") as typeof import("./html/page");
  try {
    writeFileSync(path, page(full));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new PlanError(`The report cannot be written to ${path} (${code}): name a file in a folder that is there.`);
  }
  process.stderr.write(`The report is in ${path}.\n`);
}

/** Colours on a terminal only, and not where NO_COLOR forbids them. */
function isColored(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}
