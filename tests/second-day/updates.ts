// One setting changed on a live stack: two recorded graphs, and the order of the update between them.
// Loaded once, before the recordings, which would load them each time.
import "../../components";
import "../../settings";
import { UserError } from "../../facts/errors";
import type { RecordedResource, Resource } from "../../facts/graph";
import { STASH } from "../../facts/types";
import { loadProject, type Project } from "../../plan/project/project";
import { recordKnown } from "../../plan/record/record";
import { locationOf } from "../../plan/record/region";
import type { Hazard } from "../../plan/update/serving/hazard";
import { hazardsOf } from "../../plan/update/serving/hazards";
import { Update } from "../../plan/update/serving/update";
import { keepIgnored } from "../../plan/update/serving/world";
import { TEMPLATE } from "../helpers/places";
import { type Row, type Settings, STACKS, type StackName } from "./settings";

type Json = Record<string, unknown>;

const projects = new Map<string, Project>();

/** A stack of the template, read once. */
function projectOf(stack: string): Project {
  const project = projects.get(stack) ?? loadProject({ cwd: TEMPLATE, stack });
  projects.set(stack, project);
  return project;
}

/** A project's configuration with some settings changed. */
function configured(stack: StackName, settings: Settings) {
  const { file, with: own } = STACKS[stack];
  const project = projectOf(file);
  const prefix = `${project.name}:`;
  const tree: Json = Object.fromEntries(
    Object.entries(project.config).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value]] : [],
    ),
  );
  const given = Object.entries({ ...own, ...settings });
  for (const [key, value] of given) if (!isOfProvider(key)) put(tree, key.split("."), value);
  const others = [
    ...Object.entries(project.config).filter(([key]) => !key.startsWith(prefix)),
    ...given.filter(([key]) => isOfProvider(key)),
  ];
  const ours = Object.entries(tree).map(([key, value]) => [
    prefix + key,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  return { ...project, config: Object.fromEntries([...others, ...ours]) as Record<string, string> };
}

/** `aws:region`, which is in no room of the project's own. */
const isOfProvider = (key: string) => key.startsWith("aws:");

function put(tree: Json, [key = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    if (value === undefined) delete tree[key];
    else tree[key] = value;
    return;
  }
  const inner = typeof tree[key] === "object" ? { ...(tree[key] as Json) } : {};
  put(inner, rest, value);
  tree[key] = inner;
}

export const settingOf = (stack: StackName, settings: Settings, key: string): unknown => {
  const { name, config } = configured(stack, settings);
  if (isOfProvider(key)) return config[key];
  const [first = "", ...rest] = key.split(".");
  const text = config[`${name}:${first}`];
  return rest.reduce<unknown>(
    (value, part) => (value as Json | undefined)?.[part],
    text !== undefined && /^[[{]/.test(text) ? JSON.parse(text) : text,
  );
};

const graphs = new Map<string, Promise<RecordedResource[] | string>>();

/** What a stack consists of with these settings; the program's own words where it refuses them. */
export function graphOf(stack: StackName, settings: Settings): Promise<RecordedResource[] | string> {
  const key = JSON.stringify([stack, Object.entries(configured(stack, settings).config).sort()]);
  const known = graphs.get(key) ?? recorded(stack, settings);
  graphs.set(key, known);
  return known;
}

/** The same, recorded again; on a live stack the program knows what it left in a Stash. */
export async function recorded(stack: StackName, settings: Settings, earlier?: Resource[]): Promise<RecordedResource[] | string> {
  try {
    return (await recordKnown(configured(stack, settings), earlier)).resources;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

const placeOfStack = (stack: StackName, settings: Settings) => locationOf(configured(stack, settings));

/** One direction of a row on one stack. */
export interface Journey {
  row: Row;
  stack: StackName;
  /** `service.port`, `service.port (blueGreen)`, with `, back` for the way back and `, unset` where the key is taken away. */
  name: string;
  from: Settings;
  to: Settings;
}

/** All journeys of a row. */
export function journeysOf(row: Row): Journey[] {
  return (row.on ?? (Object.keys(STACKS) as StackName[])).flatMap((stack) => {
    const from = row.from ?? {};
    const to = { ...from, ...row.to };
    const name = `${row.key}${row.label ? ` (${row.label})` : ""}`;
    const there = settingOf(stack, from, row.key);
    const given = settingOf(stack, to, row.key);
    const unset = { ...from, [row.key]: undefined };
    return [
      { row, stack, name, from, to },
      { row, stack, name: `${name}, back`, from: to, to: from },
      ...(there !== undefined && given !== undefined
        ? [
            { row, stack, name: `${row.key}, unset`, from, to: unset },
            { row, stack, name: `${row.key}, unset, back`, from: unset, to: from },
          ]
        : []),
    ];
  });
}

/** An update, and what it meets. */
export interface Met {
  update: Update;
  hazards: Hazard[];
}

const known = new Map<string, Met | string>();

/** What a journey meets; the program's own words where it refuses one of its ends. */
export async function metBy({ stack, from, to }: Journey): Promise<Met | string> {
  const key = JSON.stringify([stack, from, to], (_, value: unknown) => (value === undefined ? null : value));
  const met = known.get(key) ?? (await meet(stack, from, to));
  known.set(key, met);
  return met;
}

async function meet(stack: StackName, from: Settings, to: Settings): Promise<Met | string> {
  const [before, after] = [await graphOf(stack, from), await graphOf(stack, to)];
  if (typeof before === "string") return before;
  if (typeof after === "string") return after;
  // What the program says of its own Stash is the same for all that leave that alone.
  const refusal = stashes(before) === stashes(after) ? after : await recorded(stack, to, before);
  if (typeof refusal === "string") return refusal;
  const update = new Update(before, after, placeOfStack(stack, to), placeOfStack(stack, from));
  return { update, hazards: hazardsOf(update) };
}

const stashes = (resources: Resource[]) =>
  JSON.stringify(resources.filter(({ type }) => type === STASH).map(({ urn, inputs }) => [urn, inputs]));

/** What a second update of the same program does, on a stack in which the first left what is ignored as it was. */
export function secondUpdate({ row: _, stack, to }: Journey, { update }: Met): Update {
  const left = update.after.map((resource) => {
    const old = update.changeOf(resource)?.action === "replace" ? undefined : update.formerOf(resource);
    return old ? { ...resource, inputs: keepIgnored(resource.inputs, old.inputs, resource.options.ignoreChanges) } : resource;
  });
  return new Update(left, update.after, placeOfStack(stack, to));
}
