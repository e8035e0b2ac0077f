// The container part of a task definition: arguments in, canonical JSON structure out. Pure; Pulumi's Input is only a type here.
import type { Input } from "@pulumi/pulumi";
import { type Values, withDefaults } from "../base/schema";
import { type ContainerDefinition, type ContainerTransform, type container, containerHealthCheck } from "./container-arguments";
import { kernelDefinition } from "./kernel";
import type { LogConfiguration } from "./logging";
import { orderDefinition } from "./order";
import { byName } from "./part";
import { type ContainerPort, portMapping } from "./ports";
import { type Share, shareDefinition } from "./share";
import { volumeName } from "./volume-arguments";

/** What is said of a container. */
export type ContainerValues = Values<typeof container>;

/** What the place that a container runs in decides. */
export interface Surroundings {
  /** Bridge mode: Docker chooses the port on the instance. */
  dynamicPort: boolean;
  /** The ports that it listens on. */
  ports: ContainerPort[];
}

type PortVariable = "PORT" | "HEALTH_CHECK_PORT";
/**
 * The health check of a container that answers HTTP, with whatever the image has: wget, curl, node or python3. The command is a constant; port and path
 * reach it as environment variables, so no setting ever becomes part of a shell script. An image with none of the four passes: the load
 * balancer's own check still stands. (An image without a shell needs `containerHealthCheck: false`.)
 */
const httpCheck = (port: PortVariable) =>
  [
    `u="http://127.0.0.1:$${port}$HEALTH_CHECK_PATH"`,
    'if command -v wget >/dev/null; then exec wget -q -T 4 -O /dev/null "$u"; fi',
    'if command -v curl >/dev/null; then exec curl -fsS -m 4 -o /dev/null "$u"; fi',
    `if command -v node >/dev/null; then exec node -e 'require("http").get(process.argv[1],r=>process.exit(r.statusCode<400?0:1)).on("error",()=>process.exit(1))' "$u"; fi`,
    `if command -v python3 >/dev/null; then exec python3 -c 'import sys,urllib.request as r; r.urlopen(sys.argv[1],timeout=4)' "$u"; fi`,
  ].join("; ");

/** The same of one that answers HTTPS. Nobody verifies its certificate, as the load balancer does not; wget comes last, because that of BusyBox has no TLS 1.3. */
const httpsCheck = (port: PortVariable) =>
  [
    `u="https://127.0.0.1:$${port}$HEALTH_CHECK_PATH"`,
    'if command -v curl >/dev/null; then exec curl -kfsS -m 4 -o /dev/null "$u"; fi',
    `if command -v node >/dev/null; then exec node -e 'require("https").get(process.argv[1],{rejectUnauthorized:false},r=>process.exit(r.statusCode<400?0:1)).on("error",()=>process.exit(1))' "$u"; fi`,
    `if command -v python3 >/dev/null; then exec python3 -c 'import ssl,sys,urllib.request as r; r.urlopen(sys.argv[1],timeout=4,context=ssl._create_unverified_context())' "$u"; fi`,
    'if command -v wget >/dev/null; then exec wget -q -T 4 --no-check-certificate -O /dev/null "$u"; fi',
  ].join("; ");

/** A container's definition that is no text yet. */
export type NamedContainer = ContainerDefinition & { name: string };

interface Variable {
  name: string;
  value: Input<string>;
}

/** The definitions with further variables of the app's container, where it has none of that name. */
export function withVariables(definitions: NamedContainer[], app: string, variables: Record<string, string>): NamedContainer[] {
  const more = Object.entries(variables);
  if (more.length === 0) return definitions;
  return definitions.map((definition) => {
    if (definition.name !== app) return definition;
    const environment = (definition.environment ?? []) as Variable[];
    const has = (name: string) => [...environment, ...(definition.secrets ?? [])].some((variable) => variable.name === name);
    const added = more.filter(([name]) => !has(name)).map(([name, value]) => ({ name, value }));
    return { ...definition, environment: [...environment, ...added].sort((a, b) => (a.name < b.name ? -1 : 1)) };
  });
}

/** What a health check asks by. */
export type Scheme = "http" | "https";

/** The environment and health check of a container that serves on `port` and answers `path` when it is well, on a port of its own where there is one. */
export function httpHealth(port: number, path: string, scheme: Scheme, healthPort?: number) {
  const environment = {
    PORT: String(port),
    HEALTH_CHECK_PATH: path,
    ...(healthPort !== undefined && { HEALTH_CHECK_PORT: String(healthPort) }),
  };
  const check = (scheme === "https" ? httpsCheck : httpCheck)(healthPort === undefined ? "PORT" : "HEALTH_CHECK_PORT");
  return { environment, healthCheck: withDefaults(containerHealthCheck, { command: ["CMD-SHELL", check] }) };
}

/**
 * One entry of `containerDefinitions`. ECS fills in what is left out and gives it back sorted its own way; so that a second `pulumi up` sees no
 * difference, the defaults are written out and everything stands in a fixed order.
 */
export function containerDefinition(
  name: string,
  {
    image,
    login,
    share = {},
    ...args
  }: ContainerValues & { image: Input<string>; login?: Input<string> | undefined; share?: Share | undefined },
  logConfiguration: LogConfiguration,
  { dynamicPort, ports }: Surroundings = { dynamicPort: false, ports: [] },
) {
  const check = args.containerHealthCheck;
  return {
    name,
    image,
    ...(login !== undefined && { repositoryCredentials: { credentialsParameter: login } }),
    essential: args.essential,
    ...shareDefinition(share),
    ...(args.command && { command: args.command }),
    ...(args.entryPoint && { entryPoint: args.entryPoint }),
    portMappings: ports.map((one) => portMapping(one, dynamicPort)),
    environment: byName(args.environment).map(([n, value]) => ({ name: n, value })),
    ...(Object.keys(args.secrets).length > 0 && { secrets: byName(args.secrets).map(([n, valueFrom]) => ({ name: n, valueFrom })) }),
    ...(args.environmentFiles.length > 0 && {
      environmentFiles: args.environmentFiles.map((file) => ({ value: file, type: "s3" as const })),
    }),
    user: args.user,
    readonlyRootFilesystem: args.readonlyRootFilesystem,
    mountPoints: [
      ...args.writablePaths.map((path) => ({ containerPath: path, readOnly: false, sourceVolume: volumeName(path) })),
      ...byName(args.mounts).map(([sourceVolume, { path, readOnly }]) => ({ containerPath: path, readOnly, sourceVolume })),
    ],
    volumesFrom: [],
    ...kernelDefinition(args),
    ...orderDefinition(args),
    stopTimeout: args.stopTimeout,
    ...(args.gpu && { resourceRequirements: [{ type: "GPU", value: String(args.gpu) }] }),
    ...(check && {
      healthCheck: {
        command: check.command,
        interval: check.interval,
        timeout: check.timeout,
        retries: check.retries,
        startPeriod: check.startPeriod,
      },
    }),
    logConfiguration,
  };
}

/** A container's definition as a transform leaves it. */
export function changedContainer(transform: ContainerTransform | undefined, made: ReturnType<typeof containerDefinition>): NamedContainer {
  // The schema has checked the words that AWS's type lists.
  const definition = made as ContainerDefinition;
  const changed = typeof transform === "function" ? (transform(definition) ?? definition) : { ...definition, ...transform };
  return { ...changed, name: made.name };
}
