// What a task may be told: the arguments of containers, tasks, one-off and scheduled tasks, with the schema of each.
import type * as pulumi from "@pulumi/pulumi";
import { NOT_A_SECRET, secretGrant } from "../../facts/arns";
import { CAPABILITIES, LIMITS } from "../../facts/aws-limits";
import { environmentComplaint } from "../../facts/credentials";
import { complaintOf, wordComplaint } from "../../facts/errors";
import { imageComplaint } from "../../facts/images";
import type { Architecture } from "../../facts/instances";
import { nextTimes } from "../../facts/schedules";
import { fargateComplaint, parseCpu, parseMemory } from "../../facts/sizes";
import { timezoneComplaint } from "../../facts/sleep";
import { type ComponentArgs, common, kmsKeyArn, logDays, variable } from "../base/arguments";
import type * as aws from "../base/aws";
import type { Transform } from "../base/component";
import type { Statement } from "../base/iam";
import {
  type ArgumentsOf,
  flag,
  group,
  input,
  integer,
  list,
  map,
  offOr,
  omit,
  oneOf,
  optional,
  other,
  pattern,
  type Rule,
  scalar,
  size,
  text,
  where,
  within,
} from "../base/schema";
import type { ClusterLike } from "../cluster/cluster-like";
import type { ContainerImage } from "../image/image";

/** How ECS asks a container whether it is healthy. Times in seconds. */
export interface ContainerHealthCheck {
  /** What to run in the container, as ECS takes it: `["CMD", "node", "check.js"]` or `["CMD-SHELL", "curl -f http://127.0.0.1/"]`. */
  command: string[];
  /** Seconds between two checks, 5 to 300. Defaults to 10. */
  interval?: number;
  /** Seconds a check may take, 2 to 60. Defaults to 5. */
  timeout?: number;
  /** Failures in a row that make the container unhealthy, 1 to 10. Defaults to 3. */
  retries?: number;
  /** Seconds after start in which failures do not count, 0 to 300. Defaults to 30. */
  startPeriod?: number;
}

const { takes: TASK } = LIMITS["aws:ecs/taskDefinition:TaskDefinition"];

export const containerHealthCheck = group(
  {
    command: list(scalar(), 1),
    interval: optional(within(TASK["containerDefinitions$[].healthCheck.interval"]), 10),
    timeout: optional(within(TASK["containerDefinitions$[].healthCheck.timeout"]), 5),
    retries: optional(within(TASK["containerDefinitions$[].healthCheck.retries"]), 3),
    startPeriod: optional(within(TASK["containerDefinitions$[].healthCheck.startPeriod"]), 30),
  } satisfies ArgumentsOf<ContainerHealthCheck>,
  {
    about: ["command"],
    at: "command",
    complain: ({ command: [first] }) =>
      first === "CMD" || first === "CMD-SHELL" ? undefined : `${wordComplaint(first, ["CMD", "CMD-SHELL"], "how ECS runs a check")}`,
  },
);

