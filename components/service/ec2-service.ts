import type * as pulumi from "@pulumi/pulumi";
import { group, type Values } from "../base/schema";
import { onEc2 } from "../task/launch";
import { type Ec2ServiceArgs, ec2Rules, ec2Service } from "./arguments";
import type { Variant } from "./decide";
import { EcsService } from "./service";

const VARIANT: Variant = {
  type: "Ec2Service",
  schema: group(ec2Service, ...ec2Rules),
  place: (args: Values<typeof ec2Service>, request) => onEc2(args.cluster, args, request),
};

/** A service on the cluster's own EC2 instances. Takes what a `FargateService` takes. */
export class Ec2Service extends EcsService {
  constructor(name: string, args: Ec2ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(VARIANT, name, args, opts);
  }
}
