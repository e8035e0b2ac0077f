// How a load balancer spreads requests over the tasks of a target group. Pure: arguments in, properties of the target group out.
import { LIMITS } from "../../facts/aws-limits";
import { cookieComplaint, spreadComplaint } from "../../facts/listeners";
import type * as aws from "../base/aws";
import { type ArgumentsOf, flagOr, group, integer, oneOf, optional, type Rule, text, type Values, within } from "../base/schema";

/** How a client is kept with one task. */
export interface Stickiness {
  /** Seconds after a response in which the client's next request goes to the same task (`cookieDuration`), 1 to 604800. Defaults to 86400, a day. */
  duration?: number;
  /** Name of a cookie that the app sets, with which a session begins (`cookieName`, `app_cookie`). Defaults to none: the load balancer sets its own (`lb_cookie`). */
  cookie?: string;
}

/** How the load balancer chooses a task for a request. */
export type Algorithm = "round_robin" | "least_outstanding_requests" | "weighted_random";

/** How requests are spread over the tasks. */
export interface BalancingArgs {
  /**
   * Whether a client's requests go to the same task, by a cookie (`stickiness`): `true`, or for how long and with which cookie. A rollout moves the client to
   * another task. Defaults to not at all; `false` says so to a live target group, which keeps what it has where this is left out.
   */
  stickiness?: boolean | Stickiness;
  /**
   * Seconds in which a new task's share of the requests grows from little to its full part (`slowStart`), 30 to 900; for apps that are slow until they are
   * warm. Not with another `loadBalancingAlgorithmType` than `round_robin`. Defaults to none.
   */
  slowStart?: number;
  /**
   * Which task gets a request: the next one (`round_robin`), the one with the fewest unanswered (`least_outstanding_requests`; for requests of unequal length),
   * or any one, fewer of them those that fail more than the others (`weighted_random`, with `loadBalancingAnomalyMitigation`). Defaults to AWS's `round_robin`;
   * a live target group keeps what it has where this is left out.
   */
  loadBalancingAlgorithmType?: Algorithm;
}

const { takes: TARGET_GROUP } = LIMITS["aws:lb/targetGroup:TargetGroup"];

export const balancing = {
  stickiness: optional(
    flagOr(
      group({
        duration: optional(within(TARGET_GROUP["stickiness.cookieDuration"]), 86_400),
        cookie: optional(text(cookieComplaint, "JSESSIONID")),
      } satisfies ArgumentsOf<Stickiness>),
    ),
  ),
  slowStart: optional(integer(30, 900, "seconds")),
  loadBalancingAlgorithmType: optional(oneOf("round_robin", "least_outstanding_requests", "weighted_random")),
} satisfies ArgumentsOf<BalancingArgs>;
export type BalancingValues = Values<typeof balancing>;

/** What AWS refuses of them together. */
export const spreads: Rule<typeof balancing> = {
  about: ["stickiness", "slowStart", "loadBalancingAlgorithmType"],
  at: "loadBalancingAlgorithmType",
  complain: ({ stickiness, slowStart, loadBalancingAlgorithmType: algorithm }) =>
    spreadComplaint({ isSticky: Boolean(stickiness), startsSlowly: slowStart !== undefined, algorithm }),
};

/** The properties of the target group. What is left out is not sent: AWS has its default, or keeps what it has. */
export function balancingOf({
  stickiness,
  slowStart,
  loadBalancingAlgorithmType: algorithm,
}: BalancingValues): Partial<aws.lb.TargetGroupArgs> {
  return {
    ...(stickiness !== undefined && { stickiness: cookieOf(stickiness) }),
    ...(slowStart !== undefined && { slowStart }),
    ...(algorithm && {
      loadBalancingAlgorithmType: algorithm,
      // Off in words, too: AWS takes it with this algorithm only, and the provider sends nothing for what is left out.
      loadBalancingAnomalyMitigation: algorithm === "weighted_random" ? "on" : "off",
    }),
  };
}

function cookieOf(stickiness: NonNullable<BalancingValues["stickiness"]>): aws.types.input.lb.TargetGroupStickiness {
  if (stickiness === false) return { enabled: false, type: "lb_cookie" };
  const { duration, cookie } = stickiness;
  return {
    enabled: true,
    type: cookie === undefined ? "lb_cookie" : "app_cookie",
    cookieDuration: duration,
    ...(cookie !== undefined && { cookieName: cookie }),
  };
}
