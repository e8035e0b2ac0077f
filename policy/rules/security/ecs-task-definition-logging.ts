import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { eachContainer, isFargate } from "../../graph/containers";

const fargateDrivers = ["awslogs", "splunk", "awsfirelens"];

export default resourceRule({
  name: "ecs-task-definition-logging",
  description: "Every container sends its logs somewhere.",
  controls: ["TD-08"],
  reason: "Without a log driver the reason for a failure is lost with the task.",
  fix: `logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": logs.name, "awslogs-region": region, "awslogs-stream-prefix": "web" } }`,
  settings: "transform",
  types: TASK_DEFINITIONS,
  check(task, report) {
    eachContainer(task, (c, label) => {
      const driver = c.logConfiguration?.logDriver;
      if (!driver) report(`${label} has no logConfiguration`, "give it one, sidecars included");
      else if (isFargate(task) && !fargateDrivers.includes(driver))
        report(`${label} uses the log driver "${driver}", which Fargate does not support`, `use ${fargateDrivers.join(", ")}`);
    });
  },
});
