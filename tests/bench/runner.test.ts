import * as assert from "node:assert/strict";
import { describe, it } from "mocha";
import { peakMemoryIn } from "../../bench/runner";

describe("bench/runner", () => {
  it("reads the peak memory from what /proc says of a process", () => {
    const status = "Name:\tnode\nVmPeak:\t 1503232 kB\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\n";
    assert.equal(peakMemoryIn(status), 200);
    assert.equal(peakMemoryIn(""), undefined, "a system without /proc");
  });
});
