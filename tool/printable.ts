import { stripVTControlCharacters } from "node:util";

/** Characters that steer a terminal or turn the direction of text; line ends and tabs are harmless. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
const STEERING = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/g;

/** What sets color and weight of the text after it (SGR). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const COLOR = /(\u001b\[[\d;]*m)/;

/** The same value with nothing in its texts that steers a terminal: names and messages come from whoever wrote the program. */
export function printable<T>(value: T): T {
  return walk(value) as T;
}

/** The same text with its colors, and with nothing else that steers a terminal: a log line may be red, it may not write over what stands above it. */
export function colored(text: string): string {
  return text
    .split(COLOR)
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join("");
}

/** A value as JSON that a terminal may show and a reader gets back to the byte: what would steer is written as an escape. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(STEERING, escaped);
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

function walk(value: unknown): unknown {
  if (typeof value === "string") return value.search(STEERING) < 0 ? value : stripVTControlCharacters(value).replace(STEERING, "");
  if (Array.isArray(value)) return value.map(walk);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [walk(key), walk(item)]));
}
