import assert from "node:assert/strict";
import type { ContainerState } from "./docker";
import { faultOfStop } from "./task";

const stop = (state: Partial<ContainerState>, seconds = 1) => ({
  state: { Running: false, ExitCode: 0, OOMKilled: false, ...state },
  seconds,
});

describe("faultOfStop", () => {
  it("finds none in a quick end with exit code 0", () => assert.equal(faultOfStop(stop({}), 30), undefined));
  it("tells SIGKILL", () =>
    assert.equal(faultOfStop(stop({ ExitCode: 137 }, 30), 30), "ignored SIGTERM for 30 s and was killed (exit code 137)"));
  it("tells a death by SIGTERM", () => assert.equal(faultOfStop(stop({ ExitCode: 143 }), 30), "exit code 143 instead of 0"));
  it("tells the memory limit", () => assert.equal(faultOfStop(stop({ ExitCode: 137, OOMKilled: true }), 30), "killed: out of memory"));
  it("tells a stop that took its whole time", () =>
    assert.equal(faultOfStop(stop({}, 30.2), 30), "took 30.2 s to stop; stopTimeout is 30 s"));
});
