import { stackRule } from "../../engine/define";
import type { Graph } from "../../graph/graph";
import { isDaemon, scalingOf, somePolicy } from "../../graph/services";
import type { Resource } from "../../graph/types";
import { anyTrue, each, some } from "../../graph/undecided";

export default stackRule({
  name: "plan-service-starts",
  category: "deploy",
  severity: "high",
  description: "Some event starts a task of each service.",
  reason: "A service without a task has no CPU, memory or requests to measure, so none of them ever starts one again.",
  fix: `minCapacity: 1 // or a policy on a metric that exists without tasks, such as the length of a queue`,
  settings: { Service: "scaling.min: 1" },
  types: ["aws:ecs/service:Service"],
  concerns: (service) => !isDaemon(service),
  check(service, graph, report) {
    const targets = scalingOf(service, graph);
    if (targets.length === 0 && service.props.desiredCount === 0)
      report("desiredCount is 0, and nothing raises it: no task ever starts", "set it to 1 or more", {
        fix: "desiredCount: 1",
        settings: { Service: "desiredCount: 1" },
      });
    each(targets, (target) => {
      if (Number(target.props.minCapacity) > 0 || wakes(target, service, graph)) return;
      report("the number of its tasks may be 0 (minCapacity), and nothing raises it from there", "set minCapacity to 1 or more", {
        ...(target.props.maxCapacity === 0 && { fix: "minCapacity: 1, maxCapacity: 1", settings: { Service: "desiredCount: 1" } }),
      });
    });
  },
});

type Target = Resource<"aws:appautoscaling/target:Target">;

/** Whether something raises the number of tasks from 0: a schedule, or a policy on a metric that needs no task. */
function wakes(target: Target, service: Resource<"aws:ecs/service:Service">, graph: Graph): boolean {
  return anyTrue(
    () =>
      some(
        graph.referrers(target, "aws:appautoscaling/scheduledAction:ScheduledAction", "resourceId"),
        ({ props }) => Number(props.scalableTargetAction.minCapacity ?? 0) > 0,
      ),
    () => somePolicy(target, service, graph, ({ props }) => !props.targetTrackingScalingPolicyConfiguration?.predefinedMetricSpecification),
  );
}
