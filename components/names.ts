// Physical names, where AWS's own rules leave no choice but to write one. No Pulumi here.
import { createHash } from "node:crypto";

/** The parts joined by "-"; shortened with a hash of the whole where that is longer than `max`, so that two long names stay two. */
export function physicalName(parts: string[], max: number): string {
  const whole = parts.join("-");
  if (whole.length <= max) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 8);
  return `${whole.slice(0, max - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
