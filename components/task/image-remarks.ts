// What the Dockerfile of a task's image says beside what the task's arguments say: who the app runs as, what it may write, and whether a signal reaches it.
// What certainly fails is refused, the rest is remarked. Pure.
import path from "node:path";
import { baseImage } from "../../facts/base-images";
import type { Said } from "../../facts/dockerfile";
import { type ImageCommand, isBrokenList, shellKeepsSignals } from "../../facts/image-commands";
import type { Remark } from "../base/component";
import type { Refuse } from "../base/origin";
import type { ReadDockerfile } from "../image/image";
import type { ContainerValues } from "./containers";
import { isEmpty, type Volumes } from "./volume-arguments";

type Read = Pick<ReadDockerfile, "path" | "facts">;
type Given = Pick<
  ContainerValues,
  "user" | "readonlyRootFilesystem" | "writablePaths" | "mounts" | "command" | "entryPoint" | "stopTimeout"
> & {
  volumes: Volumes;
};

/** What is to be said of the image and the arguments of its container. */
export function imageRemarks({ path: file, facts }: Read, args: Given, onFargate: boolean, refuse: Refuse): Remark[] {
  const at = ({ line }: { line: number }) => `${file}:${line}`;
  const dockerfile = { path: file, facts };
  checkCommand(dockerfile, args, refuse);
  return [
    ...userRemarks(),
    ...volumeRemarks(),
    ...baseRemarks(),
    ...signalRemarks(),
    ...overrideRemarks(dockerfile, args, "command", refuse),
  ];

  function userRemarks(): Remark[] {
    const said = facts.user;
    if (said?.value === undefined || sameUser(said.value)) return [];
    const runs = `the task runs as ${args.user}, and ${at(said)} says ${said.value}`;
    return isRoot(said.value)
      ? [{ severity: "warning", at: "user", text: `${runs}; let any user read what the app needs, or set user: "0:0".` }]
      : [{ severity: "info", at: "user", text: `${runs}; to run as that, set user: ${JSON.stringify(said.value)}.` }];
  }

  function sameUser(user: string): boolean {
    const ids = baseImage(facts.base.value ?? "").users ?? {};
    const id = (name = "") => (Object.hasOwn(ids, name) ? ids[name] : name);
    return id(user.split(":")[0]) === id(args.user.split(":")[0]) || (isRoot(user) && isRoot(args.user));
  }

  function volumeRemarks(): Remark[] {
    const declared = facts.volumes.flatMap(({ value }) => value ?? []);
    const missing = args.readonlyRootFilesystem ? facts.volumes.filter((one) => one.value !== undefined && !isWritable(one.value)) : [];
    // Where a volume cannot be told, it may be any.
    const rootOwned =
      onFargate && !isRoot(args.user) && facts.volumes.every(({ value }) => value !== undefined)
        ? writable().filter(({ folder }) => !declared.includes(folder))
        : [];
    return [
      ...missing.map(
        (one): Remark => ({
          severity: "warning",
          at: "writablePaths",
          text: `${at(one)} has VOLUME ${one.value}, and the root file system is read-only; set writablePaths: [${[...args.writablePaths, one.value].join(", ")}], or readonlyRootFilesystem: false.`,
        }),
      ),
      ...rootOwned.map(
        ({ folder, at: place, otherwise }): Remark => ({
          severity: "warning",
          at: place,
          text: `on Fargate ${folder} belongs to root, and not to user ${args.user}, because ${file} has no "VOLUME ${folder}"; add that line, or ${otherwise} if nothing writes there.`,
        }),
      ),
    ];
  }

  /** The folders of empty volumes that the app may write to. */
  function writable(): { folder: string; at: string; otherwise: string }[] {
    return [
      ...args.writablePaths.map((folder) => ({ folder, at: "writablePaths", otherwise: `take ${folder} out of writablePaths` })),
      ...Object.entries(args.mounts)
        .filter(([name, { readOnly }]) => !readOnly && isEmpty(args.volumes[name]!))
        .map(([name, { path: folder }]) => ({ folder, at: `mounts.${name}`, otherwise: "mount it with readOnly" })),
    ];
  }

  function isWritable(folder: string): boolean {
    const mounted = Object.values(args.mounts).flatMap(({ path: one, readOnly }) => (readOnly ? [] : [one]));
    return [...args.writablePaths, ...mounted].some((one) => folder === one || folder.startsWith(`${one}/`));
  }

  function baseRemarks(): Remark[] {
    const { writes = [], instead } = baseImage(facts.base.value ?? "");
    const closed = writes.filter((folder) => !isWritable(folder));
    // A configuration of the app's own may write elsewhere.
    const isConfigured = facts.copies.some(({ sources }) => sources.some((source) => /\.conf(\.template)?$|conf\.d/.test(source)));
    if (closed.length === 0 || isConfigured || (!args.readonlyRootFilesystem && isRoot(args.user))) return [];
    const image = `${facts.base.value} (${at(facts.base)})`;
    const remedy =
      instead === undefined ? "configure it to write below /tmp" : `build upon ${instead}, or configure it to write below /tmp`;
    return [
      {
        severity: "warning",
        at: "writablePaths",
        text: `${image} writes to ${closed.join(" and ")} as it starts, which user ${args.user} cannot; ${remedy}.`,
      },
    ];
  }

  function signalRemarks(): Remark[] {
    const main = mainCommand(dockerfile, args);
    if (main === undefined || !shellKeepsSignals(main.value)) return [];
    const [line = ""] = main.value.words;
    const list = /^[\w./:=@,+ -]+$/.test(line)
      ? `; write it as ${main.name} ${JSON.stringify(line.split(/\s+/))}`
      : '; begin the line with "exec"';
    return [
      {
        severity: "warning",
        at: "stopTimeout",
        text: `${at(main)} has ${main.name} as a line for a shell, which may keep SIGTERM from the app: ECS then kills it after ${args.stopTimeout} s, in the middle of its work${list}.`,
      },
    ];
  }
}

