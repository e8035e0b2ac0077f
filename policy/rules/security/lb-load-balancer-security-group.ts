import { stackRule } from "../../engine/define";
import { isApplication } from "../../graph/balancers";
import { given } from "../../graph/graph";

export default stackRule({
  name: "lb-load-balancer-security-group",
  description: "Application Load Balancers have their own security groups.",
  controls: ["LB-12"],
  reason: "Without one the load balancer gets the VPC's default group, whose rules other resources share.",
  fix: `securityGroups: [group.id]`,
  settings: "transform",
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  concerns: isApplication,
  check(balancer, graph, report) {
    if (!given(balancer, "securityGroups") || balancer.props.securityGroups?.length === 0)
      report("securityGroups is not set", "give it a security group");
    else if (graph.refs(balancer, "securityGroups", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").length > 0)
      report("it uses the default security group", "give it its own");
  },
});
