import { stackRule } from "../../engine/define";
import { receivesLogs } from "../../graph/buckets";

export default stackRule({
  name: "s3-bucket-no-force-destroy",
  description: "A bucket with logs is not destroyed with the stack.",
  controls: ["S3-07"],
  reason: "The logs are needed most after something went wrong.",
  fix: `forceDestroy: false // or leave it out; true is for stacks that come and go`,
  settings: { LoadBalancer: "forceDestroyLogs: false" },
  types: ["aws:s3/bucket:Bucket"],
  concerns: receivesLogs,
  check(bucket, _graph, report) {
    if (bucket.props.forceDestroy) report("it is deleted with its logs when the stack is destroyed", "remove forceDestroy");
  },
});
