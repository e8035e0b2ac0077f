import { stackRule } from "../../engine/define";

export default stackRule({
  name: "ec2-vpc-no-default",
  description: "Nothing uses the account's default VPC.",
  controls: ["VPC-01"],
  reason: "All its subnets are public, and everybody's experiments live in it.",
  fix: `new awsx.ec2.Vpc("net", { ... })`,
  types: ["aws:ec2/defaultVpc:DefaultVpc", "aws:ec2/defaultSubnet:DefaultSubnet", "pulumi:pulumi:Stack"],
  forbids: true,
  check(resource, graph, report) {
    if (resource.type !== "pulumi:pulumi:Stack") report("it takes over the account's default network", "make a VPC of your own");
    else if (graph.recording?.invokes?.some((i) => i.token === "aws:ec2/getVpc:getVpc" && i.args.default === true))
      report("the program looks up the default VPC", "make a VPC, or look up one by id or tags");
  },
});
