import { resourceRule } from "../define";
import type { Resource } from "../types";

export default resourceRule({
  name: "s3-bucket-no-acls",
  description: "Access to buckets is decided by policies, not by ACLs.",
  controls: ["S3-06"],
  reason: "An ACL is a second, older way to let others in, which nobody looks at.",
  fix: `new aws.s3.BucketOwnershipControls("logs", { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } }) // or leave it out`,
  types: ["aws:s3/bucket:Bucket", "aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
  check(resource, report) {
    if (resource.type === "aws:s3/bucketAcl:BucketAcl") report("it sets an ACL; remove it and grant access in the bucket policy.");
    const { acl, grants: list } = resource.props as Resource<"aws:s3/bucket:Bucket">["props"];
    if (resource.type === "aws:s3/bucket:Bucket" && ((acl && acl !== "private") || list?.length))
      report("it sets an ACL; remove acl and grants and grant access in the bucket policy.");
    const { rule } = resource.props as Resource<"aws:s3/bucketOwnershipControls:BucketOwnershipControls">["props"];
    if (resource.type === "aws:s3/bucketOwnershipControls:BucketOwnershipControls" && rule.objectOwnership !== "BucketOwnerEnforced")
      report(`objectOwnership is "${rule.objectOwnership}", which keeps ACLs; set it to "BucketOwnerEnforced".`);
  },
});
