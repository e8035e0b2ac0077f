// Listener rules: AWS asks the rule with the lowest number first, so the most specific route must have the lowest. No Pulumi here.

import { createHash } from "node:crypto";
import { asked, BEFORE, type Condition, canonical, IS, said } from "../../facts/routes";
import type { Refuse } from "../base/origin";
import { describe, type RouteConditions, ruleConditions } from "./conditions";

/**
 * How finely paths are told apart. A path has a level by its depth (its slashes), and within a depth by its kind: one with a wildcard before the last slash
 * (`/a*\/b`), a whole folder (`/a/*`), one that leaves open how its last part ends (`/a/b*`), an exact one (`/a/b`). Two folders of one depth, or two exact
 * paths, never take the same requests, so all of them share a level, the largest there is. The others have these levels, in order of what they say.
 */
interface Fineness {
  middle: number;
  open: number;
}
/** By depth. Of deep paths only folders and exact ones are told apart; those deeper still share the last level. */
type Series = readonly Fineness[];
const series = (fineness: Fineness): Series => Array.from({ length: 12 }, (_, i) => (i < SHALLOW ? fineness : { middle: 1, open: 1 }));
const SHALLOW = 4;
const FINE = series({ middle: 42, open: 36 });
const COARSE = series({ middle: 40, open: 20 });

const kinds = ({ middle, open }: Fineness) => ({ folder: middle, open: middle + 1, exact: middle + 1 + open, all: middle + 1 + open + 1 });
/** The levels of all depths up to one, and of every path together, which has level 0. */
const levels = (series: Series, depth = series.length) => series.slice(0, depth).reduce((sum, one) => sum + kinds(one).all, 1);

const clip = (level: number, room: number) => Math.max(0, Math.min(room - 1, level));
const isOpen = (pattern: string) => /[*?]/.test(pattern);

/** A path that takes only what another takes has a higher level. */
function pathLevel(path: string, series: Series): number {
  const depth = path.split("/").length - 1;
  const fineness = series[depth - 1];
  if (!fineness) return levels(series) - 1;
  const [first, kind] = [levels(series, depth - 1), kinds(fineness)];
  if (!isOpen(path)) return first + kind.exact;
  const cut = path.lastIndexOf("/") + 1;
  const [head, rest] = [path.slice(0, cut), path.slice(cut)];
  if (isOpen(head)) return first + clip(said(path) - said("/".repeat(depth)) + LEAST, fineness.middle);
  return first + (rest === "*" ? kind.folder : kind.open + clip(said(rest), fineness.open));
}
/** Six wildcards, AWS's limit, say that much less than nothing. */
const LEAST = 6;

/** Levels of a host with wildcards. */
const HOSTS = 72;

/** Levels of the conditions beyond host and path, and of one value in them. */
const FURTHER = 85;
const VALUE = 14;

/** How much the conditions beyond host and path say together. */
const furtherLevel = (conditions: readonly Condition[]) =>
  Math.min(
    FURTHER,
    conditions.reduce((sum, condition) => sum + conditionLevel(condition), 0),
  );

function conditionLevel({ field, values }: Condition): number {
  if (field === "method") return LISTED + 1 - values.length;
  if (field === "source") return Math.min(...values.map(rangeLevel));
  return Math.min(...values.map(field === "query" ? queryLevel : valueLevel));
}

const valueLevel = (value: string) => (isOpen(value) ? 1 + clip(said(value) - said("*"), VALUE - 1) : VALUE);

/** The value of one parameter says more than that of any that begins alike. */
function queryLevel(parameter: string): number {
  const [name = "", value = ""] = parameter.split(IS);
  return isOpen(name) ? 1 + clip(said(name) - said("*"), ANY_NAME - 1) : ANY_NAME + valueLevel(value);
}
const ANY_NAME = 4;

/** Longer masks are narrower; those of IPv6 are four times as long. */
const rangeLevel = (range: string) => 1 + Math.floor(Number(range.split("/")[1]) / (range.includes(":") ? 4 : 1));

/** A list takes more than one of its values alone: so many levels of lists are below each level, down to AWS's five values. */
const LISTED = 5;

interface Section {
  series: Series;
  levels: number;
  /** Slots of a level, for a route that lists so many values more than it has conditions. */
  slots(level: number, listed: number): number;
}

/** What people have most has the most room: a host alone, a folder (`/api/*`), both; a folder in a folder; the first part of a path (`/api*`). */
function plain(everyPath: number, folders: number[], exact: number, opening: number): Section {
  const room = [everyPath];
  const common = new Set([0]);
  FINE.forEach((fineness, i) => {
    const [first, kind] = [levels(FINE, i), kinds(fineness)];
    common.add(first + kind.folder).add(first + kind.exact);
    room[first + kind.folder] = folders[i] ?? 2;
    room[first + kind.exact] = i < SHALLOW ? exact : 2;
    // Those that end with one wildcard say what their letters say, less the wildcard.
    if (i === 0)
      for (let letters = 1; 3 * letters - 1 < fineness.open; letters++) room[first + kind.open + said(`${"a".repeat(letters)}*`)] = opening;
  });
  return {
    series: FINE,
    levels: levels(FINE),
    // Lists of other paths, which hardly anybody has, share one level.
    slots: (level, listed) => (listed === 0 ? (room[level] ?? 1) : common.has(level) ? 3 : Number(listed === 1)),
  };
}
/** Routes with further conditions, or with wildcards in the host: those of every path have the most room, then those of a folder. */
const mixed = (levels_: number, everyPath: number, folder: number): Section => ({
  series: COARSE,
  levels: levels_,
  slots: (level, listed) => (listed > 0 ? Number(listed <= 2) : level <= 50 ? everyPath : level <= 50 + levels(COARSE, 2) ? folder : 1),
});

