import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json, RecordedResource } from "../../../facts/graph";
import { UNKNOWN } from "../../../facts/graph";
import { shortType } from "../../../facts/types";
import { STACK_TYPE } from "../../../facts/urn";
import { missingPrices, pricedAs } from "../../cost/amounts";
import { Query } from "../../graph/query";
import type { FullPlan } from "../../plan";
import type { Comparison } from "../../update/compare";
import { durationText, timeText } from "../duration";
import { pictureOf } from "../picture";
import { byOwner, money } from "../report-cost";
import { comparisonSection } from "./comparison";
import { Html, html } from "./escape";
import { svg } from "./svg";

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
<section aria-labelledby="picture"><h2 id="picture">Architecture</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="picture">${svg(picture, `Architecture of ${title}`)}</div></section>
${findings(full)}
${undecided(full)}
${costs(full)}
${rollouts(full)}
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
  const range = plan.cost.monthlyMaximum > plan.cost.monthlyIdle ? ` to ${money(plan.cost.monthlyMaximum)}` : "";
  const rows: [string, string][] = [
    ["Resources", String(made)],
    ["First deploy", `about ${durationText(plan.time.firstDeploy.seconds)}`],
    ["Idle month", `${money(plan.cost.monthlyIdle)}${range} ${plan.cost.currency}${pricedAs(plan.cost)}`],
    ...(plan.rollout.length > 0 ? [["Rollout", slowest] as [string, string]] : []),
    ["Findings", String(plan.findings.length)],
    ...(plan.undecided.length > 0 ? [["Undecided", String(plan.undecided.length)] as [string, string]] : []),
  ];
  return html`<dl class="facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function findings({ plan, resources }: FullPlan): Html | undefined {
  if (plan.findings.length === 0) return undefined;
  const graph = new Query(resources);
  const rows = plan.findings.map(({ rule, severity, level, urn, message, fix, source }) => {
    const resource = graph.get(urn);
    const where = resource ? `${shortType(resource.type)} ${resource.name}` : "";
    return html`
<tr><td class="severity ${severity}">${severity}${level === "mandatory" ? ", fails the plan" : ""}</td><td>${where}${source ? html`<br><span class="soft">${source}</span>` : undefined}</td><td>${message}<br><code>${fix}</code></td><td class="soft">${rule}</td></tr>`;
  });
  return html`<section class="long" aria-labelledby="findings"><h2 id="findings">Findings</h2>
