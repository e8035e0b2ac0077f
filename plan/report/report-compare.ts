import type { Json } from "../../facts/graph";
import { shortType } from "../../facts/types";
import type { Comparison, PropertyChange } from "../update/compare";
import type { Paint } from "./paint";
import { money } from "./report-cost";

/** Values longer than this are cut; the JSON has all of them. */
const LONGEST = 80;

/** A comparison for a terminal. */
export function compareText(comparison: Comparison, paint: Paint): string {
  const { added, removed, changed } = comparison;
  const lines = [paint.bold(headline(comparison)), ""];
  for (const one of added) lines.push(`${paint.green("+")} ${label(one)}`);
  for (const one of removed) lines.push(`${paint.red("-")} ${label(one)}${one.stateful ? paint.red("  what it holds is lost") : ""}`);
  for (const one of changed) {
    const replaced = one.replaced === undefined ? "" : (one.stateful ? paint.red : paint.yellow)(`  replaced: ${one.replaced}`);
    lines.push(
      `${one.replaced === undefined ? paint.yellow("~") : paint.red("±")} ${label(one)}${replaced}`,
      ...one.properties.map((property) => `    ${propertyText(property)}`),
    );
  }
  if (added.length + removed.length + changed.length > 0) lines.push("");
  lines.push(summary(comparison), ...moneyAndTime(comparison), "");
  return lines.join("\n");
}

/** The same as Markdown, for a comment on a pull request. */
export function compareMarkdown(comparison: Comparison): string {
  const { added, removed, changed } = comparison;
  const lines = [
    `### ${markdown(headline(comparison))}`,
    "",
    `**${summary(comparison)}** ${moneyAndTime(comparison).map(markdown).join(" · ")}`,
  ];
  const list = (title: string, count: number, entries: string[]) => {
    if (count > 0) lines.push("", `<details><summary>${title} (${count})</summary>`, "", ...entries, "", "</details>");
  };
  const replaced = changed.filter((one) => one.replaced !== undefined);
  if (replaced.length > 0) {
    lines.push(
      "",
      "| replaced | what AWS does |",
      "|---|---|",
      ...replaced.map((one) => `| ${one.stateful ? "⚠️ " : ""}${code(label(one))} | ${markdown(one.replaced ?? "")} |`),
    );
  }
  list(
    "Changed",
    changed.length,
    changed.flatMap((one) => [`- ${code(label(one))}`, ...one.properties.map((property) => `  - ${code(propertyText(property))}`)]),
  );
  list(
    "Added",
    added.length,
    added.map((one) => `- ${code(label(one))}`),
  );
  list(
    "Removed",
    removed.length,
    removed.map((one) => `- ${code(label(one))}${one.stateful ? " ⚠️ what it holds is lost" : ""}`),
  );
  return `${lines.join("\n")}\n`;
}

function headline({ before, after }: Comparison): string {
  return before.stack === after.stack
    ? `${after.project} / ${after.stack}: what changes`
    : `${after.project} / ${after.stack}, compared with ${before.stack}`;
}

function summary({ added, removed, changed }: Comparison): string {
  const replaced = changed.filter((one) => one.replaced !== undefined).length;
  if (added.length + removed.length + changed.length === 0) return "No resource differs.";
  return `${added.length} added, ${removed.length} removed, ${changed.length - replaced} changed, ${replaced} replaced.`;
}

function moneyAndTime({ cost, rollout }: Comparison): string[] {
  const sign = cost.difference > 0 ? "+" : "";
  const idle =
    cost.difference === 0
      ? `Idle cost stays ${money(cost.after)} ${cost.currency} a month.`
      : `Idle cost ${money(cost.before)} -> ${money(cost.after)} ${cost.currency} a month (${sign}${money(cost.difference)}).`;
  const seconds = (value: number | null) => (value === null ? "none" : `${value} s`);
  return [idle, ...rollout.map(({ service, before, after }) => `Rollout of ${service} ${seconds(before)} -> ${seconds(after)}.`)];
}

function label({ type, name }: { type: string; name: string }): string {
  return `${shortType(type)} ${name.replace(/\s+/g, " ")}`;
}

function propertyText({ path, before, after }: PropertyChange): string {
  if (before === undefined) return `${path}: + ${show(after)}`;
  if (after === undefined) return `${path}: - ${show(before)}`;
  return `${path}: ${show(before)} -> ${show(after)}`;
}

function show(value: Json | undefined): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = (text ?? "").replace(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** As code, whatever is in it. */
function code(text: string): string {
  const fence = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${fence} ${text.replaceAll("|", "\\|").replace(/\s+/g, " ")} ${fence}`;
}

function markdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, "\\$&");
}
