import type { Resource } from "../../../facts/graph";
import type { Rollout, UpdateTime } from "../../plan-json";
import { creationsOf } from "./changes";
import { durationOf, reasonOf } from "./durations";
import { keyOf } from "./match";
import { type Step, UpdateOrder } from "./order";

/** What is shorter is not worth a word. */
const WORTH_A_WORD = 10;

/** The longest chain of steps of an update, with typical times and the modelled rollouts. */
export function timeOf(order: UpdateOrder, rollouts: Rollout[]): UpdateTime {
  const isNew = (urn: string) => order.steps.some(({ kind, resource }) => kind === "create" && resource.urn === urn);
  const known = rollouts.filter((rollout) => rollout.seconds !== null);
  const ofService = new Map(
    known.map((rollout) => [keyOf(rollout.service), isNew(rollout.service) ? rollout.firstSeconds : rollout.seconds]),
  );
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

/** The same of a stack that does not exist yet. */
export const firstDeploy = (resources: Resource[], rollouts: Rollout[]): UpdateTime =>
  timeOf(new UpdateOrder(creationsOf(resources), [], resources), rollouts);
