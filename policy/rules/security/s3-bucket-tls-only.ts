import { stackRule } from "../../engine/define";
import { partsOf } from "../../graph/buckets";
import { deniesPlainText } from "../../graph/statements";

export default stackRule({
  name: "s3-bucket-tls-only",
  description: "Buckets refuse requests without TLS.",
  controls: ["S3-02"],
  reason: "S3 answers HTTP too, and a signed request read on the way can be repeated.",
  fix: `{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, \`\${arn}/*\`], Condition: { Bool: { "aws:SecureTransport": "false" } } }`,
  types: ["aws:s3/bucket:Bucket"],
  check(bucket, graph, report) {
    const policies = partsOf(bucket, "aws:s3/bucketPolicy:BucketPolicy", graph);
    if (policies.length === 0 && !bucket.props.policy) {
      report("it has no bucket policy", "add one that denies what does not come over TLS");
      return;
    }
    const documents = policies.length > 0 ? policies.map((p) => p.props.policy) : [bucket.props.policy];
    if (!documents.some(deniesPlainText)) report("its policy does not deny what does not come over TLS", "add the statement");
  },
});
