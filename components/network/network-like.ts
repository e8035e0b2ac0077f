import type * as pulumi from "@pulumi/pulumi";
import type { Location } from "../base/location";

/** What the other components need to know of a network, new or existing. */
export interface NetworkLike {
  readonly location: Location;
  readonly vpcId: pulumi.Output<string>;
  /** In how many zones its public subnets are, where the program names those of a network that exists. */
  readonly publicZones?: number;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Where tasks run: private subnets, or public ones where the network has no other way out. */
  readonly taskSubnetIds: pulumi.Output<string[]>;
  /** Zones that tasks run in, where this program decides that. */
  readonly zones?: number;
  /** A subnet in each of so many zones that tasks run in, for what they reach there; refuses another number of zones. */
  subnetsOfZones(zones: number, refuse: (text: string) => never): pulumi.Output<string[]>;
  /** Whether a task needs a public IP of its own to reach ECR (`assignPublicIp`). */
  readonly assignPublicIp: boolean | pulumi.Output<boolean>;
  /** Its NAT gateways, where this program makes them. */
  readonly natGatewayIds?: pulumi.Output<string>[];
  /** The routes of IPv6, where the network has it beside IPv4 and this program decides that. */
  readonly ipv6?: pulumi.Resource[];
  /** What must exist before a task can start and must outlive it: routes, NAT gateways, endpoints. */
  readonly ready: pulumi.Resource[];
}

/** What is wrong with a number of zones. */
export const zonesComplaint = (given: number, actual: number) =>
  `${given} zones; the tasks run in ${actual}, and reach what is in their own; set it to ${actual}.`;
