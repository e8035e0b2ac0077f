// What became of each field of what somebody had: taken over, changed on purpose, or left to the user. A field that no translator mentions is left, so none is lost.
import type { Complaint } from "../settings/complaints";
import { type Fields, isMap } from "./values";

/** Where a field or a setting stands. */
export type Path = readonly (string | number)[];

/** A field of a document. */
interface Field {
  /** The document: a file, or what AWS described. */
  source: string;
  path: Path;
}

/** A field whose meaning the stack has too. */
export interface Taken extends Field {
  /** Where the stack file says it; absent where it is what a stack does without a setting. */
  setting?: Path;
  /** Why there is no setting. */
  why?: string;
}

/** A field that means something else now, or what the service had without a field. */
export interface Changed extends Field {
  /** What is different, and why. */
  why: string;
  /** How it can stay as it was. */
  keep?: string;
  setting?: Path;
}

/** A field that no setting expresses. */
export interface Left extends Field {
  /** What to do instead. */
  todo: string;
}

/** `services.web.ports[0]` */
export const showField = (path: Path): string =>
  path.map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? key : `.${key}`)).join("");

const isWithin = (path: Path, above: Path) => above.length <= path.length && above.every((key, i) => key === path[i]);

/** The paths of everything in a document that is no map or list with something in it. */
export function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.length === 0 ? [path] : entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** What is made of one or several documents: the settings of a stack, and the account of every field. */
export class Ledger {
  readonly settings: Fields = {};
  readonly taken: Taken[] = [];
  readonly changed: Changed[] = [];
  readonly left: Left[] = [];
  private readonly sources: Source[] = [];

  /** Opens the account of a document. */
  source(name: string, document: unknown): Source {
    const source = new Source(this, name, document);
    this.sources.push(source);
    return source;
  }

  /** Writes a setting that no field asked for, such as the region. */
  set(setting: Path, value: unknown): void {
    let map = this.settings;
    for (const key of setting.slice(0, -1)) {
      const inner = map[key];
      const next = isMap(inner) ? inner : {};
      map[key] = next;
      map = next;
    }
    map[setting.at(-1)!] = value;
  }

  /** The value of a setting so far. */
  get(setting: Path): unknown {
    return setting.reduce<unknown>((value, key) => (isMap(value) ? value[key] : undefined), this.settings);
  }

  /** Closes the account: settings that a stack file may not have are taken back with the reason, and fields of which nothing was said are left. */
  close(complaintsOf: (settings: Fields) => Complaint[]): this {
    const told = new Set<string>();
    for (;;) {
      const complaint = complaintsOf(this.settings).find(({ path, text }) => !told.has(`${showField(path)}: ${text}`));
      if (complaint === undefined) break;
      told.add(`${showField(complaint.path)}: ${complaint.text}`);
      this.takeBack(complaint);
    }
    for (const source of this.sources) this.left.push(...source.unmentioned());
    return this;
  }

  /** Removes what a complaint is about, or what stands above it where it is about what is missing. What needs another setting beside it is only told. */
  private takeBack({ path, text }: Complaint): void {
    let setting: Path = path;
    while (setting.length > 0 && this.get(setting) === undefined) setting = setting.slice(0, -1);
    const todo = `${showField(path)}: ${text}`;
    const fields = [...this.taken, ...this.changed].filter(
      (entry) => setting.length > 0 && entry.setting && isWithin(entry.setting, setting),
    );
    for (const { source, path: field } of fields) this.left.push({ source, path: field, todo });
    if (fields.length === 0) this.left.push({ source: "settings", path, todo });
    remove(this.taken, (entry) => fields.includes(entry));
    remove(this.changed, (entry) => fields.includes(entry));
    this.delete(setting);
  }

  /** Deletes a setting, and the maps that are empty without it. */
  private delete(setting: Path): void {
    if (setting.length === 0) return;
    const above = setting.slice(0, -1);
    const map = above.length === 0 ? this.settings : this.get(above);
    if (!isMap(map)) return;
    delete map[setting.at(-1)!];
    if (above.length > 0 && Object.keys(map).length === 0) this.delete(above);
  }
}

function remove<T>(list: T[], goes: (one: T) => boolean): void {
  list.splice(0, list.length, ...list.filter((one) => !goes(one)));
}

/** The account of one document. Each field that a translator reads is mentioned by one of the four methods. */
export class Source {
  private readonly mentioned: Path[] = [];

  constructor(
    private readonly ledger: Ledger,
    readonly name: string,
    private readonly document: unknown,
  ) {}

  /** The value of a field. */
  read(path: Path): unknown {
    return path.reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined),
      this.document,
    );
  }

  /** The field is a setting. */
  take(path: Path, setting: Path, value: unknown): void {
    this.ledger.set(setting, value);
    this.ledger.taken.push({ ...this.mention(path), setting });
  }

  /** The field says what a stack does anyway; no setting is written. */
  same(path: Path, why: string): void {
    this.ledger.taken.push({ ...this.mention(path), why });
  }

  /** The field, or what was so without one, is different on purpose: as the setting says, if there is one. */
  change(path: Path, why: string, { setting, value, keep }: { setting?: Path; value?: unknown; keep?: string } = {}): void {
    if (setting && value !== undefined) this.ledger.set(setting, value);
    this.ledger.changed.push({ ...this.mention(path), why, ...(setting && { setting }), ...(keep !== undefined && { keep }) });
  }

  /** No setting expresses the field. */
  leave(path: Path, todo: string): void {
    this.ledger.left.push({ ...this.mention(path), todo });
  }

  /** The fields of which nothing was said. */
  unmentioned(): Left[] {
    return leavesOf(this.document)
      .filter((leaf) => !this.mentioned.some((path) => isWithin(leaf, path)))
      .map((path) => ({ source: this.name, path, todo: "Berth has no setting for it; see whether the service needs it." }));
  }

  private mention(path: Path): Field {
    this.mentioned.push(path);
    return { source: this.name, path };
  }
}
