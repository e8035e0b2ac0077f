import type { Graph, JsonObject, RecordedResource, Resource } from "../facts/graph";
import type { StackFile } from "../policy/graph/graph";
import { costOf } from "./cost/cost";
import { pricesFor } from "./cost/prices";
import { findingsOf } from "./findings";
import { inTreeOrder } from "./graph/order";
import type { Plan } from "./plan-json";
import { planSettings } from "./project/assumptions";
import { readsSettings } from "./project/entry";
import { loadProject, type Project, type ProjectOptions } from "./project/project";
import { type Recording, record } from "./record/record";
import { scrub } from "./record/scrub";
import { rolloutsOf } from "./rollout/rollout";
import { firstDeploy } from "./update/order/time";

/** A plan with what the reports need besides the JSON. */
export interface FullPlan {
  plan: Plan;
  /** The resources in the same order, with their sources. */
  resources: RecordedResource[];
  /** The outputs as far as they are known before the deploy; `[unknown]` elsewhere. */
  outputsBefore: JsonObject;
  /** How many inputs take a value that only the deploy brings. */
  unknownInputs: number;
  /** The most that the idle stack may cost a month. */
  budget: number | undefined;
}

/** Plans one stack of a project. Throws a UserError whose message is for the user. */
export async function makePlan(options: ProjectOptions = {}): Promise<FullPlan> {
  return planOf(await record(loadProject(options)));
}

/** Reads a recording. */
export function planOf(recording: Recording): FullPlan {
  const { project, known, unknown, place, secrets } = recording;
  const resources = inTreeOrder(known.resources);
  const { assumptions, budget, policy } = planSettings(project);
  const own = resources.filter((resource) => !resource.read);
  const cost = costOf(own, pricesFor(place.region), place.region, assumptions);
  const rollout = rolloutsOf(own, assumptions);
  const plan: Plan = {
    project: project.name,
    stack: project.stack,
    resources: resources.map(withoutNotes),
    invokes: known.invokes,
    outputs: known.outputs,
    messages: recording.messages,
    cost,
    rollout,
    time: { firstDeploy: firstDeploy(own, rollout) },
    ...findingsOf(own, known.invokes, {
      cost,
      budget,
      policy,
      outputs: known.outputs,
      ...(!place.assumed && { region: place.region }),
      stackFile: stackFileOf(project),
    }),
  };
  return scrub({ plan, resources, outputsBefore: unknown.outputs, unknownInputs: countUnknownInputs(unknown), budget }, secrets);
}

/** The stack file, where the program reads its settings from it. */
function stackFileOf({ name, main, config }: Project): StackFile | undefined {
  if (!readsSettings(main)) return undefined;
  return { services: Object.keys(JSON.parse(config[`${name}:services`] ?? "{}") as object) };
}

function withoutNotes({ custom: _, read: __, source: ___, ...resource }: RecordedResource): Resource {
  return resource;
}

function countUnknownInputs(graph: Graph): number {
  const leaves = graph.resources.flatMap(({ inputs }) => Object.values(inputs));
  return leaves.filter((value) => JSON.stringify(value).includes("[unknown]")).length;
}
