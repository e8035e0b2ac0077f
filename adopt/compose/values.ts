// Values of the Compose specification in the units of a stack file.
import { FARGATE_SIZES } from "../../facts/sizes";

const UNITS: Record<string, number> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** `1m30s` in seconds; undefined where it is no duration. */
export function seconds(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(text)) return undefined;
  return [...text.matchAll(/([\d.]+)(us|ms|s|m|h)/g)].reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!, 0);
}

/** `512m` in MiB, rounded up; undefined where it is no size. */
export function mebibytes(text: string): number | undefined {
  const [, number, unit = "b"] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const power = ["", "k", "m", "g", "t"].indexOf(unit.toLowerCase().replace("b", ""));
  return Math.ceil((Number(number) * 1024 ** power) / 1024 ** 2);
}

/** The smallest size of Fargate with as much, or the largest. */
export function fargateSize(cpu: number, memory: number): { cpu: number; memory: number } {
  const sizes = [...FARGATE_SIZES].flatMap(([units, memories]) => memories.map((mib) => ({ cpu: units, memory: mib })));
  return sizes.find((size) => size.cpu >= cpu && size.memory >= memory) ?? sizes.at(-1)!;
}

/** A command as Compose reads it: a list, or a line that is split at its blanks as a shell would. */
export function words(line: string): string[] {
  const found = line.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs);
  return [...found].map(([word]) =>
    word.replace(
      /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
      (_, escaped?: string, double?: string, single?: string) => escaped ?? single ?? double!.replace(/\\(["\\$`])/g, "$1"),
    ),
  );
}

/** A name that a service or a task may have. */
export const stackWord = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^[^A-Za-z]+/, "")
    .slice(0, 24)
    .replace(/-+$/, "") || "app";
