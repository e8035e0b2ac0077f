import { stackRule } from "../../engine/define";
import { partsOf } from "../../graph/buckets";

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export default stackRule({
  name: "s3-bucket-public-access-block",
  description: "Buckets block all public access.",
  controls: ["S3-01"],
  reason: "Then a wrong statement in a policy does not make anything public.",
  fix: `new aws.s3.BucketPublicAccessBlock("logs", { bucket: bucket.id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true })`,
  settings: "transform",
  types: ["aws:s3/bucket:Bucket"],
  check(bucket, graph, report) {
    const [block] = partsOf(bucket, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", graph);
    if (!block) {
      report("it has no BucketPublicAccessBlock", "add one");
      return;
    }
    const open = blocks.filter((b) => !block.props[b]);
    if (open.length > 0) report(`${block.name} does not set ${open.join(", ")}`, "set them to true");
  },
});
