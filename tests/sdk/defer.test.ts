import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../helpers/places";
import { BASE, berth, withProject } from "../plan/projects";

/** Runs code in a Node process of its own, where the SDK is not loaded yet, and returns what it printed as JSON. */
function inNewProcess(code: string): unknown {
  const args = ["--require", "ts-node/register/transpile-only", "--eval", code];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: REPOSITORY, encoding: "utf8" });
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}

describe("deferLibraries", function () {
  this.timeout(300_000);

  it("lets the SDK load npm's dependency resolver when it uses it, and not before", () => {
    const loaded = inNewProcess(`
      const count = () => Object.keys(require.cache).filter((file) => /@npmcli.arborist.lib.arborist/.test(file)).length;
      require("./sdk/defer").deferLibraries();
      require("@pulumi/pulumi");
      const before = count();
      const { Arborist } = require("@npmcli/arborist");
      console.log(JSON.stringify([before, count() > 0, new Arborist({ path: "." }).path === process.cwd()]));
    `);
    assert.deepEqual(loaded, [0, true, true]);
  });

  it("is the first thing that the template does, before it lightens the SDK", () => {
    const [first] = /^import .*$/m.exec(readFileSync(join(REPOSITORY, "tests/fixtures/template/index.ts"), "utf8"))!;
    assert.equal(first, 'import "../../../sdk/start";');
    const loaded = inNewProcess(`
      require("./sdk/start");
      require("@pulumi/pulumi");
      const { track } = require("./sdk/promises");
      const modules = Object.keys(require.cache).filter((file) => /@npmcli.arborist.lib.arborist/.test(file)).length;
      console.log(JSON.stringify([modules, require("./sdk/internals").tracksWith(track)]));
    `);
    assert.deepEqual(loaded, [0, true]);
  });

  it("comes before berth plan loads Pulumi, which reads its files first", () => {
    const loaded = inNewProcess(`
      require("./plan/command");
      console.log(JSON.stringify(Object.keys(require.cache).filter((file) => /node_modules.@pulumi/.test(file))));
    `);
    assert.deepEqual(loaded, []);
  });

  it("keeps the TypeScript compiler out of berth plan, once its files are translated", () =>
    withProject({ ...BASE, "index.js": 'require("@pulumi/pulumi");' }, (cwd) => {
      const code = `
        process.argv.push("plan", "--cwd", ${JSON.stringify(cwd)});
        const compiler = () => Object.values(require.cache).find(({ filename }) => /typescript.lib.typescript/.test(filename)).exports;
        process.on("exit", () => console.error(require("node:util").types.isProxy(compiler())));
        require("./bin/berth");
      `;
      const plan = () => spawnSync(process.execPath, ["--eval", code, "berth"], { cwd: REPOSITORY, encoding: "utf8" }).stderr;
      plan();
      assert.equal(plan(), "true\n");
    }));

  it("leaves an SDK that has loaded it as it is", () => {
    const same = inNewProcess(`
      require("@pulumi/pulumi");
      const before = require("@npmcli/arborist");
      require("./sdk/defer").deferLibraries();
      console.log(JSON.stringify(require("@npmcli/arborist") === before));
    `);
    assert.equal(same, true);
  });

  it("leaves berth plan able to pack a function into a resource", () =>
    withProject(
      {
        ...BASE,
        "package.json": '{ "name": "shop", "dependencies": { "@pulumi/aws": "*" } }',
        "index.ts": `
          import * as aws from "@pulumi/aws";
          const queue = new aws.sqs.Queue("jobs");
          new aws.lambda.CallbackFunction("work", { callback: async () => queue.url.get() });
        `,
      },
      (cwd) => {
        const { stdout, stderr } = berth("plan", "--cwd", cwd, "--json");
        assert.equal(stderr, "");
        const { resources } = JSON.parse(stdout) as { resources: { type: string }[] };
        assert.ok(resources.some(({ type }) => type === "aws:lambda/function:Function"));
      },
    ));
});
