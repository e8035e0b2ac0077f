import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { eachContainer } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-log-mode",
  description: "Containers with awslogs set the delivery mode, with a buffer when it is non-blocking.",
  controls: ["TD-09"],
  reason:
    "The default mode changed in 2025 and each account can change it: if it is not set, the same task may lose log lines in one account and stall in another.",
  fix: `options: { ..., mode: "non-blocking", "max-buffer-size": "25m" }`,
  settings: "transform",
  types: TASK_DEFINITIONS,
  check(task, report) {
    eachContainer(task, (c, label) => {
      if (c.logConfiguration?.logDriver !== "awslogs") return;
      const { mode, "max-buffer-size": buffer } = c.logConfiguration.options ?? {};
      if (mode !== "blocking" && mode !== "non-blocking")
        report(
          `${label} leaves the log mode ${mode === undefined ? "to the account" : `"${mode}"`}`,
          'set options.mode to "non-blocking" or "blocking"',
        );
      else if (mode === "non-blocking" && !buffer)
        report(`${label} logs non-blocking without a buffer size`, 'set options["max-buffer-size"]');
    });
  },
});
