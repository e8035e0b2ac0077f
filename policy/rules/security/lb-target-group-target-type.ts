import { stackRule } from "../../engine/define";
import { containers } from "../../graph/containers";
import { given } from "../../graph/graph";
import { targetGroupsOf, taskDefinitionOf } from "../../graph/services";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "lb-target-group-target-type",
  description: "The target type fits the network mode of the tasks.",
  controls: ["TG-05"],
  reason: "A target group of instances cannot reach a task with its own network interface; ECS refuses the service.",
  fix: `targetType: "ip" // for networkMode "awsvpc"`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  concerns: (service) => given(service, "loadBalancers"),
  check(service, graph, report) {
    const task = taskDefinitionOf(service, graph);
    if (!task) return;
    const awsvpc = task.props.networkMode === "awsvpc";
    for (const group of targetGroupsOf(service, graph)) {
      const { targetType = "instance" } = group.props;
      if (awsvpc && targetType !== "ip")
        report(`the tasks use awsvpc, but ${group.name} has target type "${targetType}"`, 'set it to "ip"', { at: group });
      if (!awsvpc && targetType !== "instance")
        report(`the tasks do not use awsvpc, but ${group.name} has target type "${targetType}"`, 'set it to "instance"', { at: group });
    }
    if (awsvpc) return;
    each(service.props.loadBalancers, ({ containerName, containerPort }) => {
      const mapping = containers(task)
        .find((c) => c.name === containerName)
        ?.portMappings?.find((m) => m.containerPort === containerPort);
      if (mapping?.hostPort)
        report(
          `the host port of ${containerName} is fixed to ${mapping.hostPort}`,
          "set hostPort to 0, so that two tasks fit on an instance",
        );
    });
  },
});
