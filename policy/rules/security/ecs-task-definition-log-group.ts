import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { eachContainer } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-log-group",
  description: "The awslogs driver names an existing log group, its region and a stream prefix.",
  controls: ["TD-29"],
  reason: "A log group that the driver creates never expires and has neither an encryption key nor tags.",
  fix: `options: { "awslogs-group": logs.name, "awslogs-region": region, "awslogs-stream-prefix": "web" } // and no awslogs-create-group`,
  settings: "transform",
  types: TASK_DEFINITIONS,
  check(task, report) {
    eachContainer(task, (c, label) => {
      if (c.logConfiguration?.logDriver !== "awslogs") return;
      const options = c.logConfiguration.options ?? {};
      for (const key of ["awslogs-group", "awslogs-region", "awslogs-stream-prefix"]) {
        if (!options[key]) report(`${label} lacks the log option "${key}"`, "set it");
      }
      if (options["awslogs-create-group"] !== undefined)
        report(`${label} sets "awslogs-create-group"`, "create the log group in the stack instead");
    });
  },
});
