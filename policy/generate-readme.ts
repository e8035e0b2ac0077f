// Writes the tables of policy/README.md and docs/controls.md from the rules: `npx ts-node policy/generate-readme.ts`.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { catalogue } from "./controls/catalogue";
import { markdownTable, notShown, rulesFor } from "./controls/controls";
import { rules } from "./rules";

const start = "<!-- The tables below are generated: npx ts-node policy/generate-readme.ts -->\n";

/** The documents with generated parts: where they are, and what they should hold. */
export function documents(): { file: string; text: string }[] {
  const root = path.dirname(__dirname);
  return [
    { file: path.join(__dirname, "README.md"), tables: `${ruleTable()}\n## Parameters\n\n${parameterTable()}` },
    { file: path.join(root, "docs", "controls.md"), tables: controlTable() },
  ].map(({ file, tables }) => ({ file, text: `${handWritten(file)}${start}\n${tables}` }));
}

/** What stands above the generated part. */
function handWritten(file: string): string {
  return readFileSync(file, "utf8").split(start)[0] ?? "";
}

function ruleTable(): string {
  const rows = rules.map((r) => [`\`${r.name}\``, r.severity, r.description, r.reason, r.controls.join(", ")]);
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

if (require.main === module) for (const { file, text } of documents()) writeFileSync(file, text);
