import type * as pulumi from "@pulumi/pulumi";
import type { Location } from "../base/location";

/** What the other components need to know of a network, new or existing. */
export interface NetworkLike {
  readonly location: Location;
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Where tasks run: private subnets, or public ones where the network has no other way out. */
  readonly taskSubnetIds: pulumi.Output<string[]>;
  /** Whether a task needs a public IP of its own to reach ECR (`assignPublicIp`). */
  readonly assignPublicIp: boolean | pulumi.Output<boolean>;
  /** What must exist before a task can start and must outlive it: routes, NAT gateways, endpoints. */
  readonly ready: pulumi.Resource[];
}
