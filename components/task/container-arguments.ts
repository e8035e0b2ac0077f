// What a container may be told: the arguments of the app's container and of those beside it, with the schema of each.
import type * as pulumi from "@pulumi/pulumi";
import { CAPABILITIES, LIMITS } from "../../facts/aws-limits";
import { environmentComplaint } from "../../facts/credentials";
import { wordComplaint } from "../../facts/errors";
import { imageComplaint } from "../../facts/images";
import { variableComplaint } from "../../facts/names";
import type * as aws from "../base/aws";
import {
  type ArgumentsOf,
  flag,
  group,
  input,
  integer,
  list,
  map,
  offOr,
  oneOf,
  optional,
  other,
  pattern,
  type Rule,
  scalar,
  within,
} from "../base/schema";
import type { ContainerImage } from "../image/image";
import { environmentFiles } from "./environment-files";
import { type KernelArgs, kernel } from "./kernel";
import { type OrderArgs, order } from "./order";
import { type Secret, secret } from "./secrets";
import { type ShareArgs, share } from "./share";
import { type MountArgs, mounts } from "./volume-arguments";

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

export const { takes: TASK } = LIMITS["aws:ecs/taskDefinition:TaskDefinition"];

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
export interface ContainerArgs extends KernelArgs, OrderArgs {
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
  /**
   * Environment variables whose values come from Secrets Manager or Parameter Store (`secrets[].valueFrom`), each by name (`prod/db:password`,
   * `/prod/db/password`) or ARN, or whose `value` the component stores there. Defaults to none.
   */
  secrets?: Record<string, Secret>;
  /** User id, or `user:group`, that the process runs as (`user`). Defaults to `1000:1000`; the image needs no such user, but its files must be readable for it. */
  user?: string;
  /** Whether the root file system is read-only (`readonlyRootFilesystem`). Defaults to true; /tmp stays writable. */
  readonlyRootFilesystem?: boolean;
  /** Writable directories, each a volume of the task's own. Defaults to `["/tmp"]`. The Dockerfile needs `VOLUME /tmp`, or the volume belongs to root on Fargate. */
  writablePaths?: string[];
  /**
   * Files with further variables, `NAME=value` on each line (`environmentFiles`): paths of the project, which are uploaded to a bucket of the task's own, or ARNs
   * of objects in S3 whose names end with `.env`. `environment` comes first, then the first file that has a variable. Defaults to none.
   */
  environmentFiles?: pulumi.Input<string>[];
  /** Where the container sees volumes of the task (`mountPoints`), by the name of the volume: a path, or a path with `readOnly`. Defaults to none. */
  mounts?: Record<string, MountArgs | string>;
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

/** What a container is started from. */
export const containerImage = () =>
  other<ContainerImage | pulumi.Input<string>>((image) => (typeof image === "string" ? imageComplaint(image) : undefined));

/** The arguments of a container, without its image. */
export const container = {
  command: optional(list(scalar())),
  entryPoint: optional(list(scalar())),
  port: optional(integer(1, 65535)),
  environment: optional(
    map(input(scalar()), {
      name: variableComplaint,
      entry: (name, value) => (typeof value === "string" ? environmentComplaint(name, value) : undefined),
    }),
    {},
  ),
  secrets: optional(map(secret(), { name: variableComplaint }), {}),
  user: optional(pattern(/^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?$/, "a user", "1000:1000"), "1000:1000"),
  readonlyRootFilesystem: optional(flag(), true),
  writablePaths: optional(list(pattern(/^\/[^:]+$/, "an absolute path", "/tmp")), ["/tmp"]),
  mounts,
  environmentFiles,
  dropCapabilities: optional(list(oneOf(...CAPABILITIES)), ["ALL"]),
  initProcess: optional(flag(), true),
  stopTimeout: optional(integer(2, 120, "seconds"), 30),
  containerHealthCheck: optional(offOr(containerHealthCheck)),
  essential: optional(flag(), true),
  gpu: optional(integer(1, 16, "GPUs")),
  ...kernel,
  ...order,
} satisfies ArgumentsOf<Omit<ContainerArgs, "image">>;

/** What is wrong with the name of a container; undefined if nothing is. */
export const containerNameComplaint = (name: string) => TASK["containerDefinitions$[].name"].complaint(name);

/** A container beside the app. */
export interface SidecarArgs extends Omit<ContainerArgs, "image">, ShareArgs {
  /** The image, by digest or unique tag; a `MirroredImage` has both. An `AppImage` with `imageUri` says more of where it comes from. */
  image: ContainerImage | pulumi.Input<string>;
}

export const sidecar = { ...container, ...share, image: containerImage() } satisfies ArgumentsOf<SidecarArgs>;

/** A variable has one value. */
export const oneValue: Rule<Pick<typeof container, "environment" | "secrets">> = {
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
