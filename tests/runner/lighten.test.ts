import * as assert from "node:assert/strict";
import * as path from "node:path";
import { before, describe, it } from "mocha";
import { type Run, runProgram } from "../../bench/runner";
import type { Project } from "../../plan/project/project";

const FIXTURES = path.join(__dirname, "fixtures");

/** Runs a fixture twice: as it is, and with the lightened SDK. */
async function both(program: string, options: { dryRun: boolean }): Promise<{ plain: Run; light: Run }> {
  const project = (folder: string): Project => {
    const main = path.join(FIXTURES, folder);
    const config = { "aws:region": "eu-west-1", "shop:program": path.join(FIXTURES, program) };
    return { name: "shop", stack: "dev", root: FIXTURES, main, config, secretKeys: [], notes: [] };
  };
  const [plain, light] = await Promise.all([runProgram(project(program), options), runProgram(project("light"), options)]);
  return { plain, light };
}

/** Everything recorded, in an order of its own: that of registration is the scheduler's. */
const recorded = ({ exitCode, graph: { resources, invokes, outputs } }: Run) => ({
  exitCode,
  resources: [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1)).map(({ source: _, ...resource }) => resource),
  invokes,
  outputs,
});

describe("lightenSdk, under Pulumi's real runner", function () {
  this.timeout(300_000);

  let update: { plain: Run; light: Run };

  before(async () => {
    update = await both("transforms", { dryRun: false });
  });

  it("changes nothing of what a program registers in an update", () => {
    assert.deepEqual(recorded(update.light), recorded(update.plain));
    assert.equal(update.light.exitCode, 0, update.light.messages.join("\n"));
  });

  it("changes nothing of what a program registers in a preview", async () => {
    const { plain, light } = await both("transforms", { dryRun: true });
    assert.deepEqual(recorded(light), recorded(plain));
  });

  it("names the line in the program of each resource, as the SDK does", () => {
    const { plain, light } = update;
    const sources = (run: Run) => run.graph.resources.filter(({ name, custom }) => custom && name === "apps").map(({ source }) => source);
    assert.deepEqual(sources(light), ["transforms/index.ts:15"]);
    assert.deepEqual(sources(light), sources(plain));
  });

  it("lets a failed registration fail the program", async () => {
    const { plain, light } = await both("duplicate", { dryRun: false });
    assert.notEqual(plain.exitCode, 0);
    assert.equal(light.exitCode, plain.exitCode);
    assert.match(light.messages.join("\n"), /Two resources have the same name: "apps" of type aws:ecs\/cluster:Cluster/);
  });

  it("keeps the report of promises that are left at the end", async () => {
    const { plain, light } = await both("leak", { dryRun: false });
    for (const run of [plain, light]) {
      assert.equal(run.exitCode, 1);
      assert.match(run.messages.join("\n"), /runtime detected .*PULUMI_DEBUG_PROMISE_LEAKS/s);
    }
  });
});
