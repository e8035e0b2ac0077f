import { createHash } from "node:crypto";
import { Command } from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";
import { baseImage } from "../../facts/base-images";
import { environmentComplaint, shown } from "../../facts/credentials";
import { wordComplaint } from "../../facts/errors";
import { imageComplaint } from "../../facts/images";
import type { Architecture } from "../../facts/instances";
import { codeRanges } from "../../facts/listeners";
import { secretPrefix, stackName } from "../../facts/names";
import type { TaskSize } from "../../facts/sizes";
import * as aws from "../base/aws";
import { onDestroy } from "../base/berth-command";
import { Component, type Transform } from "../base/component";
import { allow, trust } from "../base/iam";
import { ORIGIN, refusal, under } from "../base/origin";
import type { QueueLike } from "../base/queue";
import { group, pick, type Values, withDefaults } from "../base/schema";
import type { ClusterLike } from "../cluster/cluster-like";
import type { AmiFamily } from "../cluster/user-data";
import { FileBucket, type FileBucketTransform } from "../files/file-bucket";
import { FileSystem } from "../files/file-system";
import { isImage, readOf } from "../image/image";
import { onFargate, type TaskArgs, task, taskRules } from "./arguments";
import {
  type ContainerValues,
  changedContainer,
  containerDefinition,
  httpHealth,
  type NamedContainer,
  type Scheme,
  withVariables,
} from "./containers";
import { type EnvironmentFile, environmentFilesPart, findEnvironmentFiles } from "./environment-files";
import { execPart } from "./exec";
import { afterRouter, firelens, ROUTER, routerContainer, routerPart } from "./firelens";
import { imageRemarks } from "./image-remarks";
import { credentialsOf, imagesPart } from "./images";
import { placeComplaints } from "./kernel";
import { awslogs, type LogConfiguration, type LogTarget, logsOf } from "./logging";
import { orderComplaints } from "./order";
import { type Container, type Reach, type Rights, rightsOf, type TaskPart, takes } from "./part";
import { permissionsPart } from "./permissions";
import { type ContainerPort, type FurtherPort, portName, portsOf, type Spoken, sidecarPortName } from "./ports";
import { type Queues, queuesPart, queueVariables, withQueueRights } from "./queues";
import { type FoundSecret, findSecrets, type Stored, secretsPart, valuesFrom } from "./secrets";
import { appShare, share, shareComplaints } from "./share";
import { collectorPart, type Observed, withCollector } from "./telemetry";
import { type Around, scratchPart, volumesPart } from "./volumes";

/** Where a task definition can run. */
export interface Compatibility {
  requires: "FARGATE" | "EC2" | "MANAGED_INSTANCES";
  networkMode: "awsvpc" | "bridge";
  /** What the instances of a group of one's own run, where that is known. */
  amiFamily?: AmiFamily;
  /** One task on each instance, in place of a number of tasks: a service of EC2 instances (`schedulingStrategy: DAEMON`), or a daemon of Managed Instances. */
  daemon?: boolean;
}

/** How a task with a port is asked whether it is well. */
export interface TaskHealth {
  path: string;
  /** Where that is another one than the app's. */
  port?: number;
  protocol: Spoken;
  /** What it is asked by; a container's own check does not ask by TCP. */
  scheme: Scheme | "tcp";
  /** The status codes that it takes for healthy. */
  matcher: string;
}

/** What a service's task has that a task by itself has not: it serves, and calls others. */
export interface Serving {
  /** Where requests come to it. */
  health?: TaskHealth;
  /** What is spoken on its port. */
  protocol: Spoken;
  /** The ports beside that. */
  ports: FurtherPort[];
  /** The queue that it works on. */
  queue?: QueueLike;
  /** Variables that tell where the services are that it calls, once the whole program has said which. */
  addresses: Promise<Record<string, string>>;
}

type TaskValues = Values<typeof task>;
const ANYWHERE = group(task, ...taskRules);
const ON_FARGATE = group(task, ...taskRules, ...onFargate);

/** The parts of a task, whatever is registered of it: execution role, task role, log group and definition. */
export abstract class AnyTask<Definition extends pulumi.Resource & { readonly arn: pulumi.Output<string> }> extends Component<typeof task> {
  readonly executionRole: aws.iam.Role;
  readonly taskRole: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** What counts lines of the log group, by name. */
  readonly metricFilters: Record<string, aws.cloudwatch.LogMetricFilter>;
  /** The log group, as a container is told of it. */
  readonly logs: LogTarget;
  readonly taskDefinition: Definition;
  readonly size: TaskSize;
  readonly architecture: Architecture;
  /** What must exist before a task starts, and must outlive it: the policies of its roles and its log group. */
  readonly ready: pulumi.Resource[];
  /** Security groups that the tasks reach. */
  readonly reaches: Reach[];

