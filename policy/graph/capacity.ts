import { tasksPerInstance as fit, instanceFacts } from "../../facts/instances";
import { sizeOf } from "./containers";
import type { Graph } from "./graph";
import { rulesOf, type SecurityGroup } from "./security-groups";
import { onEc2, providersOf, type Service, taskCount, taskDefinitionOf } from "./services";
import type { AnyResource, Resource } from "./types";
import { anyTrue, some } from "./undecided";

type Group = Resource<"aws:autoscaling/group:Group">;
type LaunchTemplate = Resource<"aws:ec2/launchTemplate:LaunchTemplate">;
type TaskDefinition = Resource<"aws:ecs/taskDefinition:TaskDefinition">;

/** The ECS capacity providers that an Auto Scaling group serves. */
export function providersOfGroup(group: AnyResource, graph: Graph): Resource<"aws:ecs/capacityProvider:CapacityProvider">[] {
  return graph.referrers(group, "aws:ecs/capacityProvider:CapacityProvider", "autoScalingGroupProvider");
}

/** The Auto Scaling groups that start instances from a launch template. */
export function groupsOfTemplate(template: AnyResource, graph: Graph): Group[] {
  return ["launchTemplate", "mixedInstancesPolicy"].flatMap((p) => graph.referrers(template, "aws:autoscaling/group:Group", p));
}

/** The Auto Scaling groups that a service's tasks run on. */
export function groupsOfService(service: Service, graph: Graph): Group[] {
  const groups = providersOf(service, graph).flatMap((p) => graph.refs(p, "autoScalingGroupProvider", "aws:autoscaling/group:Group"));
  return [...new Set(groups)];
}

/** The instance type that a group starts: the first of its overrides, else that of its launch template. */
export function instanceTypeOf(group: Group, graph: Graph): string | undefined {
  const [override] = group.props.mixedInstancesPolicy?.launchTemplate.overrides ?? [];
  return override?.instanceType ?? templateOf(group, graph)?.props.instanceType;
}

export function templateOf(group: Group, graph: Graph): LaunchTemplate | undefined {
  return ["launchTemplate", "mixedInstancesPolicy"].flatMap((p) => graph.refs(group, p, "aws:ec2/launchTemplate:LaunchTemplate"))[0];
}

/** How many tasks of a service fit on one instance of a type; undefined where the task or the type is not known to the facts. */
export function tasksPerInstance(task: TaskDefinition | undefined, instanceType: string | undefined): number | undefined {
  const facts = instanceType === undefined ? undefined : instanceFacts(instanceType);
  const size = task && sizeOf(task);
  if (!facts || !size) return undefined;
  return fit(facts, { ...size, gpus: 0, ownInterface: task.props.networkMode === "awsvpc" }).tasks;
}

/** How many instances of a group a rollout of a service at full scale takes; none where the facts do not know the task or the type. */
export function instancesForRollout(service: Service, group: Group, graph: Graph): number {
  const each = tasksPerInstance(taskDefinitionOf(service, graph), instanceTypeOf(group, graph));
  return each ? Math.ceil(taskCount(service, graph).peak / each) : 0;
}

/** The security groups of the instances that start from a launch template, as far as the graph has them. */
export function groupsOfInstances(template: LaunchTemplate, graph: Graph): SecurityGroup[] {
  const interfaces = () => template.props.networkInterfaces?.flatMap((n) => n.securityGroups ?? []);
  return [
    ...graph.targets(template, "vpcSecurityGroupIds", "aws:ec2/securityGroup:SecurityGroup", () => template.props.vpcSecurityGroupIds)
      .resources,
    ...graph.targets(template, "networkInterfaces", "aws:ec2/securityGroup:SecurityGroup", interfaces).resources,
  ];
}

/** The ports of an instance that Docker hands out where a container asks for none. */
export const DYNAMIC_PORTS = { from: 32768, to: 65535 };

/** True if one of these groups admits somebody to all of these ports. */
export function admitsDynamicPorts(groups: readonly SecurityGroup[], graph: Graph): boolean {
  return some(
    groups.flatMap((group) => rulesOf(group, graph, "ingress")),
    (rule) => rule.ports().from <= DYNAMIC_PORTS.from && rule.ports().to >= DYNAMIC_PORTS.to,
  );
}

/** The services on EC2 whose tasks answer on the instance's own ports. */
export function inBridgeMode(graph: Graph): Service[] {
  return graph
    .of("aws:ecs/service:Service")
    .filter((s) => onEc2(s, graph) && (taskDefinitionOf(s, graph)?.props.networkMode ?? "bridge") === "bridge");
}

/** True if the instances of that launch template belong to an ECS cluster. */
export function runsTasks(template: LaunchTemplate, graph: Graph): boolean {
  return anyTrue(
    () => groupsOfTemplate(template, graph).some((g) => providersOfGroup(g, graph).length > 0),
    () => userDataOf(template).includes("ECS_CLUSTER"),
  );
}

/** The user data of a launch template as text; empty where it has none. */
export function userDataOf(template: LaunchTemplate): string {
  return Buffer.from(template.props.userData ?? "", "base64").toString("utf8");
}
