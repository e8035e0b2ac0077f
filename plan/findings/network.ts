import type { RecordedResource } from "../../facts/graph";
import { ENDPOINT, NAT_GATEWAY, SUBNET } from "../../facts/types";
import { type Query, text } from "../graph/query";
import type { GraphRule } from "./rule";

const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway";

/** Addresses of each subnet that AWS keeps for itself. */
const RESERVED = 5;
/** Elastic IPs of one region without a raised quota. */
const ADDRESSES = 5;
/** What a task without the internet needs to start. */
const NEEDED = ["ecr.api", "ecr.dkr"];

/** Where a subnet's traffic to the internet goes. Undefined if the graph does not say, as for a subnet that was there before. */
function wayOut(graph: Query<RecordedResource>, subnet: RecordedResource): "internet" | "nat" | "none" | undefined {
  const tables = graph
    .using(subnet, "subnetId", ASSOCIATION)
    .flatMap(({ propertyDependencies }) => propertyDependencies.routeTableId ?? []);
  if (tables.length === 0) return undefined;
  const routes = graph
    .ofType(ROUTE)
    .filter(({ propertyDependencies }) => propertyDependencies.routeTableId?.some((urn) => tables.includes(urn)));
  if (routes.some((route) => graph.from(route, "gatewayId", INTERNET_GATEWAY).length > 0)) return "internet";
  if (routes.some((route) => graph.from(route, "natGatewayId", NAT_GATEWAY).length > 0)) return "nat";
  // A table with routes that this does not know (a transit gateway, inline routes) may well lead out.
  const inline = tables.some((urn) => graph.get(urn)?.inputs.routes !== undefined);
  return routes.length === 0 && !inline ? "none" : undefined;
}

export const wayToRegistry: GraphRule = {
  name: "plan-way-to-registry",
  severity: "critical",
  level: "mandatory",
  check: ({ graph, services }) => {
    const endpoints = graph.ofType(ENDPOINT).map(({ inputs }) => text(inputs.serviceName) ?? "");
    const missing = NEEDED.filter((service) => !endpoints.some((name) => name.endsWith(`.${service}`)));
    if (missing.length === 0) return [];
    return services.flatMap(({ urn, resource }) => {
      const cut = graph.from(resource, "networkConfiguration", SUBNET).filter((subnet) => wayOut(graph, subnet) === "none");
      return cut.length === 0
        ? []
        : [
            {
              urn,
              message: `tasks in ${cut[0].name} cannot pull their image: the subnet has no way to the internet and the network no endpoint for ${missing.join(" and ")}.`,
              fix: "network: { nat: single } or network: { endpoints: private }",
            },
          ];
    });
  },
};

export const publicAddress: GraphRule = {
  name: "plan-public-address",
  severity: "critical",
  level: "mandatory",
  check: ({ graph, services }) =>
    services.flatMap(({ urn, resource, launch, publicIp }) => {
      const open = graph.from(resource, "networkConfiguration", SUBNET).filter((subnet) => wayOut(graph, subnet) === "internet");
      return publicIp || launch === "ec2" || open.length === 0
        ? []
        : [
            {
              urn,
              message: `tasks in ${open[0].name} cannot pull their image: the subnet leads out by an internet gateway, and the tasks get no public address.`,
              fix: "networkConfiguration: { assignPublicIp: true, ... }, or private subnets",
            },
          ];
    }),
};

export const subnetRoom: GraphRule = {
  name: "plan-subnet-room",
  severity: "medium",
  level: "advisory",
  check: ({ graph, services }) =>
    services.flatMap(({ urn, peak, resource }) => {
      const subnets = graph.from(resource, "networkConfiguration", SUBNET);
      const room = subnets.reduce((sum, { inputs }) => sum + addresses(text(inputs.cidrBlock)), 0);
      return subnets.length === 0 || peak <= room
        ? []
        : [
            {
              urn,
              message: `a rollout at full scale runs ${peak} tasks, and the subnets have ${room} addresses.`,
              fix: "a larger cidrBlock, or a smaller scaling.max",
            },
          ];
    }),
};

function addresses(cidrBlock: string | undefined): number {
  const mask = Number(cidrBlock?.split("/")[1]);
  return Number.isInteger(mask) ? Math.max(0, 2 ** (32 - mask) - RESERVED) : 0;
}

export const elasticAddresses: GraphRule = {
  name: "plan-elastic-addresses",
  severity: "low",
  level: "advisory",
  check: ({ graph }) => {
    const all = graph.ofType("aws:ec2/eip:Eip");
    return all.length <= ADDRESSES
      ? []
      : [
          {
            urn: all[ADDRESSES].urn,
            message: `the stack takes ${all.length} Elastic IPs; AWS gives ${ADDRESSES} a region unless the quota is raised.`,
            fix: "network: { nat: single }, or a higher quota",
          },
        ];
  },
};
