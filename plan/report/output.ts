import { closeSync, constants, openSync, writeFileSync } from "node:fs";
import { UserError } from "../../facts/errors";
import { isColored, paintFor } from "../../tool/paint";
import { jsonText, printable } from "../../tool/printable";
import type { State } from "../../tool/state-file";
import { atLeast } from "../findings";
import type { PlanFlags } from "../flags";
import { type FullPlan, planOf } from "../plan";
import { JSON_VERSION, type Plan, type PlanJson } from "../plan-json";
import { planSettings } from "../project/assumptions";
import type { Project } from "../project/project";
import { record } from "../record/record";
import { type Comparison, type ComparisonJson, compare, endangersState } from "../update/compare";
import { Deployed } from "../update/deployed";
import type { Stack } from "../update/shared-listeners";
import { besideMessages } from "../update/shared-listeners";
import { condense } from "./condense";
import { controlsText } from "./controls";
import { mermaid } from "./mermaid";
import { pictureOf } from "./picture";
import { report, rulesSections } from "./report";
import { compareMarkdown, compareText } from "./report-compare";
import { planMarkdown } from "./report-markdown";
import { summary } from "./report-summary";

/** The narrowest report that still reads well, and its width where the output is no terminal. */
const WIDTH = { least: 60, usual: 120 };

/** A link that someone else put where the report goes would let it overwrite any file of the user's. */
const NEW_CONTENT = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/** Plans a project, compares it where there is something to compare it with, and writes what the flags ask for. Returns the exit status. */
export async function write(
  project: Project,
  { against, state, beside }: { against?: Project | Plan; state?: State; beside: Stack[] },
  flags: PlanFlags,
): Promise<number> {
  const deployed = state && new Deployed(state, project);
  const base = against !== undefined && "root" in against ? planOf(await record(against)).plan : against;
  const recording = await record(project, deployed?.stashes ?? base?.resources, deployed?.answered);
  const before = deployed ? deployed.plan(recording) : base;
  const full = planOf(deployed ? deployed.recording(recording) : recording);
  full.plan.messages.push(...besideMessages(beside, full.plan));
  const comparison = before && compare(before, full.plan);
  // JSON is data, and escapes on its own; everything else may end on a terminal.
  const shown = printable(full);
  const text = comparison ? comparisonText(comparison, full, flags) : planText(flags.json ? full : shown, project, flags);
  if (flags.html !== undefined) writeHtml(flags.html, shown, comparison && printable(comparison));
  process.stdout.write(text);
  if (flags.json || comparison) {
    for (const { severity, text: said } of full.plan.messages) process.stderr.write(`${severity}: ${printable(said)}\n`);
  }
  return fails(full, comparison, flags) ? 1 : 0;
}

function fails({ plan }: FullPlan, comparison: Comparison | undefined, { failOn, failOnStateful }: PlanFlags): boolean {
  const grave = plan.findings.some((finding) => finding.level === "mandatory" || (failOn !== undefined && atLeast(finding, failOn)));
  return grave || (failOnStateful === true && comparison !== undefined && endangersState(comparison));
}

function planText(full: FullPlan, project: Project, flags: PlanFlags): string {
  if (flags.json) {
    const printed: PlanJson = { version: JSON_VERSION, ...full.plan };
    return `${jsonText(printed, 2)}\n`;
  }
  if (flags.markdown) return planMarkdown(full);
  if (flags.mermaid) return mermaid(condense(pictureOf(full.resources)));
  if (flags.controls !== undefined) {
    // The rules read names out of JSON in the inputs, where what steers a terminal is still written in letters.
    const text = controlsText(full.plan, planSettings(project).policy, flags.controls);
    return flags.controls === "json" ? text : printable(text);
  }
  const options = { color: isColored(process.stdout), width: Math.max(WIDTH.least, process.stdout.columns ?? WIDTH.usual) };
  return flags.summary ? summary(full, options) : report(full, options);
}

/** A comparison ends with what the rules say of the plan, for that may be why it fails. */
function comparisonText(comparison: Comparison, full: FullPlan, flags: PlanFlags): string {
  if (flags.json) {
    const { findings, ...differences } = comparison;
    const { added, gone } = findings;
    const { findings: all, undecided } = full.plan;
    const printed: ComparisonJson = {
      version: JSON_VERSION,
      ...differences,
      findings: all,
      newFindings: added,
      goneFindings: gone,
      undecided,
    };
    return `${jsonText(printed, 2)}\n`;
  }
  const [differences, after] = [printable(comparison), printable(full)];
  if (flags.markdown) return compareMarkdown(differences, after);
  const paint = paintFor(isColored(process.stdout));
  return [compareText(differences, paint), ...rulesSections(after, paint).map((line) => `${line}\n`)].join("");
}

function writeHtml(path: string, full: FullPlan, comparison: Comparison | undefined): void {
  // The layout's library is needed here alone.
  const { page } = require("./html/page") as typeof import("./html/page");
  try {
    const text = page(full, comparison);
    const file = openSync(path, NEW_CONTENT, 0o644);
    writeFileSync(file, text);
    closeSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP") throw new UserError(`The report cannot be written to ${path}: it is a symbolic link; name the file itself.`);
    if (code === undefined) throw error;
    throw new UserError(`The report cannot be written to ${path} (${code}): name a file in a folder that is there.`);
  }
  process.stderr.write(`The report is in ${path}.\n`);
}
