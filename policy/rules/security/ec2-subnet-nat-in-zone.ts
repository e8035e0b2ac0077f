import { stackRule } from "../../engine/define";
import type { Graph } from "../../graph/graph";
import { natsOf, routesOf, tableOf, zoneOf } from "../../graph/network";
import type { Resource } from "../../graph/types";

export default stackRule({
  name: "ec2-subnet-nat-in-zone",
  description: "Private subnets reach the internet through a NAT gateway in their own zone.",
  controls: ["VPC-07"],
  reason: "With one NAT gateway, the failure of its zone cuts off all the others: no image, no secret, no third-party API.",
  fix: `natGateways: { strategy: "OnePerAz" } // costs a NAT gateway more per zone`,
  settings: { Network: "nat: perZone" },
  types: ["aws:ec2/subnet:Subnet"],
  concerns: (subnet, graph) => natsOfSubnet(subnet, graph).length > 0,
  check(subnet, graph, report) {
    for (const nat of natsOfSubnet(subnet, graph)) {
      if (nat.type === "aws:ec2/natGateway:NatGateway" && nat.props.availabilityMode === "regional") continue;
      const [home] = graph.refs(nat, "subnetId", "aws:ec2/subnet:Subnet");
      if (home && zoneOf(home) !== zoneOf(subnet))
        report(
          `it is in ${zoneOf(subnet)}, but its NAT ${nat.type === "aws:ec2/natGateway:NatGateway" ? "gateway" : "instance"} ${nat.name} is in ${zoneOf(home)}`,
          "give each zone a NAT gateway",
        );
    }
  },
});

function natsOfSubnet(subnet: Resource<"aws:ec2/subnet:Subnet">, graph: Graph) {
  const table = tableOf(subnet, graph);
  return table ? routesOf(table, graph).flatMap((route) => natsOf(route, graph)) : [];
}
