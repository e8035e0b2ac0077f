// A task definition as `docker run` takes it, so that what ECS will impose on a container can be imposed on this machine. Pure: arguments in, arguments out.
// A property without a translation is an error, never left out: a constraint that is forgotten here is one that first bites on AWS.
import { UserError } from "../../facts/errors";

export interface TaskDefinition {
  /** JSON, as `aws.ecs.TaskDefinition` takes it. */
  containerDefinitions: string;
  /** CPU units of the whole task, 1024 to a vCPU. */
  cpu?: string;
  /** MiB of the whole task. */
  memory?: string;
  volumes?: { name: string; hostPath?: string }[];
}

export interface ContainerDefinition {
  name: string;
  user?: string;
  stopTimeout?: number;
  memory?: number;
  environment?: { name: string; value: string }[];
  environmentFiles?: { value: string }[];
  portMappings?: { containerPort: number }[];
  healthCheck?: { command: string[]; interval?: number; timeout?: number; retries?: number; startPeriod?: number };
  [property: string]: unknown;
}

export interface RunOptions {
  /** The container's name in Docker. */
  name: string;
  image: string;
  /** What the image declares with VOLUME. */
  imageVolumes: string[];
  /** `host` shares the network of this machine, so that a closed port refuses, as a task's own address does. Defaults to a published port on loopback. */
  network?: "host";
  /** Added to the container's environment; wins over it. */
  environment?: Record<string, string>;
  /** Replaces the command. */
  command?: string[];
  /** File with further variables, which take the place of secrets. */
  envFile?: string;
}

/** The containers of a task definition. */
export const containersOf = (task: TaskDefinition) => JSON.parse(task.containerDefinitions) as ContainerDefinition[];

/** The arguments after `docker` that start `container` of `task` under the task definition's constraints. */
export function dockerRunArguments(task: TaskDefinition, container: ContainerDefinition, options: RunOptions): string[] {
  const flags = Object.entries(container).flatMap(([property, value]) => {
    const translate = PROPERTIES[property];
    if (!translate) throw new UserError(`container "${container.name}": docker run has no translation for "${property}".`);
    return translate(value as never, { task, options });
  });
  const entryPoint = (container.entryPoint ?? []) as string[];
  const command = options.command ?? ((container.command ?? []) as string[]);
  return [
    ...["run", "--detach", "--name", options.name],
    ...flags,
    ...taskFlags(task, container),
    // ECS knows nothing of a HEALTHCHECK in the image.
    ...(container.healthCheck ? [] : ["--no-healthcheck"]),
    ...(container.stopTimeout === undefined ? ["--stop-timeout", "30"] : []),
    ...(options.network ? ["--network", options.network] : []),
    ...environmentFlags(options.environment ?? {}),
    ...(options.envFile ? ["--env-file", options.envFile] : []),
    ...(entryPoint.length > 0 ? ["--entrypoint", entryPoint[0]!] : []),
    options.image,
    ...entryPoint.slice(1),
    ...command,
  ];
}

/** What the task as a whole may use is a hard limit on Fargate; there is no swap. */
function taskFlags(task: TaskDefinition, container: ContainerDefinition): string[] {
  const memory = container.memory ?? task.memory;
  return [
    ...(task.cpu ? ["--cpus", String(Number(task.cpu) / 1024)] : []),
    ...(memory ? ["--memory", `${memory}m`, "--memory-swap", `${memory}m`] : []),
  ];
}

const environmentFlags = (environment: Record<string, string>) =>
  Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]);

type Context = { task: TaskDefinition; options: RunOptions };
type Translation = (value: never, context: Context) => string[];
const nothing: Translation = () => [];
const property = <T>(translate: (value: T, context: Context) => string[]): Translation => translate as Translation;
const flag = (name: string): Translation => property<boolean>((on) => (on ? [name] : []));

