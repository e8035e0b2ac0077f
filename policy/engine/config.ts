import { closest } from "fastest-levenshtein";
import { UserError } from "../../facts/errors";
import type { Parameter, Rule } from "./define";
import type { Exception } from "./exceptions";

/** Whether a broken rule stops a deploy (mandatory), is only told (advisory), or is not looked at (off). */
export type Level = "off" | "advisory" | "mandatory";

/** A team's choices, as they stand in a stack file under `policy`. */
export interface PolicyConfig {
  /** By rule. Default: mandatory, advisory for rules of low severity. */
  levels?: Record<string, Level>;
  /** By rule, then by parameter. Default: the rules' own. */
  parameters?: Record<string, Record<string, unknown>>;
  exceptions?: readonly Exception[];
  /** Whether the planner fails on a broken rule. Default: true. With false the rest still counts, but the plan only advises. */
  enforce?: boolean;
}

/** What a team makes of a broken rule. */
export function levelOf(rule: Rule, { levels, enforce = true }: PolicyConfig): Level {
  const level = levels?.[rule.name] ?? (rule.enforcementLevel as Level);
  return level === "mandatory" && !enforce ? "advisory" : level;
}

export const LEVELS: readonly Level[] = ["off", "advisory", "mandatory"];

/** Throws a UserError if the configuration names a rule, level, parameter or date that does not exist. */
export function checkConfig(config: PolicyConfig, rules: readonly Rule[]): void {
  checkShape(config);
  const rule = (place: string, name: string) => {
    const found = rules.find((r) => r.name === name);
    const names = rules.map((r) => r.name);
    return (
      found ??
      refuse(place, `there is no rule "${name}"; the nearest is "${closest(name, names)}". The rules are listed in policy/README.md.`)
    );
  };
  for (const [name, level] of Object.entries(config.levels ?? {})) {
    rule("policy.levels", name);
    if (!LEVELS.includes(level)) refuse(`policy.levels.${name}`, `"${level}" is no level; allowed are ${LEVELS.join(", ")}.`);
  }
  for (const [name, values] of Object.entries(config.parameters ?? {})) {
    const { parameters } = rule("policy.parameters", name);
    for (const [key, value] of Object.entries(values)) checkParameter(`policy.parameters.${name}.${key}`, key, value, parameters);
  }
  for (const [i, exception] of (config.exceptions ?? []).entries()) {
    const place = `policy.exceptions[${i}]`;
    rule(`${place}.rule`, exception.rule);
    if (!isText(exception.resource))
      refuse(`${place}.resource`, "is empty; name the resource (its name, type::name or URN; * stands for any text).");
    if (!isText(exception.reason)) refuse(`${place}.reason`, `is empty; say why ${exception.resource} may break ${exception.rule}.`);
    if (exception.until !== undefined && !isDate(exception.until))
      refuse(`${place}.until`, `"${exception.until}" is not a date; write it as YYYY-MM-DD.`);
  }
}

/** The configuration comes from a file: it may be of any shape. */
function checkShape(config: PolicyConfig): void {
  const allowed = ["levels", "parameters", "exceptions", "enforce"];
  for (const key of Object.keys(config)) {
    if (!allowed.includes(key))
      refuse("policy", `there is no "${key}"; the nearest is "${closest(key, allowed)}". It has ${allowed.join(", ")}.`);
  }
  const { levels: byRule = {}, parameters = {}, exceptions = [], enforce = true } = config;
  if (typeof enforce !== "boolean") refuse("policy.enforce", `${JSON.stringify(enforce)} is neither true nor false.`);
  if (!isMap(byRule)) refuse("policy.levels", "is not a map; give a level by rule.");
  if (!isMap(parameters) || !Object.values(parameters).every(isMap))
    refuse("policy.parameters", "is not a map of maps; give a value by rule and parameter.");
  if (!Array.isArray(exceptions) || !exceptions.every(isMap))
    refuse("policy.exceptions", "is not a list of maps; give rule, resource and reason of each.");
}

function isMap(value: unknown): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function checkParameter(place: string, key: string, value: unknown, specs: Rule["parameters"]): void {
  const spec: Parameter | undefined = specs[key];
  const keys = Object.keys(specs);
  if (!spec) refuse(place, `the rule has no parameter "${key}"; ${keys.length ? `it has ${keys.join(", ")}` : "it has none"}.`);
  const kind = (v: unknown) => (Array.isArray(v) ? "list" : typeof v);
  const { minimum = -Infinity, maximum = Infinity } = spec;
  if (kind(value) !== kind(spec.default))
    refuse(place, `${JSON.stringify(value)} is a ${kind(value)}; it must be a ${kind(spec.default)}.`);
  if (typeof value === "number" && (value < minimum || value > maximum))
    refuse(place, `${value} is out of range; allowed are ${minimum} to ${maximum === Infinity ? "any number" : maximum}.`);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(String(text)) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function refuse(place: string, complaint: string): never {
  throw new UserError(`${place}: ${complaint}`);
}
