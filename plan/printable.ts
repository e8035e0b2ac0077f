import { stripVTControlCharacters } from "node:util";

/** Characters that steer a terminal or turn the direction of text; line ends and tabs are harmless. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
const STEERING = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/g;

/** The same value with nothing in its texts that steers a terminal: names and messages come from whoever wrote the program. */
export function printable<T>(value: T): T {
  return walk(value) as T;
}

function walk(value: unknown): unknown {
  if (typeof value === "string") return value.search(STEERING) < 0 ? value : stripVTControlCharacters(value).replace(STEERING, "");
  if (Array.isArray(value)) return value.map(walk);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [walk(key), walk(item)]));
}