  constructor(name: string, args: TaskArgs, where: Compatibility, serving: Serving | undefined, opts?: pulumi.ComponentResourceOptions) {
    super("Task", name, where.requires === "FARGATE" ? ON_FARGATE : ANYWHERE, args, opts);
    this.size = { cpu: this.args.cpu, memory: this.args.memory };
    this.architecture = this.readArchitecture();
    if (Object.hasOwn(this.args.sidecars, name))
      this.refuse(["sidecars", name], "the app's own container has this name; give the sidecar another.");
    const { cluster, sidecars, transform } = this.args;

    this.logGroup = this.makeLogGroup("", this.args.logRetentionInDays, transform?.logGroup);
    const observed = this.args.telemetry && this.observed(name, this.args, where);
    const queues: Queues = { ...(serving?.queue && { worksOn: serving.queue }), sendsTo: this.args.sendsTo };
    const written = this.withRouter([
      {
        key: name,
        at: [],
        args: withQueues(withHealth(this.args, serving?.health), queues),
        share: appShare(this.size, Object.values(sidecars)),
        image: this.args.image,
      },
      ...Object.entries(sidecars).map(([key, its]) => ({
        key,
        at: ["sidecars", key],
        args: its,
        share: pick(its, share),
        image: its.image,
      })),
    ]);
    const { telemetry: its } = this.args;
    const containers = its && observed ? withCollector(written, its, observed, this.architecture, this.refuse) : written;
    const routed = { task: name, cluster, logGroup: this.logGroup };
    this.metricFilters = this.makeMetricFilters(transform?.metricFilter);
    this.checkContainers(containers, where);
    this.checkPorts(containers, where, serving?.ports ?? []);
    this.compareWithImage(where);
    const named = [
      ...containers.map(({ at, args: its }) => ({ at: [...at, "secrets"], secrets: its.secrets })),
      { at: SECRET_OPTIONS, secrets: this.args.logging.secretOptions },
    ];
    const secrets = findSecrets(named, {
      location: cluster.location,
      refuse: this.refuse,
      store: (at, secret, value) => this.storeSecret(at, secret, value),
    });
    const files = this.findFiles(containers, transform?.fileBucket);
    const parts: TaskPart[] = [
      imagesPart(containers, cluster.location.partition, this.args.secretsKmsKeyArns),
      this.logsPart(),
      ...(this.args.logging.firelens ? [routerPart(this.args.logging.firelens, routed)] : []),
      ...(its && observed ? [collectorPart(its, observed)] : []),
      secretsPart(named, secrets, this.args),
      environmentFilesPart(files, this.args),
      scratchPart(containers),
      volumesPart(this.args.volumes, containers, this.around(this.args, where)),
      ...(this.args.exec ? [execPart(cluster, this.args.kmsKeyArn)] : []),
      permissionsPart(withQueueRights(this.args.permissions, queues), this.refuse),
      queuesPart(queues),
    ];

    this.executionRole = this.makeTaskRole(
      "execution",
      `What ECS needs to start ${name}: its image, its logs, its secrets`,
      cluster,
      transform?.executionRole,
    );
    const executionRights = rightsOf(parts, "executionRights");
    const executionPolicy = this.makeRights("execution", this.executionRole, executionRights, transform?.executionPolicy);
    this.taskRole = this.makeTaskRole("task", `What the app in ${name} may do`, cluster, transform?.taskRole);
    const taskRights = rightsOf(parts, "taskRights");
    const taskPolicy = taskRights.statements.length > 0 ? [this.makeRights("task", this.taskRole, taskRights, transform?.taskPolicy)] : [];

    this.logs = { group: this.logGroup.name, region: cluster.location.region };
    const logs = logsOf(this.args.logging, valuesFrom(secrets, SECRET_OPTIONS), routed, where.requires, this.refuse);
    const definitions = this.definitionsOf(this.args, where, containers, { secrets, files }, logs, serving);
    const volumes = parts.flatMap((part) => part.volumes ?? []);
    const registered = this.register(definitions, volumes, where, serving);
    this.taskDefinition = registered.definition;
    this.reaches = parts.flatMap((part) => part.reaches ?? []);
    this.ready = [executionPolicy, ...taskPolicy, ...parts.flatMap((part) => part.ready ?? []), ...registered.ready];
    this.registerOutputs({ taskDefinition: registered.definition.arn });
  }

