import { Command } from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";
import { ecrRepository, type SecretGrant, secretGrant } from "../../facts/arns";
import { credentialComplaint, keepSecret } from "../../facts/credentials";
import { refuse, UserError, wholeNumber } from "../../facts/errors";
import type { Architecture } from "../../facts/instances";
import { physicalName } from "../../facts/names";
import { fargateComplaint, readCpu, readMemory, type TaskSize } from "../../facts/sizes";
import * as aws from "../base/aws";
import { onDestroy } from "../base/berth-command";
import { Component, type ComponentArgs, type Transform } from "../base/component";
import { allow, pullStatements, type Statement, trust } from "../base/iam";
import type { Cluster } from "../cluster/cluster";
import { type ContainerImage, isImage, pinned } from "../image/image";
import { type ContainerArgs, containerDefinition, execComplaint, httpHealth, type LogTarget, volumeName } from "./containers";

/** What a task is: containers, size, roles, logs. Shared by services and by tasks that run once. */
export interface TaskArgs extends ComponentArgs, Omit<ContainerArgs, "image"> {
  /** The cluster to run in. */
  cluster: Cluster;
  /** The image: an `AppImage`, a `MirroredImage`, or the URI of an image with its digest or a tag that never moves. */
  image: ContainerImage | pulumi.Input<string>;
  /** CPU of the task (`cpu`): `"0.25 vCPU"` or 256. Defaults to 0.25 vCPU. Cost on Fargate: about 29.55 USD a month for a whole vCPU (ARM 23.64). */
  cpu?: string | number;
  /** Memory of the task (`memory`): `"512 MB"`, `"1 GB"` or 512. Defaults to 512 MB. Cost on Fargate: about 3.24 USD a month per GB (ARM 2.60). */
  memory?: string | number;
  /** CPU architecture of an image given by URI (`runtimePlatform`). Defaults to `x86_64`; other images say it themselves. */
  architecture?: Architecture;
  /** Further containers of the task by name. They share its network and size; the app waits for none of them. */
  sidecars?: Record<string, SidecarArgs>;
  /** Disk of the task in GiB, 21 to 200 (`ephemeralStorage`). Defaults to the 20 that Fargate gives away. Cost: 0.08 USD per GiB and month. */
  ephemeralStorage?: number;
  /** Days to keep the task's logs (`retentionInDays`). Defaults to 90. Cost: 0.50 USD per GB written, 0.03 per GB and month kept. */
  logRetentionInDays?: number;
  /** What the app may do in AWS: statements of the task role. Defaults to nothing. */
  permissions?: Statement[];
  /** ARNs of KMS keys of the customer's own that `secrets` are encrypted with. */
  secretsKmsKeyArns?: pulumi.Input<string>[];
  /**
   * Whether `ecs execute-command` may open a shell in the task (`enableExecuteCommand`). Needs `readonlyRootFilesystem: false`, because its agent
   * writes into the container. Sessions run as root and are logged. Defaults to false.
   */
  exec?: boolean;
  /** Changes to what a task is made of. */
  transform?: TaskTransform;
}

/** A container beside the app. */
export interface SidecarArgs extends Omit<ContainerArgs, "image"> {
  /** The image, by digest or unique tag; a `MirroredImage` has both. */
  image: ContainerImage | pulumi.Input<string>;
}

/** Changes to what a task is made of. */
export interface TaskTransform {
  executionRole?: Transform<aws.iam.RoleArgs>;
  executionPolicy?: Transform<aws.iam.RolePolicyArgs>;
  taskRole?: Transform<aws.iam.RoleArgs>;
  taskPolicy?: Transform<aws.iam.RolePolicyArgs>;
  logGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  taskDefinition?: Transform<aws.ecs.TaskDefinitionArgs>;
}

/** Where a task definition can run. */
export interface Compatibility {
  requires: "FARGATE" | "EC2" | "MANAGED_INSTANCES";
  networkMode: "awsvpc" | "bridge";
}

