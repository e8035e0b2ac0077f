// What is no longer in the program, and stays on in AWS.
import type { Resource } from "../../../facts/graph";
import { COMMAND, SCALING_TARGET, SCHEDULED_ACTION } from "../../../facts/types";
import { keptBlocksOf } from "../provider";
import { type Hazard, hazard } from "./hazard";
import type { Update } from "./update";

export const leftOn = (update: Update): Hazard[] => [...keptBlocks(update), ...asleep(update)];

function keptBlocks(update: Update): Hazard[] {
  return update.after.flatMap((resource) => {
    const before = update.formerOf(resource);
    if (!before || update.changeOf(resource)?.action === "replace") return [];
    return keptBlocksOf(before, resource).map((path) => hazard("kept", resource, `${path} is left out now, which AWS takes as no change`));
  });
}

/** A service whose sleep is gone from the program may be asleep at this moment, and nothing wakes it. */
function asleep(update: Update): Hazard[] {
  const sleeps = (resources: Resource[], target: Resource) => update.using(resources, SCHEDULED_ACTION, "resourceId", target).length > 0;
  return update.after.flatMap((target): Hazard[] => {
    const was = target.type === SCALING_TARGET ? update.formerOf(target) : undefined;
    if (!was || !sleeps(update.before, was) || sleeps(update.after, target)) return [];
    // Whatever is sent of a target, its range goes along.
    const change = update.changeOf(target);
    if (update.before.some((command) => wakes(command, was))) return [];
    if (change?.action === "replace" || change?.properties.some(({ path }) => !path.startsWith("tags"))) return [];
    const text = "its schedule goes, and the range that it set last stays: a sleeping service sleeps on";
    return [hazard("kept", target, text)];
  });
}

/** Whether a command gives a service its range back when the command goes. */
const wakes = ({ type, inputs, dependencies }: Resource, target: Resource): boolean =>
  type === COMMAND && / wake$/.test(String(inputs.delete)) && dependencies.includes(target.urn);
