import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { isDaemon, onEc2, onFargate } from "../../graph/services";

const zoneField = "attribute:ecs.availability-zone";

export default stackRule({
  name: "ecs-service-spread-zones",
  description:
    "On EC2, tasks are spread over Availability Zones first; on Fargate, which always spreads them, no placement strategy is set.",
  controls: ["SVC-14"],
  reason: "Packed by memory alone, all tasks may end up on one instance in one zone.",
  fix: `orderedPlacementStrategies: [{ type: "spread", field: "attribute:ecs.availability-zone" }, { type: "binpack", field: "memory" }]`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  concerns: (service, graph) =>
    (onEc2(service, graph) && !isDaemon(service)) || (onFargate(service) && given(service, "orderedPlacementStrategies")),
  check(service, graph, report) {
    const [first] = service.props.orderedPlacementStrategies ?? [];
    if (!onEc2(service, graph)) {
      if (first) report("it runs on Fargate, which has no placement strategies", "remove orderedPlacementStrategies");
    } else if (first?.type !== "spread" || first.field !== zoneField)
      report("tasks do not spread over zones first", `spread over ${zoneField} first`);
  },
});
