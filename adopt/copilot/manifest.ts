// A manifest for one environment: what its `environments` say of it laid over the rest as Copilot lays it, and the account of both, field by field.
import type { Ledger, Path, Source } from "../ledger";
import { type Fields, isMap } from "../values";
import { booleanOf, secondsOf, textOf } from "./values";

/** Keys of one map that exclude each other: where an override names one of a side, what the manifest says of the other is gone. */
const EXCLUSIVE: [at: RegExp, ...sides: [string[], string[]]][] = [
  [/^(sidecars\.[^.]+\.)?image$/, ["build"], ["location"]],
  [/^count$/, ["spot"], ["range", "cooldown", "cpu_percentage", "memory_percentage", "requests", "response_time", "queue_delay"]],
  [/^storage\.volumes\.[^.]+\.efs$/, ["uid", "gid"], ["id", "root_dir", "auth"]],
  [/^secrets\.[^.]+$/, ["secretsmanager"], ["from_cfn"]],
];

/** The keys that go from a map when another map is laid over it. */
function displaced(path: Path, over: Fields): string[] {
  const [, ...sides] = EXCLUSIVE.find(([at]) => at.test(path.join("."))) ?? [/./, [], []];
  const [one, other] = sides;
  const names = (keys: string[]) => keys.some((key) => over[key] !== undefined && over[key] !== null);
  return [...(names(one) ? other : []), ...(names(other) ? one : [])].filter((key) => over[key] === undefined);
}

/** A manifest as it holds in an environment, and the account of its fields. */
export class Manifest {
  readonly content: Fields;
  private readonly source: Source;
  /** Where in the file a field stands that an override says, or both; the others stand where they do. */
  private readonly origins = new Map<string, Path[]>();

  constructor(
    private readonly ledger: Ledger,
    readonly file: string,
    document: Fields,
    private readonly workspace: { app: string; env: string },
  ) {
    const { env } = workspace;
    this.source = ledger.source(file, document);
    const { environments, ...base } = document;
    const each = isMap(environments) ? environments : {};
    for (const other of Object.keys(each))
      if (other !== env) this.source.same(["environments", other], `for another environment: berth adopt --env ${other}`);
    const over = each[env];
    if (isMap(environments) && Object.keys(environments).length === 0) this.source.same(["environments"], "empty");
    this.content = (isMap(over) ? this.laid(base, over, []) : base) as Fields;
  }

  /** The domain of the names in the VPC. */
  get namespace(): string {
    return `${this.workspace.env}.${this.workspace.app}.local`;
  }

  /** One value over another: maps are merged, and anything else is replaced. */
  private laid(base: unknown, over: unknown, path: Path): unknown {
    const there = ["environments", this.workspace.env, ...path];
    if (over === undefined) return base;
    if (over === null) {
      this.source.same(there, "empty: nothing is overridden");
      return base;
    }
    if (base !== undefined && base !== null && !(isMap(base) && isMap(over))) this.replaced(path);
    if (!isMap(base) || !isMap(over)) {
      this.origins.set(keyOf(path), [there]);
      return over;
    }
    this.origins.set(keyOf(path), Object.keys(over).length === 0 ? [path, there] : [path]);
    const gone = displaced(path, over);
    for (const key of gone) if (base[key] !== undefined) this.replaced([...path, key]);
    const kept = Object.keys(base).filter((key) => !gone.includes(key));
    return Object.fromEntries(
      [...new Set([...kept, ...Object.keys(over)])].map((key) => [key, this.laid(base[key], over[key], [...path, key])]),
    );
  }

  private replaced(path: Path): void {
    this.source.same(path, `environments.${this.workspace.env} says otherwise`);
  }

  /** Where a field stands in the file. */
  private where(path: Path): Path[] {
    for (let length = path.length; length > 0; length--) {
      const at = this.origins.get(keyOf(path.slice(0, length)));
      if (at) return at.map((above) => [...above, ...path.slice(length)]);
    }
    return [path];
  }

