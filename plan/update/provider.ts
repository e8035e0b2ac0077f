/** Differences that the provider takes for none. */
import type { Json, JsonObject, Resource } from "../../facts/graph";
import { RESPONSE_HEADERS } from "../../facts/listeners";
import { type ByType, entryOf, SERVICE } from "../../facts/types";
import { object } from "../graph/query";
import { isBelow, type PropertyChange, pathParts } from "./diff";

/** Blocks that AWS fills in when they are left out: the provider sends nothing, and what was set last stays. */
const KEPT: ByType<string[]> = {
  "aws:ecs/service:Service": ["alarms", "deploymentCircuitBreaker", "deploymentConfiguration.lifecycleHooks"],
  "aws:lb/listener:Listener": [
    "mutualAuthentication",
    "routingHttpResponseStrictTransportSecurityHeaderValue",
    ...Object.values(RESPONSE_HEADERS),
  ],
  "aws:lb/loadBalancer:LoadBalancer": ["accessLogs", "connectionLogs", "healthCheckLogs"],
  "aws:lb/targetGroup:TargetGroup": ["loadBalancingAlgorithmType", "loadBalancingAnomalyMitigation", "stickiness"],
};

/** Inputs that AWS answers although nobody gave them: the provider keeps what it reads where a program leaves them out. */
const ANSWERED: ByType<string[]> = {
  "aws:appautoscaling/target:Target": ["roleArn", "suspendedState"],
  "aws:cloudwatch/logGroup:LogGroup": ["logGroupClass"],
  "aws:ec2/securityGroup:SecurityGroup": ["egress", "ingress"],
  "aws:ecr/repository:Repository": ["encryptionConfigurations"],
  "aws:ecs/cluster:Cluster": ["settings"],
  // A service that had a launch type has a strategy of capacity providers from the next deployment on.
  "aws:ecs/service:Service": ["availabilityZoneRebalancing", "cluster", "iamRole", "launchType", "platformVersion"],
  "aws:iam/role:Role": ["inlinePolicies", "managedPolicyArns"],
  "aws:lb/listener:Listener": ["sslPolicy"],
  "aws:lb/loadBalancer:LoadBalancer": ["ipAddressType", "securityGroups", "subnetMappings", "subnets"],
  "aws:lb/targetGroup:TargetGroup": ["ipAddressType", "loadBalancingCrossZoneEnabled", "protocolVersion"],
  "aws:sns/topic:Topic": ["policy"],
  "aws:sqs/queue:Queue": ["policy", "redriveAllowPolicy"],
};

/** Whether a provider keeps an input that a program leaves out. */
export const keepsAnswer = (type: string, input: string): boolean => (entryOf(ANSWERED, type) ?? []).includes(input);

/** The blocks that a resource had, has no more, and keeps in AWS. */
export const keptBlocksOf = (before: Resource, after: Resource): string[] =>
  (entryOf(KEPT, after.type) ?? []).filter((path) => at(before.inputs, path) !== undefined && at(after.inputs, path) === undefined);

const at = (inputs: JsonObject, path: string): Json | undefined =>
  path.split(".").reduce<Json | undefined>((value, key) => object(value)[key], inputs);

/** Whether a difference is one for the provider. */
export function isSent(before: Resource, after: Resource, { path }: PropertyChange): boolean {
  if (keptBlocksOf(before, after).some((block) => isBelow(path, block))) return false;
  const [input = ""] = pathParts(path);
  if (after.inputs[input] === undefined && keepsAnswer(after.type, input)) return false;
  // Triggers of a service force a deployment, and mean nothing where none is forced, or when they are taken away.
  if (after.type !== SERVICE || !isBelow(path, "triggers")) return true;
  return after.inputs.forceNewDeployment === true && Object.keys(object(after.inputs.triggers)).length > 0;
}
