// What is said of the domains of a load balancer: those that share its first certificate, and others with certificates of their own.
import type * as pulumi from "@pulumi/pulumi";
import { isInZone, isNamed, servedComplaint } from "../../facts/domain";
import { twiceComplaint } from "../../facts/errors";
import { CERTIFICATE_NAMES, LOAD_BALANCER_QUOTAS } from "../../facts/quotas";
import { arn } from "../base/arguments";
import {
  type ArgumentsOf,
  type Deeper,
  group,
  groupOr,
  input,
  map,
  oneOrMore,
  optional,
  other,
  type Rule,
  text,
  type Values,
} from "../base/schema";
import { type HostedZoneArgs, hostedZone, zoneArgs, zoneName } from "./hosted-zone";

/** What is said of domains that share a certificate. */
interface NamesArgs {
  /**
   * Host name to serve by HTTPS, or several with one certificate (`domainName`, `subjectAlternativeNames`), such as `[example.com, "*.example.com"]`; the URL has
   * the first. The certificate (ACM), its DNS validation and the alias records are created in `hostedZone` (Route 53). Defaults to none: HTTP only, unless there
   * is a certificate already.
   */
  domain?: string | string[];
  /**
   * Route 53 zone that all of `domain` is in: its name, or its id (`zoneId`), which is not looked up; `external` for DNS elsewhere, where you make the records that
   * the output `dnsRecords` lists. Defaults to the parent of each domain: `example.com` for `app.example.com`.
   */
  hostedZone?: pulumi.Input<string> | HostedZoneArgs;
  /** ARN of an existing certificate (`certificateArn`). Defaults to a new one for `domain`. With both, the alias record is still created. */
  certificateArn?: pulumi.Input<string>;
}

/** What is said of a load balancer's domains. */
export interface DomainArgs extends NamesArgs {
  /** Provider that makes the records and looks for zones, as for a zone of another account; a stack file has `hostedZone.roleArn`. Defaults to the load balancer's own. */
  dnsProvider?: pulumi.ProviderResource;
}

/** Domains whose requests a listener reads: those that are redirected, too. */
export interface SiteArgs extends NamesArgs {
  /**
   * Host names whose requests are sent to the first `domain`, path and query string kept (301), such as `www.example.com`. They are in its certificate and lead
   * here as it does. Defaults to none.
   */
  redirectFrom?: string | string[];
}

/** All domains of a load balancer that has a listener of its own. */
export interface SitesArgs extends SiteArgs, DomainArgs {
  /**
   * Further domains by name, each with a certificate of its own beside the first, from which a client's choice of name (SNI) picks: one more or one less leaves
   * the certificates of the others alone. A domain by itself, or its `domain`, `redirectFrom`, `hostedZone` and `certificateArn`; a `certificateArn` alone is a
   * certificate that is attached, and nothing else. Defaults to none. AWS takes 25 of them.
   *
   * @example
   * ```yaml
   * config:
   *   loadBalancer:
   *     domain: example.com
   *     redirectFrom: www.example.com
   *     domains:
   *       shop: shop.example.org
   *       tenants:
   *         domain: [tenants.example.net, "*.tenants.example.net"]
   *         hostedZone: example.net
   * ```
   */
  domains?: Record<string, string | string[] | SiteArgs>;
}

/** Each name once. */
const twice = (names: readonly string[]) => twiceComplaint(names, "domain");

const names = () =>
  oneOrMore(text(servedComplaint, "app.example.com"), (given) =>
    given.length === 0 ? "the list is empty; name at least one." : twice(given),
  );

const shared = {
  domain: optional(names()),
  hostedZone: optional(hostedZone),
  certificateArn: optional(input(arn("acm", "eu-west-1:111122223333:certificate/…"))),
} satisfies ArgumentsOf<NamesArgs>;

export const domainArguments = { ...shared, dnsProvider: optional(other<pulumi.ProviderResource>()) } satisfies ArgumentsOf<DomainArgs>;

const site = { ...shared, redirectFrom: optional(names()) } satisfies ArgumentsOf<SiteArgs>;
export type Site = Values<typeof site>;

/** The domains that are served, and with them those that are redirected. */
export const servedNames = ({ domain: served = [] }: Pick<Site, "domain">): string[] => [served].flat();
export const allNames = (its: Pick<Site, "domain" | "redirectFrom">): string[] => [
  ...new Set([...servedNames(its), ...[its.redirectFrom ?? []].flat()]),
];

type Names = Pick<Site, "domain" | "redirectFrom">;

function tooMany({ certificateArn, ...its }: Names & Pick<Site, "certificateArn">): string | undefined {
  const { length } = allNames(its);
  return certificateArn === undefined && length > CERTIFICATE_NAMES
    ? `${length} names for one certificate; AWS takes ${CERTIFICATE_NAMES} (a quota that can be raised): give the others a certificate of their own under domains, or certificateArn.`
    : undefined;
}