<table><thead><tr><th scope="col">Severity</th><th scope="col">Resource</th><th scope="col">Problem and fix</th><th scope="col">Rule</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function undecided({ plan, resources }: FullPlan): Html | undefined {
  if (plan.undecided.length === 0) return undefined;
  const graph = new Query(resources);
  const rows = plan.undecided.map(({ rule, severity, urn, message, source }) => {
    const resource = graph.get(urn);
    const where = resource ? `${shortType(resource.type)} ${resource.name}` : "";
    return html`
<tr><td class="severity ${severity}">${severity}</td><td>${where}${source ? html`<br><span class="soft">${source}</span>` : undefined}</td><td>${message}</td><td class="soft">${rule}</td></tr>`;
  });
  return html`<section class="long" aria-labelledby="undecided"><h2 id="undecided">Undecided</h2>
<p>These rules need a value that is not known before the deploy.</p>
<table><thead><tr><th scope="col">Severity</th><th scope="col">Resource</th><th scope="col">What is unknown</th><th scope="col">Rule</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function costs({ plan, resources, budget }: FullPlan): Html {
  const { cost } = plan;
  const rows = byOwner(cost, resources).map(
    ({ name, monthly, details }) => html`
<tr><th scope="row">${name}</th><td class="number">${money(monthly)}</td><td>${details.join(", ")}</td></tr>`,
  );
  const usage = cost.usage.map(
    ({ what, assumption, monthly }) => html`
<tr><th scope="row">${what}</th><td class="number">${money(monthly)}</td><td>${assumption}</td></tr>`,
  );
  const savings = cost.savings.map(
    ({ what, monthly, note }) => html`
<tr><th scope="row">${what}</th><td class="number">${money(monthly)}</td><td>${note}</td></tr>`,
  );
  const table = (caption: string, body: Html[], foot?: Html) =>
    body.length === 0
      ? undefined
      : html`<table><caption>${caption}</caption><thead><tr><th scope="col">What</th><th scope="col" class="number">${cost.currency} a month</th><th scope="col">Details</th></tr></thead><tbody>${body}</tbody>${foot}</table>`;
  const total = html`<tfoot><tr><th scope="row">total</th><td class="number">${money(cost.monthlyIdle)}</td><td>${cost.monthlyMaximum > cost.monthlyIdle ? `up to ${money(cost.monthlyMaximum)} at full scale` : ""}${pricedAs(cost)}</td></tr></tfoot>`;
  const over =
    budget !== undefined && cost.monthlyIdle > budget
      ? html`<p class="mandatory">${money(cost.monthlyIdle - budget)} over the budget of ${money(budget)}.</p>`
      : undefined;
  const unpriced =
    cost.unpriced.length > 0 ? html`<p class="warning">Without a price, and not in the total: ${cost.unpriced.join(", ")}.</p>` : undefined;
  const missing = missingPrices(cost);
  const unknown = cost.unknown.map((what) => html`<p class="warning">Unknown, and not in the total: ${what}</p>`);
  return html`<section class="long" aria-labelledby="cost"><h2 id="cost">Cost</h2>${over}
${table("A month in which nobody uses the stack", rows, total)}${unpriced}${unknown}
${table("What use adds, under the stack's assumptions", usage)}
${table("What could be saved", savings)}
<p class="soft">Prices of ${cost.prices.region}, ${cost.prices.date}: ${cost.prices.source}.${missing === undefined ? "" : ` Note: ${missing}.`}</p></section>`;
}

function rollouts({ plan, resources }: FullPlan): Html | undefined {
  if (plan.rollout.length === 0) return undefined;
  const graph = new Query(resources);
  const each = plan.rollout.map((rollout) => {
    const name = graph.get(rollout.service)?.name ?? rollout.service;
    if (rollout.seconds === null) return html`<h3>${name}: unknown</h3><p class="warning">${rollout.unknown}</p>`;
    const bar = rollout.steps.map(({ what, seconds }) => html`<span style="flex:${seconds} 0 0" title="${what}: ${seconds} s"></span>`);
    const rows = rollout.steps.map(
      ({ what, start, seconds }) => html`
<tr><th scope="row">${what}</th><td class="number">${start} s</td><td class="number">${seconds} s</td></tr>`,
    );
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
<table><caption>Step by step, from the new revision on</caption><thead><tr><th scope="col">Step</th><th scope="col" class="number">Begins</th><th scope="col" class="number">Takes</th></tr></thead><tbody>${rows}</tbody></table>
<p>${more.join("; ")}.</p>${costly.length > 0 ? html`<ul>${costly}</ul>` : undefined}`;
  });
  return html`<section class="long" aria-labelledby="rollout"><h2 id="rollout">Rollout</h2>
<p>First deploy: ${timeText(plan.time.firstDeploy)}</p>${each}</section>`;
}

function tree({ resources }: FullPlan): Html {
  const children = new Map<string | null, RecordedResource[]>();
  for (const resource of resources) children.set(resource.parent, [...(children.get(resource.parent) ?? []), resource]);
  const item = (resource: RecordedResource): Html => {
    const below = children.get(resource.urn) ?? [];
    const line = html`${resource.custom ? resource.name : html`<strong>${resource.name}</strong>`} <span class="type">${shortType(resource.type)}</span>`;
    return html`<li>${line}${below.length > 0 ? html`<ul>${below.map(item)}</ul>` : undefined}</li>`;
  };
  const root = resources.find(({ type }) => type === STACK_TYPE);
  return html`<section class="long" aria-labelledby="tree"><h2 id="tree">Resources</h2><ul class="tree">${(children.get(root?.urn ?? null) ?? []).map(item)}</ul></section>`;
}

function outputs({ plan, outputsBefore }: FullPlan): Html | undefined {
  const rows = Object.entries(plan.outputs).map(([name, value]) => {
    const unknown = JSON.stringify(outputsBefore[name] ?? null).includes(UNKNOWN);
    return html`
<tr><th scope="row">${name}</th><td>${unknown ? html`<span class="soft">known after the deploy, like</span> ` : undefined}<code>${show(value)}</code></td></tr>`;
  });
  return rows.length === 0
    ? undefined
    : html`<section aria-labelledby="outputs"><h2 id="outputs">Outputs</h2><table><tbody>${rows}</tbody></table></section>`;
}

function show(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function messages({ plan: { messages: said } }: FullPlan): Html | undefined {
  if (said.length === 0) return undefined;
  const items = said.map(
    ({ severity, text }) => html`<li><span class="${severity}">${severity === "warning" ? "warning: " : ""}</span>${text}</li>`,
  );
  return html`<section aria-labelledby="messages"><h2 id="messages">The program says</h2><ul>${items}</ul></section>`;
}
