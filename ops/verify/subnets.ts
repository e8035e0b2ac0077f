// Whether the subnets that are there already have the addresses that the update needs, and a way to the images.
import type { RouteTable, Subnet, VpcEndpoint } from "@aws-sdk/client-ec2";
import { type Json, type JsonObject, type Resource, UNKNOWN } from "../../facts/graph";
import { ENDPOINT, LOAD_BALANCER, SERVICE, SUBNET } from "../../facts/types";
import { plural } from "../../tool/text";
import type { Aws } from "../stack/aws";
import { type PlannedStack, textOf } from "./planned-stack";
import { serviceTasks } from "./services";
import { type Answer, asked, type Finding, notPermitted, unlessFound, type Verification } from "./verification";

/** Addresses that a load balancer wants free in each of its subnets. */
const FOR_LOAD_BALANCER = 8;

/** The end of the name of the endpoint service by which tasks pull images. */
const IMAGES = ".ecr.dkr";

interface Answers {
  subnets: Answer<Subnet[]>;
  routeTables: Answer<RouteTable[]>;
  endpoints: Answer<VpcEndpoint[]>;
}

const networkOf = ({ inputs }: Resource) => (inputs.networkConfiguration ?? {}) as JsonObject;

/** Subnets by their ids in AWS: those that are given, and the stack's own as far as they are deployed. */
function idsOf(stack: PlannedStack, resource: Resource, property: string, given: Json | undefined): string[] {
  const own = stack.sources(resource, property, SUBNET);
  if (own.length > 0) return own.flatMap((one) => stack.deployed(one)?.id ?? []);
  // What the plan made up for a lookup is nobody's subnet.
  if (stack.graph.invokes.some(({ token }) => token === "aws:ec2/getSubnets:getSubnets")) return [];
  return Array.isArray(given) ? given.filter((id): id is string => typeof id === "string" && id !== UNKNOWN) : [];
}

const ofService = (stack: PlannedStack, one: Resource) => idsOf(stack, one, "networkConfiguration", networkOf(one).subnets);
const ofLoadBalancer = (stack: PlannedStack, one: Resource) => idsOf(stack, one, "subnets", one.inputs.subnets);
const isOwn = (stack: PlannedStack, service: Resource) => stack.sources(service, "networkConfiguration", SUBNET).length > 0;

async function read(aws: Aws, ids: string[]): Promise<Answers> {
  const subnets = await asked(
    aws
      .ec2()
      .describeSubnets({ Filters: [{ Name: "subnet-id", Values: ids }] })
      .then(({ Subnets = [] }) => Subnets),
  );
  const vpcs = [...new Set(("value" in subnets ? subnets.value : []).flatMap(({ VpcId }) => VpcId ?? []))];
  const inVpcs = { Filters: [{ Name: "vpc-id", Values: vpcs }] };
  if (vpcs.length === 0) return { subnets, routeTables: { value: [] }, endpoints: { value: [] } };
  const [routeTables, endpoints] = await Promise.all([
    asked(
      aws
        .ec2()
        .describeRouteTables(inVpcs)
        .then(({ RouteTables = [] }) => RouteTables),
    ),
    asked(
      aws
        .ec2()
        .describeVpcEndpoints(inVpcs)
        .then(({ VpcEndpoints = [] }) => VpcEndpoints),
    ),
  ]);
  return { subnets, routeTables, endpoints };
}

/** The subnets that are named and not there. */
function missing(stack: PlannedStack, known: Subnet[]): Finding[] {
  const there = new Set(known.map(({ SubnetId }) => SubnetId));
  const named = [
    ...stack.ofType(SERVICE).map((one) => [one, ofService(stack, one)] as const),
    ...stack.ofType(LOAD_BALANCER).map((one) => [one, ofLoadBalancer(stack, one)] as const),
  ];
  return named.flatMap(([{ name }, ids]) =>
    ids
      .filter((id) => !there.has(id))
      .map((id): Finding => {
        const detail = `${name}: there is no subnet ${id} in ${stack.place.region} of account ${stack.place.accountId}.`;
        return { result: "fail", detail, fix: "Correct network.existing, or choose the credentials of its account." };
      }),
  );
}

