// Telemetry: a collector beside the app takes its traces and metrics and hands them to X-Ray and CloudWatch.
import * as pulumi from "@pulumi/pulumi";
import { imageComplaint } from "../../facts/images";
import { parseMemory } from "../../facts/sizes";
import type * as aws from "../base/aws";
import type { Statement } from "../base/iam";
import type { Refuse } from "../base/origin";
import { type ArgumentsOf, type Deeper, group, input, oneOf, optional, size, text, type Values, withDefaults } from "../base/schema";
import type { ClusterLike } from "../cluster/cluster-like";
import { type ContainerArgs, container } from "./container-arguments";
import type { Container, TaskPart } from "./part";

/** What takes the app's traces and metrics. */
export interface TelemetryArgs {
  /**
   * The collector: `otel` is the AWS Distro for OpenTelemetry, `cloudwatch` the CloudWatch agent, which makes a dimension of each attribute of a metric's
   * resource. Defaults to `otel`.
   */
  collector?: "otel" | "cloudwatch";
  /**
   * URI of the collector's image, with a tag that never moves or a digest. Defaults to AWS Distro for OpenTelemetry v0.50.0, or the CloudWatch agent
   * 1.300066.1b1374, mirrored into ECR once for all tasks of the cluster, which needs Docker at deploy time. Cost: about 0.01 USD a month.
   */
  image?: pulumi.Input<string>;
  /**
   * What is kept of the task's memory for the collector (`memoryReservation`): `"128 MB"` or 128. That of `otel` drops data rather than take more. Defaults to
   * 128 MB.
   */
  memory?: string | number;
}

