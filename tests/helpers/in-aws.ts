// What AWS would describe of a stack that runs: the resources of a program, with ids, ARNs and names that AWS and Pulumi made.
import { type Described, describe } from "../../adopt/import/described";
import type { JsonObject, RecordedResource } from "../../facts/graph";
import { NAMES } from "../../facts/names";
import { entryOf, isResourceType, type ResourceType } from "../../facts/types";
import type { Project } from "../../plan/project/project";
import { computeState } from "../../plan/record/mocks";
import { record } from "../../plan/record/record";
import { locationOf } from "../../plan/record/region";
import { replacersOf } from "../../plan/update/replacement";

export const ACCOUNT = "444455556666";

/** By URN. Nothing of it says what the program calls a resource. */
export async function describedOf(project: Project): Promise<Map<string, Described>> {
  const place = { ...locationOf(project), account: ACCOUNT };
  const { known: planned } = await record(project);
  const made = planned.resources.filter(({ custom, read, type }) => custom && !read && /^aws:/.test(type));
  const answers = new Map(
    made.map(({ urn, type, name, inputs }) => {
      const { id, state } = computeState({ urn: `${urn}, in AWS`, type, name, inputs, place });
      return [urn, { id, outputs: Object.fromEntries(Object.entries(state).filter(([key]) => !(key in inputs))) as JsonObject }];
    }),
  );
  const { known } = await record(project, [], { account: ACCOUNT, resources: answers });
  const found = known.resources.flatMap((one): [string, Described][] => {
    const its = answers.get(one.urn);
    return its && isResourceType(one.type) ? [[one.urn, describedAs(one.type, one, its)]] : [];
  });
  return new Map(found);
}

function describedAs(type: ResourceType, { inputs }: RecordedResource, { id, outputs }: { id: string; outputs: JsonObject }): Described {
  const key = entryOf(NAMES, type)?.key ?? "name";
  const physical = replacersOf(type).includes(key) && inputs[key] === undefined && { [key]: outputs[key] ?? id };
  return describe(type, { ...inputs, ...physical }, { ...outputs, id });
}
