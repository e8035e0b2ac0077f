import { stackRule } from "../../engine/define";
import { providersOfGroup } from "../../graph/capacity";

export default stackRule({
  name: "autoscaling-group-instance-refresh",
  description: "A new launch template version replaces the instances of an ECS cluster, including protected ones.",
  controls: ["ASG-05"],
  reason: "Without an instance refresh a new AMI reaches only new instances; by default the refresh skips instances that ECS protects.",
  fix: `instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 200, scaleInProtectedInstances: "Refresh", autoRollback: true } }`,
  settings: "transform",
  types: ["aws:autoscaling/group:Group"],
  parameters: {
    minimumHealthy: {
      type: "integer",
      default: 90,
      minimum: 0,
      maximum: 100,
      description: "Fewest healthy instances during a refresh, in percent.",
    },
  },
  concerns: (group, graph) => providersOfGroup(group, graph).length > 0,
  check(group, _graph, report, { minimumHealthy }) {
    const { instanceRefresh: refresh, protectFromScaleIn } = group.props;
    if (refresh?.strategy !== "Rolling") {
      report(`instanceRefresh is ${refresh ? `"${refresh.strategy}"` : "not set"}`, 'set its strategy to "Rolling"');
      return;
    }
    const healthy = refresh.preferences?.minHealthyPercentage ?? 90; // AWS's default
    if (healthy < minimumHealthy)
      report(`an instance refresh keeps ${healthy} percent healthy`, `set minHealthyPercentage to ${minimumHealthy} or more`);
    const ofProtected = refresh.preferences?.scaleInProtectedInstances ?? "Ignore";
    if (protectFromScaleIn && ofProtected !== "Refresh")
      report(`an instance refresh treats protected instances with "${ofProtected}"`, 'set scaleInProtectedInstances to "Refresh"');
  },
});
