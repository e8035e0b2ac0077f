import { stackRule } from "../../engine/define";
import { isDaemon, scalingOf } from "../../graph/services";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "ecs-service-two-tasks",
  description: "Services run at least two tasks, always.",
  controls: ["SVC-07"],
  reason: "A single task is gone for minutes when it crashes, when its zone fails or when AWS retires its host.",
  fix: `desiredCount: 2 // and minCapacity: 2 on its scalable target`,
  types: ["aws:ecs/service:Service"],
  parameters: { minimumTasks: { type: "integer", default: 2, minimum: 1, description: "Fewest tasks of a service." } },
  concerns: (service) => !isDaemon(service),
  check(service, graph, report, { minimumTasks }) {
    const scaling = scalingOf(service, graph);
    const wanted = service.props.desiredCount ?? (scaling.length > 0 ? minimumTasks : 0);
    if (wanted < minimumTasks) report(`desiredCount is ${service.props.desiredCount ?? "not set"}`, `set it to ${minimumTasks} or more`);
    each(scaling, (target) => {
      if (target.props.minCapacity < minimumTasks)
        report(`minCapacity of the scalable target ${target.name} is ${target.props.minCapacity}`, `set it to ${minimumTasks} or more`);
    });
  },
});
