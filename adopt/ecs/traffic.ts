// How requests come to a service, as settings: target groups with their health checks, and the listener rules that lead to them.
import type { Action, Listener, Rule, RuleCondition, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Ledger, Path } from "../ledger";
import { withoutEmpty } from "./documents";
import { Part, sameAll } from "./part";

/** A target group, with its attributes by their keys. */
export interface Targets {
  group: TargetGroup;
  attributes: Record<string, string>;
}

/** A rule that leads to a target group, and its listener. */
export interface Leading {
  rule: Rule;
  listener: Listener;
}

const PROTOCOLS: Record<string, string> = { HTTPS: "https", TCP: "tcp", TLS: "tls", UDP: "udp" };
/** What a load balancer speaks with tasks. */
export const protocolOf = ({ Protocol = "HTTP", ProtocolVersion }: TargetGroup): string =>
  ProtocolVersion === "GRPC" ? "grpc" : ProtocolVersion === "HTTP2" ? "http2" : (PROTOCOLS[Protocol] ?? "http");

/** The codes that mean healthy, where a service says nothing. */
const HEALTHY = (protocol: string) => (protocol === "grpc" ? "0-99" : "200");

/** What AWS has of a target group where nobody says otherwise. What is not here has a setting, or is left. */
const USUAL: Record<string, string> = {
  "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
  "load_balancing.algorithm.anomaly_mitigation": "off",
  "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
  "preserve_client_ip.enabled": "false",
  "proxy_protocol_v2.enabled": "false",
  "deregistration_delay.connection_termination.enabled": "false",
};

/** A target group as settings of the service, or of one of its ports, that stand at `to`. */
export function translateTargets(ledger: Ledger, { group, attributes }: Targets, to: Path): void {
  const name = `target group ${group.TargetGroupName}`;
  const read = withoutEmpty({ ...group, attributes });
  const part = new Part(ledger.source(name, read), [], read, to);
  sameAll(
    part,
    ["TargetGroupArn", "TargetGroupName", "LoadBalancerArns", "TargetType", "VpcId", "Port", "IpAddressType"],
    "it is imported as it is",
  );
  const protocol = protocolOf(group);
  part.at("Protocol")?.takeUnlessDefault("protocol", protocol);
  part.at("ProtocolVersion")?.same("part of the protocol");
  translateCheck(part, protocol);
  translateAttributes(part);
}

type Read = TargetGroup & { attributes: Record<string, string> };

function translateCheck(part: Part<Read>, protocol: string): void {
  const check = [...part.to, "healthCheck"];
  const own = protocol === "https" ? "HTTPS" : ["tcp", "tls", "udp"].includes(protocol) ? "TCP" : "HTTP";
  part.at("HealthCheckEnabled")?.same("always");
  part.at("HealthCheckProtocol")?.takeUnless(own.toLowerCase(), [...check, "protocol"], part.value.HealthCheckProtocol!.toLowerCase());
  const port = part.at("HealthCheckPort");
  if (port?.value === "traffic-port") port.same("that of the requests");
  else port?.take([...check, "port"], Number(port.value));
  part.at("HealthCheckPath")?.takeUnlessDefault([...check, "path"]);
  part.at("HealthCheckIntervalSeconds")?.takeUnlessDefault([...check, "interval"]);
  part.at("HealthCheckTimeoutSeconds")?.takeUnlessDefault([...check, "timeout"]);
  part.at("HealthyThresholdCount")?.takeUnlessDefault([...check, "healthyThreshold"]);
  part.at("UnhealthyThresholdCount")?.takeUnlessDefault([...check, "unhealthyThreshold"]);
  const matcher = part.at("Matcher");
  matcher?.takeUnless(HEALTHY(protocol), [...check, "matcher"], matcher.value.HttpCode ?? matcher.value.GrpcCode);
}

function translateAttributes(part: Part<Read>): void {
  const attributes = part.at("attributes");
  if (!attributes) return;
  const { value } = attributes;
  const at = (key: string) => attributes.at(key);
  at("deregistration_delay.timeout_seconds")?.takeUnlessDefault(
    "deregistrationDelay",
    Number(value["deregistration_delay.timeout_seconds"]),
  );
  at("slow_start.duration_seconds")?.takeUnless(0, "slowStart", Number(value["slow_start.duration_seconds"]));
  at("load_balancing.algorithm.type")?.takeUnless("round_robin", "loadBalancingAlgorithmType");
  const stickiness = Object.keys(value).filter((key) => key.startsWith("stickiness."));
  const sticky = stickinessOf(value);
  for (const key of stickiness) {
    if (key === "stickiness.enabled" && sticky) at(key)!.take("stickiness", sticky);
    else at(key)!.same(sticky ? "part of the stickiness" : "off");
  }
  const known = ["deregistration_delay.timeout_seconds", "slow_start.duration_seconds", "load_balancing.algorithm.type", ...stickiness];
  for (const key of Object.keys(value).filter((one) => !known.includes(one))) {
    if (USUAL[key] === value[key] || isOfAlgorithm(key, value)) at(key)!.same("AWS's default");
    else
      at(key)!.leave("Berth has no setting for this attribute; the target group keeps it (a program can set it: transform.targetGroup).");
  }
}

/** What the algorithm brings with it. */
const isOfAlgorithm = (key: string, all: Record<string, string>) =>
  key === "load_balancing.algorithm.anomaly_mitigation" && all["load_balancing.algorithm.type"] === "weighted_random" && all[key] === "on";

function stickinessOf(all: Record<string, string>): object | undefined {
  if (all["stickiness.enabled"] !== "true") return undefined;
  const isApp = all["stickiness.type"] === "app_cookie";
  const cookie = isApp ? { cookie: all["stickiness.app_cookie.cookie_name"] } : {};
  const seconds = all[`stickiness.${isApp ? "app" : "lb"}_cookie.duration_seconds`];
  return { ...cookie, ...(seconds !== undefined && { duration: Number(seconds) }) };
}

