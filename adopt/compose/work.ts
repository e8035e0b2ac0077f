// What the translation of one service has at hand.
import type { Ledger, Path } from "../ledger";
import type { Field } from "./field";
import type { ComposeProject } from "./read";
import type { One, Shape } from "./shape";

/** A credential of a service: the variable that gets it, and what it is the same as. */
export interface Credential {
  variable: string;
  /** Two credentials of one variable are the same where this is. */
  identity: string;
  one: One;
  /** The fields that it comes from; their account waits until the credential has a name. */
  fields: Field[];
  why: string;
}

export interface Work {
  one: One;
  shape: Shape;
  project: ComposeProject;
  root: string;
  ledger: Ledger;
  credentials: Credential[];
}

/** Where a setting of the service stands. */
export const at = ({ one }: Work, ...keys: (string | number)[]): Path => [...one.at, ...keys];

/** What the service had without a field, where a stack would have something else. */
export function implied({ one }: Work, key: string, why: string, more: { setting?: Path; value?: unknown; keep?: string } = {}): void {
  if (one.field.get(key) === undefined) one.field.file.source.change([...one.field.path, key], why, more);
}

/** A number within limits, or the nearest. */
export function bounded(field: Field, setting: Path, given: number | undefined, low: number, high: number, unit = "seconds"): void {
  if (given === undefined) return;
  const value = Math.min(high, Math.max(low, Math.ceil(given)));
  if (value === given) field.take(setting, value);
  else field.change(`ECS takes ${low} to ${high} ${unit}; this is the nearest.`, { setting, value });
}
