import { stackRule } from "../../engine/define";

export default stackRule({
  name: "autoscaling-group-elb-health",
  description: "Auto Scaling groups behind a load balancer use its health checks.",
  controls: ["ASG-04"],
  reason: "EC2's own check does not notice an instance that runs but does not answer.",
  fix: `healthCheckType: "ELB", healthCheckGracePeriod: 300`,
  settings: "transform",
  types: ["aws:autoscaling/group:Group"],
  concerns: (group, graph) =>
    (group.props.targetGroupArns ?? []).length > 0 ||
    (group.props.loadBalancers ?? []).length > 0 ||
    graph.referrers(group, "aws:autoscaling/attachment:Attachment", "autoscalingGroupName").length > 0,
  check(group, _graph, report) {
    const { healthCheckType, healthCheckGracePeriod } = group.props;
    if (healthCheckType !== "ELB") report(`healthCheckType is ${healthCheckType ? `"${healthCheckType}"` : "not set"}`, 'set it to "ELB"');
    if (healthCheckGracePeriod === undefined)
      report("healthCheckGracePeriod is not set", "set it to the time that an instance needs to start");
  },
});
