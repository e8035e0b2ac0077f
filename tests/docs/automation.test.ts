// The example automation, with programs in place of the Pulumi CLI and npx that write down how they are called.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { REPOSITORY } from "../helpers/places";
import { FakePrograms } from "../ops/fake-programs";

const EXAMPLE = join(REPOSITORY, "examples", "automation");
const UPDATE = {
  kind: "update",
  startTime: "2026-11-30T08:00:00.000Z",
  endTime: "2026-11-30T08:05:00.000Z",
  message: "",
  result: "succeeded",
};
const HISTORY = JSON.stringify([{ ...UPDATE, environment: {}, config: {}, version: 1 }]);

describe("the program that deploys by the Automation API", () => {
  let programs: FakePrograms;
  const PULUMI = `echo "pulumi $*" >>calls.txt
    case "$1 $2" in
      version*) echo v3.248.0 ;;
      "stack output") echo '{"url":"https://acme.example.com"}' ;;
      "stack history") echo '${HISTORY}' ;;
    esac`;
  const NPX = 'echo "npx $* for $BERTH_STACK" >>calls.txt';
  beforeEach(() => {
    programs = new FakePrograms();
    programs.add("pulumi", PULUMI).add("npx", NPX);
    for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml"]) programs.file(name, readFileSync(join(EXAMPLE, name), "utf8"));
  });
  afterEach(() => programs.remove());

  const file = (name: string) => readFileSync(join(programs.directory, name), "utf8");
  /** What was called, without what Pulumi's API asks by itself. */
  const calls = () =>
    file("calls.txt")
      .split("\n")
      .flatMap((call) => /^pulumi (?:stack (?:select|init|rm)|config set|up|destroy)|^npx.*/.exec(call)?.[0] ?? []);

  function deploy(...args: string[]) {
    const env = {
      PATH: `${programs.directory}:${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: programs.directory,
      TS_NODE_PROJECT: join(REPOSITORY, "tsconfig.json"),
    };
    const program = ["-r", require.resolve("ts-node/register"), join(EXAMPLE, "deploy.ts")];
    return spawnSync(process.execPath, [...program, ...args], { cwd: programs.directory, env, encoding: "utf8" });
  }

  it("makes a stack from dev's file, and verifies before and shows after the update", () => {
    const { status, stdout, stderr } = deploy("up", "acme");
    assert.equal(status, 0, stderr);
    assert.deepEqual(calls(), [
      "pulumi stack select",
      "pulumi config set",
      "npx --no-install berth verify for acme",
      "pulumi up",
      "npx --no-install berth status for acme",
    ]);
    assert.match(file("calls.txt"), /config set --path tags\.customer acme .*--stack acme|config set .*tags\.customer.*acme/);
    assert.equal(stdout.trim(), "https://acme.example.com");
    const [made, dev] = ["acme", "dev"].map((stack) => (parse(file(`Pulumi.${stack}.yaml`)) as { config: unknown }).config);
    assert.deepEqual(made, dev);
  });

  it("keeps the stack file that a customer has", () => {
    programs.file("Pulumi.acme.yaml", "config:\n  aws:region: eu-central-1\n");
    assert.equal(deploy("up", "acme").status, 0);
    assert.match(file("Pulumi.acme.yaml"), /eu-central-1/);
  });

  it("deploys nothing that would fail", () => {
    programs.add("npx", `${NPX}; [ "$3" != verify ]`);
    const { status, stderr } = deploy("up", "acme");
    assert.equal(status, 1);
    assert.match(stderr, /berth verify ended with exit status 1\./);
    assert.ok(!calls().includes("pulumi up"));
  });

  it("destroys a stack, and then removes it", () => {
    assert.equal(deploy("down", "acme").status, 0);
    assert.deepEqual(calls(), ["pulumi stack select", "pulumi destroy", "pulumi stack rm"]);
  });

  it("does nothing without an action and a name that a stack file can have", () => {
    for (const args of [[], ["up"], ["away", "acme"], ["up", "../acme"]]) {
      const { status, stderr } = deploy(...args);
      assert.deepEqual([status, stderr.trim()], [1, "Usage: npx ts-node deploy.ts up|down CUSTOMER"]);
    }
  });
});
