import { resourceRule } from "../../engine/define";
import { isFargate } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-no-host-namespaces",
  description: "Tasks do not share the host's process or IPC namespace.",
  controls: ["TD-04", "TD-05"],
  reason: "In the host's namespaces a container sees, signals and reads the processes and shared memory of everything on that instance.",
  fix: `pidMode: "task" // or leave pidMode and ipcMode out`,
  settings: "transform",
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    const { pidMode, ipcMode } = task.props;
    if (pidMode === "host") report('pidMode is "host"', 'leave it out or set it to "task"');
    if (ipcMode === "host") report('ipcMode is "host"', "leave it out");
    else if (ipcMode !== undefined && isFargate(task)) report(`ipcMode is "${ipcMode}", which Fargate does not support`, "leave it out");
  },
});
