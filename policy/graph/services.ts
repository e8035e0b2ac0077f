import type { Graph } from "./graph";
import type { SecurityGroup } from "./security-groups";
import type { AnyResource, Resource } from "./types";
import { anyTrue, some } from "./undecided";

export type Service = Resource<"aws:ecs/service:Service">;
type TargetGroup = Resource<"aws:lb/targetGroup:TargetGroup">;

/** The task definition that a service runs. */
export function taskDefinitionOf(service: Service, graph: Graph): Resource<"aws:ecs/taskDefinition:TaskDefinition"> | undefined {
  return graph.refs(service, "taskDefinition", "aws:ecs/taskDefinition:TaskDefinition")[0];
}

export function clusterOf(service: Service, graph: Graph): Resource<"aws:ecs/cluster:Cluster"> | undefined {
  return graph.refs(service, "cluster", "aws:ecs/cluster:Cluster")[0];
}

/** The capacity providers of the graph that a service, or its cluster's default strategy, names. */
export function providersOf(service: Service, graph: Graph): Resource<"aws:ecs/capacityProvider:CapacityProvider">[] {
  const ids = () => service.props.capacityProviderStrategies?.map((s) => s.capacityProvider ?? "");
  const named = graph.targets(service, "capacityProviderStrategies", "aws:ecs/capacityProvider:CapacityProvider", ids).resources;
  if (named.length > 0 || (service.props.capacityProviderStrategies ?? []).length > 0) return named;
  const cluster = service.props.launchType ? undefined : clusterOf(service, graph);
  const [association] = cluster ? associationsOf(cluster, graph) : [];
  return association ? graph.refs(association, "defaultCapacityProviderStrategies", "aws:ecs/capacityProvider:CapacityProvider") : [];
}

export function associationsOf(
  cluster: AnyResource,
  graph: Graph,
): Resource<"aws:ecs/clusterCapacityProviders:ClusterCapacityProviders">[] {
  return graph.referrers(cluster, "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "clusterName");
}

/** True if the service runs on EC2 instances that the account owns: by launch type or by an Auto Scaling group's capacity provider. */
export function onEc2(service: Service, graph: Graph): boolean {
  return anyTrue(
    () => service.props.launchType === "EC2",
    () => providersOf(service, graph).some((p) => "autoScalingGroupProvider" in p.props),
  );
}

/** True if the service's inputs say that it runs on Fargate. */
export function onFargate(service: Service): boolean {
  return anyTrue(
    () => service.props.launchType === "FARGATE",
    () => some(service.props.capacityProviderStrategies, (s) => s.capacityProvider?.startsWith("FARGATE") ?? false),
  );
}

export function isDaemon(service: Service): boolean {
  return service.props.schedulingStrategy === "DAEMON";
}

/** True if ECS itself replaces tasks step by step: not blue/green, canary or linear, nor another controller. */
export function isRolling(service: Service): boolean {
  const controller = service.props.deploymentController?.type ?? "ECS";
  const strategy = service.props.deploymentConfiguration?.strategy ?? "ROLLING";
  return controller === "ECS" && strategy === "ROLLING";
}

/** How tasks are shared out, as ECS does it: each base first, the rest by weight. */
export interface Strategy {
  provider: string;
  base: number;
  weight: number;
}

/** The capacity provider strategy of a service, or of a schedule's tasks; without one, its launch type as the only provider. */
export function strategiesOf({ props }: { props: Pick<Service["props"], "capacityProviderStrategies" | "launchType"> }): Strategy[] {
  const given = props.capacityProviderStrategies ?? [];
  if (given.length === 0) return [{ provider: props.launchType === "EC2" ? "EC2" : "FARGATE", base: 0, weight: 1 }];
  return given.map(({ capacityProvider, base, weight }) => ({
    provider: capacityProvider ?? "",
    base: Number(base ?? 0),
    weight: Number(weight ?? 0),
  }));
}

/** How many tasks of a service run: all the time, at the upper end of its scaling, and during a rollout. */
export interface TaskCount {
  min: number;
  max: number;
  /** Tasks that a rollout must leave, and may reach, in percent of the requested ones. */
  minimumPercent: number;
  maximumPercent: number;
  /** Tasks at the most: during a rollout at full scale. */
  peak: number;
}

export function taskCount(service: Service, graph: Graph): TaskCount {
  const { desiredCount, deploymentMinimumHealthyPercent, deploymentMaximumPercent } = service.props;
  const [target] = scalingOf(service, graph);
  const min = Number(target?.props.minCapacity ?? desiredCount ?? 1);
  const later = target ? graph.referrers(target, "aws:appautoscaling/scheduledAction:ScheduledAction", "resourceId") : [];
  const max = Math.max(
    Number(target?.props.maxCapacity ?? desiredCount ?? 1),
    ...later.map(({ props }) => Number(props.scalableTargetAction?.maxCapacity ?? 0)),
  );
  // A daemon has one task on each instance, which stops before the next one starts.
  const [least, most] = isDaemon(service) ? [0, 100] : [100, 200];
  const maximumPercent = Number(deploymentMaximumPercent ?? most);
  return {
    min,
    max,
    minimumPercent: Number(deploymentMinimumHealthyPercent ?? least),
    maximumPercent,
    peak: Math.floor((max * maximumPercent) / 100),
  };
}

/** The target groups that a service registers its tasks with; for blue/green both. */
export function targetGroupsOf(service: Service, graph: Graph): TargetGroup[] {
  return graph.refs(service, "loadBalancers", "aws:lb/targetGroup:TargetGroup");
}

/** The security groups of a service's tasks, as far as the graph has them. */
export function groupsOf(service: Service, graph: Graph): SecurityGroup[] {
  const ids = () => service.props.networkConfiguration?.securityGroups;
  return graph.targets(service, "networkConfiguration", "aws:ec2/securityGroup:SecurityGroup", ids).resources;
}

/** The scalable targets of a service. */
export function scalingOf(service: Service, graph: Graph): Resource<"aws:appautoscaling/target:Target">[] {
  return graph.referrers(service, "aws:appautoscaling/target:Target", "resourceId");
}

/** Whether a scaling policy of a service's scalable target is such a one. */
export function somePolicy(
  target: Resource<"aws:appautoscaling/target:Target">,
  service: Service,
  graph: Graph,
  statement: (policy: Resource<"aws:appautoscaling/policy:Policy">) => boolean = () => true,
): boolean {
  return some(graph.of("aws:appautoscaling/policy:Policy"), (policy) => {
    const on = [
      ...graph.refs(policy, "resourceId", "aws:appautoscaling/target:Target"),
      ...graph.refs(policy, "resourceId", "aws:ecs/service:Service"),
    ].map((resource) => resource.urn);
    const isItsOwn =
      on.includes(target.urn) || on.includes(service.urn) || (on.length === 0 && policy.props.resourceId === target.props.resourceId);
    return isItsOwn && statement(policy);
  });
}
