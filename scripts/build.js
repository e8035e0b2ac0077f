// npm run build [-- --name @acme/berth] [--out FOLDER]: writes the package that a team publishes to its registry (docs/package.md) into dist/.
"use strict";
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const { isBuiltin } = require("node:module");
const path = require("node:path");
const { parseArgs } = require("node:util");
const ts = require("typescript");

const ROOT = path.dirname(__dirname);
const DIST = path.join(ROOT, "dist");
/** Beside the compiled code: what it reads as it runs, and what a package has. */
const FILES = [
  "LICENSE",
  "CHANGELOG.md",
  "bin/berth.js",
  "plan/cost/prices",
  "plan/project/fresh.mjs",
  "plan/report/html/report.css",
  "plan/stack.schema.json",
  "plan/plan.schema.json",
  "plan/comparison.schema.json",
  "policy/PulumiPolicy.yaml",
];
/** npm's own rule for a new name, in at most 214 letters. */
const NAME = /^(@[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*$/;
/**
 * Of these the program, the library and the tool must have the same copy: the tool puts its own recorder into Pulumi's SDK, and each version of @pulumi/aws
 * in a program starts a provider of its own. Peers are the project's; npm installs them too, and refuses a project whose version does not do. Were they
 * dependencies, npm would add a second copy without a word.
 */
const PEERS = ["@pulumi/pulumi", "@pulumi/aws"];
/** No file names it: ts-node asks for it, and a project without a compiler of its own has it from here. */
const ASKED_FOR = ["typescript"];

class Refusal extends Error {}

function readCommandLine() {
  const { values } = parseArgs({ options: { name: { type: "string", default: "berth" }, out: { type: "string", default: DIST } } });
  const out = path.resolve(values.out);
  if (!NAME.test(values.name) || values.name.length > 214) {
    throw new Refusal(
      `--name ${JSON.stringify(values.name)} is no name of an npm package: write small letters, digits and -._~, such as @acme/berth.`,
    );
  }
  if (out !== DIST && fs.existsSync(out)) throw new Refusal(`--out ${out} is there already: name a new folder.`);
  return { name: values.name, out };
}

function compile(out) {
  const tsc = require.resolve("typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", path.join(ROOT, "tsconfig.build.json"), "--outDir", out], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Refusal("The sources do not compile; see above.");
}

const readJson = (file) => JSON.parse(fs.readFileSync(path.join(ROOT, file), "utf8"));
const writeJson = (file, value) => fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
const pick = (all, names) => Object.fromEntries(names.map((name) => [name, all[name]]));

/** The packages that the compiled code and its declarations import. */
function imported(folder) {
  const files = fs.readdirSync(folder, { recursive: true }).filter((file) => /\.[jt]s$/.test(file));
  const texts = files.map((file) => fs.readFileSync(path.join(folder, file), "utf8"));
  const names = texts.flatMap((text) => ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName));
  const foreign = names.filter((name) => !name.startsWith(".") && !isBuiltin(name));
  return [...new Set(foreign.map((name) => name.match(/^(@[^/]+\/)?[^/]+/)[0]))];
}

/** Both kinds of dependencies, in the versions that the repository is tested with. */
function dependencies(manifest, out) {
  const needed = [...imported(out), ...ASKED_FOR].sort();
  const missing = needed.filter((name) => !manifest.dependencies[name]);
  if (missing.length > 0) throw new Refusal(`The package needs ${missing.join(", ")}: add it to the dependencies in package.json.`);
  const caret = (range) => (/^\d/.test(range) ? `^${range}` : range);
  return {
    dependencies: pick(
      manifest.dependencies,
      needed.filter((name) => !PEERS.includes(name)),
    ),
    peerDependencies: Object.fromEntries(PEERS.map((name) => [name, caret(manifest.dependencies[name])])),
  };
}

/** The package's own README: what docs/package.md says to whoever has the package. */
function readme(name, { description }) {
  const page = fs.readFileSync(path.join(ROOT, "docs", "package.md"), "utf8");
  const [, section] = page.match(/^## In a service's repository\n([\s\S]*?)^## /m);
  return `# ${name}\n\n${description}\n\n## Use\n${section.trimEnd()}\n`.replaceAll("@acme/berth", name);
}

/** Where the package comes from: the clone that it is built in. */
function repository() {
  const { status, stdout } = spawnSync("git", ["remote", "get-url", "origin"], { cwd: ROOT, encoding: "utf8" });
  return status === 0 && stdout.trim() !== "" ? { repository: { type: "git", url: stdout.trim() } } : {};
}

function build() {
  const { name, out } = readCommandLine();
  fs.rmSync(out, { recursive: true, force: true });
  compile(out);
  for (const file of FILES) fs.cpSync(path.join(ROOT, file), path.join(out, file), { recursive: true });

  const manifest = readJson("package.json");
  fs.writeFileSync(path.join(out, "README.md"), readme(name, manifest));
  const library = { types: "./components/index.d.ts", default: "./components/index.js" };
  writeJson(path.join(out, "package.json"), {
    name,
    ...pick(manifest, ["version", "description", "keywords", "license", "type", "bin", "engines"]),
    ...repository(),
    // For compilers that do not read "exports" yet.
    main: library.default,
    types: library.types,
    exports: { ".": library, "./components": library, "./package.json": "./package.json" },
    ...dependencies(manifest, out),
  });
  // The pack finds its packages in the folders above. Its dependencies are there for a pack that is published by itself; it runs without a translator.
  const { main, dependencies: all, ...pack } = readJson("policy/package.json");
  const { "ts-node": _, typescript: __, ...packDependencies } = all;
  writeJson(path.join(out, "policy", "package.json"), {
    ...pack,
    version: manifest.version,
    main: "index.js",
    dependencies: packDependencies,
  });
  // With "./", or npm takes the folder for the name of a package.
  console.log(`${name} ${manifest.version}: npm publish ./${path.relative(process.cwd(), out)}`);
}

try {
  build();
} catch (error) {
  if (!(error instanceof Refusal) && !String(error.code).startsWith("ERR_PARSE_ARGS")) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
