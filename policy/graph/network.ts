import { type Graph, indices, known, undecidable } from "./graph";
import type { AnyResource, Resource } from "./types";

type Subnet = Resource<"aws:ec2/subnet:Subnet">;
type RouteTable = Resource<"aws:ec2/routeTable:RouteTable">;

/** The route table that a subnet is associated with. */
export function routeTableOf(subnet: Subnet, graph: Graph): RouteTable {
  const [association] = graph.referrers(subnet, "aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId");
  const [table] = association ? graph.refs(association, "routeTableId", "aws:ec2/routeTable:RouteTable") : [];
  return table ?? undecidable(`the route table of ${subnet.name} is not in the graph`);
}

/** The routes of a route table that are resources of their own. */
export function routesOf(table: RouteTable, graph: Graph): Resource<"aws:ec2/route:Route">[] {
  return graph.referrers(table, "aws:ec2/route:Route", "routeTableId");
}

/** True if a route of the subnet leads to an internet gateway. */
export function isPublic(subnet: Subnet, graph: Graph): boolean {
  const table = routeTableOf(subnet, graph);
  const leadsOut = (from: AnyResource, property: string, id: () => string | undefined) =>
    known(id)?.startsWith("igw-") || graph.refs(from, property, "aws:ec2/internetGateway:InternetGateway").length > 0;
  const inline = known(() => table.props.routes);
  return (
    routesOf(table, graph).some((r) => leadsOut(r, "gatewayId", () => r.props.gatewayId)) ||
    indices(inline).some((i) => known(() => inline![i].gatewayId)?.startsWith("igw-")) ||
    graph.refs(table, "routes", "aws:ec2/internetGateway:InternetGateway").length > 0
  );
}

/** The zone of a subnet, by name or id. */
export function zoneOf(subnet: Subnet): string {
  const { availabilityZone, availabilityZoneId } = subnet.props;
  return availabilityZone ?? availabilityZoneId ?? undecidable(`${subnet.name} leaves its Availability Zone to AWS`);
}

/** The subnets that a property names; undecidable where they are another stack's. */
export function subnetsOf(
  from: AnyResource,
  property: string,
  graph: Graph,
  ids: () => readonly string[] | undefined,
): { subnets: Subnet[]; exact: boolean } {
  const { resources, exact } = graph.targets(from, property, "aws:ec2/subnet:Subnet", ids);
  if (resources.length === 0) undecidable(`the subnets of ${from.name} are not in the graph`);
  return { subnets: resources, exact };
}

/** Those of the subnets that are public. Undecidable where the graph names both kinds and not which of them are meant. */
export function publicOf({ subnets, exact }: { subnets: Subnet[]; exact: boolean }, graph: Graph): Subnet[] {
  const open = subnets.filter((s) => isPublic(s, graph));
  if (!exact && open.length > 0 && open.length < subnets.length) undecidable("public and private subnets are not told apart");
  return open;
}

/** How many zones the subnets cover. Where the graph names too many subnets, their zones are an upper bound: enough to tell "one". */
export function zonesOf(subnets: readonly Subnet[]): number {
  return new Set(subnets.map(zoneOf)).size;
}
