import pc from "picocolors";

/** Colors, or functions that return the text unchanged. */
export type Paint = ReturnType<typeof pc.createColors>;

export function paintFor(color: boolean): Paint {
  return pc.createColors(color);
}

/**
 * Whether text for a stream may be colored, by the conventions of terminals: NO_COLOR (no-color.org) forbids it, FORCE_COLOR (force-color.org) and CLICOLOR_FORCE
 * demand it where the stream is no terminal too, and a terminal that is dumb or asked to be plain by CLICOLOR=0 gets none.
 */
export function isColored({ isTTY }: { isTTY?: boolean | undefined }, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return isOn(env.FORCE_COLOR);
  if (env.CLICOLOR_FORCE && isOn(env.CLICOLOR_FORCE)) return true;
  return isTTY === true && env.TERM !== "dumb" && env.CLICOLOR !== "0";
}

const isOn = (value: string) => value !== "0" && value !== "false";

/** The length of a text without its colors. */
export function visible(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  return text.replace(/\u001b\[\d+m/g, "").length;
}
