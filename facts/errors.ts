import { closest, distance } from "fastest-levenshtein";

/**
 * Something that the user can mend: a wrong argument, setting or file, or a state of the world. Its message says what is wrong, what was given, what is
 * allowed and, where there is one, the nearest legal value. The tool prints it without a stack trace, and so does Pulumi (it knows such errors by
 * `__pulumiRunError`).
 */
export class UserError extends Error {
  override readonly name = "UserError";
  /** How Pulumi's runner knows an error that is the user's to mend. @internal */
  readonly __pulumiRunError = true;

  constructor(
    message: string,
    /** What to do, one step a line. */
    readonly advice: string[] = [],
  ) {
    super(message);
    // Nobody is shown the stack, and Pulumi's runner paints it: Node 20 takes half a minute and gigabytes over the frames of an apply (nodejs/node#64011).
    this.stack = `${this.name}: ${message}`;
    // Pulumi puts `error serializing property "x":` before the message of what fails in an apply; ours names its place already.
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
  }
}

/** The sentence with which `work` refuses its input; undefined if it does not. */
export function complaintOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
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

/** The end of a sentence about what is not there: `; did you mean "…"?`, or the full stop where nothing is near. */
export function orMeant(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  return near === undefined ? "." : `; did you mean "${near}"?`;
}

/** What is wrong with a word that is none of the allowed ones: `"of" is not a valid value; allowed: off, advisory; did you mean "off"?` */
export function wordComplaint(given: unknown, allowed: readonly string[], what = "a valid value"): string {
  return `${JSON.stringify(given)} is not ${what}; allowed: ${listed(allowed)}${typeof given === "string" ? orMeant(given, allowed) : "."}`;
}

/** What is wrong with a list that names one twice; undefined if none is. */
export function twiceComplaint(given: readonly string[], what: string): string | undefined {
  const again = given.find((one, i) => given.indexOf(one) < i);
  return again === undefined ? undefined : `${JSON.stringify(again)} is named twice; name each ${what} once.`;
}

/** Many words are named by the first few. */
export const listed = (words: readonly (string | number)[]): string =>
  words.length > 24 ? `${words.slice(0, 3).join(", ")} and ${words.length - 3} others` : words.join(", ");

/** A typo changes a few letters: at most a third of the longer word. */
function editsFit(a: string, b: string): boolean {
  return distance(a.toLowerCase(), b.toLowerCase()) <= Math.max(a.length, b.length) / 3;
}
