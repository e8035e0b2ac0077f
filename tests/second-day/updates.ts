// One setting changed on a live stack: two recorded graphs, and the order of the update between them.
// Loaded once, before the recordings, which would load them anew each time.
import "../../components";
import "../../settings";
import { UserError } from "../../facts/errors";
import type { RecordedResource } from "../../facts/graph";
import { loadProject } from "../../plan/project/project";
import { recordKnown } from "../../plan/record/record";
import { placeOf } from "../../plan/record/region";
import type { Hazard } from "../../plan/update/serving/hazard";
import { hazardsOf } from "../../plan/update/serving/hazards";
import { Update } from "../../plan/update/serving/update";
import { TEMPLATE } from "../helpers/places";
import { type Row, type Settings, STACKS, type StackName } from "./settings";

type Json = Record<string, unknown>;

/** A project's configuration with some settings changed. */
function configured(stack: StackName, settings: Settings) {
  const { file, with: own } = STACKS[stack];
  const project = loadProject({ cwd: TEMPLATE, stack: file });
  const prefix = `${project.name}:`;
  const tree: Json = Object.fromEntries(
    Object.entries(project.config).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value]] : [],
    ),
  );
  for (const [key, value] of Object.entries({ ...own, ...settings })) put(tree, key.split("."), value);
  const others = Object.entries(project.config).filter(([key]) => !key.startsWith(prefix));
  const ours = Object.entries(tree).map(([key, value]) => [
    prefix + key,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  return { ...project, config: Object.fromEntries([...others, ...ours]) as Record<string, string> };
}

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

async function recorded(stack: StackName, settings: Settings): Promise<RecordedResource[] | string> {
  try {
    return (await recordKnown(configured(stack, settings))).resources;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

export const placeOfStack = (stack: StackName) => placeOf(configured(stack, {}));

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
  const update = new Update(before, after, placeOfStack(stack));
  return { update, hazards: hazardsOf(update) };
}
