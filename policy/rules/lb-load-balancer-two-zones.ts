import { stackRule } from "../define";
import { given } from "../graph";
import { subnetsOf, zonesOf } from "../network";

export default stackRule({
  name: "lb-load-balancer-two-zones",
  description: "Load balancers stand in at least two Availability Zones.",
  controls: ["LB-05"],
  reason: "A load balancer in one zone goes down with it.",
  fix: `subnets: network.publicSubnetIds // one subnet in each zone`,
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  parameters: { minimumZones: { type: "integer", default: 2, minimum: 1, description: "Fewest Availability Zones." } },
  check(balancer, graph, report, { minimumZones }) {
    const property = given(balancer, "subnetMappings") ? "subnetMappings" : "subnets";
    const ids = () => balancer.props.subnetMappings?.map((m) => m.subnetId) ?? balancer.props.subnets;
    const zones = zonesOf(subnetsOf(balancer, property, graph, ids).subnets);
    if (zones < minimumZones) report(`its subnets lie in ${zones} Availability Zone; use subnets in ${minimumZones} or more.`);
  },
});
