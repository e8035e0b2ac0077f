import { STACK_TYPE } from "../../facts/urn";
import { type Paint, paintFor } from "../../tool/paint";
import { abbreviated, plural } from "../../tool/text";
import { pricedAs } from "../cost/amounts";
import { Query } from "../graph/query";
import type { FullPlan } from "../plan";
import { durationText } from "./duration";
import { findingGroups, isAdvice, messageGroups, rolloutGroups } from "./groups";
import { byOwner, money } from "./report-cost";
import { where } from "./report-findings";

/** So many lines of one kind: the whole fits one screen. */
const MOST = 6;

/** The plan on one screen: how much, what it costs, how long it takes, and what to fix first. */
export function summary(full: FullPlan, { color, width }: { color: boolean; width: number }): string {
  const { plan, resources } = full;
  const paint = paintFor(color);
  const components = resources.filter(({ custom, type }) => !custom && type !== STACK_TYPE).length;
  const made = resources.filter(({ custom, read }) => custom && !read).length;
  const lines = [
    `${paint.bold(`${plan.project} / ${plan.stack}`)} ${paint.dim(`in ${plan.cost.region}, planned offline`)}`,
    `${plural(made, "resource")} in ${plural(components, "component")}; the first deploy takes about ${durationText(plan.time.firstDeploy.seconds)}`,
    "",
    ...costs(full, paint),
    ...rollouts(full),
    ...findings(full, paint),
    ...(plan.undecided.length > 0 ? [`${plural(plan.undecided.length, "check")} undecided: a value is not known before the deploy`] : []),
    ...messageGroups(plan.messages)
      .filter(({ severity }) => severity === "warning")
      .map(({ text }) => `${paint.yellow("warning")}: ${text}`),
  ];
  const cut = (line: string) => (line.length > width && !color ? `${line.slice(0, width - 1)}…` : line);
  return `${lines.map(cut).join("\n")}\n`;
}

function costs({ plan: { cost }, resources, budget }: FullPlan, paint: Paint): string[] {
  const most = cost.monthlyMaximum > cost.monthlyIdle ? `, ${money(cost.monthlyMaximum)} at full scale` : "";
  const over = budget !== undefined && cost.monthlyIdle > budget ? paint.red(`, over the budget of ${money(budget)}`) : "";
  const rows = [...byOwner(cost, resources)].sort((a, b) => b.monthly - a.monthly);
  const left = cost.unpriced.length + cost.unknown.length;
  return [
    `${paint.bold(`${money(cost.monthlyIdle)} ${cost.currency}`)} a month idle${most}${pricedAs(cost)}${over}`,
    ...few(
      rows.map(({ name, monthly, details }) => `${money(monthly).padStart(8)}  ${name}  ${paint.dim(details.join(", "))}`),
      (count) => `          and ${plural(count, "more part")}`,
    ),
    ...(left > 0 ? [paint.yellow(`          without ${abbreviated([...cost.unpriced, ...cost.unknown])}`)] : []),
    "",
  ];
}

function rollouts({ plan, resources }: FullPlan): string[] {
  const graph = new Query(resources);
  const lines = rolloutGroups(plan.rollout).map(({ rollout, services }) => {
    const names = abbreviated(services.map((urn) => graph.get(urn)?.name ?? urn));
    return `Rollout of ${names}: ${rollout.seconds === null ? "unknown" : `${rollout.seconds} s, back in ${rollout.rollbackSeconds} s`}`;
  });
  return lines.length === 0 ? [] : [...few(lines, (count) => `and ${plural(count, "other rollout")}`), ""];
}

function findings({ plan, resources }: FullPlan, paint: Paint): string[] {
  const graph = new Query(resources);
  const groups = findingGroups(plan.findings);
  if (groups.length === 0) return [paint.green("No findings.")];
  const failing = groups.filter(({ level }) => level === "mandatory").length;
  const advice = groups.filter(isAdvice).length;
  const counts = [
    ...(failing > 0 ? [paint.red(`${plural(failing, "change")} needed, or the plan fails`)] : []),
    ...(groups.length > failing + advice ? [`${plural(groups.length - failing - advice, "change")} recommended`] : []),
    ...(advice > 0 ? [`${advice === groups.length ? plural(advice, "change") : advice} for production`] : []),
  ];
  const grave = groups.filter((group) => !isAdvice(group));
  return [
    paint.bold(counts.join(", ")),
    ...few(
      grave.map(({ severity, fix, findings: [first] }) =>
        first && !fix.startsWith("Set ") ? `  ${severity}  ${where(graph, first.urn)}${first.message}` : `  ${severity}  ${fix}`,
      ),
      (count) => `  and ${count} more; without --summary the plan says all`,
    ),
  ];
}

function few(lines: string[], more: (count: number) => string): string[] {
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST), more(lines.length - MOST)];
}
