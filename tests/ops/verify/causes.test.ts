import assert from "node:assert/strict";
import { CAUSES } from "../../../ops/diagnosis/causes";
import { documented } from "../permissions";
import { Failure } from "../scripted-aws";
import { CASES, FINE, IN_A_CONTAINER, NOT_KNOWABLE } from "./cases";
import { found } from "./graph";

describe("what a deploy would fail by", () => {
  for (const { name, cause, says, fix, result = "fail", ...scene } of CASES) {
    it(`is named before: ${name}`, async () => {
      const { checks } = await found(scene);
      const said = checks.filter(({ detail }) => says.test(detail));
      assert.equal(said.length, 1, JSON.stringify(checks, undefined, 1));
      assert.equal(said[0]!.result, result);
      assert.equal(said[0]!.cause, cause);
      if (result === "fail") assert.ok(said[0]!.fix);
      if (fix) assert.match(said[0]!.fix!, fix);
      assert.doesNotMatch(JSON.stringify(checks), /hidden-value/);
    });
  }

  for (const { name, says, ...scene } of FINE) {
    it(`is not ${name}`, async () => {
      const { checks } = await found(scene, true);
      assert.deepEqual(
        checks.filter(({ result }) => result !== "ok"),
        [],
      );
      assert.ok(
        checks.some(({ detail }) => says.test(detail)),
        JSON.stringify(checks, undefined, 1),
      );
    });
  }

  it("has the words of the diagnosis: each of its causes is named before, or not knowable then, or found in a container", () => {
    const named = new Set([...CASES.flatMap(({ cause }) => cause ?? []), ...IN_A_CONTAINER]);
    assert.deepEqual(
      CAUSES.map(({ id }) => id).filter((id) => named.has(id) === Object.hasOwn(NOT_KNOWABLE, id)),
      [],
    );
    assert.equal(named.size, 14);
  });

  it("is simulated with the region and the service that roles are passed to, which policies have conditions on", async () => {
    const { calls } = await found(CASES.find(({ name }) => name === "a permissions boundary that is not there")!);
    const { input } = calls.find(({ operation }) => operation === "SimulatePrincipalPolicy")!;
    const entry = (i: number) => ["ContextKeyName", "ContextKeyValues.member.1"].map((key) => input[`ContextEntries.member.${i}.${key}`]);
    assert.deepEqual(
      [entry(1), entry(2)],
      [
        ["aws:RequestedRegion", "us-east-1"],
        ["iam:PassedToService", "ecs-tasks.amazonaws.com"],
      ],
    );
  });

  it("is said to be open where AWS permits nothing, and is never ok", async () => {
    const actions = new Set<string>();
    for (const scene of CASES) {
      const { calls } = await found(scene, true);
      for (const { action } of calls) if (!action.startsWith("sts:")) actions.add(action);
    }
    // docs/ci.md has them all, and no others.
    assert.deepEqual([...actions].sort(), [...documented().get("verify")!.optional].sort());
    const denied = Object.fromEntries(
      [...actions]
        .filter((action) => !action.startsWith("sts:"))
        .map((action) => {
          const message = `User: x is not authorized to perform: ${action} on resource: y`;
          return [
            action.split(":")[1]!,
            new Failure(action.startsWith("ec2") ? "UnauthorizedOperation" : "AccessDeniedException", message, 403),
          ];
        }),
    );
    for (const { name, resources, invokes = [] } of CASES.filter((one) => !/region$/.test(one.name))) {
      const { checks } = await found({ resources, invokes, script: denied }, true);
      assert.ok(checks.length > 0, name);
      assert.deepEqual(
        checks.filter(({ result }) => result !== "skip"),
        [],
        name,
      );
      assert.ok(
        checks.every(({ detail }) => /no permission to ask \([a-z0-9-]+:\w+\)$/.test(detail)),
        JSON.stringify(checks),
      );
    }
  });
});
