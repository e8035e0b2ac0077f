import { UserError, wordComplaint } from "../../facts/errors";
import type { Project } from "./project";

/** What no graph can tell: how much a stack is used in a month, and how its app behaves. Set any of them in the stack file under `assumptions`. */
export interface Assumptions {
  /** Requests to each load balancer, and traces of each service that sends them. */
  requests: number;
  /** Kilobytes of one request and its answer. */
  requestKilobytes: number;
  /** GB of logs written to CloudWatch by each service. */
  logGigabytes: number;
  /** GB through all NAT gateways, or all interface endpoints. */
  natGigabytes: number;
  /** GB between zones: about two thirds of what the load balancer hands to tasks in three zones. */
  crossZoneGigabytes: number;
  /** GB of images kept in the registry. */
  imageGigabytes: number;
  /** GB of files kept in each file system. */
  fileGigabytes: number;
  /** Compressed megabytes of the image that a task pulls. */
  imageMegabytes: number;
  /** Seconds from the start of the process to its first answer. */
  bootSeconds: number;
  /** Messages that go through each queue. */
  messages: number;
  /** Minutes that each run of a scheduled task takes. */
  taskMinutes: number;
}

export const DEFAULT_ASSUMPTIONS: Assumptions = {
  requests: 1_000_000,
  requestKilobytes: 10,
  logGigabytes: 1,
  natGigabytes: 10,
  crossZoneGigabytes: 5,
  imageGigabytes: 2,
  fileGigabytes: 10,
  imageMegabytes: 60,
  bootSeconds: 5,
  messages: 100_000,
  taskMinutes: 5,
};

export interface PlanSettings {
  assumptions: Assumptions;
  /** The most that the idle stack may cost a month; the plan fails above. */
  budget: number | undefined;
  /** What the policy rules are to do, as JSON. Where it is given, they are enforced. */
  policy: string | undefined;
}

/** Reads the keys of a stack's configuration that are the plan's: `assumptions`, `budget` and `policy`. The program takes them for known and leaves them. */
export function planSettings({ config, name }: Pick<Project, "config" | "name">): PlanSettings {
  const own = (key: string) => config[`${name}:${key}`];
  const budget = own("budget");
  return {
    assumptions: { ...DEFAULT_ASSUMPTIONS, ...assumptionsOf(own("assumptions")) },
    budget: budget === undefined ? undefined : amount("budget", budget),
    policy: own("policy"),
  };
}

function assumptionsOf(text: string | undefined): Partial<Assumptions> {
  if (text === undefined) return {};
  const given = parse(text);
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new UserError(`assumptions: ${JSON.stringify(text)} is not a map; write one like { requests: 5000000 }.`);
  }
  const known = Object.keys(DEFAULT_ASSUMPTIONS);
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      if (!known.includes(key)) {
        throw new UserError(`assumptions: ${wordComplaint(key, known, "one of its keys")}`);
      }
      return [key, amount(`assumptions.${key}`, value)];
    }),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function amount(key: string, value: unknown): number {
  const given = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof given !== "number" || !Number.isFinite(given) || given < 0) {
    throw new UserError(`${key}: ${JSON.stringify(value)} is not an amount; allowed: numbers from 0 up.`);
  }
  return given;
}
