import { glob } from "./glob";

/** A violation that is accepted, for a stated reason. */
export interface Exception {
  /** The rule's name. */
  rule: string;
  /** The resource: its name, `type::name` or its URN; `*` stands for any text. */
  resource: string;
  /** Why the rule may be broken here. */
  reason: string;
  /** The last day on which the exception holds, `YYYY-MM-DD`. Default: no end. */
  until?: string;
}

/** True once the last day of the exception is over (in UTC). */
export function expired(exception: Pick<Exception, "until">, today: Date): boolean {
  return exception.until !== undefined && today.toISOString().slice(0, 10) > exception.until;
}

/** True if the exception names that resource. */
export function names(exception: Pick<Exception, "resource">, resource: { urn: string; type: string; name: string }): boolean {
  return [resource.name, `${resource.type}::${resource.name}`, resource.urn].some((text) => glob(exception.resource, text));
}
