// Host names: is this one, and in which hosted zone does it live? No Pulumi here.

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** A name of DNS with at least one dot. */
export const DNS_NAME = /^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The name as one label of DNS: `Shop_Web` -> `shop-web`. */
export const dnsLabel = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");

/** What is wrong with a name that is to be one label of DNS; undefined if nothing is. */
export function labelComplaint(given: string): string | undefined {
  if (LABEL.test(given)) return undefined;
  const near = dnsLabel(given);
  return `${JSON.stringify(given)} cannot be a name in DNS; allowed: 1 to 63 small letters, digits and hyphens, no hyphen at an end${near && `; the nearest is "${near}"`}.`;
}

/** What is wrong with a domain name; undefined if it can have a certificate. */
export function domainComplaint(domain: string): string | undefined {
  const given = JSON.stringify(domain);
  const bare = domain
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/:].*$/, "")
    .replace(/\.$/, "");
  const legal = (name: string) => name.includes(".") && name.split(".").every((label) => LABEL.test(label)) && !/^[\d.]+$/.test(name);
  if (bare !== domain && legal(bare)) return `${given} is not a bare domain name; write "${bare}".`;
  if (!legal(bare)) return `${given} is not a domain name; write one like "app.example.com".`;
  if (domain.length > 64) return `${given} is ${domain.length} characters long; a certificate's first name has at most 64.`;
  return undefined;
}

/** The name that a wildcard is below: `*.example.com` -> `example.com`; any other name itself. */
export const bareName = (domain: string): string => domain.replace(/^\*\./, "");

/** What is wrong with a domain that requests are served for, which may begin with `*.`; undefined if nothing is. */
export function servedComplaint(domain: string): string | undefined {
  const bare = bareName(domain);
  if (bare.includes("*"))
    return `${JSON.stringify(domain)} has a wildcard elsewhere than as its first label; write one like "*.example.com".`;
  const doubled = /^www\.(www\..+)$/.exec(bare)?.[1];
  return doubled === undefined ? domainComplaint(bare) : `${JSON.stringify(domain)} has www twice; write "${doubled}".`;
}

/** Whether a certificate for `name` is good for a host: a wildcard stands for one label. */
export const isNamed = (host: string, name: string): boolean =>
  host === name || (name.startsWith("*.") && host.replace(/^[^.]+\./, "*.") === name);

/** What is wrong with a name of a certificate, which may begin with `*.`; undefined if nothing is. The first has at most 64 characters, others 253. */
export function certificateNameComplaint(name: string, most: number): string | undefined {
  const bare = name.replace(/^\*\./, "").toLowerCase();
  if (!bare.includes(".") || !bare.split(".").every((label) => LABEL.test(label)))
    return `${JSON.stringify(name)} is not a domain name; write one like "app.example.com" or "*.example.com".`;
  return name.length > most ? `${JSON.stringify(name)} is ${name.length} characters long; allowed: ${most}.` : undefined;
}

/** What a load balancer lacks that must serve HTTPS; undefined if nothing. */
export const httpsComplaint = (given: { requireHttps?: boolean; domain?: unknown; certificateArn?: unknown }): string | undefined =>
  given.requireHttps && given.domain === undefined && given.certificateArn === undefined
    ? 'HTTPS is required here (requireHttps), but neither domain nor certificateArn is given; set the host name to serve, such as "app.example.com".'
    : undefined;

/** What is sold below, not itself: `co.uk`, and any name without a dot. */
const SUFFIX = /^((ac|co|com|edu|gov|net|or|org)\.[a-z]{2}|[^.]+)$/;

/** The hosted zone that a domain is looked for in: its parent (`app.example.com` -> `example.com`), or itself where the parent would be a bare suffix. */
export function zoneOf(domain: string): string {
  const bare = bareName(domain);
  const parent = bare.slice(bare.indexOf(".") + 1);
  return SUFFIX.test(parent) ? bare : parent;
}

const ZONE_ID = /^Z[A-Z0-9]{1,31}$/;

/** Whether a zone is given by its id, which nobody has to look up. */
export const isZoneId = (zone: string): boolean => ZONE_ID.test(zone);

/** What is wrong with the name or the id of a hosted zone; undefined if nothing is. */
export function zoneComplaint(zone: string): string | undefined {
  if (isZoneId(zone)) return undefined;
  const near = zone.replace(/^.*\//, "").toUpperCase();
  if (!zone.includes(".") && isZoneId(near)) return `${JSON.stringify(zone)} is not the id of a hosted zone; the nearest is "${near}".`;
  return zone.includes(".")
    ? domainComplaint(zone)
    : `${JSON.stringify(zone)} is neither the name nor the id of a hosted zone; write one like "example.com" or "Z0123456789ABCDEFGHIJ".`;
}

/** Whether a zone has a place for the records of a domain. */
export const isInZone = (domain: string, zone: string): boolean => `.${bareName(domain)}`.endsWith(`.${zone}`);
