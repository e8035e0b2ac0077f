import type { Invoke, JsonObject, Resource } from "../facts/graph";
import type { Finding as Broken, Undecided as Open } from "../policy/engine/run";

/** The one object that `berth plan --json` prints. */

/** Of the shape of the JSON: another number where something in it means something else or is gone. What is new in it is no reason. */
export const JSON_VERSION = 1;

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

/** A service's part of the idle cost, where a stack has several. */
export interface Share {
  /** URN of the service. */
  service: string;
  /** What it alone has. */
  own: number;
  /** Its share of what it has with others: URN of the component, and the amount. */
  shared: { urn: string; monthly: number }[];
  monthly: number;
}

/** What another stack has made and pays for. */
export interface Elsewhere {
  what: string;
  /** What one of the stack's own would cost a month. */
  own: number;
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
  /** By service, where there are several. */
  shares: Share[];
  elsewhere: Elsewhere[];
  /** Of the price list. */
  prices: {
    region: string;
    date: string;
    source: string;
    /** What is in the sums at another region's price, because the list has none of its own region: the key, and whose price it is. */
    borrowed: { key: string; region: string }[];
  };
  /** Resources that cost something and have no price here. */
  unpriced: string[];
  /** What is not in the sums because a value is not known before the deploy: the resource, and the value. */
  unknown: string[];
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

export type Rollout = KnownRollout | UnknownRollout;

export interface KnownRollout {
  /** URN of the service. */
  service: string;
  /** ROLLING, BLUE_GREEN, CANARY or LINEAR. */
  strategy: string;
  /** From the new revision to the end of the last old task. */
  seconds: number;
  steps: RolloutStep[];
  /** Of a new service: until its tasks are healthy. */
  firstSeconds: number;
  /** Back to the revision before. */
  rollbackSeconds: number;
  /** Until the circuit breaker gives up on tasks that never become healthy; null without a circuit breaker. */
  giveUpSeconds: number | null;
  /** The same rollout when an instance must boot first; absent on Fargate. */
  secondsWithInstanceBoot?: number;
  /** The two settings that cost most. */
  costliest: CostlySetting[];
}

/** A rollout that is not modelled, because the model needs a value that is not known before the deploy. */
export interface UnknownRollout {
  service: string;
  strategy: null;
  seconds: null;
  steps: [];
  /** Which value. */
  unknown: string;
}

/** About how long an update takes, by typical times: no promise. */
export interface UpdateTime {
  seconds: number;
  /** The chain of steps that no other outlasts: those of ten seconds or more, in their order. */
  waitsOn: { urn: string; action: "create" | "update" | "delete"; seconds: number; why?: string }[];
}

/** Something that is wrong with the stack. A mandatory finding fails the plan. */
export interface Finding extends Broken {
  /** Where the program makes the resource: `index.ts:15`. */
  source?: string;
}

/** A rule that cannot be decided for a resource before the deploy. */
export interface Undecided extends Open {
  source?: string;
}

/** A note or a warning, which stops nothing. */
export interface Message {
  severity: "info" | "warning";
  text: string;
}

/** A plan of a stack. */
export interface Plan {
  project: string;
  stack: string;
  resources: Resource[];
  invokes: Invoke[];
  outputs: JsonObject;
  /** What the program and the planner say: where a setting's value is from, what does not fit together. */
  messages: Message[];
  cost: Cost;
  rollout: Rollout[];
  time: { firstDeploy: UpdateTime };
  findings: Finding[];
  undecided: Undecided[];
}

/** What `berth plan --json` prints. */
export interface PlanJson extends Plan {
  version: typeof JSON_VERSION;
}
