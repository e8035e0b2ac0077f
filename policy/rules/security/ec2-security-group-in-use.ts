import { stackRule } from "../../engine/define";
import { rulesOf } from "../../graph/security-groups";

export default stackRule({
  name: "ec2-security-group-in-use",
  description: "Every security group is used, and has its rules in one place.",
  controls: ["SG-07"],
  reason: "Rules written in a group and beside it undo each other in every update; a group that nothing uses is a hole waiting for one.",
  fix: `// move the rules from ingress and egress to SecurityGroupIngressRule and SecurityGroupEgressRule`,
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
      report("it has rules of its own and rules beside it", "move them all beside it");
  },
});
