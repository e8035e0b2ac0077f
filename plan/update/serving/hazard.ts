import type { Resource } from "../../../facts/graph";
import type { Step } from "../order/order";
import { shortId } from "./revision";

/** Something that a running service, or what it keeps, suffers in an update. */
export interface Hazard {
  kind: /** What serves or holds data is replaced. */
    | "replaced"
    /** What holds data goes. */
    | "removed"
    /** Requests that were answered are not. */
    | "traffic"
    /** The serving revision could start no task. */
    | "needs"
    /** Tasks that serve get no requests. */
    | "idle"
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
  /** What suffers, and its name for people: `Service web`. */
  urn: string;
  what: string;
  text: string;
}

/** A hazard of a resource, or of a thing of a moment. */
export const hazard = (kind: Hazard["kind"], of: Pick<Resource, "urn" | "type" | "name">, text: string): Hazard => ({
  kind,
  urn: of.urn,
  what: labelOf(of),
  text,
});

/** A hazard as a sentence. */
export const warningText = ({ what, text }: Pick<Hazard, "what" | "text">) => `${what}: ${text}.`;

/** `Service web`. */
export const labelOf = ({ type, name }: Pick<Resource, "type" | "name">) => `${type.split(":").pop() ?? ""} ${name}`;

/** `TargetGroup web is replaced`. */
export function stepText({ kind, change, resource }: Step): string {
  const made = change.action === "replace" ? "replaced" : "made";
  return `${labelOf(resource)} is ${{ delete: "deleted", update: "updated", create: made }[kind]}`;
}

/** A text with the names of resources in place of their marks. */
export const readable = (marked: string) => marked.replace(/⟦([^⟧]+)⟧(\.\w+)?/g, (_, id: string) => `<${shortId(id)}>`);
