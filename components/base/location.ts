import * as pulumi from "@pulumi/pulumi";
import { isTold } from "../../facts/made-up";
import * as aws from "./aws";

/** Where the stack runs. Looked up once (by the network) and handed on, so that no account, region or partition is ever written down. */
export interface Location {
  accountId: pulumi.Output<string>;
  region: pulumi.Output<string>;
  partition: pulumi.Output<string>;
  /** Account and region as far as they are AWS's own word; a plan makes up what it does not know. */
  told?: pulumi.Output<{ accountId?: string; region?: string }>;
}

/** Asks AWS where the provider of `parent` works. */
export function locate(parent: pulumi.Resource): Location {
  const caller = aws.getCallerIdentityOutput({}, { parent });
  const region = aws.getRegionOutput({}, { parent });
  return {
    accountId: caller.accountId,
    region: region.region,
    partition: aws.getPartitionOutput({}, { parent }).partition,
    told: pulumi.all([caller, region]).apply(([who, where]) => ({
      ...(isTold(who, "accountId") && { accountId: who.accountId }),
      ...(isTold(where, "region") && { region: where.region }),
    })),
  };
}
