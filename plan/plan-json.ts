import type { Invoke, JsonObject, Resource } from "../facts/graph";

/** The one object that `berth plan --json` prints. */

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
