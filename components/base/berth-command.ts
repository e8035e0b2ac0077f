import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import type { CommandArgs } from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";

/** The verbs of the tool that an update itself runs. */
type Verb = "wait" | "run" | "deregister";

/** Settings of a verb, by the environment variables that it reads. Nothing of the user's ever becomes part of a shell script. */
type Settings = Record<string, pulumi.Input<string> | undefined>;

/**
 * The tool as the project has it, by its path from the project: the same on every machine with this project. (npx would find it too, but links the project
 * into its cache first, and many services' commands run at once.)
 */
function command(verb: Verb): string {
  const tool = path
    .relative(process.cwd(), path.join(home(), "bin", "berth.js"))
    .split(path.sep)
    .join("/");
  return `node "${tool}" ${verb}`;
}

/**
 * The folder with the tool. Where packages are links (pnpm, npm link), this file's own place has a version in it, or lies outside of the project: the
 * project's link stays what it is, and so does the command.
 */
function home(): string {
  const own = path.resolve(__dirname, "../..");
  const { name } = require("../../package.json") as { name: string };
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const link = path.join(folder, "node_modules", name);
    if (existsSync(link) && realpathSync(link) === own) return link;
    if (path.dirname(folder) === folder) return own;
  }
}

/**
 * The environment of a verb. It names what the verb works on, never who may: credentials, profile, role and region are those of the stack's `aws:` settings,
 * which the verb reads itself. In the state they would be kept, and on another machine they would be a difference.
 */
function environment(settings: Settings): Record<string, pulumi.Input<string>> {
  const given = Object.entries(settings).filter((entry): entry is [string, pulumi.Input<string>] => entry[1] !== undefined);
  return { BERTH_STACK: pulumi.getStack(), ...Object.fromEntries(given) };
}

/** A command that runs when it is made and whenever its settings change. */
export const onChange = (verb: Verb, settings: Settings): CommandArgs => ({ create: command(verb), environment: environment(settings) });

/** A command that runs when it is destroyed. */
export const onDestroy = (verb: Verb, settings: Settings): CommandArgs => ({ delete: command(verb), environment: environment(settings) });
