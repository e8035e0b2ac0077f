import { stackRule } from "../../engine/define";
import { containers } from "../../graph/containers";
import { given } from "../../graph/graph";
import { taskDefinitionOf } from "../../graph/services";
import { each, some } from "../../graph/undecided";

export default stackRule({
  name: "plan-container-port",
  category: "deploy",
  severity: "high",
  description: "The container and port that a load balancer sends requests to are in the task definition.",
  reason: "ECS refuses a service that names a container or a port that its task definition does not have.",
  fix: `loadBalancers: [{ containerName: "web", containerPort: 8000, ... }] // as in containerDefinitions`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  concerns: (service) => given(service, "loadBalancers"),
  check(service, graph, report) {
    const task = taskDefinitionOf(service, graph);
    if (!task) return;
    each(service.props.loadBalancers, ({ containerName, containerPort }) => {
      const container = containers(task).find(({ name }) => name === containerName);
      if (!container)
        report(
          `the load balancer sends requests to container "${containerName}", which ${task.name} does not have`,
          "name one that it has",
        );
      else if (!some(container.portMappings, (mapping) => mapping.containerPort === containerPort))
        report(
          `the load balancer sends requests to port ${containerPort} of container "${containerName}", which has no such port mapping`,
          "map the port, or name one that is mapped",
        );
    });
  },
});
