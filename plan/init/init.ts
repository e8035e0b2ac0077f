// `berth init`: looks at the app and completes the project's stack files with what it finds. Nothing that a file says is changed; all that is decided is said.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { readDockerfile } from "../../facts/dockerfile";
import { UserError } from "../../facts/errors";
import { readsSettings } from "../project/entry";
import { readYamlMap } from "../project/yaml";
import { type App, type Decision, decide } from "./decide";
import { frameworkOf, type ReadFile } from "./framework";
import { programOf } from "./program";

export interface InitFlags {
  cwd: string;
  stack: string[];
  context?: string;
  region?: string;
}

/** Where an app is looked for, in this order; then in each other folder of the project. */
const FOLDERS = [".", "./app"];
/** Folders that hold no app of the user's. */
const NOT_AN_APP = /^(node_modules|dist|docs|tests|examples|bench|\..*)$/;

/** Completes the stack files, and returns what it has to say. */
export function init(flags: InitFlags): string {
  const root = resolve(flags.cwd);
  const program = join(root, "index.ts");
  const isTemplate = existsSync(join(root, "Pulumi.yaml")) && existsSync(program) && readsSettings(program);
  const service = isTemplate || existsSync(program) ? undefined : usesPackage(root);
  if (!isTemplate && service === undefined) {
    throw new UserError(
      "No project with Berth's settings is here: make one with `pulumi new`, as README.md shows, or write a program as docs/package.md shows.",
    );
  }
  const app = findApp(root, flags.context);
  const decisions = decide(app);
  const stacks = flags.stack.length > 0 ? flags.stack : ["dev", "prod"];
  // A program of components takes its arguments from itself: its stack files need a region alone.
  const found = isTemplate ? { decisions, context: app.context } : undefined;
  const files = stacks.map((stack) => completed(root, stack, found, flags.region));
  const own = service === undefined ? [] : programFiles(root, service, decisions);
  for (const { file, text } of [...own, ...files]) writeFileSync(join(root, file), text);
  const names = app.framework ? `${app.framework.name} (${app.framework.file})` : "no framework that is known";
  return [
    `${app.dockerfile}: ${names}, upon ${app.facts.base.value ?? "an image that cannot be told"}`,
    ...[...own, ...files].flatMap(({ file, isNew, lines }) => ["", `${file}${isNew ? " (new)" : ""}`, ...lines.map((line) => `  ${line}`)]),
    ...secretLines(root, app),
    "",
    `Next: npx berth plan --stack ${stacks[0]}; npx berth doctor --stack ${stacks[0]} tries the app in a container.`,
    "",
  ].join("\n");
}

