import type * as pulumi from "@pulumi/pulumi";
import { refuse } from "./errors";
import { EcsService, type Launch, type ServiceArgs } from "./service";
import { readCpu, readMemory, showCpu, showMemory } from "./sizes";
import { isImage } from "./task";

/** Arguments of {@link ManagedInstancesService}. */
export interface ManagedInstancesServiceArgs extends ServiceArgs {}

/** A service on EC2 instances that ECS manages. Takes what a `FargateService` takes. */
export class ManagedInstancesService extends EcsService {
  constructor(name: string, args: ManagedInstancesServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ManagedInstancesService", name, args, launch(name, args), opts);
  }
}

function launch(name: string, args: ManagedInstancesServiceArgs): Launch {
  const capacity =
    args.cluster.managedInstances ??
    refuse("cluster", "it has no managed instances; make it with managedInstances: {}, or use a FargateService.");
  const architecture = (isImage(args.image) ? args.image.architecture : args.architecture) ?? "x86_64";
  if (architecture !== capacity.architecture) {
    refuse(
      "architecture",
      `the image of ${name} is for ${architecture}, the managed instances are ${capacity.architecture}; set managedInstances.architecture to ${architecture}, or build the image for the other.`,
    );
  }
  const [cpu, memory] = [readCpu(args.cpu ?? 256), readMemory(args.memory ?? 512)];
  if (cpu > capacity.largest.cpu)
    refuse(
      "managedInstances.vcpus",
      `a task of ${name} asks for ${showCpu(cpu)}, the largest instance allowed has ${showCpu(capacity.largest.cpu)}; the nearest max is ${Math.ceil(cpu / 1024)}.`,
    );
  if (memory > capacity.largest.memory)
    refuse(
      "managedInstances.memory",
      `a task of ${name} asks for ${showMemory(memory)}, the largest instance allowed has ${showMemory(capacity.largest.memory)}; allow more than the task, as the system keeps some.`,
    );
  return {
    requires: "MANAGED_INSTANCES",
    networkMode: "awsvpc",
    capacityProviderStrategies: [{ capacityProvider: capacity.capacityProvider.name, base: 0, weight: 1 }],
    assignPublicIp: false,
  };
}
