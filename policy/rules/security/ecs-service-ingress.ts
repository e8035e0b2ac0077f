import { stackRule } from "../../engine/define";
import { containers } from "../../graph/containers";
import { type Graph, given } from "../../graph/graph";
import { isAll, portsText, rulesOf } from "../../graph/security-groups";
import { groupsOf, taskDefinitionOf } from "../../graph/services";
import type { Resource } from "../../graph/types";
import { anyTrue, each, some } from "../../graph/undecided";

export default stackRule({
  name: "ecs-service-ingress",
  description: "Only other security groups reach the tasks, and only on the containers' ports.",
  controls: ["SG-03"],
  reason: "Anything else that can connect to a task bypasses the load balancer with its TLS, logs and firewall.",
  fix: `new aws.vpc.SecurityGroupIngressRule("web", { securityGroupId: tasks.id, referencedSecurityGroupId: loadBalancerGroup.id, ipProtocol: "tcp", fromPort: 8000, toPort: 8000 })`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  concerns: (service) => given(service, "networkConfiguration"),
  check(service, graph, report) {
    each(groupsOf(service, graph), (group) =>
      each(rulesOf(group, graph, "ingress"), (rule) => {
        if (rule.cidrs().length > 0)
          report(`its security group ${group.name} admits ${rule.cidrs().join(", ")}`, "admit the load balancer's security group");
        else if (!rule.toGroup())
          report(
            `its security group ${group.name} has an ingress rule whose source is no security group`,
            "admit the load balancer's security group",
          );
        const { from, to } = rule.ports();
        if (isAll(rule.protocol()) || !listensOn(from, service, graph) || from !== to)
          report(`its security group ${group.name} admits ${portsText(rule)}`, "admit only the containers' ports");
      }),
    );
  },
});

/** True if a container of the service, or its proxy, listens on that port. */
function listensOn(port: number, service: Resource<"aws:ecs/service:Service">, graph: Graph): boolean {
  const task = taskDefinitionOf(service, graph);
  return anyTrue(
    () => some(service.props.loadBalancers, (l) => l.containerPort === port),
    () => some(service.props.serviceConnectConfiguration?.services, (s) => s.ingressPortOverride === port),
    () => task !== undefined && some(containers(task), (c) => some(c.portMappings, (m) => m.containerPort === port)),
  );
}
