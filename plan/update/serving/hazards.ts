import type { Resource } from "../../../facts/graph";
import { SERVICE } from "../../../facts/types";
import type { Change } from "../order/changes";
import type { Step } from "../order/order";
import { isServing, isStateful } from "../replacement";
import { leftOn } from "./left-on";
import { refusals } from "./refusals";
import { shortId } from "./revision";
import { startOf, sufferedBy } from "./service";
import type { Update } from "./update";

/** Something that a running service, or what it keeps, suffers in an update. */
export interface Hazard {
  kind: /** What serves or holds data is made anew. */
    | "replaced"
    /** What holds data goes. */
    | "removed"
    /** Requests that were answered are not. */
    | "traffic"
    /** The serving revision could start no task. */
    | "needs"
    /** The new revision is started before all is there. */
    | "start"
    /** A deployment that nothing waits for. */
    | "unfollowed"
    /** What left the program stays on in AWS. */
    | "kept"
    /** AWS refuses it. */
    | "refused"
    /** The number of tasks that load has brought is lost. */
    | "count";
  /** What suffers: `Service web`. */
  what: string;
  text: string;
}

/** All that somebody suffers from, each once. */
export function hazardsOf(update: Update): Hazard[] {
  const services = update.after.filter(({ type }) => type === SERVICE).flatMap((service) => ofService(update, service));
  const all = [...update.changes.flatMap(lost), ...refusals(update), ...leftOn(update), ...services];
  return [...new Map(all.map((hazard) => [`${hazard.kind} ${hazard.what} ${hazard.text}`, hazard])).values()];
}

function ofService(update: Update, service: Resource): Hazard[] {
  const before = update.formerOf(service);
  return before && update.changeOf(service)?.action !== "replace" ? sufferedBy(update, before, service) : startOf(update, service);
}

/** What serves or holds data, and is made anew or goes. */
function lost({ action, resource, replacedBy, before, properties }: Change): Hazard[] {
  const what = labelOf(resource);
  if (action === "replace" && (isStateful(resource.type) || isServing(resource.type))) {
    const because = properties.find(({ path }) => replacedBy.includes(path))?.because;
    const cause = because === undefined ? "" : ` (${shortId(because)} is made anew)`;
    return [{ kind: "replaced", what, text: `${replacedBy.join(", ")} makes a new one${cause}` }];
  }
  const goes = action === "delete" && isStateful(resource.type) && !before?.options.retainOnDelete;
  return goes ? [{ kind: "removed", what, text: "it is deleted with what it holds" }] : [];
}

/** `Service web`. */
export const labelOf = ({ type, name }: Pick<Resource, "type" | "name">) => `${type.split(":").pop() ?? ""} ${name}`;

/** `TargetGroup web is made anew`. */
export function stepText({ kind, change, resource }: Step): string {
  const made = change.action === "replace" ? "made anew" : "made";
  return `${labelOf(resource)} is ${{ delete: "deleted", update: "updated", create: made }[kind]}`;
}

/** A text with the names of resources in place of their marks. */
export const readable = (marked: string) => marked.replace(/⟦([^⟧]+)⟧(\.\w+)?/g, (_, id: string) => `<${shortId(id)}>`);
