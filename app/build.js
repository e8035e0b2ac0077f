// Makes what the image runs: src/*.ts becomes *.js, with nothing installed and no network. Types are erased here, not checked: `npm run check` does that.
import { execFileSync } from "node:child_process";
import { lutimesSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [out, epoch = "0"] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");

// Node erases types itself since 22.13. An older one takes each file as it is, which does for a source without annotations: the sample has none,
// so that it builds on any base image with Node 20 or later.
const erase = nodeModule.stripTypeScriptTypes ?? ((code) => code);

function write(name, content) {
  const file = join(out, name);
  mkdirSync(dirname(file), { recursive: true });
  // Written anew, never copied: a copy keeps the mode that the file happened to have in the working copy, and the image would differ by it.
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

// The same sources give the same layer, to the byte, whenever they are built: an unchanged app never rolls a service.
for (const name of [...readdirSync(out, { recursive: true, encoding: "utf8" }), "."])
  lutimesSync(join(out, name), Number(epoch), Number(epoch));
