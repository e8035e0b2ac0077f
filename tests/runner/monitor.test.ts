import * as assert from "node:assert/strict";
import * as path from "node:path";
import { describe, it } from "mocha";
import type { Answers } from "../../bench/monitor";
import { runProgram } from "../../bench/runner";

function fixture(name: string) {
  const main = path.join(__dirname, "fixtures", name);
  return { name, stack: "dev", root: main, main, config: {}, secretKeys: [] };
}

function recordingAnswers() {
  const inputsByName: Record<string, unknown> = {};
  const answers: Answers = {
    resource: ({ name, inputs }) => {
      inputsByName[name] = inputs;
      return { id: `${name}-id`, state: { ...inputs, arn: `arn-of-${name}` } };
    },
    invoke: (_token, args) => ({ arn: `arn-of-${String(args.clusterName)}` }),
  };
  return { inputsByName, answers };
}

describe("bench/monitor, under Pulumi's real runner", function () {
  this.timeout(60_000);

  it("answers like an engine: true URNs, transforms from the inside out, computed values, invokes", async () => {
    const { inputsByName, answers } = recordingAnswers();
    const run = await runProgram(fixture("transforms"), answers, { dryRun: false });
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
    const { answers } = recordingAnswers();
    const run = await runProgram(fixture("transforms"), answers, { dryRun: true });
    assert.equal(run.exitCode, 0);
    assert.deepEqual(run.registrations.map(({ name }) => name).sort(), ["apps", "apps", "transforms-dev"]);
  });

  it("refuses a duplicate URN, and the program fails with that message", async () => {
    const run = await runProgram(fixture("duplicate"), recordingAnswers().answers, { dryRun: false });
    assert.notEqual(run.exitCode, 0);
    assert.match(run.messages.join("\n"), /Duplicate resource URN 'urn:pulumi:dev::duplicate::aws:ecs\/cluster:Cluster::apps'/);
  });
});
