import { stripVTControlCharacters } from "node:util";
import type { Json, RecordedResource } from "../../facts/graph";
import { SECRET, UNKNOWN } from "../../facts/graph";
import { shortType } from "../../facts/types";
import { STACK_TYPE } from "../../facts/urn";
import { type Paint, paintFor, visible } from "../../tool/paint";
import { abbreviated, plural } from "../../tool/text";
import { byParent } from "../graph/order";
import type { FullPlan } from "../plan";
import { timeText } from "./duration";
import { by, messageGroups } from "./groups";
import { costLines, rolloutLines } from "./report-cost";
import { adviceLines, findingLines, undecidedLines } from "./report-findings";
import { leaningLines } from "./report-platform";

export interface ReportOptions {
  color: boolean;
  /** Columns of the terminal. */
  width: number;
}

/** The plan for people: what will exist, as the program's own tree; how much of it; what it hands out; what it had to say. */
export function report(full: FullPlan, { color, width }: ReportOptions): string {
  const { plan, resources } = full;
  const paint = paintFor(color);
  const made = resources.filter((resource) => resource.type !== STACK_TYPE);
  const lines = [
    `${paint.bold(`${plan.project} / ${plan.stack}`)} ${paint.dim(`in ${plan.cost.region}, planned offline`)}`,
    "",
    ...tree(made, paint, width),
    "",
    ...counts(made, paint, width),
    ...section(
      `Monthly cost (list prices of ${plan.cost.prices.region}, ${plan.cost.prices.date})`,
      costLines(plan.cost, resources, full.budget, paint),
      paint,
    ),
    ...section("Time (typical)", [`First deploy: ${timeText(plan.time.firstDeploy)}`], paint),
    ...section("Rollout (modeled)", rolloutLines(plan.rollout, resources, paint), paint),
    ...rulesSections(full, paint),
    ...section("Uses of other stacks, which are destroyed after this one", leaningLines(resources, paint), paint),
    ...section("Outputs", outputs(full, paint), paint),
    ...section(
      "The program says",
      messageGroups(plan.messages).map(({ severity, text }) => `${severity === "warning" ? paint.yellow("warning") : "note"}: ${text}`),
      paint,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** What the rules say. */
export function rulesSections({ plan, resources }: Pick<FullPlan, "plan" | "resources">, paint: Paint): string[] {
  return [
    ...section("Findings", findingLines(plan.findings, resources, paint), paint),
    ...section("Advice: what a stack for production sets", adviceLines(plan.findings, resources, paint), paint),
    ...section(
      `Undecided (${plural(plan.undecided.length, "check")}): a value is not known before the deploy`,
      undecidedLines(plan.undecided, resources, paint),
      paint,
    ),
  ];
}

function section(title: string, lines: string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ["", paint.bold(title), ...lines.map((line) => `  ${line}`)];
}

function tree(resources: RecordedResource[], paint: Paint, width: number): string[] {
  const urns = new Set(resources.map((resource) => resource.urn));
  const roots = resources.filter((resource) => !urns.has(resource.parent ?? ""));
  const children = byParent(resources);
  const childrenOf = (urn: string) => children.get(urn) ?? [];
  /** Everything below, as far as no component intervenes: a table's route belongs to the network as much as the table does. */
  const customBelow = (urn: string): RecordedResource[] =>
    childrenOf(urn)
      .filter((child) => child.custom)
      .flatMap((child) => [child, ...customBelow(child.urn)]);
  const componentsBelow = (urn: string): RecordedResource[] =>
    childrenOf(urn).flatMap((child) => (child.custom ? componentsBelow(child.urn) : [child]));

  const body = (urn: string, indent: string): string[] => {
    const groups = grouped(customBelow(urn), urn, resources).map((group) => ({
      head: group.label,
      names: group.names,
      component: undefined,
    }));
    const parts = [...componentsBelow(urn).map((component) => ({ head: "", names: [] as string[], component })), ...groups];
    return parts.flatMap((part, index) => {
      const last = index === parts.length - 1;
      const [branch, below] = last ? ["└─ ", "   "] : ["├─ ", "│  "];
      if (part.component) {
        return [
          `${indent}${paint.dim(branch)}${title(part.component, paint, false)}`,
          ...body(part.component.urn, indent + paint.dim(below)),
        ];
      }
      const names = asManyAsFit(part.names, width - visible(indent) - 3 - part.head.length - 2);
      return [`${indent}${paint.dim(branch)}${part.head}${names ? paint.dim(`  ${names}`) : ""}`];
    });
  };
  const components = by(
    roots.filter((root) => !root.custom).map((root) => ({ root, lines: body(root.urn, "") })),
    ({ root, lines }) => `${root.type} ${nameless(lines, root.name)}`,
  ).flatMap((group) => {
    const [{ root, lines }] = group;
    const names = abbreviated(group.map((one) => one.root.name));
    return [title({ ...root, name: names }, paint, true), ...lines];
  });
  const loose = grouped(
    roots.filter((root) => root.custom).flatMap((root) => [root, ...customBelow(root.urn)]),
    "",
    resources,
  );
  return [...components, ...loose.map(({ label, names }) => `${label}${paint.dim(`  ${asManyAsFit(names, width - label.length - 2)}`)}`)];
}

/** A tree without its component's own name, and without the hashes in names: what it has in common with those of others. */
function nameless(lines: string[], own: string): string {
  const words = stripVTControlCharacters(lines.join("\n")).split(/([\s,]+)/);
  return words
    .map((word) => (`${word}-`.startsWith(`${own}-`) ? `*${word.slice(own.length)}` : word).replace(/-[0-9a-f]{8}$/, ""))
    .join("");
}

/** The line is the program's own only where no component stands between. */
function title(component: RecordedResource, paint: Paint, root: boolean): string {
  const line = root && component.source ? paint.dim(`  ${component.source}`) : "";
  return `${paint.bold(component.name)} ${paint.cyan(shortType(component.type))}${line}`;
}

/** One line a type: `ec2.Subnet ×4` and the names, without the component's own name in front. */
function grouped(resources: RecordedResource[], owner: string, all: RecordedResource[]): { label: string; names: string[] }[] {
  const prefix = all.find((resource) => resource.urn === owner)?.name;
  const groups = new Map<string, RecordedResource[]>();
  for (const resource of resources) groups.set(resource.type, [...(groups.get(resource.type) ?? []), resource]);
  return [...groups].map(([type, members]) => ({
    label: `${shortType(type)}${members.length > 1 ? ` ×${members.length}` : ""}`,
    names: members.map(({ name, read }) => `${withoutPrefix(name, prefix)}${read ? " (read)" : ""}`).filter((name) => name !== ""),
  }));
}

function withoutPrefix(name: string, prefix: string | undefined): string {
  if (prefix === undefined) return name;
  return name === prefix ? "" : name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : name;
}

/** As many names as fit, and how many more there are. */
function asManyAsFit(names: string[], width: number): string {
  const whole = names.join(", ");
  if (whole.length <= width) return whole;
  for (let count = names.length - 1; count > 0; count--) {
    const part = `${names.slice(0, count).join(", ")} and ${names.length - count} more`;
    if (part.length <= width) return part;
  }
  return "";
}

function counts(resources: RecordedResource[], paint: Paint, width: number): string[] {
  const custom = resources.filter((resource) => resource.custom && !resource.read);
  const byType = new Map<string, number>();
  for (const { type } of custom) byType.set(shortType(type), (byType.get(shortType(type)) ?? 0) + 1);
  const sorted = [...byType].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const components = resources.length - resources.filter((resource) => resource.custom).length;
  const head = `${plural(custom.length, "resource")} of ${plural(byType.size, "type")}${components === 0 ? "" : ` in ${plural(components, "component")}`}`;
  return [
    paint.bold(head),
    ...wrap(
      sorted.map(([type, count]) => `${count} ${type}`),
      width,
    ).map((line) => paint.dim(line)),
  ];
}

function wrap(items: string[], width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + item.length + 2 <= width - 2) lines[lines.length - 1] = `${last}, ${item}`;
    else lines.push(`  ${item}`);
  }
  return lines;
}

function outputs({ plan, outputsBefore, unknownInputs }: FullPlan, paint: Paint): string[] {
  const entries = Object.entries(plan.outputs);
  const longest = Math.max(0, ...entries.map(([name]) => name.length));
  const lines = entries.map(([name, output]) => {
    const unknown = JSON.stringify(outputsBefore[name] ?? null).includes(UNKNOWN);
    const value = short(show(output));
    const like = value === "" || value.includes(UNKNOWN) ? "" : `, like ${value}`;
    return `${name.padEnd(longest)}  ${unknown ? paint.dim(`known after the deploy${like}`) : value}`;
  });
  const rest = unknownInputs === 0 ? [] : [paint.dim(`${unknownInputs} inputs take their values from resources that do not exist yet.`)];
  return [...lines, ...rest];
}

/** What is longer than two lines is cut; --json has it all. */
const short = (text: string) => (text.length > 160 ? `${text.slice(0, 159)}…` : text);

function show(value: Json): string {
  return typeof value === "string" ? (value === SECRET ? SECRET : value) : JSON.stringify(value);
}
