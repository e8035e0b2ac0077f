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

/** Throws a UserError about one argument: `service.port: 70000 is not a port; allowed are 1 to 65535.` */
export function refuse(key: string, complaint: string): never {
  throw new UserError(`${key}: ${complaint}`);
}

/** What is wrong with a value that is to be a whole number in a range, with the nearest that is; undefined if nothing is. `unit` follows the range. */
export function rangeComplaint(value: number, low: number, high: number, unit = ""): string | undefined {
  const whole = Number.isInteger(value);
  if (whole && value >= low && value <= high) return undefined;
  const near = Math.min(high, Math.max(low, Math.round(value) || low));
  return `${value} is ${whole ? "out of range" : "not a whole number"}; allowed are whole numbers from ${low} to ${high}${unit}; the nearest is ${near}.`;
}

/** The value, if it is a whole number in the range; throws a UserError otherwise. */
export function wholeNumber(key: string, value: number, low: number, high: number, unit = ""): number {
  const complaint = rangeComplaint(value, low, high, unit);
  return complaint === undefined ? value : refuse(key, complaint);
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

/** A typo changes a few letters: at most a third of the longer word. */
function editsFit(a: string, b: string): boolean {
  return distance(a.toLowerCase(), b.toLowerCase()) <= Math.max(a.length, b.length) / 3;
}
