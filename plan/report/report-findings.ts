import type { RecordedResource } from "../../facts/graph";
import { shortType } from "../../facts/types";
import { STACK_TYPE } from "../../facts/urn";
import type { Paint } from "../../tool/paint";
import { Query } from "../graph/query";
import type { Finding, Undecided } from "../plan-json";
import { findingGroups, isAdvice } from "./groups";

/** So many of what one rule or one change is about are shown; a stack of a hundred services has its mistakes a hundred times. */
const SHOWN = 3;

/** What fails the plan and what is grave, by the change that ends it. */
export function findingLines(findings: readonly Finding[], resources: readonly RecordedResource[], paint: Paint): string[] {
  const graph = new Query(resources);
  return findingGroups(findings)
    .filter((group) => !isAdvice(group))
    .flatMap(({ findings: all, level, fix, source }) => {
      const heads = all.slice(0, SHOWN).map(({ severity, urn, message, rule }) => {
        const mandatory = level === "mandatory";
        const color = mandatory ? paint.red : paint.yellow;
        return `${color(mandatory ? `${severity}, fails the plan` : severity)}  ${where(graph, urn)}${message} ${paint.dim(`(${rule})`)}`;
      });
      const more =
        all.length > SHOWN ? [paint.dim(`and ${all.length - SHOWN} more that the same change ends; --json and --html show all`)] : [];
      return [...heads, ...more, paint.dim(`  fix${source ? ` near ${source}` : ""}: ${fix}`)];
    });
}

/** What nothing enforces and a stack for development may leave as it is: a line for each change. */
export function adviceLines(findings: readonly Finding[], resources: readonly RecordedResource[], paint: Paint): string[] {
  const graph = new Query(resources);
  return findingGroups(findings)
    .filter(isAdvice)
    .map(({ severity, fix, source, findings: [first] }) => {
      // The change of an argument says what it is about; that of a resource of one's own does not.
      const about = fix.startsWith("Set ") || first === undefined ? "" : `${where(graph, first.urn)}${first.message} `;
      return `${severity}  ${about}${fix} ${paint.dim(`(${first?.rule}${source ? `, ${source}` : ""})`)}`;
    });
}

/** What the rules cannot decide before the deploy: a line each, with the value that is unknown. */
export function undecidedLines(undecided: readonly Undecided[], resources: readonly RecordedResource[], paint: Paint): string[] {
  const graph = new Query(resources);
  return shownOf(
    undecided,
    paint,
    ({ severity, urn, message, rule }) => `${paint.yellow(severity)}  ${where(graph, urn)}${message} ${paint.dim(`(${rule})`)}`,
  );
}

function shownOf<T extends { rule: string }>(all: readonly T[], paint: Paint, line: (one: T) => string): string[] {
  const counts = new Map<string, number>();
  const few = all.filter(({ rule }) => {
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count <= SHOWN;
  });
  const more = [...counts]
    .filter(([, count]) => count > SHOWN)
    .map(([rule, count]) => paint.dim(`and ${count - SHOWN} more of ${rule}; --json and --html show all`));
  return [...few.map(line), ...more];
}

/** The resource that a finding is about, for people; nothing for the stack as a whole. */
export function where(graph: Query, urn: string): string {
  const resource = graph.get(urn);
  return resource && resource.type !== STACK_TYPE ? `${shortType(resource.type)} ${resource.name}: ` : "";
}
