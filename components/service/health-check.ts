// How a load balancer asks a task whether it is healthy, and what it speaks with it.
import { LIMITS } from "../../facts/aws-limits";
import { matcherComplaint } from "../../facts/listeners";
import {
  type ArgumentsOf,
  group,
  integer,
  type OptionalArgument,
  omit,
  oneOf,
  optional,
  pattern,
  type Rule,
  type Values,
  within,
} from "../base/schema";
import type { Scheme } from "../task/containers";

/** How the load balancer asks a task whether it is healthy (`healthCheck` of the target group). Times in seconds. */
export interface HealthCheck {
  /**
   * Path to ask for. Left out, it is that of the HEALTHCHECK of the image's Dockerfile. The tasks of the old revision are asked for a changed one at once, too.
   * Defaults to `/health`.
   */
  path?: string;
  /**
   * What is spoken with the port that is asked (`protocol`): `http`, `https`, or behind a network load balancer `tcp`, which is an open port. Defaults to `tcp`
   * there, to `https` where the service's `protocol` is, and to `http` otherwise.
   */
  protocol?: Scheme | "tcp";
  /** Port to ask (`port`), where it is another one than the app's. The tasks of the old revision are asked on a changed one at once, too. Defaults to the app's. */
  port?: number;
  /** Status codes that mean healthy (`matcher`): of HTTP 200 to 499, of gRPC 0 to 99. Defaults to any answer (`0-99`) of gRPC, and to `200` of HTTP. */
  matcher?: string;
  /** Seconds between two checks, 5 to 300. Defaults to 10; a new task is served after its first passed check, so this is part of each rollout. */
  interval?: number;
  /** Seconds a check may take, 2 to 120, less than `interval`. Defaults to 5. */
  timeout?: number;
  /** Passed checks in a row after which a target that had failed is healthy again, 2 to 10. Defaults to 2. */
  healthyThreshold?: number;
  /** Failed checks in a row that make a target unhealthy, 2 to 10. Defaults to 3. */
  unhealthyThreshold?: number;
  /** Seconds after start in which failed checks do not count (`healthCheckGracePeriodSeconds`), 10 to 600. Defaults to 60. */
  gracePeriod?: number;
}

const { takes: TARGET_GROUP } = LIMITS["aws:lb/targetGroup:TargetGroup"];

const entries = {
  path: optional(pattern(/^\/[A-Za-z0-9_\-./~%?&=+]*$/, "a path", "/health"), "/health"),
  protocol: optional(oneOf("http", "https", "tcp")),
  port: optional(within(TARGET_GROUP.port)),
  matcher: optional(pattern(/^\d+(-\d+)?(,\d+(-\d+)?)*$/, "a list of status codes", "200-299")),
  interval: optional(within(TARGET_GROUP["healthCheck.interval"]), 10),
  timeout: optional(within(TARGET_GROUP["healthCheck.timeout"]), 5),
  healthyThreshold: optional(within(TARGET_GROUP["healthCheck.healthyThreshold"]), 2),
  unhealthyThreshold: optional(within(TARGET_GROUP["healthCheck.unhealthyThreshold"]), 3),
  gracePeriod: optional(integer(10, 600, "seconds"), 60),
} satisfies ArgumentsOf<HealthCheck>;

/** A check ends before the next one begins. */
const timely: Rule<Pick<typeof entries, "timeout" | "interval">> = {
  about: ["timeout", "interval"],
  at: "timeout",
  complain: ({ timeout, interval }) =>
    timeout >= interval ? `${timeout} is not less than interval (${interval}); the nearest is ${interval - 1}.` : undefined,
};
export const healthCheck = group(entries, timely);
export type HealthCheckValues = Values<typeof entries>;

/** How a further port is asked: how long failed checks do not count, ECS knows of the service as a whole. */
export const portHealthCheck = group(omit(entries, "gracePeriod"), timely);

/** What an Application Load Balancer speaks with tasks. */
export type RequestProtocol = "http" | "https" | "http2" | "grpc";
/** What a network load balancer speaks with tasks. */
export type StreamProtocol = "tcp" | "tls" | "udp";
export type Protocol = RequestProtocol | StreamProtocol;
export const protocol = () => optional(oneOf("http", "https", "http2", "grpc", "tcp", "tls", "udp"), "http");

const STREAMS: readonly Protocol[] = ["tcp", "tls", "udp"];
export const isStream = (protocol: Protocol): protocol is StreamProtocol => STREAMS.includes(protocol);

/** The codes that mean healthy, where nothing else is said. A gRPC server without a health service answers with a code, too. */
export const HEALTHY = { http: "200", https: "200", http2: "200", grpc: "0-99", tcp: "200", tls: "200", udp: "200" };

/** What a health check asks by. */
export const checkedBy = (protocol: Protocol, { protocol: own }: Pick<HealthCheckValues, "protocol">): Scheme | "tcp" =>
  own ?? (isStream(protocol) ? "tcp" : protocol === "https" ? "https" : "http");

/** The codes that a protocol has. */
export const codesOfProtocol: Rule<{ protocol: ReturnType<typeof protocol>; healthCheck: OptionalArgument<{ matcher?: string }> }> = {
  about: ["protocol", "healthCheck.matcher"],
  at: "healthCheck.matcher",
  complain: ({ protocol, healthCheck: { matcher } = {} }) => matcher && matcherComplaint(matcher, protocol === "grpc" ? "grpc" : "http"),
};
