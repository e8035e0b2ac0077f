import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { subnetsOf, zonesOf } from "../../graph/network";

export default stackRule({
  name: "ecs-service-two-zones",
  description: "The subnets of a service are in at least two Availability Zones.",
  controls: ["SVC-09"],
  reason: "A service in one zone fails with it.",
  fix: `networkConfiguration: { subnets: network.privateSubnetIds, ... } // one subnet in each zone`,
  settings: { Service: { argument: "zones: 2", setting: "network.zones: 2", of: "the Network" } },
  types: ["aws:ecs/service:Service"],
  parameters: { minimumZones: { type: "integer", default: 2, minimum: 1, description: "Fewest Availability Zones." } },
  concerns: (service) => given(service, "networkConfiguration"),
  check(service, graph, report, { minimumZones }) {
    const { subnets } = subnetsOf(service, "networkConfiguration", graph, () => service.props.networkConfiguration?.subnets);
    const zones = zonesOf(subnets);
    if (zones < minimumZones)
      report(`its subnets are in ${zones} Availability Zone`, `use subnets in ${minimumZones} or more`, {
        settings: { Service: { argument: `zones: ${minimumZones}`, setting: `network.zones: ${minimumZones}`, of: "the Network" } },
      });
  },
});
