import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ec2-subnet-no-public-ips",
  description: "Subnets give out no public addresses by themselves, public subnets neither.",
  controls: ["VPC-04"],
  reason: "Load balancers and NAT gateways do not need it, and whatever else is started there is on the internet by accident.",
  fix: `mapPublicIpOnLaunch: false`,
  types: ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"],
  check(subnet, report) {
    if (subnet.props.mapPublicIpOnLaunch) report("mapPublicIpOnLaunch is true", "set it to false");
    if (subnet.props.assignIpv6AddressOnCreation) report("assignIpv6AddressOnCreation is true", "set it to false");
  },
});
