// node scripts/test.js [unit|all] [option of mocha ...]: runs the tests.
//   unit    the project's own tests and those of the library: no Docker, no emulator, under a minute of CPU
//   all     Berth's own suites besides: containers, an AWS emulator, Pulumi's runner, the package, the documentation, hostile input, changes of live stacks
// Without a word: all of them in Berth's repository, and in a project that was made from it the first, for Berth's own suites test what nobody there changes.
"use strict";
require("./install-missing");
const { spawnSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const path = require("node:path");

const ROOT = path.dirname(__dirname);
const EVERY = "tests/**/*.test.ts";
const OWN = [
  ...["app", "bench", "container", "docs", "package", "runner", "safety", "template"].map((folder) => `tests/${folder}/**/*.test.ts`),
  "tests/ops/emulator.test.ts",
  "tests/policy/pack.test.ts",
  "tests/second-day/matrix.test.ts",
];
/** Says at the end of the run that Berth's own suites were left out. */
const OWN_LEFT_OUT = "tests/helpers/own-suites.ts";

/** `pulumi new` takes the section `template` out of a project that it makes. */
const isBerth = () => /^template:/m.test(readFileSync(path.join(ROOT, "Pulumi.yaml"), "utf8"));

const [first, ...others] = process.argv.slice(2);
const which = ["unit", "all"].includes(first) ? first : undefined;
const options = which === undefined ? process.argv.slice(2) : others;
const all = which === "all" || (which === undefined && isBerth());

const specs = all ? [EVERY] : [...OWN.flatMap((own) => ["--ignore", own]), EVERY, ...(which === undefined ? [OWN_LEFT_OUT] : [])];
const mocha = require.resolve("mocha/bin/mocha.js");
const { status, error } = spawnSync(process.execPath, [mocha, ...options, ...specs], { cwd: ROOT, stdio: "inherit" });
if (error) throw error;
process.exit(status ?? 1);
