// What each service of a compose file becomes: a service, a task, a command before the deploy, or nothing of the stack's; who calls whom, and who has a route.
import { join, relative, resolve } from "node:path";
import { type BaseImage, baseImage } from "../../facts/base-images";
import { type ImageFacts, readDockerfile } from "../../facts/dockerfile";
import { labelComplaint } from "../../facts/domain";
import { UserError, wordComplaint } from "../../facts/errors";
import type { Ledger, Path } from "../ledger";
import { shellWords } from "../values";
import { Field } from "./field";
import { type Known, knownImage, spokenAt } from "./known";
import { type Publication, portsOf } from "./ports";
import { type ComposeProject, readText } from "./read";
import { stackWord } from "./values";
import { readVariables } from "./variables";

/** A variable of a service, and where it stands. */
export interface Variable {
  name: string;
  value: string | undefined;
  field: Field;
}

/** Where the image of a service comes from. */
export interface Origin {
  /** The same for two services that have one image. */
  key: string;
  uri?: string;
  /** The folder that is built, as a stack file names it; absent where it is not of this machine. */
  context?: string;
  dockerfile?: string;
  facts?: ImageFacts;
  /** What the image, or the one that it is built upon, is known to bring. */
  base: BaseImage;
}

/** How others call a service. */
export interface Called {
  host: string;
  /** The same where it can be a name in DNS, and else the service's own. */
  name: string;
  port: number;
  protocol: "http" | "grpc" | "tcp";
}

/** Which requests a service gets, and the labels that say so. */
interface Rule {
  host?: string | string[];
  path?: string | string[];
  port?: number;
  fields: Field[];
}

/** A service of a compose file. */
export interface One {
  /** Its name in the compose file, and in the stack file. */
  name: string;
  word: string;
  field: Field;
  kind: "service" | "task" | "preDeploy" | "elsewhere" | "none";
  /** Where its settings stand. */
  at: Path;
  origin?: Origin;
  known?: Known;
  /** Why it is not in the stack. */
  reason?: string;
  /** The service that a task or a command belongs to. */
  owner?: One;
  variables: Variable[];
  ports: Publication[];
  called?: Called;
  calls: Set<One>;
  /** The published port that has a route, or that others have to come in by. */
  main?: Publication;
  /** The requests that it gets by labels of Traefik. */
  rule?: Rule;
  /** Whether it gets the requests that nobody else takes. */
  routed: boolean;
}

export interface Shape {
  ones: One[];
  /** The key of the image that services share, which is the stack's. */
  shared?: string;
  named(name: string): One | undefined;
}

/** Decides all of it. */
export function shapeOf(project: ComposeProject, wanted: readonly string[], root: string, ledger: Ledger): Shape {
  const names = [...project.services.keys()];
  const strange = wanted.find((name) => !names.includes(name));
  if (strange !== undefined) throw new UserError(`--service ${wordComplaint(strange, names, "a service of the compose file")}`);
  const ones = [...project.services].map(([name, field]) => oneOf(name, field, root));
  for (const one of ones) shareOrigin(one, ones);
  for (const one of ones) Object.assign(one, decision(one, ones, wanted));
  const kept = ones.filter(({ kind }) => kind === "service");
  for (const [i, one] of ones.entries())
    if (ones.some(({ word }, j) => j < i && word === one.word)) one.word = `${one.word.slice(0, 21)}-${i}`;
  const isAlone = kept.length === 1;
  for (const one of ones) {
    one.at = one.kind === "task" ? ["tasks", one.word] : isAlone ? ["service"] : ["services", one.word];
    if (one.kind !== "none" && one.kind !== "elsewhere") one.variables = variablesOf(one.field, ledger);
  }
  chooseRoute(kept);
  for (const one of ones)
    for (const other of kept) if (one !== other && one.kind !== "elsewhere" && one.kind !== "none") findCall(one, other);
  const shared = mostUsed(kept);
  return { ones, ...(shared !== undefined && { shared }), named: (name) => ones.find((one) => one.name === name) };
}

function oneOf(name: string, field: Field, root: string): One {
  const origin = originOf(field, root);
  const rule = ruleOf(field.get("labels"));
  const known = knownImage(origin?.facts?.base.value ?? origin?.uri ?? "");
  return {
    name,
    word: stackWord(name),
    field,
    kind: "service",
    at: [],
    ...(origin && { origin }),
    ...(known && { known }),
    ...(rule && { rule }),
    variables: [],
    ports: portsOf(field.get("ports")),
    calls: new Set(),
    routed: false,
  };
}

