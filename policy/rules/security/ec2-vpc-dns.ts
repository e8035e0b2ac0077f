import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ec2-vpc-dns",
  description: "VPCs resolve names and give them.",
  controls: ["VPC-13"],
  reason: "Private DNS of endpoints and service discovery need both.",
  fix: `enableDnsHostnames: true, enableDnsSupport: true`,
  types: ["aws:ec2/vpc:Vpc"],
  check(vpc, report) {
    if (!vpc.props.enableDnsHostnames) report("enableDnsHostnames is not true", "set it");
    if (vpc.props.enableDnsSupport === false) report("enableDnsSupport is false", "set it to true");
  },
});
