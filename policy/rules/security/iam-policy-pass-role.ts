import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { eachGrant, policyTypes } from "../../graph/iam";
import { conditionKeys, covers } from "../../graph/statements";

export default resourceRule({
  name: "iam-policy-pass-role",
  description: "Whoever may pass roles may pass named ones, to named services.",
  controls: ["IAM-11"],
  reason: "To pass any role is to have any role: start a task with it and read its credentials.",
  fix: `Action: ["iam:PassRole"], Resource: [taskRole.arn], Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }`,
  types: policyTypes,
  concerns: (holder) => holder.type !== "aws:iam/role:Role" || given(holder, "inlinePolicies"),
  check(holder, report) {
    eachGrant(holder, (s, label) => {
      if (!covers(s.actions, "iam:PassRole")) return;
      if (s.resources.some((r) => r === "*" || r.endsWith(":role/*"))) report(`${label} allows to pass every role`, "name the roles");
      if (!conditionKeys(s).some((k) => k.toLowerCase() === "iam:passedtoservice"))
        report(`${label} allows to pass a role to every service`, "add the condition iam:PassedToService");
    });
  },
});
