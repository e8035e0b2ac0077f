import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";

const properties = ["securityGroups", "vpcSecurityGroupIds", "securityGroupIds", "networkConfiguration", "networkInterfaces"];

export default stackRule({
  name: "ec2-security-group-default-unused",
  description: "Nothing uses the default security group.",
  controls: ["SG-09"],
  reason: "A service in awsvpc mode without securityGroups silently gets the default group, which other resources share.",
  fix: `networkConfiguration: { securityGroups: [group.id], ... }`,
  settings: "transform",
  types: [
    "aws:ecs/service:Service",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:efs/mountTarget:MountTarget",
  ],
  check(resource, graph, report) {
    const stands = properties.some((p) => graph.refs(resource, p, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").length > 0);
    if (stands) report("it uses the default security group", "give it its own");
    if (resource.type !== "aws:ecs/service:Service" || !given(resource, "networkConfiguration")) return;
    const { networkConfiguration } = resource.props;
    const groups = networkConfiguration && "securityGroups" in networkConfiguration ? networkConfiguration.securityGroups : [];
    if (groups?.length === 0) report("networkConfiguration.securityGroups is not set, so its tasks get the default group", "set it");
  },
});
