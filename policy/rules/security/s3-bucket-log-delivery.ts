import { stackRule } from "../../engine/define";
import { isLogDelivery, partsOf, receivesLogs } from "../../graph/buckets";
import { conditionKeys, covers, grants, isPublicStatement } from "../../graph/statements";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "s3-bucket-log-delivery",
  description: "AWS may write logs into a bucket for this account only, and nobody else has access.",
  controls: ["S3-03"],
  reason: "A grant without a source lets any account's load balancer write into your logs.",
  fix: `{ Effect: "Allow", Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" }, Action: "s3:PutObject", Resource: \`\${arn}/alb/AWSLogs/\${accountId}/*\`, Condition: { ArnLike: { "aws:SourceArn": \`arn:\${partition}:elasticloadbalancing:\${region}:\${accountId}:loadbalancer/*\` } } }`,
  settings: "transform",
  types: ["aws:s3/bucket:Bucket"],
  concerns: receivesLogs,
  check(bucket, graph, report) {
    const allowed = partsOf(bucket, "aws:s3/bucketPolicy:BucketPolicy", graph).flatMap((p) => grants(p.props.policy));
    each(allowed, (s) => {
      if (isPublicStatement(s)) report("its policy admits everyone", "name the log delivery service");
      if (!isLogDelivery(s)) return;
      const actions = s.actions.filter((a) => !["s3:putobject", "s3:getbucketacl"].includes(a.toLowerCase()));
      if (actions.length > 0) report(`its policy allows log delivery ${actions.join(", ")}`, "allow only s3:PutObject");
      const places = s.resources.filter((r) => covers(s.actions, "s3:PutObject") && !/\/AWSLogs\/[^*/]+\/\*$/.test(r));
      if (places.length > 0)
        report(`its policy lets log delivery write to ${places.join(", ")}`, "allow only <prefix>/AWSLogs/<account>/*");
      if (!conditionKeys(s).some((k) => /^aws:source(arn|account)$/i.test(k)))
        report("its policy lets log delivery write for any account", "add the condition aws:SourceArn");
    });
  },
});
