import { stackRule } from "../../engine/define";
import { groupsOfService, instancesForRollout, instanceTypeOf } from "../../graph/capacity";
import { taskCount } from "../../graph/services";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "plan-instances-for-rollout",
  category: "deploy",
  severity: "medium",
  level: "advisory",
  description: "An Auto Scaling group may grow to what a rollout at full scale needs.",
  reason: "New tasks start beside the old ones; where no instance has room for them, the rollout waits.",
  fix: `maxSize: 10`,
  settings: { Ec2Capacity: "max: 10" },
  types: ["aws:ecs/service:Service"],
  concerns: (service, graph) => groupsOfService(service, graph).length > 0,
  check(service, graph, report) {
    each(groupsOfService(service, graph), (group) => {
      const needed = instancesForRollout(service, group, graph);
      if (needed <= group.props.maxSize) return;
      const { peak } = taskCount(service, graph);
      report(
        `a rollout of ${service.name} at full scale runs ${peak} tasks on ${needed} ${instanceTypeOf(group, graph)} instances, and the group stops at ${group.props.maxSize}`,
        `set maxSize to ${needed} or more`,
        { at: group, fix: `maxSize: ${needed}`, settings: { Ec2Capacity: `max: ${needed}` } },
      );
    });
  },
});
