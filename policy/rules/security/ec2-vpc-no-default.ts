import { stackRule } from "../../engine/define";

export default stackRule({
  name: "ec2-vpc-no-default",
  description: "Nothing uses the account's default VPC.",
  controls: ["VPC-01"],
  reason: "All its subnets are public, and it tends to hold everybody's experiments.",
  fix: `new awsx.ec2.Vpc("net", { ... })`,
  settings: "none",
  types: ["aws:ec2/defaultVpc:DefaultVpc", "aws:ec2/defaultSubnet:DefaultSubnet", "pulumi:pulumi:Stack"],
  forbids: true,
  check(resource, graph, report) {
    if (resource.type !== "pulumi:pulumi:Stack") report("it adopts the account's default network", "create your own VPC");
    else if (graph.recording?.invokes?.some((i) => i.token === "aws:ec2/getVpc:getVpc" && i.args.default === true))
      report("the program looks up the default VPC", "create a VPC, or look one up by id or tags");
  },
});