/** Path that the health checks of a task with a port ask for; without it the container has no health check of its own. */
export interface TaskHealth {
  path: string;
}

/** The parts of a task: execution role, task role, log group and task definition. */
export class Task extends Component {
  readonly executionRole: aws.iam.Role;
  readonly taskRole: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly taskDefinition: aws.ecs.TaskDefinition;
  readonly size: TaskSize;
  readonly architecture: Architecture;
  /** What must exist before a task starts, and must outlive it: the policies of its roles and its log group. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: TaskArgs, where: Compatibility, health: TaskHealth | undefined, opts?: pulumi.ComponentResourceOptions) {
    super("Task", name, args, opts);
    this.size = checkSize(args, where);
    this.architecture = checkArchitecture(args);
    const noShell = execComplaint(args);
    if (noShell) refuse("exec", noShell);
    checkNames(name, args);
    const { cluster, transform } = args;

    this.logGroup = this.makeLogGroup("", args.logRetentionInDays ?? 90, transform?.logGroup);
    const containers = [
      container(name, withHealth(args, health), args.image),
      ...Object.entries(args.sidecars ?? {}).map(([sidecar, its]) => container(sidecar, its, its.image)),
    ];
    this.executionRole = this.makeTaskRole(
      "execution",
      `What ECS needs to start ${name}: its image, its logs, its secrets`,
      cluster,
      transform?.executionRole,
    );
    const executionPolicy = this.make(
      aws.iam.RolePolicy,
      "execution",
      { role: this.executionRole.name, policy: allow(...this.executionStatements(args, containers)) },
      transform?.executionPolicy,
    );
    this.taskRole = this.makeTaskRole("task", `What the app in ${name} may do`, cluster, transform?.taskRole);
    const statements = [...(args.exec ? execStatements(cluster, args.kmsKeyArn) : []), ...(args.permissions ?? [])];
    const taskPolicy =
      statements.length > 0
        ? [this.make(aws.iam.RolePolicy, "task", { role: this.taskRole.name, policy: allow(...statements) }, transform?.taskPolicy)]
        : [];

    const logs = { group: this.logGroup.name, region: cluster.location.region };
    this.taskDefinition = this.makeTaskDefinition(args, where, containers, logs);
    // A replaced revision stays registered (skipDestroy below); at the end of the task all of them go.
    const revisions = this.make(Command, "revisions", onDestroy("deregister", { BERTH_FAMILY: family(name) }));
    this.ready = [executionPolicy, ...taskPolicy, this.logGroup, revisions];
    this.registerOutputs({ taskDefinition: this.taskDefinition.arn });
  }

  private makeTaskRole(suffix: string, description: string, cluster: Cluster, transform?: Transform<aws.iam.RoleArgs>): aws.iam.Role {
    const assumeRolePolicy = trust("ecs-tasks.amazonaws.com", "ecs", cluster.location);
    return this.makeRole(suffix, { description, assumeRolePolicy }, transform);
  }

  /** Pull these images, write this log group, read these secrets: nothing else. */
  private executionStatements(args: TaskArgs, containers: Container[]): Statement[] {
    const { partition } = args.cluster.location;
    const repositories = containers.map(({ image }) =>
      isImage(image) && image.repository
        ? image.repository.arn
        : pulumi.all([isImage(image) ? image.ref : image, partition]).apply(([ref, part]) => {
            const found = ecrRepository(ref);
            return found && `arn:${part}:ecr:${found.region}:${found.accountId}:repository/${found.name}`;
          }),
    );
    const grants = containers.flatMap(({ key, args: its }) =>
      Object.entries(its.secrets ?? {}).map(([name, arn]) => grant(`${key}.secrets`, name, arn)),
    );
    const secretsIn = (service: string) =>
      pulumi.all(grants).apply((all) => unique(all.filter((grant) => grant.service === service).map((grant) => grant.resource)));
    return [
      ...pullStatements(pulumi.all(repositories).apply((arns) => unique(arns.filter((arn) => arn !== undefined)))),
      { sid: "WriteLogs", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [pulumi.interpolate`${this.logGroup.arn}:*`] },
      ...(grants.length > 0
        ? [
            { sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: secretsIn("secretsmanager") },
            { sid: "ReadParameters", actions: ["ssm:GetParameters"], resources: secretsIn("ssm") },
            { sid: "DecryptSecrets", actions: ["kms:Decrypt"], resources: args.secretsKmsKeyArns ?? [] },
          ]
        : []),
    ];
  }

