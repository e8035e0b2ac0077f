import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { eachContainer } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-no-privileged",
  description: "Containers are not privileged.",
  controls: ["TD-03"],
  reason: "A privileged container has root's full power over its instance, and so over every other task there.",
  fix: `privileged: false // or leave it out`,
  settings: "transform",
  types: TASK_DEFINITIONS,
  check(task, report) {
    eachContainer(task, (c, label) => {
      if (c.privileged) report(`${label} is privileged`, "remove it");
    });
  },
});
