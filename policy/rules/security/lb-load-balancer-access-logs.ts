import { resourceRule } from "../../engine/define";
import { isApplication } from "../../graph/balancers";
import { given } from "../../graph/graph";

export default resourceRule({
  name: "lb-load-balancer-access-logs",
  description: "Application Load Balancers write access logs.",
  controls: ["LB-01"],
  reason: "They are the only record of who requested what, and of requests that never reached a task.",
  fix: `accessLogs: { enabled: true, bucket: logs.bucket, prefix: "alb" }`,
  settings: { LoadBalancer: "accessLogs: 90" },
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  concerns: isApplication,
  check(balancer, report) {
    if (!balancer.props.accessLogs?.enabled)
      report(`access logs are ${given(balancer, "accessLogs") ? "not enabled" : "not set"}`, "set accessLogs with enabled: true");
  },
});
