import { readFileSync } from "node:fs";
import { UserError } from "../facts/errors";

/** What is in a file of JSON. `how` ends the error about another file: how to write the right one. */
export function readJsonFile(file: string, how: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(code === undefined ? `${file} is not JSON: ${how}.` : `${file} cannot be read (${code}): ${how}.`);
  }
}
