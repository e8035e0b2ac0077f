// Where the records of domains are: in which zone of Route 53, in whose account, or elsewhere.
import * as pulumi from "@pulumi/pulumi";
import { isZoneId, zoneComplaint } from "../../facts/domain";
import { nearest } from "../../facts/errors";
import { type ArgumentsOf, flag, group, input, inputOr, optional, pattern, text } from "../base/schema";

/** Where the records of domains are, in more words than one. */
export interface HostedZoneArgs {
  /** Name of the Route 53 zone, or its id (`zoneId`), which is not looked up. Defaults to the parent of each domain. */
  zone?: pulumi.Input<string>;
  /**
   * Whether the names lead here in the VPC alone: alias records in the private zone (`privateZone`). What proves the names to AWS is in the public zone of the
   * same name, because AWS asks the internet. Defaults to false.
   */
  privateZone?: boolean;
  /** ARN of a role in the zone's account, which Pulumi assumes to find the zone and make the records (`assumeRoles`). Defaults to none: the stack's own account. */
  roleArn?: string;
}

/** A record that somebody makes where DNS is not Route 53's. */
export interface DnsRecord {
  /** Name of the record. */
  name: string;
  /** `CNAME`, or `ALIAS` for a name that is a zone by itself, where DNS takes no CNAME. */
  type: string;
  /** What it leads to. */
  value: string;
}

/** The word for DNS elsewhere. */
export const ELSEWHERE = "external";

function wordComplaint(given: string): string | undefined {
  if (given === ELSEWHERE) return undefined;
  const isMeant = nearest(given, [ELSEWHERE]) !== undefined;
  return isMeant ? `${JSON.stringify(given)} is no zone; did you mean "${ELSEWHERE}"?` : zoneComplaint(given);
}

const entries = {
  zone: optional(input(text(zoneComplaint, "example.com"))),
  privateZone: optional(flag(), false),
  roleArn: optional(
    pattern(/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, "the ARN of a role", "arn:aws:iam::111122223333:role/dns"),
  ),
} satisfies ArgumentsOf<HostedZoneArgs>;

export const hostedZone = inputOr(text(wordComplaint, "example.com"), group(entries));

/** What is said of a zone, whether in a word or in more; nothing of one where DNS is elsewhere. */
export function zoneArgs(given: pulumi.Input<string> | HostedZoneArgs = {}): HostedZoneArgs | undefined {
  if (given === ELSEWHERE) return undefined;
  return typeof given === "string" || pulumi.Output.isInstance(given) || given instanceof Promise ? { zone: given } : given;
}

/** The name of a zone, where it is given by name. */
export const zoneName = ({ zone }: HostedZoneArgs): string | undefined => (typeof zone === "string" && !isZoneId(zone) ? zone : undefined);