const PROPERTIES: Record<string, Translation> = {
  // Said elsewhere in the command, or about the task around the container, which is started here alone.
  name: nothing,
  image: nothing,
  essential: nothing,
  memory: nothing,
  command: nothing,
  entryPoint: nothing,
  logConfiguration: nothing,
  repositoryCredentials: nothing,
  dependsOn: nothing,
  startTimeout: nothing,
  restartPolicy: nothing,
  user: property<string>((user) => ["--user", user]),
  workingDirectory: property<string>((path) => ["--workdir", path]),
  privileged: flag("--privileged"),
  readonlyRootFilesystem: flag("--read-only"),
  stopTimeout: property<number>((seconds) => ["--stop-timeout", String(seconds)]),
  cpu: property<number>((units) => (units > 0 ? ["--cpu-shares", String(units)] : [])),
  memoryReservation: property<number>((mebibytes) => ["--memory-reservation", `${mebibytes}m`]),
  environment: property<{ name: string; value: string }[]>((entries) =>
    environmentFlags(Object.fromEntries(entries.map(({ name, value }) => [name, value]))),
  ),
  environmentFiles: property<{ value: string }[]>((files, { options }) => {
    if (files.length > 0 && options.envFile === undefined)
      throw new UserError(
        `environmentFiles: ${files.map(({ value }) => value).join(", ")} lies in S3; give its variables in a file to run this container.`,
      );
    return [];
  }),
  secrets: property<{ name: string }[]>((entries, { options }) => {
    const missing = entries.filter(({ name }) => options.environment?.[name] === undefined).map(({ name }) => name);
    if (missing.length > 0 && options.envFile === undefined)
      throw new UserError(`secrets ${missing.join(", ")}: give each a value in "environment" to run this container.`);
    return [];
  }),
  portMappings: property<{ containerPort: number }[]>((ports, { options }) =>
    options.network === "host" ? [] : ports.flatMap(({ containerPort }) => ["--publish", `127.0.0.1::${containerPort}`]),
  ),
  ulimits: property<{ name: string; softLimit: number; hardLimit: number }[]>((limits) =>
    limits.flatMap(({ name, softLimit, hardLimit }) => ["--ulimit", `${name}=${softLimit}:${hardLimit}`]),
  ),
  systemControls: property<{ namespace: string; value: string }[]>((controls) =>
    controls.flatMap(({ namespace, value }) => ["--sysctl", `${namespace}=${value}`]),
  ),
  dockerLabels: property<Record<string, string>>((labels) =>
    Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
  ),
  extraHosts: property<{ hostname: string; ipAddress: string }[]>((hosts) =>
    hosts.flatMap(({ hostname, ipAddress }) => ["--add-host", `${hostname}:${ipAddress}`]),
  ),
  dnsServers: property<string[]>((servers) => servers.flatMap((server) => ["--dns", server])),
  dnsSearchDomains: property<string[]>((domains) => domains.flatMap((domain) => ["--dns-search", domain])),
  dockerSecurityOptions: property<string[]>((values) => values.flatMap((value) => ["--security-opt", value])),
  volumesFrom: property<unknown[]>((sources) => {
    if (sources.length > 0)
      throw new UserError("volumesFrom: a container is started here alone, so it cannot take the volumes of another.");
    return [];
  }),
  mountPoints: property<MountPoint[]>((mounts, context) => mounts.flatMap((mount) => mountFlags(mount, context))),
  linuxParameters: property<Record<string, never>>((parameters, context) =>
    Object.entries(parameters).flatMap(([name, value]) => {
      const translate = LINUX_PARAMETERS[name];
      if (!translate) throw new UserError(`linuxParameters: docker run has no translation for "${name}".`);
      return translate(value, context);
    }),
  ),
  healthCheck: property<NonNullable<ContainerDefinition["healthCheck"]>>((check) => [
    ...["--health-cmd", shellCommand(check.command)],
    ...["--health-interval", `${check.interval ?? 30}s`, "--health-timeout", `${check.timeout ?? 5}s`],
    ...["--health-retries", String(check.retries ?? 3), "--health-start-period", `${check.startPeriod ?? 0}s`],
  ]),
};

const LINUX_PARAMETERS: Record<string, Translation> = {
  capabilities: property<{ add?: string[]; drop?: string[] }>(({ add = [], drop = [] }) => [
    ...drop.flatMap((capability) => ["--cap-drop", capability]),
    ...add.flatMap((capability) => ["--cap-add", capability]),
  ]),
  initProcessEnabled: flag("--init"),
  tmpfs: property<{ containerPath: string; size: number; mountOptions?: string[] }[]>((all) =>
    all.flatMap(({ containerPath, size, mountOptions = [] }) => [
      "--tmpfs",
      `${containerPath}:${[...mountOptions, `size=${size}m`].join(",")}`,
    ]),
  ),
  sharedMemorySize: property<number>((mebibytes) => ["--shm-size", `${mebibytes}m`]),
};

interface MountPoint {
  sourceVolume: string;
  containerPath: string;
  readOnly?: boolean;
}

function mountFlags({ sourceVolume, containerPath, readOnly }: MountPoint, { task, options }: Context): string[] {
  const volume = task.volumes?.find(({ name }) => name === sourceVolume);
  if (!volume) throw new UserError(`mountPoints: the task has no volume "${sourceVolume}".`);
  const suffix = readOnly ? ",readonly" : "";
  if (volume.hostPath) return ["--mount", `type=bind,source=${volume.hostPath},target=${containerPath}${suffix}`];
  const kind = Object.keys(volume).find((key) => key !== "name" && key !== "hostPath" && volume[key as keyof typeof volume] !== undefined);
  // The access point of a file system lets any user write; a volume of Docker's would belong to root.
  if (kind === "efsVolumeConfiguration") return ["--tmpfs", `${containerPath}:${readOnly ? "ro" : "rw"},mode=1777`];
  if (kind) throw new UserError(`volumes: "${sourceVolume}" has ${kind}, which exists on AWS alone.`);
  // Fargate gives an empty volume the rights of the image's folder only where the Dockerfile says VOLUME; any other belongs to root. (A tmpfs has the rights
  // of a folder that is there, whatever mode it is given.)
  if (options.imageVolumes.includes(containerPath)) return ["--mount", `type=volume,target=${containerPath}${suffix}`];
  return ["--mount", `type=volume,target=${containerPath},volume-nocopy${suffix}`];
}

/** `docker run` knows health checks in a shell only; a command without one is quoted so that the shell changes nothing. */
function shellCommand([kind, ...words]: string[]): string {
  if (kind === "CMD-SHELL") return words.join(" ");
  if (kind === "CMD") return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  throw new UserError(`healthCheck.command starts with "${kind}"; ECS takes "CMD" or "CMD-SHELL".`);
}
