import { stackRule } from "../../engine/define";
import { isApplication, listenersOf } from "../../graph/balancers";

export default stackRule({
  name: "lb-load-balancer-https",
  description: "Application Load Balancers have an HTTPS listener.",
  controls: ["LB-06"],
  reason: "Over HTTP everyone on the path can read and change what clients and the app exchange, starting with session cookies.",
  fix: `new aws.lb.Listener("https", { port: 443, protocol: "HTTPS", certificateArn, ... })`,
  settings: { LoadBalancer: "domain: app.example.com" },
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  concerns: (balancer, graph) => isApplication(balancer) && listenersOf(balancer, graph).length > 0,
  check(balancer, graph, report) {
    const protocols = listenersOf(balancer, graph).map((l) => l.props.protocol ?? "HTTP");
    if (!protocols.includes("HTTPS")) report("it has no HTTPS listener", "add one, with a certificate");
  },
});
