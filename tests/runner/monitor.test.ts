import * as assert from "node:assert/strict";
import * as path from "node:path";
import type { runtime } from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { runProgram } from "../../bench/runner";

function fixture(name: string) {
  const main = path.join(__dirname, "fixtures", name);
  return { name, stack: "dev", root: main, main, config: {}, secretKeys: [] };
}

function recordingMocks() {
  const inputsByName: Record<string, unknown> = {};
  const mocks: runtime.Mocks = {
    newResource: ({ name, inputs }) => {
      inputsByName[name] = inputs;
      return { id: `${name}-id`, state: { ...inputs, arn: `arn-of-${name}` } };
    },
    call: ({ inputs }) => ({ arn: `arn-of-${inputs.clusterName}` }),
  };
  return { inputsByName, mocks };
}

describe("bench/monitor, under Pulumi's real runner", function () {
  this.timeout(60_000);

  it("answers like an engine: true URNs, transforms from the inside out, computed values, invokes", async () => {
    const { inputsByName, mocks } = recordingMocks();
    const run = await runProgram(fixture("transforms"), mocks, { dryRun: false });
    assert.deepEqual({ exitCode: run.exitCode, messages: run.messages }, { exitCode: 0, messages: [] });
    assert.deepEqual(run.registrations.map(({ urn }) => urn).sort(), [
      "urn:pulumi:dev::transforms::aws:ecs/cluster:Cluster::known",
      "urn:pulumi:dev::transforms::pulumi:pulumi:Stack::transforms-dev",
      "urn:pulumi:dev::transforms::test:index:Apps$aws:ecs/cluster:Cluster::apps",
      "urn:pulumi:dev::transforms::test:index:Apps::apps",
    ]);
    assert.deepEqual(inputsByName, {
      apps: { name: "by-parent", ofParent: "yes", ofStack: "yes" },
      known: { name: "arn-of-apps arn-of-shared", ofStack: "yes" },
    });
    assert.deepEqual([...run.invokes], [["aws:ecs/getCluster:getCluster", 1]]);
    assert.ok(run.milliseconds > 0);
  });

  it("leaves computed values unknown in a preview, so what needs them is not registered", async () => {
    const { mocks } = recordingMocks();
    const run = await runProgram(fixture("transforms"), mocks, { dryRun: true });
    assert.equal(run.exitCode, 0);
    assert.deepEqual(run.registrations.map(({ name }) => name).sort(), ["apps", "apps", "transforms-dev"]);
  });

  it("refuses a duplicate URN, and the program fails with that message", async () => {
    const run = await runProgram(fixture("duplicate"), recordingMocks().mocks, { dryRun: false });
    assert.notEqual(run.exitCode, 0);
    assert.match(run.messages.join("\n"), /Duplicate resource URN 'urn:pulumi:dev::duplicate::aws:ecs\/cluster:Cluster::apps'/);
  });
});
