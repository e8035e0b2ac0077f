import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Document, isMap, isScalar, isSeq, type Node } from "yaml";
import { orMeant, UserError } from "../../facts/errors";
import { fullKey, readDeclarations, type Settings, secureToPlaceholder, withDeclarations } from "./config";
import { applyOverride } from "./override";
import { type Platform, readPlatform } from "./platform";
import { entriesOf, readYamlMap, scalarText } from "./yaml";

/** A Pulumi project with one stack's configuration, as the Pulumi CLI would hand it to the program. */
export interface Project {
  name: string;
  stack: string;
  /** The folder with Pulumi.yaml. */
  root: string;
  /** The program: a folder, or a file where Pulumi.yaml's `main` names one. */
  main: string;
  /** The settings of the compiler, where Pulumi.yaml names them. */
  tsconfig?: string;
  /** Full keys (`project:key`) to strings; arrays and objects are JSON. */
  config: Record<string, string>;
  /** The full keys whose values are secret. */
  secretKeys: string[];
  /** What a stack exports that the program refers to, where the user has brought it. */
  platform?: Platform;
  /** What the user should know about how the settings were read. */
  notes: string[];
}

export interface ProjectOptions {
  /** A folder in the project. Default: the current one. */
  cwd?: string;
  /** Default: dev. */
  stack?: string;
  /** What stands under `config` of a stack that has no file yet, in place of its file. */
  settings?: Record<string, unknown>;
  /** `key=value`, as `pulumi up --config` takes them; they win over the stack file. */
  config?: string[];
  /** Read the keys of `config` as paths into objects and arrays (`service.cpu=512`), as `pulumi up --config-path` does. */
  configPath?: boolean;
  /** A file with the outputs of a stack that the program refers to. */
  platform?: string;
}

/** Reads Pulumi.yaml and Pulumi.<stack>.yaml the way the Pulumi CLI does. */
export function loadProject(options: ProjectOptions = {}): Project {
  const file = findProjectFile(resolve(options.cwd ?? "."));
  const root = dirname(file);
  const document = readYamlMap(file);
  const name = scalarText((document.get("name", true) as Node | undefined) ?? null);
  if (!name) throw new UserError(`${basename(file)} has no "name": give the project one.`);
  checkRuntime(document.toJS() as Record<string, unknown>, file);

  const declarations = readDeclarations(entriesOf(document, "config", basename(file)), name, basename(file));
  // `pulumi stack select org/project/dev` and `dev` share one stack file.
  const stack = (options.stack ?? "dev").split("/").pop() ?? "";
  const stackDir = resolve(root, scalarText((document.get("stackConfigDir", true) as Node | undefined) ?? null) ?? "");
  const stackFile = options.settings ? `Pulumi.${stack}.yaml` : findStackFile(stackDir, stack);
  const settings = options.settings ? settingsOf(options.settings, name) : readStackFile(stackFile, name);
  for (const text of options.config ?? []) applyOverride(settings, text, name, options.configPath ?? false, declarations);
  withDeclarations(settings, declarations, stack, basename(stackFile));

  const main = scalarText((document.get("main", true) as Node | undefined) ?? null);
  const tsconfig = scalarText((document.getIn(["runtime", "options", "tsconfig"], true) as Node | undefined) ?? null);
  const platform = options.platform === undefined ? undefined : readPlatform(options.platform);
  return {
    name,
    stack,
    root,
    main: resolve(root, main || "."),
    ...(tsconfig && { tsconfig }),
    ...(platform && { platform }),
    ...finish(settings),
  };
}

function finish(settings: Settings): Pick<Project, "config" | "secretKeys" | "notes"> {
  const keys = [...settings.values.keys()].sort();
  return {
    config: Object.fromEntries(keys.map((key) => [key, settings.values.get(key) ?? ""])),
    secretKeys: keys.filter((key) => settings.secrets.has(key)),
    notes: settings.notes,
  };
}