/** The package that this tool belongs to, and the name of the repository's service, where its package.json depends on that package. */
function usesPackage(root: string): { package: string; name: string } | undefined {
  const file = join(root, "package.json");
  if (!existsSync(file)) return undefined;
  const own = (require("../../package.json") as { name: string }).name;
  const { name, dependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as { name?: string; dependencies?: Record<string, string> };
  const short = (name ?? "web")
    .replace(/^.*\//, "")
    .replace(/[^A-Za-z0-9-]+/g, "-")
    .slice(0, 24);
  return Object.hasOwn(dependencies, own) ? { package: own, name: /^[A-Za-z][A-Za-z0-9-]*$/.test(short) ? short : "web" } : undefined;
}

/** What docs/package.md has a repository begin with, without what is there. */
function programFiles(root: string, service: { package: string; name: string }, decisions: Decision[]): Completed[] {
  const said = decisions.map(
    ({ path, value, why }) => `${path.join(".")}${value === undefined ? "" : `: ${JSON.stringify(value)}`}  ${why}`,
  );
  const all: Completed[] = [
    {
      file: "Pulumi.yaml",
      isNew: true,
      text: `name: ${service.name}\nruntime: nodejs\n`,
      lines: [`name: ${service.name}  by package.json`],
    },
    { file: "index.ts", isNew: true, text: programOf(service.package, service.name, decisions), lines: said },
  ];
  return all.filter(({ file }) => !existsSync(join(root, file)));
}

function findApp(root: string, given: string | undefined): App {
  const has = (folder: string) => existsSync(join(root, folder, "Dockerfile"));
  const others = readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && !NOT_AN_APP.test(entry.name) && entry.name !== "app" ? [`./${entry.name}`] : [],
  );
  const found = given === undefined ? [...FOLDERS, ...others].filter(has) : [given].filter(has);
  const [context] = found;
  if (context === undefined) {
    throw new UserError(
      `There is no ${join(given ?? ".", "Dockerfile")}${given === undefined ? ", nor one in a folder here" : ""}: write one (docs/guides/other-languages.md has some), or name its folder with --context.`,
    );
  }
  const dockerfile = join(context, "Dockerfile");
  const facts = readDockerfile(readFileSync(join(root, dockerfile), "utf8"));
  if ("problem" in facts)
    throw new UserError(`${dockerfile}${facts.line === undefined ? "" : `:${facts.line}`}: ${facts.problem}.`.replace("?.", "?"));
  return { context, dockerfile, facts, framework: frameworkOf(reader(join(root, context))) };
}

const reader =
  (folder: string): ReadFile =>
  (name) => {
    const file = name.startsWith("*") ? readdirSync(folder).find((one) => one.endsWith(name.slice(1))) : name;
    return file !== undefined && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : undefined;
  };

interface Completed {
  file: string;
  isNew: boolean;
  text: string;
  lines: string[];
}

/** What a new stack that is not prod relaxes, as the template's dev stack does. */
const RELAXED: Decision[] = [
  { path: ["deletionProtection"], value: false, why: "a destroy takes everything; not for production" },
  { path: ["network"], value: { zones: 2, nat: "none", flowLogs: false }, why: "no NAT gateways: about 36 USD a month each" },
  { path: ["loadBalancer"], value: { accessLogs: false }, why: "no bucket for access logs" },
  { path: ["service", "desiredCount"], value: 1, why: "one task is enough to try things" },
  { path: ["policy"], value: { enforce: false }, why: "the rules advise only" },
];

/** A stack file with what it did not say yet. */
function completed(root: string, stack: string, app: { decisions: Decision[]; context: string } | undefined, region?: string): Completed {
  if (!/^[A-Za-z0-9_.-]+$/.test(stack)) throw new UserError(`--stack is ${JSON.stringify(stack)}: give letters, digits, "-", "_" and ".".`);
  const file = `Pulumi.${stack}.yaml`;
  const isNew = !existsSync(join(root, file));
  const document: Document = isNew ? parseDocument("config: {}\n") : readYamlMap(join(root, file));
  const place: Decision = region
    ? { path: ["aws:region"], value: region, why: "--region" }
    : { path: ["aws:region"], value: "us-east-1", why: "no --region was given" };
  const relaxed = isNew && stack !== "prod" ? RELAXED : [];
  const ofApp = app ? inServices(document, app.context, [...relaxed, ...app.decisions]) : [];
  const all = [...(isNew || region ? [place] : []), ...ofApp];
  const lines = all.map(({ path, value, why }) => {
    const name = path.join(".");
    if (value === undefined) return `${name}  ${why}`;
    const at = ["config", ...path];
    const own = document.getIn(at);
    if (own !== undefined) return `${name}  left as it is in the file; ${JSON.stringify(value)} was found: ${why}`;
    if (!fits(document, at))
      return `${name}  not written, because ${name.split(".")[0]} is no map in the file; ${JSON.stringify(value)}: ${why}`;
    document.setIn(at, document.createNode(value));
    return `${name}: ${JSON.stringify(value)}  ${why}`;
  });
  const config = document.get("config");
  if (isMap(config)) config.flow = false;
  return { file, isNew, text: document.toString({ lineWidth: 0 }), lines };
}

/** Decisions about the service, in a file with several for each that runs the image of this folder. Which folders there are, such a file says already. */
function inServices(document: Document, context: string, decisions: Decision[]): Decision[] {
  const services = document.getIn(["config", "services"]);
  if (!isMap(services)) return decisions;
  const imageIn = (...place: string[]) =>
    ["imageUri", "context"].map((key) => document.getIn(["config", ...place, "image", key])).find(Boolean);
  const shared = imageIn() ?? "./app";
  const runs = (image: unknown) => typeof image === "string" && resolve(image) === resolve(context);
  const names = services.items.map(({ key }) => String(key)).filter((name) => runs(imageIn("services", name) ?? shared));
  const places = [
    ...(document.hasIn(["config", "service"]) && runs(shared) ? [["service"]] : []),
    ...names.map((name) => ["services", name]),
  ];
  return decisions.flatMap(({ path: [group, ...path], ...decision }) => {
    if (group === "service") return places.map((place) => ({ ...decision, path: [...place, ...path] }));
    return group === "image" ? [] : [{ ...decision, path: [group!, ...path] }];
  });
}

/** Whether a key can be set there: all above it are maps, or are not there yet. */
const fits = (document: Document, path: string[]) =>
  path.slice(0, -1).every((_, i) => {
    const above = document.getIn(path.slice(0, i + 1));
    return above === undefined || isMap(above);
  });

/** Names of variables that the app's own example of an environment has, for which no value is written. */
function secretLines(root: string, { context }: App): string[] {
  const read = reader(join(root, context));
  const file = [".env.example", ".env.sample", ".env.template"].find((name) => read(name) !== undefined);
  const names = file ? [...read(file)!.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)=/gm)].map(([, name]) => name) : [];
  if (names.length === 0) return [];
  return [
    "",
    `${relative(".", join(context, file!))} names ${names.join(", ")}: put plain values into service.environment, and credentials into service.secrets, by name or ARN.`,
  ];
}
