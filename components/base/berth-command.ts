import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import type { CommandArgs } from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";
import { providerIdentity } from "./provider-identity";

/** The verbs of the tool that an update itself runs. */
type Verb = "wait" | "run" | "deregister" | "attach-capacity-provider" | "detach-capacity-provider" | "wake" | "copy-image";

/** Settings of a verb, by the environment variables that it reads. Nothing of the user's ever becomes part of a shell script. */
type Settings = Record<string, pulumi.Input<string> | undefined>;

/**
 * The tool as the project has it, by its path from the program: the same on every machine with this project. (npx would find it too, but links the project
 * into its cache first, and many services' commands run at once.) Commands run in the program's folder, but those of a program that is run from code, with
 * the Automation API, run elsewhere: there the path is a whole one.
 */
function command(verb: Verb): string {
  const tool = path.join(home(), "bin", "berth.js");
  const script = isRunFromCode() ? tool : path.relative(process.cwd(), tool);
  return `node "${script.split(path.sep).join("/")}" ${verb}`;
}

/** Whether no project lies around this program: the CLI says where it does. */
function isRunFromCode(): boolean {
  const root = pulumi.getRootDirectory();
  return !path.isAbsolute(root) || path.relative(root, process.cwd()).startsWith("..");
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
 * The environment of a verb: what it works on, and the profile, roles and endpoints of the provider, but never a secret. Nothing depends on the folder,
 * the files or the machine that the update runs on. An ARN of the cluster (`BERTH_CLUSTER`) says region and account besides.
 */
function environment(component: pulumi.Resource, settings: Settings): Record<string, pulumi.Input<string>> {
  const given = Object.entries(settings).filter((entry): entry is [string, pulumi.Input<string>] => entry[1] !== undefined);
  return { ...providerIdentity(component), ...Object.fromEntries(given) };
}

/** A command that runs when it is created and whenever its settings change, where the provider of `component` works. */
export const onChange = (verb: Verb, component: pulumi.Resource, settings: Settings): CommandArgs => ({
  create: command(verb),
  environment: environment(component, settings),
});

/**
 * A command that runs `create` when it is created and `delete` when it goes; with other settings a new one is created, and the old one goes at the end of
 * the update.
 */
export const whileThere = (create: Verb, remove: Verb, component: pulumi.Resource, settings: Settings): CommandArgs => ({
  create: command(create),
  delete: command(remove),
  environment: environment(component, settings),
  triggers: Object.values(settings),
});

/** A command that runs when it is destroyed. */
export const onDestroy = (verb: Verb, component: pulumi.Resource, settings: Settings): CommandArgs => ({
  delete: command(verb),
  environment: environment(component, settings),
});