/** What a container needs and may do. Everything but the image has a safe default; each safety is relaxed by its own argument. */
export interface ContainerArgs {
  /** The image, by digest or unique tag (`image`). */
  image: pulumi.Input<string>;
  /** Replaces the image's CMD (`command`). Defaults to the image's own. */
  command?: string[];
  /** Replaces the image's ENTRYPOINT (`entryPoint`). Defaults to the image's own. */
  entryPoint?: string[];
  /** Port that the container listens on, 1 to 65535 (`portMappings[].containerPort`). Defaults to none, and for a service to 8000. */
  port?: number;
  /** Plain environment variables (`environment`). Credentials and Pulumi secrets are refused: use `secrets`. Defaults to none. */
  environment?: Record<string, pulumi.Input<string>>;
  /** Environment variables whose values come from Secrets Manager or Parameter Store, by ARN (`secrets[].valueFrom`). Defaults to none. */
  secrets?: Record<string, pulumi.Input<string>>;
  /** User id, or `user:group`, that the process runs as (`user`). Defaults to `1000:1000`; the image needs no such user, but its files must be readable for it. */
  user?: string;
  /** Whether the root file system is read-only (`readonlyRootFilesystem`). Defaults to true; /tmp stays writable. */
  readonlyRootFilesystem?: boolean;
  /** Writable directories, each a volume of the task's own. Defaults to `["/tmp"]`. The Dockerfile needs `VOLUME /tmp`, or the volume belongs to root on Fargate. */
  writablePaths?: string[];
  /** Linux capabilities to drop (`linuxParameters.capabilities.drop`). Defaults to `["ALL"]`. */
  dropCapabilities?: string[];
  /** Whether an init process (tini) is PID 1: it hands on SIGTERM and reaps zombies (`linuxParameters.initProcessEnabled`). Defaults to true. */
  initProcess?: boolean;
  /** Seconds between SIGTERM and SIGKILL, 2 to 120 (`stopTimeout`). Defaults to 30. */
  stopTimeout?: number;
  /** Health check inside the container (`healthCheck`), or false for none. Defaults to a request to `healthCheck.path` behind a route, and to none elsewhere or where the base image has no shell. */
  containerHealthCheck?: ContainerHealthCheck | false;
  /** Whether the task stops when this container stops (`essential`). Defaults to true. */
  essential?: boolean;
  /** GPUs of the container (`resourceRequirements`); on EC2 and Managed Instances. Defaults to none. */
  gpu?: number;
}

const containerImage = () =>
  other<ContainerImage | pulumi.Input<string>>((image) => (typeof image === "string" ? imageComplaint(image) : undefined));
const secret = () =>
  text((given) => (secretGrant(given) ? undefined : NOT_A_SECRET), "arn:aws:ssm:eu-west-1:111122223333:parameter/db/password");

/** The arguments of a container, without its image. */
export const container = {
  command: optional(list(scalar())),
  entryPoint: optional(list(scalar())),
  port: optional(integer(1, 65535)),
  environment: optional(
    map(input(scalar()), {
      name: variable,
      entry: (name, value) => (typeof value === "string" ? environmentComplaint(name, value) : undefined),
    }),
    {},
  ),
  secrets: optional(map(input(secret()), { name: variable }), {}),
  user: optional(pattern(/^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?$/, "a user", "1000:1000"), "1000:1000"),
  readonlyRootFilesystem: optional(flag(), true),
  writablePaths: optional(list(pattern(/^\/[^:]+$/, "an absolute path", "/tmp")), ["/tmp"]),
  dropCapabilities: optional(list(oneOf(...CAPABILITIES)), ["ALL"]),
  initProcess: optional(flag(), true),
  stopTimeout: optional(integer(2, 120, "seconds"), 30),
  containerHealthCheck: optional(offOr(containerHealthCheck)),
  essential: optional(flag(), true),
  gpu: optional(integer(1, 16, "GPUs")),
} satisfies ArgumentsOf<Omit<ContainerArgs, "image">>;

/** A container beside the app. */
export interface SidecarArgs extends Omit<ContainerArgs, "image"> {
  /** The image, by digest or unique tag; a `MirroredImage` has both. */
  image: ContainerImage | pulumi.Input<string>;
}

export const sidecar = { ...container, image: containerImage() } satisfies ArgumentsOf<SidecarArgs>;

/** A variable has one value. */
const oneValue: Rule<Pick<typeof container, "environment" | "secrets">> = {
  about: ["environment", "secrets"],
  at: "secrets",
  complain: ({ environment, secrets }) =>
    Object.keys(secrets)
      .filter((name) => Object.hasOwn(environment, name))
      .map((name) => ({ at: `secrets.${name}`, text: "environment has a variable of that name, too; leave out one of them." })),
};

/** An entry of `containerDefinitions`, as AWS has it. */
export type ContainerDefinition = Partial<aws.ecs.ContainerDefinition>;

/** Changes to containers before their definition is text: properties to lay over each, or a function that is asked for each by its `name`. */
export type ContainerTransform = ContainerDefinition | ((definition: ContainerDefinition) => ContainerDefinition | undefined);

