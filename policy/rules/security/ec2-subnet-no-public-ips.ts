import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ec2-subnet-no-public-ips",
  description: "Subnets, including public ones, do not assign public IP addresses automatically.",
  controls: ["VPC-04"],
  reason: "Load balancers and NAT gateways do not need it, and anything else started there is on the internet by accident.",
  fix: `mapPublicIpOnLaunch: false`,
  settings: "transform",
  types: ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"],
  check(subnet, report) {
    if (subnet.props.mapPublicIpOnLaunch) report("mapPublicIpOnLaunch is true", "set it to false");
    if (subnet.props.assignIpv6AddressOnCreation) report("assignIpv6AddressOnCreation is true", "set it to false");
  },
});
