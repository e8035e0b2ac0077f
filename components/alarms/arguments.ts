// Which alarms there are, and when each rings.
import { type ComponentArgs, common } from "../base/arguments";
import type * as aws from "../base/aws";
import type { Transform } from "../base/component";
import { type ArgumentsOf, flag, integer, number, offOr, optional, other } from "../base/schema";
import type { Notifications } from "./notifications";

/** When the alarms of a service ring. */
export interface ServiceAlarms {
  /** Whether it rings when no task behind a load balancer is healthy, for three minutes. Defaults to true. Cost: 0.10 USD a month for each route, 0.20 with two target groups. */
  healthyTargets?: boolean;
  /** Percentage of responses with a 5xx status, within five minutes, above which it rings; or false. Defaults to 5. Cost: 0.20 USD a month for each route, 0.40 with two target groups. */
  errorPercent?: number | false;
  /** Seconds within which 95 of 100 requests are answered; it rings when they are not, for ten minutes; or false. Defaults to 2. Cost: as `errorPercent`. */
  latency?: number | false;
  /** Requests in five minutes below which `errorPercent` and `latency` do not ring, because two of three say little. Defaults to 50. */
  minRequests?: number;
  /** Minutes that fewer tasks run than are wanted (`desiredCount`) before it rings, or false. It needs the cluster's `containerInsights`. Defaults to 15. Cost: 0.20 USD a month. */
  belowDesired?: number | false;
  /** Tasks that stop by themselves within fifteen minutes, from which on it rings; or false. Defaults to 3. Cost: 0.10 USD a month. */
  restarts?: number | false;
  /** Memory in percent of what a task has, above which it rings when a task uses it for fifteen minutes; or false. Defaults to 90. Cost: 0.10 USD a month. */
  memoryPercent?: number | false;
}

/** Each argument, without its default. */
const kinds = {
  healthyTargets: flag(),
  errorPercent: offOr(number(0.1, 100, "percent")),
  latency: offOr(number(0.01, 4000, "seconds")),
  minRequests: integer(1, 10_000_000, "requests"),
  belowDesired: offOr(integer(1, 720, "minutes")),
  restarts: offOr(integer(1, 10_000, "tasks")),
  memoryPercent: offOr(integer(1, 100, "percent")),
};

export const serviceAlarms = {
  healthyTargets: optional(kinds.healthyTargets, true),
  errorPercent: optional(kinds.errorPercent, 5),
  latency: optional(kinds.latency, 2),
  minRequests: optional(kinds.minRequests, 50),
  belowDesired: optional(kinds.belowDesired, 15),
  restarts: optional(kinds.restarts, 3),
  memoryPercent: optional(kinds.memoryPercent, 90),
} satisfies ArgumentsOf<ServiceAlarms>;

/** When the alarms of one service ring, where that is otherwise than in the rest of the stack. */
export interface OwnAlarms {
  /** Whether it rings when no task behind a load balancer is healthy. Defaults to what the stack's alarms say. */
  healthyTargets?: boolean;
  /** Percentage of responses with a 5xx status, or false. Defaults to what the stack's alarms say. */
  errorPercent?: number | false;
  /** Seconds within which 95 of 100 requests are answered, or false. Defaults to what the stack's alarms say. */
  latency?: number | false;
  /** Requests in five minutes below which the two do not ring. Defaults to what the stack's alarms say. */
  minRequests?: number;
  /** Minutes that fewer tasks run than are wanted, or false. Defaults to what the stack's alarms say. */
  belowDesired?: number | false;
  /** Tasks that stop by themselves within fifteen minutes, or false. Defaults to what the stack's alarms say. */
  restarts?: number | false;
  /** Memory in percent of what a task has, or false. Defaults to what the stack's alarms say. */
  memoryPercent?: number | false;
}

export const ownAlarms = {
  healthyTargets: optional(kinds.healthyTargets),
  errorPercent: optional(kinds.errorPercent),
  latency: optional(kinds.latency),
  minRequests: optional(kinds.minRequests),
  belowDesired: optional(kinds.belowDesired),
  restarts: optional(kinds.restarts),
  memoryPercent: optional(kinds.memoryPercent),
} satisfies ArgumentsOf<OwnAlarms>;

/** When the alarms of a stack ring. */
export interface StackAlarms extends ServiceAlarms {
  /** Whether it rings when a dead-letter queue is not empty: of a queue, or of a scheduled task that could not be started. Defaults to true. Cost: 0.10 USD a month each. */
  deadLetters?: boolean;
  /** Seconds that the oldest message of a queue may wait before it rings (`ApproximateAgeOfOldestMessage`), or false. Defaults to 900. Cost: 0.10 USD a month each. */
  messageAge?: number | false;
  /** Whether it rings when a NAT gateway has no port left for a connection (`ErrorPortAllocation`). Defaults to true. Cost: 0.10 USD a month each. */
  natErrors?: boolean;
  /** Days before a certificate ends, from which on it rings (`DaysToExpiry`); or false. ACM renews its own 60 days before, where the DNS records are still there. Defaults to 21. Cost: 0.10 USD a month each. */
  certificateDays?: number | false;
}

/** Arguments of {@link Alarms}. */
export interface AlarmsArgs extends ComponentArgs, StackAlarms {
  /** Who is told. Defaults to nobody: `berth status` shows the alarms, and a rule of the plan says that nobody learns of them. */
  notifications?: Notifications;
  /** Changes to what the component makes. */
  transform?: { alarm?: Transform<aws.cloudwatch.MetricAlarmArgs>; rule?: Transform<aws.cloudwatch.EventRuleArgs> };
}

export const alarms = {
  ...common,
  ...serviceAlarms,
  deadLetters: optional(flag(), true),
  messageAge: optional(offOr(integer(1, 1_209_600, "seconds")), 900),
  natErrors: optional(flag(), true),
  certificateDays: optional(offOr(integer(1, 365, "days")), 21),
  notifications: optional(other<Notifications>()),
  transform: optional(other<NonNullable<AlarmsArgs["transform"]>>()),
} satisfies ArgumentsOf<AlarmsArgs>;
