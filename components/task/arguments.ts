// What a task may be told: the arguments of tasks, one-off and scheduled tasks, with the schema of each.
import type * as pulumi from "@pulumi/pulumi";
import { LIMITS } from "../../facts/aws-limits";
import { complaintOf } from "../../facts/errors";
import type { Architecture } from "../../facts/instances";
import { nextTimes } from "../../facts/schedules";
import { fargateComplaint, parseCpu, parseMemory } from "../../facts/sizes";
import { timezoneComplaint } from "../../facts/sleep";
import { type ComponentArgs, common, kmsKeyArn, logDays, securityGroupId } from "../base/arguments";
import type * as aws from "../base/aws";
import type { Transform } from "../base/component";
import type { Statement } from "../base/iam";
import type { QueueLike } from "../base/queue";
import {
  type ArgumentsOf,
  flag,
  group,
  groupOr,
  input,
  integer,
  list,
  map,
  omit,
  oneOf,
  optional,
  other,
  type Rule,
  size,
  text,
  where,
  within,
} from "../base/schema";
import type { ClusterLike } from "../cluster/cluster-like";
import type { FileBucketTransform } from "../files/file-bucket";
import type { FileSystemTransform } from "../files/file-system";
import type { ContainerImage } from "../image/image";
import {
  type ContainerArgs,
  type ContainerTransform,
  container,
  containerImage,
  containerNameComplaint,
  oneValue,
  type SidecarArgs,
  sidecar,
  TASK,
} from "./container-arguments";
import { noEbs } from "./ebs";
import { type EgressArgs, egress } from "./egress";
import { type LoggingArgs, logging, memoryComplaints } from "./logging";
import { type Permissions, permissions } from "./permissions";
import { capacity, type Ec2Placement, type FargateCapacity, placement, shares } from "./placement";
import { collectorComplaints, type TelemetryArgs, telemetry } from "./telemetry";
import { type VolumeArgs, volumeComplaints, volumes } from "./volume-arguments";

/** Changes to what a task is made of. */
export interface TaskTransform {
  executionRole?: Transform<aws.iam.RoleArgs>;
  executionPolicy?: Transform<aws.iam.RolePolicyArgs>;
  taskRole?: Transform<aws.iam.RoleArgs>;
  taskPolicy?: Transform<aws.iam.RolePolicyArgs>;
  /** The log group of what the containers write, and with `telemetry` that of metrics. */
  logGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  metricFilter?: Transform<aws.cloudwatch.LogMetricFilterArgs>;
  taskDefinition?: Transform<aws.ecs.TaskDefinitionArgs>;
  /** Secrets whose values the component stores. */
  secret?: Transform<aws.secretsmanager.SecretArgs>;
  secretVersion?: Transform<aws.secretsmanager.SecretVersionArgs>;
  /** The bucket of the project's own `environmentFiles`. */
  fileBucket?: FileBucketTransform;
  /** The file systems that are made for volumes of the task. */
  fileSystem?: FileSystemTransform;
  /** The definitions of the containers, before they are text. */
  container?: ContainerTransform;
}

