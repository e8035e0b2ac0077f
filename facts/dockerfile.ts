// What a Dockerfile says of the image that a build of it makes: the text in, facts out. What cannot be told (a variable without a value, the base image's own
// settings) is unclear, never guessed.
import path from "node:path";
import {
  type Copy,
  DockerfileParser,
  type From,
  type Instruction,
  type Onbuild,
  type Property,
  type PropertyInstruction,
} from "dockerfile-ast";
import { nearest } from "./errors";
import { commandOf, type ImageCommand, type Probe, probeOf, wordsOf } from "./image-commands";

/** What the Dockerfile says on a line; `unclear` says why it cannot be told. */
export type Said<T> = { line: number } & ({ value: T; unclear?: undefined } | { value?: undefined; unclear: string });

/** What is copied into a stage from the build's context. */
export interface ContextCopy {
  line: number;
  sources: string[];
}

/** A HEALTHCHECK, and what it asks over HTTP. */
export interface HealthCheckFacts {
  command: ImageCommand;
  /** Absent where it asks something else, or several things. */
  probe?: Probe;
}

/** The image that is built. What is undefined is not said: it is what the base image says. */
export interface ImageFacts {
  /** The image that the stage is built upon: `scratch`, `node:24-alpine`. */
  base: Said<string>;
  /** `FROM --platform`, of the stage or one that it is built upon. */
  platform?: Said<string>;
  /** TCP ports (`EXPOSE`). */
  ports: Said<number>[];
  user?: Said<string>;
  workdir?: Said<string>;
  volumes: Said<string>[];
  command?: Said<ImageCommand>;
  entryPoint?: Said<ImageCommand>;
  /** `false` is `HEALTHCHECK NONE`. */
  healthCheck?: Said<HealthCheckFacts | false>;
  stopSignal?: Said<string>;
  environment: Map<string, Said<string>>;
  /** What comes from the context, into this stage or one that it copies from. */
  copies: ContextCopy[];
}

/** Which image of the Dockerfile is built, and how. */
export interface BuildChoice {
  target?: string | undefined;
  buildArgs?: Record<string, string> | undefined;
  /** `linux/amd64` */
  platform?: string;
}

/** Why a build of the Dockerfile would fail, or why it cannot be read. */
export interface Unreadable {
  line?: number;
  problem: string;
  /** The build fails: it is not only that this reader does not know. */
  fails: boolean;
  about: "dockerfile" | "target";
}

const KEYWORDS =
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(" ");

/** Values by name; `undefined` where a name is declared without one. */
type Scope = Map<string, string | undefined>;

/** Reads the image that a build makes. */
export function readDockerfile(text: string, choice: BuildChoice = {}): ImageFacts | Unreadable {
  try {
    return read(text, choice);
  } catch (error) {
    // The parser's own failures are no reason to stop: Docker may read what it cannot.
    return {
      problem: `it cannot be read (${error instanceof Error ? error.message.split("\n")[0] : "no reason given"})`,
      fails: false,
      about: "dockerfile",
    };
  }
}

function read(text: string, choice: BuildChoice): ImageFacts | Unreadable {
  const parsed = DockerfileParser.parse(text);
  const syntax = parsed
    .getDirectives()
    .find((directive) => directive.getName() === "syntax")
    ?.getValue();
  // Another front end may take another language.
  if (syntax !== undefined && !/^(docker\.io\/)?docker\/dockerfile(-upstream)?(:|@|$)/.test(syntax))
    return { line: 1, problem: `its syntax is ${syntax}, which is not Docker's own`, fails: false, about: "dockerfile" };
  const all = parsed.getInstructions();
  const strange = all.find((one) => !KEYWORDS.includes(one.getKeyword()));
  if (strange) {
    const near = nearest(strange.getKeyword(), KEYWORDS);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    return { line: lineOf(strange), problem: `${strange.getInstruction()} is not an instruction${hint}`, fails: true, about: "dockerfile" };
  }
  const first = all.findIndex((one) => one.getKeyword() === "FROM");
  const early = all.slice(0, first === -1 ? undefined : first).find((one) => one.getKeyword() !== "ARG");
  if (first === -1 || early)
    return {
      line: early ? lineOf(early) : 1,
      problem: "no FROM comes first, which names the base image",
      fails: true,
      about: "dockerfile",
    };
  return new Reader(all, first, parsed.getEscapeCharacter(), choice).read();
}

const lineOf = (instruction: Instruction) => instruction.getRange().start.line + 1;

interface Stage {
  name: string | undefined;
  facts: ImageFacts;
  scope: Scope;
  /** `ONBUILD`: what stages that are built upon this one begin with. */
  triggers: Instruction[];
}