export const telemetry = group({
  collector: optional(oneOf("otel", "cloudwatch"), "otel"),
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

/** What the collector is told of a task. */
export interface Observed {
  task: string;
  cluster: ClusterLike;
  /** Where `otel` writes the metrics to, from which CloudWatch makes them (EMF). */
  metrics?: aws.cloudwatch.LogGroup;
}

/** What differs between the collectors. */
interface Collector {
  /** The name of its container. */
  name: string;
  image: string;
  /** The ports that it listens on, within the task alone. */
  ports: Record<string, number>;
  container(observed: Observed, memory: number): Partial<Omit<ContainerArgs, "image">>;
  /** What the app is told beside where it sends its traces. */
  variables: Record<string, string>;
  /** How it may send the metrics; AWS has no resource for either of them. */
  metricsRight(observed: Observed): Statement;
}

const OTEL_PORTS = { grpc: 4317, http: 4318, health: 13133 };
// AWS has each section of the agent's configuration listen on ports of its own.
const AGENT_PORTS = { grpc: 4317, http: 4318, metricsGrpc: 4319, metricsHttp: 4320 };
const AGENT = "/opt/aws/amazon-cloudwatch-agent";
const here = (port: number) => `127.0.0.1:${port}`;
const namespace = () => `${pulumi.getProject()}/${pulumi.getStack()}`;

const COLLECTORS: Record<TelemetryValues["collector"], Collector> = {
  otel: {
    name: "otel-collector",
    image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0",
    ports: OTEL_PORTS,
    container: (observed, memory) => ({
      environment: { AOT_CONFIG_CONTENT: otelConfiguration(observed, memory) },
      // The image's own; it has no shell.
      user: "4317:4317",
      writablePaths: [],
      containerHealthCheck: { command: ["CMD", "/healthcheck"] },
    }),
    variables: {},
    metricsRight: ({ metrics }) => ({
      sid: "WriteMetrics",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${metrics!.arn}:*`],
    }),
  },
  cloudwatch: {
    name: "cloudwatch-agent",
    image: "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300066.1b1374",
    ports: AGENT_PORTS,
    // It translates its configuration into files as it starts; its image is nobody's but root's, and has nothing to ask its health with.
    container: (observed) => ({
      environment: { CW_CONFIG_CONTENT: agentConfiguration(observed) },
      user: "0",
      writablePaths: [`${AGENT}/etc`, `${AGENT}/var`],
    }),
    variables: { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `http://${here(AGENT_PORTS.metricsHttp)}/v1/metrics` },
    metricsRight: () => ({
      sid: "WriteMetrics",
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: { StringEquals: { "cloudwatch:namespace": namespace() } },
    }),
  },
};

/** OTLP from the task alone; traces to X-Ray, metrics by way of a log group to CloudWatch. It is JSON, which YAML takes. */
const otelConfiguration = ({ cluster: { location }, metrics }: Observed, memory: number) => {
  const pipeline = (exporter: string) => ({
    receivers: ["otlp"],
    processors: ["memory_limiter", "resourcedetection", "batch"],
    exporters: [exporter],
  });
  return pulumi.jsonStringify({
    extensions: { health_check: { endpoint: here(OTEL_PORTS.health) } },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: here(OTEL_PORTS.grpc) }, http: { endpoint: here(OTEL_PORTS.http) } } },
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
        namespace: namespace(),
        log_group_name: metrics!.name,
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

/** OTLP from the task alone; traces to X-Ray, metrics to CloudWatch. Nothing is asked of an instance, which tasks may not. */
const agentConfiguration = ({ cluster: { location } }: Observed) => {
  const otlp = (grpc: number, http: number) => ({ otlp: { grpc_endpoint: here(grpc), http_endpoint: here(http) } });
  return pulumi.jsonStringify({
    agent: { region: location.region },
    traces: { traces_collected: otlp(AGENT_PORTS.grpc, AGENT_PORTS.http), local_mode: true },
    metrics: { namespace: namespace(), metrics_collected: otlp(AGENT_PORTS.metricsGrpc, AGENT_PORTS.metricsHttp) },
  });
};

/** The collector may send traces and metrics. */
export function collectorPart({ collector }: TelemetryValues, observed: Observed): TaskPart {
  const statements = [
    { sid: "SendTraces", actions: ["xray:PutTraceSegments"], resources: ["*"] },
    COLLECTORS[collector].metricsRight(observed),
  ];
  return { taskRights: { statements, named: [{ collector }] }, ready: observed.metrics ? [observed.metrics] : [] };
}

/** The collector's container: the app goes on without it, and ECS starts it again. */
function collectorContainer(its: TelemetryValues, observed: Observed, architecture: "x86_64" | "arm64"): Container {
  const { name, image, ports, container: own } = COLLECTORS[its.collector];
  return {
    key: name,
    at: ["telemetry"],
    args: withDefaults({ entries: container }, { ...own(observed, its.memory), essential: false, restartPolicy: {} }),
    image: its.image ?? observed.cluster.publicImage(name, image, architecture),
    share: { memoryReservation: its.memory },
    own: {},
    listens: Object.values(ports),
  };
}

/** What OpenTelemetry's SDKs read, unless the user says it. The collector takes no logs: they are what the app writes. */
const variables = (task: string, { ports, variables: more }: Collector) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://${here(ports.http!)}`,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
  OTEL_LOGS_EXPORTER: "none",
  OTEL_RESOURCE_ATTRIBUTES: `service.namespace=${pulumi.getProject()},deployment.environment.name=${pulumi.getStack()}`,
  OTEL_SERVICE_NAME: task,
  ...more,
});

/** The containers of a task with the collector beside them. The app, which is the first, starts after it and knows where it is. */
export function withCollector(
  [app, ...sidecars]: Container[],
  its: TelemetryValues,
  observed: Observed,
  architecture: "x86_64" | "arm64",
  refuse: Refuse,
): Container[] {
  const collector = COLLECTORS[its.collector];
  for (const { at, key } of [app!, ...sidecars])
    if (key === collector.name) refuse(at.length > 0 ? at : "name", "the collector of telemetry has this name; choose another.");
  const { environment, secrets, dependsOn } = app!.args;
  const own = Object.entries(variables(observed.task, collector)).filter(([name]) => !Object.hasOwn(secrets, name));
  const args = {
    ...app!.args,
    environment: { ...Object.fromEntries(own), ...environment },
    dependsOn: { [collector.name]: "START" as const, ...dependsOn },
  };
  return [{ ...app!, args }, ...sidecars, collectorContainer(its, observed, architecture)];
}
