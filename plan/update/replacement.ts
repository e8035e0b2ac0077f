import { type ByType, entryOf } from "../../facts/types";

/** What AWS does when an input changes: which inputs make a new resource of it, and what that means for what it holds. */

interface Kind {
  /** Inputs that cannot change in place. `*` stands for all but tags. */
  replacedBy: string[];
  /** What a replacement does, for people. */
  effect: string;
  /** True if it holds what cannot be made again, or an address that others know. */
  stateful?: true;
}

const KINDS: ByType<Kind> = {
  "aws:acm/certificate:Certificate": {
    replacedBy: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm"],
    effect: "a new certificate is issued and validated before the old one goes",
  },
  "aws:appautoscaling/target:Target": {
    replacedBy: ["resourceId", "scalableDimension", "serviceNamespace"],
    effect: "scaling stops for a moment",
  },
  "aws:autoscaling/group:Group": { replacedBy: ["name"], effect: "every host is replaced" },
  "aws:cloudwatch/logGroup:LogGroup": { replacedBy: ["name"], effect: "the logs in it are deleted", stateful: true },
  "aws:ec2/eip:Eip": { replacedBy: ["region"], effect: "the public address changes", stateful: true },
  "aws:ec2/natGateway:NatGateway": {
    replacedBy: ["subnetId", "allocationId", "connectivityType"],
    effect: "private tasks lose the internet until the new one runs",
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    replacedBy: ["name", "description", "vpcId"],
    effect: "a new group takes over, then the old one goes",
  },
  "aws:ec2/subnet:Subnet": { replacedBy: ["cidrBlock", "availabilityZone", "vpcId"], effect: "everything in the subnet must move first" },
  "aws:ec2/vpc:Vpc": {
    replacedBy: ["cidrBlock", "instanceTenancy"],
    effect: "the whole network and all in it is made anew",
    stateful: true,
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    replacedBy: ["serviceName", "vpcEndpointType", "vpcId"],
    effect: "calls to that service fail until the new one is there",
  },
  "aws:ecr/repository:Repository": {
    replacedBy: ["name", "encryptionConfigurations"],
    effect: "the images in it are deleted",
    stateful: true,
  },
  "aws:ecs/cluster:Cluster": { replacedBy: ["name"], effect: "every service is made anew in another cluster", stateful: true },
  "aws:ecs/service:Service": {
    replacedBy: ["name", "cluster", "launchType", "schedulingStrategy", "deploymentController"],
    effect: "the service is deleted and made anew; nothing answers in between",
    stateful: true,
  },
  "aws:ecs/taskDefinition:TaskDefinition": { replacedBy: ["*"], effect: "a new revision is registered and rolled out" },
  "aws:efs/fileSystem:FileSystem": {
    replacedBy: ["encrypted", "kmsKeyId", "performanceMode", "creationToken"],
    effect: "the files in it are deleted",
    stateful: true,
  },
  "aws:iam/role:Role": { replacedBy: ["name", "path"], effect: "tasks get the new role with the next revision" },
  "aws:kms/key:Key": {
    replacedBy: ["customerMasterKeySpec", "keyUsage"],
    effect: "what the old key encrypted cannot be read once it is gone",
    stateful: true,
  },
  "aws:lb/listener:Listener": { replacedBy: ["loadBalancerArn"], effect: "the port does not answer in between" },
  "aws:lb/listenerRule:ListenerRule": { replacedBy: ["listenerArn"], effect: "the route does not answer in between" },
  "aws:lb/loadBalancer:LoadBalancer": {
    replacedBy: ["name", "internal", "loadBalancerType"],
    effect: "its DNS name changes",
    stateful: true,
  },
  "aws:lb/targetGroup:TargetGroup": {
    replacedBy: ["name", "port", "protocol", "protocolVersion", "targetType", "vpcId"],
    effect: "a new group takes over, then the old one goes",
  },
  "aws:route53/record:Record": { replacedBy: ["name", "zoneId", "type"], effect: "the old name stops to resolve" },
  "aws:s3/bucket:Bucket": { replacedBy: ["bucket"], effect: "the objects in it are deleted", stateful: true },
  "aws:secretsmanager/secret:Secret": { replacedBy: ["name"], effect: "the value is lost", stateful: true },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    replacedBy: ["securityGroupId"],
    effect: "the traffic is refused in between",
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    replacedBy: ["securityGroupId"],
    effect: "the traffic is refused in between",
  },
};

/** What AWS does to a resource of that type when these inputs change; undefined if it changes in place. */
export function replacementOf(type: string, changed: string[]): string | undefined {
  const kind = entryOf(KINDS, type);
  const replaces = (property: string) => kind?.replacedBy.includes(property) || (kind?.replacedBy.includes("*") && property !== "tags");
  return changed.some(replaces) ? kind?.effect : undefined;
}

/** True for what holds data, or an address that others know. */
export function isStateful(type: string): boolean {
  return entryOf(KINDS, type)?.stateful === true;
}
