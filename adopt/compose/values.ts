// Values of the Compose specification in the units of a stack file.
import { FARGATE_SIZES } from "../../facts/sizes";
import { secondsIn } from "../values";

/** `1m30s` in seconds; undefined where it is no duration. */
export const seconds = (text: string): number | undefined => secondsIn(text, ["us", "ms", "s", "m", "h"]);

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

/** A name that a service or a task may have. */
export const stackWord = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^[^A-Za-z]+/, "")
    .slice(0, 24)
    .replace(/-+$/, "") || "app";
