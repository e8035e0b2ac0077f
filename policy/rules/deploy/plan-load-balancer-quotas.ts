import { LOAD_BALANCER_QUOTAS as QUOTAS } from "../../../facts/quotas";
import { stackRule } from "../../engine/define";
import { groupsOfBalancer, listenerRulesOf, listenersOf } from "../../graph/balancers";
import { given } from "../../graph/graph";
import { rulesOf } from "../../graph/security-groups";
import { taskCount } from "../../graph/services";

export default stackRule({
  name: "plan-load-balancer-quotas",
  category: "deploy",
  severity: "medium",
  level: "advisory",
  description:
    "A load balancer stays within AWS's default quotas for listeners, rules, target groups, targets, certificates, and outbound rules of its security group.",
  reason: "AWS refuses what exceeds a quota; raising one takes days.",
  fix: `// a second load balancer, or a higher quota from Service Quotas`,
  settings: "transform",
  types: ["aws:lb/loadBalancer:LoadBalancer", "aws:ecs/service:Service"],
  check(resource, graph, report) {
    const over = (amount: number, quota: number, what: string, instead: string) => {
      if (amount > quota) report(`${amount} ${what} exceed AWS's default quota of ${quota}`, `${instead}, or ask AWS for a higher quota`);
    };
    if (resource.type === "aws:ecs/service:Service") {
      if (!given(resource, "loadBalancers")) return;
      const { max } = taskCount(resource, graph);
      over(2 * max, QUOTAS.targets, "targets during a rollout (twice the tasks)", "lower the largest number of tasks");
      return;
    }
    const listeners = listenersOf(resource, graph);
    const rules = listeners.flatMap((listener) => listenerRulesOf(listener, graph));
    const certificates = listeners.flatMap((listener) =>
      graph.referrers(listener, "aws:lb/listenerCertificate:ListenerCertificate", "listenerArn"),
    );
    const groups = new Set(rules.flatMap((rule) => graph.refs(rule, "actions", "aws:lb/targetGroup:TargetGroup").map(({ urn }) => urn)));
    over(listeners.length, QUOTAS.listeners, "listeners of one load balancer", "use a second load balancer");
    over(rules.length, QUOTAS.rules, "rules on one load balancer", "use a second load balancer");
    for (const group of groupsOfBalancer(resource, graph)) {
      const outbound = rulesOf(group, graph, "egress").length;
      over(outbound, QUOTAS.outboundRules, `outbound rules in the security group ${group.name}`, "use a second load balancer");
    }
    over(
      certificates.length,
      QUOTAS.certificates,
      "certificates beside the default one",
      "use one with several names, or a second load balancer",
    );
    over(groups.size, QUOTAS.targetGroups, "target groups behind one load balancer", "use a second load balancer");
  },
});
