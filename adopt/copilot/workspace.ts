// A Copilot workspace on disk: the app's name, the manifests with their variables filled in, and what lies beside them.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { listed, orMeant, UserError, wordComplaint } from "../../facts/errors";
import { readYamlMap } from "../../plan/project/yaml";
import { type Fields, isMap, withMerges } from "../values";
import { type Deployed, readStacks } from "./stacks";

/** A file of the workspace. */
export interface Document {
  /** As the report calls it: `copilot/web/manifest.yml`. */
  file: string;
  content: Fields;
}

/** A service or a job, as its manifest says. */
export interface Workload extends Document {
  name: string;
  type: WorkloadType;
  /** Templates of CloudFormation beside it. */
  addons: Document[];
  /** Files that change its template before it is deployed. */
  overrides: string[];
}

export interface Workspace {
  app: string;
  env: string;
  /** The folder that paths in manifests are of. */
  root: string;
  workloads: Workload[];
  /** The workloads that were named, where not all are wanted. */
  only: readonly string[];
  environment?: Document;
  /** Templates of CloudFormation beside the environment. */
  addons: Document[];
  /** Files that change the environment's template. */
  overrides: string[];
  pipelines: string[];
  /** `.workspace`. */
  summary: Document;
  /** What CloudFormation says of the environment, where the stack takes over what runs there. */
  deployed?: Deployed;
}

const TYPES = [
  "Load Balanced Web Service",
  "Backend Service",
  "Worker Service",
  "Scheduled Job",
  "Request-Driven Web Service",
  "Static Site",
] as const;
export type WorkloadType = (typeof TYPES)[number];
const isType = (type: unknown): type is WorkloadType => TYPES.some((one) => one === type);

/** What is under `environments` and `pipelines` are no workloads. */
const OTHERS = ["environments", "pipelines"];

const folders = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort()
    : [];

/** Reads the workspace for one environment. */
export function readWorkspace(
  given: string,
  { env, stacks, only = [] }: { env?: string | undefined; stacks?: string | undefined; only?: readonly string[] },
  shell = process.env,
): Workspace {
  const folder = findFolder(given);
  const shown = (path: string) => relative(join(folder, ".."), path);
  const read = (path: string): Document => ({ file: shown(path), content: readMap(path, shown(path)) });
  const summary = readSummary(folder, shown);
  const manifests = folders(folder)
    .filter((name) => !OTHERS.includes(name) && existsSync(join(folder, name, "manifest.yml")))
    .map((name) => ({ name, ...read(join(folder, name, "manifest.yml")) }));
  if (manifests.length === 0)
    throw new UserError(`${shown(folder)} has no manifest: it is no folder of Copilot's; give the one that holds <service>/manifest.yml.`);
  const environments = folders(join(folder, "environments")).filter((name) => name !== "addons" && name !== "overrides");
  const known = [...new Set([...environments, ...manifests.flatMap(({ content }) => Object.keys(mapOf(content.environments)))])].sort();
  const chosen = chooseEnvironment(env, known);
  const app = String(summary.content.application);
  const fill = (document: Document): Document => ({ ...document, content: filledIn(document, app, chosen, shell) });
  const addonsIn = (of: string) => filesIn(join(folder, of, "addons"), /\.ya?ml$/).map(read);
  const workloads = manifests.map((manifest) => ({
    ...workloadOf({ ...manifest, ...fill(manifest) }, manifest.name),
    addons: addonsIn(manifest.name),
    overrides: filesIn(join(folder, manifest.name, "overrides"), /./).map(shown),
  }));
  for (const name of only)
    if (!workloads.some((one) => one.name === name))
      throw new UserError(
        `--service: ${wordComplaint(
          name,
          workloads.map((one) => one.name),
          `a workload of ${shown(folder)}`,
        )}`,
      );
  const environment = join(folder, "environments", chosen, "manifest.yml");
  return {
    app,
    env: chosen,
    root: resolve(folder, ".."),
    workloads: workloads.filter(({ name }) => only.length === 0 || only.includes(name)),
    only,
    ...(existsSync(environment) && { environment: fill(read(environment)) }),
    ...(stacks !== undefined && { deployed: readStacks(stacks, app, chosen) }),
    addons: addonsIn("environments"),
    overrides: filesIn(join(folder, "environments", "overrides"), /./).map(shown),
    pipelines: [
      ...folders(join(folder, "pipelines")).map((name) => shown(join(folder, "pipelines", name))),
      ...filesIn(folder, /^pipeline\.yml$/).map(shown),
    ],
    summary,
  };
}

