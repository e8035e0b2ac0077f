// The name under which other services call a service (ECS Service Connect): what may be said of it, and what AWS is told. Pure but for the types.
import type * as pulumi from "@pulumi/pulumi";
import { LIMITS } from "../../facts/aws-limits";
import { labelComplaint } from "../../facts/domain";
import { variableWord } from "../../facts/names";
import { arn } from "../base/arguments";
import type * as aws from "../base/aws";
import { type ArgumentsOf, group, input, oneOf, optional, type Rule, text, type Values, within } from "../base/schema";
import { portName, type Spoken } from "../task/ports";

/** What callers speak with a service. */
export type ConnectProtocol = "http" | "http2" | "grpc" | "tcp";

/** Encryption between the proxies of caller and service. */
export interface ConnectTls {
  /**
   * ARN of the private certificate authority that issues the certificates (`issuerCertAuthority.awsPcaAuthorityArn`); it has the tag `AmazonECSManaged: true`.
   * Cost: about 50 USD a month for one whose certificates are short-lived, 400 for others.
   */
  certificateAuthorityArn: pulumi.Input<string>;
}

/** How other services call a service. */
export interface ConnectArgs {
  /** The name that callers use (`discoveryName`, `clientAlias.dnsName`). Defaults to the service's. Another one on a live service is unknown to callers until they are deployed again. */
  name?: string;
  /** Port that callers use (`clientAlias.port`), whichever the app listens on: `port` can change without them. Defaults to that of the protocol: 80, or with `tcp` the service's `port`. */
  port?: number;
  /** What callers speak (`appProtocol`): `http`, `http2`, `grpc` or `tcp`. AWS changes it for no service that has a name: make another service. Defaults to the service's `protocol`; `tcp` where that is `https` or `tls`. */
  protocol?: ConnectProtocol;
  /** Seconds after which a connection without requests is closed (`timeout.idleTimeoutSeconds`), 0 for never. Defaults to AWS's 300, and with `tcp` 3600. */
  idleTimeout?: number;
  /** Seconds that a request may take (`timeout.perRequestTimeoutSeconds`), 0 for as long as it likes. Not with `tcp`. Defaults to AWS's 15. */
  requestTimeout?: number;
  /** Encryption between the proxies; the apps go on with plain connections to their own. Defaults to none. */
  tls?: ConnectTls;
}

const { takes: SERVICE } = LIMITS["aws:ecs/service:Service"];
const PORT = within(SERVICE["serviceConnectConfiguration.services[].clientAlias[].port"]);
const SECONDS = within(SERVICE["serviceConnectConfiguration.services[].timeout.idleTimeoutSeconds"]);

const entries = {
  name: optional(text(labelComplaint, "api")),
  port: optional(PORT),
  protocol: optional(oneOf("http", "http2", "grpc", "tcp")),
  idleTimeout: optional(SECONDS),
  requestTimeout: optional(SECONDS),
  tls: optional(
    group({
      certificateAuthorityArn: input(arn("acm-pca", "eu-west-1:111122223333:certificate-authority/…")),
    } satisfies ArgumentsOf<ConnectTls>),
  ),
} satisfies ArgumentsOf<ConnectArgs>;
export type ConnectValues = Values<typeof entries>;

const noRequests: Rule<typeof entries> = {
  about: ["protocol", "requestTimeout"],
  at: "requestTimeout",
  complain: ({ protocol, requestTimeout }) =>
    protocol === "tcp" && requestTimeout !== undefined ? "tcp has no requests; leave it out, or set idleTimeout." : undefined,
};

/** How a service is called. */
export const connect = group(entries, noRequests);

/** How a service is called, with everything decided. */
export interface Endpoint {
  /** Its name in the namespace. */
  name: string;
  /** Port that callers use. */
  port: number;
  /** What they speak. */
  protocol: ConnectProtocol;
  /** Port of a task at which its proxy listens, where that is not the app's (`ingressPortOverride`). Defaults to the app's. */
  proxyPort?: number;
}

/** Where the proxy listens that asks for TLS, beside an app that a load balancer asks without it. */
const TLS_PORT = 15443;

/** What of a service decides how it is called. */
interface Called {
  name: string;
  port: number;
  protocol: Spoken;
  /** Whether a load balancer asks its tasks at their own port. */
  balanced: boolean;
}

const PROXIED: readonly Spoken[] = ["http", "http2", "grpc"];
const isConnected = (protocol: Spoken): protocol is Exclude<ConnectProtocol, "tcp"> => PROXIED.includes(protocol);

export function endpointOf(connect: ConnectValues, service: Called): Endpoint {
  // What is encrypted from end to end is TCP to the proxies.
  const protocol = connect.protocol ?? (isConnected(service.protocol) ? service.protocol : "tcp");
  return {
    name: connect.name ?? service.name,
    port: connect.port ?? (protocol === "tcp" ? service.port : 80),
    protocol,
    ...(connect.tls && service.balanced && { proxyPort: TLS_PORT }),
  };
}

/** The variable that tells a caller where a service is, and its value. An app speaks plainly with its own proxy, whatever the proxies speak. */
export function address({ name, port, protocol }: Endpoint): [variable: string, value: string] {
  const word = variableWord(name);
  const isUrl = protocol === "http" || protocol === "http2";
  return isUrl ? [`${word}_URL`, `http://${name}${port === 80 ? "" : `:${port}`}`] : [`${word}_ADDRESS`, `${name}:${port}`];
}

type Tls = aws.types.input.ecs.ServiceServiceConnectConfigurationServiceTls;

/** The entry of `serviceConnectConfiguration.services`. What is left out has AWS's default again: each update sends the whole list. */
export function connectService(
  { name, port, protocol, proxyPort }: Endpoint,
  { idleTimeout, requestTimeout }: ConnectValues,
  testHeader: Record<string, string> = {},
  tls?: Tls,
): aws.types.input.ecs.ServiceServiceConnectConfigurationService {
  const testTrafficRules = Object.entries(testHeader).map(([header, exact]) => ({ header: { name: header, value: { exact } } }));
  const timeout = {
    ...(idleTimeout !== undefined && { idleTimeoutSeconds: idleTimeout }),
    ...(requestTimeout !== undefined && { perRequestTimeoutSeconds: requestTimeout }),
  };
  return {
    portName: portName(protocol),
    discoveryName: name,
    clientAlias: [{ dnsName: name, port, ...(testTrafficRules.length > 0 && { testTrafficRules }) }],
    ...(proxyPort !== undefined && { ingressPortOverride: proxyPort }),
    ...(Object.keys(timeout).length > 0 && { timeout }),
    ...(tls && { tls }),
  };
}
