import { stackRule } from "../../engine/define";
import { groupsOfBalancer, isApplication, signsIn } from "../../graph/balancers";
import { type GroupRule, openToWorld, portsText, rulesOf } from "../../graph/security-groups";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "lb-load-balancer-egress",
  description: "Application Load Balancers connect only to their targets, and by HTTPS to whom users sign in with.",
  controls: ["SG-04"],
  reason: "A load balancer has no reason to connect to the internet: an open egress rule only helps an attacker.",
  fix: `new aws.vpc.SecurityGroupEgressRule("web", { securityGroupId: loadBalancerGroup.id, referencedSecurityGroupId: tasks.id, ipProtocol: "tcp", fromPort: 8000, toPort: 8000 })`,
  settings: "transform",
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  concerns: isApplication,
  check(balancer, graph, report) {
    const asksProvider = (rule: GroupRule) => portsText(rule) === "port 443" && signsIn(balancer, graph);
    for (const group of groupsOfBalancer(balancer, graph)) {
      each(rulesOf(group, graph, "egress"), (rule) => {
        if (openToWorld(rule) && !asksProvider(rule))
          report(`its security group ${group.name} may connect to the internet on ${portsText(rule)}`, "name the targets' group");
      });
    }
  },
});
