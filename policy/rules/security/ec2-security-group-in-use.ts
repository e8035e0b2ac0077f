import { stackRule } from "../../engine/define";
import { rulesOf } from "../../graph/security-groups";

export default stackRule({
  name: "ec2-security-group-in-use",
  description: "Every security group is used, and its rules are in one place.",
  controls: ["SG-07"],
  reason:
    "Rules inside a group and rules as separate resources undo each other on every update; an unused group will be attached to something it was not meant for.",
  fix: `// move the rules from ingress and egress to SecurityGroupIngressRule and SecurityGroupEgressRule`,
  settings: "transform",
  types: ["aws:ec2/securityGroup:SecurityGroup"],
  check(group, graph, report) {
    const notUses = [
      "aws:ec2/securityGroup:SecurityGroup",
      "aws:ec2/securityGroupRule:SecurityGroupRule",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    ] as const;
    if (!graph.isReferredTo(group, notUses) && !graph.isExported(group)) report("nothing uses it", "remove it");
    // After an update a group also shows the rules that stand beside it.
    if (!graph.recording) return;
    const rules = rulesOf(group, graph);
    if (rules.some((r) => r.inline) && rules.some((r) => !r.inline))
      report("it has inline rules and rules as separate resources", "make all of them separate resources");
  },
});
