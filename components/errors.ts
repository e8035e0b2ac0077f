import { closest, distance } from "fastest-levenshtein";

/**
 * A mistake in what the user asked for. Pulumi prints its message without a stack trace (it knows such errors by `__pulumiRunError`), and so does
 * `berth plan`. The message names the key, what was given, what is allowed and, where there is one, the nearest legal value.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  /** How Pulumi's runner knows an error that is the user's to mend. @internal */
  readonly __pulumiRunError = true;

  constructor(message: string) {
    super(message);
    // Pulumi puts `error serializing property "x":` before the message of what fails in an apply; ours names its place already.
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
  }
}

/** Throws an InputError about one argument: `service.port: 70000 is not a port; allowed are 1 to 65535.` */
export function refuse(key: string, complaint: string): never {
  throw new InputError(`${key}: ${complaint}`);
}

/** The one of `known` that is most like `given`, or undefined where none is near enough to be what was meant. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const within = (a: string, b: string) => a.toLowerCase().includes(b.toLowerCase());
  // A part of the word comes first: "insights" has fewer letters to change to "cpu" than to "containerInsights".
  const alike = known.filter((word) => within(word, given) || within(given, word));
  if (alike.length > 0) return closest(given, alike);
  const best = closest(given, known);
  return editsFit(given, best) ? best : undefined;
}

/** A typo changes a few letters: at most a half of the longer word. */
function editsFit(a: string, b: string): boolean {
  return distance(a.toLowerCase(), b.toLowerCase()) <= Math.max(a.length, b.length) / 2;
}
