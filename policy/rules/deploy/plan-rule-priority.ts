import { stackRule } from "../../engine/define";
import { listenerRulesOf } from "../../graph/balancers";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "plan-rule-priority",
  category: "deploy",
  severity: "high",
  description: "Each rule of a listener has its own priority.",
  reason: "AWS refuses the second rule with the same priority, in the middle of the update.",
  fix: `priority: 20 // one that no other rule of the listener has`,
  settings: { Service: { argument: "route" } },
  types: ["aws:lb/listener:Listener"],
  check(listener, graph, report) {
    const taken = new Map<number, string>();
    each(listenerRulesOf(listener, graph), (rule) => {
      const { priority } = rule.props;
      if (priority === undefined) return;
      const other = taken.get(priority);
      if (other === undefined) {
        taken.set(priority, rule.name);
        return;
      }
      const free = nextFree(taken, priority);
      report(`listener ${listener.name} has priority ${priority} already, for rule ${other}`, `set priority to ${free}`, {
        at: rule,
        fix: `priority: ${free}`,
        settings: { Service: { argument: `route: lb.route({ ..., priority: ${free} })` } },
      });
    });
  },
});

function nextFree(taken: ReadonlyMap<number, string>, from: number): number {
  let priority = from;
  while (taken.has(priority)) priority++;
  return priority;
}
