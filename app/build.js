// Builds what the image runs: src/*.ts becomes *.js, without installed packages or a network. Types are removed, not checked: `npm run check` checks them.
import { execFileSync } from "node:child_process";
import { lutimesSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [out, epoch = "0"] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");

// Node removes types itself since 22.13. An older Node keeps each file as it is, which works for sources without annotations: the sample has none,
// so that it builds on any base image with Node 20 or later.
const erase = nodeModule.stripTypeScriptTypes ?? ((code) => code);

function write(name, content) {
  const file = join(out, name);
  mkdirSync(dirname(file), { recursive: true });
  // Written, never copied: a copy keeps the file's mode in the working copy, and the image would depend on it.
  writeFileSync(file, content);
  return file;
}

write("package.json", readFileSync(join(here, "package.json")));
for (const name of readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"))) {
  try {
    const file = write(name.replace(/\.ts$/, ".js"), erase(readFileSync(join(source, name), "utf8")));
    execFileSync(process.execPath, ["--check", file], { stdio: "pipe" });
  } catch (error) {
    const hint = nodeModule.stripTypeScriptTypes
      ? ""
      : `Node ${process.version} cannot erase types: use a base image with Node 22.13 or later. `;
    console.error(`src/${name} does not parse. ${hint}${error.stderr ?? error.message}`);
    process.exit(1);
  }
}

// The same sources always give the same layer, byte for byte, so that an unchanged app never causes a rollout.
for (const name of [...readdirSync(out, { recursive: true, encoding: "utf8" }), "."])
  lutimesSync(join(out, name), Number(epoch), Number(epoch));
