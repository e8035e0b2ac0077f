import type { PolicyResource, Severity } from "@pulumi/policy";
import { canonicalType } from "../../facts/types";
import { leavesUndecided } from "../graph/graph";
import { type RecordedStack, recordingOf, toPolicyResources } from "../graph/recorded";
import { rules as allRules } from "../rules";
import { checkConfig, type Level, levelOf, type PolicyConfig } from "./config";
import { graphOf, type Rule } from "./define";
import { type Exception, expired, names } from "./exceptions";

/** A broken rule, or an exception that is no longer right. */
export interface Finding {
  rule: string;
  severity: Severity;
  /** A mandatory finding stops a deploy. */
  level: Exclude<Level, "off">;
  /** The resource that breaks the rule; empty for a finding about an exception. */
  urn: string;
  message: string;
  /** The code that keeps the rule. */
  fix: string;
}

/** What the rules found, and the violations that an exception accepts. */
export interface Outcome {
  findings: Finding[];
  excepted: { finding: Finding; exception: Exception }[];
  /** Rules that could not be applied to every resource, because a value is not known before the deploy or belongs to another stack. */
  undecided: string[];
  /** Rules that the configuration switches off. */
  off: string[];
}

const ranks: readonly Severity[] = ["critical", "high", "medium", "low"];

/** Runs the rules over a recorded stack. Throws a UserError if the configuration names what does not exist. */
export function runPolicies(
  stack: RecordedStack,
  config: PolicyConfig = {},
  today = new Date(),
  rules: readonly Rule[] = allRules,
): Outcome {
  checkConfig(config, rules);
  const resources = toPolicyResources(stack.resources);
  // The rules find the graph of this very list again, and with it what only a recording knows.
  graphOf(resources, recordingOf(stack));
  const off = rules.filter((r) => levelOf(r, config) === "off").map((r) => r.name);
  const broken: Finding[] = [];
  const undecided = rules
    .filter((rule) => leavesUndecided(() => broken.push(...violations(rule, resources, config))))
    .map((rule) => rule.name);
  const exceptions = config.exceptions ?? [];
  const used = new Set<Exception>();
  const outcome: Outcome = { findings: [], excepted: [], undecided, off };
  for (const finding of broken) {
    const resource = stack.resources.find((r) => r.urn === finding.urn);
    const naming = exceptions.filter((e) => e.rule === finding.rule && resource && names(e, resource));
    for (const e of naming) used.add(e);
    const exception = naming.find((e) => !expired(e, today));
    if (exception) outcome.excepted.push({ finding, exception });
    else outcome.findings.push(finding);
  }
  outcome.findings.sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity));
  outcome.findings.push(...exceptions.flatMap((e) => wrongException(e, used.has(e), today)));
  return outcome;
}

function violations(rule: Rule, resources: PolicyResource[], config: PolicyConfig): Finding[] {
  const level = levelOf(rule, config);
  if (level === "off") return [];
  const found: Finding[] = [];
  const report = (message: string, urn = "") =>
    found.push({ rule: rule.name, severity: rule.severity, level, urn, message, fix: rule.fix });
  const common = {
    stackTags: new Map<string, string>(),
    getConfig: <T extends object>() => (config.parameters?.[rule.name] ?? {}) as T,
    notApplicable: (): never => {
      throw new Error("The rules tell by themselves what they are about.");
    },
  };
  if ("validateStack" in rule) {
    void rule.validateStack({ ...common, resources }, report);
    return found;
  }
  const subjects = resources.filter((r) => rule.types.some((t) => t === canonicalType(r.type)));
  for (const validate of [rule.validateResource ?? []].flat()) {
    for (const r of subjects) void validate({ ...common, ...r, asType: () => undefined }, report);
  }
  return found;
}

/** An exception that is over, or that accepts nothing, must not stay in the stack file. */
function wrongException(e: Exception, used: boolean, today: Date): Finding[] {
  const tell = (rule: string, message: string): Finding[] => [
    { rule, severity: "low", level: "advisory", urn: "", message, fix: "Remove the exception from the stack file, or correct it." },
  ];
  if (expired(e, today)) return tell("policy-exception-expired", `The exception of ${e.resource} from ${e.rule} ended on ${e.until}.`);
  if (!used)
    return tell(
      "policy-exception-unused",
      `The exception of ${e.resource} from ${e.rule} accepts nothing: no such resource breaks that rule.`,
    );
  return [];
}
