import type * as pulumi from "@pulumi/pulumi";
import { group, type Values } from "../base/schema";
import { onFargate } from "../task/launch";
import { type FargateServiceArgs, fargateRules, fargateService } from "./arguments";
import type { Variant } from "./decide";
import { EcsService } from "./service";

const VARIANT: Variant = {
  type: "FargateService",
  schema: group(fargateService, ...fargateRules),
  place: ({ cluster, capacity }: Values<typeof fargateService>) => onFargate(cluster, capacity),
};

/** A service on Fargate: no servers to look after; each task is a small machine of its own. */
export class FargateService extends EcsService {
  constructor(name: string, args: FargateServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(VARIANT, name, args, opts);
  }
}
