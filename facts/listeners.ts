// What an Application Load Balancer takes of health checks, TLS policies and the conditions of its rules. No Pulumi here.

/** The status codes that can mean healthy. */
const CODES = { http: { low: 200, high: 499, example: "200-299" }, grpc: { low: 0, high: 99, example: "0-99" } };

/** The ranges of a list of status codes: `200,301-308` is [200, 200] and [301, 308]. */
export const codeRanges = (matcher: string): [low: number, high: number][] =>
  matcher.split(",").map((range) => {
    const [low = 0, high = low] = range.split("-").map(Number);
    return [low, high];
  });

/** What is wrong with the status codes of a health check (`matcher`); undefined if nothing is. */
export function matcherComplaint(matcher: string, protocol: keyof typeof CODES): string | undefined {
  const { low, high, example } = CODES[protocol];
  const given = JSON.stringify(matcher);
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(matcher)) return `${given} is not a list of status codes; write one like "${example}".`;
  for (const [first, last] of codeRanges(matcher)) {
    const wrong = [first, last].find((code) => code < low || code > high);
    if (wrong !== undefined) return `${wrong} is no status code of ${protocol}; allowed: ${low} to ${high}, such as "${example}".`;
    if (first > last) return `${given} has a range that ends before it begins (${first}-${last}); write "${last}-${first}".`;
  }
  return undefined;
}

/** The predefined policies of HTTPS listeners, as of September 2026. AWS deletes none, and adds some about once a year. */
export const TLS_POLICIES: readonly string[] = [
  "TLS13-1-3-PQ-2025-09",
  "TLS13-1-2-Res-PQ-2025-09",
  "TLS13-1-2-PQ-2025-09",
  "TLS13-1-2-Ext1-PQ-2025-09",
  "TLS13-1-2-Ext2-PQ-2025-09",
  "TLS13-1-0-PQ-2025-09",
  "TLS13-1-3-FIPS-PQ-2025-09",
  "TLS13-1-2-Res-FIPS-PQ-2025-09",
  "TLS13-1-2-FIPS-PQ-2025-09",
  "TLS13-1-2-Ext0-FIPS-PQ-2025-09",
  "TLS13-1-2-Ext1-FIPS-PQ-2025-09",
  "TLS13-1-2-Ext2-FIPS-PQ-2025-09",
  "TLS13-1-0-FIPS-PQ-2025-09",
  "TLS13-1-3-2021-06",
  "TLS13-1-2-Res-2021-06",
  "TLS13-1-2-2021-06",
  "TLS13-1-2-Ext1-2021-06",
  "TLS13-1-2-Ext2-2021-06",
  "TLS13-1-1-2021-06",
  "TLS13-1-0-2021-06",
  "TLS13-1-3-FIPS-2023-04",
  "TLS13-1-2-Res-FIPS-2023-04",
  "TLS13-1-2-FIPS-2023-04",
  "TLS13-1-2-Ext0-FIPS-2023-04",
  "TLS13-1-2-Ext1-FIPS-2023-04",
  "TLS13-1-2-Ext2-FIPS-2023-04",
  "TLS13-1-1-FIPS-2023-04",
  "TLS13-1-0-FIPS-2023-04",
  "FS-1-2-Res-2020-10",
  "FS-1-2-Res-2019-08",
  "FS-1-2-2019-08",
  "FS-1-1-2019-08",
  "FS-2018-06",
  "TLS-1-2-Ext-2018-06",
  "TLS-1-2-2017-01",
  "TLS-1-1-2017-01",
  "TLS-1-0-2015-04",
  "2016-08",
  "2015-05",
].map((name) => `ELBSecurityPolicy-${name}`);

/** What is wrong with a host of a rule; undefined if nothing is. The part after the last dot has letters only (or is a top-level domain in Punycode). */
export function hostComplaint(host: string): string | undefined {
  const given = JSON.stringify(host);
  if (!/^[A-Za-z0-9.*?_-]{1,128}$/.test(host)) return `${given} is not a host pattern; write one like "*.example.com".`;
  if (host === "*") return `${given} is any host; leave it out.`;
  if (!/\.([A-Za-z]+|xn--[A-Za-z0-9-]+)$/.test(host))
    return `${given} does not end with a dot and letters, as in "*.example.com"; AWS takes no other host.`;
  return undefined;
}

/** What AWS takes of a path. */
export const PATH_PATTERN = /^[A-Za-z0-9_\-.$/~"'@:+&*?]{1,128}$/;

/** What is wrong with the name of a header in a rule; undefined if nothing is. */
export function headerComplaint(name: string): string | undefined {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/.test(name))
    return `${JSON.stringify(name)} is not a header's name; allowed: 1 to 40 letters, digits and "-".`;
  return name.toLowerCase() === "host" ? `${JSON.stringify(name)} is matched by host; give it there.` : undefined;
}

