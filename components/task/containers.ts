// The container part of a task definition: arguments in, canonical JSON structure out. Pure; Pulumi's Input is only a type here.
import type { Input } from "@pulumi/pulumi";
import { wholeNumber } from "../../facts/errors";

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

/** What a container needs and may do. Everything but the image has a safe default; each safety is relaxed by its own argument. */
export interface ContainerArgs {
  /** The image, by digest or unique tag (`image`). */
  image: Input<string>;
  /** Replaces the image's CMD (`command`). */
  command?: string[];
  /** Replaces the image's ENTRYPOINT (`entryPoint`). */
  entryPoint?: string[];
  /** Port that the container listens on, 1 to 65535 (`portMappings[].containerPort`). */
  port?: number;
  /** Plain environment variables. Credentials and Pulumi secrets are refused: use `secrets`. */
  environment?: Record<string, Input<string>>;
  /** Environment variables whose values come from Secrets Manager or Parameter Store, by ARN (`secrets[].valueFrom`). */
  secrets?: Record<string, Input<string>>;
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
  /** Health check inside the container (`healthCheck`), or false for none. */
  containerHealthCheck?: ContainerHealthCheck | false;
  /** Whether the task stops when this container stops (`essential`). Defaults to true. */
  essential?: boolean;
  /** GPUs of the container (`resourceRequirements`); EC2 only. Defaults to none. */
  gpu?: number;
}

/** What the place that a container runs in decides. */
export interface Surroundings {
  /** Bridge mode: Docker chooses the port on the instance. */
  dynamicPort: boolean;
}

/** Where a container's output goes. */
export interface LogTarget {
  group: Input<string>;
  region: Input<string>;
}

const byName = <T>(entries: Record<string, T>) => Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
/** "/tmp" -> "tmp", "/var/cache" -> "var-cache" */
export const volumeName = (path: string) => path.replace(/^\/+|\/+$/g, "").replace(/[^A-Za-z0-9_-]+/g, "-");

/** What keeps a shell out of a task; undefined if nothing does. */
export const execComplaint = (given: { exec?: boolean; readonlyRootFilesystem?: boolean }): string | undefined =>
  given.exec && given.readonlyRootFilesystem !== false
    ? "ECS Exec writes its agent into the container, which a read-only root file system forbids; set readonlyRootFilesystem: false as well, or leave exec off."
    : undefined;

/**
 * The health check of a container that answers HTTP, with whatever the image has: wget, curl, node or python3. The command is a constant; port and path
 * reach it as environment variables, so no setting ever becomes part of a shell script. An image with none of the four passes: the load
 * balancer's own check still stands. (An image without a shell needs `containerHealthCheck: false`.)
 */
const HTTP_CHECK = [
  'u="http://127.0.0.1:$PORT$HEALTH_CHECK_PATH"',
  'if command -v wget >/dev/null; then exec wget -q -T 4 -O /dev/null "$u"; fi',
  'if command -v curl >/dev/null; then exec curl -fsS -m 4 -o /dev/null "$u"; fi',
  `if command -v node >/dev/null; then exec node -e 'require("http").get(process.argv[1],r=>process.exit(r.statusCode<400?0:1)).on("error",()=>process.exit(1))' "$u"; fi`,
  `if command -v python3 >/dev/null; then exec python3 -c 'import sys,urllib.request as r; r.urlopen(sys.argv[1],timeout=4)' "$u"; fi`,
].join("; ");

/** The environment and health check of a container that serves HTTP on `port` and answers `path` when it is well. */
export function httpHealth(port: number, path: string) {
  return {
    environment: { PORT: String(port), HEALTH_CHECK_PATH: path },
    healthCheck: { command: ["CMD-SHELL", HTTP_CHECK] } satisfies ContainerHealthCheck,
  };
}

/**
 * One entry of `containerDefinitions`. ECS fills in what is left out and gives it back sorted its own way; so that a second `pulumi up` sees no
 * difference, the defaults are written out and everything stands in a fixed order.
 */
export function containerDefinition(
  name: string,
  args: ContainerArgs,
  logs: LogTarget,
  { dynamicPort }: Surroundings = { dynamicPort: false },
) {
  if (args.port !== undefined) wholeNumber(`${name}.port`, args.port, 1, 65535);
  const stopTimeout = wholeNumber(`${name}.stopTimeout`, args.stopTimeout ?? 30, 2, 120, " seconds");
  const check = args.containerHealthCheck;
  return {
    name,
    image: args.image,
    essential: args.essential ?? true,
    cpu: 0,
    ...(args.command && { command: args.command }),
    ...(args.entryPoint && { entryPoint: args.entryPoint }),
    portMappings:
      args.port === undefined
        ? []
        : [{ name: "http", containerPort: args.port, hostPort: dynamicPort ? 0 : args.port, protocol: "tcp", appProtocol: "http" }],
    environment: byName(args.environment ?? {}).map(([n, value]) => ({ name: n, value })),
    ...(args.secrets &&
      Object.keys(args.secrets).length > 0 && { secrets: byName(args.secrets).map(([n, valueFrom]) => ({ name: n, valueFrom })) }),
    user: args.user ?? "1000:1000",
    readonlyRootFilesystem: args.readonlyRootFilesystem ?? true,
    mountPoints: (args.writablePaths ?? ["/tmp"]).map((path) => ({ containerPath: path, readOnly: false, sourceVolume: volumeName(path) })),
    volumesFrom: [],
    systemControls: [],
    linuxParameters: {
      capabilities: { add: [], drop: args.dropCapabilities ?? ["ALL"] },
      initProcessEnabled: args.initProcess ?? true,
    },
    stopTimeout,
    ...(args.gpu && { resourceRequirements: [{ type: "GPU", value: String(args.gpu) }] }),
    ...(check && {
      healthCheck: {
        command: check.command,
        interval: wholeNumber(`${name}.containerHealthCheck.interval`, check.interval ?? 10, 5, 300, " seconds"),
        timeout: wholeNumber(`${name}.containerHealthCheck.timeout`, check.timeout ?? 5, 2, 60, " seconds"),
        retries: wholeNumber(`${name}.containerHealthCheck.retries`, check.retries ?? 3, 1, 10),
        startPeriod: wholeNumber(`${name}.containerHealthCheck.startPeriod`, check.startPeriod ?? 30, 0, 300, " seconds"),
      },
    }),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logs.group,
        "awslogs-region": logs.region,
        "awslogs-stream-prefix": name,
        // Written out: the account can change the default, and blocking stalls the app when CloudWatch is slow.
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    },
  };
}
