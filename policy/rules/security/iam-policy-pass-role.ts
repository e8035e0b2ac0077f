import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { given } from "../../graph/graph";
import { eachGrant, policyTypes } from "../../graph/iam";
import { conditionKeys, covers } from "../../graph/statements";

export default resourceRule({
  name: "iam-policy-pass-role",
  description: "Policies that allow passing roles name the roles and the services.",
  controls: ["IAM-11"],
  reason: "Being able to pass any role means having any role: start a task with it and read its credentials.",
  fix: `Action: ["iam:PassRole"], Resource: [taskRole.arn], Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }`,
  settings: ofTask("permissions"),
  types: policyTypes,
  concerns: (holder) => holder.type !== "aws:iam/role:Role" || given(holder, "inlinePolicies"),
  check(holder, report) {
    eachGrant(holder, (s, label) => {
      if (!covers(s.actions, "iam:PassRole")) return;
      if (s.resources.some((r) => r === "*" || r.endsWith(":role/*"))) report(`${label} allows passing every role`, "name the roles");
      if (!conditionKeys(s).some((k) => k.toLowerCase() === "iam:passedtoservice"))
        report(`${label} allows passing a role to every service`, "add the condition iam:PassedToService");
    });
  },
});
