import { resourceRule } from "../../engine/define";
import { isApplication } from "../../graph/balancers";

export default resourceRule({
  name: "lb-load-balancer-drop-invalid-headers",
  description: "Application Load Balancers drop invalid header fields.",
  controls: ["LB-02"],
  reason: "A header that the load balancer and the app read differently is how requests are smuggled past it.",
  fix: `dropInvalidHeaderFields: true`,
  settings: "transform",
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  concerns: isApplication,
  check(balancer, report) {
    if (!balancer.props.dropInvalidHeaderFields) report("dropInvalidHeaderFields is not true", "set it to true");
  },
});
