import { execFile } from "node:child_process";
import type { CapacityProviderStrategyItem } from "@aws-sdk/client-ecs";
import { readArn } from "../../facts/arns";
import { listed, UserError, wordComplaint } from "../../facts/errors";
import { Observer } from "../follow/observe";
import type { Io } from "../io";
import { Aws } from "./aws";
import { type AwsSettings, awsSettings, projectDirectory, readStackSettings } from "./stack-settings";

/** The options that every verb takes to find the service. */
export interface LocationOptions {
  stack?: string;
  cluster?: string;
  service?: string;
  region?: string;
  profile?: string;
  /** The roles and endpoints of the resources' provider, as JSON in its own form: an update hands them on. */
  assumeRoles?: string;
  endpoints?: string;
}

/** How a one-off task of the stack is started. */
export interface TaskSettings {
  taskDefinition: string;
  subnets?: string[];
  securityGroups?: string[];
  assignPublicIp?: boolean;
  capacityProviderStrategy?: CapacityProviderStrategyItem[];
}

/** What a stack says of one of its services. */
export interface ServiceOutputs {
  url?: string;
  service?: string;
  taskDefinition?: string;
  /** Who deploys revisions: Pulumi, or a pipeline beside it. */
  revision?: "pulumi" | "external";
}

/** The stack outputs that the verbs read. What stands at the top is of the service that is meant where none is named. */
export interface StackOutputs extends ServiceOutputs {
  cluster?: string;
  region?: string;
  /** By the service's name in the stack file, where that has several. */
  services?: Record<string, ServiceOutputs>;
  /** Names of the stack's alarms. */
  alarms?: string[];
  /** By the task's name. */
  oneOffTasks?: Record<string, TaskSettings>;
}

/** The stack where none is named. */
export const DEFAULT_STACK = "dev";

/** A service that was found. */
export interface Located {
  /** Its name in the stack file, where that has several. */
  name?: string;
  observer: Observer;
  outputs: ServiceOutputs;
  /** Names of the stack's alarms, where a stack was asked. */
  alarms: string[];
}

/** Finds a service: by the names that it and its cluster have in AWS, or by the outputs of the stack. */
export async function locate(options: LocationOptions, io: Io): Promise<Located> {
  const outputs = options.cluster && options.service ? {} : await readOutputs(options, io);
  return found(outputs, options, connect(options, io, outputs));
}

/** Finds the service that is named; where none is, all services of the stack. */
export async function locateAll(options: LocationOptions, io: Io): Promise<Located[]> {
  if (options.service !== undefined) return [await locate(options, io)];
  const outputs = await readOutputs(options, io);
  const aws = connect(options, io, outputs);
  const names = Object.keys(servicesIn(outputs));
  if (names.length < 2) return [found(outputs, options, aws)];
  return names.map((service) => ({ name: service, ...found(outputs, { ...options, service }, aws) }));
}

function found(outputs: StackOutputs, options: LocationOptions, aws: Aws): Located {
  if (options.cluster && options.service) return { observer: new Observer(aws, options.cluster, options.service), outputs, alarms: [] };
  const cluster = required(outputs, "cluster", options);
  const its = ofService(outputs, options);
  return { observer: new Observer(aws, cluster, required(its, "service", options)), outputs: its, alarms: alarmsIn(outputs) };
}

/** The services by name. A program may export something else under that name. */
const servicesIn = ({ services }: StackOutputs): Record<string, ServiceOutputs> =>
  Object.fromEntries(Object.entries(services ?? {}).filter(([, its]) => typeof (its as ServiceOutputs | null)?.service === "string"));

/** A program may export something else under that name. */
const alarmsIn = ({ alarms }: StackOutputs): string[] =>
  Array.isArray(alarms) ? alarms.filter((name): name is string => typeof name === "string") : [];

