import type * as pulumi from "@pulumi/pulumi";
import { type Ec2Placement, onEc2 } from "../task/launch";
import { EcsService, type ServiceArgs } from "./service";

/** Arguments of {@link Ec2Service}. */
export interface Ec2ServiceArgs extends ServiceArgs, Ec2Placement {}

/** A service on the cluster's own EC2 instances. Takes what a `FargateService` takes. */
export class Ec2Service extends EcsService {
  constructor(name: string, args: Ec2ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Ec2Service", name, args, (request) => onEc2(args.cluster, args, request), opts);
  }
}
