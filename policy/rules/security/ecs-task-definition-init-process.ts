import { resourceRule } from "../../engine/define";
import { eachLinuxContainer } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-init-process",
  description: "Containers have an init process.",
  controls: ["TD-18"],
  reason:
    "As process 1 an app that installs no signal handler ignores SIGTERM: every stop then waits for stopTimeout, and zombies pile up.",
  fix: `linuxParameters: { initProcessEnabled: true }`,
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    eachLinuxContainer(task, (c, label) => {
      if (c.linuxParameters?.initProcessEnabled !== true)
        report(`${label} has no init process`, "set linuxParameters.initProcessEnabled to true");
    });
  },
});