  private makeTaskDefinition(args: TaskArgs, where: Compatibility, containers: Container[], logs: LogTarget): aws.ecs.TaskDefinition {
    const definitions = containers.map(({ key, args: its, image }) => {
      const environment = Object.fromEntries(
        Object.entries(its.environment ?? {}).map(([name, value]) => [name, plain(`${key}.environment`, name, value)]),
      );
      const ref = isImage(image) ? image.ref : pulumi.output(image).apply((uri) => pinned(uri, `${key}.image`));
      return containerDefinition(key, { ...its, environment, image: ref }, logs, { dynamicPort: where.networkMode === "bridge" });
    });
    const volumes = unique(containers.flatMap(({ args: its }) => its.writablePaths ?? ["/tmp"])).map((path) => ({
      name: volumeName(path),
    }));
    return this.make(
      aws.ecs.TaskDefinition,
      "",
      {
        family: family(this.label),
        requiresCompatibilities: [where.requires],
        networkMode: where.networkMode,
        cpu: String(this.size.cpu),
        memory: String(this.size.memory),
        runtimePlatform: { cpuArchitecture: this.architecture === "arm64" ? "ARM64" : "X86_64", operatingSystemFamily: "LINUX" },
        executionRoleArn: this.executionRole.arn,
        taskRoleArn: this.taskRole.arn,
        containerDefinitions: pulumi
          .jsonStringify(definitions.sort((a, b) => (a.name < b.name ? -1 : 1)))
          .apply((text) => small(this.label, text)),
        volumes,
        ...(args.ephemeralStorage !== undefined && { ephemeralStorage: { sizeInGib: args.ephemeralStorage } }),
        // A replaced revision stays active: a deregistered one can be neither rolled back to nor started again.
        skipDestroy: true,
        tags: this.tags,
      },
      args.transform?.taskDefinition,
    );
  }
}

/** A container under way: its name, its arguments, its image. */
interface Container {
  key: string;
  args: Omit<ContainerArgs, "image">;
  image: ContainerImage | pulumi.Input<string>;
}

const container = (key: string, args: Omit<ContainerArgs, "image">, image: Container["image"]): Container => ({ key, args, image });
/** The same name at each deploy, so that revisions count up. A project's name may have dots, a family's may not. */
const family = (name: string) => physicalName([pulumi.getProject(), pulumi.getStack(), name], 255).replace(/[^A-Za-z0-9_-]/g, "-");
const unique = <T>(items: T[]) => [...new Set(items)];

/**
 * What a shell in a task needs: the channels of the SSM agent, which cannot be scoped, the cluster's log of sessions, which the agent writes itself, and the
 * key that the session is encrypted with, if there is one.
 */
