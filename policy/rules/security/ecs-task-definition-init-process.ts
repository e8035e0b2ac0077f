import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { eachLinuxContainer } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-init-process",
  description: "Containers have an init process.",
  controls: ["TD-18"],
  reason:
    "As process 1, an app without a signal handler ignores SIGTERM: every stop waits for stopTimeout, and zombie processes accumulate.",
  fix: `linuxParameters: { initProcessEnabled: true }`,
  settings: ofTask("initProcess: true"),
  types: TASK_DEFINITIONS,
  check(task, report) {
    eachLinuxContainer(task, (c, label) => {
      if (c.linuxParameters?.initProcessEnabled !== true)
        report(`${label} has no init process`, "set linuxParameters.initProcessEnabled to true");
    });
  },
});
