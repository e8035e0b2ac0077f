import pc from "picocolors";

/** Colors, or functions that return the text unchanged. */
export type Paint = ReturnType<typeof pc.createColors>;

export function paintFor(color: boolean): Paint {
  return pc.createColors(color);
}
