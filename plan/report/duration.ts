import { shortType } from "../../facts/types";
import { parseUrn } from "../../facts/urn";
import type { UpdateTime } from "../plan-json";

/** Seconds for people: `45 s`, `3 min`, `1 h 5 min`. */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long an update takes and on what it waits, in one line. */
export function timeText({ seconds, waitsOn }: UpdateTime): string {
  const parts = waitsOn.map(({ urn, action, seconds: took, why }) => {
    const { type, name } = parseUrn(urn);
    const what = action === "create" && why !== undefined ? why : `${action === "create" ? "" : `${action} `}${shortType(type)}`;
    return `${what} (${name}, ${durationText(took)})`;
  });
  const chain = parts.length === 0 ? "" : `; it waits for: ${parts.join(", then ")}`;
  return `about ${durationText(seconds)}${chain}.`;
}
