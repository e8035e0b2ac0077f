import { stackRule } from "../../engine/define";
import { within } from "../../engine/remedies";
import { eachContainer } from "../../graph/containers";
import { taskDefinitionOf } from "../../graph/services";

export default stackRule({
  name: "ecs-service-health-check-grace",
  description: "A service behind a load balancer has time to start before health checks count.",
  controls: ["SVC-10"],
  reason: "Without it ECS stops a slow starter before it passes its first check, and the circuit breaker trips.",
  fix: `healthCheckGracePeriodSeconds: 60`,
  settings: { Service: "healthCheck.gracePeriod: 60" },
  types: ["aws:ecs/service:Service"],
  parameters: {
    minimumSeconds: { type: "integer", default: 10, minimum: 0, description: "Shortest grace period, in seconds." },
    maximumSeconds: { type: "integer", default: 600, minimum: 1, description: "Longest grace period, in seconds." },
  },
  concerns: (service) => (service.props.loadBalancers ?? []).length > 0,
  check(service, graph, report, { minimumSeconds, maximumSeconds }) {
    const { healthCheckGracePeriodSeconds } = service.props;
    const grace = healthCheckGracePeriodSeconds ?? 0;
    if (grace < minimumSeconds || grace > maximumSeconds) {
      report(
        `healthCheckGracePeriodSeconds is ${healthCheckGracePeriodSeconds ?? "not set (0)"}`,
        `set it to ${minimumSeconds} to ${maximumSeconds}`,
        { settings: { Service: `healthCheck.gracePeriod: ${within(60, minimumSeconds, maximumSeconds)}` } },
      );
      return;
    }
    const task = taskDefinitionOf(service, graph);
    if (!task) return;
    eachContainer(task, (c, label) => {
      const start = c.healthCheck?.startPeriod ?? 0;
      if (start > grace)
        report(
          `the load balancer's checks count after ${grace} seconds, and ${label} may take ${start} seconds to start`,
          `set healthCheckGracePeriodSeconds to ${start}`,
          { fix: `healthCheckGracePeriodSeconds: ${start}`, settings: { Service: `healthCheck.gracePeriod: ${start}` } },
        );
    });
  },
});
