import { stackRule } from "../../engine/define";
import { subnetsOf, zonesOf } from "../../graph/network";

export default stackRule({
  name: "lb-load-balancer-two-zones",
  description: "Load balancers are in at least two Availability Zones.",
  controls: ["LB-05"],
  reason: "A load balancer in one zone fails with it.",
  fix: `subnets: network.publicSubnetIds // one subnet in each zone`,
  settings: "transform",
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  parameters: { minimumZones: { type: "integer", default: 2, minimum: 1, description: "Fewest Availability Zones." } },
  check(balancer, graph, report, { minimumZones }) {
    // The engine fills in the one that the program leaves out: the one that the program gave has dependencies.
    const property = balancer.propertyDependencies.subnets ? "subnets" : "subnetMappings";
    const ids = () => (property === "subnets" ? balancer.props.subnets : balancer.props.subnetMappings?.map((m) => m.subnetId));
    const zones = zonesOf(subnetsOf(balancer, property, graph, ids).subnets);
    if (zones < minimumZones) report(`its subnets are in ${zones} Availability Zone`, `use subnets in ${minimumZones} or more`);
  },
});
