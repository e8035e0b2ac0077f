import { ipv6Slot } from "../../facts/cidr";
import { UserError } from "../../facts/errors";
import type { Json, JsonObject } from "../../facts/graph";
import { parseBlock, type SubnetLayout, type SubnetSpec, type SubnetType, subnetLayout, type VpcArgs } from "./awsx-subnets";

/**
 * `awsx:ec2:Vpc` is made by a plugin, not in the program, so a recording sees none of its children. This is what the plugin makes of the same
 * inputs: names, parents, inputs and dependencies as awsx 3 makes them.
 */

/** A property of another child, known only once that child is registered. */
export class Ref {
  constructor(
    readonly child: string,
    readonly property = "id",
    /** Of a range of IPv6, the subnet at this place. */
    readonly slot?: number,
  ) {}
}

export type ChildValue = null | boolean | number | string | Ref | ChildValue[] | { [key: string]: ChildValue };

type Inputs = Record<string, ChildValue>;

export interface Child {
  /** `<type> <name>`: how a Ref names it. */
  key: string;
  type: string;
  name: string;
  /** Key of the parent; undefined for the component itself. */
  parent?: string;
  inputs: Inputs;
  /** Keys of the children it waits for besides those its inputs refer to. */
  dependsOn: string[];
  /** Inputs of the component whose dependencies it takes over; true for all of them. */
  inherits: true | string[];
}

export interface Expansion {
  /** Each after its parent and after what it refers to. */
  children: Child[];
  /** Resources of the component: key of the child, or keys. */
  resources: Record<string, string | string[]>;
  outputs: Inputs;
}

/** The zones the component would use, of those the region has. */
export function zonesOf(args: VpcArgs, available: string[]): string[] {
  if (args.availabilityZoneNames?.length) {
    if (args.numberOfAvailabilityZones)
      throw new UserError("Give availabilityZoneNames or numberOfAvailabilityZones of awsx.ec2.Vpc, not both.");
    return args.availabilityZoneNames;
  }
  const count = args.numberOfAvailabilityZones ?? 3;
  if (count > available.length) throw new UserError(`The region has ${available.length} availability zones, and ${count} are asked for.`);
  return available.slice(0, count);
}

/** Inputs of the component that go to the VPC as they are. */
const VPC_INPUTS = [
  ...[
    "assignGeneratedIpv6CidrBlock",
    "enableDnsHostnames",
    "enableDnsSupport",
    "enableNetworkAddressUsageMetrics",
    "instanceTenancy",
    "ipv4IpamPoolId",
  ],
  ...["ipv4NetmaskLength", "ipv6CidrBlock", "ipv6CidrBlockNetworkBorderGroup", "ipv6IpamPoolId", "ipv6NetmaskLength", "region"],
];

/** In this order awsx makes the subnets of a zone. */
const RANKS: readonly SubnetType[] = ["Public", "Private", "Isolated"];

interface Subnet {
  type: SubnetType;
  key: string;
  table: string;
  name: string;
}

