import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "lb-load-balancer-deletion-protection",
  description: "Load balancers are protected from deletion.",
  controls: ["LB-03"],
  reason: "One wrong destroy or replacement takes the name that all clients use.",
  fix: `enableDeletionProtection: true // false before a destroy`,
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  check(balancer, report) {
    if (!balancer.props.enableDeletionProtection) report("enableDeletionProtection is not true", "set it");
  },
});
