// What every component takes, and the kinds of values that many of them have.
import type * as pulumi from "@pulumi/pulumi";
import { RETENTION_DAYS } from "../../facts/aws-limits";
import { cidrComplaint } from "../../facts/cidr";
import { type SleepArgs, sleepComplaint, timeComplaint, timezoneComplaint } from "../../facts/sleep";
import { tagComplaint, tagsComplaint } from "../../facts/tags";
import { type ArgumentsOf, flag, group, input, map, oneOfNumbers, optional, pattern, scalar, text } from "./schema";

/** What every component takes. */
export interface ComponentArgs {
  /** Tags for everything that the component creates, in addition to `Project` and `Stack` (`tags`). Defaults to none. */
  tags?: Record<string, string>;
  /** ARN of the policy that no role of the component can exceed (`permissionsBoundary`). Defaults to none. */
  permissionsBoundary?: pulumi.Input<string>;
  /**
   * ARN of the KMS key to encrypt logs, images, volumes and queues with (`kmsKeyId`, `kmsKeyArn`, `kmsMasterKeyId`). Defaults to AWS's own keys, which cost
   * nothing; an own one costs 1 USD a month. Its policy must let those services use it: an `EncryptionKey` does.
   */
  kmsKeyArn?: pulumi.Input<string>;
}

export const logDays = () => oneOfNumbers(RETENTION_DAYS, "days");

export const cidr = () => text(cidrComplaint, "10.0.0.0/16");
export const arn = (service: string, example: string) =>
  pattern(new RegExp(`^arn:[a-z-]+:${service}:`), "an ARN of that kind", `arn:aws:${service}:${example}`);
export const policyArn = () =>
  pattern(/^arn:[a-z-]+:iam::(\d{12}|aws):policy\//, "the ARN of a policy", "arn:aws:iam::111122223333:policy/boundary");
export const kmsKeyArn = () => arn("kms", "eu-west-1:111122223333:key/…");

/** The id of a security group. */
export const SECURITY_GROUP = /^sg-[0-9a-f]{8,17}$/;
export const securityGroupId = () => pattern(SECURITY_GROUP, "the id of a security group", "sg-0123456789abcdef0");

export const common = {
  tags: optional(map(scalar(), { entry: tagComplaint, whole: tagsComplaint }), {}),
  permissionsBoundary: optional(input(policyArn())),
  kmsKeyArn: optional(input(kmsKeyArn())),
} satisfies ArgumentsOf<ComponentArgs>;

/** Hours of sleep. */
export const sleep = group(
  {
    stop: text(timeComplaint, "20:00"),
    start: text(timeComplaint, "07:00"),
    timezone: optional(text(timezoneComplaint, "Europe/Berlin"), "UTC"),
    weekends: optional(flag(), true),
  } satisfies ArgumentsOf<SleepArgs>,
  { about: ["stop", "start"], at: "stop", complain: sleepComplaint },
);