function outside(its: Names & Pick<Site, "hostedZone">): string | undefined {
  const zone = zoneName(zoneArgs(its.hostedZone) ?? {});
  const name = zone === undefined ? undefined : allNames(its).find((one) => !isInZone(one, zone));
  return name && `${JSON.stringify(name)} is not in ${zone}; name the zone that it is in, or leave it out.`;
}

const firstIsHost: Rule<Pick<typeof domainArguments, "domain">> = {
  about: ["domain"],
  at: "domain",
  complain: (its) => {
    const [first] = servedNames(its);
    return first?.startsWith("*.") ? `${JSON.stringify(first)} is no host, which the URL needs; name one before it.` : undefined;
  },
};

/** Both say by whom records are made. A stack file has one of them. */
export const oneMaker: Rule<Pick<typeof domainArguments, "hostedZone" | "dnsProvider">> = {
  about: ["hostedZone", "dnsProvider"],
  at: "dnsProvider",
  complain: ({ dnsProvider, hostedZone: given }) => {
    const zone = zoneArgs(given);
    if (dnsProvider === undefined || (zone && zone.roleArn === undefined)) return undefined;
    return `hostedZone says ${zone ? "whose role makes the records" : "that no records are made"}; leave out one or the other.`;
  },
};

/** What is wrong with the domains of a load balancer's first certificate. */
export const domainRules: Rule<typeof shared>[] = [
  { about: ["domain", "certificateArn"], at: "domain", complain: tooMany },
  { about: ["domain", "hostedZone"], at: "hostedZone", complain: outside },
  firstIsHost,
];

const redirected: Rule<Pick<typeof site, "domain" | "redirectFrom">> = {
  about: ["domain", "redirectFrom"],
  at: "redirectFrom",
  complain: (its) => {
    if (its.redirectFrom === undefined) return undefined;
    const [to] = servedNames(its);
    if (to === undefined) return "it is sent to the first domain, and there is none; name one.";
    if (to.startsWith("*.")) return `it is sent to the first domain, and ${JSON.stringify(to)} is no host; name one before it.`;
    const endless = [its.redirectFrom].flat().find((name) => name.startsWith("*.") && isNamed(to, name));
    if (endless !== undefined) return `${JSON.stringify(endless)} is ${to} too, where it is sent to, which would never end; name hosts.`;
    return twice([...servedNames(its), ...[its.redirectFrom].flat()]);
  },
};

const siteRules: Rule<typeof site>[] = [
  { about: ["domain", "redirectFrom", "certificateArn"], at: "domain", complain: tooMany },
  { about: ["domain", "redirectFrom", "hostedZone"], at: "hostedZone", complain: outside },
  redirected,
];

const siteName = (name: string) =>
  /^[a-z0-9-]{1,24}$/.test(name) ? undefined : `${JSON.stringify(name)} cannot be a name; allowed: 1 to 24 small letters, digits and "-".`;
const anything: Rule<Pick<typeof site, "domain" | "certificateArn">> = {
  about: ["domain", "certificateArn"],
  at: "domain",
  complain: (its) =>
    its.domain === undefined && its.certificateArn === undefined ? "it is missing, and so is a certificateArn." : undefined,
};

export const sites = {
  ...site,
  ...domainArguments,
  domains: optional(
    map(groupOr("domain", group(site, ...siteRules, anything)), {
      name: siteName,
      whole: (all) => {
        const { length } = Object.keys(all);
        return length > LOAD_BALANCER_QUOTAS.certificates
          ? `${length} certificates beside the first; AWS takes ${LOAD_BALANCER_QUOTAS.certificates} (a quota that can be raised): put names into one certificate, or use a second load balancer.`
          : undefined;
      },
    }),
    {},
  ),
} satisfies ArgumentsOf<SitesArgs>;

/** Two certificates for a name would be a matter of luck. */
const namedOnce: Rule<Pick<typeof sites, "domain" | "redirectFrom" | "domains">> = {
  about: ["domain", "redirectFrom", "domains"],
  at: "domains",
  complain: ({ domains, ...first }) => {
    const before = new Set(allNames(first));
    return Object.entries(domains).flatMap(([key, its]): Deeper[] => {
      const again = allNames(its).find((name) => before.has(name));
      for (const name of allNames(its)) before.add(name);
      return again === undefined ? [] : [{ at: `domains.${key}.domain`, text: twice([again, again])! }];
    });
  },
};

/** What is wrong with the domains of a load balancer that has a listener of its own. */
export const sitesRules = [...siteRules, firstIsHost, namedOnce];
