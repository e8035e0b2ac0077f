import { resourceRule } from "../../engine/define";
import { eachContainer } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-no-privileged",
  description: "Containers are not privileged.",
  controls: ["TD-03"],
  reason: "A privileged container has all of root's power over its host, and so over every other task there.",
  fix: `privileged: false // or leave it out`,
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    eachContainer(task, (c, label) => {
      if (c.privileged) report(`${label} is privileged`, "remove privileged");
    });
  },
});
