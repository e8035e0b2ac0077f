import type { CapacityProviderStrategyItem, TaskVolumeConfiguration } from "@aws-sdk/client-ecs";
import { InvalidArgumentError } from "commander";

/** Readers of option values: each says what is allowed when the value is not. */

export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a number above 0.");
}

/** A whole number from 0. */
export function count(text: string): number {
  if (/^\d+$/.test(text.trim())) return Number(text);
  throw new InvalidArgumentError("It must be a whole number, 0 or more.");
}

/** The number of a pull request. */
export function pullRequest(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text.trim())) return Number(text);
  throw new InvalidArgumentError("It must be the number of a pull request, such as 123.");
}

/** Numbers of pull requests; none is a list, too. */
export const pullRequests = (text: string): number[] => listOf(text).map(pullRequest);

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `10m`, `2h`, `1d` in milliseconds. */
export function timeSpan(text: string): number {
  const parts = /^(\d+)([smhd])$/.exec(text.trim());
  if (parts) return Number(parts[1]) * UNITS[parts[2]!]!;
  throw new InvalidArgumentError("It must be a number with s, m, h or d, such as 30m or 2h.");
}

export function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError(`It must be a regular expression (${(error as Error).message}).`);
  }
}

/** `a,b` or a JSON array of strings. */
export function listOf(text: string): string[] {
  if (!text.trim().startsWith("["))
    return text
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean);
  return jsonStrings(text);
}

export function jsonStrings(text: string): string[] {
  const value = json(text);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new InvalidArgumentError('It must be a JSON array of strings, such as ["npm", "run", "migrate"].');
}

export function strategy(text: string): CapacityProviderStrategyItem[] {
  const value = json(text);
  const valid =
    Array.isArray(value) && value.every((item: unknown) => typeof item === "object" && item !== null && "capacityProvider" in item);
  if (valid) return value as CapacityProviderStrategyItem[];
  throw new InvalidArgumentError('It must be a JSON array such as [{"capacityProvider": "FARGATE", "weight": 1}].');
}

/** The volumes of RunTask, as the component writes them. */
export function volumes(text: string): TaskVolumeConfiguration[] {
  const value = json(text);
  const valid = Array.isArray(value) && value.every((item: unknown) => typeof item === "object" && item !== null && "name" in item);
  if (valid) return value as TaskVolumeConfiguration[];
  throw new InvalidArgumentError(
    'It must be a JSON array such as [{"name": "data", "managedEBSVolume": {"roleArn": "...", "sizeInGiB": 100}}].',
  );
}

/** A JSON object of strings. */
export function strings(text: string): Record<string, string> {
  const value = json(text);
  const valid = typeof value === "object" && value !== null && !Array.isArray(value);
  if (valid && Object.values(value).every((item) => typeof item === "string")) return value as Record<string, string>;
  throw new InvalidArgumentError('It must be a JSON object of strings, such as {"Stack": "dev"}.');
}

export function flag(text: string): boolean {
  if (/^(?:true|enabled|1)$/i.test(text)) return true;
  if (/^(?:false|disabled|0|)$/i.test(text)) return false;
  throw new InvalidArgumentError("It must be true or false.");
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
