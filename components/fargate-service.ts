import type * as pulumi from "@pulumi/pulumi";
import { EcsService, type Launch, type ServiceArgs } from "./service";

/** Arguments of {@link FargateService}. */
export interface FargateServiceArgs extends ServiceArgs {
  /**
   * What the tasks run on. `onDemand` is Fargate. `spot` is spare capacity at about 70 % off that AWS may take back with two minutes' notice.
   * `mixed` keeps the first two tasks on demand and puts three of four further ones on Spot. Defaults to `onDemand`.
   */
  capacity?: FargateCapacity;
}

/** See {@link FargateServiceArgs.capacity}. */
export type FargateCapacity = "onDemand" | "mixed" | "spot";

const STRATEGIES: Record<FargateCapacity, Launch["capacityProviderStrategies"]> = {
  onDemand: [{ capacityProvider: "FARGATE", base: 0, weight: 1 }],
  mixed: [
    { capacityProvider: "FARGATE", base: 2, weight: 1 },
    { capacityProvider: "FARGATE_SPOT", base: 0, weight: 3 },
  ],
  spot: [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }],
};

/** A service on Fargate: no servers to look after; each task is a small machine of its own. */
export class FargateService extends EcsService {
  constructor(name: string, args: FargateServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "FargateService",
      name,
      args,
      {
        requires: "FARGATE",
        networkMode: "awsvpc",
        capacityProviderStrategies: STRATEGIES[args.capacity ?? "onDemand"],
        assignPublicIp: args.cluster.network.assignPublicIp,
      },
      opts,
    );
  }
}
