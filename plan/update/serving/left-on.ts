// What is no longer in the program, and stays on in AWS.
import type { Json, JsonObject, Resource } from "../../../facts/graph";
import { type ByType, entryOf, SCALING_TARGET, SCHEDULED_ACTION } from "../../../facts/types";
import { object } from "../../graph/query";
import { type Hazard, labelOf } from "./hazards";
import type { Update } from "./update";

/** Blocks that the provider takes for unchanged when they are left out, as it does all that AWS would fill in. */
const KEPT: ByType<string[]> = {
  "aws:ecs/service:Service": ["alarms", "deploymentCircuitBreaker", "deploymentConfiguration.lifecycleHooks"],
  "aws:lb/loadBalancer:LoadBalancer": ["accessLogs", "connectionLogs", "healthCheckLogs"],
};

export const leftOn = (update: Update): Hazard[] => [...keptBlocks(update), ...asleep(update)];

function keptBlocks({ changes }: Update): Hazard[] {
  return changes.flatMap(({ action, resource, before, after }) => {
    if (action !== "update" || !before || !after) return [];
    const kept = (entryOf(KEPT, resource.type) ?? []).filter((path) => has(before.inputs, path) && !has(after.inputs, path));
    return kept.map(
      (path): Hazard => ({ kind: "kept", what: labelOf(resource), text: `${path} is left out now, which AWS takes as no change` }),
    );
  });
}

const has = (inputs: JsonObject, path: string): boolean =>
  path.split(".").reduce<Json | undefined>((value, key) => object(value)[key], inputs) !== undefined;

/** A service whose sleep is gone from the program may be asleep at this moment, and nothing wakes it. */
function asleep(update: Update): Hazard[] {
  const sleeps = (resources: Resource[], target: Resource) => update.using(resources, SCHEDULED_ACTION, "resourceId", target).length > 0;
  return update.after.flatMap((target): Hazard[] => {
    const was = target.type === SCALING_TARGET ? update.formerOf(target) : undefined;
    if (!was || !sleeps(update.before, was) || sleeps(update.after, target)) return [];
    // Whatever is sent of a target, its range goes along.
    const change = update.changeOf(target);
    if (change?.action === "replace" || change?.properties.some(({ path }) => !path.startsWith("tags"))) return [];
    const text = "its schedule goes, and the range that it set last stays: a sleeping service sleeps on";
    return [{ kind: "kept", what: labelOf(target), text }];
  });
}