/** A path as a stack file has it. */
export function pathOf(root: string, path: string): string {
  const name = relative(root, path);
  return name.startsWith("..") ? name : name === "" ? "." : `./${name}`;
}

/** A context that is no folder of this machine. */
const REMOTE = /^([a-z+]+:\/\/|git@|github\.com\/)/;

function originOf(field: Field, root: string): Origin | undefined {
  const build = field.get("build");
  const uri = field.get("image")?.text;
  if (build === undefined) return uri === undefined ? undefined : { key: uri, uri, base: baseImage(uri) };
  const context = build.text ?? build.get("context")?.text ?? ".";
  const file = build.get("dockerfile")?.text;
  const target = build.get("target")?.text;
  const args = build.get("args")?.named() ?? [];
  const key = JSON.stringify([build.file.folder, context, file, target, args.map(({ name, value }) => [name, value]).sort()]);
  if (REMOTE.test(context)) return { key, base: {} };
  const folder = resolve(build.file.folder, context);
  const inline = build.get("dockerfile_inline")?.text;
  const text = inline ?? readText(join(folder, file ?? "Dockerfile"));
  const buildArgs = Object.fromEntries(args.map(({ name, value = "" }) => [name, value]));
  const facts = text === undefined ? undefined : readDockerfile(text, { target, buildArgs });
  return {
    key,
    context: pathOf(root, folder),
    ...(file !== undefined && { dockerfile: pathOf(root, resolve(folder, file)) }),
    ...(facts && "base" in facts && { facts }),
    base: facts && "base" in facts ? baseImage(facts.base.value ?? "") : {},
  };
}

const isOf = (one: One, other: One) => one.origin !== undefined && one.origin.key === other.origin?.key;
const tagOf = (one: One) => (one.field.get("build") ? one.field.get("image")?.text : undefined);

/** An image that another service builds by this name is that one's. */
function shareOrigin(one: One, ones: One[]): void {
  const builder = ones.find((other) => other !== one && one.origin?.uri !== undefined && tagOf(other) === one.origin.uri);
  if (builder?.origin) one.origin = builder.origin;
}

type Decision = Pick<One, "kind"> & Partial<Pick<One, "owner" | "reason">>;
const SERVICE: Decision = { kind: "service" };
const none = (reason: string): Decision => ({ kind: "none", reason });

/** What a service becomes. */
function decision(one: One, ones: One[], wanted: readonly string[]): Decision {
  const isNamed = wanted.includes(one.name);
  if (one.known && !isNamed) return { kind: "elsewhere" };
  if (wanted.length > 0 && !isNamed) return none("It is left out, because --service names others.");
  if (one.origin === undefined) return none("It has neither an image nor a build, so there is nothing to run.");
  const mode = one.field.get("network_mode")?.text ?? "";
  if (/^(service|container):/.test(mode)) {
    return none(`It shares the network of ${mode.replace(/^\w+:/, "")}: make it a container of that service, in its sidecars.`);
  }
  const dependents = ones.filter((other) => waitsForEnd(other, one.name));
  if (dependents.length > 0) return beforeOthers(one, dependents, ones);
  return one.field.get("profiles") && !isNamed ? onDemand(one, ones) : SERVICE;
}

const waitsForEnd = ({ field }: One, name: string) =>
  field.get("depends_on")?.get(name)?.get("condition")?.text === "service_completed_successfully";

/** A service with the same image that runs by itself. */
const likeOf = (one: One, ones: One[]) => ones.find((other) => other !== one && isOf(one, other) && !other.field.get("profiles"));

/** What others wait for until it has ended. */
function beforeOthers(one: One, dependents: One[], ones: One[]): Decision {
  const owner = dependents.find((other) => isOf(one, other));
  if (owner && one.field.get("command") && !one.field.get("entrypoint")) return { kind: "preDeploy", owner };
  const like = owner ?? likeOf(one, ones);
  if (like) return { kind: "task", owner: like };
  const { name } = dependents[0]!;
  return none(
    `It runs once before ${name}, in an image of its own, and tasks run the image of a service: run its command in the image of ${name}, as preDeploy.`,
  );
}

