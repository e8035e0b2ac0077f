import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ec2-vpc-dns",
  description: "VPCs have DNS resolution and DNS hostnames enabled.",
  controls: ["VPC-13"],
  reason: "Private DNS of endpoints and service discovery need both.",
  fix: `enableDnsHostnames: true, enableDnsSupport: true`,
  settings: "transform",
  types: ["aws:ec2/vpc:Vpc"],
  check(vpc, report) {
    if (!vpc.props.enableDnsHostnames) report("enableDnsHostnames is not true", "set it to true");
    if (vpc.props.enableDnsSupport === false) report("enableDnsSupport is false", "set it to true");
  },
});
