import { stackRule } from "../../engine/define";
import { partsOf, receivesBalancerLogs } from "../../graph/buckets";

export default stackRule({
  name: "s3-bucket-encryption",
  description: "Buckets set an encryption that their writers support.",
  controls: ["S3-04"],
  reason: "A load balancer cannot write to a bucket that is encrypted with KMS: its logs are lost, without an error in the stack.",
  fix: `rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]`,
  settings: "transform",
  types: ["aws:s3/bucket:Bucket"],
  check(bucket, graph, report) {
    const [beside] = partsOf(bucket, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", graph);
    const algorithm = beside
      ? beside.props.rules?.[0]?.applyServerSideEncryptionByDefault?.sseAlgorithm
      : bucket.props.serverSideEncryptionConfiguration?.rule.applyServerSideEncryptionByDefault?.sseAlgorithm;
    if (!algorithm) report("it sets no encryption", "add a BucketServerSideEncryptionConfiguration");
    else if (algorithm !== "AES256" && receivesBalancerLogs(bucket, graph))
      report(`it encrypts with "${algorithm}", and load balancer logs need AES256`, "set it to AES256");
  },
});
