import { stackRule } from "../../engine/define";
import { subnetsOf, zonesOf } from "../../graph/network";

export default stackRule({
  name: "lb-load-balancer-two-zones",
  description: "Load balancers stand in at least two Availability Zones.",
  controls: ["LB-05"],
  reason: "A load balancer in one zone goes down with it.",
  fix: `subnets: network.publicSubnetIds // one subnet in each zone`,
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  parameters: { minimumZones: { type: "integer", default: 2, minimum: 1, description: "Fewest Availability Zones." } },
  check(balancer, graph, report, { minimumZones }) {
    // The engine fills in the one that the program leaves out: the one that the program gave has dependencies.
    const property = balancer.propertyDependencies.subnets ? "subnets" : "subnetMappings";
    const ids = () => (property === "subnets" ? balancer.props.subnets : balancer.props.subnetMappings?.map((m) => m.subnetId));
    const zones = zonesOf(subnetsOf(balancer, property, graph, ids).subnets);
    if (zones < minimumZones) report(`its subnets lie in ${zones} Availability Zone`, `use subnets in ${minimumZones} or more`);
  },
});
