import type { RecordedResource } from "../../facts/graph";
import { shortType } from "../../facts/types";
import type { Paint } from "../../tool/paint";
import { abbreviated } from "../../tool/text";
import { missingPrices, pricedAs } from "../cost/amounts";
import { Query } from "../graph/query";
import type { Cost, Rollout } from "../plan-json";
import { by, rolloutGroups, savingGroups } from "./groups";

/** Money and time, as sections of the text report. */

export function money(amount: number): string {
  return amount.toFixed(2);
}

export function costLines(cost: Cost, resources: readonly RecordedResource[], budget: number | undefined, paint: Paint): string[] {
  const owners = byOwner(cost, resources);
  const range = cost.monthlyMaximum > cost.monthlyIdle ? ` ${paint.dim(`to ${money(cost.monthlyMaximum)} at full scale`)}` : "";
  const rows: [name: string, amount: string, detail: string][] = owners.map(({ name, monthly, details }) => [
    name,
    money(monthly),
    details.join(", "),
  ]);
  rows.push(["total, idle", money(cost.monthlyIdle), ""]);
  const use = cost.usage.reduce((sum, { monthly }) => sum + monthly, 0);
  if (cost.usage.length > 0)
    rows.push([
      "use adds",
      money(use),
      `${cost.usage.map(({ what, assumption }) => `${what}: ${assumption}`).join("; ")}${pricedAs(cost)}`,
    ]);
  const [wide, figures] = [Math.max(...rows.map(([name]) => name.length)), Math.max(...rows.map(([, amount]) => amount.length))];
  const table = rows.map(([name, amount, detail]) => {
    const total = name === "total, idle";
    const head = `${name.padEnd(wide)}  ${amount.padStart(figures)}`;
    return total ? `${paint.bold(head)} ${cost.currency}${range}${paint.yellow(pricedAs(cost))}` : `${head}  ${paint.dim(detail)}`;
  });
  const over =
    budget !== undefined && cost.monthlyIdle > budget
      ? [paint.red(`${money(cost.monthlyIdle - budget)} over the budget of ${money(budget)}`)]
      : [];
  const unpriced = cost.unpriced.length === 0 ? [] : [paint.yellow(`without a price, and not in the total: ${cost.unpriced.join(", ")}`)];
  const unknown = cost.unknown.map((what) => paint.yellow(`unknown, and not in the total: ${what}`));
  const savings = savingGroups(cost.savings).map(
    ({ what, monthly, note }) => `could save ${money(monthly).padStart(figures)}  ${what} ${paint.dim(`(${note})`)}`,
  );
  const missing = missingPrices(cost);
  const shared = sharedLines(cost, resources).map((line) => paint.dim(line));
  const elsewhere = missing === undefined ? [] : [paint.yellow(missing)];
  return [...table, ...elsewhere, ...over, ...unpriced, ...unknown, ...shared, ...savings];
}

/** What services share, in sentences: each service with its part of what it has with others, and what another stack has made. */
export function sharedLines(cost: Cost, resources: readonly RecordedResource[]): string[] {
  const graph = new Query(resources);
  const named = (urn: string) => `${graph.get(urn)!.name} ${shortType(graph.get(urn)!.type)}`;
  const withShares = by(cost.shares, ({ service: _, ...amounts }) => JSON.stringify(amounts)).map((group) => {
    const [{ own, shared, monthly }] = group;
    const parts = [`${money(own)} of its own`, ...shared.map((part) => `${money(part.monthly)} of ${named(part.urn)}`)];
    const each = group.length > 1 ? " each" : "";
    return `with its share: ${abbreviated(group.map(({ service }) => graph.get(service)!.name))} ${money(monthly)}${each} (${parts.join(", ")})`;
  });
  const elsewhere = cost.elsewhere.map(
    ({ what, own }) => `${what}: shared, of another stack; an own one would cost ${money(own)} ${cost.currency}`,
  );
  return [...withShares, ...elsewhere];
}

/** What each component right under the stack costs, in the program's order; those of one type that cost the same for the same stand in one row. */
export function byOwner(cost: Cost, resources: readonly RecordedResource[]): { name: string; monthly: number; details: string[] }[] {
  const graph = new Query(resources);
  const owners = new Map<string, { name: string; type: string; monthly: number; details: string[] }>();
  for (const { urn, what, monthly, estimate } of cost.lines) {
    const resource = graph.get(urn);
    if (!resource) continue;
    const owner = graph.owner(resource);
    const entry = owners.get(owner.urn) ?? { name: owner.name, type: shortType(owner.type), monthly: 0, details: [] };
    entry.monthly += monthly;
    entry.details.push(`${what}${estimate ? " (estimate)" : ""}`);
    owners.set(owner.urn, entry);
  }
  return by([...owners.values()], ({ name: _, ...rest }) => JSON.stringify(rest)).map((group) => {
    const [{ type, monthly, details }] = group;
    const each = group.length === 1 ? [] : [`${money(monthly)} each`];
    const name = `${abbreviated(group.map((one) => one.name))} ${type}`;
    return { name, monthly: monthly * group.length, details: [...counted(details), ...each] };
  });
}

/** `NAT gateway ×3` for three times the same. */
function counted(details: string[]): string[] {
  const times = new Map<string, number>();
  for (const detail of details) times.set(detail, (times.get(detail) ?? 0) + 1);
  return [...times].map(([detail, count]) => (count > 1 ? `${detail} ×${count}` : detail));
}

export function rolloutLines(rollouts: readonly Rollout[], resources: readonly RecordedResource[], paint: Paint): string[] {
  const graph = new Query(resources);
  return rolloutGroups(rollouts).flatMap(({ rollout, services }) => {
    const name = abbreviated(services.map((urn) => graph.get(urn)?.name ?? urn));
    if (rollout.seconds === null) return [`${name}: ${paint.yellow("unknown")}: ${rollout.unknown}`];
    const more = [
      rollout.strategy.toLowerCase().replace("_", "/"),
      ...(rollout.secondsWithInstanceBoot === undefined ? [] : [`${rollout.secondsWithInstanceBoot} s if an instance must boot`]),
      `back in ${rollout.rollbackSeconds} s`,
      ...(rollout.giveUpSeconds === null ? ["no circuit breaker"] : [`given up after ${rollout.giveUpSeconds} s`]),
    ];
    const steps = rollout.steps.map(({ what, seconds }) => `${what} ${seconds}`).join(", ");
    const costly = rollout.costliest.map(
      ({ setting, value, seconds, fast }) => `${setting} of ${value} costs ${seconds} s (${fast} is fast)`,
    );
    return [
      `${name}: ${paint.bold(`${rollout.seconds} s`)} ${paint.dim(more.join(", "))}`,
      paint.dim(`  ${steps}`),
      ...costly.map((line) => paint.dim(`  ${line}`)),
    ];
  });
}
