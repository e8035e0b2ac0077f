import type { Resource } from "../../../facts/graph";
import { SERVICE } from "../../../facts/types";
import type { Change } from "../order/changes";
import { isServing, isStateful } from "../replacement";
import { type Hazard, hazard } from "./hazard";
import { leftOn } from "./left-on";
import { changedNames } from "./names";
import { refusals } from "./refusals";
import { shortId } from "./revision";
import { startOf, sufferedBy, untilSucceeded } from "./service";
import type { Update } from "./update";

/** All that somebody suffers from, each once. */
export function hazardsOf(update: Update): Hazard[] {
  const services = update.after.filter(({ type }) => type === SERVICE).flatMap((service) => ofService(update, service));
  const leaving = update.changes.filter(({ action, resource }) => action === "delete" && resource.type === SERVICE);
  const succeeded = leaving.flatMap(({ resource }) => untilSucceeded(update, resource));
  const all = [...update.changes.flatMap(lost), ...refusals(update), ...leftOn(update), ...changedNames(update), ...services, ...succeeded];
  return [...new Map(all.map((one) => [`${one.kind} ${one.urn} ${one.text}`, one])).values()];
}

function ofService(update: Update, service: Resource): Hazard[] {
  const before = update.formerOf(service);
  return before && update.changeOf(service)?.action !== "replace" ? sufferedBy(update, before, service) : startOf(update, service);
}

/** What serves or holds data, and is replaced or goes. */
function lost({ action, resource, replacedBy, before, properties }: Change): Hazard[] {
  if (action === "replace" && (isStateful(resource.type) || isServing(resource.type))) {
    const because = properties.find(({ path }) => replacedBy.includes(path))?.because;
    const cause = because === undefined ? "" : ` (${shortId(because)} is replaced)`;
    return [hazard("replaced", resource, `${replacedBy.join(", ")} makes a new one${cause}`)];
  }
  const goes = action === "delete" && isStateful(resource.type) && !before?.options.retainOnDelete;
  return goes ? [hazard("removed", resource, "it is deleted with what it holds")] : [];
}