/** Everything `awsx:ec2:Vpc` makes of its inputs. */
export function expandVpc(name: string, inputs: JsonObject, available: string[]): Expansion {
  const args = inputs as VpcArgs;
  const zones = zonesOf(args, available);
  const layout = subnetLayout(args, zones);
  const gateways = countGateways(args, layout, zones.length);
  const recorder = new VpcRecorder(args.region);
  const tags = (own: string) => ({ ...args.tags, Name: own });

  const passed = Object.fromEntries(VPC_INPUTS.flatMap((key) => (inputs[key] === undefined ? [] : [[key, inputs[key]]])));
  const cidr: Inputs = args.ipv4IpamPoolId ? {} : { cidrBlock: args.cidrBlock ?? "10.0.0.0/16" };
  const vpc = recorder.add("aws:ec2/vpc:Vpc", name, undefined, { ...passed, ...cidr, tags: tags(name) }, { inherits: true });
  const vpcId = new Ref(vpc);
  const igw = recorder.add("aws:ec2/internetGateway:InternetGateway", name, vpc, { vpcId, tags: tags(name) });

  const specs = layout.map(({ spec }) => spec).filter(({ type }) => type !== "Unused");
  const ranks = RANKS.flatMap((type) => specs.filter((spec) => spec.type === type));
  const subnets: Subnet[] = [];
  const made: Record<"associations" | "routes" | "eips" | "nats", string[]> = { associations: [], routes: [], eips: [], nats: [] };
  zones.forEach((zone, z) => {
    const fresh = layout
      .filter(({ spec }) => spec.type !== "Unused")
      .map(({ spec, cidrBlocks }) =>
        addSubnet(recorder, args, name, spec, zone, z, cidrBlocks[z]!, vpcId, made.associations, z + zones.length * ranks.indexOf(spec)),
      );
    subnets.push(...fresh);
    const publicSubnet = fresh.find((subnet) => subnet.type === "Public");
    if (z < gateways && publicSubnet) addGateway(recorder, args, `${name}-${z + 1}`, publicSubnet.key, z, made);
    for (const { type, name: own, table } of fresh) {
      const nat = made.nats[Math.min(z, made.nats.length - 1)];
      const way: Inputs | undefined =
        type === "Public" ? { gatewayId: new Ref(igw) } : type === "Private" && nat ? { natGatewayId: new Ref(nat) } : undefined;
      if (way)
        made.routes.push(
          recorder.add("aws:ec2/route:Route", own, table, { routeTableId: new Ref(table), destinationCidrBlock: "0.0.0.0/0", ...way }),
        );
    }
  });
  const endpoints = (args.vpcEndpointSpecs ?? []).map((spec) => addEndpoint(recorder, args, spec, vpc, subnets));

  const of = (type: SubnetType) => subnets.filter((subnet) => subnet.type === type).map((subnet) => subnet.key);
  const ids = (keys: string[]) => keys.map((key) => new Ref(key));
  return {
    children: recorder.children,
    resources: {
      vpc,
      internetGateway: igw,
      subnets: subnets.map((subnet) => subnet.key),
      publicSubnets: of("Public"),
      privateSubnets: of("Private"),
      isolatedSubnets: of("Isolated"),
      routeTables: subnets.map((subnet) => subnet.table),
      routeTableAssociations: made.associations,
      routes: made.routes,
      eips: made.eips,
      natGateways: made.nats,
      vpcEndpoints: endpoints,
    },
    outputs: {
      vpcId,
      publicSubnetIds: ids(of("Public")),
      privateSubnetIds: ids(of("Private")),
      isolatedSubnetIds: ids(of("Isolated")),
      subnetLayout: layout.map(({ spec, cidrBlocks }) => ({
        type: spec.type,
        ...(spec.name === undefined ? {} : { name: spec.name }),
        ...(spec.size === undefined ? {} : { size: spec.size }),
        cidrBlocks,
        cidrMask: parseBlock(cidrBlocks[0]!).mask,
      })),
    },
  };
}

function countGateways(args: VpcArgs, layout: SubnetLayout[], zones: number): number {
  const types = layout.map(({ spec }) => spec.type);
  const strategy = args.natGateways?.strategy ?? (types.includes("Public") && types.includes("Private") ? "OnePerAz" : "None");
  const count = { None: 0, Single: 1, OnePerAz: zones }[strategy];
  if (count === undefined)
    throw new UserError(`natGateways.strategy is ${JSON.stringify(strategy)}; allowed are None, Single and OnePerAz.`);
  if (count > 0 && !types.includes("Public"))
    throw new UserError(`natGateways.strategy ${strategy} needs a public subnet, and there is none.`);
  const addresses = args.natGateways?.elasticIpAllocationIds?.length ?? 0;
  if (addresses > 0 && addresses !== count) {
    throw new UserError(`natGateways.elasticIpAllocationIds has ${addresses} entries; the strategy ${strategy} needs ${count}.`);
  }
  return count;
}

function addSubnet(
  recorder: VpcRecorder,
  args: VpcArgs,
  vpcName: string,
  spec: SubnetSpec,
  zone: string,
  z: number,
  cidrBlock: string,
  vpcId: Ref,
  associations: string[],
  /** Among those of the VPC, the public ones of all zones first. */
  place: number,
): Subnet {
  const base = `${vpcName}-${spec.name ?? spec.type.toLowerCase()}`;
  const own = `${base}-${z + 1}`;
  if (recorder.has("aws:ec2/subnet:Subnet", own))
    throw new UserError(`subnetSpecs: two subnets would be called ${own}; give the specifications different names.`);
  const label = args.subnetNameTagStrategy === "AvailabilityZone" ? `${base}-${zone}` : own;
  const tags = { ...args.tags, ...spec.tags, Name: spec.tags?.Name ?? label, SubnetType: spec.type };
  const hasIpv6 = spec.assignIpv6AddressOnCreation ?? args.assignGeneratedIpv6CidrBlock ?? false;
  const key = recorder.add("aws:ec2/subnet:Subnet", own, vpcId.child, {
    vpcId,
    availabilityZone: zone,
    cidrBlock,
    mapPublicIpOnLaunch: spec.type === "Public",
    assignIpv6AddressOnCreation: hasIpv6,
    ...(hasIpv6 && {
      ipv6CidrBlock: new Ref(vpcId.child, "ipv6CidrBlock", place),
    }),
    tags,
  });
  const table = recorder.add("aws:ec2/routeTable:RouteTable", own, key, { vpcId, tags }, { dependsOn: [key] });
  associations.push(
    recorder.add("aws:ec2/routeTableAssociation:RouteTableAssociation", own, table, {
      routeTableId: new Ref(table),
      subnetId: new Ref(key),
    }),
  );
  return { type: spec.type, key, table, name: own };
}

