import { createHash } from "node:crypto";
import { Command } from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";
import { ecrRepository, NOT_A_SECRET, type SecretGrant, secretGrant } from "../../facts/arns";
import { baseImage } from "../../facts/base-images";
import { environmentComplaint, shown } from "../../facts/credentials";
import { imageComplaint } from "../../facts/images";
import type { Architecture } from "../../facts/instances";
import { codeRanges } from "../../facts/listeners";
import { stackName } from "../../facts/names";
import type { TaskSize } from "../../facts/sizes";
import * as aws from "../base/aws";
import { onDestroy } from "../base/berth-command";
import { Component, type Transform } from "../base/component";
import { allow, importStatements, pullStatements, type Statement, trust } from "../base/iam";
import { group, type Values } from "../base/schema";
import type { ClusterLike } from "../cluster/cluster-like";
import { type ContainerImage, isImage, readOf } from "../image/image";
import { onFargate, type TaskArgs, task, taskRules, volumeName } from "./arguments";
import {
  type AppProtocol,
  type ContainerValues,
  changedContainer,
  containerDefinition,
  httpHealth,
  type LogTarget,
  withVariables,
} from "./containers";
import { imageRemarks } from "./image-remarks";

/** Where a task definition can run. */
export interface Compatibility {
  requires: "FARGATE" | "EC2" | "MANAGED_INSTANCES";
  networkMode: "awsvpc" | "bridge";
}

/** How a task with a port is asked whether it is well. */
export interface TaskHealth {
  path: string;
  /** Where that is another one than the app's. */
  port?: number;
  protocol: AppProtocol;
  /** The status codes that it takes for healthy. */
  matcher: string;
}

/** What a service's task has that a task by itself has not: it serves, and calls others. */
export interface Serving {
  /** Where requests come to it. */
  health?: TaskHealth;
  /** What is spoken on its port. */
  appProtocol: AppProtocol;
  /** Variables that tell where the services are that it calls, once the whole program has said which. */
  addresses: Promise<Record<string, string>>;
}

type TaskValues = Values<typeof task>;
const ANYWHERE = group(task, ...taskRules);
const ON_FARGATE = group(task, ...taskRules, ...onFargate);

