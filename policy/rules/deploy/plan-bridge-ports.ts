import { stackRule } from "../../engine/define";
import { admitsDynamicPorts, DYNAMIC_PORTS, groupsOfInstances, groupsOfService, templateOf } from "../../graph/capacity";
import { containers } from "../../graph/containers";
import { given } from "../../graph/graph";
import { taskDefinitionOf } from "../../graph/services";
import { each, some } from "../../graph/undecided";

export default stackRule({
  name: "plan-bridge-ports",
  category: "deploy",
  severity: "high",
  description: "The load balancer can reach tasks in bridge mode, on whatever port Docker assigns them.",
  reason: "A load balancer that is not admitted considers every task unhealthy, and ECS keeps stopping them.",
  fix: `new aws.vpc.SecurityGroupIngressRule("instances", { securityGroupId: instances.id, referencedSecurityGroupId: loadBalancerGroup.id, ipProtocol: "tcp", fromPort: 32768, toPort: 65535 })`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  concerns: (service, graph) =>
    given(service, "loadBalancers") && (taskDefinitionOf(service, graph)?.props.networkMode ?? "bridge") === "bridge",
  check(service, graph, report) {
    const task = taskDefinitionOf(service, graph)!;
    if (!some(containers(task), (c) => some(c.portMappings, (m) => !m.hostPort))) return;
    each(groupsOfService(service, graph), (group) => {
      const template = templateOf(group, graph);
      const groups = template ? groupsOfInstances(template, graph) : [];
      if (groups.length > 0 && !admitsDynamicPorts(groups, graph))
        report(
          `a task in bridge mode answers on a port from ${DYNAMIC_PORTS.from} to ${DYNAMIC_PORTS.to}, and the instances' security group ${groups.map(({ name }) => name).join(", ")} does not admit the load balancer there`,
          `admit its security group on ${DYNAMIC_PORTS.from}-${DYNAMIC_PORTS.to}`,
        );
    });
  },
});
