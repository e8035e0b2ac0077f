import { Vpc, type VpcArgs } from "@pulumi/awsx/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import { ALL_IPV6, ipv6Subnet, layout, overlaps, vpcComplaint } from "../../facts/cidr";
import { type ComponentArgs, cidr, common, logDays } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { allow, trust } from "../base/iam";
import { type Location, locate } from "../base/location";
import { type ArgumentsOf, flag, group, integer, list, offOr, oneOf, optional, other, pattern, type Rule, text } from "../base/schema";
import { ExistingNetwork, type ExistingNetworkArgs } from "./existing-network";
import { type NetworkLike, zonesComplaint } from "./network-like";
import { afterWayOut, tableOf, WayOut, type WayOutTransform } from "./way-out";

/** Arguments of {@link Network}. */
export interface NetworkArgs extends ComponentArgs {
  /** Address range of the VPC (`cidrBlock`), /16 to /23. Defaults to `10.0.0.0/16`. */
  cidrBlock?: string;
  /** Ranges that this VPC must not overlap because it will be peered with them or reach them by VPN. Defaults to none. */
  avoidCidrBlocks?: string[];
  /** Availability zones, 2 or 3. Defaults to 2. */
  zones?: number;
  /**
   * NAT gateways, the way out for tasks in private subnets. `perZone` survives the loss of a zone; `single` does not; `regional` is one gateway that AWS keeps
   * in every zone with tasks (`availabilityMode`); `instance`, for dev, is a t4g.nano in place of a gateway, which Auto Scaling replaces when it fails, without a
   * way out for some minutes; `none` costs nothing: tasks then run in public subnets with public IPs, or in private ones that reach AWS
   * through `endpoints`. Defaults to `perZone`, or `none` with endpoints. Cost in us-east-1: about 36.50 USD a month each (gateway and IP), a regional one for
   * each zone, and 0.045 USD per GB; an instance about 7.40 USD (3.07 without disk and IP), and nothing per GB.
   */
  nat?: "none" | "single" | "perZone" | "regional" | "instance";
  /**
   * Elastic IPs of your own for the NAT gateways, one for each (`allocationId`), so that others can allow the tasks by an address that outlives the stack. Only
   * with `nat: single`, `perZone` or `instance`. Defaults to none: each gateway gets a new one. Cost: 3.65 USD a month each, as for new ones.
   */
  elasticIps?: string[];
  /**
   * `private` makes interface endpoints for ECR, CloudWatch Logs and `endpointServices`, so that private tasks need no NAT and have no way to the internet.
   * Defaults to `none`. Cost in us-east-1: about 7.30 USD a month per service and zone, and 0.01 USD per GB.
   */
  endpoints?: "none" | "private";
  /** Further AWS services to reach by interface endpoint, such as `secretsmanager`, `ssm` or `sqs`; `dynamodb` by a gateway endpoint, which is free. Only with `endpoints: private`. Defaults to none. */
  endpointServices?: string[];
  /**
   * Whether the VPC has addresses of IPv6 beside those of IPv4 (`assignGeneratedIpv6CidrBlock`): the load balancer answers on both, and tasks reach the internet by
   * IPv6 without a NAT gateway, through an egress-only internet gateway. It can be switched on at any time, and not off again, because AWS takes no range from a
   * network that uses it. Defaults to false. Cost: none of its own.
   */
  ipv6?: boolean;
  /** Days to keep VPC flow logs (`retentionInDays`), or false for no flow logs. Defaults to 90. Cost: about 0.50 USD per GB of records. */
  flowLogs?: number | false;
  /** Changes to what the component makes. */
  transform?: {
    vpc?: Transform<VpcArgs>;
    wayOut?: WayOutTransform;
    defaultSecurityGroup?: Transform<aws.ec2.DefaultSecurityGroupArgs>;
    s3Endpoint?: Transform<aws.ec2.VpcEndpointArgs>;
    endpoint?: Transform<aws.ec2.VpcEndpointArgs>;
    endpointSecurityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    endpointIngress?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
    egressOnlyInternetGateway?: Transform<aws.ec2.EgressOnlyInternetGatewayArgs>;
    ipv6Route?: Transform<aws.ec2.RouteArgs>;
    flowLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
    flowLogRole?: Transform<aws.iam.RoleArgs>;
    flowLogPolicy?: Transform<aws.iam.RolePolicyArgs>;
    flowLog?: Transform<aws.ec2.FlowLogArgs>;
  };
}

