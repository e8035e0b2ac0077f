/** The recorded resource graph, and the one object that `berth plan --json` prints. */

/** A JSON value. Secrets are already `[secret]`; what only AWS knows is a made-up but realistic value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** What stands for a secret in everything that is printed. */
export const SECRET = "[secret]";
/** What stands for a value that nobody can know before the deploy. */
export const UNKNOWN = "[unknown]";

/** Pulumi's resource options, in Pulumi's names, as the program gave them. */
export interface ResourceOptions {
  protect: boolean;
  ignoreChanges: string[];
  retainOnDelete: boolean;
  /** Null where the program leaves the choice to the provider. */
  deleteBeforeReplace: boolean | null;
  replaceOnChanges: string[];
  /** URN of the resource whose deletion deletes this one too. */
  deletedWith: string | null;
  customTimeouts: { create?: string; update?: string; delete?: string };
  /** The URNs this resource had before. */
  aliases: string[];
}

/** A resource as the program registers it. */
export interface Resource {
  urn: string;
  type: string;
  name: string;
  /** URN of the parent; null for the stack itself. */
  parent: string | null;
  /** `<urn>::<id>` of an explicit provider; absent for the default one. */
  provider?: string;
  inputs: JsonObject;
  /** URNs of every resource it waits for, sorted. */
  dependencies: string[];
  /** The same by input property. */
  propertyDependencies: Record<string, string[]>;
  options: ResourceOptions;
}

/** A resource with what the readers of the graph need and the JSON leaves out. */
export interface RecordedResource extends Resource {
  /** False for a component. */
  custom: boolean;
  /** Where the program made it, relative to the project: `components/service/service.ts:19`. */
  source?: string;
  /** True if it is only read (`X.get(...)`), not made by this stack. */
  read: boolean;
}

export interface Invoke {
  token: string;
  args: JsonObject;
}

/** What one run of the program registered. */
export interface Graph {
  resources: RecordedResource[];
  invokes: Invoke[];
  outputs: JsonObject;
}

/** What a resource costs in a month of 730 hours when nobody uses the stack. */
export interface CostLine {
  urn: string;
  what: string;
  monthly: number;
  /** What it costs with autoscaling at its upper end; absent where that is the same. */
  maximum?: number;
  /** True where AWS sets the price by the hour (Spot). */
  estimate?: true;
}

/** What use adds, under assumptions. */
export interface UsageLine {
  what: string;
  assumption: string;
  monthly: number;
}

/** A change that would save money on this very stack. */
export interface Saving {
  what: string;
  monthly: number;
  /** What it takes, or costs elsewhere. */
  note: string;
}

export interface Cost {
  region: string;
  currency: string;
  monthlyIdle: number;
  lines: CostLine[];
  /** The idle cost with every autoscaled service at its maximum. */
  monthlyMaximum: number;
  usage: UsageLine[];
  savings: Saving[];
  /** Of the price list. */
  prices: { region: string; date: string; source: string };
  /** Resources that cost something and have no price here. */
  unpriced: string[];
}

/** A part of a rollout on its time line, in seconds from its beginning. */
export interface RolloutStep {
  what: string;
  start: number;
  seconds: number;
}

/** A setting and how many seconds of the rollout it costs over its fast value. */
export interface CostlySetting {
  setting: string;
  value: string;
  seconds: number;
  fast: string;
}

export interface Rollout {
  /** URN of the service. */
  service: string;
  /** ROLLING, BLUE_GREEN, CANARY or LINEAR. */
  strategy: string;
  /** From the new revision to the end of the last old task. */
  seconds: number;
  steps: RolloutStep[];
  /** Back to the revision before. */
  rollbackSeconds: number;
  /** Until the circuit breaker gives up on tasks that never become healthy; null without a circuit breaker. */
  giveUpSeconds: number | null;
  /** The same rollout when a host must boot first; absent on Fargate. */
  secondsWithHostBoot?: number;
  /** The two settings that cost most. */
  costliest: CostlySetting[];
}

/** Something that is wrong with the stack. */
export interface Finding {
  rule: string;
  severity: "critical" | "high" | "medium" | "low";
  /** A mandatory finding fails the plan. */
  level: "mandatory" | "advisory";
  /** The resource it is about; empty for the stack as a whole. */
  urn: string;
  message: string;
  /** The code or setting that mends it. */
  fix: string;
  /** Where the program makes the resource: `index.ts:15`. */
  source?: string;
}

/** What `berth plan --json` prints. */
export interface Plan {
  project: string;
  stack: string;
  resources: Resource[];
  invokes: Invoke[];
  outputs: JsonObject;
  cost: Cost;
  rollout: Rollout[];
  findings: Finding[];
}

/** The same value with the keys of every object in order, so that equal values have equal bytes. */
export function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
