import { revisionName } from "../../facts/arns";
import { adviceLines } from "../../tool/errors";
import type { Paint } from "../../tool/paint";
import { type Diagnosis, diagnose } from "../diagnosis/diagnose";
import { renderDiagnosis } from "../render";
import { headline, type RolloutState } from "./deployment";
import type { FollowResult } from "./follow";

/** How a followed rollout ended, for a person and for a script. */
export interface Outcome {
  ok: boolean;
  /** Exit status: 0 only if the requested end was reached; 130 after Ctrl-C. */
  status: number;
  /** `lost`: still in progress, and it is certain that it fails. */
  state: RolloutState | "lost";
  revision: string;
  serving: string;
  summary: string;
  diagnosis?: Diagnosis;
  /** What to do next, beside the diagnosis's own advice. */
  next: string[];
}

/** The commands that an outcome may name. */
export interface Commands {
  /** Follows the rollout again. */
  wait: string;
  /** Rolls it back. */
  rollback: string;
}

/** Pure: the outcome of following. `goal` is the end that was requested. */
export function outcomeOf({ rollout, end, evidence }: FollowResult, commands: Commands, goal: RolloutState = "serving"): Outcome {
  const base = { state: rollout.state, revision: revisionName(rollout.taskDefinition), serving: revisionName(rollout.current) };
  if (end === "interrupted") {
    return {
      ...base,
      ok: false,
      status: 130,
      summary: "Interrupted. The rollout continues in AWS.",
      next: [`Follow it again: \`${commands.wait}\`.`, `Roll it back: \`${commands.rollback}\`.`],
    };
  }
  if (rollout.state === goal)
    return {
      ...base,
      ok: true,
      status: 0,
      summary: goal === "serving" ? headline(rollout) : `${base.serving} serves again; ${base.revision} was rolled back.`,
      next: [],
    };
  const diagnosed = rollout.state !== "superseded" && rollout.state !== "unseen" && evidence;
  const failed = { ...base, ok: false, status: 1, ...(diagnosed && { diagnosis: diagnose(diagnosed) }) };
  if (end === "lost") {
    return {
      ...failed,
      state: "lost",
      summary: `${base.revision} cannot go live: its tasks keep failing the same way, and none ever worked.`,
      next: [
        `ECS keeps starting tasks of it until the rollout is stopped: \`${commands.rollback}\`.`,
        "Deploy the corrected version with `pulumi up`.",
      ],
    };
  }
  return { ...failed, summary: `${headline(rollout)}${when(rollout.finishedAt)}`, next: nextSteps(rollout.state) };
}

function when(finishedAt: Date | undefined): string {
  return finishedAt ? ` (${finishedAt.toISOString().slice(0, 16).replace("T", " ")} UTC)` : "";
}

function nextSteps(state: RolloutState): string[] {
  switch (state) {
    case "rolledBack":
    case "rollbackFailed":
    case "stopped":
      return [
        "Deploy the corrected version with `pulumi up`.",
        "To try this revision again: `pulumi up --refresh`. Without --refresh, Pulumi considers it deployed and changes nothing.",
      ];
    case "failed":
      return ["Deploy the corrected version with `pulumi up`: ECS starts a new deployment at once; the failed one does not block it."];
    case "superseded":
      return ["If that was not intended, `pulumi up --refresh` deploys the program's revision again."];
    case "unseen":
      return ["`pulumi up --refresh` compares the program with what AWS runs, and deploys the difference."];
    default:
      return [];
  }
}

export function renderOutcome(outcome: Outcome, paint: Paint): string[] {
  const color = outcome.ok ? paint.green : paint.red;
  const { diagnosis, next } = outcome;
  const summary = color(outcome.summary);
  if (!diagnosis) return [summary, ...adviceLines(next, paint)];
  return [summary, ...renderDiagnosis({ ...diagnosis, advice: [...diagnosis.advice, ...next] }, paint)];
}