export const network = {
  ...common,
  cidrBlock: optional(text(vpcComplaint, "10.0.0.0/16"), "10.0.0.0/16"),
  avoidCidrBlocks: optional(list(cidr()), []),
  zones: optional(integer(2, 3), 2),
  nat: optional(oneOf("none", "single", "perZone", "regional", "instance"), ({ endpoints }: { endpoints: string }) =>
    endpoints === "private" ? "none" : "perZone",
  ),
  elasticIps: optional(list(pattern(/^eipalloc-[0-9a-f]{8,17}$/, "the id of an Elastic IP", "eipalloc-0123456789abcdef0")), []),
  endpoints: optional(oneOf("none", "private"), "none"),
  endpointServices: optional(list(pattern(/^[a-z0-9.-]+$/, "the name of an AWS service", "secretsmanager")), []),
  ipv6: optional(flag(), false),
  flowLogs: optional(offOr(logDays()), 90),
  transform: optional(other<NonNullable<NetworkArgs["transform"]>>()),
} satisfies ArgumentsOf<NetworkArgs>;

/** What AWS, or the network beside it, refuses of several arguments together. */
type Nat = NonNullable<NetworkArgs["nat"]>;

/** What awsx makes for each way out: its own word for it, and how many gateways. */
const OF_AWSX: Record<Nat, { strategy: "None" | "Single" | "OnePerAz"; gateways(zones: number): number }> = {
  none: { strategy: "None", gateways: () => 0 },
  single: { strategy: "Single", gateways: () => 1 },
  perZone: { strategy: "OnePerAz", gateways: (zones) => zones },
  regional: { strategy: "None", gateways: () => 0 },
  instance: { strategy: "None", gateways: () => 0 },
};

export const networkRules: Rule<
  Pick<typeof network, "cidrBlock" | "avoidCidrBlocks" | "zones" | "nat" | "elasticIps" | "endpoints" | "endpointServices">
>[] = [
  {
    about: ["zones", "nat", "elasticIps", "endpoints"],
    at: "elasticIps",
    complain: ({ zones, nat, elasticIps }) => {
      if (elasticIps.length === 0) return undefined;
      const gateways = nat === "instance" ? 1 : OF_AWSX[nat].gateways(zones);
      if (gateways === 0)
        return `nat is ${nat}, which takes no addresses of your own; leave them out, or set nat: ${elasticIps.length === 1 ? "single" : "perZone"}.`;
      const again = elasticIps.find((one, i) => elasticIps.indexOf(one) < i);
      if (again !== undefined) return `${JSON.stringify(again)} is named twice; each NAT gateway has an address of its own.`;
      return elasticIps.length === gateways
        ? undefined
        : `${elasticIps.length} addresses for ${gateways} NAT ${gateways === 1 ? "gateway" : "gateways"} (nat: ${nat}); name one for each.`;
    },
  },
  {
    about: ["cidrBlock", "avoidCidrBlocks"],
    at: "cidrBlock",
    complain: ({ cidrBlock, avoidCidrBlocks }) => {
      const other = avoidCidrBlocks.find((range) => overlaps(cidrBlock, range));
      return other && `${cidrBlock} overlaps ${other}, which avoidCidrBlocks names; choose another range.`;
    },
  },
  {
    about: ["endpoints", "endpointServices"],
    at: "endpointServices",
    complain: ({ endpoints, endpointServices }) =>
      endpoints === "none" && endpointServices.length > 0
        ? "services are named, but endpoints is none; set endpoints: private, or leave endpointServices out."
        : undefined,
  },
];
const SCHEMA = group(network, ...networkRules);

/** Services that any private task needs: its image (the layers come from S3, by the free gateway endpoint) and its logs. */
const ALWAYS = ["ecr.api", "ecr.dkr", "logs"];

