import { type Json, SECRET } from "../../facts/graph";

/** One input that differs. Absent is undefined. */
export interface PropertyChange {
  path: string;
  before: Json | undefined;
  after: Json | undefined;
}

/** What differs between two values, leaf by leaf. */
export function diff(before: Json | undefined, after: Json | undefined, path: string): PropertyChange[] {
  const [a, b] = [unpack(before), unpack(after)];
  // In a state all of a value is secret that has a secret in it: nobody can say what of it differs.
  if ((a === SECRET && holdsSecret(b)) || (b === SECRET && holdsSecret(a))) return [];
  if (isMap(a) && isMap(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return keys.flatMap((key) => diff(a[key], b[key], path === "" ? key : `${path}.${key}`));
  }
  // A list in another order or of another length is one change; entry by entry it would read as many.
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return a.flatMap((item, index) => diff(item, b[index], `${path}[${index}]`));
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ path, before: a, after: b }];
}

/** JSON in a string (container definitions, IAM policies) is compared by what it says. */
export function unpack<T extends Json | undefined>(value: T): T | Json {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

const holdsSecret = (value: Json | undefined): boolean => JSON.stringify(value)?.includes(SECRET) === true;

export function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The parts of a property path: `a[0].b` -> a, 0, b; `triggers[*]` -> triggers, *. */
export const pathParts = (path: string): string[] => path.match(/[^.[\]"]+/g) ?? [];

/** Whether a path lies at or below another; `*` stands for any part. */
export const isBelow = (path: string, above: string): boolean => {
  const [inner, outer] = [pathParts(path), pathParts(above)];
  return outer.length <= inner.length && outer.every((part, i) => part === "*" || part === inner[i]);
};
