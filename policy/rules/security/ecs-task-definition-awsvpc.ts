import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";

export default resourceRule({
  name: "ecs-task-definition-awsvpc",
  description: "Tasks use the awsvpc network mode.",
  controls: ["TD-06", "TD-07"],
  reason: "Only in awsvpc mode does a task have its own network interface and security group; in host mode it shares the instance's.",
  fix: `networkMode: "awsvpc"`,
  settings: ofTask("networkMode: awsvpc"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    const { networkMode } = task.props;
    if (networkMode !== "awsvpc") report(`networkMode is ${networkMode ? `"${networkMode}"` : `not set (bridge)`}`, 'set it to "awsvpc"');
  },
});
