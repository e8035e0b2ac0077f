import { deploymentRoom } from "../../../facts/deployments";
import { stackRule } from "../../engine/define";
import { isRolling, taskCount } from "../../graph/services";

export default stackRule({
  name: "plan-rollout-possible",
  category: "deploy",
  controls: ["SVC-06"],
  severity: "critical",
  description: "A rolling deployment has room to replace a task.",
  reason: "Where ECS may neither add a task nor stop one, no deployment ever begins.",
  fix: `deploymentMaximumPercent: 200`,
  settings: { Service: "rollout.maximumPercent: 200" },
  types: ["aws:ecs/service:Service"],
  concerns: isRolling,
  check(service, graph, report) {
    const { min, minimumPercent, maximumPercent } = taskCount(service, graph);
    const tasks = Math.max(1, min);
    const { extra, removable } = deploymentRoom(tasks, minimumPercent, maximumPercent);
    if (extra + removable === 0)
      report(
        `with ${tasks} ${tasks === 1 ? "task" : "tasks"} and ${minimumPercent} to ${maximumPercent} percent a deployment can neither add a task nor stop one`,
        "set deploymentMaximumPercent to 200",
      );
  },
});
