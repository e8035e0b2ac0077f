import type * as pulumi from "@pulumi/pulumi";
import { group } from "../base/schema";
import { onManagedInstances } from "../task/launch";
import { type ManagedInstancesServiceArgs, service, serviceRules } from "./arguments";
import type { Variant } from "./decide";
import { EcsService } from "./service";

const VARIANT: Variant = {
  type: "ManagedInstancesService",
  schema: group(service, ...serviceRules),
  place: ({ cluster }, request) => onManagedInstances(cluster, request),
};

/** A service on EC2 instances that ECS manages. Takes what a `FargateService` takes. */
export class ManagedInstancesService extends EcsService {
  constructor(name: string, args: ManagedInstancesServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(VARIANT, name, args, opts);
  }
}
