import { stackRule } from "../../engine/define";

export default stackRule({
  name: "ec2-eip-in-use",
  description: "Every Elastic IP is used.",
  controls: ["VPC-15"],
  reason: "An address that nothing uses costs the same as one in use.",
  fix: `new aws.ec2.NatGateway("nat", { allocationId: eip.id, ... })`,
  settings: "transform",
  types: ["aws:ec2/eip:Eip"],
  check(eip, graph, report) {
    if (graph.isReferredTo(eip)) return;
    if (!eip.props.instance && !eip.props.networkInterface) report("nothing uses this address", "remove it");
  },
});
