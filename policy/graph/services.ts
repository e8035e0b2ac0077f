import { type Graph, indices, known } from "./graph";
import type { SecurityGroup } from "./security-groups";
import type { AnyResource, Resource } from "./types";

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
  const strategies = known(() => service.props.capacityProviderStrategies) ?? [];
  if (strategies.length > 0) return graph.refs(service, "capacityProviderStrategies", "aws:ecs/capacityProvider:CapacityProvider");
  const cluster = known(() => service.props.launchType) ? undefined : clusterOf(service, graph);
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
  if (known(() => service.props.launchType) === "EC2") return true;
  return providersOf(service, graph).some((p) => "autoScalingGroupProvider" in p.props);
}

/** True if the service's inputs say that it runs on Fargate. */
export function onFargate(service: Service): boolean {
  if (known(() => service.props.launchType) === "FARGATE") return true;
  const strategies = known(() => service.props.capacityProviderStrategies);
  return indices(strategies).some((i) => known(() => strategies![i].capacityProvider)?.startsWith("FARGATE"));
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
