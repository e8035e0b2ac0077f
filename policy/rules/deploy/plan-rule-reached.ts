import { asked, covers, freePriority, type RankedRule, type RuleCondition } from "../../../facts/routes";
import { stackRule } from "../../engine/define";
import { rulesBeside } from "../../graph/balancers";
import type { Resource } from "../../graph/types";
import { known } from "../../graph/undecided";

type ListenerRule = Resource<"aws:lb/listenerRule:ListenerRule">;

export default stackRule({
  name: "plan-rule-reached",
  category: "deploy",
  severity: "high",
  level: "advisory",
  description: "Each rule of a listener gets requests: no rule that is asked before it takes all of them.",
  reason:
    "A load balancer asks its rules by their numbers, and the first that fits answers; the target group behind the other gets nothing.",
  fix: `priority: 20 // lower than that of the rule that takes all its requests`,
  settings: { Service: { argument: "route" } },
  types: ["aws:lb/listenerRule:ListenerRule"],
  check(rule, graph, report) {
    const own = ranked(rule);
    const beside = rulesBeside(rule, graph);
    const first = beside.find((other) => known(() => takesAll(ranked(other), own)) && !isPage(other));
    if (!first) return;
    const free = freePriority(
      own,
      beside.flatMap((other) => known(() => ranked(other)) ?? []),
    );
    const number = free === undefined ? "give it other conditions" : `set its priority to ${free}`;
    report(`no request reaches it: rule ${first.name} has priority ${first.props.priority} and takes all of its requests`, number, {
      ...(free !== undefined && {
        fix: `priority: ${free}`,
        settings: { Service: { argument: `route: lb.route({ ..., priority: ${free} })` } },
      }),
    });
  },
});

/** Each rule is compared with all others of its listener, and read once. */
const read = new WeakMap<ListenerRule, RankedRule>();

function ranked(rule: ListenerRule): RankedRule {
  const before = read.get(rule);
  if (before) return before;
  const { priority = 50_000, conditions = [] } = rule.props;
  const made = { priority, asks: asked(conditions as RuleCondition[]) };
  read.set(rule, made);
  return made;
}

const takesAll = (first: RankedRule, then: RankedRule) => first.priority < then.priority && covers(first.asks, then.asks);

/** A page with 503 in place of what it takes the requests of is meant to. */
const isPage = ({ props }: ListenerRule) =>
  (known(() => props.actions) ?? []).some(({ fixedResponse }) => fixedResponse?.statusCode === "503");
