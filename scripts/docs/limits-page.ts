// docs/limits.md: what AWS takes of each property, from the table that plans are checked against.
import { LIMITS, type Sheet } from "../../facts/aws-limits";
import { shortType } from "../../facts/types";
import { markdownTable } from "../../policy/controls/controls";

const HEAD = `# Limits of AWS

<!-- Generated from facts/aws-limits.ts: npm run docs -->

What AWS takes, property by property, of each type of resource that Berth makes. \`berth plan\` checks a plan against these tables (rule \`plan-aws-limits\`), whoever
wrote the value: a setting, an argument, a transform, or a resource of the program's own. Arguments take their ranges from the same tables. \`[]\` stands for each
element of a list, \`$\` for a text that is JSON. What stands in no table is not checked.

If AWS takes what a row refuses, except the resource from the rule and say why:

\`\`\`yaml
config:
  policy:
    exceptions:
      - rule: plan-aws-limits
        resource: public-https
        reason: AWS added this TLS policy after the table was made.
\`\`\`
`;

export const limitsPage = (): string => [HEAD, ...Object.entries<Sheet>(LIMITS).map(([type, sheet]) => section(type, sheet))].join("\n");

function section(type: string, { source, takes }: Sheet): string {
  const rows = Object.entries(takes).map(([place, { allowed, regional }]) => [
    `\`${place}\``,
    `${allowed}${regional ? "; in the region of the resource" : ""}`,
  ]);
  return `## ${shortType(type)}\n\n${source}\n\n${markdownTable(["Property", "Allowed"], rows)}`;
}
