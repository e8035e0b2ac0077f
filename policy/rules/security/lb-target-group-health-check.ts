import { codeRanges } from "../../../facts/listeners";
import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "lb-target-group-health-check",
  description: "Target groups check an explicit path, and accept only success codes.",
  controls: ["TG-01", "TG-07"],
  reason:
    "With a matcher like 200-499, a service that answers everything with an error counts as healthy, and the circuit breaker never trips.",
  fix: `healthCheck: { path: "/health", matcher: "200" }`,
  settings: { Service: "healthCheck.path: /health" },
  types: ["aws:lb/targetGroup:TargetGroup"],
  concerns: (group) => ["HTTP", "HTTPS"].includes(group.props.protocol?.toUpperCase() ?? ""),
  check(group, report) {
    const { enabled = true, path, matcher = "200", protocol } = group.props.healthCheck ?? {};
    if (!enabled) report("health checks are off", "enable them", { settings: "transform" });
    if (protocol !== "TCP" && !path?.startsWith("/"))
      report(`healthCheck.path is ${path ? `"${path}"` : "not set"}`, 'set it, starting with "/"');
    const grpc = group.props.protocolVersion === "GRPC";
    if (!grpc && codeRanges(matcher).some(([low, high]) => !(low >= 200 && high <= 399)))
      report(`healthCheck.matcher is "${matcher}"`, "accept codes from 200 to 399 only", {
        settings: { Service: "healthCheck.matcher: 200" },
      });
  },
});
