// What is no longer in the program, and stays on in AWS.
import type { Resource } from "../../../facts/graph";
import { SCALING_TARGET, SCHEDULED_ACTION, SERVICE } from "../../../facts/types";
import { verbOf } from "../../graph/commands";
import { keptBlocksOf } from "../provider";
import { type Hazard, hazard } from "./hazard";
import type { Update } from "./update";

export const leftOn = (update: Update): Hazard[] => [...keptBlocks(update), ...lastRange(update), ...lastCount(update)];

function keptBlocks(update: Update): Hazard[] {
  return update.after.flatMap((resource) => {
    const before = update.formerOf(resource);
    if (!before || update.changeOf(resource)?.action === "replace") return [];
    return keptBlocksOf(before, resource).map((path) => hazard("kept", resource, `${path} is left out now, which AWS takes as no change`));
  });
}

/** Whether a command that ends with the old program wakes the service of a target. */
const isWoken = (update: Update, target: Resource) =>
  update.changes.some(
    ({ action, resource }) =>
      action === "delete" && verbOf(resource.inputs.delete) === "wake" && resource.dependencies.includes(target.urn),
  );

/** What moves the range of a service's count is gone from the program: what it set last stays, and a service that sleeps at this moment sleeps on. */
function lastRange(update: Update): Hazard[] {
  const sleeps = (resources: Resource[], target: Resource) => update.using(resources, SCHEDULED_ACTION, "resourceId", target).length > 0;
  return update.after.flatMap((target): Hazard[] => {
    const was = target.type === SCALING_TARGET ? update.formerOf(target) : undefined;
    if (!was || !sleeps(update.before, was) || sleeps(update.after, target) || isWoken(update, was)) return [];
    // Whatever is sent of a target, its range goes along.
    const change = update.changeOf(target);
    if (change?.action === "replace" || change?.properties.some(({ path }) => !path.startsWith("tags"))) return [];
    return [
      hazard("kept", target, "its schedule goes, and the range that it set last stays; change its range along with it, and it is sent"),
    ];
  });
}

/** Auto Scaling is gone from the program: the count that it set last stays, until the program sends one. */
function lastCount(update: Update): Hazard[] {
  return update.after.flatMap((service): Hazard[] => {
    const was = service.type === SERVICE ? update.formerOf(service) : undefined;
    const [target] = was ? update.using(update.before, SCALING_TARGET, "resourceId", was) : [];
    const isScaled = update.using(update.after, SCALING_TARGET, "resourceId", service).length > 0;
    if (!target || isScaled || isWoken(update, target) || service.inputs.desiredCount === undefined) return [];
    const change = update.changeOf(service);
    if (change?.action === "replace" || change?.properties.some(({ path }) => path === "desiredCount")) return [];
    return [hazard("kept", service, "Auto Scaling goes, and the count that it set last stays: desiredCount is sent when it changes")];
  });
}
