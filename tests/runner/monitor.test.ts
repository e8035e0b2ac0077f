import * as assert from "node:assert/strict";
import * as path from "node:path";
import { describe, it } from "mocha";
import { runProgram } from "../../bench/runner";
import type { Project } from "../../plan/project/project";

function fixture(name: string): Project {
  const main = path.join(__dirname, "fixtures", name);
  return { name, stack: "dev", root: main, main, config: { "aws:region": "eu-west-1" }, secretKeys: [], notes: [] };
}

describe("bench/monitor, under Pulumi's real runner", () => {
  it("answers like an engine: true URNs, transforms from the inside out, computed values, invokes", async () => {
    const run = await runProgram(fixture("transforms"), { dryRun: false });
    assert.deepEqual({ exitCode: run.exitCode, messages: run.messages }, { exitCode: 0, messages: [] });
    assert.deepEqual(run.graph.resources.map(({ urn }) => urn).sort(), [
      "urn:pulumi:dev::transforms::aws:ecs/cluster:Cluster::known",
      "urn:pulumi:dev::transforms::pulumi:pulumi:Stack::transforms-dev",
      "urn:pulumi:dev::transforms::test:index:Apps$aws:ecs/cluster:Cluster::apps",
      "urn:pulumi:dev::transforms::test:index:Apps::apps",
    ]);
    const inputs = (urnEnd: string) => run.graph.resources.find(({ urn }) => urn.endsWith(urnEnd))?.inputs;
    assert.deepEqual(inputs("Cluster::apps"), { name: "by-parent", ofParent: "yes", ofStack: "yes" });
    assert.deepEqual(inputs("Cluster::known"), {
      name: "arn:aws:ecs:eu-west-1:123456789012:cluster/by-parent in eu-west-1",
      ofStack: "yes",
    });
    assert.deepEqual(run.graph.invokes, [{ token: "aws:index/getRegion:getRegion", args: {} }]);
    assert.deepEqual(run.graph.outputs, { region: "eu-west-1" });
    assert.ok(run.milliseconds > 0);
  });

  it("leaves computed values unknown in a preview, so what needs them is not registered", async () => {
    const run = await runProgram(fixture("transforms"), { dryRun: true });
    assert.equal(run.exitCode, 0);
    assert.deepEqual(run.graph.resources.map(({ name }) => name).sort(), ["apps", "apps", "transforms-dev"]);
  });

  it("fails a program that names two resources alike, and hands on what it said", async () => {
    const run = await runProgram(fixture("duplicate"), { dryRun: false });
    assert.notEqual(run.exitCode, 0);
    assert.match(run.messages.join("\n"), /Two resources have the same name: "apps" of type aws:ecs\/cluster:Cluster/);
  });
});
