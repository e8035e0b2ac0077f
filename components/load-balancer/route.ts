// What a load balancer is asked for by a service: which requests, and the place of their rule among the others of the listener.
import type { BEFORE } from "../../facts/routes";
import type * as aws from "../base/aws";
import { type ArgumentsOf, group, optional, pattern, type Rule } from "../base/schema";
import { conditions, priority, type RouteConditions, together } from "./conditions";
import type { LoadBalancerLike } from "./load-balancer-like";
import { SIGN_IN, type SignInArgs } from "./sign-in";

/** Which requests of a load balancer go to a service. */
export interface RouteArgs extends RouteConditions {
  /**
   * What the app sees in place of the path's part before its `*`: with `path: "/api/*"` and `rewrite: "/"` a request for `/api/users` is one for `/users`
   * (`url-rewrite`). Defaults to the path as it is.
   */
  rewrite?: string;
  /**
   * That users sign in before their requests reach the service, with an OpenID Connect provider or a Cognito user pool; by HTTPS and with rolling deployments
   * only. The provider must know `https://<host>/oauth2/idpresponse` as a redirect URI. Defaults to none.
   *
   * @example
   * ```yaml
   * config:
   *   service:
   *     signIn:
   *       issuer: https://accounts.google.com
   *       clientId: 1234567890.apps.googleusercontent.com
   *       clientSecret:
   *         secure: v1:Ciphertext
   * ```
   */
  signIn?: SignInArgs;
  /** Priority of the listener rule, 1 to 50000; lower is asked first. Defaults to one that follows from how specific the route is. */
  priority?: number;
}

export const route = {
  ...conditions,
  rewrite: optional(pattern(/^\/[A-Za-z0-9_\-./~@:+&]{0,127}$/, "a path", "/")),
  signIn: optional(SIGN_IN),
  priority,
} satisfies ArgumentsOf<RouteArgs>;

/** What is rewritten is a part of the path that is known, and not nothing. */
const rewritable: Rule<Pick<typeof route, "path" | "rewrite">> = {
  about: ["path", "rewrite"],
  at: "rewrite",
  complain: ({ path = "/*", rewrite }) => {
    if (rewrite === undefined) return undefined;
    const paths = [path].flat();
    const other = paths.find((one) => /[*?]./.test(one) || one.endsWith("?"));
    if (other !== undefined)
      return `${JSON.stringify(other)} has a wildcard before its end, so no part of it can be replaced; leave rewrite out, or write a path like "/api/*".`;
    if (!paths.some((one) => one.endsWith("*")))
      return `the path ends without "*", so nothing of it would be left; write it as "${paths[0]!.replace(/\/$/, "")}/*".`;
    return rewrite === "/" && paths.some((one) => one === "/*")
      ? `there is nothing before the "*" to take away; leave rewrite out.`
      : undefined;
  },
};
export const routeRules = [together, rewritable];
export const ROUTE = group(route, ...routeRules);

/** The rewriting of a route as AWS takes it. What stands before the "*" goes, with the slash at its end; the rest follows the new path, query string and all. */
export function transforms({ path = "/*", rewrite }: Pick<RouteArgs, "path" | "rewrite">): aws.types.input.lb.ListenerRuleTransform[] {
  if (rewrite === undefined) return [];
  const prefixes = [path].flat().map((one) => one.replace(/\/?\*?$/, ""));
  const longestFirst = [...new Set(prefixes)].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((prefix) => prefix.replace(/[.$+]/g, "\\$&"));
  const before = escaped.length > 1 ? `(?:${escaped.join("|")})` : escaped.join();
  return [
    {
      type: "url-rewrite",
      urlRewriteConfig: { rewrite: { regex: `^${before}/?(.*)$`, replace: `${rewrite.replace(/\/$/, "")}/$1` } },
    },
  ];
}

/** A route with its load balancer and a priority of its own; made by {@link LoadBalancer.route}. */
export interface Route {
  readonly loadBalancer: LoadBalancerLike;
  readonly conditions: RouteConditions;
  readonly transforms: aws.types.input.lb.ListenerRuleTransform[];
  /** What signs users in before requests are handed on. */
  readonly signIn?: aws.types.input.lb.ListenerRuleAction;
  /** The priority of its rule, once for the service that takes it. */
  readonly priority: (service: string) => number;
  /** Reserves a number before that, for a further rule of the route that must be asked sooner. */
  readonly before: (priority: number, purpose: keyof typeof BEFORE) => number;
}
