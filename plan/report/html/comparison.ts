import type { Comparison, ResourceChange } from "../../update/compare";
import { warningText } from "../../update/serving/hazard";
import { timeText } from "../duration";
import { headline, isUpdate, label, moneyAndTime, propertyText, serviceText, shortPaths, stageText, summary } from "../report-compare";
import { type Html, html } from "./escape";

/** The comparison with an earlier plan, or with another stack: what a reviewer reads first. */
export function comparisonSection(comparison: Comparison): Html {
  const { added, removed, changed, services, warnings, order, time } = comparison;
  const update = isUpdate(comparison);
  const figures = [...(update && time ? [timeText(time)] : []), ...moneyAndTime(comparison)];
  const replaced = changed.filter(({ effect }) => effect === "replaced");
  return html`<section class="long" aria-labelledby="changes"><h2 id="changes">${headline(comparison)}</h2>
<p><strong>${summary(comparison)}</strong> ${figures.join(" ")}</p>
${warningTable(warnings)}
${update && services.length > 0 ? html`<ul>${services.map((one) => html`<li>${serviceText(one, warnings)}</li>`)}</ul>` : undefined}
${replacedTable(replaced)}
${list(
  "Changed",
  changed.map(
    (one) =>
      html`<code>${label(one)}</code>${one.effect === "rolls" ? " starts a deployment" : ""}<ul>${one.properties.map((property) => html`<li><code>${propertyText(property)}</code></li>`)}</ul>`,
  ),
)}
${list(
  "Added",
  added.map((one) => html`<code>${label(one)}</code>`),
)}
${list(
  "Removed",
  removed.map(
    (one) => html`<code>${label(one)}</code>${one.stateful ? html` <span class="mandatory">what it holds is lost</span>` : undefined}`,
  ),
)}
${update ? list("Order", order.map(stageText), "ol") : undefined}</section>`;
}

function warningTable(warnings: Comparison["warnings"]): Html | undefined {
  if (warnings.length === 0) return undefined;
  const rows = warnings.map(
    (one) => html`
<tr><td class="mandatory">${warningText(one)}</td><td>${one.advice}</td></tr>`,
  );
  return html`<table><thead><tr><th scope="col">Before you deploy</th><th scope="col">What to do</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function replacedTable(replaced: ResourceChange[]): Html | undefined {
  if (replaced.length === 0) return undefined;
  const rows = replaced.map(
    (one) => html`
<tr><th scope="row"${one.stateful ? html` class="mandatory"` : undefined}>${label(one)}</th><td><code>${shortPaths(one.replacedBy)}</code></td><td>${one.replaced}</td></tr>`,
  );
  return html`<table><thead><tr><th scope="col">Replaced</th><th scope="col">Because of</th><th scope="col">What AWS does</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** Folded, as it may be long. */
function list(title: string, items: (Html | string)[], tag: "ul" | "ol" = "ul"): Html | undefined {
  if (items.length === 0) return undefined;
  const entries = items.map((item) => html`<li>${item}</li>`);
  const body = tag === "ul" ? html`<ul>${entries}</ul>` : html`<ol>${entries}</ol>`;
  return html`<details><summary>${title} (${items.length})</summary>${body}</details>`;
}
