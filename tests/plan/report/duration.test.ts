import assert from "node:assert/strict";
import { durationText, timeText } from "../../../plan/report/duration";

describe("durations of a plan", () => {
  const texts: [seconds: number, text: string][] = [
    [0.4, "0 s"],
    [45, "45 s"],
    [89, "89 s"],
    [90, "2 min"],
    [149, "2 min"],
    [5369, "89 min"],
    [5370, "1 h 30 min"],
    [7200, "2 h 0 min"],
  ];
  for (const [seconds, text] of texts) it(`says ${text} of ${seconds} seconds`, () => assert.equal(durationText(seconds), text));

  it("names what an update waits for: a reason where a create has one, and what is done where it is no create", () => {
    const urn = "urn:pulumi:dev::shop::aws:lb/loadBalancer:LoadBalancer::public";
    assert.equal(timeText({ seconds: 30, waitsOn: [] }), "about 30 s.");
    assert.equal(
      timeText({
        seconds: 180,
        waitsOn: [
          { urn, action: "create", seconds: 100 },
          { urn, action: "create", seconds: 40, why: "a rollout" },
          { urn, action: "delete", seconds: 40 },
        ],
      }),
      "about 3 min; it waits for: lb.LoadBalancer (public, 2 min), then a rollout (public, 40 s), then delete lb.LoadBalancer (public, 40 s).",
    );
  });
});