/** An exact host, one with wildcards, none; and of each, routes with further conditions before those without. */
const SECTIONS: Section[] = [
  mixed(levels(COARSE) + FURTHER, 5, 3),
  plain(2500, [40, 1600, 500, 80], 100, 14),
  mixed(levels(COARSE) + FURTHER, 2, 1),
  mixed(levels(COARSE) + HOSTS, 6, 2),
  mixed(levels(COARSE) + FURTHER, 10, 4),
  plain(40, [40, 1650, 500, 100], 120, 44),
];

/** The first slot of each level, most specific first. */
const BANDS: { first: number; slots: number }[][][] = [];
let first = 0;
for (const [i, { levels, slots }] of SECTIONS.entries()) {
  BANDS[i] = Array.from({ length: levels }, () => []);
  for (let level = levels - 1; level >= 0; level--) {
    for (let listed = 0; listed < LISTED; listed++) {
      BANDS[i]![level]![listed] = { first, slots: slots(level, listed) };
      first += slots(level, listed);
    }
  }
}

/**
 * The slots of a route. If it takes only requests that another takes too, they come before the other's, whatever stack the two are in: its host, path and
 * further conditions are of no lower level, and where all are of the same, it lists fewer values. (Lists that share their widest value, and differ in the
 * others so that one's are within the other's, may share a level: fifty thousand numbers are too few to tell all of them apart.)
 */
function band(conditions: readonly Condition[]): { first: number; slots: number } {
  const values = (field: string) => conditions.find((one) => one.field === field)?.values;
  const [hosts, paths] = [values("host"), values("path")];
  const further = conditions.filter(({ field }) => field !== "host" && field !== "path");
  const hostClass = hosts === undefined ? 2 : hosts.some(isOpen) ? 1 : 0;
  const index = 2 * hostClass + Number(further.length === 0);
  const { series, levels, slots } = SECTIONS[index]!;
  const level =
    (paths === undefined ? 0 : Math.min(...paths.map((path) => pathLevel(path, series)))) +
    (hostClass === 1 ? 1 + clip(Math.min(...hosts!.map(said)), HOSTS - 1) : 0) +
    furtherLevel(further);
  const listed = conditions.reduce((sum, one) => sum + one.values.length - 1, 0);
  const within = clip(level, levels);
  // Long lists that have no slots of their own share those of shorter ones.
  const counted = Array.from({ length: LISTED }, (_, n) => n).filter((n) => n <= listed && slots(within, n) > 0);
  return BANDS[index]![within]![counted.at(-1)!]!;
}

/**
 * Gives every route of one load balancer a priority of its own. A priority follows from the route (how specific it is) and a hash of it with its service's
 * name, not from the order of the program: a service added in the middle leaves the rules of the others alone, where renumbering would collide in AWS. And
 * where a route moves to another service, two services swap theirs or one is renamed, the new rule does not want the number that the old one still has.
 */
export class Priorities {
  private readonly taken = new Map<number, string>();
  /** By what they take, what they are called. */
  private readonly routes = new Map<string, string>();

  /** Reserves one of the numbers before a route's own for a further rule of the same route. */
  claim(own: number, purpose: keyof typeof BEFORE, route: RouteConditions, refuse: Refuse): number {
    const label = `${describe(route)} (${purpose})`;
    const priority = own - BEFORE[purpose];
    const other = this.taken.get(priority);
    if (priority < 1 || other !== undefined) {
      refuse(
        "priority",
        `${label} needs priority ${priority}, which ${other === undefined ? "AWS has not" : `is taken by the route ${other}`}; leave three numbers before an explicit priority free, or leave priority out.`,
      );
    }
    this.taken.set(priority, label);
    return priority;
  }

  /** Takes a route in, and reserves its number where it has an explicit one. */
  reserve(conditions: RouteConditions, explicit: number | undefined, refuse: Refuse): void {
    const label = describe(conditions);
    const takes = canonical(asked(ruleConditions(conditions)));
    const twin = this.routes.get(takes);
    if (explicit !== undefined) {
      const other = this.taken.get(explicit);
      if (other !== undefined) {
        refuse("priority", `${explicit} is taken by the route ${other}; give ${label} another one, or leave it out.`);
      }
      this.taken.set(explicit, label);
    } else if (twin !== undefined) {
      const as = twin === label ? "" : ` (as ${twin})`;
      refuse(
        "path",
        `two routes of this load balancer take ${label}${as}; the second would never be reached. Give them different conditions.`,
      );
    }
    this.routes.set(takes, label);
  }

  /** Chooses a number for a service's rule. */
  assign(conditions: RouteConditions, service: string, refuse: Refuse): number {
    const label = describe(conditions);
    const asks = asked(ruleConditions(conditions));
    const { first, slots } = band(asks);
    const hash = createHash("sha256")
      .update(`${canonical(asks)}\n${service}`)
      .digest()
      .readUInt32BE(0);
    for (let i = 0; i < slots; i++) {
      // Every third number: those before it are free for the rules that must be asked first. (Version 0.1 numbered from 3, later ones from 4, so that the old
      // and the new numbers of a stack's rules have none in common while they change.)
      const priority = 3 * (first + ((hash + i) % slots) + 1) + 2;
      if (!this.taken.has(priority)) {
        this.taken.set(priority, label);
        return priority;
      }
    }
    return refuse("priority", `there are already ${slots} routes like ${label} on one load balancer; give this one a priority of its own.`);
  }
}
