// Whose arguments are wrong. A message of the library begins with the component, and where the arguments come from a stack file, with the file and the key there.
import { UserError } from "../../facts/errors";
import { type Arguments, type Complaint, type Group, parse, type Values, withDefaults } from "./schema";

/** Where arguments come from. */
export interface Origin {
  /** What a message begins with: `FargateService "users"`, `Pulumi.dev.yaml`. */
  whose: string;
  /** What the arguments are called there. */
  noun: "argument" | "setting";
  /** Where an argument stands there: `cpu` of a service is `service.cpu` of a stack file. */
  at(path: readonly string[]): readonly string[];
}

/**
 * The property of arguments that holds their origin. `{ ...settings.service, ...common }` copies it; components hand it on to those within them, which the user
 * has not written.
 */
export const ORIGIN = Symbol("origin");
export interface HasOrigin {
  readonly [ORIGIN]?: Origin;
}

/** The origin of what a program gives to a component. */
export const ofComponent = (type: string, name: string): Origin => ({
  whose: `${type} ${JSON.stringify(name)}`,
  noun: "argument",
  at: (path) => path,
});

/** The origin of what stands under `prefix`. */
export const under = (origin: Origin, ...prefix: string[]): Origin => ({ ...origin, at: (path) => origin.at([...prefix, ...path]) });

/** `rollout.lifecycleHooks[0].role` */
export const showPath = (path: readonly string[]) =>
  path.map((key, i) => (/^\d+$/.test(key) ? `[${key}]` : i === 0 ? key : `.${key}`)).join("");

/** The error about what is wrong: one line, or a headline and a line each. */
export function refusal(origin: Origin, complaints: readonly Complaint[]): UserError {
  const lines = complaints.map(({ path, text }) => short(`${showPath(origin.at(path))}: ${text}`));
  if (lines.length === 1) return new UserError(`${origin.whose}: ${lines[0]}`);
  return new UserError(`${origin.whose}: ${lines.length} ${origin.noun}s are wrong\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

/** Throws the error about one argument, by its path. */
export type Refuse = (path: string | readonly string[], text: string) => never;
export const refuser =
  (origin: Origin): Refuse =>
  (path, text) => {
    throw refusal(origin, [{ path: typeof path === "string" ? path.split(".") : [...path], text }]);
  };

/** A complaint without the middle of what was given, where that is no value but a file. */
const short = (line: string) => (line.length > 2000 ? `${line.slice(0, 300)} … ${line.slice(-700)}` : line);

/** Arguments, checked, read and with their defaults. Throws one UserError for all that is wrong. */
export function readArguments<E extends Arguments>(schema: Group<E>, given: object, origin: Origin): Values<E> {
  const parsed = parse(schema, given);
  if (parsed.given === undefined) throw refusal(origin, parsed.complaints);
  return withDefaults(schema, parsed.given);
}
