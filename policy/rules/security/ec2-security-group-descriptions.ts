import { stackRule } from "../../engine/define";
import { groupRules } from "../../graph/security-groups";
import { each } from "../../graph/undecided";

const defaults = ["Managed by Pulumi", "Managed by Terraform"];

export default stackRule({
  name: "ec2-security-group-descriptions",
  description: "Security groups and their rules have a description.",
  controls: ["SG-06"],
  reason:
    "Nobody dares to remove a rule without knowing what needs it. A group's description cannot be changed without replacing the group.",
  fix: `description: "HTTPS from the internet"`,
  settings: "transform",
  types: [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  ],
  check(resource, graph, report) {
    if (resource.type === "aws:ec2/securityGroup:SecurityGroup") {
      const { description } = resource.props;
      if (!description || defaults.includes(description)) report("the security group has no description", "describe what it is for");
    }
    each(groupRules(graph), (rule) => {
      if (rule.at.urn !== resource.urn) return;
      // After an update a group also shows the rules that stand beside it; those are looked at as resources of their own.
      if (rule.inline && !graph.recording) return;
      if (!rule.description()) report(`an ${rule.direction} rule has no description`, "describe what needs it");
    });
  },
});
