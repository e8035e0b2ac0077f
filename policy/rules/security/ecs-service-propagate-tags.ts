import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecs-service-propagate-tags",
  description: "Tags of the service or task definition are propagated to its tasks.",
  controls: ["SVC-13"],
  reason: "Without tags on tasks the bill cannot tell one service from another.",
  fix: `propagateTags: "SERVICE", enableEcsManagedTags: true`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  check(service, report) {
    const { propagateTags, enableEcsManagedTags } = service.props;
    if (propagateTags !== "SERVICE" && propagateTags !== "TASK_DEFINITION")
      report(`propagateTags is ${propagateTags ? `"${propagateTags}"` : "not set"}`, 'set it to "SERVICE"');
    if (!enableEcsManagedTags) report("enableEcsManagedTags is not true", "set it to true");
  },
});
