import { createColors } from "picocolors";

/** Colors, or none where the output is no terminal. */
export type Paint = ReturnType<typeof createColors>;

export function painter(color: boolean): Paint {
  return createColors(color);
}

/** The length of a text without its colors. */
export function visible(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  return text.replace(/\u001b\[\d+m/g, "").length;
}
