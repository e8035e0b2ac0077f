import * as pulumi from "@pulumi/pulumi";
import { refuse, UserError } from "../../facts/errors";
import * as aws from "../base/aws";
import { Component, type ComponentArgs } from "../base/component";
import { type Location, locate } from "../base/location";
import type { NetworkLike } from "./network-like";

/** Arguments of `Network.existing`: ids, or a stack to read them from. */
export interface ExistingNetworkArgs extends ComponentArgs {
  /** Id of the VPC (`vpc-...`). */
  vpcId?: pulumi.Input<string>;
  /** Public subnets, for an internet-facing load balancer: at least two, in two zones. */
  publicSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Private subnets, for the tasks: at least two, in two zones, with a way to ECR. */
  privateSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** A stack (`organization/project/stack`) whose outputs `vpcId`, `publicSubnetIds` and `privateSubnetIds` are taken in place of the ids. */
  stack?: string;
  /** Where the tasks run. Defaults to `private`; `public` gives each task a public IP. */
  tasks?: "private" | "public";
}

/** A VPC that something else made. Nothing in it is changed; it is only checked. */
export class ExistingNetwork extends Component implements NetworkLike {
  readonly location: Location;
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly taskSubnetIds: pulumi.Output<string[]>;
  readonly assignPublicIp: boolean;
  readonly ready: pulumi.Resource[] = [];

  constructor(name: string, args: ExistingNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ExistingNetwork", name, args, opts);
    this.location = locate(this);
    const from = this.source(args);
    this.vpcId = pulumi.output(from.vpcId);
    this.publicSubnetIds = this.checked("publicSubnetIds", from.publicSubnetIds, false);
    this.assignPublicIp = args.tasks === "public";
    this.privateSubnetIds = this.checked("privateSubnetIds", from.privateSubnetIds, !this.assignPublicIp);
    this.taskSubnetIds = this.assignPublicIp ? this.publicSubnetIds : this.privateSubnetIds;
    this.registerOutputs({ vpcId: this.vpcId, publicSubnetIds: this.publicSubnetIds, privateSubnetIds: this.privateSubnetIds });
  }

  private source(args: ExistingNetworkArgs) {
    const ids = { vpcId: args.vpcId, publicSubnetIds: args.publicSubnetIds, privateSubnetIds: args.privateSubnetIds };
    if (args.stack !== undefined) {
      const both = Object.entries(ids).find(([, value]) => value !== undefined)?.[0];
      if (both) refuse("network.existing", `stack and ${both} are both given; the ids come from one of them.`);
      const stack = new pulumi.StackReference(args.stack, {}, { parent: this });
      const read = (output: string) =>
        stack.getOutput(output).apply((value: unknown) => {
          if (value === undefined)
            throw new UserError(`network.existing.stack: ${args.stack} has no output ${output}; export it there, or give the ids here.`);
          return value;
        });
      return {
        vpcId: read("vpcId") as pulumi.Output<string>,
        publicSubnetIds: read("publicSubnetIds") as pulumi.Output<string[]>,
        privateSubnetIds: read("privateSubnetIds") as pulumi.Output<string[]>,
      };
    }
    const { vpcId, publicSubnetIds, privateSubnetIds } = ids;
    const missing = Object.entries(ids).find(([, value]) => value === undefined)?.[0];
    if (vpcId === undefined || publicSubnetIds === undefined || privateSubnetIds === undefined) {
      return refuse(
        "network.existing",
        `${missing} is missing; give vpcId, publicSubnetIds and privateSubnetIds, or a stack that exports them.`,
      );
    }
    return { vpcId, publicSubnetIds, privateSubnetIds };
  }

  /** The ids, once AWS has confirmed that they are in this VPC, span two zones and, for private ones that tasks run in, lead to ECR. */
  private checked(key: string, given: pulumi.Input<pulumi.Input<string>[]>, needsWayOut: boolean): pulumi.Output<string[]> {
    return pulumi.all([pulumi.output(given), this.vpcId]).apply(async ([ids, vpcId]) => {
      // By id and VPC: AWS then finds no subnet of another network.
      const subnets = await Promise.all(
        ids.map((id) =>
          aws.ec2.getSubnet({ id, vpcId }, { parent: this }).catch((reason: Error) => {
            throw new UserError(
              `network.existing.${key}: AWS finds no subnet ${id} in ${vpcId}; give subnets of this VPC (${reason.message}).`,
            );
          }),
        ),
      );
      const zones = new Set(subnets.map((subnet) => subnet.availabilityZone));
      if (zones.size < 2) {
        throw new UserError(
          `network.existing.${key}: ${ids.join(", ") || "no subnet"} span ${zones.size} zone; a load balancer and a service that survives a zone need subnets in two.`,
        );
      }
      if (needsWayOut && !(await reachesEcr(vpcId, ids, this))) {
        throw new UserError(
          `network.existing.${key}: the private subnets have neither a default route (a NAT gateway, a transit gateway) nor an endpoint for ecr.dkr, so tasks could not pull their image; add one, or set tasks to "public".`,
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