/** What a task is: containers, size, roles, logs. Shared by services and by tasks that run once. */
export interface TaskArgs extends ComponentArgs, Omit<ContainerArgs, "image"> {
  /** The cluster to run in. */
  cluster: ClusterLike;
  /** The image: an `AppImage`, a `MirroredImage`, or the URI of an image with its digest or a tag that never moves. */
  image: ContainerImage | pulumi.Input<string>;
  /** CPU of the task (`cpu`): `"0.25 vCPU"` or 256. Defaults to 0.25 vCPU. Cost on Fargate: about 29.55 USD a month for a whole vCPU (ARM 23.64). */
  cpu?: string | number;
  /** Memory of the task (`memory`): `"512 MB"`, `"1 GB"` or 512. Defaults to 512 MB. Cost on Fargate: about 3.24 USD a month per GB (ARM 2.60). */
  memory?: string | number;
  /** CPU architecture of an image given by URI (`runtimePlatform`). Defaults to that of the image; without one, to `x86_64`. */
  architecture?: Architecture;
  /** Further containers of the task, by name. They share its network and size; the app waits for those that `dependsOn` names. Defaults to none. */
  sidecars?: Record<string, SidecarArgs>;
  /**
   * Volumes that the task's containers can share (`volumes`), by name; `mounts` says where a container sees one. `{}` is an empty one. Defaults to none beside
   * those of `writablePaths`.
   *
   * @example
   * ```typescript
   * { volumes: { reports: {} }, mounts: { reports: "/reports" }, sidecars: { nginx: { image, mounts: { reports: { path: "/srv", readOnly: true } } } } }
   * ```
   */
  volumes?: Record<string, VolumeArgs>;
  /** Disk of the task in GiB, 21 to 200 (`ephemeralStorage`). Defaults to the 20 that Fargate gives away. Cost: 0.08 USD per GiB and month. */
  ephemeralStorage?: number;
  /** Where the output of all its containers goes (`logConfiguration`). Defaults to the task's log group in CloudWatch, without the app ever waiting for it. */
  logging?: LoggingArgs;
  /**
   * A collector beside the app (`otel`, the AWS Distro for OpenTelemetry, or `cloudwatch`, the CloudWatch agent) that hands its traces to X-Ray and its metrics to CloudWatch: by its name, or with its settings.
   * The app gets `OTEL_EXPORTER_OTLP_ENDPOINT` and what goes with it. Defaults to none. Cost: 5 USD per million traces, 0.30 USD a month for each metric.
   */
  telemetry?: TelemetryArgs | NonNullable<TelemetryArgs["collector"]>;
  /** Days to keep the task's logs (`retentionInDays`). Defaults to 90. Cost: 0.50 USD per GB written, 0.03 per GB and month kept. */
  logRetentionInDays?: number;
  /**
   * Ids of further security groups of the tasks (`securityGroups`), at most four, such as one that a database admits. The component makes one of its own
   * besides, which nothing comes into but the load balancer. Defaults to none.
   */
  securityGroups?: pulumi.Input<string>[];
  /**
   * Ports that the tasks may connect to, such as `[5432]`, each in all ranges or with `cidrBlocks`; port 443, by which ECS gets the image and writes logs, is
   * always among them, and so are file systems of `volumes` and what the program lets the tasks reach. Defaults to everything.
   *
   * @example
   * ```yaml
   * config:
   *   service:
   *     egress:
   *       - 587
   *       - port: 5432
   *         cidrBlocks: [10.0.0.0/16]
   * ```
   */
  egress?: (number | EgressArgs)[];
  /** What the app may do in AWS (the task role): what it reads and writes, by ARN, and statements for anything else; or a list of statements alone. Defaults to none. */
  permissions?: Permissions | Statement[];
  /**
   * Queues that the app sends to: a `Queue`, or `Queue.existing`. It has the right to, and `<NAME>_QUEUE_URL` in its environment unless it has a variable of
   * that name. Defaults to none.
   */
  sendsTo?: QueueLike[];
  /** ARNs of the customer-managed KMS keys that `secrets`, and `environmentFiles` in S3, are encrypted with. Defaults to none: AWS's keys. */
  secretsKmsKeyArns?: pulumi.Input<string>[];
  /**
   * Whether `ecs execute-command` may open a shell in the task (`enableExecuteCommand`). Needs `readonlyRootFilesystem: false`, because its agent
   * writes into the container. Sessions run as root and are logged. Defaults to false.
   */
  exec?: boolean;
  /** Changes to what a task is made of. */
  transform?: TaskTransform;
}

/** AWS's limit for the groups of a network interface, less the task's own. */
const MOST_GROUPS = 4;
const securityGroups = () =>
  list(input(securityGroupId()), 0, (groups) =>
    groups.length > MOST_GROUPS
      ? `${groups.length} security groups; AWS takes five for a task, one of which is its own; name at most ${MOST_GROUPS}.`
      : undefined,
  );