/** Whether the services that share subnets find an address for each task, and a load balancer its own. */
function addresses(stack: PlannedStack, known: Subnet[]): Finding[] {
  // Subnets without IPv4 have no such count.
  const counted = known.filter(({ Ipv6Native }) => !Ipv6Native);
  const free = new Map(counted.map(({ SubnetId = "", AvailableIpAddressCount = 0 }) => [SubnetId, AvailableIpAddressCount]));
  const needs = new Map<string, { ids: string[]; names: string[]; tasks: number }>();
  for (const { service, started } of serviceTasks(stack)) {
    const ids = ofService(stack, service).filter((id) => free.has(id));
    if (ids.length === 0) continue;
    const key = [...ids].sort().join();
    const sum = needs.get(key) ?? { ids, names: [], tasks: 0 };
    needs.set(key, { ids, names: [...sum.names, service.name], tasks: sum.tasks + started });
  }
  const short = [...needs.values()].flatMap(({ ids, names, tasks }): Finding[] => {
    const sum = ids.reduce((total, id) => total + free.get(id)!, 0);
    if (sum >= tasks) return [];
    const detail = `${names.join(", ")}: the update starts ${plural(tasks, "task")}, and ${ids.join(", ")} have ${sum} free address${sum === 1 ? "" : "es"}.`;
    return [
      {
        result: "fail",
        cause: "no-capacity",
        detail,
        fix: "Use larger subnets, lower the number of tasks or maximumPercent, or free addresses.",
      },
    ];
  });
  const balancers = stack.created(LOAD_BALANCER).flatMap((one) =>
    ofLoadBalancer(stack, one)
      .filter((id) => (free.get(id) ?? FOR_LOAD_BALANCER) < FOR_LOAD_BALANCER)
      .map((id): Finding => {
        const detail = `${one.name}: a load balancer needs ${FOR_LOAD_BALANCER} free addresses in each subnet, and ${id} has ${free.get(id)}.`;
        return { result: "fail", detail, fix: "Name another subnet for it, or free addresses." };
      }),
  );
  return [...short, ...balancers];
}

/** Whether tasks in subnets of another reach the images: by a route out, or by endpoints. */
function ways(stack: PlannedStack, known: Subnet[], tables: RouteTable[], endpoints: VpcEndpoint[]): Finding[] {
  // The stack makes the way itself.
  if (stack.ofType(ENDPOINT).some(({ inputs }) => textOf(inputs, "serviceName")?.endsWith(IMAGES))) return [];
  const vpcs = new Set(
    endpoints
      .filter(({ ServiceName = "", State }) => ServiceName.endsWith(IMAGES) && /available/i.test(State ?? ""))
      .map((one) => one.VpcId),
  );
  return stack
    .ofType(SERVICE)
    .filter((service) => !isOwn(stack, service))
    .flatMap((service) => {
      const isPublic = networkOf(service).assignPublicIp === true;
      const ids = ofService(stack, service);
      return known
        .filter(({ SubnetId = "", VpcId }) => ids.includes(SubnetId) && !vpcs.has(VpcId))
        .flatMap(({ SubnetId = "", VpcId }) => blocked(service.name, SubnetId, tableOf(tables, SubnetId, VpcId), isPublic));
    });
}

const tableOf = (tables: RouteTable[], subnet: string, vpc: string | undefined) =>
  tables.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === subnet)) ??
  tables.find(({ Associations = [], VpcId }) => VpcId === vpc && Associations.some(({ Main }) => Main));

function blocked(name: string, subnet: string, table: RouteTable | undefined, isPublic: boolean): Finding[] {
  if (!table) return [];
  const route = table.Routes?.find((one) => one.DestinationCidrBlock === "0.0.0.0/0");
  const fail = (why: string, fix: string): Finding[] => [
    { result: "fail", cause: "no-network", detail: `${name}: ${subnet} ${why}.`, fix },
  ];
  const fix = "Name private subnets with a NAT gateway, or create the VPC endpoints that the tasks need.";
  if (!route) return fail("has neither a route out nor an endpoint for images", fix);
  if (route.State === "blackhole") return fail("has a default route that leads nowhere (blackhole)", fix);
  if (route.GatewayId?.startsWith("igw-") && !isPublic)
    return fail("is public, and the tasks have no public address to leave it", "Name private subnets, or give the tasks public addresses.");
  return [];
}

export const subnets: Verification<Answers> = {
  name: "Subnets",
  read(stack, aws) {
    const ids = [
      ...stack.ofType(SERVICE).flatMap((one) => ofService(stack, one)),
      ...stack.ofType(LOAD_BALANCER).flatMap((one) => ofLoadBalancer(stack, one)),
    ];
    return ids.length === 0 ? undefined : read(aws, [...new Set(ids)]);
  },
  judge(stack, { subnets: found, routeTables, endpoints }) {
    if ("denied" in found) return [notPermitted("their free addresses", found.denied)];
    const findings = [...missing(stack, found.value), ...addresses(stack, found.value)];
    if ("denied" in routeTables) findings.push(notPermitted("their way to the images", routeTables.denied));
    else if ("denied" in endpoints) findings.push(notPermitted("their way to the images", endpoints.denied));
    else findings.push(...ways(stack, found.value, routeTables.value, endpoints.value));
    return unlessFound(findings, `${found.value.length} there, with free addresses and a way to the images`);
  },
};
