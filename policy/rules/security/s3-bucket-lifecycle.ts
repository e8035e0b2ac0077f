import { stackRule } from "../../engine/define";
import { within } from "../../engine/remedies";
import { partsOf, receivesLogs } from "../../graph/buckets";

export default stackRule({
  name: "s3-bucket-lifecycle",
  description: "Logs in buckets expire, and so do incomplete uploads.",
  controls: ["S3-05"],
  reason: "Logs accumulate for as long as the bucket exists; parts of incomplete uploads are invisible and charged.",
  fix: `rules: [{ id: "expire", status: "Enabled", expiration: { days: 90 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }]`,
  settings: { LoadBalancer: "accessLogs: 90" },
  types: ["aws:s3/bucket:Bucket"],
  parameters: {
    minimumDays: { type: "integer", default: 30, minimum: 1, description: "Fewest days that logs are kept." },
    maximumDays: { type: "integer", default: 400, minimum: 1, description: "Most days that logs are kept." },
  },
  concerns: receivesLogs,
  check(bucket, graph, report, { minimumDays, maximumDays }) {
    const rules = partsOf(bucket, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", graph)
      .flatMap((c) => c.props.rules ?? [])
      .filter((r) => r.status === "Enabled");
    const days = rules.map((r) => r.expiration?.days ?? 0);
    if (!days.some((d) => d >= minimumDays && d <= maximumDays))
      report(
        `its logs ${days.some((d) => d > 0) ? `expire after ${Math.max(...days)} days` : "never expire"}`,
        `let them expire after ${minimumDays} to ${maximumDays} days`,
        { settings: { LoadBalancer: `accessLogs: ${within(90, minimumDays, maximumDays)}` } },
      );
    if (!rules.some((r) => (r.abortIncompleteMultipartUpload?.daysAfterInitiation ?? Infinity) <= 7))
      report("incomplete uploads are kept", "set abortIncompleteMultipartUpload.daysAfterInitiation to 7 or less", {
        settings: "transform",
      });
    const versioned = partsOf(bucket, "aws:s3/bucketVersioning:BucketVersioning", graph).some(
      (v) => v.props.versioningConfiguration.status === "Enabled",
    );
    if (versioned && !rules.some((r) => r.noncurrentVersionExpiration))
      report("old versions are kept", "set noncurrentVersionExpiration", { settings: "transform" });
  },
});
