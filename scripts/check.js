// npm run check: checks the types of the program, the library and the tests, and those of the app while it is one of TypeScript.
"use strict";
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.dirname(__dirname);
const projects = [
  "tsconfig.check.json",
  ...["app", "tests/fixtures/template/app"].filter((app) => fs.existsSync(path.join(ROOT, app, "tsconfig.json"))),
];
const tsc = require.resolve("typescript/bin/tsc");
const wrong = projects.filter((project) => spawnSync(process.execPath, [tsc, "-p", project], { cwd: ROOT, stdio: "inherit" }).status !== 0);
process.exit(wrong.length > 0 ? 1 : 0);