/** Reads the stages in their order: each is built upon, and copies from, earlier ones only. */
class Reader {
  private readonly stages: Stage[] = [];
  private readonly globals: Scope;

  constructor(
    all: Instruction[],
    first: number,
    private readonly escapeCharacter: string,
    private readonly choice: BuildChoice,
  ) {
    this.globals = new Map(platformArgs(choice.platform));
    for (const instruction of all.slice(0, first)) this.declare(instruction as PropertyInstruction, this.globals);
    const starts = all.flatMap((instruction, i) => (instruction.getKeyword() === "FROM" ? [i] : []));
    for (const [i, start] of starts.entries()) this.stages.push(this.stage(all[start] as From, all.slice(start + 1, starts[i + 1])));
  }

  read(): ImageFacts | Unreadable {
    const { target } = this.choice;
    const stage = target === undefined ? this.stages.at(-1) : this.stageNamed(target);
    if (stage?.facts.base.value === "")
      return { line: stage.facts.base.line, problem: "FROM names no image", fails: true, about: "dockerfile" };
    if (stage) return stage.facts;
    const names = this.stages.flatMap(({ name }) => name ?? []);
    const hint = names.length === 0 ? "none has a name" : `its stages: ${names.join(", ")}`;
    return { problem: `${JSON.stringify(target)} is not a stage of the Dockerfile; ${hint}`, fails: true, about: "target" };
  }

  /** The stage of that name or number, among those read. */
  private stageNamed(name: string): Stage | undefined {
    return (
      [...this.stages].reverse().find((stage) => stage.name === name.toLowerCase()) ??
      (/^\d+$/.test(name) ? this.stages[Number(name)] : undefined)
    );
  }

  private stage(from: From, instructions: Instruction[]): Stage {
    const line = lineOf(from);
    const image = this.expand(from.getImage() ?? "", this.globals, true);
    const upon = image.value === undefined ? undefined : this.stageNamed(image.value);
    const facts: ImageFacts = upon
      ? structuredClone(upon.facts)
      : { base: { line, ...image }, ports: [], volumes: [], environment: new Map(), copies: [] };
    const flag = from.getPlatformFlag()?.getValue();
    if (flag) facts.platform = { line, ...this.expand(flag, this.globals, true) };
    const stage: Stage = { name: from.getBuildStage()?.toLowerCase(), facts, scope: new Map(upon?.scope), triggers: [] };
    let ownCommand = false;
    const follow = (instruction: Instruction) => {
      const keyword = instruction.getKeyword();
      // With an entry point of its own an image forgets the command of its base.
      if (keyword === "ENTRYPOINT" && !ownCommand) delete facts.command;
      if (keyword === "CMD") ownCommand = true;
      this.apply(instruction, stage);
    };
    upon?.triggers.forEach(follow);
    for (const instruction of instructions) {
      const trigger = instruction.getKeyword() === "ONBUILD" ? (instruction as Onbuild).getTriggerInstruction() : undefined;
      if (trigger) stage.triggers.push(trigger);
      else follow(instruction);
    }
    return stage;
  }

  private apply(instruction: Instruction, { facts, scope }: Stage): void {
    const line = lineOf(instruction);
    const text = this.textOf(instruction);
    const said = (word: string): Said<string> => ({ line, ...this.expand(word, scope, facts.base.value === "scratch") });
    const apply: Record<string, () => unknown> = {
      ARG: () => this.declare(instruction as PropertyInstruction, scope, facts.environment),
      ENV: () => {
        for (const property of (instruction as PropertyInstruction).getProperties()) {
          const value = this.valueOf(property, scope);
          facts.environment.set(property.getName(), { line, ...value });
          scope.set(property.getName(), value.value);
        }
      },
      EXPOSE: () => facts.ports.push(...wordsOf(text).flatMap((word) => portsOf(said(word)))),
      USER: () => (facts.user = said(text)),
      WORKDIR: () => (facts.workdir = within(facts.workdir, said(text))),
      VOLUME: () => facts.volumes.push(...wordsOf(text).map(said)),
      CMD: () => (facts.command = { line, value: commandOf(text) }),
      ENTRYPOINT: () => (facts.entryPoint = { line, value: commandOf(text) }),
      HEALTHCHECK: () => (facts.healthCheck = { line, value: healthCheckOf(text) }),
      STOPSIGNAL: () => (facts.stopSignal = said(text)),
      COPY: () => this.copy(instruction as Copy, line, text, facts, scope),
      ADD: () => this.copy(instruction as Copy, line, text, facts, scope),
    };
    apply[instruction.getKeyword()]?.();
  }

