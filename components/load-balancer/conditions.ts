// Which requests a listener rule takes, as a user says it and as AWS takes it. No Pulumi here.
import { LIMITS } from "../../facts/aws-limits";
import { anyRangeComplaint } from "../../facts/cidr";
import {
  headerComplaint,
  headerValueComplaint,
  hostComplaint,
  methodComplaint,
  queryComplaint,
  valuesComplaint,
} from "../../facts/listeners";
import { type RuleCondition, valuesOf } from "../../facts/routes";
import { type ArgumentsOf, list, map, oneOrMore, optional, pattern, type Rule, text, within } from "../base/schema";

/** Which requests a rule takes: those that meet all of its conditions, each with any of its values. AWS takes five values in all, and six wildcards. */
export interface RouteConditions {
  /** Host of the requests, such as `api.example.com` or `*.example.com`, or several (`host-header`). Defaults to any. */
  host?: string | string[];
  /** Path pattern of the requests, such as `/api/*`, or several (`path-pattern`). Defaults to every path. */
  path?: string | string[];
  /** HTTP methods of the requests, such as `[GET, HEAD]` (`http-request-method`). Defaults to any. */
  methods?: string[];
  /** Parameters of the requests' query string, with the values that they may have (`query-string`); names and values may have wildcards. Defaults to no condition. */
  query?: Record<string, string | string[]>;
  /** Ranges of addresses that the requests come from, IPv4 or IPv6 (`source-ip`): what connects to the load balancer, such as a proxy in front of it. Defaults to any. */
  sourceRanges?: string[];
  /** Headers of the requests, with the values that they may have (`http-header`). Defaults to no condition. */
  headers?: Record<string, string | string[]>;
}

const atLeastOne = (values: unknown[]) => (values.length === 0 ? "the list is empty; name at least one." : undefined);

export const conditions = {
  host: optional(oneOrMore(text(hostComplaint, "*.example.com"), atLeastOne)),
  path: optional(oneOrMore(pattern(/^\/[A-Za-z0-9_\-.$/~"'@:+&*?]{0,127}$/, "a path pattern", "/api/*"), atLeastOne)),
  methods: optional(list(text(methodComplaint, "GET"), 1)),
  query: optional(map(oneOrMore(text(queryComplaint), atLeastOne), { name: queryComplaint })),
  sourceRanges: optional(list(text(anyRangeComplaint, "10.0.0.0/16"), 1)),
  headers: optional(map(oneOrMore(text(headerValueComplaint), atLeastOne), { name: headerComplaint })),
} satisfies ArgumentsOf<RouteConditions>;

/** The number of a rule, as a route or an answer may give it. */
export const priority = optional(within(LIMITS["aws:lb/listenerRule:ListenerRule"].takes.priority));

const KEYS = ["host", "path", "methods", "query", "sourceRanges", "headers"] as const;

/** What AWS takes of all conditions together; told of that with most values. */
export const together: Rule<typeof conditions> = {
  about: KEYS,
  at: "path",
  complain: (values) => {
    const text = conditionsComplaint(values);
    const count = (key: (typeof KEYS)[number]) => valuesOf(ruleConditions({ [key]: values[key] })).length;
    return text === undefined ? undefined : [{ at: KEYS.reduce((most, key) => (count(key) > count(most) ? key : most)), text }];
  },
};

/** What AWS refuses of a rule's conditions together; undefined if nothing. */
export const conditionsComplaint = (given: RouteConditions): string | undefined => valuesComplaint(valuesOf(ruleConditions(given)));

const EVERY_PATH = "/*";

/** Listener-rule conditions as AWS takes them: at least one, which every path is. */
export function ruleConditions({ host, path, methods, query = {}, sourceRanges, headers = {} }: RouteConditions): RuleCondition[] {
  const others: RuleCondition[] = [
    ...(methods === undefined ? [] : [{ httpRequestMethod: { values: methods } }]),
    ...Object.entries(query).map(([key, values]) => ({ queryStrings: [values].flat().map((value) => ({ key, value })) })),
    ...(sourceRanges === undefined ? [] : [{ sourceIp: { values: sourceRanges } }]),
    ...Object.entries(headers).map(([name, values]) => ({ httpHeader: { httpHeaderName: name, values: [values].flat() } })),
  ];
  const hosts = host === undefined ? [] : [{ hostHeader: { values: [host].flat() } }];
  const everyPath = hosts.length + others.length === 0 ? EVERY_PATH : undefined;
  const paths = path ?? everyPath;
  return [...hosts, ...(paths === undefined ? [] : [{ pathPattern: { values: [paths].flat() } }]), ...others];
}

/** `api.example.com/v1/* with x-beta: yes` */
export function describe({ host = "", path = EVERY_PATH, methods, query = {}, sourceRanges, headers = {} }: RouteConditions): string {
  const any = (values: string | string[]) => ([values].flat().length > 1 ? `{${[values].flat().join(", ")}}` : [values].flat().join());
  const sorted = (entries: Record<string, string | string[]>, is: string) =>
    Object.entries(entries)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, values]) => `${name}${is}${[values].flat().join(" or ")}`);
  const having = [...sorted(query, "="), ...sorted(headers, ": ")];
  return [
    ...(methods ? [any(methods)] : []),
    `${any(host)}${any(path)}`,
    ...(having.length > 0 ? [`with ${having.join(", ")}`] : []),
    ...(sourceRanges ? [`from ${any(sourceRanges)}`] : []),
  ].join(" ");
}