function findFolder(given: string): string {
  const folder = resolve(given);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`There is no folder ${given}: give Copilot's, which holds .workspace and <service>/manifest.yml.`);
  const inside = join(folder, "copilot");
  return existsSync(join(folder, ".workspace")) || !existsSync(join(inside, ".workspace")) ? folder : inside;
}

function readSummary(folder: string, shown: (path: string) => string): Document {
  const path = join(folder, ".workspace");
  if (!existsSync(path))
    throw new UserError(`${shown(path)} is missing, which says the app's name; write "application: NAME" in it, or give another folder.`);
  const content = readMap(path, shown(path));
  if (typeof content.application !== "string" || !/^[a-z][a-z0-9-]*$/.test(content.application))
    throw new UserError(`${shown(path)} does not say the app's name; write "application: NAME" in it.`);
  return { file: shown(path), content };
}

function chooseEnvironment(env: string | undefined, known: string[]): string {
  const choices = known.length > 0 ? `the manifests speak of ${listed(known)}` : "such as --env prod";
  if (env === undefined) throw new UserError(`--copilot needs the environment: give --env; ${choices}.`);
  if (known.length > 0 && !known.includes(env))
    throw new UserError(`--env: the manifests do not speak of ${JSON.stringify(env)}, but of ${listed(known)}${orMeant(env, known)}`, [
      `Where it is one that overrides nothing, write it to a manifest: environments: { ${env}: {} }`,
    ]);
  if (!/^[a-z][a-z0-9-]*$/.test(env))
    throw new UserError(`--env is ${JSON.stringify(env)}: an environment has small letters, digits and "-".`);
  return env;
}

const mapOf = (value: unknown): Fields => (isMap(value) ? value : {});

/** What is read of a file, whose errors have its path. */
function readMap(path: string, shown: string): Fields {
  try {
    // Tags of CloudFormation (!Ref, !Sub) are not known, and what they stand before is read as it is.
    return mapOf(withMerges(readYamlMap(path).toJS()));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.message.replace(basename(path), shown), error.advice);
  }
}

function filesIn(folder: string, named: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && named.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort();
}

function workloadOf(document: Document, folder: string): Omit<Workload, "addons" | "overrides"> {
  const { type, name = folder } = document.content;
  if (!isType(type))
    throw new UserError(
      `${document.file}: ${type === undefined ? `type is missing; allowed: ${listed(TYPES)}.` : wordComplaint(type, TYPES, "a type of Copilot's")}`,
    );
  return { ...document, name: String(name), type };
}

/** A manifest with its variables filled in: the two of Copilot's own, and those of the shell. */
function filledIn({ file, content }: Document, app: string, env: string, shell: NodeJS.ProcessEnv): Fields {
  const own: Record<string, string> = { COPILOT_APPLICATION_NAME: app, COPILOT_ENVIRONMENT_NAME: env };
  const lookUp = (name: string) => {
    const value = Object.hasOwn(own, name) ? own[name] : shell[name];
    if (value === undefined)
      throw new UserError(`${file}: the variable ${name} is not set, which Copilot takes from the shell; set it, and run this again.`);
    return value;
  };
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
    if (typeof value !== "string") return value;
    const filled = value.replace(/(\\?)\$\{([_a-zA-Z]\w*)\}/g, (_, backslash: string, name: string) =>
      backslash === "" ? lookUp(name) : `\${${name}}`,
    );
    return filled === value ? value : (listOf(filled) ?? filled);
  };
  return mapOf(fill(content));
}

/** A variable may hold a list, as JSON. */
function listOf(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === "string") ? list : undefined;
  } catch {
    return undefined;
  }
}
