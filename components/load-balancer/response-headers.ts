// Headers that the load balancer puts on every answer, whoever gives it.
import { listed, nearest } from "../../facts/errors";
import { RESPONSE_HEADERS } from "../../facts/listeners";
import type * as aws from "../base/aws";
import { map, scalar } from "../base/schema";

/** What each header may say, where that is not any text. */
const SAYS: Readonly<Record<string, { pattern: RegExp; allowed: string }>> = {
  "X-Content-Type-Options": { pattern: /^nosniff$/, allowed: "nosniff" },
  "X-Frame-Options": { pattern: /^(DENY|SAMEORIGIN|ALLOW-FROM \S+)$/, allowed: "DENY, SAMEORIGIN, ALLOW-FROM and a URL" },
  "Access-Control-Allow-Credentials": { pattern: /^true$/, allowed: "true" },
  "Access-Control-Max-Age": { pattern: /^(-1|\d{1,6})$/, allowed: "a number of seconds, or -1 for none" },
};

/** AWS takes 1 KB of letters, digits and these: `HTTP header modification` in its user guide. */
const VALUE = /^[A-Za-z0-9_ :;.,\\/'?!(){}[\]@<>=+*#&`|~^%-]{1,1024}$/;

function nameComplaint(given: string): string | undefined {
  if (Object.hasOwn(RESPONSE_HEADERS, given)) return undefined;
  if (/^strict-transport-security$/i.test(given)) return `${JSON.stringify(given)} has an argument of its own: strictTransportSecurity.`;
  const names = Object.keys(RESPONSE_HEADERS);
  const near = names.find((name) => name.toLowerCase() === given.toLowerCase()) ?? nearest(given, names);
  const hint = near ? `did you mean "${near}"?` : "let the app send it.";
  return `${JSON.stringify(given)} is not a header that an Application Load Balancer adds; allowed: ${listed(names)}; ${hint}`;
}

function valueComplaint(name: string, value: string): string | undefined {
  if (!VALUE.test(value))
    return `${JSON.stringify(value)} is not possible; allowed: 1 to 1024 letters, digits, spaces and _:;.,\\/'?!(){}[]@<>=-+*#&\`|~^%.`;
  const says = SAYS[name];
  return says && !says.pattern.test(value) ? `${JSON.stringify(value)} is not a valid value; allowed: ${says.allowed}.` : undefined;
}

export const responseHeaders = map(scalar(), { name: nameComplaint, entry: valueComplaint });

/** What the listener is told of them. */
export const headersOf = (given: Record<string, string>): Partial<aws.lb.ListenerArgs> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [RESPONSE_HEADERS[name]!, value]));
