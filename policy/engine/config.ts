import { nearest, UserError, wordComplaint } from "../../facts/errors";
import type { Parameter, Rule } from "./define";
import type { Exception } from "./exceptions";

/** Whether a broken rule fails a plan and stops a deploy (mandatory), is only reported (advisory), or is not checked (off). */
export type Level = "off" | "advisory" | "mandatory";

/** A team's choices: what a stack file says under `policy`. */
export interface PolicyConfig {
  /** By rule. Default: mandatory, advisory for rules of low severity. */
  levels?: Record<string, Level>;
  /** By rule, then by parameter. Default: the rules' own. */
  parameters?: Record<string, Record<string, unknown>>;
  exceptions?: readonly Exception[];
  /** Whether the planner fails on a broken rule. Default: true. With false the rest still counts, but the plan only advises. */
  enforce?: boolean;
}

/** What a broken rule does under the team's choices. */
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
    const near = nearest(
      String(name),
      rules.map((r) => r.name),
    );
    const hint = near === undefined ? "" : `; did you mean "${near}"?`;
    return (
      found ?? refuse(place, `${JSON.stringify(name) ?? "nothing"} is not a rule; allowed: the rules in policy/README.md${hint || "."}`)
    );
  };
  for (const [name, level] of Object.entries(config.levels ?? {})) {
    rule("policy.levels", name);
    if (!LEVELS.includes(level)) refuse(`policy.levels.${name}`, wordComplaint(level, LEVELS));
  }
  for (const [name, values] of Object.entries(config.parameters ?? {})) {
    const { parameters } = rule("policy.parameters", name);
    for (const [key, value] of Object.entries(values)) checkParameter(`policy.parameters.${name}.${key}`, key, value, parameters);
  }
  for (const [i, exception] of (config.exceptions ?? []).entries()) {
    const place = `policy.exceptions[${i}]`;
    rule(`${place}.rule`, exception.rule);
    if (!isText(exception.resource))
      refuse(`${place}.resource`, "not given; name the resource (its name, type::name or URN; * matches any text).");
    if (!isText(exception.reason)) refuse(`${place}.reason`, `not given; say why ${exception.resource} may break ${exception.rule}.`);
    if (exception.until !== undefined && !isDate(exception.until))
      refuse(`${place}.until`, `${JSON.stringify(exception.until)} is not a date; write it as YYYY-MM-DD.`);
  }
}

/** The configuration comes from a file: it may be of any shape. */
function checkShape(config: PolicyConfig): void {
  const allowed = ["levels", "parameters", "exceptions", "enforce"];
  for (const key of Object.keys(config)) {
    if (!allowed.includes(key)) refuse("policy", wordComplaint(key, allowed, "one of its keys"));
  }
  const { levels: byRule = {}, parameters = {}, exceptions = [], enforce = true } = config;
  if (typeof enforce !== "boolean") refuse("policy.enforce", `${JSON.stringify(enforce)} is not a boolean; allowed: true, false.`);
  if (!isMap(byRule)) refuse("policy.levels", "not a map; give a level for each rule.");
  if (!isMap(parameters) || !Object.values(parameters).every(isMap))
    refuse("policy.parameters", "not a map of maps; give a value for each rule and parameter.");
  if (!Array.isArray(exceptions) || !exceptions.every(isMap))
    refuse("policy.exceptions", "not a list of maps; give rule, resource and reason of each exception.");
}

function range(minimum: number, maximum: number): string {
  if (maximum === Infinity) return `${minimum} or more`;
  return minimum === -Infinity ? `${maximum} or less` : `${minimum} to ${maximum}`;
}

function isMap(value: unknown): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function checkParameter(place: string, key: string, value: unknown, specs: Rule["parameters"]): void {
  const spec: Parameter | undefined = Object.hasOwn(specs, key) ? specs[key] : undefined;
  const keys = Object.keys(specs);
  if (!spec)
    refuse(place, keys.length > 0 ? wordComplaint(key, keys, "a parameter of the rule") : "the rule has no parameters; leave it out.");
  const kind = (v: unknown) => (Array.isArray(v) ? "list" : typeof v);
  const { minimum = -Infinity, maximum = Infinity } = spec;
  if (kind(value) !== kind(spec.default))
    refuse(place, `${JSON.stringify(value)} is not a ${kind(spec.default)}; the default is ${JSON.stringify(spec.default)}.`);
  if (typeof value === "number" && (value < minimum || value > maximum))
    refuse(
      place,
      `${value} is out of range; allowed: ${range(minimum, maximum)}; the nearest is ${Math.min(maximum, Math.max(minimum, value))}.`,
    );
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
