import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";

export default resourceRule({
  name: "ecs-capacity-provider-managed-draining",
  description: "ECS drains an instance before it is terminated.",
  controls: ["CP-03"],
  reason: "Otherwise an instance refresh, a scale-in or a Spot interruption cuts the requests that its tasks are serving.",
  fix: `managedDraining: "ENABLED" // or leave it out`,
  settings: "transform",
  types: ["aws:ecs/capacityProvider:CapacityProvider"],
  concerns: (provider) => given(provider, "autoScalingGroupProvider"),
  check(provider, report) {
    const draining = provider.props.autoScalingGroupProvider?.managedDraining;
    if (draining !== undefined && draining !== "ENABLED") report(`managedDraining is "${draining}"`, 'set it to "ENABLED"');
  },
});
