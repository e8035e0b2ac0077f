import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { isDaemon, scalingOf, somePolicy } from "../../graph/services";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "ecs-service-autoscaling",
  description: "Services scale automatically, and updates do not undo it.",
  controls: ["SVC-17"],
  reason: "A fixed number of tasks is too low at the peak and paid for at night.",
  fix: `new aws.appautoscaling.Target("web", { minCapacity: 2, maxCapacity: 10, ... }) // a Policy for it, and ignoreChanges: ["desiredCount"] on the service`,
  settings: {
    Service: {
      argument: "scaling: { min: 2, max: 10 }",
      setting: "service.scaling: { min: 2, max: 10 }, and remove service.desiredCount,",
    },
  },
  types: ["aws:ecs/service:Service"],
  concerns: (service) => !isDaemon(service),
  check(service, graph, report) {
    const targets = scalingOf(service, graph);
    if (targets.length === 0) report("no scalable target scales it", "add one, with a target tracking policy");
    each(targets, (target) => {
      if (!somePolicy(target, service, graph))
        report(`the scalable target ${target.name} has no scaling policy`, "add a target tracking policy", { settings: "transform" });
      if (target.props.minCapacity >= target.props.maxCapacity)
        report(
          `the scalable target ${target.name} goes from ${target.props.minCapacity} to ${target.props.maxCapacity}`,
          "set a larger maximum",
        );
    });
    // The engine does not tell a stack policy which changes are ignored; a recording does.
    const resets =
      graph.recording && targets.length > 0 && given(service, "desiredCount") && !service.opts.ignoreChanges.includes("desiredCount");
    if (resets) report("every update resets desiredCount", "add it to the service's ignoreChanges", { settings: "transform" });
  },
});
