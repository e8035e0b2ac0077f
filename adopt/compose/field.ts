// A field of a compose file: its value with the variables put in, where it stands, and what becomes of it in the account.
import { type Path, type Source, showField } from "../ledger";
import { interpolate, type Variables } from "./variables";

/** A compose file that was read. */
export interface ComposeFile {
  /** Where it is, as a message says it. */
  name: string;
  /** The folder that its paths are of. */
  folder: string;
  variables: Variables;
  source: Source;
}

export class Field {
  private readonly own: { value: unknown; map?: Map<string, Field>; list?: Field[]; unset: string[]; used: string[] };

  constructor(
    readonly file: ComposeFile,
    readonly path: Path,
    private readonly raw: unknown,
    /** Other fields of the same name that this one is merged with. */
    private readonly parts: readonly Field[] = [],
  ) {
    const value = raw;
    const at = (key: string | number, inner: unknown) => new Field(file, [...path, key], inner);
    if (typeof value === "string") {
      const { text, unset, used } = interpolate(value, file.variables);
      this.own = { value: text, unset, used };
    } else if (Array.isArray(value)) {
      this.own = { value: undefined, list: value.map((inner, i) => at(i, inner)), unset: [], used: [] };
    } else if (typeof value === "object" && value !== null) {
      const map = new Map(Object.entries(value).map(([key, inner]) => [key, at(key, inner)]));
      this.own = { value: undefined, map, unset: [], used: [] };
    } else this.own = { value, unset: [], used: [] };
  }

  /** The field as a merge makes it: each name of the two, and where both have it, what `together` says. */
  static merged(base: Field, over: Field, together: (key: string, base: Field, over: Field) => Field): Field {
    const field = new Field(over.file, over.path, {});
    for (const [key, inner] of base.entries()) field.own.map!.set(key, inner);
    for (const [key, inner] of over.entries()) {
      const before = field.own.map!.get(key);
      field.own.map!.set(key, before ? together(key, before, inner) : inner);
    }
    return field;
  }

  /** The field with what another says before it. */
  with(base: Field): Field {
    return new Field(this.file, this.path, this.raw, [base]);
  }

  get key(): string {
    return String(this.path.at(-1));
  }

  /** A field of the map. */
  get(key: string): Field | undefined {
    return this.own.map?.get(key);
  }
  /** The fields of the map; none where it is no map. */
  entries(): [string, Field][] {
    return [...(this.own.map ?? [])];
  }
  /** The fields of the list; none where it is no list. */
  items(): Field[] {
    return [...this.parts.flatMap((part) => part.items()), ...(this.own.list ?? [])];
  }
  /** A list, or the one value that stands for a list of one. */
  oneOrMore(): Field[] {
    return this.text === undefined ? this.items() : [this];
  }
  /** A list of `NAME=value`, or a map; a name without a value has that of the variable. */
  named(): { name: string; value: string | undefined; field: Field }[] {
    const ofMap = this.entries().map(([name, field]) => ({ name, value: field.text ?? field.file.variables[name], field }));
    const ofList = (this.own.list ?? []).flatMap((field) => {
      if (field.text === undefined) return [];
      const [name = "", ...rest] = field.text.split("=");
      return [{ name, value: rest.length > 0 ? rest.join("=") : field.file.variables[name], field }];
    });
    return [...this.parts.flatMap((part) => part.named()), ...ofMap, ...ofList];
  }

  get isMap(): boolean {
    return this.own.map !== undefined;
  }
  get isList(): boolean {
    return this.own.list !== undefined;
  }
  /** Whether it is there, and nothing is in it. */
  get isEmpty(): boolean {
    return this.text === undefined && this.entries().length === 0 && this.items().length === 0;
  }
  /** The text of a scalar. */
  get text(): string | undefined {
    const { value } = this.own;
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  }
  get number(): number | undefined {
    const number = this.text === undefined || this.text.trim() === "" ? Number.NaN : Number(this.text);
    return Number.isFinite(number) ? number : undefined;
  }
  get flag(): boolean | undefined {
    return this.text === "true" ? true : this.text === "false" ? false : undefined;
  }
  /** Variables in it that are not set and have no default. */
  get unset(): string[] {
    return [...this.own.unset, ...this.entries().flatMap(([, field]) => field.unset), ...this.items().flatMap(({ unset }) => unset)];
  }
  /** Variables whose values are in it. */
  get used(): string[] {
    return this.own.used;
  }

  /** The field is a setting. What depends on a variable that is not set is none. */
  take(setting: Path, value: unknown): boolean {
    const names = [...new Set(this.unset)];
    if (names.length > 0) {
      const [are, have] = names.length === 1 ? ["is", "has"] : ["are", "have"];
      this.leave(
        `${names.join(", ")} ${are} not set in .env and ${have} no default; write ${showField(setting)} in the stack file yourself.`,
      );
      return false;
    }
    for (const { file, path } of this.all()) file.source.take(path, setting, value);
    return true;
  }
  /** The field says what a stack does anyway, or what does not matter there. */
  same(why: string): void {
    for (const { file, path } of this.all()) file.source.same(path, why);
  }
  change(why: string, more: { setting?: Path; value?: unknown; keep?: string } = {}): void {
    for (const { file, path } of this.all()) file.source.change(path, why, more);
  }
  leave(todo: string): void {
    for (const { file, path } of this.all()) file.source.leave(path, todo);
  }

  private all(): Field[] {
    return [...this.parts.flatMap((part) => part.all()), this];
  }
}

/** What says what becomes of a field, by its name. What is not in it is left to the user. */
export type Handlers<T> = Record<string, (field: Field, context: T) => void>;

/** Hands each field of a map to whatever knows it. */
export function each<T>(map: Field | undefined, handlers: Handlers<T>, context: T): void {
  for (const [key, field] of map?.entries() ?? []) {
    if (key.startsWith("x-")) field.same("An extension, which Compose ignores, too.");
    else if (Object.hasOwn(handlers, key)) handlers[key]!(field, context);
  }
}
