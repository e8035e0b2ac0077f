import type * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";

/** Where the stack runs. Looked up once (by the network) and handed on, so that no account, region or partition is ever written down. */
export interface Location {
  accountId: pulumi.Output<string>;
  region: pulumi.Output<string>;
  partition: pulumi.Output<string>;
}

/** Asks AWS where the provider of `parent` works. */
export function locate(parent: pulumi.Resource): Location {
  return {
    accountId: aws.getCallerIdentityOutput({}, { parent }).accountId,
    region: aws.getRegionOutput({}, { parent }).region,
    partition: aws.getPartitionOutput({}, { parent }).partition,
  };
}
