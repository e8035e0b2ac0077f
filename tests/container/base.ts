// Base images made from this machine's own programs, for when the official ones cannot be pulled: a program, its shared libraries and /bin/sh.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { docker } from "./docker";

/** What stands in for an official image. */
export interface StandIn {
  /** Programs of this machine, by absolute path; their libraries come along. */
  programs: string[];
  /** Folders of this machine that they need, by absolute path; the libraries of shared objects in them come along too. */
  folders?: string[];
}

/** The shared libraries of a program, as the dynamic loader finds them; none for a static one. */
function librariesOf(program: string): string[] {
  try {
    return execFileSync("ldd", [program], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).match(/\/[^\s()]+/g) ?? [];
  } catch {
    return [];
  }
}

const sharedObjectsIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".so"))
    .map((file) => join(folder, file));

/** The image to build `dockerfile` upon: what its `argument` names when that can be had, else the stand-in. Says which. */
export async function baseImage(
  dockerfile: string,
  standIn: StandIn,
  argument = "BASE_IMAGE",
): Promise<{ image: string; description: string }> {
  const official = readFileSync(dockerfile, "utf8").match(new RegExp(`^ARG ${argument}=(\\S+)`, "m"))?.[1];
  if (!official) throw new Error(`${dockerfile}: no "ARG ${argument}=<image>" line.`);
  const available = await docker("image", "inspect", official)
    .catch(() => docker("pull", "--quiet", official))
    .then(
      () => true,
      () => false,
    );
  if (available) return { image: official, description: `the official ${official}` };
  return {
    image: await importStandIn(standIn),
    description: `a stand-in for ${official}, made from this machine's ${standIn.programs.join(", ")}`,
  };
}

async function importStandIn({ programs, folders = [] }: StandIn): Promise<string> {
  const all = [...programs, "/bin/sh"];
  const libraries = [...all, ...folders.flatMap(sharedObjectsIn)].flatMap(librariesOf);
  const single = [...new Set([...all, ...libraries])].filter((file) => !folders.some((folder) => file.startsWith(`${folder}/`)));
  const content = [...single, ...folders].sort();
  // The name holds what the image is made of, so that it is made once per machine and again after an upgrade.
  const identity = createHash("sha256").update(JSON.stringify(content.map((file) => [file, statSync(file).mtimeMs, statSync(file).size])));
  const image = `berth-test/base:${identity.digest("hex").slice(0, 16)}`;
  if (await docker("image", "inspect", image).catch(() => undefined)) return image;

  const folder = mkdtempSync(join(tmpdir(), "berth-base-"));
  try {
    const skeleton = join(folder, "skeleton");
    mkdirSync(join(skeleton, "etc"), { recursive: true });
    writeFileSync(join(skeleton, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n");
    mkdirSync(join(skeleton, "tmp"));
    chmodSync(join(skeleton, "tmp"), 0o1777);
    const archive = join(folder, "base.tar");
    const options = [
      "--create",
      "--file",
      archive,
      "--dereference",
      "--ignore-failed-read",
      "--warning=no-failed-read",
      "--owner=0",
      "--group=0",
    ];
    const { status, stderr } = spawnSync(
      "tar",
      [...options, "-C", "/", ...content.map((file) => file.slice(1)), "-C", skeleton, "etc", "tmp"],
      { encoding: "utf8" },
    );
    // Status 1 is a link that leads nowhere, which the image can do without as well as this machine.
    if (status !== 0 && status !== 1) throw new Error(`tar: ${stderr}`);
    const path = [...new Set([...all.map(dirname), "/usr/bin", "/bin"])].join(":");
    await docker("import", "--change", `ENV PATH=${path}`, archive, image);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return image;
}