  /** What is copied out of the context, by this stage or by the stage that it copies from. */
  private copy(instruction: Copy, line: number, text: string, facts: ImageFacts, scope: Scope): void {
    const from = instruction
      .getFlags()
      .find((flag) => flag.getName() === "from")
      ?.getValue();
    if (from) {
      const name = this.expand(from, scope).value;
      facts.copies.push(...((name === undefined ? undefined : this.stageNamed(name))?.facts.copies ?? []));
      return;
    }
    // Below the first line stands what a heredoc brings itself.
    const sources = wordsOf(text.split("\n")[0]!)
      .slice(0, -1)
      .filter((source) => !source.startsWith("<<"));
    if (sources.length > 0) facts.copies.push({ line, sources });
  }

  /** The arguments without flags, on one line: without the ends of continued lines and the comments between them. */
  private textOf(instruction: Instruction): string {
    const end = this.escapeCharacter === "`" ? "`" : "\\\\";
    const raw = instruction.getRawArgumentsContent() ?? "";
    return raw.replace(new RegExp(`${end}[ \\t]*\\r?\\n(?:[ \\t]*(?:#[^\\n]*)?\\r?\\n)*`, "g"), "").trim();
  }

  /** An argument of the build, which an environment variable of its name hides. */
  private declare(instruction: PropertyInstruction, scope: Scope, environment?: ImageFacts["environment"]): void {
    for (const property of instruction.getProperties()) {
      const name = property.getName();
      if (environment?.has(name)) continue;
      const own = property.getAssignmentOperator() === null ? this.globals?.get(name) : this.valueOf(property, scope).value;
      scope.set(name, this.given(name) ?? own);
    }
  }

  private given(name: string): string | undefined {
    const { buildArgs = {} } = this.choice;
    return Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
  }

  /** The value of `NAME=value`. Nothing is replaced in single quotes. */
  private valueOf(property: Property, scope: Scope): Expanded {
    const value = property.getValue() ?? "";
    return property.getUnescapedValue()?.startsWith("'") ? { value } : this.expand(value, scope);
  }

  /** The text with the values of its variables. One that is not declared may come from the base image, unless there is none (`closed`). */
  private expand(text: string, scope: Scope, closed = false): Expanded {
    let missing: string | undefined;
    const value = text.replace(VARIABLE, (whole: string, bare?: string, braced?: string, operator?: string, word = "") => {
      const name = bare ?? braced;
      const found = name === undefined ? undefined : scope.get(name);
      const told = name !== undefined && !/^BUILD(PLATFORM|OS|ARCH|VARIANT)$/.test(name) && (closed || scope.has(name));
      if (found !== undefined && operator === undefined) return found;
      if (operator && (found !== undefined || told)) {
        const isSet = found !== undefined && (found !== "" || !operator.startsWith(":"));
        if (operator.endsWith("+")) return isSet ? word : "";
        return isSet ? found : word;
      }
      missing ??= name ?? whole;
      return "";
    });
    return missing === undefined ? { value } : { unclear: `${missing} has no value in it` };
  }
}

type Expanded = { value: string; unclear?: undefined } | { value?: undefined; unclear: string };
/** `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME:+word}`; whatever else begins with `${` is not read. */
const VARIABLE = /\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^{}$]*))?\}|\{)/g;

/** What BuildKit declares by itself. */
function platformArgs(platform = ""): [string, string | undefined][] {
  const [os, arch] = platform.split("/");
  return platform === ""
    ? []
    : [
        ["TARGETPLATFORM", platform],
        ["TARGETOS", os],
        ["TARGETARCH", arch],
        ["TARGETVARIANT", ""],
      ];
}

/** The TCP ports of one word of EXPOSE. */
function portsOf(said: Said<string>): Said<number>[] {
  if (said.value === undefined) return [said];
  const { line, value } = said;
  const [, low, high = low, protocol = "tcp"] = /^(?:\d+:)?(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(value) ?? [];
  if (low === undefined) return [{ line, unclear: `${value} is not a port` }];
  if (protocol.toLowerCase() !== "tcp") return [];
  return low === high ? [{ line, value: Number(low) }] : [{ line, unclear: `${value} is a range of ports` }];
}

/** A folder said after another: a relative one is within it. */
function within(folder: Said<string> | undefined, next: Said<string>): Said<string> {
  if (next.value === undefined || next.value.startsWith("/")) return next;
  if (folder?.value === undefined) return { line: next.line, unclear: `${next.value} is within a folder that cannot be told` };
  return { line: next.line, value: path.posix.join(folder.value, next.value) };
}

function healthCheckOf(text: string): HealthCheckFacts | false {
  const [, rest] = /^CMD\s+(.*)$/is.exec(text) ?? [];
  if (rest === undefined) return false;
  const command = commandOf(rest);
  const probe = probeOf(command);
  return { command, ...(probe && { probe }) };
}
