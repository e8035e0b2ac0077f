import { resourceRule } from "../../engine/define";
import { each } from "../../graph/undecided";

export default resourceRule({
  name: "ecs-task-definition-efs-transit-encryption",
  description: "EFS volumes are encrypted in transit.",
  controls: ["TD-23"],
  reason: "By default NFS traffic between the task and EFS is not encrypted.",
  fix: `efsVolumeConfiguration: { ..., transitEncryption: "ENABLED" }`,
  settings: "transform",
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  concerns: (task) => (task.props.volumes ?? []).some((v) => v.efsVolumeConfiguration !== undefined),
  check(task, report) {
    each(task.props.volumes, (v) => {
      if (v.efsVolumeConfiguration && v.efsVolumeConfiguration.transitEncryption !== "ENABLED")
        report(`the EFS volume "${v.name}" does not encrypt in transit`, 'set transitEncryption to "ENABLED"');
    });
  },
});
