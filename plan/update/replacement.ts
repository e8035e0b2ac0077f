/** What makes a new resource of one, and what that means for what it holds. */
import facts from "../../facts/data/replacements.json";
import type { Resource } from "../../facts/graph";
import { type ByType, entryOf } from "../../facts/types";
import { isBelow } from "./diff";

/** Options that decide whether a new resource is made: they stand beside the inputs. */
export const TRIGGER = "replacementTrigger";
export const REPLACE_WITH = "replaceWith";

interface Kind {
  /** What a replacement does, for people. */
  effect: string;
  /** `data`: it holds what cannot be made again, or an address that others know. `traffic`: it stands between users and tasks. */
  holds?: "data" | "traffic";
}

const KINDS: ByType<Kind> = {
  "aws:sns/topicSubscription:TopicSubscription": { effect: "AWS asks the address once more to confirm" },
  "aws:acm/certificate:Certificate": { effect: "a new certificate is issued and validated before the old one goes" },
  "aws:appautoscaling/target:Target": { effect: "scaling stops for a moment" },
  "aws:autoscaling/group:Group": { effect: "every instance is replaced" },
  "aws:cloudwatch/logGroup:LogGroup": { effect: "the logs in it are deleted", holds: "data" },
  "aws:ec2/eip:Eip": { effect: "the public address changes", holds: "data" },
  "aws:ec2/natGateway:NatGateway": { effect: "private tasks have no internet until the new one runs" },
  "aws:ec2/networkInterface:NetworkInterface": { effect: "private tasks have no internet until an instance has the new one" },
  "aws:ec2/securityGroup:SecurityGroup": { effect: "a new group takes over, then the old one goes" },
  "aws:ec2/subnet:Subnet": { effect: "everything in the subnet must move first", holds: "traffic" },
  "aws:ec2/vpc:Vpc": { effect: "the whole network and all in it is replaced", holds: "data" },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { effect: "calls to that service fail until the new one is there" },
  "aws:ecr/repository:Repository": { effect: "the images in it are deleted", holds: "data" },
  "aws:ecs/cluster:Cluster": { effect: "every service is replaced in another cluster", holds: "data" },
  "aws:ecs/daemon:Daemon": { effect: "no instance has it until the new one is rolled out, to new instances in place of the old ones" },
  "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition": {
    effect: "a new revision is registered and rolled out, to new instances in place of the old ones",
  },
  "aws:ecs/service:Service": {
    effect: "a new service starts with its first number of tasks, and has nothing to roll back to",
    holds: "data",
  },
  "aws:ecs/taskDefinition:TaskDefinition": { effect: "a new revision is registered and rolled out" },
  "aws:efs/fileSystem:FileSystem": { effect: "the files in it are deleted", holds: "data" },
  "aws:efs/mountTarget:MountTarget": { effect: "tasks of its zone do not reach their files until the new one is there" },
  "aws:iam/role:Role": { effect: "tasks get the new role with the next revision" },
  "aws:kms/key:Key": { effect: "what the old key encrypted cannot be read once it is gone", holds: "data" },
  "aws:lb/listener:Listener": { effect: "the port does not answer in between", holds: "traffic" },
  "aws:lb/listenerRule:ListenerRule": { effect: "a new rule takes over, then the old one goes" },
  "aws:lb/loadBalancer:LoadBalancer": { effect: "its DNS name changes", holds: "data" },
  "aws:lb/targetGroup:TargetGroup": { effect: "the new group has no targets until the next rollout", holds: "traffic" },
  "aws:lb/trustStore:TrustStore": { effect: "the listener takes the new one before the old one goes" },
  "aws:elasticache/cluster:Cluster": { effect: "what is cached in it is lost", holds: "data" },
  "aws:elasticache/replicationGroup:ReplicationGroup": { effect: "what is cached in it is lost", holds: "data" },
  "aws:elasticache/serverlessCache:ServerlessCache": { effect: "what is cached in it is lost", holds: "data" },
  "aws:rds/cluster:Cluster": { effect: "the data in it is deleted", holds: "data" },
  "aws:rds/instance:Instance": { effect: "the data in it is deleted", holds: "data" },
  "aws:route53/record:Record": { effect: "the old name no longer resolves" },
  "aws:s3/bucket:Bucket": { effect: "the objects in it are deleted", holds: "data" },
  "aws:secretsmanager/secret:Secret": { effect: "the value is lost", holds: "data" },
  "aws:secretsmanager/secretVersion:SecretVersion": { effect: "another value is stored beside the old one" },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": { effect: "a new rule comes before the old one goes" },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": { effect: "a new rule comes before the old one goes" },
};

/** What a replacement of a resource of that type does. */
export const effectOf = (type: string): string => entryOf(KINDS, type)?.effect ?? "a new one is made";
/** True for what holds data, or an address that others know. */
export const isStateful = (type: string): boolean => entryOf(KINDS, type)?.holds === "data";
/** True for what stands between users and tasks. */
export const isServing = (type: string): boolean => entryOf(KINDS, type)?.holds === "traffic";

const REPLACES: ByType<string[]> = facts.types;
/** True for a type of which it is known what makes a new resource of one. */
export const knowsReplacement = (type: string): boolean => entryOf(REPLACES, type) !== undefined;

/** The inputs of which another value makes a new resource of that type. */
export const replacersOf = (type: string): readonly string[] => entryOf(REPLACES, type) ?? [];

/** The changed properties that cannot change in place. */
export function replacing(before: Resource, after: Resource, changed: string[]): string[] {
  const { type, options } = after;
  const forcing = [...replacersOf(type), ...options.replaceOnChanges];
  // The engine's own reasons, and what every resource of AWS has.
  if (isRegional(type)) forcing.push("region");
  forcing.push(TRIGGER, REPLACE_WITH);
  const forces = (path: string) => forcing.some((one) => isBelow(path, one) || isBelow(one, path)) || forcesHere(before, after, path);
  return [...new Set(changed.filter((path) => forces(path) && !isLeftOut(after, path)))];
}

/** Whether a resource of AWS is in a region: its own property `region`, or its provider's. */
export const isRegional = (type: string): boolean => /^aws:(?!iam\/|route53\/)/.test(type);

/** A name that AWS or Pulumi made is kept when the program says nothing of it. */
const isLeftOut = ({ inputs }: Resource, path: string) => path === "name" && inputs.name === undefined;

/** What depends on more than the property. */
function forcesHere(_: Resource, { type, inputs }: Resource, path: string): boolean {
  // The provider sends another strategy only with a forced deployment; without one it makes a new service.
  if (type === "aws:ecs/service:Service") return isBelow(path, "capacityProviderStrategies") && inputs.forceNewDeployment !== true;
  return type === "aws:ec2/vpc:Vpc" && path === "instanceTenancy" && inputs.instanceTenancy === "dedicated";
}

/** Types of which no second one can stand beside the first: the provider deletes the old one first. */
const ONE_AT_A_TIME = new Set([
  "aws:appautoscaling/target:Target",
  "aws:ec2/route:Route",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:efs/mountTarget:MountTarget",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
]);

/** Whether the provider deletes a resource before it makes its replacement: where there is one at a time, and where the program gives it a name of its own. */
export function deletesFirst(before: Resource, after: Resource): boolean {
  if (ONE_AT_A_TIME.has(after.type)) return true;
  const key = after.type === "aws:s3/bucket:Bucket" ? "bucket" : "name";
  const isNamed = after.type !== "aws:route53/record:Record" && replacersOf(after.type).includes(key);
  return isNamed && after.inputs[key] !== undefined && after.inputs[key] === before.inputs[key];
}
