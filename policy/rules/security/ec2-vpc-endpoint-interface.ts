import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { subnetsOf, zonesOf } from "../../graph/network";
import { openToWorld, portsText, rulesOf } from "../../graph/security-groups";
import { decide, each } from "../../graph/undecided";

export default stackRule({
  name: "ec2-vpc-endpoint-interface",
  description: "Interface endpoints are in two zones, have private DNS, and admit only HTTPS from the VPC.",
  controls: ["VPC-10"],
  reason: "Without private DNS nothing uses the endpoint; in one zone everything that depends on it fails with that zone.",
  fix: `privateDnsEnabled: true, subnetIds: network.privateSubnetIds, securityGroupIds: [endpoints.id]`,
  settings: "transform",
  types: ["aws:ec2/vpcEndpoint:VpcEndpoint"],
  concerns: (endpoint) => endpoint.props.vpcEndpointType === "Interface",
  check(endpoint, graph, report) {
    if (!endpoint.props.privateDnsEnabled) report("privateDnsEnabled is not true", "set it to true");
    if (!given(endpoint, "securityGroupIds") || endpoint.props.securityGroupIds?.length === 0)
      report("securityGroupIds is not set", "give it a security group");
    decide(() => {
      const zones = zonesOf(subnetsOf(endpoint, "subnetIds", graph, () => endpoint.props.subnetIds).subnets);
      if (zones < 2) report(`its subnets are in ${zones} Availability Zone`, "use subnets in two or more");
    });
    const ids = () => endpoint.props.securityGroupIds;
    for (const group of graph.targets(endpoint, "securityGroupIds", "aws:ec2/securityGroup:SecurityGroup", ids).resources) {
      each(rulesOf(group, graph, "ingress"), (rule) => {
        const { from, to } = rule.ports();
        if (from !== 443 || to !== 443) report(`its security group ${group.name} admits ${portsText(rule)}`, "only port 443 is used");
        if (openToWorld(rule)) report(`its security group ${group.name} is open to the internet`, "admit only the VPC");
      });
    }
  },
});