  /** Its value; undefined where there is none. */
  read(path: Path): unknown {
    const value = path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], this.content);
    return value === null ? undefined : value;
  }

  /** The fields of the map there, without those that are empty. */
  keys(path: Path): string[] {
    const value = this.read(path);
    return isMap(value) ? Object.keys(value).filter((key) => value[key] !== null) : [];
  }

  /** A setting that several fields decide together. */
  set(setting: Path, value: unknown): void {
    this.ledger.set(setting, value);
  }
  /** The value of a setting so far. */
  setting(setting: Path): unknown {
    return this.ledger.get(setting);
  }
  take(path: Path, setting: Path, value: unknown): void {
    for (const at of this.where(path)) this.source.take(at, setting, value);
  }
  same(path: Path, why: string): void {
    for (const at of this.where(path)) this.source.same(at, why);
  }
  change(path: Path, why: string, more: { setting?: Path; value?: unknown; keep?: string } = {}): void {
    for (const at of this.where(path)) this.source.change(at, why, more);
  }
  leave(path: Path, todo: string): void {
    for (const at of this.where(path)) this.source.leave(at, todo);
  }

  /** What each field of the map there means; a field that is not among them is left. */
  fields(path: Path, meaning: Record<string, (path: Path, value: unknown) => void>): void {
    const value = this.read(path);
    if (value === undefined) return;
    if (!isMap(value)) {
      this.leave(path, "Copilot takes a map here, and this is something else.");
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const at = [...path, key];
      if (inner === null) this.same(at, "empty");
      else if (isMap(inner) && Object.keys(inner).length === 0) this.same(at, "empty");
      else if (Object.hasOwn(meaning, key)) meaning[key]!(at, inner);
    }
  }

  /** Each entry of the list there. */
  items(path: Path, use: (path: Path, item: unknown, index: number) => void): void {
    const value = this.read(path);
    if (Array.isArray(value)) for (const [i, item] of value.entries()) use([...path, i], item, i);
    else if (value !== undefined) this.leave(path, "Copilot takes a list here, and this is something else.");
  }

  /** Each entry of a map whose names are free. */
  entries(path: Path, use: (path: Path, value: unknown, name: string) => void): void {
    const value = this.read(path);
    if (isMap(value)) for (const name of this.keys(path)) use([...path, name], value[name], name);
    else if (value !== undefined) this.leave(path, "Copilot takes a map here, and this is something else.");
  }

  private typed<T>(what: string, parse: (value: unknown) => T | undefined, use: (path: Path, value: T) => void) {
    return (path: Path, value: unknown) => {
      const parsed = parse(value);
      if (parsed === undefined) this.leave(path, `Copilot takes ${what} here, and this is something else.`);
      else use(path, parsed);
    };
  }
  readonly text = (use: (path: Path, value: string) => void) => this.typed("a text", textOf, use);
  readonly number = (use: (path: Path, value: number) => void) =>
    this.typed(
      "a number",
      (value) => (typeof value === "number" ? value : typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined),
      use,
    );
  readonly flag = (use: (path: Path, value: boolean) => void) => this.typed("true or false", booleanOf, use);
  readonly duration = (use: (path: Path, seconds: number) => void) => this.typed("a duration, such as 30s,", secondsOf, use);
  readonly texts = (use: (path: Path, value: string[]) => void) =>
    this.typed(
      "a list of texts",
      (value) => (Array.isArray(value) && value.every((one) => typeof one === "string") ? (value as string[]) : undefined),
      use,
    );

  /** Of a field that is a setting as it is: what reads it, by what Copilot takes there. */
  readonly into = {
    text: (setting: Path) => this.text((path, value) => this.take(path, setting, value)),
    number: (setting: Path) => this.number((path, value) => this.take(path, setting, value)),
    duration: (setting: Path) => this.duration((path, value) => this.take(path, setting, value)),
    flag: (setting: Path) => this.flag((path, value) => this.take(path, setting, value)),
    /** What is off without a setting. */
    on: (setting: Path) => this.flag((path, on) => (on ? this.take(path, setting, true) : this.same(path, "off anyway"))),
  };
}

const keyOf = (path: Path) => JSON.stringify(path);