/** What is started only where somebody asks for it. */
function onDemand(one: One, ones: One[]): Decision {
  const owner = likeOf(one, ones);
  return owner && one.field.get("command") && one.ports.length === 0
    ? { kind: "task", owner }
    : none("It is started only with a profile; name it, and the others, by --service where it belongs to the stack.");
}

function variablesOf(service: Field, ledger: Ledger): Variable[] {
  const ofFiles = (service.get("env_file")?.oneOrMore() ?? []).flatMap((entry) => fileVariables(entry, ledger));
  return [...ofFiles, ...(service.get("environment")?.named() ?? [])];
}

/** The variables of an `env_file`, which is a document of its own in the account. */
function fileVariables(entry: Field, ledger: Ledger): Variable[] {
  const name = entry.text ?? entry.get("path")?.text;
  if (name === undefined) return [];
  const text = readText(resolve(entry.file.folder, name));
  if (text === undefined) {
    if (entry.get("required")?.flag === false) entry.same("The file is not there, and need not be.");
    else
      entry.leave(`${name} is not there, or no file of up to 512 KB; write its variables into environment, and credentials into secrets.`);
    return [];
  }
  const document = readVariables(text, entry.file.variables);
  entry.same("Its variables are in environment and secrets.");
  const file = { ...entry.file, name, source: ledger.source(name, document) };
  return Object.entries(document).map(([key, value]) => ({
    name: key,
    value,
    field: new Field(file, [key], value.replaceAll("$", "$$$$")),
  }));
}

/** A port that is meant for other machines comes first, and of these 80. */
const publicity = ({ published, isLocal }: Publication) => (isLocal ? 2 : 0) + (published === 80 ? 0 : 1);
const isHttp = ({ target, protocol }: Publication) => protocol === "tcp" && spokenAt(target) === undefined && target !== 443;

/** The first service that is published gets the requests that nobody else takes. */
function chooseRoute(kept: One[]): void {
  const rank = ({ main }: One) => (main ? publicity(main) : 9);
  for (const one of kept) {
    const [main] = one.ports.filter(isHttp).sort((a, b) => publicity(a) - publicity(b));
    if (main) one.main = main;
  }
  // Where a proxy knew who gets what, nobody gets the rest.
  const [first] = kept.some(({ rule }) => rule) ? [] : kept.filter(({ main }) => main).sort((a, b) => rank(a) - rank(b));
  if (first) first.routed = true;
}

/** `Host(`a.example.com`) && PathPrefix(`/api`)`, and the port of the service, where its labels say so; other rules are the user's to translate. */
function ruleOf(labels: Field | undefined): Rule | undefined {
  const all = labels?.named() ?? [];
  const rules = all.filter(({ name }) => /^traefik\.http\.routers\.[^.]+\.rule$/.test(name));
  const [, hosts, prefix, alone] =
    /^(?:Host\(((?:`[^`]+`(?:, *)?)+)\)(?: *&& *PathPrefix\(`([^`]+)`\))?|PathPrefix\(`([^`]+)`\))$/.exec(rules[0]?.value ?? "") ?? [];
  const path = prefix ?? alone;
  if (rules.length !== 1 || (hosts === undefined && path === undefined)) return undefined;
  const names = hosts?.match(/[^`, ]+/g) ?? [];
  const port = all.find(({ name }) => /^traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port$/.test(name));
  const prefixes = path === undefined || path === "/" ? [] : [path.replace(/\/$/, ""), `${path.replace(/\/$/, "")}/*`];
  return {
    ...(names.length > 0 && { host: names.length === 1 ? names[0]! : names }),
    ...(prefixes.length > 0 && { path: prefixes }),
    ...(port && { port: Number(port.value) }),
    fields: [rules[0]!.field, ...(port ? [port.field] : [])],
  };
}

/** The port of its settings: that of its route, else the one by which others call it. */
export const ownPort = ({ main, rule, called }: One): number | undefined => main?.target ?? rule?.port ?? called?.port;

/** Whether the load balancer sends it requests. */
export const isRouted = ({ routed, rule }: One): boolean => routed || rule !== undefined;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** Variables whose whole value is the name of a host. */
const HOST_NAME = /HOST|URL|URI|ADDR|SERVER|ENDPOINT|DSN|BROKER|NODES?$|UPSTREAM|BACKEND/i;