const execStatements = (cluster: Cluster, kmsKeyArn?: pulumi.Input<string>): Statement[] => [
  {
    sid: "ExecSessions",
    actions: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    resources: ["*"],
  },
  { sid: "FindSessionLog", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
  {
    sid: "WriteSessionLog",
    actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    resources: [pulumi.interpolate`${cluster.execLogGroup.arn}:*`],
  },
  ...(kmsKeyArn === undefined ? [] : [{ sid: "EncryptSession", actions: ["kms:Decrypt"], resources: [kmsKeyArn] }]),
];

function checkSize(args: TaskArgs, where: Compatibility): TaskSize {
  const size = { cpu: readCpu(args.cpu ?? 256), memory: readMemory(args.memory ?? 512) };
  if (where.requires === "FARGATE" && args.gpu)
    refuse("gpu", "Fargate has no GPUs; use compute: ec2 with instances that have one, such as g5.xlarge, or leave gpu out.");
  const complaint = where.requires === "FARGATE" && fargateComplaint(size);
  if (complaint) refuse(complaint.argument, complaint.text);
  if (args.ephemeralStorage !== undefined) wholeNumber("ephemeralStorage", args.ephemeralStorage, 21, 200, " GiB (20 are there anyway)");
  return size;
}

function checkArchitecture(args: TaskArgs): Architecture {
  const own = isImage(args.image) ? args.image.architecture : undefined;
  if (own && args.architecture && own !== args.architecture) {
    refuse(
      "architecture",
      `the image is built for ${own}, the task asks for ${args.architecture}; give the architecture to the image only.`,
    );
  }
  const architecture = own ?? args.architecture ?? "x86_64";
  for (const [name, { image }] of Object.entries(args.sidecars ?? {})) {
    if (isImage(image) && image.architecture !== architecture) {
      refuse(
        `sidecars.${name}`,
        `its image is for ${image.architecture}, the task runs on ${architecture}; all containers of a task run on the same machine.`,
      );
    }
  }
  return architecture;
}

/** Names that AWS takes once in a task: its containers', and its volumes', which are made of their paths. */
function checkNames(name: string, args: TaskArgs): void {
  const sidecars = args.sidecars ?? {};
  if (name in sidecars) refuse(`sidecars.${name}`, "the app's own container has this name; give the sidecar another.");
  const paths = [args, ...Object.values(sidecars)].flatMap(({ writablePaths = [] }) => writablePaths);
  for (const path of paths) {
    const other = paths.find((one) => one !== path && volumeName(one) === volumeName(path));
    if (other !== undefined)
      refuse(
        "writablePaths",
        `${JSON.stringify(path)} and ${JSON.stringify(other)} would be one volume, ${volumeName(path)}; write one of them otherwise.`,
      );
  }
}

/** The app's arguments with the health check of a container that serves HTTP, unless the user said otherwise. */
function withHealth(args: TaskArgs, health: TaskHealth | undefined): Omit<ContainerArgs, "image"> {
  if (args.port === undefined || health === undefined) return args;
  const http = httpHealth(args.port, health.path);
  const environment = { ...http.environment, ...args.environment };
  return { ...args, environment, containerHealthCheck: args.containerHealthCheck ?? http.healthCheck };
}

/** A variable's value, if it may be seen by whoever can describe the task. What the program holds as a plain string is refused at once. */
function plain(key: string, name: string, value: pulumi.Input<string>): pulumi.Input<string> {
  const check = (text: string, secret: boolean) => {
    const complaint = secret ? "it is a Pulumi secret" : credentialComplaint(name, text);
    if (complaint)
      throw new UserError(
        `${key}.${name}: ${complaint}, and a task definition shows its environment to everyone who may look at it. ${keepSecret(name)}`,
      );
    return text;
  };
  if (typeof value === "string") return check(value, false);
  const output = pulumi.output(value);
  return pulumi.all([output, pulumi.isSecret(output)]).apply(([text, secret]) => check(text, secret));
}

/** AWS takes 64 KiB of task definition, nearly all of which are its containers. */
function small(name: string, definitions: string): string {
  const size = Buffer.byteLength(definitions);
  if (size <= 64 * 1024) return definitions;
  throw new UserError(
    `${name}.environment: the containers' definitions have ${Math.ceil(size / 1024)} KiB, AWS takes 64; keep long values in Parameter Store or Secrets Manager and name them in secrets, or put them into the image.`,
  );
}

/** What the ARN of a secret grants; a plain string is checked at once. */
function grant(key: string, name: string, arn: pulumi.Input<string>): pulumi.Input<SecretGrant> {
  return typeof arn === "string" ? secretGrant(name, arn, key) : pulumi.output(arn).apply((value) => secretGrant(name, value, key));
}
