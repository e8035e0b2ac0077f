// What may be said of the further ports of a service.
import { LIMITS } from "../../facts/aws-limits";
import { type ArgumentsOf, integer, optional, other, type Rule, text, type Values, within } from "../base/schema";
import type { NetworkListener } from "../load-balancer/network-listener";
import type { Route } from "../load-balancer/route";
import { OWN_NAMES } from "../task/ports";
import { type BalancingArgs, balancing, spreads } from "./balancing";
import { codesOfProtocol, type HealthCheck, type Protocol, portHealthCheck, protocol } from "./health-check";

/** A further port of a service's tasks. */
export interface PortArgs extends BalancingArgs {
  /** Port that is listened on (`containerPort`). The app's own or another's once more is another way to the same port. Required; no default. */
  port: number;
  /** The container that listens there (`containerName`): a sidecar by its name. Defaults to the app's. */
  container?: string;
  /** What is spoken there, as in the service's `protocol`. Defaults to `http`. */
  protocol?: Protocol;
  /** Which requests come to it: `lb.route({ path: "/admin/*" })`, or `nlb.listener({ port: 9000 })`. Defaults to none. */
  route?: Route | NetworkListener;
  /** The load balancer's health check of this port. Defaults to those of its arguments: `/health` every 10 seconds. */
  healthCheck?: Omit<HealthCheck, "gracePeriod">;
  /** Seconds that a task being replaced may finish its requests to this port in (`deregistrationDelay`), 0 to 3600. Defaults to 15. */
  deregistrationDelay?: number;
}

export const port = {
  port: integer(1, 65535),
  container: optional(text()),
  protocol: protocol(),
  route: optional(other<Route | NetworkListener>()),
  healthCheck: optional(portHealthCheck, {}),
  deregistrationDelay: optional(within(LIMITS["aws:lb/targetGroup:TargetGroup"].takes.deregistrationDelay), 15),
  ...balancing,
} satisfies ArgumentsOf<PortArgs>;
export type PortValues = Values<typeof port>;

export const portRules: Rule<Omit<typeof port, "route">>[] = [codesOfProtocol, spreads];

/** What the resources of a service end with, beside its ports' names. */
const SUFFIXES = ["green", "production", "test", "maintenance"];
const NAME = /^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/;

/** What is wrong with the name of a port; undefined if nothing is. */
export function portNameComplaint(name: string): string | undefined {
  if (!NAME.test(name))
    return `${JSON.stringify(name)} cannot name a port; allowed: 1 to 22 small letters, digits and "-", a letter first.`;
  const taken = [...OWN_NAMES, ...SUFFIXES];
  return taken.includes(name)
    ? `${JSON.stringify(name)} is a name that the service itself uses, as ${taken.join(", ")}; choose another.`
    : undefined;
}
