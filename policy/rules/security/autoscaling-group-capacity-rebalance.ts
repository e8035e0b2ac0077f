import { stackRule } from "../../engine/define";
import type { Graph } from "../../graph/graph";
import type { Resource } from "../../graph/types";

export default stackRule({
  name: "autoscaling-group-capacity-rebalance",
  description: "Auto Scaling groups with Spot instances replace them before an interruption, and keep one instance that is not Spot.",
  controls: ["ASG-08"],
  reason: "Two minutes of notice is little time to move tasks; a rebalance recommendation comes earlier.",
  fix: `capacityRebalance: true, mixedInstancesPolicy: { instancesDistribution: { onDemandBaseCapacity: 1, ... }, ... }`,
  settings: { Ec2Capacity: "onDemandBase: 1" },
  types: ["aws:autoscaling/group:Group"],
  concerns: usesSpot,
  check(group, _graph, report) {
    if (!group.props.capacityRebalance)
      report("it uses Spot instances without capacityRebalance", "set it to true", { settings: "transform" });
    const base = group.props.mixedInstancesPolicy?.instancesDistribution?.onDemandBaseCapacity ?? 0;
    if (base < 1) report("it may run on Spot instances alone", "set onDemandBaseCapacity to 1 or more");
  },
});

function usesSpot(group: Resource<"aws:autoscaling/group:Group">, graph: Graph): boolean {
  const mixed = group.props.mixedInstancesPolicy;
  if (mixed) return (mixed.instancesDistribution?.onDemandPercentageAboveBaseCapacity ?? 100) < 100;
  const [template] = graph.refs(group, "launchTemplate", "aws:ec2/launchTemplate:LaunchTemplate");
  return template?.props.instanceMarketOptions?.marketType === "spot";
}
