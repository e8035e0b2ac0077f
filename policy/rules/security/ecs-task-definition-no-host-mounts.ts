import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { isFargate } from "../../graph/containers";
import { each } from "../../graph/undecided";

export default resourceRule({
  name: "ecs-task-definition-no-host-mounts",
  description: "Tasks mount no path of their instance.",
  controls: ["TD-25"],
  reason: "A mounted host path, above all the Docker socket, gives the container control over the instance and its other tasks.",
  fix: `volumes: [{ name: "data" }] // without hostPath; or an EFS or EBS volume`,
  settings: ofTask("volumes: { data: {} }"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  concerns: (task) => !isFargate(task),
  check(task, report) {
    each(task.props.volumes, (v) => {
      if (v.hostPath)
        report(`the volume "${v.name}" is the host's ${v.hostPath}`, "remove hostPath", { settings: ofTask(`volumes: { ${v.name}: {} }`) });
    });
  },
});
