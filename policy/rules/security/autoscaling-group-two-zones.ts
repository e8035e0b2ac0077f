import { stackRule } from "../../engine/define";
import { templateOf } from "../../graph/capacity";
import { type Graph, given } from "../../graph/graph";
import { subnetsOf, zonesOf } from "../../graph/network";
import type { Resource } from "../../graph/types";
import { some } from "../../graph/undecided";

export default stackRule({
  name: "autoscaling-group-two-zones",
  description: "Auto Scaling groups span at least two Availability Zones.",
  controls: ["ASG-01"],
  reason: "A group in one zone loses all its instances when the zone fails.",
  fix: `vpcZoneIdentifiers: network.privateSubnetIds // one subnet in each zone`,
  settings: "transform",
  types: ["aws:autoscaling/group:Group"],
  parameters: { minimumZones: { type: "integer", default: 2, minimum: 1, description: "Fewest Availability Zones." } },
  concerns: (group, graph) => !keepsInterface(group, graph),
  check(group, graph, report, { minimumZones }) {
    const { availabilityZones } = group.props;
    const zones =
      availabilityZones?.length && !given(group, "vpcZoneIdentifiers")
        ? new Set(availabilityZones).size
        : zonesOf(subnetsOf(group, "vpcZoneIdentifiers", graph, () => group.props.vpcZoneIdentifiers).subnets);
    if (zones < minimumZones) report(`it is in ${zones} Availability Zone`, `give it subnets in ${minimumZones} or more`);
  },
});

/** An instance that takes over a network interface is in the zone of it, and there is one of it. */
const keepsInterface = (group: Resource<"aws:autoscaling/group:Group">, graph: Graph) =>
  some(templateOf(group, graph)?.props.networkInterfaces, (one) => one.networkInterfaceId !== undefined);
