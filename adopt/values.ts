// Values as the files of other tools write them. Pure.

/** A map of YAML or JSON. */
export type Fields = Record<string, unknown>;
export const isMap = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** A value with `<<` replaced by what it merges; what stands beside it comes first. */
export function withMerges(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMerges);
  if (!isMap(value)) return value;
  const { "<<": merged, ...own } = value;
  const before = [merged].flat().filter(isMap).reverse().map(withMerges) as object[];
  return Object.assign({}, ...before, Object.fromEntries(Object.entries(own).map(([key, inner]) => [key, withMerges(inner)])));
}

const SECONDS = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Seconds of a duration in these units, such as `1h30m`; undefined where it is none. */
export function secondsIn(text: string, units: readonly (keyof typeof SECONDS)[]): number | undefined {
  const part = `(\\d+(?:\\.\\d+)?)(${units.join("|")})`;
  if (!new RegExp(`^(${part})+$`).test(text)) return undefined;
  const parts = [...text.matchAll(new RegExp(part, "g"))];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS], 0);
}

/** A line as the words of a shell: each is made of parts as they are ('…'), of parts in which \ is read ("…"), and of plain ones. */
export function shellWords(line: string): string[] {
  const found = line.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs);
  return [...found].map(([word]) =>
    word.replace(
      /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
      (_, escaped?: string, double?: string, single?: string) => escaped ?? single ?? double!.replace(/\\(["\\$`])/g, "$1"),
    ),
  );
}