/**
 * A subnet's range of IPv6, at the place that its IPv4 range has: awsx counts subnets, so that a third zone would move those of the others. No address is given to
 * what does not ask for one; and to change the range of a subnet that gives them would replace it.
 */
const ipv6Of = (props: Record<string, unknown>, vpcCidr: string) => ({
  assignIpv6AddressOnCreation: false,
  ipv6CidrBlock: pulumi
    .all([props.ipv6CidrBlock as pulumi.Input<string | undefined>, props.cidrBlock as pulumi.Input<string>])
    // What is thrown here hangs the update: an awsx that gives subnets no range is AWS's to refuse, at the load balancer.
    .apply(([block, cidr]) => block && ipv6Subnet(block, vpcCidr, cidr)),
});

/** A VPC over two or three zones with public and private subnets, a way out for the tasks, flow logs, and a default security group that admits nothing. */
export class Network extends Component<typeof network> implements NetworkLike {
  readonly location: Location;
  /** The VPC with its subnets, route tables and NAT gateways (awsx). */
  readonly vpc: Vpc;
  /** The regional NAT gateway or the NAT instance with its routes, which awsx does not make. */
  readonly wayOut?: WayOut;
  readonly defaultSecurityGroup: aws.ec2.DefaultSecurityGroup;
  /** The free gateway endpoint for S3. */
  readonly s3Endpoint: aws.ec2.VpcEndpoint;
  /** Interface endpoints by service (`ecr.api`, ...). */
  readonly endpoints: Record<string, aws.ec2.VpcEndpoint> = {};
  readonly endpointSecurityGroup?: aws.ec2.SecurityGroup;
  readonly flowLogGroup?: aws.cloudwatch.LogGroup;
  readonly flowLog?: aws.ec2.FlowLog;
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly taskSubnetIds: pulumi.Output<string[]>;
  readonly assignPublicIp: boolean;
  readonly ready: pulumi.Resource[];
  readonly ipv6?: pulumi.Resource[];
  /** The way out by IPv6 of private subnets, where they have a way out. */
  readonly egressOnlyInternetGateway?: aws.ec2.EgressOnlyInternetGateway;
  readonly zones: number;

  get natGatewayIds(): pulumi.Output<string>[] {
    if (this.wayOut) return this.wayOut.natGateway ? [this.wayOut.natGateway.id] : [];
    return Array.from({ length: OF_AWSX[this.args.nat].gateways(this.zones) }, (_, i) => this.vpc.natGateways.apply((all) => all[i]!.id));
  }

  /** What another stack needs to use the network: the arguments of `Network.existing`. */
  get shared() {
    const { vpcId, publicSubnetIds, privateSubnetIds } = this;
    return { vpcId, publicSubnetIds, privateSubnetIds, tasks: this.assignPublicIp ? "public" : "private" } satisfies ExistingNetworkArgs;
  }

  /** A network that is there already: its ids, or a stack that exports `vpcId`, `publicSubnetIds` and `privateSubnetIds`. */
  static existing(name: string, args: ExistingNetworkArgs, opts?: pulumi.ComponentResourceOptions): ExistingNetwork {
    return new ExistingNetwork(name, args, opts);
  }

