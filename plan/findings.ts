import { UserError } from "../facts/errors";
import type { Invoke, JsonObject, RecordedResource, Resource } from "../facts/graph";
import type { PolicyConfig } from "../policy/engine/config";
import { type Outcome, runPolicies } from "../policy/engine/run";
import type { StackFile } from "../policy/graph/graph";
import { rules } from "../policy/rules";
import { Query } from "./graph/query";
import type { Cost, Finding, Undecided } from "./plan-json";

export interface FindingOptions {
  cost?: Cost;
  budget?: number | undefined;
  /** The stack's `policy`, as JSON. Without it the rules about security only advise. */
  policy?: string | undefined;
  /** What the program exports: a resource that is exported is in use. */
  outputs?: JsonObject;
  /** Where the stack is; absent where the plan assumes it. */
  region?: string;
  /** The stack file, where the program reads its settings from it as the template does. */
  stackFile?: StackFile | undefined;
}

const SEVERITIES: readonly Finding["severity"][] = ["critical", "high", "medium", "low"];

/** What the rules say of a stack, the worst first: what is wrong, and what they cannot decide before the deploy. */
export function findingsOf(
  resources: readonly RecordedResource[],
  invokes: readonly Invoke[],
  options: FindingOptions,
): { findings: Finding[]; undecided: Undecided[] } {
  const graph = new Query(resources);
  const { findings, undecided } = policyOutcome({ resources, invokes, outputs: options.outputs ?? {} }, options);
  const placed = <T extends { urn: string }>(one: T) => ({ ...one, ...sourceOf(graph, one.urn) });
  return { findings: findings.map(placed).sort(worstFirst), undecided: undecided.map(placed).sort(worstFirst) };
}

/** What the rules read of a plan. */
interface Stack {
  resources: readonly Resource[];
  invokes: readonly Invoke[];
  outputs: JsonObject;
}

/** What the rules say under the stack's `policy`. */
export function policyOutcome(stack: Stack, { policy, cost, budget, region, stackFile }: FindingOptions): Outcome {
  const outcome = runPolicies(
    {
      ...stack,
      ...(stackFile && { stackFile }),
      ...(region !== undefined && { region }),
      ...(cost && { cost }),
      ...(budget !== undefined && { budget }),
    },
    policyConfig(policy),
  );
  if (policy !== undefined) return outcome;
  const advisory = new Set(rules.filter(({ category }) => category === "security").map(({ name }) => name));
  return { ...outcome, findings: outcome.findings.map((one) => (advisory.has(one.rule) ? { ...one, level: "advisory" } : one)) };
}

function policyConfig(text: string | undefined): PolicyConfig {
  if (text === undefined) return {};
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    config = undefined;
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new UserError(
      `policy: ${JSON.stringify(text)} is not a map; give one with levels, parameters and exceptions, or {} to enforce the rules as they are.`,
    );
  }
  return config as PolicyConfig;
}

/** The line of the program that is to be corrected: that of the component right under the stack. */
function sourceOf(graph: Query<RecordedResource>, urn: string): { source?: string } {
  const resource = graph.get(urn);
  const source = resource && graph.owner(resource).source;
  return source === undefined ? {} : { source };
}

type Ranked = Pick<Finding, "severity" | "rule" | "urn"> & { level?: Finding["level"] };

function worstFirst(a: Ranked, b: Ranked): number {
  const level = Number(a.level === "advisory") - Number(b.level === "advisory");
  return (
    level || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || compareText(a.rule, b.rule) || compareText(a.urn, b.urn)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** True if a finding is at least as severe as the threshold. */
export function atLeast(finding: Finding, threshold: Finding["severity"]): boolean {
  return SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(threshold);
}
