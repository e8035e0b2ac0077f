import { resourceRule } from "../../engine/define";
import { isDaemon, isRolling } from "../../graph/services";

export default resourceRule({
  name: "ecs-service-deployment-headroom",
  description: "A rolling deployment keeps the requested number of tasks.",
  controls: ["SVC-06"],
  reason: "Below 100 percent a deployment serves with fewer tasks than requested.",
  fix: `deploymentMinimumHealthyPercent: 100, deploymentMaximumPercent: 200`,
  settings: { Service: "rollout.minimumHealthyPercent: 100" },
  types: ["aws:ecs/service:Service"],
  concerns: (service) => isRolling(service) && !isDaemon(service),
  check(service, report) {
    const { deploymentMinimumHealthyPercent: minimum = 100 } = service.props;
    if (minimum < 100) report(`deploymentMinimumHealthyPercent is ${minimum}`, "set it to 100");
  },
});
