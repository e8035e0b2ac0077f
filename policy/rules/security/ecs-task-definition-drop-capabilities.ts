import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { eachLinuxContainer, isFargate } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-drop-capabilities",
  description: "Containers drop all Linux capabilities.",
  controls: ["TD-17"],
  reason: "Docker grants a container fourteen of root's capabilities. An app that listens on a port above 1023 needs none of them.",
  fix: `linuxParameters: { capabilities: { drop: ["ALL"] } }`,
  settings: ofTask('dropCapabilities: ["ALL"]'),
  types: TASK_DEFINITIONS,
  check(task, report) {
    const allowed = isFargate(task) ? ["SYS_PTRACE"] : [];
    eachLinuxContainer(task, (c, label) => {
      const { add = [], drop = [] } = c.linuxParameters?.capabilities ?? {};
      if (!drop.includes("ALL")) report(`${label} keeps Docker's default capabilities`, 'set linuxParameters.capabilities.drop to ["ALL"]');
      const extra = add.filter((a) => !allowed.includes(a));
      if (extra.length > 0)
        report(`${label} adds the capabilities ${extra.join(", ")}`, "remove them", { settings: ofTask("addCapabilities") });
    });
  },
});
