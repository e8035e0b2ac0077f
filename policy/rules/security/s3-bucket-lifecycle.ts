import { stackRule } from "../../engine/define";
import { partsOf, receivesLogs } from "../../graph/buckets";

export default stackRule({
  name: "s3-bucket-lifecycle",
  description: "Logs in buckets expire, and so do uploads that never finished.",
  controls: ["S3-05"],
  reason: "Logs pile up for as long as the bucket lives; parts of broken uploads are invisible and paid for.",
  fix: `rules: [{ id: "expire", status: "Enabled", expiration: { days: 90 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }]`,
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
      );
    if (!rules.some((r) => (r.abortIncompleteMultipartUpload?.daysAfterInitiation ?? Infinity) <= 7))
      report("unfinished uploads stay", "set abortIncompleteMultipartUpload.daysAfterInitiation to 7 or less");
    const versioned = partsOf(bucket, "aws:s3/bucketVersioning:BucketVersioning", graph).some(
      (v) => v.props.versioningConfiguration.status === "Enabled",
    );
    if (versioned && !rules.some((r) => r.noncurrentVersionExpiration)) report("old versions stay", "set noncurrentVersionExpiration");
  },
});
