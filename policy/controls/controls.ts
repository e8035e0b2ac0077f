import { graphOf } from "../engine/define";
import type { Outcome } from "../engine/run";
import { type RecordedStack, recordingOf, toPolicyResources } from "../graph/recorded";
import { rules } from "../rules";
import { type Control, catalogue } from "./catalogue";

/** Why no rule can show a control. */
export const notShown: Readonly<Record<string, string>> = {
  "GEN-02": "It compares two stacks, and a rule sees one. `berth plan --against-stack` shows what differs between two.",
  "GEN-03": "In a graph a literal account id, region or zone looks like one that was looked up; the source tells, and its tests.",
};

/**
 * The status of a control in a stack: `holds`; `open` (a rule is broken or switched off); `excepted` (broken, for a stated reason);
 * `does not apply` (nothing that it speaks of is in the stack); `undecided` (a value is not known before the deploy); `not shown` (no rule can).
 */
export type Status = "holds" | "open" | "excepted" | "does not apply" | "undecided" | "not shown";

export interface ControlStatus {
  control: Control;
  /** The rules that show it. */
  rules: string[];
  status: Status;
  /** Which resources, for which reason. */
  detail: string;
}

/** The rules that show a control. */
export function rulesFor(id: string): string[] {
  return rules.filter((r) => r.controls.includes(id)).map((r) => r.name);
}

/** The status of each control in a recorded stack, given what `runPolicies` found there. */
export function controlsReport(stack: RecordedStack, outcome: Outcome): ControlStatus[] {
  const graph = graphOf(toPolicyResources(stack.resources), recordingOf(stack));
  const subjects = new Map(rules.map((r) => [r.name, r.subjects(graph).length]));
  return catalogue.map((control) => {
    const names = rulesFor(control.id);
    return { control, rules: names, ...statusOf(control, names, subjects, outcome) };
  });
}

function statusOf(
  control: Control,
  names: string[],
  subjects: ReadonlyMap<string, number>,
  outcome: Outcome,
): Pick<ControlStatus, "status" | "detail"> {
  if (names.length === 0) return { status: "not shown", detail: notShown[control.id] ?? "" };
  const broken = outcome.findings.filter((f) => names.includes(f.rule));
  if (broken.length > 0) return { status: "open", detail: unique(broken.map((f) => `${nameOf(f.urn)}: ${f.message}`)).join(" ") };
  const off = names.filter((n) => outcome.off.includes(n));
  if (off.length > 0) return { status: "open", detail: `switched off: ${off.join(", ")}` };
  const excepted = outcome.excepted.filter((e) => names.includes(e.finding.rule));
  if (excepted.length > 0)
    return { status: "excepted", detail: unique(excepted.map((e) => `${nameOf(e.finding.urn)}: ${e.exception.reason}`)).join(" ") };
  const undecided = outcome.undecided.filter((u) => names.includes(u.rule));
  if (undecided.length > 0)
    return { status: "undecided", detail: unique(undecided.map((u) => `${nameOf(u.urn)}: ${u.message}`)).join(" ") };
  const looked = names.reduce((sum, n) => sum + subjects.get(n)!, 0);
  const forbids = rules.some((r) => names.includes(r.name) && r.forbids);
  if (looked === 0 && !forbids) return { status: "does not apply", detail: "" };
  return { status: "holds", detail: looked === 0 ? "" : `${looked} ${looked === 1 ? "resource" : "resources"}` };
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}

const columns = ["Control", "Severity", "Title", "Standards", "Status", "Detail", "Rules"];

function cells({ control, rules: names, status, detail }: ControlStatus): string[] {
  return [control.id, control.severity, control.title, control.sources.join(", "), status, detail, names.join(", ")];
}

export function controlsToMarkdown(report: readonly ControlStatus[]): string {
  return markdownTable(columns, report.map(cells));
}

/** A table in Markdown, in which no cell's text breaks out of its cell. */
export function markdownTable(head: string[], rows: string[][]): string {
  const line = (row: string[]) => `| ${row.map(escapeCell).join(" | ")} |`;
  return [line(head), `|${head.map(() => " --- |").join("")}`, ...rows.map(line), ""].join("\n");
}

function escapeCell(text: string): string {
  return text
    .replace(/\\/g, "\\\\")
    .replace(/\|/g, "\\|")
    .replace(/</g, "&lt;")
    .replace(/[\r\n]+/g, " ");
}

/** CSV by RFC 4180. A cell that a spreadsheet would take for a formula is given as text. */
export function controlsToCsv(report: readonly ControlStatus[]): string {
  const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
  return `${[columns, ...report.map(cells)].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

export function controlsToJson(report: readonly ControlStatus[]): string {
  const rows = report.map(({ control, rules: names, status, detail }) => ({ ...control, status, detail, rules: names }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}