function addGateway(
  recorder: VpcRecorder,
  args: VpcArgs,
  own: string,
  subnet: string,
  z: number,
  made: { eips: string[]; nats: string[] },
): void {
  const tags = { ...args.tags, Name: own };
  const given = args.natGateways?.elasticIpAllocationIds?.[z];
  let allocationId: string | Ref | undefined = given;
  if (allocationId === undefined) {
    const eip = recorder.add("aws:ec2/eip:Eip", own, subnet, { tags }, { dependsOn: [subnet] });
    made.eips.push(eip);
    allocationId = new Ref(eip);
  }
  const options = { dependsOn: [subnet], inherits: given === undefined ? [] : ["natGateways"] };
  made.nats.push(recorder.add("aws:ec2/natGateway:NatGateway", own, subnet, { allocationId, subnetId: new Ref(subnet), tags }, options));
}

const ENDPOINT_INPUTS = [
  ...[
    "autoAccept",
    "dnsOptions",
    "ipAddressType",
    "policy",
    "resourceConfigurationArn",
    "serviceName",
    "serviceNetworkArn",
    "serviceRegion",
    "subnetConfigurations",
  ],
  ...["vpcEndpointType", "privateDnsEnabled", "routeTableIds", "securityGroupIds", "subnetIds"],
];

type EndpointSpec = NonNullable<VpcArgs["vpcEndpointSpecs"]>[number];

function addEndpoint(recorder: VpcRecorder, args: VpcArgs, spec: EndpointSpec, vpc: string, subnets: Subnet[]): string {
  const [service, kind, vpcId] = [spec.serviceName, spec.vpcEndpointType ?? "Gateway", new Ref(vpc)];
  const tags = { ...args.tags, ...spec.tags };
  const inputs: Inputs = Object.fromEntries(ENDPOINT_INPUTS.flatMap((key) => (spec[key] === undefined ? [] : [[key, spec[key]]])));
  if (args.vpcEndpointStrategy === "Auto" && kind === "Gateway") inputs.routeTableIds ??= subnets.map((subnet) => new Ref(subnet.table));
  if (args.vpcEndpointStrategy === "Auto" && kind === "Interface") {
    const inside =
      ["Private", "Isolated"].map((type) => subnets.filter((subnet) => subnet.type === type)).find((list) => list.length > 0) ?? [];
    if (inputs.subnetConfigurations === undefined) inputs.subnetIds ??= inside.map((subnet) => new Ref(subnet.key));
    inputs.privateDnsEnabled ??= true;
    if (inputs.securityGroupIds === undefined) {
      const group = recorder.add("aws:ec2/securityGroup:SecurityGroup", `${service}-sg`, vpc, { vpcId, tags }, { dependsOn: [vpc] });
      const rule = {
        type: "ingress",
        securityGroupId: new Ref(group),
        protocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrBlocks: [new Ref(vpc, "cidrBlock")],
      };
      recorder.add("aws:ec2/securityGroupRule:SecurityGroupRule", `${service}-ingress`, vpc, rule, { dependsOn: [group] });
      inputs.securityGroupIds = [new Ref(group)];
    }
  }
  return recorder.add(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    service,
    vpc,
    { ...inputs, vpcId, tags },
    { dependsOn: [vpc], inherits: ["vpcEndpointSpecs"] },
  );
}

/** Collects the children; each gets the component's `region`. */
class VpcRecorder {
  readonly children: Child[] = [];

  constructor(private readonly region: string | undefined) {}

  add(
    type: string,
    name: string,
    parent: string | undefined,
    inputs: Inputs,
    options: Partial<Pick<Child, "dependsOn" | "inherits">> = {},
  ): string {
    const key = `${type} ${name}`;
    const region: Inputs = this.region === undefined ? {} : { region: this.region };
    this.children.push({ key, type, name, parent, inputs: { ...inputs, ...region }, dependsOn: [], inherits: [], ...options });
    return key;
  }

  has(type: string, name: string): boolean {
    return this.children.some((child) => child.key === `${type} ${name}`);
  }
}

/** The keys of the children that a value refers to. */
export function refsIn(value: ChildValue): string[] {
  if (value instanceof Ref) return [value.child];
  if (Array.isArray(value)) return value.flatMap(refsIn);
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(refsIn) : [];
}

/** The value with every reference replaced by what the child has. */
export function resolveRefs(value: ChildValue, lookUp: (ref: Ref) => Json): Json {
  if (value instanceof Ref) {
    const found = lookUp(value);
    return value.slot !== undefined && typeof found === "string" && found.endsWith("/56") ? ipv6Slot(found, value.slot) : found;
  }
  if (Array.isArray(value)) return value.map((item) => resolveRefs(item, lookUp));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveRefs(item, lookUp)]));
}
