// How many tasks the services of a planned stack run, and how many an update starts beside them. Pure.
import type { JsonObject, Resource } from "../../facts/graph";
import { SCALING_TARGET, SERVICE, TASK_DEFINITION } from "../../facts/types";
import { numberOf, type PlannedStack, textOf } from "./planned-stack";

export interface ServiceTasks {
  service: Resource;
  /** Tasks that an update starts while those of before run. */
  started: number;
  /** CPU units of one, where the plan has them. */
  cpu: number | undefined;
  /** Shares of the capacity providers. */
  strategy: { capacityProvider: string; base?: number; weight?: number }[];
}

export function serviceTasks(stack: PlannedStack): ServiceTasks[] {
  return stack.ofType(SERVICE).map((service) => {
    const [task] = stack.sources(service, "taskDefinition", TASK_DEFINITION);
    const cpu = Number(task?.inputs.cpu);
    return {
      service,
      started: startedBy(stack, service),
      cpu: Number.isFinite(cpu) ? cpu : undefined,
      strategy: (service.inputs.capacityProviderStrategies ?? []) as unknown as ServiceTasks["strategy"],
    };
  });
}

function startedBy(stack: PlannedStack, service: Resource): number {
  const { inputs } = service;
  const target = stack.ofType(SCALING_TARGET).find((one) => one.propertyDependencies.resourceId?.includes(service.urn));
  const count = Math.max(numberOf(inputs, "desiredCount", 1), target ? numberOf(target.inputs, "minCapacity", 0) : 0);
  const isRolling = (textOf((inputs.deploymentConfiguration ?? {}) as JsonObject, "strategy") ?? "ROLLING") === "ROLLING";
  if (!stack.deployed(service) || !isRolling) return count;
  return Math.max(0, Math.ceil((count * (numberOf(inputs, "deploymentMaximumPercent", 200) - 100)) / 100));
}
