import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "elb-load-balancer-no-classic",
  description: "There are no Classic Load Balancers.",
  controls: ["LB-17"],
  reason: "The previous generation has neither IP targets nor redirects, and supports few of the other controls.",
  fix: `new aws.lb.LoadBalancer("public", { loadBalancerType: "application", ... })`,
  settings: "none",
  types: ["aws:elb/loadBalancer:LoadBalancer"],
  forbids: true,
  check(_balancer, report) {
    report("it is a Classic Load Balancer", "use an Application or Network Load Balancer");
  },
});
