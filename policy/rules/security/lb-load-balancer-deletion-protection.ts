import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "lb-load-balancer-deletion-protection",
  description: "Load balancers are protected from deletion.",
  controls: ["LB-03"],
  reason: "A mistaken destroy or replacement takes away the DNS name that all clients use.",
  fix: `enableDeletionProtection: true // false before a destroy`,
  settings: { LoadBalancer: "deletionProtection: true", NetworkLoadBalancer: "deletionProtection: true" },
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  check(balancer, report) {
    if (!balancer.props.enableDeletionProtection) report("it is not protected from deletion", "set enableDeletionProtection to true");
  },
});
