import { SECRET } from "../../facts/graph";

/** Shorter secrets are common words; hiding those would garble the report and hide nothing. */
const SHORTEST = 4;

/** The same value with every secret text that slipped into another one (a message, the arguments of a lookup) replaced. */
export function scrub<T>(value: T, secrets: ReadonlySet<string>): T {
  const texts = [...secrets].filter((text) => text.length >= SHORTEST && text !== SECRET).sort((a, b) => b.length - a.length);
  return texts.length === 0 ? value : (walk(value, texts) as T);
}

/** The same for one text. */
export function scrubText(text: string, secrets: Iterable<string>): string {
  return scrub(text, new Set(secrets));
}

function walk(value: unknown, texts: string[]): unknown {
  if (typeof value === "string") return texts.reduce((text, secret) => text.replaceAll(secret, SECRET), value);
  if (Array.isArray(value)) return value.map((item) => walk(item, texts));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, texts)]));
}
