import type { RecordedResource } from "../../facts/graph";
import { shortType } from "../../facts/types";
import { Query } from "../graph/query";
import type { Finding } from "../plan-json";
import type { Paint } from "./paint";

/** So many findings of one rule are shown; a stack of a hundred services has its mistakes a hundred times. */
const SHOWN = 3;

/** Findings as a section of the text report: what fails the plan with its fix, then what is only told, a line each. */
export function findingLines(findings: readonly Finding[], resources: readonly RecordedResource[], paint: Paint): string[] {
  const graph = new Query(resources);
  const counts = new Map<string, number>();
  const lines = findings.flatMap((finding) => {
    const { severity, level, urn, message, fix, rule, source } = finding;
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    if (count > SHOWN) return [];
    const mandatory = level === "mandatory";
    const color = mandatory ? paint.red : severity === "low" ? paint.dim : paint.yellow;
    const head = `${color(mandatory ? `${severity}, fails the plan` : severity)}  ${where(graph, urn)}${message} ${paint.dim(`(${rule})`)}`;
    return mandatory ? [head, paint.dim(`  fix${source ? ` near ${source}` : ""}: ${fix}`)] : [head];
  });
  const more = [...counts]
    .filter(([, count]) => count > SHOWN)
    .map(([rule, count]) => paint.dim(`and ${count - SHOWN} more of ${rule}; --json and --html show all`));
  return [...lines, ...more];
}

function where(graph: Query, urn: string): string {
  const resource = graph.get(urn);
  return resource ? `${shortType(resource.type)} ${resource.name}: ` : "";
}
