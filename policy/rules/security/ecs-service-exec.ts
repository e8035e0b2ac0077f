import { stackRule } from "../../engine/define";
import { eachContainer } from "../../graph/containers";
import { grantsOf } from "../../graph/iam";
import { clusterOf, taskDefinitionOf } from "../../graph/services";
import { covers } from "../../graph/statements";
import { decide } from "../../graph/undecided";

const channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map((a) => `ssmmessages:${a}`);

export default stackRule({
  name: "ecs-service-exec",
  description: "ECS Exec is off, or its sessions are logged and encrypted and its prerequisites are met.",
  controls: ["SVC-12"],
  reason: "Whoever may call ExecuteCommand gets a root shell in the container, whatever its user; the session must leave a record.",
  fix: `enableExecuteCommand: false // or executeCommandConfiguration: { kmsKeyId, logging: "OVERRIDE", logConfiguration: { ... } } on the cluster`,
  settings: { Service: "exec: false" },
  types: ["aws:ecs/service:Service"],
  check(service, graph, report) {
    if (!service.props.enableExecuteCommand) return;
    const cluster = clusterOf(service, graph);
    const task = taskDefinitionOf(service, graph);
    if (cluster) {
      const sessions = cluster.props.configuration?.executeCommandConfiguration ?? {};
      if (sessions.logging !== "OVERRIDE")
        report("ECS Exec is on, but its sessions are not logged", `set logging to "OVERRIDE" on ${cluster.name}`);
      if (!("kmsKeyId" in sessions))
        report("ECS Exec is on, but its sessions are not encrypted with a key of your own", `set kmsKeyId on ${cluster.name}`);
    }
    if (!task) return;
    decide(() =>
      eachContainer(task, (c, label) => {
        if (c.readonlyRootFilesystem)
          report(
            `ECS Exec is on, but ${label} has a read-only root file system`,
            "ECS Exec needs a writable one: set readonlyRootFilesystem to false",
          );
        if (!c.linuxParameters?.initProcessEnabled)
          report(`ECS Exec is on, but ${label} has no init process`, "set initProcessEnabled to true");
      }),
    );
    const [role] = graph.refs(task, "taskRoleArn", "aws:iam/role:Role");
    if (!role) return;
    const actions = grantsOf(role, graph).flatMap((s) => s.actions);
    const missing = channels.filter((a) => !covers(actions, a));
    if (missing.length > 0) report(`ECS Exec is on, but the task role ${role.name} lacks ${missing.join(", ")}`, "allow these actions");
  },
});
