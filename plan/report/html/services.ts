import { known } from "../../../policy/graph/undecided";
import { sizeText } from "../../cost/amounts";
import { Query } from "../../graph/query";
import { serviceFacts } from "../../graph/services";
import type { FullPlan } from "../../plan";
import type { Picture } from "../picture";
import { money } from "../report-cost";
import { cards } from "./cards";
import { type Html, html } from "./escape";

/** A row for each service: how many tasks of which size, what reaches it, what it uses, what it costs and how long its rollout takes. */
export function servicesSection({ plan, resources }: FullPlan, { nodes, edges }: Picture): Html | undefined {
  const graph = new Query(resources);
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  const rows = serviceFacts(graph).map((facts) => {
    const { urn, name } = facts;
    const reachedBy = edges.filter(({ to }) => to === urn).map(({ from, label }) => label || (nodeOf.get(from)?.title ?? ""));
    const uses = edges.flatMap(({ from, to }) => {
      const node = nodeOf.get(to);
      return from === urn && node?.kind === "data" ? [`${node.title} (${node.detail[0] ?? ""})`] : [];
    });
    const cost = plan.cost.lines.filter((line) => line.urn === urn).reduce((sum, { monthly }) => sum + monthly, 0);
    const seconds = plan.rollout.find(({ service }) => service === urn)?.seconds;
    return [
      name,
      short(known(() => (facts.min === facts.max ? String(facts.min) : `${facts.min} to ${facts.max}`))),
      short(known(() => sizeText(facts.size))),
      reachedBy.join(", "),
      uses.join(", "),
      { number: money(cost) },
      { number: seconds === null || seconds === undefined ? "unknown" : `${seconds} s` },
    ];
  });
  const table = cards(["Service", "Tasks", "Size", "Reached by", "Uses", `${plan.cost.currency} a month`, "Rollout"], rows);
  if (table === undefined) return undefined;
  return html`<section class="long" aria-labelledby="services"><h2 id="services">${rows.length === 1 ? "Service" : `${rows.length} services`}</h2>${table}</section>`;
}

/** On one line. */
const short = (text = "unknown") => html`<span class="short">${text}</span>`;
