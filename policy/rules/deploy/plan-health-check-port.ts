import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { rulesOf } from "../../graph/security-groups";
import { groupsOf } from "../../graph/services";
import { each, some } from "../../graph/undecided";

export default stackRule({
  name: "plan-health-check-port",
  category: "deploy",
  severity: "high",
  description: "The security groups of the tasks admit the load balancer on the port that its health checks use.",
  reason: "A check that cannot reach a task counts as failed: ECS stops every task of the new revision.",
  fix: `new aws.vpc.SecurityGroupIngressRule("health", { securityGroupId: tasks.id, referencedSecurityGroupId: loadBalancerGroup.id, ipProtocol: "tcp", fromPort: 9000, toPort: 9000 })`,
  settings: { Service: "healthCheck.port: 9000" },
  types: ["aws:lb/targetGroup:TargetGroup"],
  concerns: (group) => (group.props.healthCheck?.port ?? "traffic-port") !== "traffic-port",
  check(group, graph, report) {
    const port = Number(group.props.healthCheck?.port);
    each(graph.referrers(group, "aws:ecs/service:Service", "loadBalancers"), (service) => {
      if (!given(service, "networkConfiguration")) return;
      const groups = groupsOf(service, graph);
      const admits = some(
        groups.flatMap((one) => rulesOf(one, graph, "ingress")),
        (rule) => rule.ports().from <= port && port <= rule.ports().to,
      );
      if (groups.length > 0 && !admits)
        report(
          `health checks go to port ${port}, on which no security group of ${service.name} (${groups.map(({ name }) => name).join(", ")}) admits anybody`,
          "admit the load balancer's security group there, or check the traffic port",
        );
    });
  },
});
