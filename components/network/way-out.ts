import type { Vpc } from "@pulumi/awsx/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { type ArgumentsOf, group, integer, optional, other } from "../base/schema";

/** Changes to a way out that awsx does not make. */
export interface WayOutTransform {
  natGateway?: Transform<aws.ec2.NatGatewayArgs>;
  natRoute?: Transform<aws.ec2.RouteArgs>;
}

/** Arguments of {@link WayOut}. */
interface WayOutArgs extends ComponentArgs {
  vpc: Vpc;
  zones: number;
  transform?: WayOutTransform;
}

const wayOut = {
  ...common,
  vpc: other<Vpc>(),
  zones: integer(1, 3),
  transform: optional(other<WayOutTransform>()),
} satisfies ArgumentsOf<WayOutArgs>;

const ROUTE = "aws:ec2/route:Route";

/** A NAT gateway of the whole region, and the routes to it from the private subnets. */
export class WayOut extends Component<typeof wayOut> {
  readonly natGateway: aws.ec2.NatGateway;
  readonly routes: aws.ec2.Route[];

  constructor(name: string, args: WayOutArgs, opts?: pulumi.ComponentResourceOptions) {
    super("WayOut", name, group(wayOut), args, opts);
    const { vpc, transform } = this.args;
    this.natGateway = this.make(
      aws.ec2.NatGateway,
      "",
      { vpcId: vpc.vpcId, availabilityMode: "regional", connectivityType: "public", tags: { ...this.tags, Name: name } },
      transform?.natGateway,
      // AWS makes it in a VPC with an internet gateway alone.
      { dependsOn: [vpc] },
    );
    this.routes = Array.from({ length: this.args.zones }, (_, zone) => this.makeRoute(zone));
    this.registerOutputs({ natGatewayId: this.natGateway.id });
  }

  private makeRoute(zone: number): aws.ec2.Route {
    const { vpc, transform } = this.args;
    return this.make(
      aws.ec2.Route,
      `private-${zone + 1}`,
      { routeTableId: tableOf(vpc, vpc.privateSubnetIds, zone), destinationCidrBlock: "0.0.0.0/0", natGatewayId: this.natGateway.id },
      transform?.natRoute,
      // A table has one default route: that to a gateway of awsx's, which may stand there, becomes this one.
      { aliases: [routeOfVpc(`${this.label}-private-${zone + 1}`, this.label, vpc)] },
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
