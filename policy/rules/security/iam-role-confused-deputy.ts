import { resourceRule } from "../../engine/define";
import { eachTrust, trusts } from "../../graph/iam";
import { conditionKeys } from "../../graph/statements";

export default resourceRule({
  name: "iam-role-confused-deputy",
  description: "Roles of tasks can be assumed only for tasks of this account.",
  controls: ["IAM-06"],
  reason: "Without the condition ECS could be made to use the role on behalf of somebody else's cluster.",
  fix: `Condition: { StringEquals: { "aws:SourceAccount": accountId }, ArnLike: { "aws:SourceArn": \`arn:\${partition}:ecs:\${region}:\${accountId}:*\` } }`,
  settings: "transform",
  types: ["aws:iam/role:Role"],
  concerns: (role) => trusts(role, "ecs-tasks.amazonaws.com"),
  check(role, report) {
    eachTrust(role, (s) => {
      if (!s.principals.Service?.includes("ecs-tasks.amazonaws.com")) return;
      const keys = conditionKeys(s).map((k) => k.toLowerCase());
      if (!keys.includes("aws:sourceaccount") && !keys.includes("aws:sourcearn"))
        report("ecs-tasks.amazonaws.com may assume it without a condition", "add aws:SourceAccount and aws:SourceArn");
    });
  },
});
