// node scripts/test.js [unit|all] [option of mocha ...]: runs the tests.
//   unit    the project's own tests and those of the library: no Docker, no emulator, under a minute of CPU
//   all     Berth's own suites besides: containers, an AWS emulator, Pulumi's runner, the package, the documentation, hostile input, changes of live stacks
// Without a word: all of them in Berth's repository, and in a project that was made from it the first, for Berth's own suites test what nobody there changes.
"use strict";
require("./install-missing");
const { spawn } = require("node:child_process");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { stripVTControlCharacters } = require("node:util");

const ROOT = path.dirname(__dirname);
const EVERY = "tests/**/*.test.ts";
const inFolders = (...folders) => folders.map((folder) => `tests/${folder}/**/*.test.ts`);
/** Berth's own suites that wait for containers and other programs. */
const WAITING = [...inFolders("app", "bench", "container", "package", "runner", "template"), "tests/ops/emulator.test.ts"];
/** Those that compute. */
const COMPUTING = [
  ...inFolders("docs", "safety"),
  "tests/plan/update/deployed.test.ts",
  "tests/policy/pack.test.ts",
  "tests/second-day/matrix.test.ts",
  "tests/settings/any.test.ts",
];
/** Says at the end of the run that Berth's own suites were left out. */
const OWN_LEFT_OUT = "tests/helpers/own-suites.ts";

/** `pulumi new` takes the section `template` out of a project that it makes. */
const isBerth = () => /^template:/m.test(readFileSync(path.join(ROOT, "Pulumi.yaml"), "utf8"));
const allBut = (suites) => [...suites.flatMap((suite) => ["--ignore", suite]), EVERY];

const [first, ...others] = process.argv.slice(2);
const which = ["unit", "all"].includes(first) ? first : undefined;
const options = which === undefined ? process.argv.slice(2) : others;
const all = which === "all" || (which === undefined && isBerth());

/** Runs mocha, and hands its output on, at once or when told. Resolves to its exit status and what it wrote. */
function mocha(specs, isShown) {
  const color = process.stdout.isTTY ? ["--color"] : [];
  const child = spawn(process.execPath, [require.resolve("mocha/bin/mocha.js"), ...color, ...options, ...specs], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written = [];
  for (const [stream, own] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    stream.on("data", (chunk) => {
      written.push(chunk);
      if (isShown) own.write(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? 1, text: Buffer.concat(written).toString() }));
  });
}

/** What mocha counted. The first of each is the run's own: the report of a failed test may show those of a run within it. */
const count = (text, what) => Number(new RegExp(`^ +(\\d+) ${what}`, "m").exec(stripVTControlCharacters(text))?.[1] ?? 0);

async function main() {
  if (!all) return (await mocha([...allBut([...WAITING, ...COMPUTING]), ...(which === undefined ? [OWN_LEFT_OUT] : [])], true)).status;
  // Side by side: what waits leaves the processor to what computes. What waits is shown when both are done, in one piece.
  const waiting = mocha(WAITING, false);
  const library = await mocha(allBut([...WAITING, ...COMPUTING]), true);
  // In a process of its own: mocha keeps what each suite has recorded, and together they fill the heap.
  const runs = [library, await mocha(COMPUTING, true), await waiting];
  process.stdout.write(runs[2].text);
  // What the others left out is far above by now.
  for (const { text } of runs.slice(0, 2)) process.stdout.write(/^LEFT OUT, because\n[\s\S]*/m.exec(text)?.[0] ?? "");
  console.log(
    ["passing", "failing", "pending"].map((what) => `${runs.reduce((sum, { text }) => sum + count(text, what), 0)} ${what}`).join(", "),
  );
  return Math.max(...runs.map(({ status }) => status));
}

main().then((status) => process.exit(status));
