import { UserError } from "../../facts/errors";
import { type Declaration, fullKey, type Settings } from "./config";

/** Sets one `key=value` of the command line over the stack's settings, as `pulumi up --config` does. */
export function applyOverride(
  settings: Settings,
  text: string,
  project: string,
  path: boolean,
  declarations: Map<string, Declaration>,
): void {
  const at = text.indexOf("=");
  if (at < 1) throw new UserError(`--config ${text}: write it as key=value, for example --config memory=512.`);
  const [bare, value] = [text.slice(0, at), text.slice(at + 1)];
  const steps = path ? parsePath(bare) : [bare];
  const key = fullKey(String(steps[0]), project);
  if (steps.length === 1) {
    settings.values.set(key, value);
  } else {
    const before = settings.values.get(key);
    settings.values.set(
      key,
      JSON.stringify(setIn(before === undefined ? undefined : parse(before, bare), steps.slice(1), typed(value), bare)),
    );
  }
  // A value on the command line is in plain text; what the project or the stack calls secret stays so in every output.
  if (declarations.get(key)?.secret) settings.secrets.add(key);
}

/** `service.cpu` and `zones[1]`, as Pulumi writes property paths; a key with dots goes in brackets and quotes: `tags["a.b"]`. */
function parsePath(text: string): (string | number)[] {
  const steps: (string | number)[] = [];
  const step = /\.?([^.[\]]+)|\[(\d+)\]|\["([^"]*)"\]/gy;
  while (step.lastIndex < text.length) {
    const [, key, index, quoted] = step.exec(text) ?? fail(`--config ${text}: not a path; write service.cpu, zones[0] or tags["a.b"].`);
    steps.push(index === undefined ? (key ?? quoted ?? "") : Number(index));
  }
  return steps;
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail(`--config ${path}: the setting above that path is ${JSON.stringify(text)}, neither a map nor a list.`);
  }
}

/** Pulumi reads true, false and whole numbers in a path's value as such, everything else as text. */
function typed(value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  return /^(0|-?[1-9]\d*)$/.test(value) ? Number(value) : value;
}

function setIn(into: unknown, [step, ...rest]: (string | number)[], value: unknown, path: string): unknown {
  if (step === undefined) return value;
  const list = typeof step === "number";
  const target = into ?? (list ? [] : {});
  if (typeof target !== "object" || Array.isArray(target) !== list) {
    fail(`--config ${path}: ${JSON.stringify(into)} is not a ${list ? "list" : "map"}, so "${step}" cannot be set in it.`);
  }
  if (list) {
    const items = [...(target as unknown[])];
    if (step > items.length) fail(`--config ${path}: the list has ${items.length} entries; the next one is [${items.length}].`);
    items[step] = setIn(items[step], rest, value, path);
    return items;
  }
  const map = target as Record<string, unknown>;
  return { ...map, [step]: setIn(Object.hasOwn(map, step) ? map[step] : undefined, rest, value, path) };
}

function fail(message: string): never {
  throw new UserError(message);
}
