import { isMap, type Node } from "yaml";
import { UserError, wordComplaint } from "../../facts/errors";
import { SECRET } from "../../facts/graph";
import { scalarText } from "./yaml";

/** The configuration while it is put together. */
export interface Settings {
  values: Map<string, string>;
  secrets: Set<string>;
  notes: string[];
}

/** One key of the `config` block in Pulumi.yaml. */
export interface Declaration {
  type?: string;
  /** As the program would receive it. */
  value?: string;
  secret: boolean;
}

const TYPES = ["string", "integer", "boolean", "array", "object"];

/** The `config` block of Pulumi.yaml, by full key. */
export function readDeclarations(entries: [string, Node | null][], project: string, file: string): Map<string, Declaration> {
  const declarations = new Map<string, Declaration>();
  for (const [bare, node] of entries) {
    const own = !bare.includes(":") || bare.startsWith(`${project}:`);
    const key = bare.includes(":") ? bare : `${project}:${bare}`;
    if (!isMap(node)) {
      declarations.set(key, { value: textOf(node), secret: false });
      continue;
    }
    const type = scalarText((node.get("type", true) as Node | undefined) ?? null) || undefined;
    const value = (node.get("value", true) ?? node.get("default", true)) as Node | undefined;
    if (type !== undefined && !TYPES.includes(type)) {
      throw new UserError(`${file}: config.${bare}.type: ${wordComplaint(type, TYPES)}`);
    }
    if (!own && (type !== undefined || node.has("default"))) {
      throw new UserError(`${file}: config.${bare} is a provider's key, so it takes a "value", no "type" and no "default".`);
    }
    if (node.has("value") && node.has("default")) {
      throw new UserError(`${file}: config.${bare} has both a "value" and a "default"; keep one.`);
    }
    const declaration = { type, value: value === undefined ? undefined : textOf(value), secret: node.get("secret") === true };
    if (declaration.value !== undefined) checkType(declaration.value, type, `${file}: the default of config.${bare}`);
    declarations.set(key, declaration);
  }
  return declarations;
}

function textOf(node: Node | null): string {
  return scalarText(node) ?? JSON.stringify(node);
}

/** Fills in the defaults and checks what the project declares: required keys, types, secrets. */
export function withDeclarations(settings: Settings, declarations: Map<string, Declaration>, stack: string, stackFile: string): void {
  for (const [key, declared] of declarations) {
    const bare = key.slice(key.indexOf(":") + 1);
    const given = settings.values.get(key);
    if (given === undefined) {
      if (declared.value === undefined) {
        throw new UserError(
          `The stack "${stack}" lacks the setting "${bare}", which Pulumi.yaml declares without a default: set it in ${stackFile}, or with --config ${bare}=<value>.`,
        );
      }
      settings.values.set(key, declared.value);
    } else if (!settings.secrets.has(key)) {
      checkType(given, declared.type, `${stackFile}: "${bare}"`);
      if (declared.secret) {
        throw new UserError(
          `${stackFile}: "${bare}" is declared secret in Pulumi.yaml and stands there in plain text; set it with pulumi config set --secret ${bare}.`,
        );
      }
    }
  }
}

function checkType(value: string, type: string | undefined, what: string): void {
  const fits: Record<string, (text: string) => boolean> = {
    integer: (text) => /^[+-]?\d+$/.test(text),
    boolean: (text) => text === "true" || text === "false",
    array: (text) => Array.isArray(parsed(text)),
    object: (text) => isObject(parsed(text)),
  };
  const allowed: Record<string, string> = {
    integer: "a whole number such as 2",
    boolean: "true or false",
    array: "a list",
    object: "a map of keys and values",
  };
  if (type !== undefined && fits[type]?.(value) === false) {
    throw new UserError(`${what} is ${JSON.stringify(value)}, and Pulumi.yaml declares it as ${type}: give ${allowed[type]}.`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value of a stack file with each `secure:` leaf replaced: it was encrypted with a key that is not here. */
export function secureToPlaceholder(value: unknown): { value: unknown; secure: boolean } {
  if (Array.isArray(value)) {
    const items = value.map(secureToPlaceholder);
    return { value: items.map((item) => item.value), secure: items.some((item) => item.secure) };
  }
  if (!isObject(value)) return { value, secure: false };
  if (Object.keys(value).length === 1 && typeof value.secure === "string") return { value: SECRET, secure: true };
  const items = Object.entries(value).map(([key, item]) => ({ key, ...secureToPlaceholder(item) }));
  return { value: Object.fromEntries(items.map((item) => [item.key, item.value])), secure: items.some((item) => item.secure) };
}

/** Pulumi puts a key without a namespace into the project's. */
export function fullKey(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}
