// The program of a project, loaded as Pulumi's runner loads it.

import { existsSync, readFileSync, statSync } from "node:fs";
import { register } from "node:module";
import { dirname, extname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../../facts/errors";

let runs = 0;

/** Loads the program, calls it if it exports a function, and returns what it exports. */
export async function runEntry(entry: string): Promise<Record<string, unknown> | undefined> {
  const file = entryFile(entry);
  const program = isModule(file) ? await importAnew(file) : (require(file) as unknown);
  return (await (typeof program === "function" ? program() : program)) as Record<string, unknown> | undefined;
}

/** True if the program takes its components' arguments from the stack file, by the template's settings. */
export function readsSettings(entry: string): boolean {
  return /["'](\.{1,2}\/)+settings(\.[jt]s)?["']/.test(readFileSync(entryFile(entry), "utf8"));
}

/** The file or folder that Pulumi.yaml's `main` names leads to. */
function entryFile(entry: string): string {
  if (!existsSync(entry)) throw new UserError(`Pulumi.yaml's main, ${entry}, does not exist.`);
  try {
    // With a slash at its end a folder is never taken for a file beside it: `shop/` for `shop.ts`.
    return require.resolve(statSync(entry).isDirectory() ? `${entry}${sep}` : entry);
  } catch {
    throw new UserError(`There is no program in ${entry}: write ${join(entry, "index.ts")}, or name its file as "main" in Pulumi.yaml.`);
  }
}

/** True for an ES module, by its name or by the package that it lies in. */
function isModule(file: string): boolean {
  const letter = extname(file).match(/^\.([mc])[jt]s$/)?.[1];
  if (letter) return letter === "m";
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, "utf8")) as { type?: string }).type === "module";
    if (dirname(folder) === folder) return false;
  }
}

async function importAnew(file: string): Promise<unknown> {
  if (runs === 0) register("./fresh.mjs", pathToFileURL(__filename));
  try {
    const exported = (await import(`${pathToFileURL(file).href}?berth-run=${++runs}`)) as Record<string, unknown>;
    return "default" in exported ? exported.default : exported;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_UNKNOWN_FILE_EXTENSION") throw error;
    throw new UserError(
      `${file} is an ES module in TypeScript, which Node ${process.version} does not load: write "type": "commonjs" in package.json; the imports stay as they are.`,
    );
  }
}
