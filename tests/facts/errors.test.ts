import assert from "node:assert/strict";
import { complaintOf, nearest, UserError } from "../../facts/errors";

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
  it("is printed by Pulumi without a stack", () => {
    const error = new UserError("service.port: 0 is not a port.");
    assert.deepEqual([error.name, error.message, error.__pulumiRunError], ["UserError", "service.port: 0 is not a port.", true]);
    assert.equal(error.stack, "UserError: service.port: 0 is not a port.");
  });

  it("is a complaint to whoever asks; any other error is not", () => {
    const throwing = (error: Error) => () => {
      throw error;
    };
    assert.equal(complaintOf(throwing(new UserError("no"))), "no");
    assert.equal(
      complaintOf(() => 1),
      undefined,
    );
    assert.throws(() => complaintOf(throwing(new TypeError("oh"))), { name: "TypeError" });
  });
});