export const isRoot = (user: string) => /^(root|0)(:|$)/.test(user);

interface MainCommand {
  name: "CMD" | "ENTRYPOINT";
  line: number;
  value: ImageCommand;
}

/** The command of the Dockerfile that becomes the container's process; undefined where the arguments say another, or where it cannot be told. */
function mainCommand({ facts }: Read, args: Pick<Given, "command" | "entryPoint">): MainCommand | undefined {
  const of = (name: MainCommand["name"], said: Said<ImageCommand> | undefined) =>
    said?.value && { name, line: said.line, value: said.value };
  if (args.entryPoint !== undefined) return undefined;
  return of("ENTRYPOINT", facts.entryPoint) ?? (args.command === undefined ? of("CMD", facts.command) : undefined);
}

/** Refuses a list that is none: a shell gets it as it stands. */
function checkCommand(dockerfile: Read, args: Given, refuse: Refuse): void {
  const main = mainCommand(dockerfile, args);
  if (!main || !isBrokenList(main.value)) return;
  refuse(
    main.name === "CMD" ? "command" : "entryPoint",
    `${dockerfile.path}:${main.line}: ${main.name} is not a JSON list, so a shell gets it as it stands and fails; write it with double quotes and commas.`,
  );
}

/** What the image's ENTRYPOINT makes of a command that replaces its CMD. */
export function overrideRemarks(
  { path: file, facts }: Read,
  { command, entryPoint }: Pick<Given, "command" | "entryPoint">,
  at: "command" | "preDeploy",
  refuse: Refuse,
): Remark[] {
  const said = facts.entryPoint;
  if (!said?.value || command === undefined || entryPoint !== undefined) return [];
  const place = `${file}:${said.line}`;
  const { form, words } = said.value;
  if (form === "shell") refuse(at, `${place}: the ENTRYPOINT is a line for a shell, which ignores a command; write it as a list.`);
  if (!startsTwice(words, command)) return [];
  const text = `${place}: the ENTRYPOINT stays in front of it, so that ${JSON.stringify([...words, ...command].join(" "))} runs; make it the image's CMD, or set entryPoint as well.`;
  return [{ severity: "warning", at, text }];
}

/** Whether a command begins with the program that the entry point starts already. One that ends in a script or "--" is made to have a command behind it. */
function startsTwice(entryPoint: string[], command: string[]): boolean {
  const [program = ""] = entryPoint;
  const last = entryPoint.at(-1) ?? "";
  if (last === "--" || /(\.sh|entrypoint)$/.test(last)) return false;
  return path.posix.basename(program) === path.posix.basename(command[0] ?? "");
}
