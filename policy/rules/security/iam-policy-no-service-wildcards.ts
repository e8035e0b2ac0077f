import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { given } from "../../graph/graph";
import { eachGrant, policyTypes } from "../../graph/iam";

export default resourceRule({
  name: "iam-policy-no-service-wildcards",
  description: "Policies name actions, not whole services.",
  controls: ["IAM-02"],
  reason: "A service's wildcard includes every action that AWS adds to it later.",
  fix: `Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"] // instead of sqs:*`,
  settings: ofTask("permissions"),
  types: policyTypes,
  concerns: (holder) => holder.type !== "aws:iam/role:Role" || given(holder, "inlinePolicies"),
  check(holder, report) {
    eachGrant(holder, (s, label) => {
      const wide = s.actions.filter((a) => a === "*" || /^[a-z0-9-]+:\*$/i.test(a));
      if (wide.length > 0) report(`${label} allows ${wide.join(", ")}`, "name the actions");
    });
  },
});
