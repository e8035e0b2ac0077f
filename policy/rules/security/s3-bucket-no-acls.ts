import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "s3-bucket-no-acls",
  description: "Access to buckets is controlled by policies, not by ACLs.",
  controls: ["S3-06"],
  reason: "An ACL is a second, older way to grant access, and is easily overlooked.",
  fix: `new aws.s3.BucketOwnershipControls("logs", { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } }) // or leave it out`,
  settings: "transform",
  types: ["aws:s3/bucket:Bucket", "aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
  check(resource, report) {
    if (resource.type === "aws:s3/bucketAcl:BucketAcl") report("it sets an ACL", "remove it and grant access in the bucket policy");
    else if (resource.type === "aws:s3/bucket:Bucket") {
      const { acl = "private", grants = [] } = resource.props;
      if (acl !== "private" || grants.length > 0) report("it sets an ACL", "remove acl and grants and grant access in the bucket policy");
    } else {
      const { rule } = resource.props;
      if (rule?.objectOwnership !== "BucketOwnerEnforced")
        report(`objectOwnership is "${rule?.objectOwnership}", which keeps ACLs`, 'set it to "BucketOwnerEnforced"');
    }
  },
});
