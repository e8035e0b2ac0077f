import { stackRule } from "../../engine/define";
import { isDaemon, scalingOf, somePolicy } from "../../graph/services";
import { each, some } from "../../graph/undecided";

export default stackRule({
  name: "ecs-service-two-tasks",
  description: "Services always run at least two tasks, but for workers that a policy starts from none.",
  controls: ["SVC-07"],
  reason: "A single task is unavailable for minutes when it crashes, when its zone fails or when AWS retires the hardware.",
  fix: `desiredCount: 2 // and minCapacity: 2 on its scalable target`,
  settings: { Service: "desiredCount: 2" },
  types: ["aws:ecs/service:Service"],
  parameters: { minimumTasks: { type: "integer", default: 2, minimum: 1, description: "Fewest tasks of a service." } },
  concerns: (service) => !isDaemon(service),
  check(service, graph, report, { minimumTasks }) {
    const scaling = scalingOf(service, graph);
    const tooFew = (target: (typeof scaling)[number]) => target.props.minCapacity < minimumTasks;
    // What nobody sends requests to, and a policy starts when there is work, is not down while no task runs.
    const startsByWork = (target: (typeof scaling)[number]) =>
      target.props.minCapacity === 0 &&
      (service.props.loadBalancers ?? []).length === 0 &&
      somePolicy(target, service, graph, ({ props }) => props.policyType === "StepScaling");
    const requested = service.props.desiredCount ?? (scaling.length > 0 ? minimumTasks : 0);
    // Where scaling goes down to fewer, that is what to change.
    if (requested < minimumTasks && !some(scaling, tooFew))
      report(`desiredCount is ${service.props.desiredCount ?? "not set"}`, `set it to ${minimumTasks} or more`, {
        settings: { Service: `desiredCount: ${minimumTasks}` },
      });
    each(scaling, (target) => {
      if (tooFew(target) && !startsByWork(target))
        report(`minCapacity of the scalable target ${target.name} is ${target.props.minCapacity}`, `set it to ${minimumTasks} or more`, {
          settings: { Service: `scaling.min: ${minimumTasks}` },
        });
    });
  },
});
