import { stackRule } from "../../engine/define";
import { groupsOfService, instancesForRollout, providersOfGroup } from "../../graph/capacity";
import { type Graph, given } from "../../graph/graph";
import type { Resource } from "../../graph/types";
import { some } from "../../graph/undecided";

export default stackRule({
  name: "autoscaling-group-size",
  description: "The Auto Scaling group of an ECS cluster has room for a deployment, and leaves its size to ECS.",
  controls: ["ASG-09"],
  reason: "A full group cannot start new tasks beside the old ones. A desiredCapacity in code undoes on each update what ECS has scaled.",
  fix: `minSize: 2, maxSize: 6 // no desiredCapacity`,
  settings: { Ec2Capacity: "max: 10" },
  types: ["aws:autoscaling/group:Group"],
  parameters: {
    minimumInstances: { type: "integer", default: 2, minimum: 0, description: "Fewest instances of a group that ECS does not scale." },
  },
  concerns: (group, graph) => providersOfGroup(group, graph).length > 0,
  check(group, graph, report, { minimumInstances }) {
    const { minSize, maxSize } = group.props;
    const managed = providersOfGroup(group, graph).some((p) => p.props.autoScalingGroupProvider?.managedScaling?.status === "ENABLED");
    if (maxSize < 1) report("maxSize is 0", "allow at least one instance", { settings: { Ec2Capacity: "max: 1" } });
    // Where the tasks are known to need more instances than that, plan-instances-for-rollout says how many.
    else if (maxSize < 2 * minSize && !tooSmallForTasks(group, graph))
      report(`maxSize is ${maxSize} with minSize ${minSize}`, `set it to ${2 * minSize} or more, for the tasks of a deployment`, {
        settings: { Ec2Capacity: `max: ${2 * minSize}` },
      });
    if (!managed && minSize < minimumInstances)
      report(`minSize is ${minSize} and ECS does not scale the group`, `set it to ${minimumInstances} or more`, {
        settings: { Ec2Capacity: `min: ${minimumInstances}` },
      });
    // After an update the engine shows the size that the group has; only a recording shows what the code says.
    if (managed && graph.recording && given(group, "desiredCapacity"))
      report("desiredCapacity is set although ECS scales the group", "remove it", { settings: "transform" });
  },
});

function tooSmallForTasks(group: Resource<"aws:autoscaling/group:Group">, graph: Graph): boolean {
  const services = graph.of("aws:ecs/service:Service").filter((s) => groupsOfService(s, graph).includes(group));
  return some(services, (s) => instancesForRollout(s, group, graph) > group.props.maxSize);
}
