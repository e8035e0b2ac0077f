import { UserError } from "../../facts/errors";
import type { Invoke, JsonObject, RecordedResource, Resource } from "../../facts/graph";
import type { PolicyConfig } from "../../policy/engine/config";
import { type Outcome, runPolicies } from "../../policy/engine/run";
import { Query } from "../graph/query";
import { serviceFacts } from "../graph/services";
import type { Cost, Finding } from "../plan-json";
import { money } from "../report/report-cost";
import { bridgePorts, graceCoversStart, hostsForRollout, rolloutPossible, taskFitsHost } from "./deploy";
import { nameLength } from "./names";
import { elasticAddresses, publicAddress, subnetRoom, wayToRegistry } from "./network";
import { balancerQuotas, blueGreenParts, rulePriority, targetGroupReached } from "./routing";
import type { GraphRule } from "./rule";

export const graphRules: readonly GraphRule[] = [
  ...[wayToRegistry, publicAddress, rolloutPossible, taskFitsHost],
  ...[rulePriority, targetGroupReached, blueGreenParts, bridgePorts, nameLength],
  ...[graceCoversStart, hostsForRollout, subnetRoom, balancerQuotas, elasticAddresses],
];

export interface FindingOptions {
  cost: Cost;
  budget: number | undefined;
  /** The stack's `policy`, as JSON. Without it the policy rules only advise. */
  policy: string | undefined;
  /** What the program exports: a resource that is exported is in use. */
  outputs?: JsonObject;
}

const SEVERITIES: readonly Finding["severity"][] = ["critical", "high", "medium", "low"];

/** Everything that is wrong with a stack: mistakes in its graph, rules of the policy pack, its budget. The worst first. */
export function findingsOf(resources: readonly RecordedResource[], invokes: readonly Invoke[], options: FindingOptions): Finding[] {
  const graph = new Query(resources);
  const services = serviceFacts(graph);
  const own = graphRules.flatMap(({ name, severity, level, check }) =>
    check({ graph, services }).map((violation) => ({ rule: name, severity, level, ...violation })),
  );
  const found: Finding[] = [
    ...own,
    ...policyFindings({ resources, invokes, outputs: options.outputs ?? {} }, options.policy),
    ...overBudget(options),
  ];
  return found.map((finding) => ({ ...finding, ...sourceOf(graph, finding.urn) })).sort(worstFirst);
}

/** What the policy rules read of a plan. */
interface Stack {
  resources: readonly Resource[];
  invokes: readonly Invoke[];
  outputs: JsonObject;
}

function policyFindings(stack: Stack, policy: string | undefined): Finding[] {
  const enforced = policy !== undefined && (policyConfig(policy).enforce ?? true);
  const { findings } = policyOutcome(stack, policy);
  return findings.map(({ rule, severity, level, urn, message, fix }) => ({
    rule,
    severity,
    level: enforced ? level : "advisory",
    urn,
    message,
    fix,
  }));
}

/** What the policy rules say under the stack's `policy`. */
export function policyOutcome(stack: Stack, policy: string | undefined): Outcome {
  return runPolicies(stack, policyConfig(policy));
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
    throw new UserError(`policy is ${text}; give a map with levels, parameters and exceptions, or {} to enforce the rules as they are.`);
  }
  return config as PolicyConfig;
}

function overBudget({ cost, budget }: FindingOptions): Finding[] {
  if (budget === undefined || cost.monthlyIdle <= budget) return [];
  const message = `an idle month costs ${money(cost.monthlyIdle)} ${cost.currency}, ${money(cost.monthlyIdle - budget)} over the budget of ${money(budget)}.`;
  const [saving] = cost.savings;
  return [
    {
      rule: "plan-budget",
      severity: "high",
      level: "mandatory",
      urn: "",
      message,
      fix: saving ? `${saving.what} (${saving.note})` : "raise the budget, or make the stack smaller",
    },
  ];
}

/** The line of the program that is to be mended: that of the component right under the stack. */
function sourceOf(graph: Query<RecordedResource>, urn: string): { source?: string } {
  const resource = graph.get(urn);
  const source = resource && graph.owner(resource).source;
  return source === undefined ? {} : { source };
}

function worstFirst(a: Finding, b: Finding): number {
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
