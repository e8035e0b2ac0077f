import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { eachLinuxContainer } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-read-only-root",
  description: "Containers have a read-only root file system.",
  controls: ["TD-01"],
  reason:
    "What an attacker adds or changes in a container does not persist, and an app that writes into its image is found before production.",
  fix: `readonlyRootFilesystem: true, mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp" }] // and volumes: [{ name: "tmp" }] on the task definition`,
  settings: ofTask("readonlyRootFilesystem: true"),
  types: TASK_DEFINITIONS,
  check(task, report) {
    eachLinuxContainer(task, (c, label) => {
      if (c.readonlyRootFilesystem !== true) report(`${label} can write to its root file system`, "set readonlyRootFilesystem to true");
    });
  },
});
