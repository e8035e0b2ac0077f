import { explain } from "../tool/errors";
import { paintFor } from "../tool/paint";

/** One line of a report. */
export interface Check {
  name: string;
  /** `warn`: something works only in part, or is needed by one verb alone. `skip`: nobody knows, because it could not be asked. */
  result: "ok" | "warn" | "fail" | "skip";
  detail: string;
  /** How to make it ok. */
  fix?: string;
  /** What a rollout would fail by, as the diagnosis of one names it. */
  cause?: string;
}

export function renderChecks(checks: Check[], color: boolean): string[] {
  const paint = paintFor(color);
  const marks = { ok: paint.green("ok  "), warn: paint.yellow("warn"), fail: paint.red("FAIL"), skip: paint.dim("skip") };
  return checks.flatMap(({ name, result, detail, fix }) => [`${marks[result]}  ${name}: ${detail}`, ...(fix ? [`      ${fix}`] : [])]);
}

/** A failure that a person can mend, as a check. */
export function failed(name: string, error: unknown): Check {
  const known = explain(error);
  if (!known) throw error;
  return { name, result: "fail", detail: known.message, ...(known.advice[0] && { fix: known.advice[0] }) };
}
