import { readFileSync } from "node:fs";
import { UserError } from "../../facts/errors";
import type { Plan } from "../plan-json";

/** Reads a plan that `berth plan --json` wrote. */
export function readPlanFile(path: string): Plan {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${path} cannot be read (${code ?? message}): name a file that berth plan --json wrote.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${path} is not JSON: write a plan with berth plan --json > ${path}.`);
  }
  if (!isPlan(value)) throw new UserError(`${path} is JSON, but not a plan: write one with berth plan --json > ${path}.`);
  return value;
}

function isPlan(value: unknown): value is Plan {
  const plan = value as Partial<Plan> | null;
  return (
    typeof plan === "object" &&
    plan !== null &&
    typeof plan.project === "string" &&
    typeof plan.stack === "string" &&
    typeof plan.cost?.monthlyIdle === "number" &&
    Array.isArray(plan.rollout) &&
    Array.isArray(plan.resources) &&
    plan.resources.every(
      ({ urn, inputs, options }) =>
        typeof urn === "string" && urn.startsWith("urn:pulumi:") && typeof inputs === "object" && Array.isArray(options?.aliases),
    )
  );
}
