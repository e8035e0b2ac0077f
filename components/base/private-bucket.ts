import * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";
import { Component, type Transform } from "./component";
import type { Arguments } from "./schema";

/** Changes to a bucket and what closes it. */
export interface BucketTransform {
  bucket?: Transform<aws.s3.BucketArgs>;
  publicAccessBlock?: Transform<aws.s3.BucketPublicAccessBlockArgs>;
  ownershipControls?: Transform<aws.s3.BucketOwnershipControlsArgs>;
  encryption?: Transform<aws.s3.BucketServerSideEncryptionConfigurationArgs>;
  lifecycle?: Transform<aws.s3.BucketLifecycleConfigurationArgs>;
  policy?: Transform<aws.s3.BucketPolicyArgs>;
}

interface Chosen {
  forceDestroy: boolean;
  /** A KMS key in place of S3's own. */
  kmsKeyArn?: pulumi.Input<string>;
  /** Days after which an object is deleted. */
  expirationDays?: number;
  /** Whom the policy lets in, beside the account's own roles. */
  admits?: (arn: pulumi.Output<string>) => object[];
}

/** A component with a bucket that nobody reaches from outside, or without TLS. */
export abstract class BucketOwner<E extends Arguments> extends Component<E> {
  protected makePrivateBucket({ forceDestroy, kmsKeyArn, expirationDays, admits }: Chosen, transform: BucketTransform = {}) {
    const made = this.make(aws.s3.Bucket, "", { forceDestroy, tags: this.tags }, transform.bucket, { protect: !forceDestroy });
    const bucket = made.bucket;
    const closed = this.make(
      aws.s3.BucketPublicAccessBlock,
      "",
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      transform.publicAccessBlock,
    );
    this.make(
      aws.s3.BucketOwnershipControls,
      "",
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      transform.ownershipControls,
    );
    const byDefault = kmsKeyArn === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn };
    this.make(
      aws.s3.BucketServerSideEncryptionConfiguration,
      "",
      { bucket, rules: [{ applyServerSideEncryptionByDefault: byDefault, ...(kmsKeyArn !== undefined && { bucketKeyEnabled: true }) }] },
      transform.encryption,
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
            ...(expirationDays !== undefined && { expiration: { days: expirationDays } }),
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      transform.lifecycle,
    );
    // S3 refuses two changes of one bucket's access at the same time.
    const policy = this.make(
      aws.s3.BucketPolicy,
      "",
      {
        bucket,
        policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [...(admits?.(made.arn) ?? []), onlyWithTls(made.arn)] }),
      },
      transform.policy,
      { dependsOn: [closed] },
    );
    return { bucket: made, policy };
  }
}

const onlyWithTls = (arn: pulumi.Output<string>) => ({
  Sid: "OnlyWithTls",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [arn, pulumi.interpolate`${arn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
