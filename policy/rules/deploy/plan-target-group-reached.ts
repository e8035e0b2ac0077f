import { stackRule } from "../../engine/define";
import { targetGroupsOf } from "../../graph/services";

export default stackRule({
  name: "plan-target-group-reached",
  category: "deploy",
  severity: "high",
  description: "A listener sends requests to each target group of a service.",
  reason: "ECS refuses a service whose target group belongs to no load balancer.",
  fix: `new aws.lb.ListenerRule("web", { listenerArn, conditions, actions: [{ type: "forward", targetGroupArn: group.arn }] })`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  check(service, graph, report) {
    for (const group of targetGroupsOf(service, graph)) {
      const reached =
        graph.referrers(group, "aws:lb/listenerRule:ListenerRule", "actions").length > 0 ||
        graph.referrers(group, "aws:lb/listener:Listener", "defaultActions").length > 0;
      if (!reached)
        report(`no listener sends requests to target group ${group.name}`, "forward to it from a listener or a rule", { at: group });
    }
  },
});
