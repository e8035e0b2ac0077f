// How a new revision takes over, and what runs before it.
import assert from "node:assert/strict";
import { type Config, complaintsAbout, serviceOf } from "../helpers/settings";

const rolloutOf = (rollout: unknown) => serviceOf({ service: { rollout } }).rollout;

describe("a rollout in the settings", () => {
  it("is a strategy by name, or with its settings", () => {
    for (const strategy of ["rolling", "blueGreen", "canary", "linear"]) {
      assert.deepEqual(rolloutOf(strategy), { strategy });
      assert.deepEqual(rolloutOf({ strategy }), { strategy });
    }
  });

  it("has numbers and switches as text too", () => {
    assert.deepEqual(
      rolloutOf({ strategy: "canary", canaryPercent: "2.5", canaryBakeTimeInMinutes: "10", testHeader: { "x-preview": 1 } }),
      {
        strategy: "canary",
        canaryPercent: 2.5,
        canaryBakeTimeInMinutes: 10,
        testHeader: { "x-preview": "1" },
      },
    );
    assert.deepEqual(rolloutOf({ strategy: "rolling", circuitBreaker: "false", minimumHealthyPercent: "50" }), {
      strategy: "rolling",
      circuitBreaker: false,
      minimumHealthyPercent: 50,
    });
  });

  it("has hooks and alarms", () => {
    const given = {
      strategy: "linear",
      stepPercent: 10,
      stepBakeTimeInMinutes: 1,
      bakeTimeInMinutes: 0,
      lifecycleHooks: [
        { stages: ["POST_TEST_TRAFFIC_SHIFT"], lambda: "arn:f", role: "arn:r", details: "{}" },
        { stages: ["POST_SCALE_UP"], pause: true, timeoutInMinutes: 30, onTimeout: "CONTINUE" },
      ],
      alarms: { errorPercent: 2, unhealthyTargets: false, alarmNames: ["slow"] },
    };
    assert.deepEqual(rolloutOf(given), given);
  });

  const bg = (more: object) => ({ strategy: "blueGreen", ...more });
  const OTHER = "leave it out, or choose another strategy.";
  const refused: [rollout: unknown, complaint: string][] = [
    ["bluegreen", ': "bluegreen" is not a valid value; allowed: rolling, blueGreen, canary, linear; did you mean "blueGreen"?'],
    [
      { strategy: "green" },
      '.strategy: "green" is not a valid value; allowed: rolling, blueGreen, canary, linear; did you mean "blueGreen"?',
    ],
    [{ bakeTimeInMinutes: 5 }, ".strategy: it is missing, and there is no default for it."],
    [bg({ bakeTimeInMinutes: "soon" }), '.bakeTimeInMinutes: "soon" is not a number; allowed: 0 to 1440 minutes.'],
    [bg({ bakeTimeInMinutes: null }), ".bakeTimeInMinutes: null is not a number; allowed: 0 to 1440 minutes."],
    [bg({ bakeTimeInMinutes: 2000 }), ".bakeTimeInMinutes: 2000 is out of range; allowed: 0 to 1440 minutes; the nearest is 1440."],
    [
      { strategy: "canary", canaryPercent: 0 },
      ".canaryPercent: 0 is out of range; allowed: 0.1 to 100 percent in steps of 0.1; the nearest is 0.1.",
    ],
    [
      { strategy: "linear", stepPercent: 1 },
      ".stepPercent: 1 is out of range; allowed: 3 to 100 percent in steps of 0.1; the nearest is 3.",
    ],
    [
      bg({ circuitBreaker: true }),
      ".circuitBreaker: it works for rolling deployments only; with blueGreen the alarms bring the old revision back: set rollout.alarms, and leave circuitBreaker out.",
    ],
    [
      { strategy: "rolling", bakeTimeInMinutes: 5 },
      `.bakeTimeInMinutes: it belongs to blueGreen, canary, linear, and the strategy is rolling; ${OTHER}`,
    ],
    [bg({ canaryPercent: 5 }), `.canaryPercent: it belongs to canary, and the strategy is blueGreen; ${OTHER}`],
    [
      { strategy: "canary", minimumHealthyPercent: 50 },
      `.minimumHealthyPercent: it belongs to rolling, and the strategy is canary; ${OTHER}`,
    ],
    [
      bg({ lifecycleHooks: [{ stages: ["PRE_SCALE_UP"], lambda: "arn:f" }] }),
      ".lifecycleHooks[0].role: ECS needs a role to ask arn:f with: one that ecs.amazonaws.com may take and that may lambda:InvokeFunction; give its ARN.",
    ],
    [
      bg({ lifecycleHooks: [{ stages: ["PRE_SCALE_UP"], pause: false }] }),
      ".lifecycleHooks[0].lambda: a hook either asks a Lambda function (lambda, role) or pauses (pause: true); give it one of the two.",
    ],
    [bg({ alarms: { errorPercent: -1 } }), ".alarms.errorPercent: -1 is out of range; allowed: 0 to 100 percent; the nearest is 0."],
  ];
  for (const [rollout, complaint] of refused) {
    it(`is not ${JSON.stringify(rollout)}`, async () =>
      assert.deepEqual(await complaintsAbout({ service: { rollout } } as Config), [`service.rollout${complaint}`]));
  }
});

describe("the command before a rollout", () => {
  it("is a list of words", async () => {
    assert.deepEqual(serviceOf({ service: { preDeploy: ["node", "migrate.js"] } }).preDeploy, { command: ["node", "migrate.js"] });
    assert.deepEqual(await complaintsAbout({ service: { preDeploy: "node migrate.js" } }), [
      'service.preDeploy: "node migrate.js" is not a list; write it as [node, migrate.js].',
    ]);
  });
});

describe("redeploy", () => {
  it("is any word or number", () => {
    for (const [given, read] of [
      ["monday", "monday"],
      [7, "7"],
    ])
      assert.equal(serviceOf({ service: { redeploy: given } }).redeploy, read);
  });
});