  constructor(name: string, args: NetworkArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("Network", name, SCHEMA, args, opts);
    const { cidrBlock, zones, nat, ipv6 } = this.args;
    const interfaceServices = this.args.endpoints === "private" ? [...new Set([...ALWAYS, ...this.args.endpointServices])] : [];
    this.location = locate(this);
    this.zones = zones;

    this.vpc = this.makeVpc(cidrBlock, zones, nat, ipv6, this.sameRange(cidrBlock), this.args.transform?.vpc);
    this.vpcId = this.vpc.vpcId;
    if (nat === "regional" || nat === "instance") this.wayOut = this.makeWayOut(this.vpc, nat);
    this.publicSubnetIds = this.vpc.publicSubnetIds;
    this.privateSubnetIds = this.vpc.privateSubnetIds;
    this.assignPublicIp = nat === "none" && interfaceServices.length === 0;
    this.taskSubnetIds = this.assignPublicIp ? this.publicSubnetIds : this.privateSubnetIds;

    // Every VPC comes with a group that lets its members talk to each other; managed without rules, it admits nothing.
    this.defaultSecurityGroup = this.make(
      aws.ec2.DefaultSecurityGroup,
      "default",
      { vpcId: this.vpcId, ingress: [], egress: [], tags: this.tags },
      this.args.transform?.defaultSecurityGroup,
    );
    this.s3Endpoint = this.make(
      aws.ec2.VpcEndpoint,
      "s3",
      {
        vpcId: this.vpcId,
        serviceName: this.serviceName("s3"),
        ...this.gateway(),
        tags: this.tags,
      },
      this.args.transform?.s3Endpoint,
    );
    if (interfaceServices.length > 0) this.endpointSecurityGroup = this.makeEndpoints(interfaceServices, cidrBlock, this.args.transform);
    if (this.args.flowLogs !== false)
      ({ group: this.flowLogGroup, log: this.flowLog } = this.makeFlowLog(this.args.flowLogs, this.args.transform));

    if (ipv6) {
      const ways = this.makeIpv6Routes("Public", { gatewayId: this.vpc.internetGateway.apply(({ id }) => id) });
      if (nat !== "none") {
        const gateway = { vpcId: this.vpcId, tags: this.tags };
        const out = this.make(aws.ec2.EgressOnlyInternetGateway, "", gateway, this.args.transform?.egressOnlyInternetGateway);
        ways.push(...this.makeIpv6Routes("Private", { egressOnlyGatewayId: out.id }));
        this.egressOnlyInternetGateway = out;
      }
      this.ipv6 = ways;
    }
    this.ready = [this.vpc, ...(this.wayOut?.routes ?? []), this.s3Endpoint, ...Object.values(this.endpoints), ...(this.ipv6 ?? [])];
    this.registerOutputs({ vpcId: this.vpcId, publicSubnetIds: this.publicSubnetIds, privateSubnetIds: this.privateSubnetIds });
  }

  subnetsOfZones(zones: number, refuse: (text: string) => never): pulumi.Output<string[]> {
    return zones === this.zones ? this.privateSubnetIds : refuse(zonesComplaint(zones, this.zones));
  }

  /**
   * Refuses another address range for a network that exists, before anything is touched: AWS changes the range of no VPC, and the way to a new one and back
   * fails half-way. The state remembers the range that the network was made with.
   */
  private sameRange(cidrBlock: string): pulumi.Output<pulumi.Resource> {
    const made = new pulumi.Stash(`${this.label}-range`, { input: cidrBlock }, { parent: this });
    return made.output.apply((range: string | undefined) => {
      // A test with mocks may know none.
      if (range !== undefined && range !== cidrBlock) {
        this.refuse(
          "cidrBlock",
          `the network was made with ${String(range)}, and AWS changes no VPC's range to ${cidrBlock}; set it back, or make a new stack (or a Network of another name beside this one) and move to it.`,
        );
      }
      return made;
    });
  }

  private makeVpc(
    cidrBlock: string,
    zones: number,
    nat: Nat,
    ipv6: boolean,
    sameRange: pulumi.Output<pulumi.Resource>,
    transform?: Transform<VpcArgs>,
  ): Vpc {
    const masks = layout(cidrBlock);
    const elasticIps = nat === "instance" ? [] : this.args.elasticIps;
    return this.make(
      Vpc,
      "",
      {
        cidrBlock,
        numberOfAvailabilityZones: zones,
        availabilityZoneCidrMask: masks.zone,
        subnetStrategy: "Auto",
        subnetSpecs: [
          { type: "Private", cidrMask: masks.private },
          { type: "Public", cidrMask: masks.public },
        ],
        natGateways: { strategy: OF_AWSX[nat].strategy, ...(elasticIps.length > 0 && { elasticIpAllocationIds: elasticIps }) },
        ...(ipv6 && { assignGeneratedIpv6CidrBlock: true }),
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: this.tags,
      },
      transform,
      // It waits for the check of the range. A public IP is given to what asks for one, never by default to whatever starts in a public subnet.
      {
        dependsOn: sameRange,
        transforms: [
          ({ type, props, opts }) =>
            type === "aws:ec2/subnet:Subnet"
              ? { props: { ...props, mapPublicIpOnLaunch: false, ...(ipv6 && ipv6Of(props, cidrBlock)) }, opts }
              : undefined,
          afterWayOut(this.label, this),
        ],
      },
    );
  }

