import type { Vpc } from "@pulumi/awsx/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import { ALL_IPV4 } from "../../facts/cidr";
import { type ComponentArgs, cidr, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { type ArgumentsOf, group, integer, list, oneOf, optional, other, text } from "../base/schema";
import { NatInstance, type NatInstanceTransform } from "./nat-instance";

/** Changes to a way out that awsx does not make. */
export interface WayOutTransform {
  natGateway?: Transform<aws.ec2.NatGatewayArgs>;
  natRoute?: Transform<aws.ec2.RouteArgs>;
  natInstance?: NatInstanceTransform;
}

/** Arguments of {@link WayOut}. */
interface WayOutArgs extends ComponentArgs {
  vpc: Vpc;
  nat: "regional" | "instance";
  zones: number;
  cidrBlock: string;
  elasticIps: string[];
  transform?: WayOutTransform;
}

const wayOut = {
  ...common,
  vpc: other<Vpc>(),
  nat: oneOf("regional", "instance"),
  zones: integer(1, 3),
  cidrBlock: cidr(),
  elasticIps: list(text()),
  transform: optional(other<WayOutTransform>()),
} satisfies ArgumentsOf<WayOutArgs>;

const ROUTE = "aws:ec2/route:Route";

/** A NAT gateway of the whole region, or an instance in place of one, and the routes to it from the private subnets. */
export class WayOut extends Component<typeof wayOut> {
  readonly natGateway?: aws.ec2.NatGateway;
  readonly natInstance?: NatInstance;
  readonly routes: aws.ec2.Route[];

  constructor(name: string, args: WayOutArgs, opts?: pulumi.ComponentResourceOptions) {
    super("WayOut", name, group(wayOut), args, opts);
    const { nat, zones } = this.args;
    if (nat === "instance") this.natInstance = this.makeInstance();
    else this.natGateway = this.makeGateway();
    const way = this.natInstance ? { networkInterfaceId: this.natInstance.networkInterface.id } : { natGatewayId: this.natGateway!.id };
    this.routes = Array.from({ length: zones }, (_, zone) => this.makeRoute(zone, way));
    this.registerOutputs(way);
  }

  private makeGateway(): aws.ec2.NatGateway {
    const { vpc, transform } = this.args;
    return this.make(
      aws.ec2.NatGateway,
      "",
      { vpcId: vpc.vpcId, availabilityMode: "regional", connectivityType: "public", tags: { ...this.tags, Name: this.label } },
      transform?.natGateway,
      // AWS makes it in a VPC with an internet gateway alone.
      { dependsOn: [vpc] },
    );
  }

  private makeInstance(): NatInstance {
    const { vpc, cidrBlock, elasticIps, transform } = this.args;
    const changes = transform?.natInstance;
    return new NatInstance(
      `${this.label}-nat`,
      { ...this.common, vpc, cidrBlock, elasticIps, ...(changes && { transform: changes }) },
      { parent: this },
    );
  }

  private makeRoute(zone: number, way: Pick<aws.ec2.RouteArgs, "natGatewayId" | "networkInterfaceId">): aws.ec2.Route {
    const { vpc, transform } = this.args;
    return this.make(
      aws.ec2.Route,
      `private-${zone + 1}`,
      { routeTableId: tableOf(vpc, vpc.privateSubnetIds, zone), destinationCidrBlock: ALL_IPV4, ...way },
      transform?.natRoute,
      {
        // A table has one default route: that to a gateway of awsx's, which may stand there, becomes this one.
        aliases: [routeOfVpc(`${this.label}-private-${zone + 1}`, this.label, vpc)],
        // Nothing is led to an interface before an instance has it.
        ...(this.natInstance && { dependsOn: [this.natInstance.group] }),
      },
    );
  }
}

/** The route table of the subnet in a zone, one of `subnetIds`. */
export const tableOf = (vpc: Vpc, subnetIds: pulumi.Output<string[]>, zone: number): pulumi.Output<string> =>
  pulumi
    .all([subnetIds, vpc.routeTableAssociations, vpc.routeTables])
    .apply(([subnets, associations, tables]) =>
      pulumi
        .all([
          pulumi.all(associations.map(({ subnetId, routeTableId }) => pulumi.all([subnetId, routeTableId]))),
          pulumi.all(tables.map(({ id }) => id)),
        ])
        .apply(([pairs, ids]) => ids.find((id) => pairs.some(([subnet, table]) => subnet === subnets[zone] && table === id))!),
    );

/** What Pulumi calls the default route of a private subnet that awsx makes. */
function routeOfVpc(name: string, label: string, vpc: Vpc): pulumi.Output<string> {
  const own = pulumi.createUrn(label, "aws:ec2/vpc:Vpc", vpc);
  const table = pulumi.createUrn(name, "aws:ec2/routeTable:RouteTable", pulumi.createUrn(name, "aws:ec2/subnet:Subnet", own));
  return pulumi.createUrn(name, ROUTE, table);
}

/** Makes awsx's default routes of private subnets take the place of those of a way out that was there before. */
export const afterWayOut =
  (label: string, network: pulumi.Resource): pulumi.ResourceTransform =>
  ({ type, name, props, opts }) => {
    if (type !== ROUTE || !/-private-\d$/.test(name)) return undefined;
    const former = pulumi.createUrn(name, ROUTE, pulumi.createUrn(label, "berth:index:WayOut", network));
    // The SDK says false to a transform of what was not said, and then takes it for a choice.
    const { deleteBeforeReplace, ...others }: pulumi.CustomResourceOptions = opts;
    return { props, opts: { ...others, ...(deleteBeforeReplace === true && { deleteBeforeReplace }), aliases: [former] } };
  };
