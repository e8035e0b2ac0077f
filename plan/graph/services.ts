import type { Resource } from "../../facts/graph";
import { SCALING_TARGET, SERVICE, TASK_DEFINITION } from "../../facts/types";
import { awakeShare, type Change } from "../cost/sleep";
import { number, object, objects, type Query, text } from "./query";

/** What a graph says about an ECS service, for all who compute with it. */
export interface ServiceFacts {
  urn: string;
  name: string;
  resource: Resource;
  taskDefinition: Resource | undefined;
  /** Tasks: without autoscaling both are the desired count. */
  min: number;
  max: number;
  /** Tasks that a rollout may run, in percent of the wanted ones. */
  maximumPercent: number;
  /** Tasks at the most: during a rollout at full scale. */
  peak: number;
  /** How tasks are shared out, as ECS does: each base first, the rest by weight. */
  strategies: { provider: string; base: number; weight: number }[];
  launch: "fargate" | "ec2";
  cpu: number;
  /** MiB. */
  memory: number;
  architecture: "x86_64" | "arm64";
  /** GB. */
  storage: number;
  publicIp: boolean;
  /** The share of a week in which tasks run at all. */
  awake: number;
}

const SCHEDULED_ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction";

export function serviceFacts<R extends Resource>(graph: Query<R>): ServiceFacts[] {
  return graph.ofType(SERVICE).map((service) => factsOf(graph, service));
}

function factsOf(graph: Query, service: Resource): ServiceFacts {
  const [taskDefinition] = graph.from(service, "taskDefinition", TASK_DEFINITION);
  const [target] = graph.using(service, "resourceId", SCALING_TARGET);
  const desired = number(service.inputs.desiredCount) ?? 1;
  const task = taskDefinition?.inputs ?? {};
  const strategies = objects(service.inputs.capacityProviderStrategies).map((strategy) => ({
    provider: text(strategy.capacityProvider) ?? "",
    base: number(strategy.base) ?? 0,
    weight: number(strategy.weight) ?? 0,
  }));
  if (strategies.length === 0)
    strategies.push({ provider: text(service.inputs.launchType) === "EC2" ? "EC2" : "FARGATE", base: 0, weight: 1 });
  const max = number(target?.inputs.maxCapacity) ?? desired;
  const maximumPercent = number(service.inputs.deploymentMaximumPercent) ?? 200;
  return {
    urn: service.urn,
    name: service.name,
    resource: service,
    taskDefinition,
    min: number(target?.inputs.minCapacity) ?? desired,
    max,
    maximumPercent,
    peak: Math.floor((max * maximumPercent) / 100),
    strategies,
    launch: strategies.every(({ provider }) => provider === "FARGATE" || provider === "FARGATE_SPOT") ? "fargate" : "ec2",
    cpu: number(task.cpu) ?? 0,
    memory: number(task.memory) ?? 0,
    architecture: text(object(task.runtimePlatform).cpuArchitecture) === "ARM64" ? "arm64" : "x86_64",
    storage: number(object(task.ephemeralStorage).sizeInGib) ?? 20,
    publicIp: object(service.inputs.networkConfiguration).assignPublicIp === true,
    awake: target ? awakeShare(graph.using(target, "resourceId", SCHEDULED_ACTION).map(changeOf)) : 1,
  };
}

function changeOf({ inputs }: Resource): Change {
  return { schedule: text(inputs.schedule) ?? "", capacity: number(object(inputs.scalableTargetAction).minCapacity) ?? 0 };
}

/** How many of `tasks` each capacity provider gets: the bases first, then the rest by weight, larger shares first. */
export function shareOut(strategies: ServiceFacts["strategies"], tasks: number): Map<string, number> {
  const shares = new Map(strategies.map(({ provider }) => [provider, 0]));
  const give = (provider: string, count: number) => shares.set(provider, (shares.get(provider) ?? 0) + count);
  let left = tasks;
  for (const { provider, base } of strategies) {
    const taken = Math.min(base, left);
    give(provider, taken);
    left -= taken;
  }
  const total = strategies.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return shares;
  const ideal = strategies.map(({ provider, weight }) => ({ provider, exact: (left * weight) / total }));
  for (const { provider, exact } of ideal) give(provider, Math.floor(exact));
  const spare = left - ideal.reduce((sum, { exact }) => sum + Math.floor(exact), 0);
  const byRemainder = [...ideal].sort((a, b) => b.exact - Math.floor(b.exact) - (a.exact - Math.floor(a.exact)));
  for (const { provider } of byRemainder.slice(0, spare)) give(provider, 1);
  return shares;
}
