import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { eachLinuxContainer } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-non-root-user",
  description: "Containers run as a user other than root.",
  controls: ["TD-02"],
  reason:
    "A process that breaks out of its container is then not root on the instance. Security Hub reads the task definition, not the Dockerfile.",
  fix: `user: "1000:1000" // a user that the image's files allow, and a port above 1023`,
  settings: ofTask("user: 1000:1000"),
  types: TASK_DEFINITIONS,
  check(task, report) {
    eachLinuxContainer(task, (c, label) => {
      // AWS has the router of FireLens run as root, and refuses another user.
      if (c.firelensConfiguration && c.user === "0") return;
      if (!c.user) report(`${label} sets no user and runs as root unless its image says otherwise`, "set user");
      else if (/^(root|0)(:|$)/.test(c.user)) report(`${label} runs as "${c.user}"`, "set user to one other than root");
    });
  },
});
