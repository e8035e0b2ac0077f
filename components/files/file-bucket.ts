import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import type { Transform } from "../base/component";
import { BucketOwner, type BucketTransform } from "../base/private-bucket";
import { type ArgumentsOf, group, optional, other } from "../base/schema";

/** Changes to a bucket of files and what is in it. */
export interface FileBucketTransform extends BucketTransform {
  object?: Transform<aws.s3.BucketObjectv2Args>;
}

/** Arguments of {@link FileBucket}. */
interface FileBucketArgs extends ComponentArgs {
  /** Changes to what the component makes. */
  transform?: FileBucketTransform;
}

const fileBucket = { ...common, transform: optional(other<FileBucketTransform>()) } satisfies ArgumentsOf<FileBucketArgs>;
const SCHEMA = group(fileBucket);

/** A private bucket for files of the project that ECS reads. They are copies: a destroy deletes it with all of them. */
export class FileBucket extends BucketOwner<typeof fileBucket> {
  readonly bucket: aws.s3.Bucket;
  readonly policy: aws.s3.BucketPolicy;
  private readonly objects = new Map<string, aws.s3.BucketObjectv2>();

  constructor(name: string, args: FileBucketArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("FileBucket", name, SCHEMA, args, opts);
    const { kmsKeyArn, transform } = this.args;
    const made = this.makePrivateBucket({ forceDestroy: true, ...(kmsKeyArn !== undefined && { kmsKeyArn }) }, transform);
    this.bucket = made.bucket;
    this.policy = made.policy;
    this.registerOutputs({ bucket: this.bucket.bucket });
  }

  /**
   * Puts a text into the bucket, under a name that is made of it: another text is another object. It stays when no revision of the program names it any more,
   * because a rollback goes to one that did.
   */
  upload(content: string, extension: string): aws.s3.BucketObjectv2 {
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
    const object =
      this.objects.get(hash) ??
      this.make(
        aws.s3.BucketObjectv2,
        hash,
        { bucket: this.bucket.bucket, key: `${hash}${extension}`, content, tags: this.tags },
        this.args.transform?.object,
        { retainOnDelete: true },
      );
    this.objects.set(hash, object);
    return object;
  }
}