/** Of the rules that lead to a target group the one that the service has: of HTTPS, and asked first. The default action comes last. */
export function ownRule(all: readonly Leading[]): Leading | undefined {
  const rank = ({ rule, listener }: Leading) => [listener.Protocol === "HTTPS" ? 0 : 1, Number(rule.Priority) || 50_001] as const;
  return [...all].sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1])[0];
}

/** A listener rule as the route of a service, or of one of its ports. */
export function translateRule(ledger: Ledger, { rule, listener }: Leading, to: Path): void {
  const name = `rule ${rule.Priority} of the listener on port ${listener.Port}`;
  const part = new Part(ledger.source(name, withoutEmpty(rule)), [], withoutEmpty(rule), to);
  part.at("RuleArn")?.same("it is imported as it is");
  part.at("IsDefault")?.same("AWS's answer");
  if (rule.IsDefault) {
    part.at("Priority")?.change("the service gets a rule of its own for all paths, because the default action is the listener's", {
      setting: "path",
      value: "/*",
    });
    part.at("Actions")?.same("it stays as it is, behind the service's rule");
    return;
  }
  part.at("Priority")?.take("priority", Number(rule.Priority));
  for (const one of part.each("Conditions")) translateCondition(one);
  for (const one of part.each("Actions")) translateAction(one);
  for (const one of part.each("Transforms")) translateTransform(one, rule);
}

/** A rule that leads to the service beside its own. */
export function leaveRule(ledger: Ledger, { rule, listener }: Leading): void {
  const name = rule.IsDefault
    ? `the default action of the listener on port ${listener.Port}`
    : `rule ${rule.Priority} of the listener on port ${listener.Port}`;
  const source = ledger.source(name, withoutEmpty(rule));
  source.leave(
    [],
    "A service has one rule for each port: this one stays at the listener as it is, and goes on to lead to the target group; no stack manages it.",
  );
}

const only = <T>(values: readonly T[]): T | T[] => (values.length === 1 ? values[0]! : [...values]);

function translateCondition(part: Part<RuleCondition>): void {
  const { Field, Values, RegexValues, HostHeaderConfig, PathPatternConfig, HttpHeaderConfig, HttpRequestMethodConfig, SourceIpConfig } =
    part.value;
  const regular = RegexValues ?? HostHeaderConfig?.RegexValues ?? PathPatternConfig?.RegexValues ?? HttpHeaderConfig?.RegexValues;
  if (regular) {
    part.leave("Berth has no regular expressions in routes: write it with * and ?.");
    return;
  }
  if (Field === "host-header") part.take("host", only(HostHeaderConfig?.Values ?? Values ?? []));
  else if (Field === "path-pattern") part.take("path", only(PathPatternConfig?.Values ?? Values ?? []));
  else if (Field === "http-request-method") part.take("methods", HttpRequestMethodConfig?.Values);
  else if (Field === "source-ip") part.take("sourceRanges", SourceIpConfig?.Values);
  else if (Field === "http-header")
    part.take([...part.to, "headers", HttpHeaderConfig!.HttpHeaderName!], only(HttpHeaderConfig?.Values ?? []));
  else if (Field === "query-string") translateQuery(part);
  else part.leave("Berth has no such condition.");
}

function translateQuery(part: Part<RuleCondition>): void {
  const values = part.value.QueryStringConfig?.Values ?? [];
  const [first] = values;
  if (values.every(({ Key }) => Key !== undefined && Key === first?.Key))
    part.take([...part.to, "query", first!.Key!], only(values.map(({ Value = "" }) => Value)));
  else part.leave("Berth names one parameter in a condition on the query: write each of them for itself (query).");
}

function translateAction(part: Part<Action>): void {
  const { Type, AuthenticateCognitoConfig: its } = part.value;
  if (Type === "forward") part.same("the service's target group");
  else if (Type === "authenticate-cognito" && its) {
    part.take("signIn", {
      userPoolArn: its.UserPoolArn,
      clientId: its.UserPoolClientId,
      userPoolDomain: its.UserPoolDomain,
      ...(its.Scope !== undefined && its.Scope !== "openid" && { scope: its.Scope }),
      ...(its.SessionTimeout !== undefined && Number(its.SessionTimeout) !== 604_800 && { sessionTimeout: Number(its.SessionTimeout) }),
      ...(its.OnUnauthenticatedRequest &&
        its.OnUnauthenticatedRequest !== "authenticate" && { onUnauthenticatedRequest: its.OnUnauthenticatedRequest }),
    });
  } else if (Type === "authenticate-oidc")
    part.leave(
      "AWS does not tell the client's secret: write signIn with issuer, clientId and an encrypted clientSecret, or users are no longer asked to sign in.",
    );
  else part.leave("Berth has no such action in front of a service.");
}

function translateTransform(part: Part<NonNullable<Rule["Transforms"]>[number]>, rule: Rule): void {
  const [rewrite] = part.value.UrlRewriteConfig?.Rewrites ?? [];
  const [path] = rule.Conditions?.find(({ Field }) => Field === "path-pattern")?.PathPatternConfig?.Values ?? [];
  const prefix = path?.replace(/\/?\*$/, "").replace(/[.$+]/g, "\\$&");
  if (prefix !== undefined && rewrite?.Regex === `^${prefix}/?(.*)$` && /^[^$]*\/\$1$/.test(rewrite.Replace ?? ""))
    part.take("rewrite", rewrite.Replace!.slice(0, -3) || "/");
  else part.leave("Berth rewrites the path's part before its * alone (rewrite); do the rest in the app.");
}
