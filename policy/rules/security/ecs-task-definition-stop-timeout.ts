import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { ofTask, within } from "../../engine/remedies";
import { eachContainer } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-stop-timeout",
  description: "Essential containers set a stop timeout.",
  controls: ["TD-19"],
  reason: "An app that ignores SIGTERM adds the stop timeout to every task that a deploy replaces; the default is 30 seconds.",
  fix: `stopTimeout: 30 // seconds`,
  settings: ofTask("stopTimeout: 30"),
  types: TASK_DEFINITIONS,
  parameters: {
    minimumSeconds: { type: "integer", default: 2, minimum: 2, maximum: 120, description: "Shortest stop timeout, in seconds." },
    maximumSeconds: { type: "integer", default: 120, minimum: 2, maximum: 120, description: "Longest stop timeout, in seconds." },
  },
  check(task, report, { minimumSeconds, maximumSeconds }) {
    eachContainer(task, (c, label) => {
      if (c.essential === false) return;
      const { stopTimeout } = c;
      if (stopTimeout === undefined || !Number.isInteger(stopTimeout) || stopTimeout < minimumSeconds || stopTimeout > maximumSeconds)
        report(
          `${label} has ${stopTimeout === undefined ? "no stopTimeout" : `stopTimeout ${stopTimeout}`}`,
          `set it to ${minimumSeconds} to ${maximumSeconds} seconds`,
          { settings: ofTask(`stopTimeout: ${within(30, minimumSeconds, maximumSeconds)}`) },
        );
    });
  },
});