/** The parts of a task: execution role, task role, log group and task definition. */
export class Task extends Component<typeof task> {
  readonly executionRole: aws.iam.Role;
  readonly taskRole: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** Where its containers write. */
  readonly logs: LogTarget;
  readonly taskDefinition: aws.ecs.TaskDefinition;
  readonly size: TaskSize;
  readonly architecture: Architecture;
  /** What must exist before a task starts, and must outlive it: the policies of its roles and its log group. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: TaskArgs, where: Compatibility, serving: Serving | undefined, opts?: pulumi.ComponentResourceOptions) {
    super("Task", name, where.requires === "FARGATE" ? ON_FARGATE : ANYWHERE, args, opts);
    this.size = { cpu: this.args.cpu, memory: this.args.memory };
    this.architecture = this.readArchitecture();
    if (Object.hasOwn(this.args.sidecars, name))
      this.refuse(["sidecars", name], "the app's own container has this name; give the sidecar another.");
    const { cluster, transform } = this.args;

    this.logGroup = this.makeLogGroup("", this.args.logRetentionInDays, transform?.logGroup);
    const containers: Container[] = [
      { key: name, at: [], args: withHealth(this.args, serving?.health), image: this.args.image },
      ...Object.entries(this.args.sidecars).map(([key, { image, ...its }]) => ({ key, at: ["sidecars", key], args: its, image })),
    ];
    this.checkContainers(containers, where);
    this.compareWithImage(where);
    this.executionRole = this.makeTaskRole(
      "execution",
      `What ECS needs to start ${name}: its image, its logs, its secrets`,
      cluster,
      transform?.executionRole,
    );
    const executionPolicy = this.makeRights(
      "execution",
      this.executionRole,
      this.executionStatements(this.args, containers),
      namedRights(this.args, containers),
      transform?.executionPolicy,
    );
    this.taskRole = this.makeTaskRole("task", `What the app in ${name} may do`, cluster, transform?.taskRole);
    const statements = [...(this.args.exec ? execStatements(cluster, this.args.kmsKeyArn) : []), ...this.args.permissions];
    const taskPolicy =
      statements.length > 0 ? [this.makeRights("task", this.taskRole, statements, this.args.permissions, transform?.taskPolicy)] : [];

    this.logs = { group: this.logGroup.name, region: cluster.location.region };
    this.taskDefinition = this.makeTaskDefinition(this.args, where, containers, this.logs, serving);
    // A replaced revision stays registered (skipDestroy below); at the end of the task all of this stack's go.
    const { Project, Stack } = this.tags;
    const owned = { BERTH_CLUSTER: cluster.arn, BERTH_FAMILY: family(name), BERTH_TAGS: JSON.stringify({ Project, Stack }) };
    const revisions = this.make(Command, "revisions", onDestroy("deregister", this, owned));
    this.ready = [executionPolicy, ...taskPolicy, this.logGroup, revisions];
    this.registerOutputs({ taskDefinition: this.taskDefinition.arn });
  }

  private makeTaskRole(suffix: string, description: string, cluster: ClusterLike, transform?: Transform<aws.iam.RoleArgs>): aws.iam.Role {
    const assumeRolePolicy = trust("ecs-tasks.amazonaws.com", "ecs", cluster.location);
    return this.makeRole(suffix, { description, assumeRolePolicy }, transform);
  }

  /**
   * A policy of a role, named after what is granted for the user's sake (`named`), where that is anything: other rights are a new policy beside the old one,
   * which goes at the end of the update, when no task of the earlier revision needs it.
   */
  private makeRights(
    suffix: string,
    role: aws.iam.Role,
    statements: Statement[],
    named: object[],
    transform?: Transform<aws.iam.RolePolicyArgs>,
  ): aws.iam.RolePolicy {
    const own = named.length > 0 ? `${suffix}-${digest(named)}` : suffix;
    const policy = { role: role.name, policy: allow(...statements) };
    return this.make(aws.iam.RolePolicy, own, policy, transform);
  }

  /** Pull these images, write this log group, read these secrets: nothing else. */
  private executionStatements(args: TaskValues, containers: Container[]): Statement[] {
    const { partition } = args.cluster.location;
    const repository = ({ image }: Container) =>
      isImage(image) && image.repository
        ? image.repository.arn
        : pulumi.all([isImage(image) ? image.ref : image, partition]).apply(([ref, part]) => {
            const found = ecrRepository(ref);
            return found && `arn:${part}:ecr:${found.region}:${found.accountId}:repository/${found.name}`;
          });
    const repositories = (of: Container[]) =>
      pulumi.all(of.map(repository)).apply((arns) => unique(arns.filter((arn) => arn !== undefined)));
    const imported = containers.filter(({ image }) => isImage(image) && image.pullThroughCache);
    const grants = containers.flatMap(({ at, args: its }) =>
      Object.entries(its.secrets).map(([name, arn]) => this.grant([...at, "secrets", name], arn)),
    );
    const secretsIn = (service: string) =>
      pulumi.all(grants).apply((all) => unique(all.filter((grant) => grant.service === service).map((grant) => grant.resource)));
    return [
      ...pullStatements(repositories(containers)),
      ...(imported.length > 0 ? importStatements(repositories(imported)) : []),
      { sid: "WriteLogs", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [pulumi.interpolate`${this.logGroup.arn}:*`] },
      ...(grants.length > 0
        ? [
            { sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: secretsIn("secretsmanager") },
            { sid: "ReadParameters", actions: ["ssm:GetParameters"], resources: secretsIn("ssm") },
            { sid: "DecryptSecrets", actions: ["kms:Decrypt"], resources: args.secretsKmsKeyArns },
          ]
        : []),
    ];
  }