  /** Ways to the internet by IPv6, one for the route table of each zone's subnet; awsx makes those of IPv4. */
  private makeIpv6Routes(type: "Public" | "Private", way: Pick<aws.ec2.RouteArgs, "gatewayId" | "egressOnlyGatewayId">): aws.ec2.Route[] {
    const subnets = type === "Public" ? this.vpc.publicSubnetIds : this.vpc.privateSubnetIds;
    return Array.from({ length: this.zones }, (_, zone) =>
      this.make(
        aws.ec2.Route,
        `ipv6-${type.toLowerCase()}-${zone + 1}`,
        { routeTableId: tableOf(this.vpc, subnets, zone), destinationIpv6CidrBlock: ALL_IPV6, ...way },
        this.args.transform?.ipv6Route,
      ),
    );
  }

  private makeWayOut(vpc: Vpc, nat: "regional" | "instance"): WayOut {
    const { zones, cidrBlock, elasticIps } = this.args;
    const transform = this.args.transform?.wayOut;
    return new WayOut(
      this.label,
      { ...this.common, vpc, nat, zones, cidrBlock, elasticIps, ...(transform && { transform }) },
      { parent: this },
    );
  }

  private serviceName(service: string): pulumi.Output<string> {
    return pulumi.interpolate`com.amazonaws.${this.location.region}.${service}`;
  }

  private makeEndpoints(services: string[], cidrBlock: string, transform: NetworkArgs["transform"]): aws.ec2.SecurityGroup {
    const group = this.make(
      aws.ec2.SecurityGroup,
      "endpoints",
      { vpcId: this.vpcId, description: "AWS services by private endpoint: HTTPS from inside the VPC", tags: this.tags },
      transform?.endpointSecurityGroup,
    );
    const ingress = this.make(
      aws.vpc.SecurityGroupIngressRule,
      "endpoints-https",
      {
        securityGroupId: group.id,
        description: "HTTPS from inside the VPC",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: cidrBlock,
        tags: this.tags,
      },
      transform?.endpointIngress,
    );
    for (const service of services) {
      this.endpoints[service] = this.make(
        aws.ec2.VpcEndpoint,
        service.replaceAll(".", "-"),
        {
          vpcId: this.vpcId,
          serviceName: this.serviceName(service),
          ...(service === "dynamodb"
            ? this.gateway()
            : {
                vpcEndpointType: "Interface",
                privateDnsEnabled: true,
                subnetIds: this.privateSubnetIds,
                securityGroupIds: [group.id],
              }),
          tags: this.tags,
        },
        transform?.endpoint,
        { dependsOn: [ingress] },
      );
    }
    return group;
  }

  /** How the services are reached whose endpoints are routes; those cost nothing. */
  private gateway() {
    return {
      vpcEndpointType: "Gateway",
      routeTableIds: this.vpc.routeTables.apply((tables) => pulumi.all(tables.map((table) => table.id))),
    };
  }

  private makeFlowLog(retentionInDays: number, transform: NetworkArgs["transform"]) {
    const group = this.makeLogGroup("flow", retentionInDays, transform?.flowLogGroup);
    const role = this.makeRole(
      "flow",
      {
        description: "Lets VPC flow logs write to their log group",
        assumeRolePolicy: trust("vpc-flow-logs.amazonaws.com", "ec2", this.location),
      },
      transform?.flowLogRole,
    );
    const policy = this.make(
      aws.iam.RolePolicy,
      "flow",
      {
        role: role.name,
        policy: allow({
          sid: "WriteFlowLogs",
          actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          resources: [group.arn, pulumi.interpolate`${group.arn}:*`],
        }),
      },
      transform?.flowLogPolicy,
    );
    const log = this.make(
      aws.ec2.FlowLog,
      "flow",
      {
        vpcId: this.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
        tags: this.tags,
      },
      transform?.flowLog,
      { dependsOn: [policy] },
    );
    return { group, log };
  }
}
