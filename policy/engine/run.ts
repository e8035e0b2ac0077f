import type { Severity } from "@pulumi/policy";
import type { StackFile } from "../graph/graph";
import { type RecordedStack, recordingOf, toPolicyResources } from "../graph/recorded";
import type { AnyResource } from "../graph/types";
import { explain } from "../graph/undecided";
import { rules as allRules } from "../rules";
import { checkConfig, type Level, levelOf, type PolicyConfig } from "./config";
import { graphOf, type Rule, type Violation } from "./define";
import { type Exception, expired, names } from "./exceptions";
import { remedyFor } from "./remedies";

/** A broken rule, or an exception that is no longer right. */
export interface Finding {
  rule: string;
  severity: Severity;
  /** A mandatory finding stops a deploy. */
  level: Exclude<Level, "off">;
  /** The resource that breaks the rule; empty for a finding about an exception or the stack as a whole. */
  urn: string;
  message: string;
  /** The setting, or the code, that keeps the rule. */
  fix: string;
}

/** A rule that could not be applied to a resource, because of a value that is not known before the deploy or that belongs to another stack. */
export interface Undecided {
  rule: string;
  severity: Severity;
  urn: string;
  /** What is not known: `containerDefinitions[0].user is not known before the deploy`. */
  message: string;
}

/** What the rules found, and the violations that an exception accepts. */
export interface Outcome {
  findings: Finding[];
  excepted: { finding: Finding | Undecided; exception: Exception }[];
  undecided: Undecided[];
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
  const graph = graphOf(toPolicyResources(stack.resources), recordingOf(stack));
  const exceptions = config.exceptions ?? [];
  const used = new Set<Exception>();
  const outcome: Outcome = { findings: [], excepted: [], undecided: [], off: [] };
  /** Puts what was found where it belongs: with the accepted, if an exception names rule and resource. */
  const file = <F extends Finding | Undecided>(found: F, resource: AnyResource, open: F[]) => {
    const naming = exceptions.filter((e) => e.rule === found.rule && names(e, resource));
    for (const e of naming) used.add(e);
    const exception = naming.find((e) => !expired(e, today));
    if (exception) outcome.excepted.push({ finding: found, exception });
    else open.push(found);
  };
  for (const rule of rules) {
    const level = levelOf(rule, config);
    if (level === "off") {
      outcome.off.push(rule.name);
      continue;
    }
    const { violations, undecided } = rule.evaluate(graph, config.parameters?.[rule.name] ?? {});
    const about = ({ urn }: AnyResource) => ({
      rule: rule.name,
      severity: rule.severity,
      // Money is spent by the stack as a whole.
      urn: rule.category === "cost" ? "" : urn,
    });
    for (const violation of violations) {
      const { resource } = violation;
      file({ ...about(resource), level, ...told(violation, stack.stackFile) }, resource, outcome.findings);
    }
    const seen = new Set<string>();
    for (const { resource, reason } of undecided) {
      const message = explain(reason, resource);
      if (seen.has(`${resource.urn} ${message}`)) continue;
      seen.add(`${resource.urn} ${message}`);
      file({ ...about(resource), message }, resource, outcome.undecided);
    }
  }
  outcome.findings.sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity));
  outcome.findings.push(...exceptions.flatMap((e) => wrongException(e, used.has(e), today)));
  return outcome;
}

/** What is wrong and how to fix it: by the setting where a component of Berth made the resource, else by the resource's own properties. */
function told({ resource, problem, advice, fix, settings }: Violation, stackFile: StackFile | undefined): Pick<Finding, "message" | "fix"> {
  const remedy = remedyFor(resource, settings, fix, stackFile);
  return { message: remedy?.bySetting ? `${problem}.` : `${problem}; ${advice}.`, fix: remedy?.fix ?? fix };
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
