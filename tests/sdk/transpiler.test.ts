import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../helpers/places";

const LOADERS = {
  "the transpiler of tsconfig.json": join(REPOSITORY, "node_modules/ts-node/register"),
  "what the tool is loaded by in the repository": "./bin/translated.js",
};

for (const [title, loader] of Object.entries(LOADERS))
  describe(title, function () {
    this.timeout(300_000);
    let project: string;
    const cache = () => join(project, "node_modules", ".cache", "berth");

    beforeEach(() => {
      project = mkdtempSync(join(tmpdir(), "berth-transpiler-"));
      for (const folder of ["bin", "sdk", "node_modules/.cache"]) mkdirSync(join(project, folder), { recursive: true });
      for (const file of ["tsconfig.json", "sdk/transpiler.js", "bin/translated.js"])
        copyFileSync(join(REPOSITORY, file), join(project, file));
      for (const name of ["ts-node", "typescript", "@swc", "@types", "@cspotcode"])
        symlinkSync(join(REPOSITORY, "node_modules", name), join(project, "node_modules", name));
      writeProgram("enum Port { App = 8000 } console.log(Port.App);");
    });
    afterEach(() => rmSync(project, { recursive: true }));

    const writeProgram = (text: string) => writeFileSync(join(project, "index.ts"), text);

    /** What the program prints, and whether swc was loaded for it. */
    function run(): { printed: string; translated: boolean; stderr: string } {
      const loaded = `process.on("exit", () => process.stdout.write(String(Object.keys(require.cache).some((file) => /@swc.core.index/.test(file)))))`;
      const code = `${loaded}; require("./index.ts");`;
      const args = ["--require", loader, "--eval", code];
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });
      const [printed, translated] = stdout.split("\n") as [string, string];
      return { printed, translated: translated === "true", stderr };
    }

    it("translates a file once, and again when it has changed, in the place of what it kept", () => {
      assert.deepEqual(run(), { printed: "8000", translated: true, stderr: "" });
      const entries = readdirSync(cache());
      assert.deepEqual(run(), { printed: "8000", translated: false, stderr: "" });
      writeProgram("enum Port { App = 9000 } console.log(Port.App);");
      assert.deepEqual(run(), { printed: "9000", translated: true, stderr: "" });
      assert.deepEqual(run(), { printed: "9000", translated: false, stderr: "" });
      assert.deepEqual(readdirSync(cache()), entries);
    });

    it("translates again when the compiler's options have changed", () => {
      const program = "class A { b; } console.log('b' in new A());";
      writeProgram(program);
      assert.equal(run().printed, "true");
      const settings = { transpileOnly: true, transpiler: "./sdk/transpiler.js" };
      const compilerOptions = { noCheck: true, target: "es2021", module: "nodenext", useDefineForClassFields: false };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ "ts-node": settings, compilerOptions }));
      assert.deepEqual(run(), { printed: "false", translated: true, stderr: "" });
    });

    it("keeps the lines of the source in traces", () => {
      writeProgram('interface A { b: string }\n\nfunction fail(a: A): never {\n  throw new Error(a.b);\n}\nfail({ b: "oh" });');
      for (const stderr of [run().stderr, run().stderr]) assert.match(stderr, /index\.ts:4:9\)/);
    });

    it("does without what is damaged, and without a place to keep anything", () => {
      run();
      for (const entry of readdirSync(cache())) writeFileSync(join(cache(), entry), '{"key":');
      assert.deepEqual(run(), { printed: "8000", translated: true, stderr: "" });
      rmSync(cache(), { recursive: true });
      writeFileSync(cache(), "a file, where the folder would be");
      assert.deepEqual(run(), { printed: "8000", translated: true, stderr: "" });
      assert.ok(existsSync(cache()));
    });
  });
