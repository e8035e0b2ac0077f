import type { Finding, RecordedResource } from "./graph";
import type { Paint } from "./paint";
import { Query } from "./query";
import { shortType } from "./types";

/** Findings as a section of the text report: what fails the plan with its fix, then what is only told, a line each. */
export function findingLines(findings: readonly Finding[], resources: readonly RecordedResource[], paint: Paint): string[] {
  const graph = new Query(resources);
  return findings.flatMap(({ severity, level, urn, message, fix, rule, source }) => {
    const mandatory = level === "mandatory";
    const color = mandatory ? paint.red : severity === "low" ? paint.dim : paint.yellow;
    const head = `${color(mandatory ? `${severity}, fails the plan` : severity)}  ${where(graph, urn)}${message} ${paint.dim(`(${rule})`)}`;
    return mandatory ? [head, paint.dim(`  fix${source ? ` near ${source}` : ""}: ${fix}`)] : [head];
  });
}

function where(graph: Query, urn: string): string {
  const resource = graph.get(urn);
  return resource ? `${shortType(resource.type)} ${resource.name}: ` : "";
}