/** A text with another name for a host. */
export const renamed = (text: string, host: string, name: string): string =>
  text.replace(new RegExp(`(?<![\\w.-])${escaped(host)}(?![\\w.-])`, "g"), name);

/** What a text says of a host: the port, and what is spoken there; undefined where it does not name it. */
export function mention(text: string, host: string, variable?: string): { port?: number; scheme?: string } | undefined {
  if (text === host) return variable === undefined || HOST_NAME.test(variable) ? {} : undefined;
  const found = new RegExp(
    `(?:([a-z][a-z0-9+.-]*)://)?(?:[^\\s/@,="']*@)?(?<![\\w.-])${escaped(host)}(?::(\\d{1,5}))?(?=$|[/,?\\s"';])`,
  ).exec(text);
  if (!found || (found[1] === undefined && found[2] === undefined && !found[0].includes("@"))) return undefined;
  return { ...(found[2] !== undefined && { port: Number(found[2]) }), ...(found[1] !== undefined && { scheme: found[1] }) };
}

/** The names by which others reach a service. */
export function hostsOf({ name, field }: One): string[] {
  const networks = field.get("networks")?.entries() ?? [];
  const aliases = networks.flatMap(([, network]) => network.get("aliases")?.items() ?? []);
  return [...new Set([name, ...[field.get("container_name"), field.get("hostname"), ...aliases].flatMap((one) => one?.text ?? [])])];
}

/** The services that a service is started after, or linked to. */
export function dependenciesOf(field: Field): string[] {
  const links =
    field
      .get("links")
      ?.items()
      .map(({ text = "" }) => text.split(":")[0]!) ?? [];
  return [
    ...links,
    ...(field
      .get("depends_on")
      ?.named()
      .map(({ name }) => name) ?? []),
  ];
}

function findCall(one: One, other: One): void {
  const texts = [
    ...one.variables.map(({ name, value = "" }) => ({ name, value })),
    ...["command", "entrypoint"].flatMap((key) =>
      (one.field.get(key)?.oneOrMore() ?? []).map(({ text = "" }) => ({ name: undefined, value: text })),
    ),
  ];
  const found = hostsOf(other).flatMap((host) =>
    texts.flatMap(({ name, value }) => {
      const its = mention(value, host, name);
      return its ? [{ host, ...its }] : [];
    }),
  );
  const [first = dependenciesOf(one.field).includes(other.name) ? { host: other.name } : undefined] = found;
  if (first === undefined) return;
  const scheme = found.find(({ scheme }) => scheme !== undefined)?.scheme;
  const port = found.find(({ port }) => port !== undefined)?.port ?? (scheme === "http" ? 80 : portAt(other));
  if (port === undefined) return;
  const name = labelComplaint(first.host) === undefined ? first.host : other.word.toLowerCase();
  other.called ??= { host: first.host, name, port, protocol: protocolOf(other, port, scheme) };
  one.calls.add(other);
}

function protocolOf({ ports, main }: One, port: number, scheme: string | undefined): Called["protocol"] {
  const app = ports.find(({ target }) => target === port)?.application;
  if (app === "grpc" || app === "http2" || scheme === "grpc" || port === 50051) return "grpc";
  return scheme === "http" || app === "http" || main?.target === port ? "http" : "tcp";
}

/** The port that a service listens on, as far as anything says it. */
export function portAt({ field, ports, origin, main }: One): number | undefined {
  const exposed = field
    .get("expose")
    ?.items()
    .map(({ text = "" }) => Number(text.split("/")[0]))
    .find((port) => port > 0);
  const isFastCgi = origin?.base.fastCgi || /(:|-)[^/]*fpm/.test(origin?.uri ?? "");
  return main?.target ?? exposed ?? ports[0]?.target ?? origin?.facts?.ports[0]?.value ?? (isFastCgi ? 9000 : origin?.base.port);
}

/** The build that most services have, the first of them where several have as many. */
function mostUsed(kept: One[]): string | undefined {
  const built = kept.flatMap(({ origin }) => (origin?.context === undefined ? [] : [origin.key]));
  const count = (key: string) => built.filter((other) => other === key).length;
  return built.sort((a, b) => count(b) - count(a))[0];
}

/** A command as the stack file has it: an exec form. */
export const commandOf = (field: Field): string[] =>
  field.text === undefined ? field.items().map(({ text = "" }) => text) : shellWords(field.text);
