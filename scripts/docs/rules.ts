// The tables of policy/README.md and docs/controls.md, from the rules.
import { readFileSync } from "node:fs";
import path from "node:path";
import { catalogue } from "../../policy/controls/catalogue";
import { markdownTable, notShown, rulesFor } from "../../policy/controls/controls";
import type { Category, Rule } from "../../policy/engine/define";
import { rules } from "../../policy/rules";
import { ROOT } from "./comments";

const start = "<!-- The tables below are generated: npm run docs -->\n";

/** The documents with generated parts: where they are, and what they should hold. */
export function documents(): { file: string; text: string }[] {
  return [
    { file: path.join(ROOT, "policy", "README.md"), tables: `${ruleTables()}\n## Parameters\n\n${parameterTable()}` },
    { file: path.join(ROOT, "docs", "controls.md"), tables: controlTable() },
  ].map(({ file, tables }) => ({ file, text: `${handWritten(file)}${start}\n${tables}` }));
}

/** What stands above the generated part. */
function handWritten(file: string): string {
  return readFileSync(file, "utf8").split(start)[0] ?? "";
}

const TITLES: Record<Category, string> = { security: "Security and operation", deploy: "Deploys", cost: "Cost" };

function ruleTables(): string {
  return Object.entries(TITLES)
    .map(([category, title]) => `### ${title}\n\n${ruleTable(rules.filter((rule) => rule.category === category))}`)
    .join("\n");
}

function ruleTable(of: readonly Rule[]): string {
  const rows = of.map((r) => [`\`${r.name}\``, r.severity, r.description, r.reason, r.controls.join(", ")]);
  return markdownTable(["Rule", "Severity", "What holds", "Why", "Controls"], rows);
}

function parameterTable(): string {
  const rows = rules.flatMap((r) =>
    Object.entries(r.parameters).map(([key, p]) => [`\`${r.name}\``, `\`${key}\``, p.description, `\`${JSON.stringify(p.default)}\``]),
  );
  return markdownTable(["Rule", "Parameter", "Meaning", "Default"], rows);
}

function controlTable(): string {
  const rows = catalogue.map((c) => {
    const shown = rulesFor(c.id).map((name) => `\`${name}\``);
    const about = [c.variant === "ec2" ? "EC2" : c.variant === "fargate" ? "Fargate" : "", c.conditional ? "if present" : ""];
    return [c.id, c.severity, c.title, c.sources.join(", "), about.filter(Boolean).join(", "), shown.join(", ") || (notShown[c.id] ?? "")];
  });
  return markdownTable(["Control", "Severity", "What holds", "Standards", "Applies to", "Shown by"], rows);
}
