// What a build takes into the image that does not belong there: files with credentials, the repository's history, packages of another machine. Pure but for
// the files that it reads.
import fs from "node:fs";
import path from "node:path";
import { credentialComplaint, credentialIn } from "../../facts/credentials";
import type { ImageFacts } from "../../facts/dockerfile";

/** Files that may hold credentials; a template of one does not. */
const SUSPECTS = /(^|\/)(\.env(\..+)?|\.npmrc|\.netrc|\.pypirc|id_(rsa|dsa|ecdsa|ed25519)|credentials|[^/]+\.(pem|key|tfstate))$/;
const TEMPLATES = /\.(example|sample|template|dist|defaults)$/;
const LARGEST = 1024 * 1024;

/** One sentence for each kind of thing that .dockerignore should keep out. `files` are those that the build sees. */
export function leaks(context: string, files: readonly string[], { copies }: ImageFacts): string[] {
  const copied = files.filter((file) => copies.some(({ sources }) => sources.some((source) => covers(source, file))));
  const secret = copied.filter((file) => SUSPECTS.test(file) && !TEMPLATES.test(file) && holdsCredential(path.join(context, file)));
  const folder = (name: string) => copied.some((file) => file.split("/").slice(0, -1).includes(name));
  return [
    ...(secret.length > 0
      ? [
          `${list(secret)} would be in the image, with credentials that everyone reads who may pull it; name ${secret.length > 1 ? "them" : "it"} in .dockerignore.`,
        ]
      : []),
    ...(folder(".git") ? ["the repository's history (.git) would be in the image; name it in .dockerignore."] : []),
    ...(folder("node_modules")
      ? ["node_modules of this machine would be in the image, in place of what the build installs; name it in .dockerignore."]
      : []),
  ];
}

const list = (files: string[]) => `${files.slice(0, 3).join(", ")}${files.length > 3 ? ` and ${files.length - 3} more` : ""}`;

/** Whether a source of COPY takes a file. One with a pattern or a variable in it is not followed. */
function covers(source: string, file: string): boolean {
  const folder = path.posix.normalize(source).replace(/^\/+|\/+$/g, "");
  return folder === "" || folder === "." || file === folder || file.startsWith(`${folder}/`);
}

/** Whether there is a credential in it, by its lines `NAME=value` and by its form. */
function holdsCredential(file: string): boolean {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > LARGEST) return false;
  const text = fs.readFileSync(file, "utf8");
  if (credentialIn(text)) return true;
  return text.split("\n").some((line) => {
    const [, name = "", value = ""] = /^\s*(?:export\s+)?([\w.:/@-]+)\s*=\s*["']?(.*?)["']?\s*$/.exec(line) ?? [];
    // A value that is taken from a variable is none.
    return name !== "" && !value.startsWith("$") && credentialComplaint(name, value) !== undefined;
  });
}
