import { stackRule } from "../../engine/define";
import { groupsOfTemplate } from "../../graph/capacity";
import { given } from "../../graph/graph";
import { publicOf, subnetsOf } from "../../graph/network";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "ec2-launch-template-no-public-ip",
  description: "Instances have no public IP address and are in private subnets.",
  controls: ["LT-04"],
  reason: "An instance that the internet can reach is attacked within minutes.",
  fix: `networkInterfaces: [{ associatePublicIpAddress: "false", ... }] // or none, and private subnets on the group`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  check(template, graph, report) {
    each(template.props.networkInterfaces, (n) => {
      if (String(n.associatePublicIpAddress) === "true")
        report("a network interface gets a public IP address", 'set associatePublicIpAddress to "false"');
    });
    each(groupsOfTemplate(template, graph), (group) => {
      if (!given(group, "vpcZoneIdentifiers")) return;
      const subnets = subnetsOf(group, "vpcZoneIdentifiers", graph, () => group.props.vpcZoneIdentifiers);
      for (const subnet of publicOf(subnets, graph))
        report(`${group.name} starts instances in ${subnet.name}, which has a route to an internet gateway`, "use private subnets");
    });
  },
});
