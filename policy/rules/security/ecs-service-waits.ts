import { stackRule } from "../../engine/define";

export default stackRule({
  name: "ecs-service-waits",
  description: "An update ends only when the service is steady: it waits by itself or a command that follows it does.",
  controls: ["SVC-11"],
  reason: "Otherwise a failed rollout reports success, and takes away the old task definition while it is still needed.",
  fix: `waitForSteadyState: true // with customTimeouts`,
  types: ["aws:ecs/service:Service"],
  check(service, graph, report) {
    if (service.props.waitForSteadyState) return;
    const follows = graph.of("command:local:Command").some((c) => c.dependencies.some((d) => d.urn === service.urn));
    if (!follows) report("nothing waits until the service is steady", "set waitForSteadyState to true");
  },
});
