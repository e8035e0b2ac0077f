import type { Step, UpdateOrder } from "./order";

/** Steps of an update that need not wait for each other. */
export interface Stage {
  steps: { action: "create" | "update" | "replace" | "delete"; urn: string }[];
}

/** The steps of an update in stages: each step stands in the first in which all that it waits for is over. */
export function stagesOf(order: UpdateOrder): Stage[] {
  const numbers = new Map<Step, number>();
  const stages: Stage[] = [];
  for (const step of order.inOrder()) {
    const number = Math.max(0, ...[...order.over(step)].map((one) => (numbers.get(one) ?? 0) + 1));
    numbers.set(step, number);
    const stage = stages[number] ?? { steps: [] };
    stages[number] = stage;
    stage.steps.push({ action: actionOf(step), urn: step.resource.urn });
  }
  return stages;
}

const actionOf = ({ kind, change }: Step) => (kind === "create" && change.action === "replace" ? "replace" : kind);
