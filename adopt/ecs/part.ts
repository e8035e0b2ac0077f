// A part of what AWS described, beside the place in the settings that it is about: what translators read, and by which they account for each field.
import { isDeepStrictEqual } from "node:util";
import { defaultOf } from "../../settings/complaints";
import type { Path, Source } from "../ledger";

/** Where a setting stands: a key of what the part is about, or the whole way from the top of the stack file. */
type Setting = string | Path;

type Item<T> = T extends readonly (infer I)[] ? I : never;

export class Part<T> {
  constructor(
    private readonly source: Source,
    readonly path: Path,
    readonly value: T,
    /** Where the settings of the service or the container stand. */
    readonly to: Path,
  ) {}

  /** A field, where it is there. */
  at<K extends keyof T & string>(key: K): Part<NonNullable<T[K]>> | undefined {
    const value = this.value[key];
    return value === undefined || value === null ? undefined : new Part(this.source, [...this.path, key], value, this.to);
  }

  /** The items of a list. */
  items(): Part<Item<T>>[] {
    if (!Array.isArray(this.value)) return [];
    return (this.value as Item<T>[]).map((item, i) => new Part(this.source, [...this.path, i], item, this.to));
  }

  /** The items of a list that is a field; none where it is not there. */
  each<K extends keyof T & string>(key: K): Part<Item<NonNullable<T[K]>>>[] {
    return this.at(key)?.items() ?? [];
  }

  /** The same about another place in the settings. */
  about(to: Path): Part<T> {
    return new Part(this.source, this.path, this.value, to);
  }

  /** The part is a setting. */
  take(setting: Setting, value: unknown = this.value): void {
    this.source.take(this.path, this.place(setting), value);
  }

  /** The same, unless the setting would say what holds anyway. */
  takeUnless(otherwise: unknown, setting: Setting, value: unknown = this.value): void {
    if (isDeepStrictEqual(value, otherwise)) this.same("Berth's default");
    else this.take(setting, value);
  }

  /** The same, where what holds anyway is the default of the setting. */
  takeUnlessDefault(setting: Setting, value: unknown = this.value): void {
    this.takeUnless(defaultOf(this.place(setting)), setting, value);
  }

  same(why: string): void {
    this.source.same(this.path, why);
  }

  change(why: string, { setting, value, keep }: { setting?: Setting; value?: unknown; keep?: string } = {}): void {
    const place = setting === undefined ? {} : { setting: this.place(setting), value };
    this.source.change(this.path, why, { ...place, ...(keep !== undefined && { keep }) });
  }

  leave(todo: string): void {
    this.source.leave(this.path, todo);
  }

  /** A field of the part, or what was so without it, is different now. */
  differs(field: string, why: string, keep?: string): void {
    this.source.change([...this.path, field], why, keep === undefined ? {} : { keep });
  }

  /** What was so without this field stays so by a setting. */
  kept(field: string, setting: Setting, value: unknown): void {
    this.source.take([...this.path, field], this.place(setting), value);
  }

  private place(setting: Setting): Path {
    return typeof setting === "string" ? [...this.to, setting] : setting;
  }
}

/** Each of these fields that is there says what a stack does anyway, or nothing that anybody sets. */
export function sameAll<T>(part: Part<T>, keys: readonly (keyof T & string)[], why: string): void {
  for (const key of keys) part.at(key)?.same(why);
}

/** Fields that no setting expresses, each with what to do. */
export function leaveAll<T>(part: Part<T>, todos: { [K in keyof T & string]?: string }): void {
  for (const [key, todo] of Object.entries(todos) as [keyof T & string, string][]) part.at(key)?.leave(todo);
}
