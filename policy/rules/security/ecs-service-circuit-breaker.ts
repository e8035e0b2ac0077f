import { resourceRule } from "../../engine/define";
import { isRolling } from "../../graph/services";

export default resourceRule({
  name: "ecs-service-circuit-breaker",
  description: "Rolling deployments stop and roll back automatically when tasks fail.",
  controls: ["SVC-04"],
  reason: "Without the circuit breaker ECS starts a broken revision again and again until somebody notices.",
  fix: `deploymentCircuitBreaker: { enable: true, rollback: true }`,
  settings: { Service: "rollout.circuitBreaker: true" },
  types: ["aws:ecs/service:Service"],
  concerns: isRolling,
  check(service, report) {
    const { enable, rollback } = service.props.deploymentCircuitBreaker ?? {};
    if (!enable) report("the deployment circuit breaker is off", "enable it, with rollback");
    else if (!rollback) report("the deployment circuit breaker does not roll back", "set rollback to true");
  },
});
