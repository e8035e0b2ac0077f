import * as pulumi from "@pulumi/pulumi";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component } from "../base/component";
import { type Location, locate } from "../base/location";
import { type ArgumentsOf, group, input, list, oneOf, optional, pattern, type Rule } from "../base/schema";
import type { NetworkLike } from "./network-like";

/** Arguments of `Network.existing`: ids, or a stack to read them from. */
export interface ExistingNetworkArgs extends ComponentArgs {
  /** Id of the VPC (`vpc-...`). Required unless `stack` is given; no default. */
  vpcId?: pulumi.Input<string>;
  /** Ids of public subnets, for an internet-facing load balancer: at least two, in two zones. Defaults to none. */
  publicSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Ids of private subnets, for the tasks: at least two, in two zones, with a route to ECR. Defaults to none. */
  privateSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** A stack (`organization/project/stack`) whose outputs `vpcId`, `publicSubnetIds` and `privateSubnetIds` replace the ids. Defaults to none. */
  stack?: string;
  /** Where the tasks run. Defaults to `private`; `public` gives each task a public IP. */
  tasks?: "private" | "public";
}

const subnets = () => optional(input(list(input(pattern(/^subnet-[0-9a-f]{8,17}$/, "the id of a subnet", "subnet-0a1b2c3d4e5f67890")))));
export const existingNetwork = {
  ...common,
  vpcId: optional(input(pattern(/^vpc-[0-9a-f]{8,17}$/, "the id of a VPC", "vpc-0a1b2c3d4e5f67890"))),
  publicSubnetIds: subnets(),
  privateSubnetIds: subnets(),
  stack: optional(pattern(/^[^/\s]+\/[^/\s]+\/[^/\s]+$/, "the full name of a stack", "organization/network/prod")),
  tasks: optional(oneOf("private", "public"), "private"),
} satisfies ArgumentsOf<ExistingNetworkArgs>;

const IDS = ["vpcId", "publicSubnetIds", "privateSubnetIds"] as const;
/** The ids come from one place. */
export const oneSource: Rule<Pick<typeof existingNetwork, (typeof IDS)[number] | "stack">> = {
  about: [...IDS, "stack"],
  at: "stack",
  complain: (given) => {
    const missing = IDS.find((key) => given[key] === undefined);
    const both = IDS.find((key) => given[key] !== undefined);
    if (given.stack !== undefined) return both && `stack and ${both} are both given; the ids come from one of them.`;
    return (
      missing && [{ at: missing, text: "it is missing; give vpcId, publicSubnetIds and privateSubnetIds, or a stack that exports them." }]
    );
  },
};
const SCHEMA = group(existingNetwork, oneSource);

/** A VPC that something else made. Nothing in it is changed; it is only checked. */
export class ExistingNetwork extends Component<typeof existingNetwork> implements NetworkLike {
  readonly location: Location;
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly taskSubnetIds: pulumi.Output<string[]>;
  readonly assignPublicIp: boolean;
  readonly gateways: pulumi.Resource[] = [];
  readonly ready: pulumi.Resource[] = [];

  constructor(name: string, args: ExistingNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ExistingNetwork", name, SCHEMA, args, opts);
    this.location = locate(this);
    const from = this.source();
    this.vpcId = pulumi.output(from.vpcId);
    this.publicSubnetIds = this.checked("publicSubnetIds", from.publicSubnetIds, false);
    this.assignPublicIp = this.args.tasks === "public";
    this.privateSubnetIds = this.checked("privateSubnetIds", from.privateSubnetIds, !this.assignPublicIp);
    this.taskSubnetIds = this.assignPublicIp ? this.publicSubnetIds : this.privateSubnetIds;
    this.registerOutputs({ vpcId: this.vpcId, publicSubnetIds: this.publicSubnetIds, privateSubnetIds: this.privateSubnetIds });
  }

  private source() {
    const { stack: name, vpcId, publicSubnetIds, privateSubnetIds } = this.args;
    if (name === undefined) return { vpcId: vpcId!, publicSubnetIds: publicSubnetIds!, privateSubnetIds: privateSubnetIds! };
    const stack = new pulumi.StackReference(name, {}, { parent: this });
    const read = (output: string) =>
      stack
        .getOutput(output)
        .apply(
          (value: unknown) => value ?? this.refuse("stack", `${name} has no output ${output}; export it there, or give the ids here.`),
        );
    return {
      vpcId: read("vpcId") as pulumi.Output<string>,
      publicSubnetIds: read("publicSubnetIds") as pulumi.Output<string[]>,
      privateSubnetIds: read("privateSubnetIds") as pulumi.Output<string[]>,
    };
  }

  /** The ids, once AWS has confirmed that they are in this VPC, span two zones and, for private ones that tasks run in, lead to ECR. */
  private checked(key: string, given: pulumi.Input<pulumi.Input<string>[]>, needsWayOut: boolean): pulumi.Output<string[]> {
    return pulumi.all([pulumi.output(given), this.vpcId]).apply(async ([ids, vpcId]) => {
      // By id and VPC: AWS then finds no subnet of another network.
      const subnets = await Promise.all(
        ids.map((id) =>
          aws.ec2.getSubnet({ id, vpcId }, { parent: this }).catch((reason: Error) => {
            return this.refuse(key, `AWS finds no subnet ${id} in ${vpcId}; give subnets of this VPC (${reason.message}).`);
          }),
        ),
      );
      const zones = new Set(subnets.map((subnet) => subnet.availabilityZone));
      if (zones.size < 2) {
        this.refuse(
          key,
          `${ids.join(", ") || "no subnet"} span ${zones.size} zone; a load balancer and a service that survives a zone need subnets in two.`,
        );
      }
      if (needsWayOut && !(await reachesEcr(vpcId, ids, this))) {
        this.refuse(
          key,
          `the private subnets have neither a default route (a NAT gateway, a transit gateway) nor an endpoint for ecr.dkr, so tasks could not pull their image; add one, or set tasks: public.`,
        );
      }
      return ids;
    });
  }
}

/** Whether each subnet has a default route, or the VPC an endpoint for ECR's registry. */
async function reachesEcr(vpcId: string, subnetIds: string[], parent: pulumi.Resource): Promise<boolean> {
  const routed = await Promise.all(subnetIds.map((id) => hasDefaultRoute(vpcId, id, parent)));
  if (routed.every(Boolean)) return true;
  const { region } = await aws.getRegion({}, { parent });
  return aws.ec2.getVpcEndpoint({ vpcId, serviceName: `com.amazonaws.${region}.ecr.dkr` }, { parent }).then(
    () => true,
    () => false, // the lookup fails where there is none
  );
}

async function hasDefaultRoute(vpcId: string, subnetId: string, parent: pulumi.Resource): Promise<boolean> {
  const find = (name: string, value: string) => aws.ec2.getRouteTables({ vpcId, filters: [{ name, values: [value] }] }, { parent });
  const own = await find("association.subnet-id", subnetId);
  // A subnet without a table of its own uses the VPC's main one.
  const tables = own.ids.length > 0 ? own : await find("association.main", "true");
  const found = await Promise.all(tables.ids.map((routeTableId) => aws.ec2.getRouteTable({ routeTableId }, { parent })));
  return found.some((table) => table.routes.some((route) => route.cidrBlock === "0.0.0.0/0"));
}
