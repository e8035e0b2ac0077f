import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";

export default stackRule({
  name: "ecs-capacity-provider-termination-protection",
  description: "ECS scales the Auto Scaling group, and scaling in never terminates an instance that runs tasks.",
  controls: ["CP-01", "CP-02"],
  reason: "Without it a scale-in may terminate the instance that all tasks of a service run on.",
  fix: `managedTerminationProtection: "ENABLED", managedScaling: { status: "ENABLED" } // and protectFromScaleIn: true on the group`,
  settings: { Ec2Capacity: "terminationProtection: true" },
  types: ["aws:ecs/capacityProvider:CapacityProvider"],
  concerns: (provider) => given(provider, "autoScalingGroupProvider"),
  check(provider, graph, report) {
    const { managedTerminationProtection: protection, managedScaling } = provider.props.autoScalingGroupProvider ?? {};
    if (protection !== "ENABLED")
      report(`managedTerminationProtection is ${protection ? `"${protection}"` : "not set"}`, 'set it to "ENABLED"');
    if (managedScaling?.status !== "ENABLED")
      report(`managed scaling is ${managedScaling?.status ? `"${managedScaling.status}"` : "not set"}`, "enable it", {
        settings: { Ec2Capacity: "managedScaling: true" },
      });
    if (protection !== "ENABLED") return;
    for (const group of graph.refs(provider, "autoScalingGroupProvider", "aws:autoscaling/group:Group")) {
      if (!group.props.protectFromScaleIn)
        report(`termination protection needs protectFromScaleIn on ${group.name}`, "set it to true", { settings: "transform" });
    }
  },
});
