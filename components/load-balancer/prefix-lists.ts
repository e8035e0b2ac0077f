// Which prefix lists may connect to a load balancer: those of an account, by id, and CloudFront's, by the word.
import * as pulumi from "@pulumi/pulumi";
import { twiceComplaint } from "../../facts/errors";
import { isTold } from "../../facts/made-up";
import { CLOUDFRONT_RULES, SECURITY_GROUP_RULES } from "../../facts/quotas";
import * as aws from "../base/aws";
import type { Refuse } from "../base/origin";
import { list, optional, text } from "../base/schema";

/** Those of CloudFront's servers that ask origins for what users want. */
const CLOUDFRONT = "cloudfront";
const NAME_OF_CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing";

const complaint = (given: string) =>
  given === CLOUDFRONT || /^pl-[0-9a-f]{8,17}$/.test(given)
    ? undefined
    : `${JSON.stringify(given)} is not the id of a prefix list; write one like "pl-0123456789abcdef0", or ${CLOUDFRONT}.`;
export const prefixLists = () =>
  optional(
    list(text(complaint, "pl-0123456789abcdef0"), 0, (given) => twiceComplaint(given, "prefix list")),
    [],
  );

/** Whether requests come from CloudFront. */
export const hasCloudFront = (lists: readonly string[]) => lists.includes(CLOUDFRONT);

/** The rules that lists of a known size count as; CloudFront's, which is nearly a whole security group, is let in where requests are served and nowhere else. */
export const knownRules = (lists: readonly string[]) => (hasCloudFront(lists) ? CLOUDFRONT_RULES : 0);

/** The ports of a load balancer that a list reaches. */
export const portsOf = (given: string, ports: readonly number[]) => (given === CLOUDFRONT ? ports.slice(-1) : ports);

/** The id of a prefix list, once AWS has said that it is there. */
export function idOfPrefixList(given: string, ports: number, parent: pulumi.Resource, refuse: Refuse): pulumi.Output<string> {
  const found = aws.ec2
    .getManagedPrefixList(given === CLOUDFRONT ? { name: NAME_OF_CLOUDFRONT } : { id: given }, { parent })
    .catch((reason: Error) =>
      refuse(
        "allowedPrefixLists",
        `AWS finds no prefix list ${given} in this region; give the id of one that is there (${reason.message}).`,
      ),
    );
  return pulumi.output(found).apply((its) => {
    const rules = its.maxEntries * ports;
    if (isTold(its, "maxEntries") && rules > SECURITY_GROUP_RULES)
      void pulumi.log.warn(
        `${given} has room for ${its.maxEntries} entries, which are ${rules} rules of the security group; AWS's default quota is ${SECURITY_GROUP_RULES}.`,
        parent,
      );
    return its.id;
  });
}