  private makeTaskDefinition(
    args: TaskValues,
    where: Compatibility,
    containers: Container[],
    logs: LogTarget,
    serving?: Serving,
  ): aws.ecs.TaskDefinition {
    const definitions = containers.map(({ key, at, args: its, image }) => {
      const environment = Object.fromEntries(
        Object.entries(its.environment).map(([name, value]) => [name, this.plain([...at, "environment", name], name, value)]),
      );
      const ref = isImage(image) ? image.ref : pulumi.output(image).apply((uri) => this.pinned([...at, "image"], uri));
      const definition = containerDefinition(key, { ...its, environment, image: ref }, logs, {
        dynamicPort: where.networkMode === "bridge",
        appProtocol: serving?.appProtocol ?? "http",
      });
      return changedContainer(args.transform?.container, definition);
    });
    definitions.sort((a, b) => (a.name < b.name ? -1 : 1));
    const volumes = unique(containers.flatMap(({ args: its }) => its.writablePaths)).map((path) => ({
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
          .jsonStringify(serving ? serving.addresses.then((variables) => withVariables(definitions, this.label, variables)) : definitions)
          .apply((text) => this.small(text)),
        volumes,
        ...(args.ephemeralStorage !== undefined && { ephemeralStorage: { sizeInGib: args.ephemeralStorage } }),
        // A replaced revision stays active: a deregistered one can be neither rolled back to nor started again.
        skipDestroy: true,
        tags: this.tags,
      },
      args.transform?.taskDefinition,
    );
  }

  /** What AWS refuses of the containers of one task, which only its place and its health check decide. */
  private checkContainers(containers: Container[], where: Compatibility): void {
    const [app] = containers;
    const own = Object.keys(app!.args.environment).find((name) => Object.hasOwn(app!.args.secrets, name));
    if (own)
      this.refuse(
        ["secrets", own],
        "the component sets this variable itself, from port and healthCheck.path; give the secret another name.",
      );
    for (const { at, args } of where.networkMode === "awsvpc" ? containers : []) {
      const other = args.port !== undefined && containers.find((one) => one.at !== at && one.args.port === args.port);
      if (other && at.length > 0)
        this.refuse(
          [...at, "port"],
          `${args.port} is the port of ${other.key}, too, and the containers of a task share its network; choose another.`,
        );
    }
    if (where.requires !== "FARGATE" && this.args.ephemeralStorage !== undefined)
      this.refuse("ephemeralStorage", "only a task on Fargate has a disk of its own; leave it out, or give the instances a larger one.");
  }

  /** What the image's Dockerfile says of itself beside what the arguments say. */
  private compareWithImage(where: Compatibility): void {
    const dockerfile = readOf(this.args.image);
    if (!dockerfile) return;
    for (const remark of imageRemarks(dockerfile, this.args, where.requires === "FARGATE", this.refuse)) {
      if (!dockerfile.remarked.has(remark.text)) this.remark(remark);
      dockerfile.remarked.add(remark.text);
    }
  }

  /** The architecture that all containers of the task share. */
  private readArchitecture(): Architecture {
    const { image, architecture: asked, sidecars } = this.args;
    const own = isImage(image) ? image.architecture : undefined;
    if (own && asked && own !== asked) {
      this.refuse("architecture", `the image is built for ${own}, the task asks for ${asked}; give the architecture to the image only.`);
    }
    const architecture = own ?? asked ?? "x86_64";
    for (const [name, its] of Object.entries(sidecars)) {
      if (isImage(its.image) && its.image.architecture !== architecture) {
        this.refuse(
          ["sidecars", name],
          `its image is for ${its.image.architecture}, the task runs on ${architecture}; all containers of a task run on the same machine.`,
        );
      }
    }
    return architecture;
  }

  /** A variable's value, if it may be seen by whoever can describe the task. */
  private plain(at: string[], name: string, value: pulumi.Input<string>): pulumi.Input<string> {
    if (typeof value === "string") return value;
    const output = pulumi.output(value);
    return pulumi.all([output, pulumi.isSecret(output)]).apply(([text, secret]) => {
      const complaint = secret ? shown(name, "it is a Pulumi secret") : environmentComplaint(name, text);
      return complaint === undefined ? text : this.refuse(at, complaint);
    });
  }

  /** An image that does not change under a running service. */
  private pinned(at: string[], uri: string): string {
    const complaint = imageComplaint(uri);
    return complaint === undefined ? uri : this.refuse(at, complaint);
  }

  /** What the ARN of a secret grants. */
  private grant(at: string[], arn: pulumi.Input<string>): pulumi.Input<SecretGrant> {
    const read = (value: string) => secretGrant(value) ?? this.refuse(at, NOT_A_SECRET);
    return typeof arn === "string" ? read(arn) : pulumi.output(arn).apply(read);
  }

  /** AWS takes 64 KiB of task definition, nearly all of which are its containers. */
  private small(definitions: string): string {
    const size = Buffer.byteLength(definitions);
    if (size <= 64 * 1024) return definitions;
    return this.refuse(
      "environment",
      `the containers' definitions have ${Math.ceil(size / 1024)} KiB, AWS takes 64; keep long values in Parameter Store or Secrets Manager and name them in secrets, or put them into the image.`,
    );
  }
}

/** A container under way: its name, where it stands in the arguments, what is said of it, its image. */
interface Container {
  key: string;
  at: string[];
  args: ContainerValues;
  image: ContainerImage | pulumi.Input<string>;
}

/** The same name at each deploy, so that revisions count up. A project's name may have dots, a family's may not. */
const family = (name: string) => stackName(pulumi.getProject(), pulumi.getStack(), name, 255);
/** A short name for plain values; an Output counts by its place alone. */
const digest = (values: object[]) =>
  createHash("sha256")
    .update(JSON.stringify(values, (_, value: unknown) => (pulumi.Output.isInstance(value) ? "output" : value)))
    .digest("hex")
    .slice(0, 8);
/** What a task reads that is not the stack's own by its very name: images from elsewhere, secrets and their keys. */
const namedRights = ({ secretsKmsKeyArns }: TaskValues, containers: Container[]): object[] => [
  ...containers.flatMap(({ image }) => {
    const uri = isImage(image) ? image.uri : image;
    const found = typeof uri === "string" ? ecrRepository(uri) : undefined;
    return found ? [found] : [];
  }),
  ...containers.map(({ args: its }) => its.secrets).filter((secrets) => Object.keys(secrets).length > 0),
  ...(secretsKmsKeyArns.length > 0 ? [secretsKmsKeyArns] : []),
];
const unique = <T>(items: T[]) => [...new Set(items)];

/**
 * What a shell in a task needs: the channels of the SSM agent, which cannot be scoped, the cluster's log of sessions, which the agent writes itself, and the
 * key that the session is encrypted with, if there is one.
 */
const execStatements = ({ execLogGroupArn }: ClusterLike, kmsKeyArn?: pulumi.Input<string>): Statement[] => [
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
  ...(execLogGroupArn === undefined
    ? []
    : [
        { sid: "FindSessionLog", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
        {
          sid: "WriteSessionLog",
          actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          resources: [pulumi.interpolate`${execLogGroupArn}:*`],
        },
      ]),
  ...(kmsKeyArn === undefined ? [] : [{ sid: "EncryptSession", actions: ["kms:Decrypt"], resources: [kmsKeyArn] }]),
];

/** Whether a check in the container has a shell to run in. An image that nobody has read has one. */
function hasShell(image: TaskValues["image"]): boolean {
  const base = readOf(image)?.facts.base.value;
  return base === undefined || !baseImage(base).noShell;
}

/** The app's arguments with the health check of a container that serves HTTP, unless the user said otherwise or the image has no shell for it. */
function withHealth(args: TaskValues, health: TaskHealth | undefined): ContainerValues {
  if (args.port === undefined || health === undefined) return args;
  if (health.protocol === "tcp") return { ...args, environment: { PORT: String(args.port), ...args.environment } };
  const http = httpHealth(args.port, health.path, health.port);
  const environment = { ...http.environment, ...args.environment };
  // Where there is no HTTP/1.1, or another answer than 2xx is a healthy one, the load balancer alone judges: a check in the container would end what is well.
  const own = health.protocol === "http" && codeRanges(health.matcher).every(([low, high]) => low >= 200 && high < 300);
  return { ...args, environment, containerHealthCheck: args.containerHealthCheck ?? (own && hasShell(args.image) && http.healthCheck) };
}
