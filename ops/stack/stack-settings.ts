import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { UserError } from "../../facts/errors";

export interface AssumeRole {
  roleArn: string;
  sessionName?: string;
  externalId?: string;
  durationSeconds?: number;
  policy?: string;
  policyArns?: string[];
  tags?: Record<string, string>;
  transitiveTagKeys?: string[];
  sourceIdentity?: string;
}

/** Region, identity and endpoints that AWS is called with: the stack's `aws:` settings, in the words of the Pulumi AWS provider. */
export interface AwsSettings {
  region?: string;
  profile?: string;
  /** Assumed one after the other, each with the credentials of the one before. */
  assumeRoles?: AssumeRole[];
  /** Endpoint per service, by the provider's key (`ecs`, `elbv2`, `logs`, …). */
  endpoints?: Record<string, string>;
}

/** The directory of the Pulumi project that `from` lies in, as the Pulumi CLI finds it; undefined outside of any. */
export function projectDirectory(from: string): string | undefined {
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    if (existsSync(join(directory, "Pulumi.yaml"))) return directory;
    if (directory === dirname(directory)) return undefined;
  }
}

/** A stack's own file, and what it says under the project's keys. */
export interface StackFile {
  /** The project's folder, where the Pulumi CLI works. */
  directory: string;
  /** `Pulumi.dev.yaml` */
  name: string;
  isThere: boolean;
  settings: Record<string, unknown>;
  /** What encrypts its secrets (`secretsprovider`), where the backend does not. */
  secretsProvider?: string;
}

export function readStackFile(cwd: string, stack: string): StackFile {
  const directory = projectDirectory(cwd);
  if (!directory) throw new UserError(`There is no Pulumi project (Pulumi.yaml) in ${cwd} or above it.`, ["Run berth inside the project."]);
  const { file, project, config, secretsProvider } = filesOf(directory, stack);
  const own = `${String(project.name)}:`;
  const settings = Object.entries(config).flatMap(([key, value]) =>
    key.startsWith(own) ? [[key.slice(own.length), value]] : key.includes(":") ? [] : [[key, value]],
  );
  return {
    directory,
    name: basename(file),
    isThere: existsSync(file),
    settings: Object.fromEntries(settings) as Record<string, unknown>,
    ...(typeof secretsProvider === "string" && { secretsProvider }),
  };
}

function filesOf(directory: string, stack: string) {
  const project = readYaml(join(directory, "Pulumi.yaml"));
  const stackDirectory = typeof project.stackConfigDir === "string" ? join(directory, project.stackConfigDir) : directory;
  // A full stack name is organization/project/stack; the file carries the last part.
  const file = join(stackDirectory, `Pulumi.${stack.split("/").pop()}.yaml`);
  const { config, secretsprovider: secretsProvider } = existsSync(file) ? readYaml(file) : {};
  return { project, file, config: record(config), secretsProvider };
}

/**
 * Reads the `aws:` settings of a stack from its files, as the provider would get them. They have to come from the files: Pulumi's
 * configuration does not reach the environment of a command that runs inside an update.
 */
export function readStackSettings(cwd: string, stack: string): AwsSettings {
  const directory = projectDirectory(cwd);
  if (!directory) return {};
  const { project, file, config } = filesOf(directory, stack);
  return awsSettings({ ...defaultsOf(record(project.config)), ...config }, file);
}

/** Pure half of {@link readStackSettings}: `config` is the stack file's `config:` map, `file` is for messages. */
export function awsSettings(config: Record<string, unknown>, file: string): AwsSettings {
  const text = (key: string) => {
    const value = config[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string") return value;
    throw unreadable(file, key, "a plain string");
  };
  const roles = config["aws:assumeRoles"] ?? config["aws:assumeRole"];
  const endpoints = config["aws:endpoints"];
  return withoutUndefined({
    region: text("aws:region"),
    profile: text("aws:profile"),
    assumeRoles: roles === undefined ? undefined : list(structured(roles, file, "aws:assumeRoles")).map((role) => assumeRole(role, file)),
    endpoints: endpoints === undefined ? undefined : endpointMap(list(structured(endpoints, file, "aws:endpoints")), file),
  });
}

function assumeRole(value: unknown, file: string): AssumeRole {
  const role = record(value);
  const field = (key: string) => {
    const given = role[key];
    if (given === undefined || typeof given === "string") return given;
    throw unreadable(file, `aws:assumeRole.${key}`, "a plain string");
  };
  const roleArn = field("roleArn");
  if (!roleArn) throw new UserError(`aws:assumeRole in ${file} has no roleArn: give the ARN of the role to assume.`);
  const strings = (key: string) => (role[key] === undefined ? undefined : list(role[key]).map(String));
  const tags = record(role.tags);
  return withoutUndefined({
    roleArn,
    sessionName: field("sessionName"),
    externalId: field("externalId"),
    durationSeconds: typeof role.durationSeconds === "number" ? role.durationSeconds : parseDuration(field("duration")),
    policy: field("policy"),
    policyArns: strings("policyArns"),
    tags: Object.keys(tags).length > 0 ? Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)])) : undefined,
    transitiveTagKeys: strings("transitiveTagKeys"),
    sourceIdentity: field("sourceIdentity"),
  });
}

function endpointMap(entries: unknown[], file: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const entry of entries) {
    for (const [service, url] of Object.entries(record(entry))) {
      if (typeof url !== "string") throw unreadable(file, `aws:endpoints.${service}`, "a URL");
      result[service] = url;
    }
  }
  return result;
}

const STRUCTURE = "an object, a list of objects, or either as JSON text";

/** `pulumi config set` keeps a structure as a JSON string; `--path` and a hand-written file keep it as YAML. */
function structured(value: unknown, file: string, key: string): unknown {
  if (typeof value === "object") return value;
  if (typeof value !== "string") throw unreadable(file, key, STRUCTURE);
  try {
    return JSON.parse(value);
  } catch {
    throw unreadable(file, key, STRUCTURE);
  }
}

/** `1h30m` in seconds, as the provider's `duration` writes it. */
function parseDuration(text: string | undefined): number | undefined {
  const parts = text?.match(/^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/);
  if (!parts) return undefined;
  return Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0);
}

/** Project-wide settings are either the value itself or `{ value }` / `{ default, type }`. */
function defaultsOf(config: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(config)) {
    const wrapped = record(entry);
    if ("value" in wrapped) result[key] = wrapped.value;
    else if ("default" in wrapped) result[key] = wrapped.default;
    else if (!("type" in wrapped)) result[key] = entry;
  }
  return result;
}

function readYaml(file: string): Record<string, unknown> {
  try {
    // Keys given twice are for the plan and Pulumi to refuse; looking for them here takes minutes in a file of hostile size.
    return record(parse(readFileSync(file, "utf8"), { uniqueKeys: false }));
  } catch (error) {
    throw new UserError(`${file} cannot be read as YAML: ${(error as Error).message.split("\n")[0]}`);
  }
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function unreadable(file: string, key: string, allowed: string): UserError {
  return new UserError(
    `${key} in ${file} must be ${allowed}; an encrypted value cannot be read outside of the Pulumi program. Write it in plain, or leave it out and set AWS_PROFILE.`,
  );
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
