import { abbreviated } from "../../tool/text";
import type { Finding, Message, Rollout, Saving } from "../plan-json";

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

/** `on AppImage "web".`, at the end of a change: what differs between the same change of two components. */
const COMPONENT = / (\w+) "([^"]*)"(\)?\.)$/;

/** `services.api.`, where a setting stands of one of several services. */
const SERVICE = /\bservices\.[A-Za-z0-9-]+\./g;
const ANY_SERVICE = "services.<name>.";

/** The findings by the change that ends them, in their order: the worst first. */
export function findingGroups(findings: readonly Finding[]): FindingGroup[] {
  const groups = by(findings, ({ level, fix }) => `${level} ${fix.replace(COMPONENT, " $1$3").replace(SERVICE, ANY_SERVICE)}`);
  return groups.map((group) => {
    const [{ severity, level, source }] = group;
    return { severity, level, fix: commonFix(group), findings: group, ...(source !== undefined && { source }) };
  });
}

function commonFix(group: [Finding, ...Finding[]]): string {
  const [{ fix }] = group;
  const names = [...new Set(group.map((one) => COMPONENT.exec(one.fix)?.[2]))].map((name) => `"${name}"`);
  if (names.length === 1) return fix;
  const everyone = (_: string, type: string, __: string, end: string) => ` ${type} ${abbreviated(names)}${end}`;
  return fix.replace(COMPONENT, everyone).replace(SERVICE, ANY_SERVICE);
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

/** What the program says; the same of several settings is said once. */
export function messageGroups(messages: readonly Message[]): Message[] {
  const parts = ({ text }: Message) => /^([\w.[\]-]+): (.+)$/s.exec(text) ?? [text, "", text];
  return by(messages, (message) => `${message.severity} ${parts(message)[1] === "" ? "" : ":"} ${parts(message)[2]}`).map((group) => {
    const keys = [...new Set(group.map((message) => parts(message)[1]!))];
    return keys.length === 1 ? group[0] : { ...group[0], text: `${abbreviated(keys)}: ${parts(group[0])[2]}` };
  });
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
