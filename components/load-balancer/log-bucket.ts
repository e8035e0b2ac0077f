import * as pulumi from "@pulumi/pulumi";
import { type ComponentArgs, common } from "../base/arguments";
import type * as aws from "../base/aws";
import type { Location } from "../base/location";
import { BucketOwner, type BucketTransform } from "../base/private-bucket";
import { type ArgumentsOf, flag, group, integer, optional, other } from "../base/schema";

/** Arguments of {@link LogBucket}. */
export interface LogBucketArgs extends ComponentArgs {
  /** Where the load balancers are: their network's `location`. */
  location: Location;
  /** Days to keep the logs, 30 to 400. Defaults to 90. Cost: 0.023 USD per GB and month. */
  retentionInDays?: number;
  /** Whether `pulumi destroy` may delete the bucket with the logs in it (`forceDestroy`). Defaults to false: AWS would refuse at the end, so Pulumi does at the start (`protect`). */
  forceDestroy?: boolean;
  /** Changes to what the component makes. */
  transform?: BucketTransform;
}

/** Days to keep access logs: a month of evidence at least, and room for a year. */
export const accessLogDays = () => integer(30, 400, "days");
export const logBucket = {
  ...common,
  location: other<Location>(),
  retentionInDays: optional(accessLogDays(), 90),
  forceDestroy: optional(flag(), false),
  transform: optional(other<BucketTransform>()),
} satisfies ArgumentsOf<LogBucketArgs>;
const SCHEMA = group(logBucket);

/** A bucket for access logs of load balancers: private, encrypted with S3's own key (the only kind that ELB can write to), emptied by age. */
export class LogBucket extends BucketOwner<typeof logBucket> {
  readonly bucket: aws.s3.Bucket;
  /** The policy that lets the load balancer write; it must exist before logging is turned on. */
  readonly policy: aws.s3.BucketPolicy;

  constructor(name: string, args: LogBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("LogBucket", name, SCHEMA, args, opts);
    const { forceDestroy, location, retentionInDays, transform } = this.args;
    const made = this.makePrivateBucket(
      { forceDestroy, expirationDays: retentionInDays, admits: (arn) => [delivery(arn, location)] },
      transform,
    );
    this.bucket = made.bucket;
    this.policy = made.policy;
    this.registerOutputs({ bucket: this.bucket.bucket });
  }
}

/** Load balancers of this account and region may add logs. */
const delivery = (arn: pulumi.Output<string>, { accountId, region, partition }: Location) => ({
  Sid: "LoadBalancersAddLogs",
  Effect: "Allow",
  Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: pulumi.interpolate`${arn}/AWSLogs/${accountId}/*`,
  Condition: {
    ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:elasticloadbalancing:${region}:${accountId}:loadbalancer/*` },
  },
});
