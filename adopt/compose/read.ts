// Reads a compose file with what it includes and extends, and the variables beside it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { UserError } from "../../facts/errors";
import { readYamlMap } from "../../plan/project/yaml";
import type { Ledger, Path } from "../ledger";
import { withMerges } from "../values";
import { type ComposeFile, Field } from "./field";
import { readVariables, type Variables } from "./variables";

/** What a compose file and those that it includes say together. */
export interface ComposeProject {
  services: Map<string, Field>;
  volumes: Map<string, Field>;
  networks: Map<string, Field>;
  secrets: Map<string, Field>;
  configs: Map<string, Field>;
  models: Map<string, Field>;
  /** What else stands at the top level, of each file. */
  others: Field[];
}

const GROUPS = ["services", "volumes", "networks", "secrets", "configs", "models"] as const;

/** The text of a file that is no larger than such files are. */
export function readText(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const stats = statSync(path);
  return stats.isFile() && stats.size <= 512 * 1024 ? readFileSync(path, "utf8") : undefined;
}

const ENDLESS = 20;

export class Reader {
  readonly project: ComposeProject = {
    services: new Map(),
    volumes: new Map(),
    networks: new Map(),
    secrets: new Map(),
    configs: new Map(),
    models: new Map(),
    others: [],
  };

  constructor(
    private readonly ledger: Ledger,
    private readonly root: string,
  ) {}

  /** Reads a file into the project. */
  include(path: string, { folder = dirname(path), variables = envOf(folder) }: { folder?: string; variables?: Variables } = {}, depth = 0) {
    const document = this.documentOf(path);
    const file = this.open(path, document, folder, variables);
    if (depth > ENDLESS) throw new UserError(`${file.name} includes itself, over others or by its own name; take that include out.`);
    const top = new Field(file, [], document);
    for (const [key, field] of top.entries()) {
      const group = GROUPS.find((one) => one === key);
      if (field.isEmpty) field.same("It says nothing.");
      else if (key === "include") for (const one of field.items()) this.included(one, depth);
      else if (group === undefined) this.project.others.push(field);
      else for (const [name, inner] of field.entries()) this.add(group, name, inner);
    }
  }

  /** Puts in what each service extends. */
  extend(): ComposeProject {
    for (const [name, service] of this.project.services) this.project.services.set(name, this.extended(service, 0));
    return this.project;
  }

  private add(group: (typeof GROUPS)[number], name: string, field: Field): void {
    const before = this.project[group].get(name);
    if (before) {
      throw new UserError(
        `${before.file.name} and ${field.file.name} both have ${group}.${name}; name one of them otherwise, or give --compose the output of \`docker compose config\`.`,
      );
    }
    this.project[group].set(name, field);
  }

  private included(field: Field, depth: number): void {
    const paths = field.isMap ? (field.get("path")?.oneOrMore() ?? []) : [field];
    const [first] = paths;
    if (first?.text === undefined) return;
    if (paths.length > 1 || /^[a-z+]+:\/\/|^git@|^oci:/.test(first.text)) {
      field.leave("It is not a single file of the project; give --compose the output of `docker compose config`, which has it in it.");
      return;
    }
    const path = resolve(field.file.folder, first.text);
    const own = field.get("project_directory")?.text;
    const folder = own === undefined ? dirname(path) : resolve(field.file.folder, own);
    const files = field.get("env_file")?.oneOrMore() ?? [];
    const variables =
      files.length === 0 ? envOf(folder) : Object.assign({}, ...files.map(({ text }) => readEnv(resolve(field.file.folder, text ?? ""))));
    field.same(`${first.text} is read with it.`);
    // What the including file has set goes before.
    this.include(path, { folder, variables: { ...variables, ...field.file.variables } }, depth + 1);
  }

  private extended(service: Field, depth: number): Field {
    const field = service.get("extends");
    if (field === undefined) return service;
    const name = field.text ?? field.get("service")?.text ?? "";
    const other = field.get("file")?.text;
    if (depth > ENDLESS) throw new UserError(`${service.file.name}: ${service.key} extends itself; take that out.`);
    const base = other === undefined ? this.project.services.get(name) : this.ofFile(resolve(field.file.folder, other), name);
    if (base === undefined) {
      throw new UserError(
        `${service.file.name}: ${service.key} extends ${name}, which is not there${other === undefined ? "" : ` in ${other}`}.`,
      );
    }
    field.same(`What ${name} says is read with it.`);
    return Field.merged(this.extended(base, depth + 1), service, merge);
  }

  private ofFile(path: string, name: string): Field | undefined {
    const service = (this.documentOf(path).services as Record<string, unknown> | undefined)?.[name];
    if (service === undefined) return undefined;
    const folder = dirname(path);
    const file = this.open(path, { services: { [name]: service } }, folder, envOf(folder));
    return new Field(file, ["services", name], service);
  }

  private documentOf(path: string): Record<string, unknown> {
    if (!existsSync(path) || !statSync(path).isFile()) throw new UserError(`${this.nameOf(path)} does not exist, or is no file.`);
    return (withMerges(readYamlMap(path).toJS()) ?? {}) as Record<string, unknown>;
  }

  private open(path: string, document: unknown, folder: string, variables: Variables): ComposeFile {
    const name = this.nameOf(path);
    return { name, folder, variables, source: this.ledger.source(name, document) };
  }

  private nameOf(path: string): string {
    const name = relative(this.root, path);
    return name.startsWith("..") ? basename(path) : name;
  }
}

const readEnv = (path: string) => readVariables(readText(path) ?? "");
const envOf = (folder: string) => readEnv(join(folder, ".env"));

/** Of these lists the later one stands alone; of others both do. */
const REPLACED: Path = ["command", "entrypoint", "test"];

/** What a field says that is in both. */
function merge(key: string, base: Field, over: Field): Field {
  if (base.isMap && over.isMap) return Field.merged(base, over, merge);
  const lists = [base, over].every((one) => one.isMap || one.isList);
  if (lists && !REPLACED.includes(key)) return over.with(base);
  base.same(`${over.path.join(".")} stands in its place.`);
  return over;
}
