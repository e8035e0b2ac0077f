// Listener rules: AWS asks the rule with the lowest number first, so the most specific route must have the lowest. No Pulumi here.
import { createHash } from "node:crypto";
import { InputError } from "./errors";

/** Which requests a rule takes. */
export interface RouteConditions {
  /** Host header, such as `api.example.com` or `*.example.com`. */
  host?: string;
  /** Path pattern, such as `/*` or `/api/*`. Defaults to `/*` where nothing else is given. */
  path?: string;
  /** Headers with the values they may have (any of them). */
  headers?: Record<string, string | string[]>;
}

const BAND = 1000;
const BANDS = 49;
/** AWS's range of rule priorities. */
export const HIGHEST_PRIORITY = 50000;

/** 0 for the most specific route, BANDS - 1 for `/*`: by host, then headers, then length of the path. */
function band({ host, path = "/*", headers = {} }: RouteConditions): number {
  const literal = path.replace(/[*?]/g, "").length;
  const exactPath = !/[*?]/.test(path);
  const hostClass = host === undefined ? 2 : host.includes("*") ? 1 : 0;
  const pathClass = Math.max(0, 7 - Math.min(7, Math.ceil((literal - 1) / 4) + (exactPath ? 1 : 0)));
  const headerClass = Object.keys(headers).length > 0 ? 0 : 1;
  return Math.min(BANDS - 1, hostClass * 16 + headerClass * 8 + pathClass);
}

/**
 * Gives every route of one load balancer a priority of its own. A priority follows from the route itself (how specific it is, and a hash), not from the
 * order of the program: a service added in the middle leaves the rules of the others alone, where renumbering would collide in AWS.
 */
export class Priorities {
  private readonly taken = new Map<number, string>();

  /** Reserves a priority for a route; an explicit one is checked, a missing one chosen. */
  assign(conditions: RouteConditions, explicit?: number): number {
    const label = describe(conditions);
    if (explicit !== undefined) {
      if (!Number.isInteger(explicit) || explicit < 1 || explicit > HIGHEST_PRIORITY) {
        throw new InputError(`route.priority: ${explicit} is not a rule priority; allowed are 1 to ${HIGHEST_PRIORITY}.`);
      }
      const other = this.taken.get(explicit);
      if (other !== undefined) {
        throw new InputError(`route.priority: ${explicit} is taken by the route ${other}; give ${label} another one, or leave it out.`);
      }
      this.taken.set(explicit, label);
      return explicit;
    }
    const twin = [...this.taken.values()].includes(label);
    if (twin)
      throw new InputError(
        `route: two routes of this load balancer take ${label}; the second would never be reached. Give them different hosts, paths or headers.`,
      );
    // Even numbers only: the odd one before it is free for a test rule, which must be asked first.
    const slots = BAND / 2;
    const hash = createHash("sha256").update(label).digest().readUInt32BE(0);
    for (let i = 0; i < slots; i++) {
      const priority = band(conditions) * BAND + 2 * (((hash + i) % slots) + 1);
      if (!this.taken.has(priority)) {
        this.taken.set(priority, label);
        return priority;
      }
    }
    throw new InputError(`route: more than ${slots} routes like ${label} on one load balancer; AWS takes 100 rules by default.`);
  }
}

/** `api.example.com/v1/* with x-beta: yes` */
export function describe({ host, path = "/*", headers = {} }: RouteConditions): string {
  const with_ = Object.entries(headers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => `${name}: ${[values].flat().join(" or ")}`);
  return `${host ?? ""}${path}${with_.length ? ` with ${with_.join(", ")}` : ""}`;
}
