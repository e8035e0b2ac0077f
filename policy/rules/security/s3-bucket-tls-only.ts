import { stackRule } from "../../engine/define";
import { partsOf } from "../../graph/buckets";
import { deniesPlainText } from "../../graph/statements";

export default stackRule({
  name: "s3-bucket-tls-only",
  description: "Buckets refuse requests without TLS.",
  controls: ["S3-02"],
  reason: "S3 also answers HTTP, and a signed request that is intercepted can be replayed.",
  fix: `{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, \`\${arn}/*\`], Condition: { Bool: { "aws:SecureTransport": "false" } } }`,
  settings: "transform",
  types: ["aws:s3/bucket:Bucket"],
  check(bucket, graph, report) {
    const policies = partsOf(bucket, "aws:s3/bucketPolicy:BucketPolicy", graph);
    if (policies.length === 0 && !bucket.props.policy) {
      report("it has no bucket policy", "add one that denies requests without TLS");
      return;
    }
    const documents = policies.length > 0 ? policies.map((p) => p.props.policy) : [bucket.props.policy];
    if (!documents.some(deniesPlainText)) report("its policy does not deny requests without TLS", "add the statement");
  },
});
