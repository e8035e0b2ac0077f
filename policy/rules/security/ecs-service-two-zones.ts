import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { subnetsOf, zonesOf } from "../../graph/network";

export default stackRule({
  name: "ecs-service-two-zones",
  description: "The subnets of a service lie in at least two Availability Zones.",
  controls: ["SVC-09"],
  reason: "A service in one zone goes down with it.",
  fix: `networkConfiguration: { subnets: network.privateSubnetIds, ... } // one subnet in each zone`,
  types: ["aws:ecs/service:Service"],
  parameters: { minimumZones: { type: "integer", default: 2, minimum: 1, description: "Fewest Availability Zones." } },
  concerns: (service) => given(service, "networkConfiguration"),
  check(service, graph, report, { minimumZones }) {
    const { subnets } = subnetsOf(service, "networkConfiguration", graph, () => service.props.networkConfiguration?.subnets);
    const zones = zonesOf(subnets);
    if (zones < minimumZones) report(`its subnets lie in ${zones} Availability Zone`, `use subnets in ${minimumZones} or more`);
  },
});
