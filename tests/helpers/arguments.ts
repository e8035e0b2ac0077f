import { ofComponent, readArguments, showPath } from "../../components/base/origin";
import { type Arguments, type Group, parse, type Values } from "../../components/base/schema";

/** Arguments as a component reads them, with their defaults. */
export const valuesOf = <E extends Arguments>(schema: Group<E>, given: object): Values<E> =>
  readArguments(schema, given, ofComponent("Test", "test"));

/** What is wrong with arguments, one line each: `scaling.min: …`. */
export const complaintsOf = <E extends Arguments>(schema: Group<E>, given: unknown): string[] =>
  parse(schema, given).complaints.map(({ path, text }) => `${showPath(path)}: ${text}`);

/** Refuses as a component does, without its name. */
export const refuse = (path: string | readonly string[], text: string): never => {
  throw Object.assign(new Error(`${[path].flat().join(".")}: ${text}`), { name: "UserError" });
};
