import type { Resource } from "../../../facts/graph";
import type { Rollout } from "../../plan-json";
import { durationOf, reasonOf } from "./durations";
import { keyOf } from "./match";
import type { Step, UpdateOrder } from "./order";

/** About how long an update takes, and on what. */
export interface UpdateTime {
  seconds: number;
  /** The chain of steps that no other outlasts: those of ten seconds or more, in their order. */
  waitsOn: { urn: string; action: Step["kind"]; seconds: number; why?: string }[];
}

/** What is shorter is not worth a word. */
const WORTH_A_WORD = 10;

/** The longest chain of steps of an update, with typical times and the modelled rollouts. */
export function timeOf(order: UpdateOrder, rollouts: Rollout[]): UpdateTime {
  const ofService = new Map(rollouts.flatMap(({ service, seconds }) => (seconds === null ? [] : [[keyOf(service), seconds] as const])));
  const rolloutOf = ({ dependencies }: Resource) =>
    dependencies.map((urn) => ofService.get(keyOf(urn))).find((found) => found !== undefined);
  const seconds = (step: Step) => durationOf(step, rolloutOf);
  const { chain, end } = order.longest(seconds);
  const waitsOn = chain.flatMap((step) => {
    const why = reasonOf(step);
    if (seconds(step) < WORTH_A_WORD) return [];
    return [{ urn: step.resource.urn, action: step.kind, seconds: seconds(step), ...(why && { why }) }];
  });
  return { seconds: end, waitsOn };
}
