import type { Graph } from "./graph";
import { grants } from "./statements";
import type { Resource, TypeName } from "./types";
import { some } from "./undecided";

export type Bucket = Resource<"aws:s3/bucket:Bucket">;

/** The resources that say something of a bucket by its name: its policy, its encryption, its lifecycle. */
export function partsOf<T extends TypeName>(bucket: Bucket, type: T, graph: Graph): Resource<T>[] {
  return graph.referrers(bucket, type, "bucket");
}

/** True if a load balancer writes its logs there. */
export function receivesBalancerLogs(bucket: Bucket, graph: Graph): boolean {
  return ["accessLogs", "connectionLogs", "healthCheckLogs"].some(
    (p) => graph.referrers(bucket, "aws:lb/loadBalancer:LoadBalancer", p).length > 0,
  );
}

/** True if AWS services write logs there. */
export function receivesLogs(bucket: Bucket, graph: Graph): boolean {
  return (
    receivesBalancerLogs(bucket, graph) ||
    graph.referrers(bucket, "aws:ec2/flowLog:FlowLog", "logDestination").length > 0 ||
    some(partsOf(bucket, "aws:s3/bucketPolicy:BucketPolicy", graph), (p) => grants(p.props.policy).some(isLogDelivery))
  );
}

/** True for a statement that speaks to the services that deliver logs. */
export function isLogDelivery(statement: { principals: Record<string, string[]> }): boolean {
  return (statement.principals.Service ?? []).some((s) =>
    /^(logdelivery\.elasticloadbalancing|delivery\.logs)\.amazonaws\.com(\.cn)?$/.test(s),
  );
}