/** The arguments of a task that no container has. */
const ofTask = {
  cluster: other<ClusterLike>(),
  image: containerImage(),
  cpu: optional(size(parseCpu, "a CPU size", '"0.25 vCPU" or 256 (1024 units are one vCPU)'), "0.25 vCPU"),
  memory: optional(size(parseMemory, "a memory size", '"512 MB", "1 GB" or 512 (MiB)'), "512 MB"),
  architecture: optional(oneOf("x86_64", "arm64")),
  sidecars: optional(map(group(sidecar, oneValue), { name: containerNameComplaint }), {}),
  volumes,
  ephemeralStorage: optional(within(TASK["ephemeralStorage.sizeInGib"])),
  logging: optional(logging, {}),
  telemetry: optional(groupOr("collector", telemetry)),
  logRetentionInDays: optional(logDays(), 90),
  securityGroups: optional(securityGroups(), []),
  egress: egress(),
  permissions: optional(permissions, {}),
  sendsTo: optional(other<QueueLike[]>(), []),
  secretsKmsKeyArns: optional(list(input(kmsKeyArn())), []),
  exec: optional(flag(), false),
};
export const task = { ...common, ...container, ...ofTask, transform: optional(other<TaskTransform>()) } satisfies ArgumentsOf<TaskArgs>;

/** A shell in the task needs a file system that can be written. */
const execNeedsWriting: Rule<Pick<typeof task, "exec" | "readonlyRootFilesystem">> = {
  about: ["exec", "readonlyRootFilesystem"],
  at: "exec",
  complain: ({ exec, readonlyRootFilesystem }) =>
    exec && readonlyRootFilesystem
      ? "ECS Exec writes its agent into the container, which a read-only root file system forbids; set readonlyRootFilesystem: false as well, or leave exec off."
      : undefined,
};

/** The buffers of log drivers, their router and the collector are part of the task's memory. */
const logsFit: Rule<Pick<typeof task, "memory" | "logging" | "telemetry">> = {
  about: ["memory", "logging", "telemetry"],
  at: "logging",
  complain: ({ memory, logging, telemetry }) => [...memoryComplaints(logging, memory), ...collectorComplaints(telemetry, memory)],
};

/** What containers mount is there, and each has its own place. */
const volumesFit: Rule<Pick<typeof task, "volumes" | "mounts" | "writablePaths" | "sidecars">> = {
  about: ["volumes", "mounts", "writablePaths", "sidecars"],
  at: "volumes",
  complain: ({ volumes, sidecars, ...app }) =>
    volumeComplaints(volumes, [
      { at: "", ...app },
      ...Object.entries(sidecars).map(([name, its]) => ({ at: `sidecars.${name}.`, ...its })),
    ]),
};

/** Fargate sells fixed sizes, and has no GPUs. */
const fargateSizes = (["cpu", "memory"] as const).map(
  (at): Rule<Pick<typeof task, "cpu" | "memory">> => ({
    about: ["cpu", "memory"],
    at,
    complain: (size) => {
      const complaint = fargateComplaint(size);
      return complaint?.argument === at ? complaint.text : undefined;
    },
  }),
);
const noGpu: Rule<Pick<typeof task, "gpu">> = {
  about: ["gpu"],
  at: "gpu",
  complain: ({ gpu }) =>
    gpu === undefined
      ? undefined
      : "Fargate has no GPUs; use compute: ec2 with instances that have one, such as g5.xlarge, or managed-instances with gpus, or leave gpu out.",
};
export type OnFargate = Pick<typeof task, "cpu" | "memory" | "gpu">;
export const onFargate: Rule<OnFargate>[] = [...fargateSizes, noGpu];

/** The rules that hold for every task. */
export const taskRules = [execNeedsWriting, oneValue, volumesFit, logsFit];

/** What the container of a task that runs once has not: it answers nobody, and has a network interface of its own. */
const OF_A_SERVICE = ["port", "containerHealthCheck", "extraHosts", "dnsServers", "dnsSearchDomains"] as const;

