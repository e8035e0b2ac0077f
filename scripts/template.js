// Whoever uses the template edits its stack files, its program and its app. Berth's own suites therefore test a copy, tests/fixtures/template:
//   node scripts/template.js            makes the copy anew
//   node scripts/template.js --check    ends with 1 where the copy differs from the template (.ci/run)
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.dirname(__dirname);
const COPY = path.join(ROOT, "tests", "fixtures", "template");
/** From the copy's folder to the repository's root. */
const UP = "../../../";

/** What differs in the copy: where it finds the library and the compiler's settings, and that its program is not that of the package around it. */
const CHANGES = {
  "index.ts": (text) => text.replace(/\b(from|import) "\.\//g, `$1 "${UP}`),
  "Pulumi.yaml": (text) =>
    text.replace(/^(name: .*\n)/m, "$1main: index.ts\n").replace(/^( *)packagemanager: .*\n/m, `$&$1tsconfig: ${UP}tsconfig.json\n`),
};

/** Every file of a folder, by its path in it. */
function filesIn(folder) {
  const found = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }) : [];
  const files = found.filter((file) => !file.includes("node_modules") && fs.statSync(path.join(folder, file)).isFile());
  return files.map((file) => file.replaceAll(path.sep, "/"));
}

function wanted() {
  const top = fs.readdirSync(ROOT).filter((name) => /^(Pulumi(\..+)?\.yaml|compose\.yaml|index\.ts)$/.test(name));
  const files = [...top, ...filesIn(path.join(ROOT, "app")).map((file) => `app/${file}`)];
  return new Map(files.map((file) => [file, (CHANGES[file] ?? String)(fs.readFileSync(path.join(ROOT, file), "utf8"))]));
}

const files = wanted();
const present = filesIn(COPY);
const different = [...files].filter(([file, text]) => !present.includes(file) || fs.readFileSync(path.join(COPY, file), "utf8") !== text);
const left = present.filter((file) => !files.has(file));

if (process.argv.includes("--check")) {
  for (const [file] of different) console.error(`tests/fixtures/template/${file} is not the template's.`);
  for (const file of left) console.error(`tests/fixtures/template/${file} is no longer in the template.`);
  if (different.length + left.length > 0) console.error("node scripts/template.js makes the copy anew.");
  process.exit(different.length + left.length > 0 ? 1 : 0);
}
for (const file of left) fs.rmSync(path.join(COPY, file));
for (const [file, text] of different) {
  fs.mkdirSync(path.dirname(path.join(COPY, file)), { recursive: true });
  fs.writeFileSync(path.join(COPY, file), text);
}
console.log(`tests/fixtures/template: ${different.length} files written, ${left.length} removed.`);
