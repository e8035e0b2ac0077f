import type * as pulumi from "@pulumi/pulumi";
import { type FargateCapacity, onFargate } from "../task/launch";
import { EcsService, type ServiceArgs } from "./service";

/** Arguments of {@link FargateService}. */
export interface FargateServiceArgs extends ServiceArgs {
  /**
   * What the tasks run on. `onDemand` is Fargate. `spot` is spare capacity at about 70 % off that AWS may take back with two minutes' notice.
   * `mixed` keeps the first two tasks on demand and puts three of four further ones on Spot. Defaults to `onDemand`.
   */
  capacity?: FargateCapacity;
}

/** A service on Fargate: no servers to look after; each task is a small machine of its own. */
export class FargateService extends EcsService {
  constructor(name: string, args: FargateServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("FargateService", name, args, () => onFargate(args.cluster, args.capacity), opts);
  }
}