/** What the stack says of the service that is named; without a name, of the one that is meant then. */
export function ofService(outputs: StackOutputs, { service, stack = DEFAULT_STACK }: LocationOptions): ServiceOutputs {
  const services = servicesIn(outputs);
  const names = Object.keys(services);
  if (service !== undefined) {
    if (Object.hasOwn(services, service)) return services[service]!;
    throw new UserError(
      names.length > 0
        ? `--service: ${wordComplaint(service, names, `a service of the stack ${stack}`)}`
        : `--service ${service}: the stack ${stack} names no services, because it has one; leave it out, or give --cluster, too.`,
    );
  }
  if (outputs.service !== undefined || names.length === 0) return outputs;
  throw new UserError(`The stack ${stack} has several services; name one by --service: ${listed(names)}.`);
}

/**
 * AWS with the region, identity and endpoints of the stack, where a stack is named; an option or variable goes before the stack's settings. The ARN of a
 * cluster says region and account.
 */
export function connect(options: LocationOptions, io: Io, outputs: StackOutputs = {}): Aws {
  const explicit = options.cluster !== undefined && options.stack === undefined;
  const settings: AwsSettings = explicit ? {} : readStackSettings(io.cwd, options.stack ?? DEFAULT_STACK);
  const arn = readArn(options.cluster ?? outputs.cluster ?? "");
  if (arn && options.region && options.region !== arn.region)
    throw new UserError(`--region ${options.region}: the cluster ${arn.name} is in ${arn.region}; leave --region out, its ARN says it.`);
  const region = options.region ?? arn?.region ?? settings.region ?? outputs.region;
  return new Aws({ ...settings, ...givenSettings(options), ...(region && { region }) }, arn?.accountId);
}

/** The identity and endpoints that the options name. */
export function givenSettings({ profile, assumeRoles, endpoints }: LocationOptions): AwsSettings {
  return {
    ...awsSettings({ "aws:profile": profile, "aws:assumeRoles": assumeRoles }, "BERTH_ASSUME_ROLES"),
    ...awsSettings({ "aws:endpoints": endpoints }, "BERTH_ENDPOINTS"),
  };
}

const BY_NAMES = "Or name the service: --cluster NAME --service NAME --region REGION.";

/** `pulumi stack output --json`, as an object. */
export async function readOutputs({ stack = DEFAULT_STACK, cluster, service }: LocationOptions, io: Io): Promise<StackOutputs> {
  if (cluster && !service) throw new UserError("--cluster is given without --service: give both, or neither (and --stack NAME).");
  const directory = projectDirectory(io.cwd);
  if (!directory)
    throw new UserError(`There is no Pulumi project (Pulumi.yaml) in ${io.cwd} or above it.`, ["Run berth inside the project.", BY_NAMES]);
  const { error, stdout, stderr } = await run("pulumi", ["stack", "output", "--json", "--stack", stack], io, directory);
  if (error && error.code === "ENOENT") {
    throw new UserError("The Pulumi CLI is not installed, or not on PATH; berth asks it for the stack's outputs.", [
      "Install it: https://www.pulumi.com/docs/install/",
      BY_NAMES,
    ]);
  }
  if (error) {
    const said = stderr
      .replace(/^error:\s*/m, "")
      .trim()
      .split("\n")[0];
    throw new UserError(`Pulumi cannot give the outputs of the stack ${stack}: ${said || error.message}`, [
      "`pulumi stack ls` lists the stacks; --stack NAME chooses one.",
      BY_NAMES,
    ]);
  }
  try {
    return JSON.parse(stdout) as StackOutputs;
  } catch {
    throw new UserError(`Pulumi gave the outputs of the stack ${stack} in a form that is not JSON.`, ["Update the Pulumi CLI.", BY_NAMES]);
  }
}

/** An output that has to be there. */
export function required(outputs: StackOutputs, name: "cluster" | "service", { stack = DEFAULT_STACK }: LocationOptions): string {
  const value = outputs[name];
  if (typeof value === "string") return value;
  const has = Object.keys(outputs).join(", ") || "none";
  throw new UserError(`The stack ${stack} has no output ${name}; it has: ${has}.`, [
    "Run `pulumi up` first; index.ts must export `cluster` and `service`.",
    BY_NAMES,
  ]);
}

interface Finished {
  error?: NodeJS.ErrnoException;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, without a shell. */
export function run(program: string, args: string[], io: Io, cwd = io.cwd): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env: io.env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ ...(error && { error: error as NodeJS.ErrnoException }), stdout, stderr }),
    );
  });
}
