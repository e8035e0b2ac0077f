import { listed } from "../../tool/text";
import type { Finding, Rollout, Saving } from "../plan-json";

/** What a stack of fifty services says fifty times, said once. */

/** Findings that one change ends. */
export interface FindingGroup {
  /** Of the worst of them. */
  severity: Finding["severity"];
  level: Finding["level"];
  /** The change, with the names of all that it is made on. */
  fix: string;
  /** Where the program makes the first of them. */
  source?: string;
  findings: Finding[];
}

/** So many names are written out. */

/** `on AppImage "web".`, at the end of a change: what differs between the same change of two components. */
const COMPONENT = / (\w+) "([^"]*)"(\)?\.)$/;

/** The findings by the change that ends them, in their order: the worst first. */
export function findingGroups(findings: readonly Finding[]): FindingGroup[] {
  const groups = by(findings, ({ level, fix }) => `${level} ${fix.replace(COMPONENT, " $1$3")}`);
  return groups.map((group) => {
    const [{ severity, level, source }] = group;
    return { severity, level, fix: commonFix(group), findings: group, ...(source !== undefined && { source }) };
  });
}

function commonFix(group: [Finding, ...Finding[]]): string {
  const [{ fix }] = group;
  const names = [...new Set(group.map((one) => COMPONENT.exec(one.fix)?.[2]))].map((name) => `"${name}"`);
  return names.length === 1 ? fix : fix.replace(COMPONENT, (_, type: string, __, end: string) => ` ${type} ${listed(names)}${end}`);
}

/** Whether a group is advice that a stack for development may leave: nothing enforces it, and nothing bad comes of it today. */
export function isAdvice({ level, severity }: Pick<FindingGroup, "level" | "severity">): boolean {
  return level !== "mandatory" && (severity === "medium" || severity === "low");
}

/** Rollouts that go the same way, with the URNs of their services. */
export function rolloutGroups(rollouts: readonly Rollout[]): { rollout: Rollout; services: string[] }[] {
  return by(rollouts, ({ service: _, ...rest }) => JSON.stringify(rest)).map((group) => ({
    rollout: group[0],
    services: group.map(({ service }) => service),
  }));
}

/** Savings of the same kind as one, with their sum; the largest first. */
export function savingGroups(savings: readonly Saving[]): Saving[] {
  const groups = by(savings, ({ note }) => note).map((group) => {
    const more = group.length === 1 ? "" : `, and ${group.length - 1} more like it`;
    return { ...group[0], what: `${group[0].what}${more}`, monthly: group.reduce((sum, { monthly }) => sum + monthly, 0) };
  });
  return groups.sort((a, b) => b.monthly - a.monthly);
}

/** In the order of the first of each group. */
export function by<T>(all: readonly T[], key: (one: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return [...groups.values()];
}
