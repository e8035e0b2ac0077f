import { resourceRule } from "../../engine/define";
import { isDaemon, isRolling } from "../../graph/services";

export default resourceRule({
  name: "ecs-service-deployment-headroom",
  description: "A rolling deployment keeps all tasks that are wanted, and has room for a new one.",
  controls: ["SVC-06"],
  reason: "Below 100 percent a deploy serves with less than you asked for; without headroom it never ends.",
  fix: `deploymentMinimumHealthyPercent: 100, deploymentMaximumPercent: 200`,
  types: ["aws:ecs/service:Service"],
  concerns: (service) => isRolling(service) && !isDaemon(service),
  check(service, report) {
    const { deploymentMinimumHealthyPercent: min = 100, deploymentMaximumPercent: max = 200 } = service.props;
    const desired = Math.max(1, service.props.desiredCount ?? 1);
    if (min < 100) report(`deploymentMinimumHealthyPercent is ${min}; set it to 100.`);
    if (Math.floor((desired * max) / 100) <= Math.ceil((desired * min) / 100))
      report(
        `with ${desired} tasks and ${min} to ${max} percent a deployment has no room for a new task; raise deploymentMaximumPercent to 200.`,
      );
  },
});
