import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { missing, note } from "../helpers/left-out";
import { REPOSITORY, TEMPLATE } from "../helpers/places";
import { baseImage, type StandIn } from "./base";
import { build } from "./build";
import { describeWithDocker, whyNoDocker } from "./docker";
import { plannedService } from "./planned";
import { keepThePromises } from "./promises";
import { itWithTool } from "./tools";

const guides = join(REPOSITORY, "docs/guides");
const languages = readdirSync(guides, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

const output = (program: string, ...args: string[]) => spawnSync(program, args, { encoding: "utf8" }).stdout?.trim() || undefined;
const tools = ["/bin/chmod", "/usr/bin/find", "/usr/bin/touch"];
/** Where a program of the PATH really is. */
const located = (program: string) => {
  const path = output("/bin/sh", "-c", `command -v ${program}`);
  return path && realpathSync(path);
};

/** How each language's images can be stood in for on this machine, by build argument; undefined where its toolchain is not installed. */
const standIns: Record<string, () => Record<string, StandIn> | undefined> = {
  python: () => {
    const library = output("/usr/bin/python3", "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))");
    return library ? { BASE_IMAGE: { programs: ["/usr/bin/python3", ...tools], folders: [library] } } : undefined;
  },
  go: () => {
    const home = output("go", "env", "GOROOT");
    // Whichever asks for the health in the container.
    const clients = ["/usr/bin/wget", "/usr/bin/curl"].filter(existsSync);
    return home
      ? { BUILD_IMAGE: { programs: [join(home, "bin/go"), ...tools], folders: [home] }, BASE_IMAGE: { programs: clients } }
      : undefined;
  },
  java: () => {
    const compiler = located("javac");
    if (!compiler) return undefined;
    const home = dirname(dirname(compiler));
    const jdk = { programs: [join(home, "bin/java"), compiler, ...tools], folders: [home] };
    return { BUILD_IMAGE: jdk, BASE_IMAGE: jdk };
  },
  php: () => {
    const folders = ["/etc/apache2", "/usr/lib/apache2", "/usr/lib/php", "/etc/php", "/usr/share/zoneinfo"];
    const base = { programs: ["/usr/sbin/apache2", ...tools], folders };
    return folders.every(existsSync) && output("/bin/sh", "-c", "ls /etc/apache2/mods-enabled/php*.load")
      ? { BASE_IMAGE: base }
      : undefined;
  },
};

async function prepare(language: string, images: Record<string, StandIn>) {
  const folder = join(guides, language);
  const overrides: Record<string, string> = {};
  for (const [argument, standIn] of Object.entries(images)) {
    const { image, description } = await baseImage(join(folder, "Dockerfile"), standIn, argument);
    console.log(`    ${language}: ${argument} is ${description}`);
    overrides[argument] = image;
  }
  const tag = await build({ context: { location: folder }, tag: `berth-test/guide-${language}`, overrides });
  return { image: tag, planned: await plannedService("dev") };
}

describeWithDocker("the Dockerfiles of the guides, in containers", ["haproxy"], () => {
  // Asked only where Docker is: what each language lacks is beside the point elsewhere.
  const found = (whyNoDocker() ? [] : languages).flatMap((language) => {
    const images = standIns[language]?.();
    if (!images) note(`docs/guides/${language} in a container`, missing(`${language} is not installed, to make a base image from`));
    return images ? [{ title: language, prepare: () => prepare(language, images), requests: 1_000 }] : [];
  });
  keepThePromises(found);
});

const files = [join(TEMPLATE, "app/Dockerfile"), ...languages.map((language) => join(guides, language, "Dockerfile"))];

describe("every Dockerfile", () => {
  for (const file of files) {
    itWithTool(`${file.slice(REPOSITORY.length + 1)} passes hadolint`, "hadolint", (run) => {
      assert.deepEqual(run(["--no-color", "--failure-threshold", "style", file]), { status: 0, said: "" });
    });
  }
});
