import * as pulumi from "@pulumi/pulumi";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import type { Location } from "../base/location";
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
  transform?: {
    bucket?: Transform<aws.s3.BucketArgs>;
    publicAccessBlock?: Transform<aws.s3.BucketPublicAccessBlockArgs>;
    ownershipControls?: Transform<aws.s3.BucketOwnershipControlsArgs>;
    encryption?: Transform<aws.s3.BucketServerSideEncryptionConfigurationArgs>;
    lifecycle?: Transform<aws.s3.BucketLifecycleConfigurationArgs>;
    policy?: Transform<aws.s3.BucketPolicyArgs>;
  };
}

/** Days to keep access logs: a month of evidence at least, and room for a year. */
export const accessLogDays = () => integer(30, 400, "days");
export const logBucket = {
  ...common,
  location: other<Location>(),
  retentionInDays: optional(accessLogDays(), 90),
  forceDestroy: optional(flag(), false),
  transform: optional(other<NonNullable<LogBucketArgs["transform"]>>()),
} satisfies ArgumentsOf<LogBucketArgs>;
const SCHEMA = group(logBucket);

/** A bucket for access logs of load balancers: private, encrypted with S3's own key (the only kind that ELB can write to), emptied by age. */
export class LogBucket extends Component<typeof logBucket> {
  readonly bucket: aws.s3.Bucket;
  /** The policy that lets the load balancer write; it must exist before logging is turned on. */
  readonly policy: aws.s3.BucketPolicy;

  constructor(name: string, args: LogBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("LogBucket", name, SCHEMA, args, opts);
    const { forceDestroy, location, retentionInDays, transform } = this.args;
    this.bucket = this.make(aws.s3.Bucket, "", { forceDestroy, tags: this.tags }, transform?.bucket, { protect: !forceDestroy });
    const bucket = this.bucket.bucket;
    const closed = this.make(
      aws.s3.BucketPublicAccessBlock,
      "",
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      transform?.publicAccessBlock,
    );
    this.make(
      aws.s3.BucketOwnershipControls,
      "",
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      transform?.ownershipControls,
    );
    this.make(
      aws.s3.BucketServerSideEncryptionConfiguration,
      "",
      { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      transform?.encryption,
    );
    this.make(
      aws.s3.BucketLifecycleConfiguration,
      "",
      {
        bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: retentionInDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      transform?.lifecycle,
    );
    // S3 refuses two changes of one bucket's access at the same time.
    this.policy = this.make(aws.s3.BucketPolicy, "", { bucket, policy: bucketPolicy(this.bucket.arn, location) }, transform?.policy, {
      dependsOn: [closed],
    });
    this.registerOutputs({ bucket });
  }
}

/** Load balancers of this account and region may add logs; nobody may come without TLS. */
function bucketPolicy(arn: pulumi.Output<string>, { accountId, region, partition }: Location): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LoadBalancersAddLogs",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: pulumi.interpolate`${arn}/AWSLogs/${accountId}/*`,
        Condition: {
          ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:elasticloadbalancing:${region}:${accountId}:loadbalancer/*` },
        },
      },
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, pulumi.interpolate`${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