/** Changes to what a task is made of. */
export interface TaskTransform {
  executionRole?: Transform<aws.iam.RoleArgs>;
  executionPolicy?: Transform<aws.iam.RolePolicyArgs>;
  taskRole?: Transform<aws.iam.RoleArgs>;
  taskPolicy?: Transform<aws.iam.RolePolicyArgs>;
  logGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  taskDefinition?: Transform<aws.ecs.TaskDefinitionArgs>;
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
  /** Further containers of the task, by name. They share its network and size; the app waits for none of them. Defaults to none. */
  sidecars?: Record<string, SidecarArgs>;
  /** Disk of the task in GiB, 21 to 200 (`ephemeralStorage`). Defaults to the 20 that Fargate gives away. Cost: 0.08 USD per GiB and month. */
  ephemeralStorage?: number;
  /** Days to keep the task's logs (`retentionInDays`). Defaults to 90. Cost: 0.50 USD per GB written, 0.03 per GB and month kept. */
  logRetentionInDays?: number;
  /**
   * Ids of further security groups of the tasks (`securityGroups`), at most four, such as one that a database admits. The component makes one of its own
   * besides, which nothing comes into but the load balancer. Defaults to none.
   */
  securityGroups?: pulumi.Input<string>[];
  /** What the app may do in AWS: statements of the task role. Defaults to nothing. */
  permissions?: Statement[];
  /** ARNs of the customer-managed KMS keys that `secrets` are encrypted with. Defaults to none: AWS's keys. */
  secretsKmsKeyArns?: pulumi.Input<string>[];
  /**
   * Whether `ecs execute-command` may open a shell in the task (`enableExecuteCommand`). Needs `readonlyRootFilesystem: false`, because its agent
   * writes into the container. Sessions run as root and are logged. Defaults to false.
   */
  exec?: boolean;
  /** Changes to what a task is made of. */
  transform?: TaskTransform;
}

/** "/tmp" -> "tmp", "/var/cache" -> "var-cache" */
export const volumeName = (path: string) => path.replace(/^\/+|\/+$/g, "").replace(/[^A-Za-z0-9_-]+/g, "-");

/** The id of a security group. */
export const SECURITY_GROUP = /^sg-[0-9a-f]{8,17}$/;

