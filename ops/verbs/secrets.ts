import { listed, UserError, wordComplaint } from "../../facts/errors";
import { variableComplaint } from "../../facts/names";
import { secretText, textComplaint } from "../../facts/secrets";
import type { Io } from "../io";
import { table } from "../render";
import { DEFAULT_STACK } from "../stack/locate";
import { pulumi } from "../stack/pulumi-cli";
import { readStackFile, record, type StackFile } from "../stack/stack-settings";

export interface SecretsOptions {
  stack?: string;
  service?: string;
  task?: string;
  json?: boolean;
}

/** What has secrets in a stack file: a service or a task, and where its settings stand. */
interface Owner {
  name: string;
  path: string[];
  settings: Record<string, unknown>;
  isTask: boolean;
}

/** Encrypts the value of a secret in the stack file. The Pulumi CLI asks for it, or reads it from stdin: it never passes through this process. */
export async function setSecret(name: string, options: SecretsOptions, io: Io): Promise<number> {
  const complaint = variableComplaint(name);
  if (complaint) throw new UserError(complaint);
  const { stack = DEFAULT_STACK } = options;
  const file = readStackFile(io.cwd, stack);
  const owner = ownerOf(file, options);
  const place = [...owner.path, "secrets", name].join(".");
  const given = record(owner.settings.secrets)[name];
  if (given !== undefined && !Object.hasOwn(record(given), "value")) {
    throw new UserError(`${place} in ${file.name} is ${sourceOf(given)} and not a value.`, [
      `Take that out first: \`pulumi config rm --path ${place} --stack ${stack}\`.`,
    ]);
  }
  const status = await pulumi(["config", "set", "--secret", "--path", `${place}.value`, "--stack", stack], file.directory, io);
  if (status !== 0) return status;
  io.err(
    `${place}.value is encrypted in ${file.name}. \`pulumi up --stack ${stack}\` stores it in Secrets Manager and starts tasks with it.\n`,
  );
  return 0;
}

/** Prints where the secrets of a stack come from, and no value. */
export function listSecrets(options: SecretsOptions, io: Io): number {
  const { stack = DEFAULT_STACK, service, task } = options;
  const file = readStackFile(io.cwd, stack);
  const owners = service === undefined && task === undefined ? ownersIn(file) : [ownerOf(file, options)];
  const rows = owners.flatMap(({ name, isTask, settings }) =>
    groupsOf(settings).flatMap(({ within, secrets }) =>
      Object.entries(secrets).map(([variable, given]) => ({
        [isTask ? "task" : "service"]: name,
        ...(within !== undefined && { within }),
        name: variable,
        from: sourceOf(given),
      })),
    ),
  );
  if (options.json) io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
  else if (rows.length === 0) io.err(`${file.name} names no secrets.\n`);
  else io.out(`${table(rows.map(textsOf)).join("\n")}\n`);
  return 0;
}

/** The secrets of a service or a task, those of its sidecars and of its log driver. */
function groupsOf({ secrets, sidecars, logging }: Owner["settings"]): { within?: string; secrets: Owner["settings"] }[] {
  const ofSidecars = Object.entries(record(sidecars)).map(([name, its]) => ({ within: name, secrets: record(record(its).secrets) }));
  return [{ secrets: record(secrets) }, ...ofSidecars, { within: "logging", secrets: record(record(logging).secretOptions) }];
}

const textsOf = ({ service, task, within, name, from }: Record<string, string | undefined>): string[] => [
  `${service ?? `task ${task}`}${within === undefined ? "" : ` (${within})`}`,
  name!,
  from!,
];

/** Where a secret comes from; what could be a value itself is not shown. */
function sourceOf(given: unknown): string {
  const { value, secret, key, versionStage, versionId } = record(given);
  if (value !== undefined)
    return Object.hasOwn(record(value), "secure") ? "a value, encrypted in the stack file" : "a value in plain text; set it again";
  const text = (part: unknown) => (typeof part === "string" ? part : undefined);
  if (typeof secret === "string") return secretText(secret, text(key), text(versionStage), text(versionId));
  return typeof given === "string" && textComplaint(given) === undefined ? given : "no name or ARN of a secret";
}

/** The services and tasks of a stack file. */
function ownersIn({ settings }: StackFile): Owner[] {
  const { service, services, tasks } = settings;
  const several = (group: unknown, key: string) =>
    Object.entries(record(group)).map(
      ([name, its]): Owner => ({ name, path: [key, name], settings: record(its), isTask: key === "tasks" }),
    );
  const byName = several(services, "services");
  const { name = "web" } = record(service);
  const single: Owner = { name: String(name), path: ["service"], settings: record(service), isTask: false };
  return [...(service === undefined && byName.length > 0 ? [] : [single]), ...byName, ...several(tasks, "tasks")];
}

/** The service or task that is meant. */
function ownerOf(file: StackFile, { service, task }: SecretsOptions): Owner {
  const owners = ownersIn(file).filter(({ isTask }) => isTask === (task !== undefined));
  const asked = task ?? service;
  if (asked !== undefined) {
    const found = owners.find(({ name }) => name === asked);
    if (found) return found;
    const [option, kind] = task === undefined ? ["--service", "service"] : ["--task", "task"];
    throw new UserError(
      `${option}: ${wordComplaint(
        asked,
        owners.map(({ name }) => name),
        `a ${kind} of ${file.name}`,
      )}`,
    );
  }
  const [first] = owners;
  if (owners.length === 1 || first?.path[0] === "service") return first!;
  throw new UserError(`${file.name} has several services; name one by --service: ${listed(owners.map(({ name }) => name))}.`);
}
