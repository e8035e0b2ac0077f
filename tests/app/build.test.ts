import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TEMPLATE } from "../helpers/places";

const app = join(TEMPLATE, "app");
const erasesTypes = "stripTypeScriptTypes" in nodeModule;

describe("app/build.js", () => {
  let folder: string;
  let out: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "berth-build-"));
    out = join(folder, "out");
    for (const name of ["build.js", "package.json", "src"]) cpSync(join(app, name), join(folder, name), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const build = (...args: string[]) => spawnSync(process.execPath, [join(folder, "build.js"), out, ...args], { encoding: "utf8" });

  it("makes one .js of each source, and brings the package.json that says what they are", () => {
    assert.equal(build().status, 0);
    assert.deepEqual(readdirSync(out).sort(), ["package.json", "server.js", "service.js"]);
  });

  it("keeps folders", () => {
    mkdirSync(join(folder, "src/routes"));
    writeFileSync(join(folder, "src/routes/users.ts"), "export const users = [];\n");
    assert.equal(build().status, 0);
    assert.equal(readFileSync(join(out, "routes/users.js"), "utf8"), "export const users = [];\n");
  });

  it("gives everything the time it is told, what was there before too", () => {
    mkdirSync(join(out, "node_modules/left"), { recursive: true });
    writeFileSync(join(out, "node_modules/left/index.js"), "");
    assert.equal(build("86400").status, 0);
    const times = [".", ...readdirSync(out, { recursive: true, encoding: "utf8" })].map((name) => lstatSync(join(out, name)).mtimeMs);
    assert.deepEqual(new Set(times), new Set([86_400_000]));
  });

  it("stops at a source that does not parse, and names it", () => {
    writeFileSync(join(folder, "src/broken.ts"), "export const = 1;\n");
    const { status, stderr } = build();
    assert.notEqual(status, 0);
    assert.match(stderr, /src\/broken\.ts does not parse/);
  });

  it(erasesTypes ? "erases types" : "says which Node erases types, when its own does not", () => {
    writeFileSync(join(folder, "src/typed.ts"), "export const port: number = 8000;\n");
    const { status, stderr } = build();
    if (erasesTypes) {
      assert.equal(status, 0, stderr);
      assert.match(readFileSync(join(out, "typed.js"), "utf8"), /^export const port += {1,2}8000;\n$/);
    } else {
      assert.notEqual(status, 0);
      assert.match(stderr, /src\/typed\.ts does not parse\. Node v20\S+ cannot erase types: use a base image with Node 22\.13 or later\./);
    }
  });
});
