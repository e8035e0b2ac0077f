// What a load balancer answers by itself: redirects, and fixed answers.
import { asked, covers } from "../../facts/routes";
import type * as aws from "../base/aws";
import { type ArgumentsOf, flag, group, integer, map, oneOf, optional, type Rule, text } from "../base/schema";
import { conditions, priority, type RouteConditions, ruleConditions, together } from "./conditions";

/** Requests that are sent elsewhere. */
export interface RedirectArgs extends RouteConditions {
  /**
   * Where they are sent (`redirect`): a URL such as `https://example.com`, or a path such as `/new`. Path and query string are kept unless it has its own;
   * `#{host}`, `#{path}` and `#{query}` in it stand for the request's. Required; no default.
   */
  to: string;
  /** Whether browsers remember it: 301, and else 302 (`statusCode`). Defaults to true. */
  permanent?: boolean;
  /** Priority of the listener rule, 1 to 50000; lower is asked first. Defaults to one that follows from how specific the conditions are. */
  priority?: number;
}

/** Requests that get a fixed answer. */
export interface ResponseArgs extends RouteConditions {
  /** Status code of the answer, 200 to 599 but none that redirects (`statusCode`). Required; no default. */
  status: number;
  /** Text of the answer, at most 1024 characters (`messageBody`). Defaults to none. */
  body?: string;
  /** Type of the text: `text/plain`, `text/html`, `text/css`, `application/json` or `application/javascript` (`contentType`). Defaults to `text/html` for a text that begins with `<`, and else to `text/plain`. */
  contentType?: "text/plain" | "text/html" | "text/css" | "application/json" | "application/javascript";
  /** Priority of the listener rule, 1 to 50000; lower is asked first. Defaults to one that follows from how specific the conditions are. */
  priority?: number;
}

/** What a load balancer answers by itself. */
export interface AnswersArgs {
  /**
   * Requests to send elsewhere, by name. Defaults to none.
   *
   * @example
   * ```yaml
   * config:
   *   loadBalancer:
   *     domain: [example.com, www.example.com]
   *     redirects:
   *       www:
   *         host: www.example.com
   *         to: https://example.com
   * ```
   */
  redirects?: Record<string, RedirectArgs>;
  /**
   * Requests to give a fixed answer, by name. Defaults to none.
   *
   * @example
   * ```yaml
   * config:
   *   loadBalancer:
   *     responses:
   *       old:
   *         path: /v1/*
   *         status: 410
   *         body: Version 1 is gone; use /v2.
   * ```
   */
  responses?: Record<string, ResponseArgs>;
}

const TARGET = /^(?:(https?):\/\/([A-Za-z0-9.-]+|#\{host\})(?::(\d{1,5}))?)?(\/[^?]*)?(?:\?(.*))?$/;

/** The parts of a redirect's target; undefined if it is none. */
function partsOf(to: string) {
  const [whole, scheme, host, port, path, query] = TARGET.exec(to) ?? [];
  return whole ? { scheme, host, port, path, query } : undefined;
}

const targetComplaint = (to: string) =>
  partsOf(to) && to.length <= 512 && (to.startsWith("/") || to.includes("://"))
    ? undefined
    : `${JSON.stringify(to)} is no place to redirect to; write a URL like "https://example.com", or a path like "/new".`;

const redirect = {
  ...conditions,
  to: text(targetComplaint, "https://example.com"),
  permanent: optional(flag(), true),
  priority,
} satisfies ArgumentsOf<RedirectArgs>;

/** A redirect that leads to where it takes requests from never ends. */
const leadsElsewhere: Rule<typeof redirect> = {
  about: ["to", "host", "path", "methods", "query", "sourceRanges", "headers"],
  at: "to",
  complain: ({ to, permanent: _, priority: __, ...given }) => {
    const { scheme, host, port, path, query } = partsOf(to)!;
    if (port !== undefined || query !== undefined || [host, path].some((part) => part?.includes("#{"))) return undefined;
    const { host: hosts, path: paths, ...others } = given;
    if (Object.keys(others).length > 0) return undefined;
    const target: RouteConditions = {
      ...((host ?? hosts) !== undefined && { host: host ?? hosts! }),
      ...((path ?? paths) !== undefined && { path: path ?? paths! }),
    };
    const isSame = (scheme !== "http" || host === undefined) && covers(asked(ruleConditions(given)), asked(ruleConditions(target)));
    return isSame ? "it leads to requests that the redirect takes, which would never end; narrow its host or path." : undefined;
  },
};

const response = {
  ...conditions,
  status: integer(200, 599),
  body: optional(text((given) => (given.length <= 1024 ? undefined : `${given.length} characters; allowed: 1024.`))),
  contentType: optional(oneOf("text/plain", "text/html", "text/css", "application/json", "application/javascript")),
  priority,
} satisfies ArgumentsOf<ResponseArgs>;

const noRedirect: Rule<typeof response> = {
  about: ["status"],
  at: "status",
  complain: ({ status }) => (status >= 300 && status < 400 ? `${status} sends requests elsewhere; that is a redirect.` : undefined),
};

export const REDIRECT = group(redirect, together, leadsElsewhere);
export const RESPONSE = group(response, together, noRedirect);

const ruleName = (name: string) =>
  /^[A-Za-z0-9-]{1,24}$/.test(name) ? undefined : `${JSON.stringify(name)} cannot be a name; allowed: 1 to 24 letters, digits and "-".`;

export const answers = {
  redirects: optional(map(REDIRECT, { name: ruleName }), {}),
  responses: optional(map(RESPONSE, { name: ruleName }), {}),
} satisfies ArgumentsOf<AnswersArgs>;

type Action = aws.types.input.lb.ListenerRuleAction;

const PORTS = { http: "80", https: "443" };

/** A redirect as AWS takes it; what is left out is the request's own. */
export function redirectAction({ to, permanent }: { to: string; permanent: boolean }): Action {
  const { scheme, host, port, path, query } = partsOf(to)!;
  return {
    type: "redirect",
    redirect: {
      ...(scheme !== undefined && { protocol: scheme.toUpperCase(), port: port ?? PORTS[scheme as keyof typeof PORTS] }),
      ...(host !== undefined && { host }),
      ...(path !== undefined && { path }),
      ...(query !== undefined && { query }),
      statusCode: permanent ? "HTTP_301" : "HTTP_302",
    },
  };
}

/** A fixed answer as AWS takes it. */
export function responseAction({ status, body, contentType }: Pick<ResponseArgs, "status" | "body" | "contentType">): Action {
  return {
    type: "fixed-response",
    fixedResponse: {
      contentType: contentType ?? (body?.trimStart().startsWith("<") ? "text/html" : "text/plain"),
      ...(body !== undefined && { messageBody: body }),
      statusCode: String(status),
    },
  };
}

const page = (words: string) =>
  `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Maintenance</title></head><body style="font:1.2em sans-serif;text-align:center;margin:20vh 1em"><p>${words.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</p></body></html>\n`;

/** What a page for maintenance has room for. */
export const maintenanceComplaint = (words: string) =>
  page(words).length <= 1024
    ? undefined
    : `${words.length} characters are too many for the page; allowed: about ${1024 - page("").length}.`;

/** The answer of a service in maintenance: 503, with a page that says so. */
export const maintenanceAction = (words: string | true): Action =>
  responseAction({ status: 503, body: page(words === true ? "Down for maintenance. Please come back in a few minutes." : words) });
