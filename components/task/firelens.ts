// FireLens: a router beside the app (Fluent Bit) takes the output of its containers and sends it on.
import * as pulumi from "@pulumi/pulumi";
import { imageComplaint } from "../../facts/images";
import { parseMemory } from "../../facts/sizes";
import type { Statement } from "../base/iam";
import {
  type ArgumentsOf,
  type Deeper,
  group,
  input,
  oneOf,
  optional,
  pattern,
  size,
  text,
  type Values,
  withDefaults,
} from "../base/schema";
import type { ClusterLike } from "../cluster/cluster-like";
import { container } from "./container-arguments";
import type { Container, TaskPart } from "./part";

/** The router beside the app, and where it sends its output. */
export interface FireLensArgs {
  /**
   * Where the output goes. `datadog` takes the secret option `apikey`, `s3` a `bucket`, `firehose` a `deliveryStream`; `cloudwatch` is the task's log group.
   * Defaults to what `logging.options` say: they name a plugin of Fluent Bit (`Name`) and its options.
   */
  to?: "cloudwatch" | "datadog" | "firehose" | "s3";
  /** Name of the bucket, with `to: s3`. Objects are `<service>/<container>-firelens-<task>/<time>/<id>.gz`, one a minute. Defaults to none. */
  bucket?: pulumi.Input<string>;
  /** Name of the Firehose stream in the task's region (`delivery_stream`), with `to: firehose`. Defaults to none. */
  deliveryStream?: pulumi.Input<string>;
  /**
   * URI of the router's image, with a tag that never moves or a digest. Defaults to AWS for Fluent Bit 3.4.16, mirrored into ECR once for all tasks of the
   * cluster, which needs Docker at deploy time. Cost: about 0.01 USD a month.
   */
  image?: pulumi.Input<string>;
  /** What is kept of the task's memory for the router (`memoryReservation`): `"64 MB"` or 64. Defaults to 64 MB. */
  memory?: string | number;
}

export const firelens = group({
  to: optional(oneOf("cloudwatch", "datadog", "firehose", "s3")),
  bucket: optional(input(pattern(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the name of a bucket", "team-logs"))),
  deliveryStream: optional(input(pattern(/^[A-Za-z0-9_.-]{1,64}$/, "the name of a Firehose stream", "team-logs"))),
  image: optional(input(text(imageComplaint, "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/router:2.1.0"))),
  memory: optional(size(parseMemory, "a size", '"64 MB" or 64 (MiB)'), "64 MB"),
} satisfies ArgumentsOf<FireLensArgs>);
export type FireLensValues = Values<(typeof firelens)["entries"]>;

/** What belongs to one destination. */
const OF_A_DESTINATION = { bucket: "s3", deliveryStream: "firehose" } as const;

/** What a destination lacks, and what belongs to another. */
export const destinationComplaints = (its: FireLensValues): Deeper[] =>
  (["bucket", "deliveryStream"] as const).flatMap((key) => {
    const of = OF_A_DESTINATION[key];
    if ((its[key] !== undefined) === (its.to === of)) return [];
    const missing = `it is missing, and to: ${of} needs it; add its name.`;
    return [{ at: `firelens.${key}`, text: its.to === of ? missing : `it belongs to to: ${of}; leave it out, or send the output there.` }];
  });

/** The name of the router's container. */
export const ROUTER = "log-router";
const IMAGE = "public.ecr.aws/aws-observability/aws-for-fluent-bit:3.4.16";
/** Where it keeps what it has not sent yet; the rest of its file system is read-only. */
const BUFFER = "/log-buffer";
/** The port that it listens on within the task. */
const PORT = 24224;

/** A container whose output the router takes: it starts after the router, unless it says otherwise. */
export const afterRouter = (one: Container): Container => ({
  ...one,
  args: { ...one.args, dependsOn: { [ROUTER]: "START", ...one.args.dependsOn } },
});

/** What the router is told of a task. */
export interface Routed {
  task: string;
  cluster: ClusterLike;
  logGroup: { name: pulumi.Output<string>; arn: pulumi.Output<string> };
}

/** The options of Fluent Bit's output plugin for a ready destination. */
export function routeOptions(
  { to, bucket, deliveryStream }: FireLensValues,
  its: Routed,
  of: string,
): Record<string, pulumi.Input<string>> {
  const { region } = its.cluster.location;
  switch (to) {
    case "datadog":
      return {
        Name: "datadog",
        Host: "http-intake.logs.datadoghq.com",
        TLS: "on",
        compress: "gzip",
        provider: "ecs",
        dd_service: its.task,
        dd_tags: `env:${pulumi.getStack()}`,
      };
    case "s3":
      return {
        Name: "s3",
        region,
        bucket: bucket!,
        s3_key_format: `/${its.task}/$TAG/%Y/%m/%d/%H/%M/%S/$UUID.gz`,
        compression: "gzip",
        use_put_object: "On",
        total_file_size: "10M",
        upload_timeout: "1m",
        store_dir: BUFFER,
      };
    case "firehose":
      return { Name: "kinesis_firehose", region, delivery_stream: deliveryStream! };
    case "cloudwatch":
      // The line alone, as awslogs writes it: the stream's name says the rest.
      return { Name: "cloudwatch_logs", region, log_group_name: its.logGroup.name, log_stream_prefix: `${of}/`, log_key: "log" };
    default:
      return {};
  }
}

/** What the router may do to send the output there: it has the task's own role. */
function routeStatement({ to, bucket, deliveryStream }: FireLensValues, { task, cluster, logGroup }: Routed): Statement | undefined {
  const { partition, region, accountId } = cluster.location;
  const sid = "RouteLogs";
  if (to === "s3") return { sid, actions: ["s3:PutObject"], resources: [pulumi.interpolate`arn:${partition}:s3:::${bucket!}/${task}/*`] };
  if (to === "firehose") {
    const stream = pulumi.interpolate`arn:${partition}:firehose:${region}:${accountId}:deliverystream/${deliveryStream!}`;
    return { sid, actions: ["firehose:PutRecordBatch"], resources: [stream] };
  }
  return to === "cloudwatch"
    ? { sid, actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [pulumi.interpolate`${logGroup.arn}:*`] }
    : undefined;
}

/** The rights of the router's destination. */
export function routerPart(its: FireLensValues, routed: Routed): TaskPart {
  const statement = routeStatement(its, routed);
  if (!statement) return {};
  const { to, bucket, deliveryStream } = its;
  return { taskRights: { statements: [statement], named: [{ to, bucket, deliveryStream }] } };
}

/**
 * The router's container. It is essential, so that a task whose output is lost does not go on unseen, and ECS starts it again when it ends: only one that
 * ends again within five minutes takes its task with it. AWS has FireLens run as root, without any capability here.
 */
export function routerContainer({ image, memory }: FireLensValues, cluster: ClusterLike, architecture: "x86_64" | "arm64"): Container {
  return {
    key: ROUTER,
    at: ["logging", "firelens"],
    args: withDefaults({ entries: container }, { user: "0", writablePaths: [BUFFER], restartPolicy: {} }),
    image: image ?? cluster.publicImage(ROUTER, IMAGE, architecture),
    share: { memoryReservation: memory },
    own: { firelensConfiguration: { type: "fluentbit", options: { "enable-ecs-log-metadata": "true" } } },
    listens: [PORT],
  };
}