  /** Registers what the task is, with what must outlive the task beside that. */
  protected abstract register(
    definitions: NamedContainer[],
    volumes: aws.types.input.ecs.TaskDefinitionVolume[],
    where: Compatibility,
    serving?: Serving,
  ): { definition: Definition; ready: pulumi.Resource[] };

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
    { statements, named }: Required<Rights>,
    transform?: Transform<aws.iam.RolePolicyArgs>,
  ): aws.iam.RolePolicy {
    const own = named.length > 0 ? `${suffix}-${digest(named)}` : suffix;
    const policy = { role: role.name, policy: allow(...statements) };
    return this.make(aws.iam.RolePolicy, own, policy, transform);
  }

  /**
   * Stores the value of a secret. The end of the name is the provider's: a deleted secret keeps its name for days, and a stack that is made anew needs one.
   * A version is for ever: another value is another one, which the next revision names, while that of the serving one can still be read.
   */
  private storeSecret(at: string[], name: string, value: pulumi.Input<string>): Stored {
    const { transform, kmsKeyArn } = this.args;
    const suffix = [...at.slice(0, -1).filter((word) => word !== "sidecars"), name].join("-");
    const secret = this.make(
      aws.secretsmanager.Secret,
      suffix,
      {
        namePrefix: secretPrefix(pulumi.getProject(), pulumi.getStack(), this.label, suffix),
        description: `${suffix} of ${this.label}`,
        ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
        // The value is in the stack's configuration, too.
        recoveryWindowInDays: 7,
        tags: this.tags,
      },
      transform?.secret,
      // Without a key of its own again, AWS would leave it with the one that goes.
      { replaceOnChanges: ["kmsKeyId"] },
    );
    const version = this.make(
      aws.secretsmanager.SecretVersion,
      suffix,
      { secretId: secret.id, secretString: value },
      transform?.secretVersion,
    );
    return { secret: secret.arn, versionId: version.versionId };
  }

  /** Metrics of what the app writes, in the stack's namespace: 0 where nothing is found, so that an alarm tells silence from trouble. */
  private makeMetricFilters(transform?: Transform<aws.cloudwatch.LogMetricFilterArgs>): Record<string, aws.cloudwatch.LogMetricFilter> {
    const namespace = `${pulumi.getProject()}/${pulumi.getStack()}`;
    const make = (name: string, pattern: string) => {
      const metricTransformation = { name: `${this.label}-${name}`, namespace, value: "1", defaultValue: "0", unit: "Count" };
      return this.make(
        aws.cloudwatch.LogMetricFilter,
        name,
        { logGroupName: this.logGroup.name, pattern, metricTransformation },
        transform,
      );
    };
    return Object.fromEntries(Object.entries(this.args.logging.metricFilters).map(([name, pattern]) => [name, make(name, pattern)]));
  }

  /** The files with variables; a bucket is there where one of them is the project's. */
  private findFiles(containers: Container[], transform?: FileBucketTransform): EnvironmentFile[] {
    let bucket: FileBucket | undefined;
    const bucketOf = () => {
      bucket ??= new FileBucket(`${this.label}-env`, { ...this.common, ...(transform && { transform }) }, { parent: this });
      return bucket;
    };
    return findEnvironmentFiles(containers, bucketOf, this.refuse);
  }

  /** What the collector of telemetry is told of the task. The metrics of `otel` have a log group of their own. */
  private observed(task: string, { cluster, telemetry: its, logRetentionInDays, transform }: TaskValues, where: Compatibility): Observed {
    if (where.networkMode === "bridge")
      this.refuse("telemetry", "in bridge mode the containers of a task have no network in common; leave it out, or use awsvpc.");
    if (its?.collector !== "otel") return { task, cluster };
    return { task, cluster, metrics: this.makeLogGroup("telemetry", logRetentionInDays, transform?.logGroup) };
  }

  /** Write this log group, which is there before the first line. */
  private logsPart(): TaskPart {
    const resources = [pulumi.interpolate`${this.logGroup.arn}:*`];
    const statements = [{ sid: "WriteLogs", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources }];
    return { executionRights: { statements }, ready: [this.logGroup] };
  }

  /** What the task's volumes are made in: a file system is the task's own, and belongs to its user unless that is a name or root. */
  private around({ cluster: { network }, user, transform }: TaskValues, where: Compatibility): Around {
    const [uid = "", gid = uid] = user.split(":");
    const owner = /^[1-9]\d*:\d+$/.test(`${uid}:${gid}`) ? { owner: `${uid}:${gid}` } : {};
    return {
      where,
      network,
      refuse: this.refuse,
      makeFileSystem: (name, settings) => {
        const origin = { [ORIGIN]: under(this.origin, "volumes", name, "efs") };
        const its = { network, ...owner, ...settings, ...(transform?.fileSystem && { transform: transform.fileSystem }) };
        return new FileSystem(`${this.label}-${name}`, { ...its, ...this.common, ...origin }, { parent: this });
      },
    };
  }

  private definitionsOf(
    args: TaskValues,
    where: Compatibility,
    containers: Container[],
    { secrets, files }: { secrets: FoundSecret[]; files: EnvironmentFile[] },
    logs: (container: string) => LogConfiguration,
    serving?: Serving,
  ): NamedContainer[] {
    const definitions = containers.map(({ key, at, args: its, share: part, image, own }) => {
      const environment = Object.fromEntries(
        Object.entries(its.environment).map(([name, value]) => [name, this.plain([...at, "environment", name], name, value)]),
      );
      const ref = isImage(image) ? image.ref : pulumi.output(image).apply((uri) => this.pinned([...at, "image"], uri));
      const made = containerDefinition(
        key,
        {
          ...its,
          share: part,
          environment,
          environmentFiles: files.filter((file) => file.at === at).map(({ arn }) => arn),
          secrets: valuesFrom(secrets, [...at, "secrets"]),
          image: ref,
          login: credentialsOf({ image }),
        },
        own ? awslogs(this.logs, key) : logs(key),
        {
          dynamicPort: where.networkMode === "bridge",
          ports: portsOf(key, ownPort({ key, at, args: its }, serving), serving?.ports ?? []),
        },
      );
      return changedContainer(args.transform?.container, { ...made, ...own });
    });
    return definitions.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The containers, with FireLens's router in front of them where it takes their output. */
  private withRouter(others: Container[]): Container[] {
    const { cluster, logging } = this.args;
    if (logging.driver !== "firelens") return others;
    const its = logging.firelens ?? withDefaults(firelens, {});
    for (const { at, key } of others)
      if (key === ROUTER) this.refuse(at.length > 0 ? at : "name", "FireLens's router has this name; choose another.");
    return [...others.map(afterRouter), routerContainer(its, cluster, this.architecture)];
  }

  /** What AWS refuses of the containers of one task, which only its place and its health check decide. */
  private checkContainers(containers: Container[], where: Compatibility): void {
    const complaints = [
      ...orderComplaints(containers),
      ...placeComplaints(containers, where),
      ...shareComplaints(this.size, this.args.sidecars),
    ];
    if (complaints.length > 0) throw refusal(this.origin, complaints);
    const [app] = containers;
    const own = Object.keys(app!.args.environment).find((name) => Object.hasOwn(app!.args.secrets, name));
    if (own)
      this.refuse(
        ["secrets", own],
        "the component sets this variable itself, from port and healthCheck.path; give the secret another name.",
      );
    for (const one of where.networkMode === "awsvpc" ? containers : []) {
      const { port } = one.args;
      const other = port !== undefined && containers.find((another) => another !== one && takes(another).includes(port));
      // Of two containers the user's own, and of those the sidecar, chooses another.
      if (other && (one.at.length > 0 || other.listens)) this.refuse([...one.at, "port"], `${isTaken(port, other.key)}; choose another.`);
    }
    if (where.requires !== "FARGATE" && this.args.ephemeralStorage !== undefined)
      this.refuse("ephemeralStorage", "only a task on Fargate has a disk of its own; leave it out, or give the instances a larger one.");
  }

  /** What AWS refuses of the further ports of a task beside those of its containers. */
  private checkPorts(containers: Container[], where: Compatibility, further: readonly FurtherPort[]): void {
    for (const { name, container, port } of further) {
      const listens = containers.find(({ key }) => key === container);
      if (!listens)
        this.refuse(
          ["ports", name, "container"],
          wordComplaint(
            container,
            containers.map(({ key }) => key),
            "a container of the task",
          ),
        );
      const twin = containers.find(
        ({ key, at, args: { port: own } }) =>
          at.length > 0 && own !== undefined && sidecarPortName(key) === name && !(key === container && own === port),
      );
      if (twin) this.refuse(["ports", name], `the port of the sidecar ${twin.key} has that name; choose another.`);
      const other = where.networkMode === "awsvpc" && containers.find((one) => one !== listens && takes(one).includes(port));
      const taken = where.networkMode === "awsvpc" && further.find((one) => one.port === port && one.container !== container);
      if (other || taken)
        this.refuse(
          ["ports", name, "port"],
          `${isTaken(port, other ? other.key : (taken as FurtherPort).container)}; choose another, or name that container.`,
        );
    }
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
}

/** A task that a service or a caller starts. */
export class Task extends AnyTask<aws.ecs.TaskDefinition> {
  protected override register(
    definitions: NamedContainer[],
    volumes: aws.types.input.ecs.TaskDefinitionVolume[],
    where: Compatibility,
    serving?: Serving,
  ) {
    const { ephemeralStorage, cluster, transform } = this.args;
    const definition = this.make(
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
        ...(ephemeralStorage !== undefined && { ephemeralStorage: { sizeInGib: ephemeralStorage } }),
        // A replaced revision stays active: a deregistered one can be neither rolled back to nor started again.
        skipDestroy: true,
        tags: this.tags,
      },
      transform?.taskDefinition,
    );
    // A replaced revision stays registered (skipDestroy); at the end of the task all of this stack's go.
    const { Project, Stack } = this.tags;
    const owned = { BERTH_CLUSTER: cluster.arn, BERTH_FAMILY: family(this.label), BERTH_TAGS: JSON.stringify({ Project, Stack }) };
    return { definition, ready: [this.make(Command, "revisions", onDestroy("deregister", this, owned))] };
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

const isTaken = (port: number, by: string) => `${port} is the port of ${by}, too, and the containers of a task share its network`;

/** Where the secrets of a log driver stand. */
const SECRET_OPTIONS = ["logging", "secretOptions"];

/** The same name at each deploy, so that revisions count up. A project's name may have dots, a family's may not. */
export const family = (name: string) => stackName(pulumi.getProject(), pulumi.getStack(), name, 255);
/** A short name for plain values; an Output counts by its place alone. */
const digest = (values: object[]) =>
  createHash("sha256")
    .update(JSON.stringify(values, (_, value: unknown) => (pulumi.Output.isInstance(value) ? "output" : value)))
    .digest("hex")
    .slice(0, 8);
/** The port that a container's own arguments name. */
function ownPort({ key, at, args: { port } }: Pick<Container, "key" | "at" | "args">, serving?: Serving): ContainerPort | undefined {
  if (port === undefined) return undefined;
  if (at.length > 0) return { name: sidecarPortName(key), port, protocol: "http" };
  const protocol = serving?.protocol ?? "http";
  return { name: portName(protocol), port, protocol };
}

/** Whether a check in the container has a shell to run in. An image that nobody has read has one. */
function hasShell(image: TaskValues["image"]): boolean {
  const base = readOf(image)?.facts.base.value;
  return base === undefined || !baseImage(base).noShell;
}

/** The app's arguments with the health check of a container that serves HTTP, unless the user said otherwise or the image has no shell for it. */
function withHealth(args: TaskValues, health: TaskHealth | undefined): ContainerValues {
  if (args.port === undefined || health === undefined) return args;
  if (health.scheme === "tcp") return { ...args, environment: { PORT: String(args.port), ...args.environment } };
  const http = httpHealth(args.port, health.path, health.scheme, health.port);
  const environment = { ...http.environment, ...args.environment };
  // Where there is no HTTP/1.1, or another answer than 2xx is a healthy one, the load balancer alone judges: a check in the container would end what is well.
  const hasRequests = health.protocol === "http" || health.protocol === "https";
  const own = hasRequests && codeRanges(health.matcher).every(([low, high]) => low >= 200 && high < 300);
  return { ...args, environment, containerHealthCheck: args.containerHealthCheck ?? (own && hasShell(args.image) && http.healthCheck) };
}

/** The app's arguments with where its queues are, unless it has a variable or a secret of that name. */
function withQueues(args: ContainerValues, queues: Queues): ContainerValues {
  const own = { ...args.environment, ...args.secrets };
  const added = Object.entries(queueVariables(queues)).filter(([name]) => !Object.hasOwn(own, name));
  return added.length === 0 ? args : { ...args, environment: { ...args.environment, ...Object.fromEntries(added) } };
}
