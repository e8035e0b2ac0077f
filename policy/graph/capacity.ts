import { type Graph, known } from "./graph";
import type { SecurityGroup } from "./security-groups";
import type { AnyResource, Resource } from "./types";

type Group = Resource<"aws:autoscaling/group:Group">;
type LaunchTemplate = Resource<"aws:ec2/launchTemplate:LaunchTemplate">;

/** The ECS capacity providers that an Auto Scaling group serves. */
export function providersOfGroup(group: AnyResource, graph: Graph): Resource<"aws:ecs/capacityProvider:CapacityProvider">[] {
  return graph.referrers(group, "aws:ecs/capacityProvider:CapacityProvider", "autoScalingGroupProvider");
}

/** The Auto Scaling groups that start instances from a launch template. */
export function groupsOfTemplate(template: AnyResource, graph: Graph): Group[] {
  return ["launchTemplate", "mixedInstancesPolicy"].flatMap((p) => graph.referrers(template, "aws:autoscaling/group:Group", p));
}

/** The security groups of the instances that start from a launch template, as far as the graph has them. */
export function groupsOfTemplateHosts(template: LaunchTemplate, graph: Graph): SecurityGroup[] {
  const interfaces = () => template.props.networkInterfaces?.flatMap((n) => n.securityGroups ?? []);
  return [
    ...graph.targets(template, "vpcSecurityGroupIds", "aws:ec2/securityGroup:SecurityGroup", () => template.props.vpcSecurityGroupIds)
      .resources,
    ...graph.targets(template, "networkInterfaces", "aws:ec2/securityGroup:SecurityGroup", interfaces).resources,
  ];
}

/** True if the instances of that launch template are the hosts of an ECS cluster. */
export function hostsTasks(template: LaunchTemplate, graph: Graph): boolean {
  const joins = known(() => userDataOf(template).includes("ECS_CLUSTER")) ?? false;
  return joins || groupsOfTemplate(template, graph).some((g) => providersOfGroup(g, graph).length > 0);
}

/** The user data of a launch template as text; empty where it has none. */
export function userDataOf(template: LaunchTemplate): string {
  return Buffer.from(template.props.userData ?? "", "base64").toString("utf8");
}
