import { resourceRule } from "../../engine/define";
import { isApplication } from "../../graph/balancers";

export default resourceRule({
  name: "lb-load-balancer-desync-mitigation",
  description: "Load balancers defend against ambiguous requests.",
  controls: ["LB-04"],
  reason: 'In the mode "monitor" ambiguous requests reach the app.',
  fix: `desyncMitigationMode: "defensive" // or leave it out`,
  settings: "transform",
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  concerns: isApplication,
  check(balancer, report) {
    const { desyncMitigationMode: mode = "defensive" } = balancer.props;
    if (mode !== "defensive" && mode !== "strictest") report(`desyncMitigationMode is "${mode}"`, 'set it to "defensive" or "strictest"');
  },
});
