// Telemetry: a collector beside the app (AWS Distro for OpenTelemetry) takes its traces and metrics and hands them to X-Ray and CloudWatch.
import * as pulumi from "@pulumi/pulumi";
import { imageComplaint } from "../../facts/images";
import { parseMemory } from "../../facts/sizes";
import type * as aws from "../base/aws";
import type { Refuse } from "../base/origin";
import { type ArgumentsOf, type Deeper, group, input, oneOf, optional, size, text, type Values, withDefaults } from "../base/schema";
import type { ClusterLike } from "../cluster/cluster-like";
import { container } from "./container-arguments";
import type { Container, TaskPart } from "./part";

/** What takes the app's traces and metrics. */
export interface TelemetryArgs {
  /** The collector: `otel` is the AWS Distro for OpenTelemetry. Defaults to `otel`. */
  collector?: "otel";
  /**
   * URI of the collector's image, with a tag that never moves or a digest. Defaults to AWS Distro for OpenTelemetry v0.50.0, mirrored into ECR once for all
   * tasks of the cluster, which needs Docker at deploy time. Cost: about 0.01 USD a month.
   */
  image?: pulumi.Input<string>;
  /** What is kept of the task's memory for the collector (`memoryReservation`), which drops data rather than take more: `"128 MB"` or 128. Defaults to 128 MB. */
  memory?: string | number;
}

export const telemetry = group({
  collector: optional(oneOf("otel"), "otel"),
  image: optional(input(text(imageComplaint, "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/collector:2.1.0"))),
  memory: optional(size(parseMemory, "a size", '"128 MB" or 128 (MiB)'), "128 MB"),
} satisfies ArgumentsOf<TelemetryArgs>);
export type TelemetryValues = Values<(typeof telemetry)["entries"]>;

/** What the collector takes of a task's memory and leaves nothing of it. */
export const collectorComplaints = (its: TelemetryValues | undefined, memory: number): Deeper[] =>
  its && its.memory >= memory
    ? [
        {
          at: "telemetry.memory",
          text: `${its.memory} MB for the collector leaves nothing of the task's ${memory} MB; make it smaller, or give the task more memory.`,
        },
      ]
    : [];

/** The name of the collector's container. */
export const COLLECTOR = "otel-collector";
const IMAGE = "public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0";
const PORTS = { grpc: 4317, http: 4318, health: 13133 };

/** What the collector is told of a task. */
export interface Observed {
  task: string;
  cluster: ClusterLike;
  /** Where the metrics are written to, from which CloudWatch makes them (EMF). */
  metrics: aws.cloudwatch.LogGroup;
}

/** OTLP from the task alone; traces to X-Ray, metrics by way of a log group to CloudWatch. It is JSON, which YAML takes. */
const configuration = ({ cluster: { location }, metrics }: Observed, memory: number) => {
  const pipeline = (exporter: string) => ({
    receivers: ["otlp"],
    processors: ["memory_limiter", "resourcedetection", "batch"],
    exporters: [exporter],
  });
  return pulumi.jsonStringify({
    extensions: { health_check: { endpoint: `127.0.0.1:${PORTS.health}` } },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${PORTS.grpc}` }, http: { endpoint: `127.0.0.1:${PORTS.http}` } } },
    },
    processors: {
      memory_limiter: { check_interval: "1s", limit_mib: memory },
      resourcedetection: { detectors: ["env", "ecs"], override: false },
      batch: {},
    },
    exporters: {
      awsxray: { region: location.region },
      awsemf: {
        region: location.region,
        namespace: `${pulumi.getProject()}/${pulumi.getStack()}`,
        log_group_name: metrics.name,
        log_stream_name: "{TaskId}",
        dimension_rollup_option: "NoDimensionRollup",
      },
    },
    service: {
      extensions: ["health_check"],
      telemetry: { metrics: { level: "none" } },
      pipelines: { traces: pipeline("awsxray"), metrics: pipeline("awsemf") },
    },
  });
};

/** The collector may send traces, for which AWS has no resource, and write its metrics. */
export function collectorPart({ metrics }: Observed): TaskPart {
  const statements = [
    { sid: "SendTraces", actions: ["xray:PutTraceSegments"], resources: ["*"] },
    { sid: "WriteMetrics", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [pulumi.interpolate`${metrics.arn}:*`] },
  ];
  return { taskRights: { statements, named: [{ collector: "otel" }] }, ready: [metrics] };
}

/** The collector's container: the app goes on without it, and ECS starts it again. */
function collector(its: TelemetryValues, observed: Observed, architecture: "x86_64" | "arm64"): Container {
  return {
    key: COLLECTOR,
    at: ["telemetry"],
    args: withDefaults(
      { entries: container },
      {
        environment: { AOT_CONFIG_CONTENT: configuration(observed, its.memory) },
        // The image's own; it has no shell.
        user: "4317:4317",
        writablePaths: [],
        containerHealthCheck: { command: ["CMD", "/healthcheck"] },
        essential: false,
        restartPolicy: {},
      },
    ),
    image: its.image ?? observed.cluster.publicImage(COLLECTOR, IMAGE, architecture),
    share: { memoryReservation: its.memory },
    own: {},
    listens: Object.values(PORTS),
  };
}

/** What OpenTelemetry's SDKs read, unless the user says it. The collector takes no logs: they are what the app writes. */
const variables = (task: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${PORTS.http}`,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
  OTEL_LOGS_EXPORTER: "none",
  OTEL_RESOURCE_ATTRIBUTES: `service.namespace=${pulumi.getProject()},deployment.environment.name=${pulumi.getStack()}`,
  OTEL_SERVICE_NAME: task,
});

/** The containers of a task with the collector beside them. The app, which is the first, starts after it and knows where it is. */
export function withCollector(
  [app, ...sidecars]: Container[],
  its: TelemetryValues,
  observed: Observed,
  architecture: "x86_64" | "arm64",
  refuse: Refuse,
): Container[] {
  for (const { at, key } of [app!, ...sidecars])
    if (key === COLLECTOR) refuse(at.length > 0 ? at : "name", "the collector of telemetry has this name; choose another.");
  const { environment, secrets, dependsOn } = app!.args;
  const own = Object.entries(variables(observed.task)).filter(([name]) => !Object.hasOwn(secrets, name));
  const args = {
    ...app!.args,
    environment: { ...Object.fromEntries(own), ...environment },
    dependsOn: { [COLLECTOR]: "START" as const, ...dependsOn },
  };
  return [{ ...app!, args }, ...sidecars, collector(its, observed, architecture)];
}