/** The headers that a listener of an Application Load Balancer can add to answers, and what they are called as its properties. */
export const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": "routingHttpResponseContentSecurityPolicyHeaderValue",
  "X-Content-Type-Options": "routingHttpResponseXContentTypeOptionsHeaderValue",
  "X-Frame-Options": "routingHttpResponseXFrameOptionsHeaderValue",
  "Access-Control-Allow-Origin": "routingHttpResponseAccessControlAllowOriginHeaderValue",
  "Access-Control-Allow-Methods": "routingHttpResponseAccessControlAllowMethodsHeaderValue",
  "Access-Control-Allow-Headers": "routingHttpResponseAccessControlAllowHeadersHeaderValue",
  "Access-Control-Allow-Credentials": "routingHttpResponseAccessControlAllowCredentialsHeaderValue",
  "Access-Control-Expose-Headers": "routingHttpResponseAccessControlExposeHeadersHeaderValue",
  "Access-Control-Max-Age": "routingHttpResponseAccessControlMaxAgeHeaderValue",
};

/** What is wrong with a header's value in a rule; undefined if nothing is. */
export const headerValueComplaint = (value: string): string | undefined =>
  /^[\x20-\x7e]{1,128}$/.test(value)
    ? undefined
    : `${JSON.stringify(value)} cannot be matched; allowed: 1 to 128 printable characters of ASCII.`;

/** What is wrong with a method in a rule; undefined if nothing is. */
export function methodComplaint(method: string): string | undefined {
  if (/^[A-Z_-]{1,40}$/.test(method)) return undefined;
  const near = method.toUpperCase();
  return `${JSON.stringify(method)} is not a method; allowed: 1 to 40 capital letters, "-" and "_"${/^[A-Z_-]{1,40}$/.test(near) ? `; the nearest is "${near}"` : ', such as "GET"'}.`;
}

/** What is wrong with the name or the value of a query parameter in a rule; undefined if nothing is. */
export const queryComplaint = (given: string): string | undefined =>
  /^[\x21-\x7e]{1,128}$/.test(given)
    ? undefined
    : `${JSON.stringify(given)} cannot be matched; allowed: 1 to 128 printable characters of ASCII, without spaces.`;

/** The values, and the wildcards in them, that all conditions of a rule have together. */
export const RULE_VALUES = 5;
export const RULE_WILDCARDS = 6;

/** What is wrong with all values of a rule together; undefined if nothing is. */
export function valuesComplaint(values: readonly string[]): string | undefined {
  if (values.length > RULE_VALUES) return `${values.length} values in one rule; allowed: ${RULE_VALUES}, in all conditions together.`;
  const wildcards = values.join("").replace(/[^*?]/g, "").length;
  return wildcards > RULE_WILDCARDS ? `${wildcards} wildcards in one rule; allowed: ${RULE_WILDCARDS}.` : undefined;
}

/** What is wrong with the name of an app's cookie that makes sessions sticky; undefined if nothing is. */
export function cookieComplaint(name: string): string | undefined {
  const given = JSON.stringify(name);
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,255}$/.test(name)) return `${given} is not a cookie's name; write one like "JSESSIONID".`;
  return name.startsWith("AWSALB") ? `${given} begins with AWSALB, which AWS keeps for its own cookies; name the app's.` : undefined;
}

/** How the requests of a target group are spread over its targets. */
export interface Spread {
  isSticky: boolean;
  startsSlowly: boolean;
  algorithm: string | undefined;
}

/** What AWS refuses of it; undefined if nothing (ModifyTargetGroupAttributes). */
export function spreadComplaint({ isSticky, startsSlowly, algorithm = "round_robin" }: Spread): string | undefined {
  if (startsSlowly && algorithm !== "round_robin")
    return `a slow start goes with round_robin only, and this is ${algorithm}; leave slowStart out, or choose round_robin.`;
  return isSticky && algorithm === "weighted_random"
    ? "weighted_random has no sticky sessions; leave stickiness out, or choose least_outstanding_requests."
    : undefined;
}

/** The protocols of the target groups that a listener may lead to (CreateListener). */
export const LEADS_TO: Readonly<Record<string, readonly string[]>> = {
  HTTP: ["HTTP", "HTTPS"],
  HTTPS: ["HTTP", "HTTPS"],
  TCP: ["TCP", "TCP_UDP"],
  TLS: ["TCP", "TLS"],
  UDP: ["UDP", "TCP_UDP"],
  TCP_UDP: ["TCP_UDP"],
};
