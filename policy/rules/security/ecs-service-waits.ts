import { stackRule } from "../../engine/define";

export default stackRule({
  name: "ecs-service-waits",
  description: "An update ends only when the service is stable: it waits itself, or a command that depends on it does.",
  controls: ["SVC-11"],
  reason: "Otherwise a failed rollout is reported as a success, and the old task definition is deleted while it is still needed.",
  fix: `waitForSteadyState: true // with customTimeouts`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  check(service, graph, report) {
    if (service.props.waitForSteadyState) return;
    const follows = graph.of("command:local:Command").some((c) => c.dependencies.some((d) => d.urn === service.urn));
    if (!follows) report("nothing waits until the service is stable", "set waitForSteadyState to true");
  },
});