/** Arguments of {@link OneOffTask}. */
export interface OneOffTaskArgs extends Omit<TaskArgs, "transform" | (typeof OF_A_SERVICE)[number]>, Omit<Ec2Placement, "daemon"> {
  /** What runs it. Defaults to `fargate`, whatever the services of the cluster run on. */
  compute?: "fargate" | "ec2" | "managed-instances";
  /** What it runs on, on Fargate. Defaults to `onDemand`: nobody likes a migration that is taken away half-way. */
  capacity?: FargateCapacity;
  /** Changes to what the task makes. */
  transform?: TaskTransform & {
    securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    egress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
    neighborIngress?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
    neighborEgress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
  };
}

export const oneOffTask = {
  ...common,
  ...omit(container, ...OF_A_SERVICE),
  ...ofTask,
  ...omit(placement, "daemon"),
  compute: optional(oneOf("fargate", "ec2", "managed-instances"), "fargate"),
  capacity: optional(capacity(), "onDemand"),
  transform: optional(other<NonNullable<OneOffTaskArgs["transform"]>>()),
} satisfies ArgumentsOf<OneOffTaskArgs>;

const noRequests: Rule<Pick<typeof placement, "networkMode">> = {
  about: ["networkMode"],
  at: "networkMode",
  complain: ({ networkMode }) =>
    networkMode === "bridge" ? "a task that runs once has no requests to take; leave networkMode out, it runs in awsvpc mode." : undefined,
};
export const noDisk: Rule<Pick<typeof task, "volumes">> = {
  about: ["volumes"],
  at: "volumes",
  complain: ({ volumes }) =>
    noEbs(volumes, "each start of a task by itself would have to say how the volume is; use efs, ephemeralStorage, or a service."),
};
export const oneOffRules = [
  ...taskRules,
  noDisk,
  ...where<OnFargate, Pick<typeof oneOffTask, "compute">>(["compute"], ({ compute }) => compute === "fargate", onFargate),
  shares,
  noRequests,
];

/** Arguments of {@link ScheduledTask}. */
export interface ScheduledTaskArgs extends Omit<OneOffTaskArgs, "transform"> {
  /** When it runs (`scheduleExpression`): `"cron(0 3 ? * MON-FRI *)"`, `"rate(1 hour)"`, `"at(2030-01-31T12:00:00)"`. */
  schedule: string;
  /** Time zone of the schedule (`scheduleExpressionTimezone`), such as `Europe/Berlin`. Defaults to `UTC`. */
  timezone?: string;
  /** How often a start that AWS refused is tried again (`maximumRetryAttempts`), 0 to 185. A task that started and failed is not started again. Defaults to 3. */
  retries?: number;
  /** Minutes within which a late start still makes sense (`maximumEventAgeInSeconds`), 1 to 1440. Defaults to 60. */
  maximumDelay?: number;
  /** Whether the schedule is on (`state`). Defaults to true. */
  enabled?: boolean;
  /** Changes to what the task makes. */
  transform?: OneOffTaskArgs["transform"] & {
    schedule?: Transform<aws.scheduler.ScheduleArgs>;
    scheduleRole?: Transform<aws.iam.RoleArgs>;
    schedulePolicy?: Transform<aws.iam.RolePolicyArgs>;
    deadLetterQueue?: Transform<aws.sqs.QueueArgs>;
    deadLetterPolicy?: Transform<aws.sqs.QueuePolicyArgs>;
  };
}

export const scheduledTask = {
  ...omit(oneOffTask, "transform"),
  schedule: text(),
  timezone: optional(text(timezoneComplaint, "Europe/Berlin"), "UTC"),
  retries: optional(within(LIMITS["aws:scheduler/schedule:Schedule"].takes["target.retryPolicy.maximumRetryAttempts"]), 3),
  maximumDelay: optional(integer(1, 1440, "minutes"), 60),
  enabled: optional(flag(), true),
  transform: optional(other<NonNullable<ScheduledTaskArgs["transform"]>>()),
} satisfies ArgumentsOf<ScheduledTaskArgs>;

export const comesAgain: Rule<Pick<typeof scheduledTask, "schedule" | "timezone">> = {
  about: ["schedule", "timezone"],
  at: "schedule",
  complain: ({ schedule, timezone }) => complaintOf(() => nextTimes(schedule, timezone, new Date())),
};
