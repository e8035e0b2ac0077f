import { stackRule } from "../../engine/define";
import { admitsDynamicPorts, DYNAMIC_PORTS, groupsOfInstances, inBridgeMode, runsTasks } from "../../graph/capacity";
import { portsText, rulesOf } from "../../graph/security-groups";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "ec2-launch-template-bridge-ingress",
  description: "Instances whose tasks use bridge mode admit only other security groups, on the ports that Docker assigns to containers.",
  controls: ["SG-03"],
  reason:
    "In bridge mode the instance's security group is the tasks' security group: whatever it admits reaches every container and the instance itself.",
  fix: `new aws.vpc.SecurityGroupIngressRule("instances", { securityGroupId: instances.id, referencedSecurityGroupId: loadBalancerGroup.id, ipProtocol: "tcp", fromPort: 32768, toPort: 65535 })`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  concerns: (template, graph) => runsTasks(template, graph) && inBridgeMode(graph).length > 0,
  check(template, graph, report) {
    const groups = groupsOfInstances(template, graph);
    for (const group of groups) {
      each(rulesOf(group, graph, "ingress"), (rule) => {
        if (rule.cidrs().length > 0)
          report(`its security group ${group.name} admits ${rule.cidrs().join(", ")}`, "admit the load balancer's security group");
        // Where no rule admits the load balancer to the tasks, this one was meant to: plan-bridge-ports says so.
        if (rule.ports().from < DYNAMIC_PORTS.from && admitsDynamicPorts(groups, graph))
          report(`its security group ${group.name} admits ${portsText(rule)}`, `admit only ${DYNAMIC_PORTS.from}-${DYNAMIC_PORTS.to}`);
      });
    }
  },
});
