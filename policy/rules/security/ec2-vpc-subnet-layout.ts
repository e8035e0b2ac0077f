import { stackRule } from "../../engine/define";
import { isPublic, zonesOf } from "../../graph/network";

export default stackRule({
  name: "ec2-vpc-subnet-layout",
  description: "VPCs have public and private subnets, each in at least two Availability Zones.",
  controls: ["VPC-05"],
  reason: "The load balancer must be public, the tasks should not be, and both must survive the loss of a zone.",
  fix: `new awsx.ec2.Vpc("net", { numberOfAvailabilityZones: 2, subnetSpecs: [{ type: "Public" }, { type: "Private" }] })`,
  settings: { Network: "zones: 2" },
  types: ["aws:ec2/vpc:Vpc"],
  parameters: { minimumZones: { type: "integer", default: 2, minimum: 1, description: "Fewest Availability Zones." } },
  concerns: (vpc, graph) => graph.referrers(vpc, "aws:ec2/subnet:Subnet", "vpcId").length > 0,
  check(vpc, graph, report, { minimumZones }) {
    const subnets = graph.referrers(vpc, "aws:ec2/subnet:Subnet", "vpcId");
    for (const kind of ["public", "private"]) {
      const zones = zonesOf(subnets.filter((s) => isPublic(s, graph) === (kind === "public")));
      if (zones < minimumZones)
        report(`its ${kind} subnets cover ${zones} Availability Zones`, `use ${minimumZones} or more`, {
          settings: { Network: `zones: ${minimumZones}` },
        });
    }
  },
});
