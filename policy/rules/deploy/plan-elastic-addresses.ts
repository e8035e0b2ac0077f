import { ELASTIC_IPS } from "../../../facts/quotas";
import { stackRule } from "../../engine/define";

export default stackRule({
  name: "plan-elastic-addresses",
  category: "deploy",
  severity: "low",
  description: "The stack uses no more Elastic IPs than AWS grants by default.",
  reason: "AWS refuses the next one beyond the quota; other stacks in the region count too.",
  fix: `// fewer NAT gateways, or a higher quota from Service Quotas`,
  settings: { Network: "nat: single" },
  types: ["aws:ec2/eip:Eip"],
  check(address, graph, report) {
    const all = graph.of("aws:ec2/eip:Eip");
    if (all.indexOf(address) === ELASTIC_IPS)
      report(
        `the stack takes ${all.length} Elastic IPs, and AWS grants ${ELASTIC_IPS} in a region by default`,
        "take fewer, or ask AWS for more",
      );
  },
});
