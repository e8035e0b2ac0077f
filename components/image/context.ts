// What a Docker build would see: the files of the context that .dockerignore leaves, as one hash. The image's tag is made of it, so that the same
// sources have the same tag, and other sources never the same one (tags are immutable). No Pulumi here.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import dockerignore from "@balena/dockerignore";
import { nearest } from "../../facts/errors";
import type { Refuse } from "../base/origin";

/** Finds the Dockerfile of a build. Refuses it, or the context, if it is not there. */
export function findDockerfile(context: string, dockerfile: string | undefined, refuse: Refuse): string {
  if (!isDirectory(context)) refuse("context", `there is no folder ${JSON.stringify(context)}; give the folder that holds the Dockerfile.`);
  const file = dockerfile ?? path.join(context, "Dockerfile");
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
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

const isDirectory = (folder: string) => fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Paths (relative, `/` between the parts, sorted) of the files that the build sees. Docker prefers `<Dockerfile>.dockerignore` to the context's own. */
export function contextFiles(context: string, dockerfile: string): string[] {
  const ignoreFile = [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")].find((file) => fs.existsSync(file));
  const text = ignoreFile ? fs.readFileSync(ignoreFile, "utf8") : "";
  const rules = dockerignore({ ignorecase: false }).add(text);
  // A `!` line may bring back a file of an ignored folder; without one, such a folder (node_modules) need not be read.
  const prune = !/^!/m.test(text);
  const files: string[] = [];
  const walk = (folder: string) => {
    for (const entry of fs.readdirSync(path.join(context, folder), { withFileTypes: true })) {
      const file = folder ? `${folder}/${entry.name}` : entry.name;
      const ignored = rules.ignores(file);
      if (entry.isDirectory() && !(ignored && prune)) walk(file);
      else if (!entry.isDirectory() && !ignored) files.push(file);
    }
  };
  walk("");
  return files.sort();
}

/** A hash of everything that decides what is in the image: files (names, modes, contents), Dockerfile and the given settings of the build. */
export function contextHash(context: string, dockerfile: string, settings: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(settings)).update("\0").update(fs.readFileSync(dockerfile));
  for (const file of contextFiles(context, dockerfile)) {
    const full = path.join(context, file);
    const stat = fs.lstatSync(full);
    hash.update(`\0${file}\0${stat.mode & 0o111 ? "x" : "-"}\0`);
    hash.update(stat.isSymbolicLink() ? fs.readlinkSync(full) : fs.readFileSync(full));
  }
  return hash.digest("hex");
}
