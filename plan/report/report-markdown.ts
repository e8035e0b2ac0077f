import { abbreviated } from "../../tool/text";
import { missingPrices, pricedAs } from "../cost/amounts";
import { Query } from "../graph/query";
import type { FullPlan } from "../plan";
import type { Finding } from "../plan-json";
import { comment, type Section } from "./comment";
import { findingGroups } from "./groups";
import { code, markdown, table } from "./markdown";
import { byOwner, money, sharedLines } from "./report-cost";
import { where } from "./report-findings";

/** The plan as Markdown, for a comment on a pull request: what it costs part by part, how long rollouts take, and what the rules say. */
export function planMarkdown(full: FullPlan): string {
  const { plan, resources } = full;
  const made = resources.filter(({ custom, read }) => custom && !read).length;
  const head = [
    `### ${markdown(`${plan.project} / ${plan.stack}`)}`,
    "",
    `**${made} resources in ${plan.cost.region}. ${costText(full)}**`,
    ...rollouts(full),
  ];
  return comment(plan, head, [{ title: "Monthly cost", lines: titled("Monthly cost", costs(full)) }, ...rulesOf(full).sections]);
}

/** What the rules say: some of their findings as a table, and all of it as sections. */
export function rulesOf({ plan, resources }: Pick<FullPlan, "plan" | "resources">) {
  const graph = new Query(resources);
  const place = (urn: string) => markdown(where(graph, urn).replace(/: $/, ""));
  const findings = (some: Finding[]) =>
    table(
      ["Severity", "Resource", "Problem and fix", "Rule"],
      findingGroups(some).map(({ severity, level, fix, source, findings: all }) => [
        level === "mandatory" ? `❌ ${severity}` : severity,
        `${abbreviated([...new Set(all.map(({ urn }) => place(urn)))])}${source === undefined ? "" : `<br>${code(source)}`}`,
        `${abbreviated([...new Set(all.map(({ message }) => markdown(message)))], 1)}<br>${code(fix)}`,
        [...new Set(all.map(({ rule }) => code(rule)))].join("<br>"),
      ]),
    );
  const undecided = plan.undecided.map(({ rule, severity, urn, message }) => [severity, place(urn), markdown(message), code(rule)]);
  const failing = plan.findings.filter(({ level }) => level === "mandatory").length;
  const sections: Section[] = [
    {
      title: "Findings",
      lines: titled(
        `Findings (${plan.findings.length}, of which ${failing === 1 ? "one fails" : `${failing} fail`} the plan)`,
        findings(plan.findings),
      ),
    },
    {
      title: "Undecided",
      lines: titled(
        `Undecided (${undecided.length}): a value is not known before the deploy`,
        table(["Severity", "Resource", "What is unknown", "Rule"], undecided),
      ),
    },
  ];
  return { findings, sections };
}

/** Lines under a title, where there are any. */
export const titled = (title: string, lines: string[]): string[] => (lines.length === 0 ? [] : [`#### ${title}`, "", ...lines]);

function costText({ plan: { cost }, budget }: FullPlan): string {
  const range = cost.monthlyMaximum > cost.monthlyIdle ? `, ${money(cost.monthlyMaximum)} at full scale` : "";
  const over = budget !== undefined && cost.monthlyIdle > budget ? ` That is over the budget of ${money(budget)}.` : "";
  return `Monthly idle cost ${money(cost.monthlyIdle)} ${cost.currency}${range}${pricedAs(cost)}.${over}`;
}

function costs({ plan: { cost }, resources }: FullPlan): string[] {
  const parts = byOwner(cost, resources).map(({ name, monthly, details }) => [
    markdown(name),
    money(monthly),
    markdown(details.join(", ")),
  ]);
  const missing = missingPrices(cost);
  const left = [
    ...(missing === undefined ? [] : [`- Note: ${markdown(missing)}`]),
    ...cost.unpriced.map((what) => `- Without a price, and not in the total: ${markdown(what)}`),
    ...cost.unknown.map((what) => `- Unknown, and not in the total: ${markdown(what)}`),
    ...sharedLines(cost, resources).map((line) => `- ${markdown(line)}`),
  ];
  const total = parts.length === 0 ? [] : [["**total, idle**", `**${money(cost.monthlyIdle)}**`, pricedAs(cost).trim()]];
  return [...table(["Part", cost.currency, "Details"], [...parts, ...total]), ...(left.length > 0 ? ["", ...left] : [])];
}

function rollouts({ plan, resources }: FullPlan): string[] {
  const graph = new Query(resources);
  const lines = plan.rollout.map((rollout) => {
    const name = markdown(graph.get(rollout.service)?.name ?? rollout.service);
    return rollout.seconds === null
      ? `- Rollout of ${name}: unknown: ${markdown(rollout.unknown)}`
      : `- Rollout of ${name}: ${rollout.seconds} s`;
  });
  return lines.length === 0 ? [] : ["", ...lines];
}
