// Listener rules: AWS asks the rule with the lowest number first, so the most specific route must have the lowest. No Pulumi here.

import { createHash } from "node:crypto";
import type { Refuse } from "../base/origin";

/** Which requests a rule takes. */
export interface RouteConditions {
  /** Host header, such as `api.example.com` or `*.example.com`. Defaults to any. */
  host?: string;
  /** Path pattern, such as `/*` or `/api/*`. Defaults to `/*` where nothing else is given. */
  path?: string;
  /** Headers with the values they may have (any of them). Defaults to no condition. */
  headers?: Record<string, string | string[]>;
}

const MOST_SPECIFIC = 128;
/** How many rules of one specificity there is room for. Hosts alone and short paths are what people have, a hundred of a kind at most (AWS's default). */
const room = (specificity: number, headers: boolean) => {
  if (headers) return specificity <= 24 ? 40 : 4;
  return specificity === 1 ? 300 : specificity <= 24 ? 120 : 8;
};
const roomBefore = (specificity: number, headers: boolean) => {
  let rules = 0;
  for (let s = MOST_SPECIFIC; s > specificity; s--) rules += room(s, headers);
  return rules;
};
const ROOM = { headers: roomBefore(0, true), plain: roomBefore(0, false) };

/**
 * The slots of a route: by host, then headers, then how much the patterns say. If a route takes only requests that another takes too, it never has the
 * same slots: its host is no wider, its headers are no fewer, and its patterns have more characters.
 */
function band({ host, path = "/*", headers = {} }: RouteConditions): { first: number; slots: number } {
  const said = (pattern: string) => pattern.replaceAll("*", "").length;
  const open = (pattern: string) => /[*?]/.test(pattern);
  const hostClass = host === undefined ? 2 : open(host) ? 1 : 0;
  const names = Object.keys(headers).length;
  const specificity = said(path) + (open(path) ? 0 : 1) + (hostClass === 1 ? said(host!) : 0) + names;
  const capped = Math.min(MOST_SPECIFIC, specificity);
  const above = hostClass * (ROOM.headers + ROOM.plain) + (names > 0 ? 0 : ROOM.headers);
  return { first: above + roomBefore(capped, names > 0), slots: room(capped, names > 0) };
}

/**
 * Gives every route of one load balancer a priority of its own. A priority follows from the route (how specific it is) and a hash of it with its service's
 * name, not from the order of the program: a service added in the middle leaves the rules of the others alone, where renumbering would collide in AWS. And
 * where a route moves to another service, two services swap theirs or one is renamed, the new rule does not want the number that the old one still has.
 */
export class Priorities {
  private readonly taken = new Map<number, string>();
  private readonly routes = new Set<string>();

  /** Reserves one of the numbers before a route's own for a further rule of the same route. */
  claim(priority: number, label: string, refuse: Refuse): number {
    const other = this.taken.get(priority);
    if (priority < 1 || other !== undefined) {
      refuse(
        "priority",
        `${label} needs priority ${priority}, which ${other === undefined ? "AWS has not" : `is taken by the route ${other}`}; leave two numbers before an explicit priority free, or leave priority out.`,
      );
    }
    this.taken.set(priority, label);
    return priority;
  }

  /** Takes a route in, and reserves its number where it has an explicit one. */
  admit(conditions: RouteConditions, explicit: number | undefined, refuse: Refuse): void {
    const label = describe(conditions);
    if (explicit !== undefined) {
      const other = this.taken.get(explicit);
      if (other !== undefined) {
        refuse("priority", `${explicit} is taken by the route ${other}; give ${label} another one, or leave it out.`);
      }
      this.taken.set(explicit, label);
    } else if (this.routes.has(label)) {
      refuse(
        "path",
        `two routes of this load balancer take ${label}; the second would never be reached. Give them different hosts, paths or headers.`,
      );
    }
    this.routes.add(label);
  }

  /** Chooses a number for a service's rule. */
  assign(conditions: RouteConditions, service: string, refuse: Refuse): number {
    const label = describe(conditions);
    const { first, slots } = band(conditions);
    const hash = createHash("sha256").update(`${label}\n${service}`).digest().readUInt32BE(0);
    for (let i = 0; i < slots; i++) {
      // Every third number: the two before it are free for the rules of a blue/green deployment, which must be asked first. (Version 0.1 numbered from 3
      // instead of 4, so that the old and the new numbers of a stack's rules have none in common while they change.)
      const priority = 3 * (first + ((hash + i) % slots) + 1) + 1;
      if (!this.taken.has(priority)) {
        this.taken.set(priority, label);
        return priority;
      }
    }
    return refuse("priority", `there are already ${slots} routes like ${label} on one load balancer; give this one a priority of its own.`);
  }
}

/** `api.example.com/v1/* with x-beta: yes` */
export function describe({ host, path = "/*", headers = {} }: RouteConditions): string {
  const with_ = Object.entries(headers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => `${name}: ${[values].flat().join(" or ")}`);
  return `${host ?? ""}${path}${with_.length ? ` with ${with_.join(", ")}` : ""}`;
}
