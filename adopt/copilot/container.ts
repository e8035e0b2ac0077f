// A container of a manifest, the app's or a sidecar: its image, its variables and secrets, its health, and what Copilot gives it without a word.
import { readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { readDockerfile } from "../../facts/dockerfile";
import { textComplaint } from "../../facts/secrets";
import type { Path } from "../ledger";
import { isMap } from "../values";
import type { Manifest } from "./manifest";
import { wordsOf } from "./values";
import type { Workspace } from "./workspace";

/** A workload that is translated, and what else is known. */
export interface Task {
  manifest: Manifest;
  workload: string;
  /** `services.web`, `tasks.report` */
  setting: Path;
  workspace: Workspace;
  /** The folder that paths in the stack file are of. */
  root: string;
  region?: string;
}

/** A path of the workspace as a stack file writes it. */
function projectPath({ workspace, root }: Task, path: string): string {
  const it = relative(root, join(workspace.root, path)).split("\\").join("/");
  return it.startsWith("..") ? it : `./${it}`;
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The build of an image, as Copilot completes it: the folder of the Dockerfile, or the Dockerfile of the folder. */
interface Build {
  context: string;
  dockerfile: string;
  target?: string;
}
function buildOf(build: unknown): Build {
  const of = isMap(build) ? build : { dockerfile: build };
  const given = typeof of.context === "string" ? of.context : undefined;
  const dockerfile = typeof of.dockerfile === "string" ? of.dockerfile : join(given ?? ".", "Dockerfile");
  return { context: given ?? dirname(dockerfile), dockerfile, ...(typeof of.target === "string" && { target: of.target }) };
}

/** Where an image is from, the same for two workloads that have the same. */
export const imageKey = ({ manifest }: Task): string => {
  const { build, location } = (manifest.read(["image"]) ?? {}) as Record<string, unknown>;
  return JSON.stringify(location ?? [buildOf(build), isMap(build) ? build.args : undefined]);
};

/** The app's image, under `setting`. Without one that says so, the image of that service is the task's. */
export function appImage(task: Task, setting: Path): void {
  const { manifest } = task;
  manifest.fields(["image"], {
    build: (path, value) => {
      const { context, dockerfile } = buildOf(value);
      const folder = projectPath(task, context);
      const file = join(context, "Dockerfile") === join(dockerfile) ? undefined : projectPath(task, dockerfile);
      // Both, whichever is named: Copilot takes the one from the other.
      manifest.set([...setting, "context"], folder);
      if (file !== undefined) manifest.set([...setting, "dockerfile"], file);
      const ofFile = (at: Path) => manifest.take(at, [...setting, file === undefined ? "context" : "dockerfile"], file ?? folder);
      if (!isMap(value)) return ofFile(path);
      manifest.fields(path, {
        dockerfile: ofFile,
        context: (at) => manifest.take(at, [...setting, "context"], folder),
        target: manifest.into.text([...setting, "target"]),
        args: (at) => each(manifest, at, (arg, name, text) => manifest.take(arg, [...setting, "buildArgs", name], text)),
        cache_from: (at) => manifest.change(at, "layers are cached in a repository beside the image's (image.cache)"),
      });
    },
    location: manifest.into.text([...setting, "imageUri"]),
    credentials: manifest.into.text([...setting, "registryCredentials"]),
    labels: (path) => labels(task, path, task.setting),
    depends_on: (path) => dependsOn(task, path, task.setting),
    port: () => undefined,
    healthcheck: () => undefined,
  });
}

/** Each entry of a map of texts. */
export function each(manifest: Manifest, path: Path, use: (path: Path, name: string, value: string) => void): void {
  manifest.entries(path, (at, value, name) => manifest.text((field, text) => use(field, name, text))(at, value));
}

export const labels = ({ manifest }: Task, path: Path, setting: Path) =>
  each(manifest, path, (at, name, value) => manifest.take(at, [...setting, "dockerLabels", name], value));

export const dependsOn = ({ manifest }: Task, path: Path, setting: Path) =>
  each(manifest, path, (at, name, value) => manifest.take(at, [...setting, "dependsOn", name], value.toUpperCase()));

/** What runs in the container, and how its health is known. */
export function command({ manifest }: Task, setting: Path, named: "entrypoint" | "command") {
  return (path: Path, value: unknown) => {
    const words = wordsOf(value);
    if (words === undefined) manifest.leave(path, "Copilot takes a command here, and this is something else.");
    else manifest.take(path, [...setting, named === "entrypoint" ? "entryPoint" : "command"], words);
  };
}

/** Copilot's check where only some of it is said. */
const CHECK = ["CMD-SHELL", "curl -f http://localhost/ || exit 1"];

export function containerHealth({ manifest }: Task, path: Path, setting: Path): void {
  const at = [...setting, "containerHealthCheck"];
  const seconds = (key: string) => manifest.into.duration([...at, key]);
  const given = manifest.keys(path);
  if (given.length === 0) return;
  if (!given.includes("command")) manifest.take([...path, "command"], [...at, "command"], CHECK);
  if (!given.includes("retries")) manifest.take([...path, "retries"], [...at, "retries"], 2);
  if (!given.includes("start_period")) manifest.take([...path, "start_period"], [...at, "startPeriod"], 0);
  manifest.fields(path, {
    command: (field, value) => {
      const words = wordsOf(value);
      if (words) manifest.take(field, [...at, "command"], words);
      else manifest.leave(field, "Copilot takes a list of texts here, and this is something else.");
    },
    interval: seconds("interval"),
    timeout: seconds("timeout"),
    start_period: seconds("startPeriod"),
    retries: manifest.into.number([...at, "retries"]),
  });
}

/** Where the output of a stack of CloudFormation is told. */
const exported = (key: string) =>
  `it is an export of CloudFormation, which \`aws cloudformation list-exports\` shows: write its value to ${key}.`;

/** Plain variables. */
export function variables({ manifest }: Task, path: Path, setting: Path): void {
  manifest.entries(path, (at, value, name) => {
    const to = [...setting, "environment", name];
    if (isMap(value)) manifest.fields(at, { from_cfn: (field) => manifest.leave(field, exported(to.join("."))) });
    else manifest.text((field, text) => manifest.take(field, to, text))(at, value);
  });
}

/** Secrets, by name or ARN. Copilot takes a bare name as one of Parameter Store. */
export function secrets({ manifest }: Task, path: Path, setting: Path): void {
  manifest.entries(path, (at, value, name) => {
    const to = [...setting, name];
    if (isMap(value))
      manifest.fields(at, {
        secretsmanager: manifest.text((field, text) => manifest.take(field, to, inSecretsManager(text))),
        from_cfn: (field) => manifest.leave(field, exported(to.join("."))),
      });
    else manifest.text((field, text) => manifest.take(field, to, /^(arn:|\/)/.test(text) ? text : `/${text}`))(at, value);
  });
}

function inSecretsManager(text: string): unknown {
  const whole = text.replace(/:+$/, "");
  return textComplaint(whole) === undefined ? whole : { secret: whole };
}

/** A file with variables, relative to the root of the workspace. */
export function environmentFile(task: Task, setting: Path) {
  const { manifest } = task;
  return manifest.text((path, value) => {
    const file = projectPath(task, value);
    if (isFile(join(task.workspace.root, value))) manifest.take(path, [...setting, "environmentFiles"], [file]);
    else manifest.leave(path, `${file} is not there: write it, and name it in ${[...setting, "environmentFiles"].join(".")}.`);
  });
}

/** What Copilot puts into the environment of each container, as far as it can be known. */
function injected(task: Task): Record<string, string> {
  const { app, env } = task.workspace;
  return {
    COPILOT_APPLICATION_NAME: app,
    COPILOT_ENVIRONMENT_NAME: env,
    COPILOT_SERVICE_NAME: task.workload,
    COPILOT_SERVICE_DISCOVERY_ENDPOINT: `${env}.${app}.local`,
  };
}

/** What holds of a container at Copilot without a word, said where it is otherwise here. */
export function containerDefaults(task: Task, path: Path, setting: Path, user: { value: string; why: string }): void {
  const { manifest } = task;
  const own = manifest.keys([...path, "variables"]);
  for (const [name, value] of Object.entries(injected(task)))
    if (!own.includes(name)) manifest.take([...path, "variables", name], [...setting, "environment", name], value);
  manifest.change([...path, "user"], user.why, { setting: [...setting, "user"], value: user.value });
  const keep = "it is kept: without the setting the container is hardened";
  if (path.length > 0 || manifest.read(["storage", "readonly_fs"]) === undefined)
    manifest.change([...path, "readonly_fs"], "the root file system stays writable", {
      setting: [...setting, "readonlyRootFilesystem"],
      value: false,
      keep,
    });
  manifest.change([...path, "tmp"], "no folder is a volume of its own", { setting: [...setting, "writablePaths"], value: [], keep });
  manifest.change([...path, "capabilities"], "Docker's capabilities stay", { setting: [...setting, "dropCapabilities"], value: [], keep });
  manifest.change([...path, "init"], "the app stays process 1", { setting: [...setting, "initProcess"], value: false, keep });
}

/** The user that the app's image has: what its Dockerfile names, or root. */
export function appUser(task: Task): { value: string; why: string } {
  const { manifest, workspace } = task;
  const build = manifest.read(["image", "build"]);
  const { dockerfile, target } = buildOf(build);
  const path = join(workspace.root, dockerfile);
  if (manifest.read(["image", "location"]) !== undefined || !isFile(path))
    return { value: "root", why: "Copilot runs the image's own user, which is root unless the image names one: then name it here" };
  const facts = readDockerfile(readFileSync(path, "utf8"), { target });
  const user = "problem" in facts ? undefined : facts.user;
  return user?.value === undefined
    ? { value: "root", why: "the Dockerfile names no user, so it is root; 1000:1000, the default, is safer once the image can do without" }
    : { value: user.value, why: "the Dockerfile names it" };
}
