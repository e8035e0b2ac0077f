import { type Graph, given } from "./graph";
import type { AnyResource, Resource } from "./types";
import { anyTrue, some, undecidable } from "./undecided";

type Subnet = Resource<"aws:ec2/subnet:Subnet">;
type RouteTable = Resource<"aws:ec2/routeTable:RouteTable">;

/** The route table that a subnet is associated with; undefined where the graph has none. */
export function tableOf(subnet: Subnet, graph: Graph): RouteTable | undefined {
  const [association] = graph.referrers(subnet, "aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId");
  return association && graph.refs(association, "routeTableId", "aws:ec2/routeTable:RouteTable")[0];
}

/** The same; undecidable where the graph has none. */
export function routeTableOf(subnet: Subnet, graph: Graph): RouteTable {
  return tableOf(subnet, graph) ?? undecidable(`the route table of ${subnet.name} is not part of this stack`);
}

/** The routes of a route table that are resources of their own. */
export function routesOf(table: RouteTable, graph: Graph): Resource<"aws:ec2/route:Route">[] {
  return graph.referrers(table, "aws:ec2/route:Route", "routeTableId");
}

/** The NAT gateway that a route leads to, or the network interface of an instance in place of one. */
export const natsOf = (route: Resource<"aws:ec2/route:Route">, graph: Graph) => [
  ...graph.refs(route, "natGatewayId", "aws:ec2/natGateway:NatGateway"),
  ...graph.refs(route, "networkInterfaceId", "aws:ec2/networkInterface:NetworkInterface"),
];

/** True for a route of one table. In a preview a route may name a whole network for the table that it is in. */
const isRouteOf = (route: Resource<"aws:ec2/route:Route">, graph: Graph): true =>
  graph.refs(route, "routeTableId", "aws:ec2/routeTable:RouteTable").length === 1 ||
  undecidable(`the route table of ${route.name} is not known before the deploy`);

/** True if a route of the subnet leads to an internet gateway. */
export function isPublic(subnet: Subnet, graph: Graph): boolean {
  const table = routeTableOf(subnet, graph);
  const leadsOut = (from: AnyResource, property: string) =>
    graph.refs(from, property, "aws:ec2/internetGateway:InternetGateway").length > 0;
  return anyTrue(
    () =>
      some(
        routesOf(table, graph),
        (r) => (leadsOut(r, "gatewayId") || (r.props.gatewayId?.startsWith("igw-") ?? false)) && isRouteOf(r, graph),
      ),
    () => leadsOut(table, "routes") || some(table.props.routes, (r) => r.gatewayId?.startsWith("igw-") ?? false),
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
  if (resources.length === 0) undecidable(`the subnets of ${from.name} are not part of this stack`);
  return { subnets: resources, exact };
}

/** Those of the subnets of which the statement is true. Undecidable where the graph names others too, and not which of them are meant. */
export function meant({ subnets, exact }: { subnets: Subnet[]; exact: boolean }, statement: (subnet: Subnet) => boolean): Subnet[] {
  const found = subnets.filter(statement);
  if (!exact && found.length > 0 && found.length < subnets.length)
    undecidable("which of the subnets are meant is not known before the deploy");
  return found;
}

/** Those of the subnets that are public. */
export function publicOf(subnets: { subnets: Subnet[]; exact: boolean }, graph: Graph): Subnet[] {
  return meant(subnets, (s) => isPublic(s, graph));
}

/** Where a subnet's traffic to the internet goes; undefined where the graph does not say, as for a subnet that was there before. */
export function wayOut(subnet: Subnet, graph: Graph): "internet" | "nat" | "none" | undefined {
  const table = tableOf(subnet, graph);
  if (!table) return undefined;
  if (isPublic(subnet, graph)) return "internet";
  const routes = routesOf(table, graph);
  if (routes.some((r) => natsOf(r, graph).length > 0)) return "nat";
  // A table with routes of another kind (to a transit gateway, or inline) may well lead out.
  return routes.length === 0 && !given(table, "routes") ? "none" : undefined;
}

/** How many zones the subnets cover. Where the graph names too many subnets, their zones are an upper bound: enough to tell "one". */
export function zonesOf(subnets: readonly Subnet[]): number {
  return new Set(subnets.map(zoneOf)).size;
}
