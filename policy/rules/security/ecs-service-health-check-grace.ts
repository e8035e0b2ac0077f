import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecs-service-health-check-grace",
  description: "A service behind a load balancer has time to start before health checks count.",
  controls: ["SVC-10"],
  reason: "Without it ECS kills a slow starter before it passes its first check, and the circuit breaker trips.",
  fix: `healthCheckGracePeriodSeconds: 60`,
  types: ["aws:ecs/service:Service"],
  parameters: {
    minimumSeconds: { type: "integer", default: 10, minimum: 0, description: "Shortest grace period, in seconds." },
    maximumSeconds: { type: "integer", default: 600, minimum: 1, description: "Longest grace period, in seconds." },
  },
  concerns: (service) => (service.props.loadBalancers ?? []).length > 0,
  check(service, report, { minimumSeconds, maximumSeconds }) {
    const grace = service.props.healthCheckGracePeriodSeconds ?? 0;
    if (grace < minimumSeconds || grace > maximumSeconds)
      report(
        `healthCheckGracePeriodSeconds is ${service.props.healthCheckGracePeriodSeconds ?? "not set (0)"}; set it to ${minimumSeconds} to ${maximumSeconds}.`,
      );
  },
});
