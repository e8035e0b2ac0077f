import { stackRule } from "../../engine/define";
import { groupsOfTemplateHosts, hostsTasks } from "../../graph/capacity";
import { each, type Graph } from "../../graph/graph";
import { portsText, rulesOf } from "../../graph/security-groups";
import { onEc2, taskDefinitionOf } from "../../graph/services";

const firstEphemeral = 32768;

export default stackRule({
  name: "ec2-launch-template-bridge-ingress",
  description: "Hosts whose tasks are in bridge mode let in other security groups only, on the ports that Docker gives to containers.",
  controls: ["SG-03"],
  reason: "In bridge mode the host's security group is the tasks': whatever it lets in reaches every container and the host itself.",
  fix: `new aws.vpc.SecurityGroupIngressRule("hosts", { securityGroupId: hosts.id, referencedSecurityGroupId: loadBalancerGroup.id, ipProtocol: "tcp", fromPort: 32768, toPort: 65535 })`,
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  concerns: (template, graph) => hostsTasks(template, graph) && someInBridgeMode(graph),
  check(template, graph, report) {
    for (const group of groupsOfTemplateHosts(template, graph)) {
      each(rulesOf(group, graph, "ingress"), (rule) => {
        if (rule.cidrs().length > 0)
          report(`its security group ${group.name} lets in ${rule.cidrs().join(", ")}; let in the load balancer's group.`);
        if (rule.ports().from < firstEphemeral)
          report(`its security group ${group.name} lets in ${portsText(rule)}; let in ${firstEphemeral}-65535 only.`);
      });
    }
  },
});

function someInBridgeMode(graph: Graph): boolean {
  const tasks = graph
    .of("aws:ecs/service:Service")
    .filter((s) => onEc2(s, graph))
    .map((s) => taskDefinitionOf(s, graph));
  return tasks.some((t) => (t?.props.networkMode ?? "bridge") === "bridge");
}
