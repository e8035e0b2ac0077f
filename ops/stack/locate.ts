import { execFile } from "node:child_process";
import type { CapacityProviderStrategyItem } from "@aws-sdk/client-ecs";
import { readArn } from "../../facts/arns";
import { UserError } from "../../facts/errors";
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

/** The stack outputs that the verbs read. */
export interface StackOutputs {
  url?: string;
  cluster?: string;
  service?: string;
  taskDefinition?: string;
  region?: string;
  /** Who deploys revisions: Pulumi, or a pipeline beside it. */
  revision?: "pulumi" | "external";
  /** By the task's name. */
  oneOffTasks?: Record<string, TaskSettings>;
}

/** The stack where none is named. */
export const DEFAULT_STACK = "dev";

/** Finds a service: by name where cluster and service are given, else by the outputs of the stack. */
export async function locate(options: LocationOptions, io: Io): Promise<{ observer: Observer; outputs: StackOutputs }> {
  const outputs = options.cluster && options.service ? {} : await readOutputs(options, io);
  const cluster = options.cluster ?? required(outputs, "cluster", options);
  const service = options.service ?? required(outputs, "service", options);
  return { observer: new Observer(connect(options, io, outputs), cluster, service), outputs };
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
function givenSettings({ profile, assumeRoles, endpoints }: LocationOptions): AwsSettings {
  return {
    ...awsSettings({ "aws:profile": profile, "aws:assumeRoles": assumeRoles }, "BERTH_ASSUME_ROLES"),
    ...awsSettings({ "aws:endpoints": endpoints }, "BERTH_ENDPOINTS"),
  };
}

/** `pulumi stack output --json`, as an object. */
export async function readOutputs({ stack = DEFAULT_STACK, cluster, service }: LocationOptions, io: Io): Promise<StackOutputs> {
  const explicitly = "Or name the service: --cluster NAME --service NAME --region REGION.";
  if (cluster || service) {
    throw new UserError(
      `--${cluster ? "cluster" : "service"} is given without --${cluster ? "service" : "cluster"}: give both, or neither (and --stack NAME).`,
    );
  }
  const directory = projectDirectory(io.cwd);
  if (!directory)
    throw new UserError(`There is no Pulumi project (Pulumi.yaml) in ${io.cwd} or above it.`, [
      "Run berth inside the project.",
      explicitly,
    ]);
  const { error, stdout, stderr } = await run("pulumi", ["stack", "output", "--json", "--stack", stack], io, directory);
  if (error && error.code === "ENOENT") {
    throw new UserError("The Pulumi CLI is not installed, or not on PATH; berth asks it for the stack's outputs.", [
      "Install it: https://www.pulumi.com/docs/install/",
      explicitly,
    ]);
  }
  if (error) {
    const said = stderr
      .replace(/^error:\s*/m, "")
      .trim()
      .split("\n")[0];
    throw new UserError(`Pulumi cannot give the outputs of the stack ${stack}: ${said || error.message}`, [
      "`pulumi stack ls` lists the stacks; --stack NAME chooses one.",
      explicitly,
    ]);
  }
  try {
    return JSON.parse(stdout) as StackOutputs;
  } catch {
    throw new UserError(`Pulumi gave the outputs of the stack ${stack} in a form that is not JSON.`, [
      "Update the Pulumi CLI.",
      explicitly,
    ]);
  }
}

/** An output that has to be there. */
export function required(outputs: StackOutputs, name: "cluster" | "service", { stack = DEFAULT_STACK }: LocationOptions): string {
  const value = outputs[name];
  if (typeof value === "string") return value;
  const has = Object.keys(outputs).join(", ") || "none";
  throw new UserError(`The stack ${stack} has no output ${name}; it has: ${has}.`, [
    "Run `pulumi up` first; index.ts must export `cluster` and `service`.",
    "Or name the service: --cluster NAME --service NAME --region REGION.",
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
