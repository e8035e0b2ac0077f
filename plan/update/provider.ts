/** Differences that the provider takes for none. */
import type { Json, JsonObject, Resource } from "../../facts/graph";
import { type ByType, entryOf, SERVICE } from "../../facts/types";
import { object } from "../graph/query";
import { isBelow, type PropertyChange } from "./diff";

/** Blocks that AWS fills in when they are left out: the provider sends nothing, and what was set last stays. */
const KEPT: ByType<string[]> = {
  "aws:ecs/service:Service": ["alarms", "deploymentCircuitBreaker", "deploymentConfiguration.lifecycleHooks"],
  "aws:lb/listener:Listener": ["mutualAuthentication", "routingHttpResponseStrictTransportSecurityHeaderValue"],
  "aws:lb/loadBalancer:LoadBalancer": ["accessLogs", "connectionLogs", "healthCheckLogs"],
  "aws:lb/targetGroup:TargetGroup": ["loadBalancingAlgorithmType", "loadBalancingAnomalyMitigation", "stickiness"],
};

/** The blocks that a resource had, has no more, and keeps in AWS. */
export const keptBlocksOf = (before: Resource, after: Resource): string[] =>
  (entryOf(KEPT, after.type) ?? []).filter((path) => at(before.inputs, path) !== undefined && at(after.inputs, path) === undefined);

const at = (inputs: JsonObject, path: string): Json | undefined =>
  path.split(".").reduce<Json | undefined>((value, key) => object(value)[key], inputs);

/** Whether a difference is one for the provider. */
export function isSent(before: Resource, after: Resource, { path }: PropertyChange): boolean {
  if (keptBlocksOf(before, after).some((block) => isBelow(path, block))) return false;
  // Triggers of a service force a deployment, and mean nothing where none is forced, or when they are taken away.
  if (after.type !== SERVICE || !isBelow(path, "triggers")) return true;
  return after.inputs.forceNewDeployment === true && Object.keys(object(after.inputs.triggers)).length > 0;
}
