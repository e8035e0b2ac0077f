// What a load balancer is asked for by a service: which requests, and the place of their rule among the others of the listener.
import { LIMITS } from "../../facts/aws-limits";
import { headerComplaint, headerValueComplaint, hostComplaint, valuesComplaint } from "../../facts/listeners";
import { type HasOrigin, ORIGIN, type Origin, readArguments, refuser, under } from "../base/origin";
import { type ArgumentsOf, group, map, oneOrMore, optional, pattern, text, within } from "../base/schema";
import type { LoadBalancerLike } from "./load-balancer-like";
import { describe, Priorities, type RouteConditions } from "./priorities";

/** Which requests of a load balancer go to a service. */
export interface RouteArgs extends RouteConditions {
  /** Priority of the listener rule, 1 to 50000; lower is asked first. Defaults to one that follows from how specific the route is. */
  priority?: number;
}

export const route = {
  host: optional(text(hostComplaint, "*.example.com")),
  path: optional(pattern(/^\/[A-Za-z0-9_\-.$/~"'@:+&*?]{0,127}$/, "a path pattern", "/api/*")),
  headers: optional(map(oneOrMore(text(headerValueComplaint)), { name: headerComplaint })),
  priority: optional(within(LIMITS["aws:lb/listenerRule:ListenerRule"].takes.priority)),
} satisfies ArgumentsOf<RouteArgs>;

const ROUTE = group(route, {
  about: ["host", "path", "headers"],
  at: "headers",
  complain: (conditions) => conditionsComplaint(conditions),
});

/** What AWS refuses of a rule's conditions together; undefined if nothing. */
export function conditionsComplaint({ host, path, headers = {} }: RouteConditions): string | undefined {
  return valuesComplaint([host, path, ...Object.values(headers).flat()].filter((value) => value !== undefined));
}

/** A route with its load balancer and a priority of its own; made by {@link LoadBalancer.route}. */
export interface Route {
  readonly loadBalancer: LoadBalancerLike;
  readonly conditions: RouteConditions;
  /** The priority of its rule, once for the service that takes it. */
  readonly priority: (service: string) => number;
  /** Reserves a number before that, for a further rule of the route that must be asked sooner. */
  readonly before: (priority: number, steps: number, purpose: string) => number;
}

/** The routes of a load balancer. */
export class Routes {
  private readonly priorities = new Priorities();

  constructor(
    private readonly loadBalancer: LoadBalancerLike,
    private readonly origin: Origin,
  ) {}

  /** Reserves a place among the listener's rules for a service. */
  route(args: RouteArgs & HasOrigin): Route {
    const origin = args[ORIGIN] ?? under(this.origin, "route");
    const { priority, ...conditions } = readArguments(ROUTE, args, origin);
    const refuse = refuser(origin);
    this.priorities.admit(conditions, priority, refuse);
    return {
      loadBalancer: this.loadBalancer,
      conditions,
      priority: (service) => priority ?? this.priorities.assign(conditions, service, refuse),
      before: (own, steps, purpose) => this.priorities.claim(own - steps, `${describe(conditions)} (${purpose})`, refuse),
    };
  }
}
