import * as pulumi from "@pulumi/pulumi";
import type { NetworkLike } from "../../components/network/network-like";
import { ACCOUNT, REGION } from "./deploy";

/** A network of plain ids, for tests of what stands in it: nothing is made, nothing looked up. */
export const plainNetwork = (partition = "aws"): NetworkLike => ({
  location: { accountId: pulumi.output(ACCOUNT), region: pulumi.output(REGION), partition: pulumi.output(partition) },
  vpcId: pulumi.output("vpc-1"),
  publicSubnetIds: pulumi.output(["subnet-public-a", "subnet-public-b"]),
  privateSubnetIds: pulumi.output(["subnet-private-a", "subnet-private-b"]),
  taskSubnetIds: pulumi.output(["subnet-private-a", "subnet-private-b"]),
  zones: 2,
  subnetsOfZones: () => pulumi.output(["subnet-private-a", "subnet-private-b"]),
  assignPublicIp: false,
  ready: [],
});
