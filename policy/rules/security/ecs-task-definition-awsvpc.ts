import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecs-task-definition-awsvpc",
  description: "Tasks use the network mode awsvpc.",
  controls: ["TD-06", "TD-07"],
  reason: "Only in awsvpc mode has a task a network interface and a security group of its own; in host mode it even shares the host's.",
  fix: `networkMode: "awsvpc"`,
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    const { networkMode } = task.props;
    if (networkMode !== "awsvpc") report(`networkMode is ${networkMode ? `"${networkMode}"` : `not set (bridge)`}`, 'set it to "awsvpc"');
  },
});
