// What NAT gateways are counted by: one of a zone by itself, one of the region by the zones that it is in.
import type { Resource } from "../../facts/graph";
import { NAT_GATEWAY, SUBNET } from "../../facts/types";
import { type Query, text } from "../graph/query";

export const isRegional = ({ inputs }: Resource): boolean => text(inputs.availabilityMode) === "regional";

/** The zones that have subnets. */
export const zonesOf = (graph: Query): number => new Set(graph.ofType(SUBNET).map(({ inputs }) => text(inputs.availabilityZone))).size;

/** How many gateways, each with an address, are paid for. */
export const gatewaysPaid = (graph: Query): number =>
  graph.ofType(NAT_GATEWAY).reduce((sum, gateway) => sum + (isRegional(gateway) ? zonesOf(graph) : 1), 0);
