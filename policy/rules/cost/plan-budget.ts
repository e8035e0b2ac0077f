import { stackRule } from "../../engine/define";
import { undecidable } from "../../graph/undecided";

export default stackRule({
  name: "plan-budget",
  category: "cost",
  severity: "high",
  description: "The idle stack costs no more per month than its budget.",
  reason: "A setting that doubles the bill looks like any other; this shows it before the deploy.",
  fix: "raise the budget, or make the stack smaller",
  settings: "none",
  types: ["pulumi:pulumi:Stack"],
  concerns: (_stack, graph) => graph.recording?.budget !== undefined && graph.recording.cost !== undefined,
  check(_stack, graph, report) {
    const { budget, cost } = graph.recording!;
    const { monthlyIdle, currency, savings, unknown } = cost!;
    const money = (amount: number) => amount.toFixed(2);
    if (monthlyIdle <= budget!) {
      if (unknown.length > 0) undecidable(`the cost is not known in full: ${unknown[0]!.replace(/\.$/, "")}`);
      return;
    }
    const [saving] = savings;
    report(
      `the monthly idle cost is ${money(monthlyIdle)} ${currency}, ${money(monthlyIdle - budget!)} over the budget of ${money(budget!)}`,
      "raise the budget, or make the stack smaller",
      saving && { fix: `${saving.what} (${saving.note})` },
    );
  },
});
