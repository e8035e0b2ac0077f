import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { subnetsOf, zonesOf } from "../../graph/network";

export default stackRule({
  name: "autoscaling-group-two-zones",
  description: "Auto Scaling groups span at least two Availability Zones.",
  controls: ["ASG-01"],
  reason: "A group in one zone loses all its instances when the zone fails.",
  fix: `vpcZoneIdentifiers: network.privateSubnetIds // one subnet in each zone`,
  settings: "transform",
  types: ["aws:autoscaling/group:Group"],
  parameters: { minimumZones: { type: "integer", default: 2, minimum: 1, description: "Fewest Availability Zones." } },
  check(group, graph, report, { minimumZones }) {
    const { availabilityZones } = group.props;
    const zones =
      availabilityZones?.length && !given(group, "vpcZoneIdentifiers")
        ? new Set(availabilityZones).size
        : zonesOf(subnetsOf(group, "vpcZoneIdentifiers", graph, () => group.props.vpcZoneIdentifiers).subnets);
    if (zones < minimumZones) report(`it is in ${zones} Availability Zone`, `give it subnets in ${minimumZones} or more`);
  },
});
