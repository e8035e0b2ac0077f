import type { Run } from "./runner";

/**
 * Runs the contenders in turns (A B C A B C ...), after one round that warms the file cache and is thrown away:
 * a machine that slows down half-way slows them all.
 */
export async function interleave<Name extends string, Result>(
  contenders: Record<Name, () => Promise<Result>>,
  runs: number,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(contenders) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Result[]>;
  for (let round = 0; round <= runs; round++) {
    for (const name of names) {
      const result = await contenders[name]();
      if (round > 0) results[name].push(result);
    }
  }
  return results;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median time in milliseconds. */
export function medianTime(runs: Run[]): number {
  return median(runs.map((run) => run.milliseconds));
}

/** Median peak memory in MB; undefined where the machine does not tell it. */
export function medianMemory(runs: Run[]): number | undefined {
  const values = runs.flatMap((run) => run.peakMemory ?? []);
  return values.length === runs.length ? median(values) : undefined;
}

/** One line of a contender: `  berth          1.25 s   182 MB`. */
export function resultLine(name: string, runs: Run[]): string {
  const memory = medianMemory(runs);
  return `  ${name.padEnd(28)}${seconds(medianTime(runs)).padStart(8)}${(memory === undefined ? "" : `${memory.toFixed(0)} MB`).padStart(10)}`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

export type Target = { atMost: number } | { atLeast: number };

/** One line of a target: `  berth / empty, time          1.37x   at most 1.4x: ok`. */
export function targetLine(what: string, value: number, target: Target, format: (value: number) => string): string {
  const [words, limit, met] =
    "atMost" in target ? ["at most", target.atMost, value <= target.atMost] : ["at least", target.atLeast, value >= target.atLeast];
  return `  ${what.padEnd(28)}${format(value).padStart(8)}   target ${words} ${format(limit)}: ${met ? "ok" : "MISSED"}`;
}

export function ratio(value: number): string {
  return `${value.toFixed(2)}x`;
}
