import { stackRule } from "../../engine/define";

export default stackRule({
  name: "ec2-vpc-default-security-group",
  description: "The default security group of each VPC has no rules.",
  controls: ["VPC-03"],
  reason: "Whatever is created without a security group gets this one, and by default its members reach each other and the internet.",
  fix: `new aws.ec2.DefaultSecurityGroup("net", { vpcId: vpc.id, ingress: [], egress: [] })`,
  settings: "transform",
  types: ["aws:ec2/vpc:Vpc"],
  check(vpc, graph, report) {
    const groups = graph.referrers(vpc, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "vpcId");
    if (groups.length === 0) report("its default security group keeps AWS's open rules", "add a DefaultSecurityGroup without rules");
    for (const group of groups) {
      const { ingress = [], egress = [] } = group.props;
      const added = graph
        .of(
          "aws:ec2/securityGroupRule:SecurityGroupRule",
          "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
          "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        )
        .filter((r) => r.propertyDependencies.securityGroupId?.some((d) => d.urn === group.urn));
      if (ingress.length + egress.length + added.length > 0) report(`its default security group ${group.name} has rules`, "remove them");
    }
  },
});