/** AWS's limit for the groups of a network interface, less the task's own. */
const MOST_GROUPS = 4;
const securityGroups = () =>
  list(input(pattern(SECURITY_GROUP, "the id of a security group", "sg-0123456789abcdef0")), 0, (groups) =>
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
  sidecars: optional(map(group(sidecar, oneValue)), {}),
  ephemeralStorage: optional(within(TASK["ephemeralStorage.sizeInGib"])),
  logRetentionInDays: optional(logDays(), 90),
  securityGroups: optional(securityGroups(), []),
  permissions: optional(other<Statement[]>(), []),
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

/** A task's volumes are made of its paths, and AWS takes each name once. */
const volumeComplaint = (paths: readonly string[]): string | undefined => {
  const twin = (path: string) => paths.find((other) => other !== path && volumeName(other) === volumeName(path));
  const one = paths.find((path) => twin(path) !== undefined);
  return (
    one && `${JSON.stringify(one)} and ${JSON.stringify(twin(one))} would be one volume, ${volumeName(one)}; write one of them otherwise.`
  );
};
const oneVolumeEach: Rule<Pick<typeof task, "writablePaths" | "sidecars">> = {
  about: ["writablePaths", "sidecars"],
  at: "writablePaths",
  complain: ({ writablePaths, sidecars }) =>
    volumeComplaint([...writablePaths, ...Object.values(sidecars).flatMap((its) => its.writablePaths)]),
};
const ownVolumes: Rule<Pick<typeof task, "writablePaths">> = {
  about: ["writablePaths"],
  at: "writablePaths",
  complain: ({ writablePaths }) => volumeComplaint(writablePaths),
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

/** The rules that hold for every task, and those for one without sidecars. */
export const taskRules = [execNeedsWriting, oneValue, oneVolumeEach];
export const singleTaskRules = [execNeedsWriting, oneValue, ownVolumes];

/** What Fargate may be bought as. */
export type FargateCapacity = "onDemand" | "mixed" | "spot";

/** The share of a service's tasks that runs on one of the cluster's groups. */
export interface GroupShare {
  /** The group's name. */
  group: string;
  /** Tasks that run on this group before any other's, 0 to 100000 (`base`). Only one group has some. Defaults to 0. */
  base?: number;
  /** Part of the further tasks, 0 to 1000 (`weight`). Defaults to 1. */
  weight?: number;
}

/** What is chosen on EC2. */
export interface Ec2Placement {
  /** The cluster's groups to run on, by name; several with a `weight` each share the tasks (say, one on demand and one of Spot instances). Defaults to the first. */
  groups?: GroupShare[];
  /**
   * How tasks are reached (`networkMode`). `awsvpc`: each task has a network interface and a security group of its own. `bridge`: tasks share the instance's,
   * on ports that Docker chooses; more of them fit on an instance, and they start a little sooner. Defaults to `awsvpc`.
   */
  networkMode?: "awsvpc" | "bridge";
  /** Where tasks are placed (`orderedPlacementStrategies`). Defaults to: spread over zones, then fill up instances by memory. */
  placementStrategies?: aws.types.input.ecs.ServiceOrderedPlacementStrategy[];
  /** Where tasks may be placed (`placementConstraints`). Defaults to anywhere. */
  placementConstraints?: aws.types.input.ecs.ServicePlacementConstraint[];
  /** Run one task on each instance (`schedulingStrategy: DAEMON`), in place of a number of tasks. Defaults to false. */
  daemon?: boolean;
}

const SPREAD: Ec2Placement["placementStrategies"] = [
  { type: "spread", field: "attribute:ecs.availability-zone" },
  { type: "binpack", field: "memory" },
];

export const placement = {
  groups: optional(
    list(
      group({
        group: text(),
        base: optional(integer(0, 100_000, "tasks"), 0),
        weight: optional(integer(0, 1000), 1),
      } satisfies ArgumentsOf<GroupShare>),
      1,
    ),
  ),
  networkMode: optional(oneOf("awsvpc", "bridge"), "awsvpc"),
  placementStrategies: optional(other<aws.types.input.ecs.ServiceOrderedPlacementStrategy[]>(), SPREAD),
  placementConstraints: optional(other<aws.types.input.ecs.ServicePlacementConstraint[]>()),
  daemon: optional(flag(), false),
} satisfies ArgumentsOf<Ec2Placement>;

/** What AWS refuses in a capacity provider strategy. */
export const shares: Rule<Pick<typeof placement, "groups" | "networkMode">> = {
  about: ["groups", "networkMode"],
  at: "groups",
  complain: ({ groups = [], networkMode }) => {
    const repeated = groups.find(({ group }, i) => groups.findIndex((other) => other.group === group) < i);
    if (repeated) return `${JSON.stringify(repeated.group)} is named twice; name each group once.`;
    if (groups.length > 0 && !groups.some(({ weight }) => weight > 0))
      return "no group has a weight above 0, so no task would run; give one at least weight: 1.";
    const based = groups.filter(({ base }) => base > 0).map(({ group }) => group);
    if (based.length > 1) return `${based.join(" and ")} have a base each; AWS takes one: leave out the others.`;
    if (networkMode === "bridge" && groups.length > 1)
      return "in bridge mode a service runs on one group, because its requests come to that group's instances; name one, or use awsvpc.";
    return undefined;
  },
};

export const capacity = () => oneOf("onDemand", "mixed", "spot");

/** Arguments of {@link OneOffTask}. */
export interface OneOffTaskArgs extends Omit<TaskArgs, "transform" | "port" | "containerHealthCheck">, Omit<Ec2Placement, "daemon"> {
  /** What runs it. Defaults to `fargate`, whatever the services of the cluster run on. */
  compute?: "fargate" | "ec2" | "managed-instances";
  /** What it runs on, on Fargate. Defaults to `onDemand`: nobody likes a migration that is taken away half-way. */
  capacity?: FargateCapacity;
  /** Changes to what the task makes. */
  transform?: TaskTransform & {
    securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    egress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
  };
}

export const oneOffTask = {
  ...common,
  ...omit(container, "port", "containerHealthCheck"),
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
export const oneOffRules = [
  ...taskRules,
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
