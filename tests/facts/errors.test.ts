import assert from "node:assert/strict";
import { nearest, refuse, UserError } from "../../facts/errors";

describe("the nearest known word", () => {
  const known = ["containerInsights", "execLogRetentionInDays", "desiredCount", "cpu", "memory", "rollout"];
  const cases: [given: string, meant: string | undefined][] = [
    ["containerInsight", "containerInsights"],
    ["insights", "containerInsights"],
    ["CPU", "cpu"],
    ["mem", "memory"],
    ["desired_count", "desiredCount"],
    ["count", "desiredCount"],
    ["logRetention", "execLogRetentionInDays"],
    ["desireCuont", "desiredCount"],
    ["banana", undefined],
    ["color", undefined],
    ["xyzzy", undefined],
  ];
  for (const [given, meant] of cases) it(`of "${given}" is ${meant ?? "none"}`, () => assert.equal(nearest(given, known), meant));

  it("is none of none", () => assert.equal(nearest("cpu", []), undefined));
});

describe("an input error", () => {
  it("names the key, and Pulumi prints it without a stack", () => {
    assert.throws(
      () => refuse("service.port", "0 is not a port."),
      (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.deepEqual([error.name, error.message, error.__pulumiRunError], ["UserError", "service.port: 0 is not a port.", true]);
        assert.equal(error.stack, "UserError: service.port: 0 is not a port.");
        return true;
      },
    );
  });
});
