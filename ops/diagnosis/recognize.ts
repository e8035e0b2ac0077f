import type { Task } from "@aws-sdk/client-ecs";
import { type Evidence, reasonsOf } from "./evidence";

/** What a cause was recognized by. */
export interface Match {
  /** The text that the pattern matched. */
  text: string;
  /** The whole message that they stand in. */
  whole: string;
  /** Capture groups of the pattern. */
  groups: (string | undefined)[];
  task?: Task;
}

export type Recognizer = (evidence: Evidence) => Match | undefined;

/** A stopped task whose reason, or a container's reason, matches. */
export const stopReason =
  (pattern: RegExp): Recognizer =>
  ({ failedTasks }) =>
    first(failedTasks, (task) => matched(pattern, reasonsOf(task), task));

/** A service event, or AWS's reason for the deployment's state, that matches. */
export const serviceEvent =
  (pattern: RegExp): Recognizer =>
  ({ events, rollout }) =>
    first([rollout?.reason ?? "", ...events], (text) => matched(pattern, text));

/** A line of the failed container's log that matches; the latest. */
export const logLine =
  (pattern: RegExp): Recognizer =>
  ({ log, failedTasks }) =>
    first([...log].reverse(), (line) => matched(pattern, line.text, failedTasks[0]));

export const anyOf =
  (...recognizers: Recognizer[]): Recognizer =>
  (evidence) =>
    first(recognizers, (recognize) => recognize(evidence));

/** A match by something else than a pattern. */
export function because(text: string, task?: Task): Match {
  return { text, whole: text, groups: [], task };
}

/** The first result that is one. */
export function first<T, R>(all: T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of all) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function matched(pattern: RegExp, whole: string, task?: Task): Match | undefined {
  const match = pattern.exec(whole);
  return match ? { text: match[0].trim().replace(/\.$/, ""), whole, groups: match.slice(1), task } : undefined;
}