export function findProjectFile(start: string): string {
  if (!existsSync(start) || !statSync(start).isDirectory()) throw new UserError(`${start} is not a folder.`);
  for (let dir = start; ; dir = dirname(dir)) {
    for (const name of ["Pulumi.yaml", "Pulumi.yml"]) {
      if (existsSync(join(dir, name))) return join(dir, name);
    }
    if (dirname(dir) === dir) {
      throw new UserError(
        `There is no Pulumi.yaml in ${start} or a folder above it: run this in a Pulumi project, or name one with --cwd.`,
      );
    }
  }
}

function checkRuntime(project: Record<string, unknown>, file: string): void {
  const runtime = project.runtime as string | { name?: string } | undefined;
  const name = typeof runtime === "object" ? runtime?.name : runtime;
  if (name !== "nodejs") {
    throw new UserError(`${basename(file)}: the runtime is ${name ?? "missing"}; only nodejs programs can be planned offline.`);
  }
}

function findStackFile(dir: string, stack: string): string {
  for (const ending of ["yaml", "yml"]) {
    const path = join(dir, `Pulumi.${stack}.${ending}`);
    if (stack !== "" && existsSync(path)) return path;
  }
  const names = (existsSync(dir) ? readdirSync(dir) : []).flatMap((file) => file.match(/^Pulumi\.(.+)\.ya?ml$/)?.[1] ?? []).sort();
  if (names.length === 0) {
    throw new UserError(`There is no stack "${stack}", nor any other: ${dir} has no Pulumi.<stack>.yaml. Write Pulumi.${stack}.yaml.`);
  }
  throw new UserError(
    `There is no stack "${stack}": Pulumi.${stack}.yaml does not exist. The stacks are ${names.join(", ")}${orMeant(stack, names)}`,
  );
}

/** What Pulumi reads of a stack file; beside it only names with "x-", which hold what YAML's aliases stand for. */
const TOP_LEVEL = /^(config|environment|secretsprovider|encryptedkey|encryptionsalt|x-.*)$/;

/** A setting at the left margin is one that Pulumi ignores without a word. */
function refuseMisplaced(document: Document.Parsed, file: string): void {
  const keys = isMap(document.contents) ? document.contents.items.map(({ key }) => (isScalar(key) ? String(key.value) : "")) : [];
  const misplaced = keys.filter((key) => !TOP_LEVEL.test(key));
  if (misplaced.length > 0)
    throw new UserError(
      `${file}: ${misplaced.join(", ")} at the left margin, where Pulumi ignores ${misplaced.length > 1 ? "them" : "it"}; indent ${misplaced.length > 1 ? "them" : "it"} under config.`,
    );
}

function settingsOf(given: Record<string, unknown>, project: string): Settings {
  const settings: Settings = { values: new Map(), secrets: new Set(), notes: [] };
  for (const [key, value] of Object.entries(given)) setValue(settings, fullKey(key, project), value);
  return settings;
}

function setValue(settings: Settings, key: string, given: unknown): void {
  const { value, secure } = secureToPlaceholder(given);
  settings.values.set(key, typeof value === "string" ? value : JSON.stringify(value));
  if (secure) settings.secrets.add(key);
}

function readStackFile(path: string, project: string): Settings {
  const file = basename(path);
  const document = readYamlMap(path);
  const settings: Settings = { values: new Map(), secrets: new Set(), notes: [] };
  refuseMisplaced(document, file);
  if (document.has("environment")) {
    settings.notes.push(`${file} imports Pulumi ESC environments; they cannot be read offline, so what they set is missing here.`);
  }
  for (const [bare, node] of entriesOf(document, "config", file)) {
    const key = fullKey(bare, project);
    const text = scalarText(node);
    if (text !== undefined) {
      settings.values.set(key, text);
    } else if (isMap(node) || isSeq(node)) {
      setValue(settings, key, node.toJS(document));
    } else {
      throw new UserError(`${file}: the value of "${bare}" is an alias or a tag that Pulumi does not read; write the value itself.`);
    }
  }
  return settings;
}
