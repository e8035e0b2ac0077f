import * as assert from "node:assert/strict";
import { describe, it } from "mocha";
import { interleave, median, medianMemory, ratio, seconds, targetLine } from "../../bench/measure";
import type { Run } from "../../bench/runner";

describe("bench/measure", () => {
  it("runs the contenders in turns and throws the first round away", async () => {
    const order: string[] = [];
    const contender = (name: string) => async () => `${name}${order.push(name)}`;
    const results = await interleave({ a: contender("a"), b: contender("b") }, 2);
    assert.deepEqual(order, ["a", "b", "a", "b", "a", "b"]);
    assert.deepEqual(results, { a: ["a3", "a5"], b: ["b4", "b6"] });
  });

  it("takes the middle value, or the mean of the two in the middle", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([10, 2, 4, 1]), 3);
  });

  it("gives no median of memory when a run could not tell its own", () => {
    const runOf = (peakMemory: number | undefined): Run => ({
      exitCode: 0,
      milliseconds: 1,
      peakMemory,
      graph: { resources: [], invokes: [], outputs: {} },
      messages: [],
    });
    assert.equal(medianMemory([runOf(100), runOf(300), runOf(120)]), 120);
    assert.equal(medianMemory([runOf(100), runOf(undefined)]), undefined);
  });

  it("says beside each target whether it is met, its limit included", () => {
    assert.match(targetLine("a / b", 1.4, { atMost: 1.4 }, ratio), /1\.40x {3}target at most 1\.40x: ok$/);
    assert.match(targetLine("a / b", 1.41, { atMost: 1.4 }, ratio), /1\.41x {3}target at most 1\.40x: MISSED$/);
    assert.match(targetLine("a / b", 4, { atLeast: 4 }, ratio), /: ok$/);
    assert.match(targetLine("plan", 3001, { atMost: 3000 }, seconds), /3\.00 s {3}target at most 3\.00 s: MISSED$/);
  });
});
