// What a Docker build would see, as one hash: its settings, and the files of the contexts that .dockerignore leaves. The image's tag is made of it, so that the
// same build has the same tag, and another one never (tags are immutable). No Pulumi here.
import { createHash, type Hash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import dockerignore from "@balena/dockerignore";
import { nearest } from "../../facts/errors";
import { type Json, sortKeys } from "../../facts/graph";
import type { Refuse } from "../base/origin";

/** Finds the Dockerfile of a build. Refuses it, or the context, if it is not there. */
export function findDockerfile(context: string, dockerfile: string | undefined, refuse: Refuse): string {
  if (!isDirectory(context)) refuse("context", `there is no folder ${JSON.stringify(context)}; give the folder that holds the Dockerfile.`);
  const file = dockerfile ?? path.join(context, "Dockerfile");
  if (!isFile(file)) {
    const folder = path.dirname(file);
    const like =
      isDirectory(folder) &&
      nearest(
        path.basename(file),
        fs.readdirSync(folder).filter((name) => /dockerfile/i.test(name)),
      );
    refuse("dockerfile", `there is no file ${file}; ${like ? `did you mean ${path.join(folder, like)}?` : "write one, or give its path."}`);
  }
  return file;
}

const isFile = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
const isDirectory = (folder: string) => fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Paths (relative, `/` between the parts, sorted) of the files that the build sees. Docker prefers `<Dockerfile>.dockerignore` to the context's own. */
export function contextFiles(context: string, dockerfile: string): string[] {
  const ignoreFile = [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")].find((file) => fs.existsSync(file));
  return filesIn(context, ignoreFile ? fs.readFileSync(ignoreFile, "utf8") : "");
}

/** Paths of the files in a folder, without those to ignore. Sockets, pipes and devices are in no image. */
function filesIn(folder: string, ignore = ""): string[] {
  const rules = dockerignore({ ignorecase: false }).add(ignore);
  // A `!` line may bring back a file of an ignored folder; without one, such a folder (node_modules) need not be read.
  const prune = !/^!/m.test(ignore);
  const files: string[] = [];
  const walk = (below: string) => {
    for (const entry of fs.readdirSync(path.join(folder, below), { withFileTypes: true })) {
      const file = below ? `${below}/${entry.name}` : entry.name;
      const ignored = rules.ignores(file);
      if (entry.isDirectory() && !(ignored && prune)) walk(file);
      else if (!ignored && (entry.isFile() || entry.isSymbolicLink())) files.push(file);
    }
  };
  walk("");
  return files.sort();
}

/** What is sent to the builder, as far as it decides what is built. */
export interface Build {
  /** Where the main context is, and further ones by name: each a folder, or an address that a builder reads. */
  context?: { location: string; named?: Record<string, { location: string }> };
  dockerfile?: { location?: string; inline?: string };
  [setting: string]: unknown;
}

/**
 * A hash of everything that decides what is in the image, and whether Pulumi's provider builds again: all settings, the Dockerfile, and the files of the
 * contexts with their names and modes. The image's tag is made of it, and no tag is ever pushed twice.
 */
export function buildHash(build: Build, refuse: Refuse): string {
  const hash = createHash("sha256").update(JSON.stringify(sortKeys(build as Json)));
  const { context, dockerfile } = build;
  const file = dockerfile?.location;
  if (file !== undefined && isFile(file)) hash.update("\0").update(fs.readFileSync(file));
  if (context && isDirectory(context.location)) addFiles(hash, context.location, contextFiles(context.location, file ?? ""), refuse);
  // What a further context leaves out, builder and provider see differently.
  for (const { location } of Object.values(context?.named ?? {}))
    if (isDirectory(location)) addFiles(hash, location, filesIn(location), refuse);
  return hash.digest("hex");
}

function addFiles(hash: Hash, folder: string, files: string[], refuse: Refuse): void {
  for (const file of files) {
    const full = path.join(folder, file);
    const stat = fs.lstatSync(full);
    hash.update(`\0${file}\0${stat.mode & 0o7777}\0`);
    if (stat.isSymbolicLink()) hash.update(`${fs.readlinkSync(full)}\0`);
    addContent(hash, full, refuse);
  }
}

/** A file's content, piece by piece, for a file may be larger than memory. The provider reads what a link leads to. */
function addContent(hash: Hash, file: string, refuse: Refuse): void {
  const target = fs.statSync(file, { throwIfNoEntry: false });
  if (!target)
    refuse(
      "context",
      `${file} is a symbolic link that leads nowhere, and the build would fail on it; name it in .dockerignore, or remove it.`,
    );
  if (!target.isFile()) return;
  const piece = Buffer.allocUnsafe(1 << 20);
  const descriptor = fs.openSync(file, "r");
  try {
    for (let read = 1; read > 0; ) {
      read = fs.readSync(descriptor, piece);
      hash.update(piece.subarray(0, read));
    }
  } finally {
    fs.closeSync(descriptor);
  }
}
