import type { RecordedResource } from "../../facts/graph";
import { shortType } from "../../facts/types";
import { STACK_TYPE } from "../../facts/urn";
import type { Paint } from "../../tool/paint";
import { Query } from "../graph/query";
import type { Finding, Undecided } from "../plan-json";

/** So many findings of one rule are shown; a stack of a hundred services has its mistakes a hundred times. */
const SHOWN = 3;

/** Findings as a section of the text report: what fails the plan, then what is only advice, each with its fix. */
export function findingLines(findings: readonly Finding[], resources: readonly RecordedResource[], paint: Paint): string[] {
  const graph = new Query(resources);
  return shownOf(findings, paint, ({ severity, level, urn, message, fix, rule, source }, next) => {
    const mandatory = level === "mandatory";
    const color = mandatory ? paint.red : severity === "low" ? paint.dim : paint.yellow;
    const head = `${color(mandatory ? `${severity}, fails the plan` : severity)}  ${where(graph, urn)}${message} ${paint.dim(`(${rule})`)}`;
    // One fix may be that of several findings about a resource.
    if (next?.urn === urn && next.fix === fix) return [head];
    return [head, paint.dim(`  fix${source ? ` near ${source}` : ""}: ${fix}`)];
  });
}

/** What the rules cannot decide before the deploy: a line each, with the value that is unknown. */
export function undecidedLines(undecided: readonly Undecided[], resources: readonly RecordedResource[], paint: Paint): string[] {
  const graph = new Query(resources);
  return shownOf(undecided, paint, ({ severity, urn, message, rule }) => [
    `${paint.yellow(severity)}  ${where(graph, urn)}${message} ${paint.dim(`(${rule})`)}`,
  ]);
}

function shownOf<T extends { rule: string }>(all: readonly T[], paint: Paint, lines: (one: T, next: T | undefined) => string[]): string[] {
  const counts = new Map<string, number>();
  const few = all.filter(({ rule }) => {
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count <= SHOWN;
  });
  const shown = few.flatMap((one, index) => lines(one, few[index + 1]));
  const more = [...counts]
    .filter(([, count]) => count > SHOWN)
    .map(([rule, count]) => paint.dim(`and ${count - SHOWN} more of ${rule}; --json and --html show all`));
  return [...shown, ...more];
}

/** The resource that a finding is about, for people; nothing for the stack as a whole. */
export function where(graph: Query, urn: string): string {
  const resource = graph.get(urn);
  return resource && resource.type !== STACK_TYPE ? `${shortType(resource.type)} ${resource.name}: ` : "";
}
