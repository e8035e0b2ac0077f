import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json, RecordedResource } from "../../../facts/graph";
import { UNKNOWN } from "../../../facts/graph";
import { shortType } from "../../../facts/types";
import { STACK_TYPE } from "../../../facts/urn";
import { abbreviated, plural } from "../../../tool/text";
import { missingPrices, pricedAs } from "../../cost/amounts";
import { byParent } from "../../graph/order";
import { Query } from "../../graph/query";
import type { FullPlan } from "../../plan";
import type { Comparison } from "../../update/compare";
import { condense } from "../condense";
import { durationText, timeText } from "../duration";
import { by, type FindingGroup, findingGroups, isAdvice, messageGroups, rolloutGroups, savingGroups } from "../groups";
import { pictureOf } from "../picture";
import { byOwner, money, sharedLines } from "../report-cost";
import { where } from "../report-findings";
import { cards } from "./cards";
import { comparisonSection } from "./comparison";
import { Html, html } from "./escape";
import { servicesSection } from "./services";
import { svg } from "./svg";

/** So many lines are shown; the rest is folded. */
const FEW = 3;

/** The plan, and what it changes, as one HTML file that needs nothing else: no script, no font, no request. */
export function page(full: FullPlan, comparison?: Comparison): string {
  const { plan } = full;
  const title = `${plan.project} / ${plan.stack}`;
  const style = new Html(readFileSync(join(__dirname, "report.css"), "utf8"));
  const picture = pictureOf(full.resources);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: plan</title>
<style>
${style}</style>
</head>
<body>
<header><h1>${title} <small>planned offline, in ${plan.cost.region}</small></h1></header>
<main>
${facts(full)}
${comparison && comparisonSection(comparison)}
${findings(full)}
${servicesSection(full, picture)}
<section aria-labelledby="picture"><h2 id="picture">Architecture</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="picture">${svg(condense(picture), `Architecture of ${title}`)}</div></section>
${costs(full)}
${rollouts(full)}
${undecided(full)}
${tree(full)}
${outputs(full)}
${messages(full)}
</main>
<footer>Written by berth plan. Ids and ARNs are made up; costs and times are computed from the stack's own resources.</footer>
</body>
</html>
`.text;
}

function facts({ plan, resources }: FullPlan): Html {
  const made = resources.filter(({ custom, read }) => custom && !read).length;
  const slowest = plan.rollout.some(({ seconds }) => seconds === null)
    ? "unknown"
    : `${Math.max(...plan.rollout.map(({ seconds }) => seconds ?? 0))} s`;
  const { monthlyIdle, monthlyMaximum, currency } = plan.cost;
  const notes = [...(monthlyMaximum > monthlyIdle ? [`up to ${money(monthlyMaximum)} at full scale`] : []), pricedAs(plan.cost).trim()];
  const groups = findingGroups(plan.findings);
  const advice = groups.filter(isAdvice).length;
  const failing = groups.filter(({ level }) => level === "mandatory").length;
  const rows: [term: string, value: string, note?: string][] = [
    ["Idle month", `${money(monthlyIdle)} ${currency}`, notes.filter((note) => note !== "").join(" ")],
    ["First deploy", `about ${durationText(plan.time.firstDeploy.seconds)}`],
    ...(plan.rollout.length > 0
      ? [["Rollout", slowest, plan.rollout.length > 1 && slowest !== "unknown" ? "the slowest" : undefined] as [string, string, string?]]
      : []),
    [
      "To fix",
      String(groups.length - advice),
      failing > 0 ? `${failing} or the plan fails` : advice > 0 ? `and ${advice} for production` : undefined,
    ],
    ["Resources", String(made)],
    ...(plan.undecided.length > 0 ? [["Undecided", plural(plan.undecided.length, "check")] as [string, string]] : []),
  ];
  return html`<dl class="facts">${rows.map(([term, value, note]) => html`<div><dt>${term}</dt><dd>${value}</dd>${note ? html`<dd class="note">${note}</dd>` : undefined}</div>`)}</dl>`;
}

/** Each change with all that it ends; what only a stack for production needs is folded. */
function findings({ plan, resources }: FullPlan): Html | undefined {
  const groups = findingGroups(plan.findings);
  if (groups.length === 0) return undefined;
  const graph = new Query(resources);
  const item = ({ severity, level, fix, source, findings: all }: FindingGroup): Html => {
    const lines = all.map(({ urn, message, rule }) => html`<li>${where(graph, urn)}${message} <span class="soft">${rule}</span></li>`);
    const few =
      lines.length <= FEW
        ? html`<ul>${lines}</ul>`
        : html`<ul>${lines.slice(0, FEW)}</ul><details><summary>and ${lines.length - FEW} more</summary><ul>${lines.slice(FEW)}</ul></details>`;
    return html`
<li><p><span class="severity ${severity}">${severity}${level === "mandatory" ? ", fails the plan" : ""}</span> <code>${fix}</code>${source === undefined ? undefined : html` <span class="soft">${source}</span>`}</p>${few}</li>`;
  };
  const [grave, advice] = [groups.filter((group) => !isAdvice(group)), groups.filter(isAdvice)];
  const folded = html`<details><summary>For production (${advice.length})</summary><ul class="changes">${advice.map(item)}</ul></details>`;
  return html`<section class="long" aria-labelledby="findings"><h2 id="findings">Findings</h2>
${grave.length === 0 ? html`<p>Nothing to fix in a stack like this.</p>` : html`<ul class="changes">${grave.map(item)}</ul>`}${advice.length === 0 ? undefined : folded}</section>`;
}

function undecided({ plan, resources }: FullPlan): Html | undefined {
  const graph = new Query(resources);
  const rules = by(plan.undecided, ({ rule }) => rule).map(
    (all) => html`
<li><p><span class="severity ${all[0].severity}">${all[0].severity}</span> ${all[0].rule}</p><details><summary>${plural(all.length, "value")}</summary><ul>${all.map(({ urn, message }) => html`<li>${where(graph, urn)}${message}</li>`)}</ul></details></li>`,
  );
  if (rules.length === 0) return undefined;
  return html`<section class="long" aria-labelledby="undecided"><h2 id="undecided">Undecided</h2>
<p>These rules need a value that is not known before the deploy.</p><ul class="changes">${rules}</ul></section>`;
}

function costs({ plan, resources, budget }: FullPlan): Html {
  const { cost } = plan;
  const row = (what: string, monthly: number, details: string) => html`
<tr><th scope="row">${what}</th><td class="number">${money(monthly)}</td><td>${details}</td></tr>`;
  const rows = byOwner(cost, resources).map(({ name, monthly, details }) => row(name, monthly, details.join(", ")));
  const usage = cost.usage.map(({ what, assumption, monthly }) => row(what, monthly, assumption));
  const savings = savingGroups(cost.savings).map(({ what, monthly, note }) => row(what, monthly, note));
  const table = (caption: string, body: Html[], foot?: Html) =>
    body.length === 0
      ? undefined
      : html`<table class="money"><caption>${caption}</caption><thead><tr><th scope="col">What</th><th scope="col" class="number">${cost.currency} a month</th><th scope="col">Details</th></tr></thead><tbody>${body}</tbody>${foot}</table>`;
  const total = html`<tfoot><tr><th scope="row">total</th><td class="number">${money(cost.monthlyIdle)}</td><td>${cost.monthlyMaximum > cost.monthlyIdle ? `up to ${money(cost.monthlyMaximum)} at full scale` : ""}${pricedAs(cost)}</td></tr></tfoot>`;
  const over =
    budget !== undefined && cost.monthlyIdle > budget
      ? html`<p class="mandatory">${money(cost.monthlyIdle - budget)} over the budget of ${money(budget)}.</p>`
      : undefined;
  const unpriced =
    cost.unpriced.length > 0 ? html`<p class="warning">Without a price, and not in the total: ${cost.unpriced.join(", ")}.</p>` : undefined;
  const missing = missingPrices(cost);
  const unknown = cost.unknown.map((what) => html`<p class="warning">Unknown, and not in the total: ${what}</p>`);
  const shared = sharedLines(cost, resources).map((line) => html`<p class="soft">${line}</p>`);
  return html`<section class="long" aria-labelledby="cost"><h2 id="cost">Cost</h2>${over}
${table("A month in which nobody uses the stack", rows, total)}${unpriced}${unknown}${shared}
${table("What use adds, under the stack's assumptions", usage)}
${table("What could be saved", savings)}
<p class="soft">Prices of ${cost.prices.region}, ${cost.prices.date}: ${cost.prices.source}.${missing === undefined ? "" : ` Note: ${missing}.`}</p></section>`;
}

function rollouts({ plan, resources }: FullPlan): Html | undefined {
  if (plan.rollout.length === 0) return undefined;
  const graph = new Query(resources);
  const each = rolloutGroups(plan.rollout).map(({ rollout, services }) => {
    const names = services.map((urn) => graph.get(urn)?.name ?? urn);
    const name = abbreviated(names);
    if (rollout.seconds === null) return html`<h3>${name}: unknown</h3><p class="warning">${rollout.unknown}</p>`;
    const bar = rollout.steps.map(({ what, seconds }) => html`<span style="flex:${seconds} 0 0" title="${what}: ${seconds} s"></span>`);
    const steps = rollout.steps.map(({ what, start, seconds }) => [what, { number: `${start} s` }, { number: `${seconds} s` }]);
    const more = [
      `back to the revision before in ${rollout.rollbackSeconds} s`,
      ...(rollout.secondsWithInstanceBoot === undefined ? [] : [`${rollout.secondsWithInstanceBoot} s if an instance must boot`]),
      rollout.giveUpSeconds === null
        ? "no circuit breaker"
        : `tasks that never become healthy are given up after ${rollout.giveUpSeconds} s`,
    ];
    const costly = rollout.costliest.map(
      ({ setting, value, seconds, fast }) => html`<li>${setting} of ${value} costs ${seconds} s; ${fast} is fast</li>`,
    );
    return html`<h3>${name}: ${rollout.seconds} s <small class="soft">${rollout.strategy.toLowerCase().replace("_", "/")}</small></h3>
<div class="steps" aria-hidden="true">${bar}</div>
<p>${more.join("; ")}.</p>${costly.length > 0 ? html`<ul>${costly}</ul>` : undefined}
<details><summary>Step by step</summary>${cards(["Step", "Begins", "Takes"], steps, "From the new revision on")}</details>`;
  });
  return html`<section class="long" aria-labelledby="rollout"><h2 id="rollout">Rollout</h2>
<p>First deploy: ${timeText(plan.time.firstDeploy)}</p>${each}</section>`;
}

/** All resources as the program's own tree, folded. */
function tree({ resources }: FullPlan): Html {
  const children = byParent(resources);
  const item = (resource: RecordedResource): Html => {
    const below = children.get(resource.urn) ?? [];
    const line = html`${resource.custom ? resource.name : html`<strong>${resource.name}</strong>`} <span class="type">${shortType(resource.type)}</span>`;
    return html`<li>${line}${below.length > 0 ? html`<ul>${below.map(item)}</ul>` : undefined}</li>`;
  };
  const root = resources.find(({ type }) => type === STACK_TYPE);
  const made = resources.filter(({ custom, read }) => custom && !read).length;
  return html`<section class="long" aria-labelledby="tree"><h2 id="tree">Resources</h2>
<details><summary>${plural(made, "resource")}, as the program makes them</summary><ul class="tree">${(children.get(root?.urn ?? null) ?? []).map(item)}</ul></details></section>`;
}

function outputs({ plan, outputsBefore }: FullPlan): Html | undefined {
  const rows = Object.entries(plan.outputs).map(([name, value]) => {
    const unknown = JSON.stringify(outputsBefore[name] ?? null).includes(UNKNOWN);
    return html`
<tr><th scope="row">${name}</th><td>${unknown ? html`<span class="soft">known after the deploy, like</span> ` : undefined}${folded(show(value))}</td></tr>`;
  });
  return rows.length === 0
    ? undefined
    : html`<section aria-labelledby="outputs"><h2 id="outputs">Outputs</h2><table><tbody>${rows}</tbody></table></section>`;
}

/** A value of many lines opens on a click. */
const folded = (text: string) =>
  text.length > 200
    ? html`<details><summary><code>${text.slice(0, 80)}…</code></summary><code>${text}</code></details>`
    : html`<code>${text}</code>`;

function show(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function messages({ plan: { messages: said } }: FullPlan): Html | undefined {
  if (said.length === 0) return undefined;
  const items = messageGroups(said).map(
    ({ severity, text }) => html`<li><span class="${severity}">${severity === "warning" ? "warning: " : ""}</span>${text}</li>`,
  );
  const rest = items.slice(FEW);
  const folded = rest.length === 0 ? undefined : html`<details><summary>and ${rest.length} more</summary><ul>${rest}</ul></details>`;
  return html`<section aria-labelledby="messages"><h2 id="messages">The program says</h2><ul>${items.slice(0, FEW)}</ul>${folded}</section>`;
}
