import type * as pulumi from "@pulumi/pulumi";
import { onManagedInstances } from "../task/launch";
import { EcsService, type ServiceArgs } from "./service";

/** Arguments of {@link ManagedInstancesService}. */
export interface ManagedInstancesServiceArgs extends ServiceArgs {}

/** A service on EC2 instances that ECS manages. Takes what a `FargateService` takes. */
export class ManagedInstancesService extends EcsService {
  constructor(name: string, args: ManagedInstancesServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ManagedInstancesService", name, args, (request) => onManagedInstances(args.cluster, request), opts);
  }
}
