// From what AWS describes to the file that imports it, what the stack file keeps of it, and what the first update does to it.
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Json, JsonObject, RecordedResource } from "../../facts/graph";
import { NAMES } from "../../facts/names";
import { entryOf, shortType } from "../../facts/types";
import type { Project } from "../../plan/project/project";
import { type Recording, record } from "../../plan/record/record";
import type { Location } from "../../plan/record/region";
import { changedResources, type ResourceChange } from "../../plan/update/compare";
import { Deployed } from "../../plan/update/deployed";
import { diff, isMap } from "../../plan/update/diff";
import { keepsAnswer } from "../../plan/update/provider";
import { replacersOf } from "../../plan/update/replacement";
import { Update } from "../../plan/update/serving/update";
import type { State, StateResource } from "../../tool/state-file";
import type { Described } from "./described";
import { isImportable, whyNotImported } from "./ids";
import { type ImportFile, importFile } from "./import-file";
import { matchDescribed, providerId } from "./match";

/** The value of the setting `adopted`. */
export type Adopted = Record<string, JsonObject>;

/** A resource that the import leaves out, and why. */
export interface Created {
  /** `ecs.TaskDefinition web` */
  resource: string;
  /** Absent where AWS has none. */
  why?: string;
}

/** What an import makes of a program and of what AWS describes. */
export interface ImportPlan {
  /** For `pulumi import --file`. */
  file: ImportFile;
  /** For the setting `adopted`. */
  adopted: Adopted;
  /** What the first update creates. */
  created: Created[];
  /** What AWS has and the program has not: it stays as it is, outside of the stack. */
  left: Described[];
  /** What the first update changes of what was imported: each property, and whether in place, by a deployment or by a replacement. */
  changed: ResourceChange[];
}

/**
 * Matches the resources of a program with those that AWS describes, and says what an import and the first update do. Nothing is asked of AWS, and nothing is
 * written. What of the stack file makes nothing of what there is (`existing`) is no part of it.
 */
export async function planImport(project: Project, described: readonly Described[]): Promise<ImportPlan> {
  const { known, place } = await record(project);
  const matched = matchDescribed(known.resources, described, place);
  const state = stateOf(known.resources, matched, place);
  const deployed = new Deployed(state, project);
  const told = await record(project, deployed.stashes, deployed.answered);
  const adopted = keptOf(told.known.resources, matched);
  const kept = keeping(told, adopted);
  const update = new Update(deployed.graph(kept), deployed.recording(kept).known.resources, place);
  const imported = new Set(matched.values());
  return {
    file: importFile(known.resources, matched, versionOf(project)),
    adopted,
    created: known.resources
      .filter(({ urn, custom, read, type }) => custom && !read && !/^pulumi:/.test(type) && !isImported(matched, urn))
      .map(created),
    left: described.filter((its) => isImportable(its.type) && !imported.has(its)),
    changed: changedResources(update.changes, [project.stack, project.stack], update),
  };
}

const isImported = (matched: Map<string, Described>, urn: string) => isImportable(matched.get(urn)?.type ?? "");
const keyOf = ({ type, name }: { type: string; name: string }) => `${shortType(type)} ${name}`;

function created(one: RecordedResource): Created {
  const why = whyNotImported(one.type);
  return { resource: keyOf(one), ...(why !== undefined && { why }) };
}

/** The state as it is after the import. */
function stateOf(planned: RecordedResource[], matched: Map<string, Described>, place: Location): State {
  const above = new Set(planned.filter(({ urn }) => matched.has(urn)).flatMap(({ parent }) => parent ?? []));
  for (const { urn, parent } of [...planned].reverse()) if (above.has(urn) && parent !== null) above.add(parent);
  const resources = planned.flatMap((one): StateResource[] => {
    const its = matched.get(one.urn);
    if (its ? !isImportable(one.type) : !above.has(one.urn) || one.custom) return [];
    return [
      {
        urn: one.urn,
        type: one.type,
        custom: one.custom,
        id: its ? providerId(one, its, place) : "",
        parent: one.parent ?? "",
        provider: "",
        inputs: its ? (withEmpty(one.inputs, its.inputs) as JsonObject) : {},
        outputs: its ? { ...its.inputs, ...its.outputs } : {},
        dependencies: [],
        // Where the program names another resource, AWS names its counterpart.
        propertyDependencies: its ? one.propertyDependencies : {},
        protect: false,
        retainOnDelete: false,
        deletedWith: "",
        delete: false,
        external: false,
      },
    ];
  });
  return { resources, pending: 0 };
}

/** What AWS describes, with what the program leaves empty: AWS does not describe that. */
function withEmpty(planned: Json, its: Json): Json {
  if (Array.isArray(planned) && Array.isArray(its)) return its.map((item, i) => withEmpty(planned[i] ?? null, item));
  if (!isMap(planned) || !isMap(its)) return its;
  const entries = Object.entries(planned).flatMap(([key, value]): [string, Json][] => {
    const there = its[key];
    return there !== undefined ? [[key, withEmpty(value, there)]] : isEmpty(value) ? [[key, value]] : [];
  });
  return { ...its, ...Object.fromEntries(entries) };
}

const isEmpty = (value: Json): boolean => !value || (typeof value === "object" && Object.values(value).every(isEmpty));

/** What of each resource stays as AWS has it, because another value would replace the resource. */
function keptOf(resources: RecordedResource[], matched: Map<string, Described>): Adopted {
  const entries = resources.flatMap((one): [string, JsonObject][] => {
    const its = matched.get(one.urn);
    if (!its || !isImportable(one.type)) return [];
    const inputs = Object.fromEntries(replacersOf(one.type).flatMap((input) => keptInput(one, its, input)));
    return Object.keys(inputs).length === 0 ? [] : [[keyOf(one), inputs]];
  });
  return Object.fromEntries(entries);
}

function keptInput({ type, inputs, options, propertyDependencies }: RecordedResource, its: Described, input: string): [string, Json][] {
  const there = its.inputs[input];
  if (there === undefined || input.endsWith("Prefix") || options.ignoreChanges.includes(input)) return [];
  // What names another resource of the stack is no choice of this one's.
  if ((propertyDependencies[input] ?? []).length > 0) return [];
  const isName = input === (entryOf(NAMES, type)?.key ?? "name");
  if (inputs[input] === undefined && !isName && keepsAnswer(type, input)) return [];
  return diff(inputs[input], there, input).length === 0 ? [] : [[input, there]];
}

/** The recording of the program once its stack file has these. */
function keeping(recording: Recording, adopted: Adopted): Recording {
  const resources = recording.known.resources.map((one) => {
    const its = adopted[keyOf(one)];
    const rest = Object.entries(one.inputs).filter(([key]) => !(its && key.endsWith("Prefix") && key.slice(0, -"Prefix".length) in its));
    // A state has no trigger of what is imported, and one that comes triggers nothing.
    const { replacementTrigger: _, ...options } = one.options;
    return { ...one, options, ...(its && { inputs: { ...Object.fromEntries(rest), ...its } }) };
  });
  return { ...recording, known: { ...recording.known, resources } };
}

/** The version of the provider's package that the program uses: the import uses the same. */
function versionOf({ root }: Project): string | undefined {
  const { version } = createRequire(join(root, "package.json"))("@pulumi/aws/package.json") as { version?: string };
  return version?.replace(/^v/, "");
}
