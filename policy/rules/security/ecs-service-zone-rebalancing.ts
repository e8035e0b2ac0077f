import { resourceRule } from "../../engine/define";
import { isDaemon } from "../../graph/services";
import { each } from "../../graph/undecided";

export default resourceRule({
  name: "ecs-service-zone-rebalancing",
  description: "ECS rebalances tasks between Availability Zones.",
  controls: ["SVC-08"],
  reason:
    "After a zone's failure all tasks stay in the others, and the next failure there takes the service down. An update keeps the old value unless one is set.",
  fix: `availabilityZoneRebalancing: "ENABLED"`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  concerns: (service) => !isDaemon(service) && (service.props.deploymentController?.type ?? "ECS") === "ECS",
  check(service, report) {
    const {
      availabilityZoneRebalancing: rebalancing,
      deploymentMaximumPercent,
      placementConstraints,
      orderedPlacementStrategies,
    } = service.props;
    if (rebalancing !== "ENABLED")
      report(`availabilityZoneRebalancing is ${rebalancing ? `"${rebalancing}"` : "not set"}`, 'set it to "ENABLED"');
    if (deploymentMaximumPercent === 100)
      report("deploymentMaximumPercent is 100, which turns rebalancing off", "set it to 200", {
        settings: { Service: "rollout.maximumPercent: 200" },
      });
    each(placementConstraints, (c) => {
      if (c.expression?.includes("ecs.availability-zone"))
        report("a placement constraint on the Availability Zone turns rebalancing off", "remove it");
    });
    const first = orderedPlacementStrategies?.[0];
    if (first && !(first.type === "spread" && first.field === zoneField))
      report(
        `the first placement strategy is ${first.type} on ${first.field ?? "nothing"}, which turns rebalancing off`,
        `spread over ${zoneField} first`,
      );
  },
});

const zoneField = "attribute:ecs.availability-zone";
