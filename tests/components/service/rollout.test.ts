import assert from "node:assert/strict";
import * as fc from "fast-check";
import { group } from "../../../components/base/schema";
import {
  type Deployment,
  headroomComplaint,
  type LifecycleHook,
  type Rollout,
  readRollout,
  rollout,
  type Strategy,
} from "../../../components/service/rollout";
import { complaintsOf, valuesOf } from "../../helpers/arguments";

const SCHEMA = group({ rollout });
const read = (given: Rollout | Strategy, capacityPercent = 200) =>
  readRollout(valuesOf(SCHEMA, { rollout: given }).rollout, capacityPercent);
const refusal = (given: unknown) => complaintsOf(SCHEMA, { rollout: given });

describe("a rollout", () => {
  it("is rolling unless something else is said, and ECS brings the old revision back", () => {
    const rolling: Deployment = {
      strategy: "rolling",
      hasTwoTargetGroups: false,
      configuration: { strategy: "ROLLING" },
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      alarms: {},
      timeoutInMinutes: 20,
    };
    assert.deepEqual(read("rolling"), rolling);
    assert.deepEqual(read({ strategy: "rolling" }, 130), { ...rolling, maximumPercent: 130 });
  });

  it("rolls as it is told", () => {
    const { minimumHealthyPercent, maximumPercent, circuitBreaker, alarms } = read(
      { strategy: "rolling", minimumHealthyPercent: 50, maximumPercent: 100, circuitBreaker: false, alarms: { errorPercent: 1 } },
      200,
    );
    assert.deepEqual(
      [minimumHealthyPercent, maximumPercent, circuitBreaker, alarms],
      [50, 100, { enable: false, rollback: false }, { errorPercent: 1 }],
    );
  });

  const colors = {
    hasTwoTargetGroups: true,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    circuitBreaker: { enable: false, rollback: false },
    alarms: { errorPercent: 5, unhealthyTargets: true },
  };
  it("with two target groups has all traffic go at once, by a share, or in steps; with alarms in place of the circuit breaker", () => {
    assert.deepEqual(read("blueGreen"), {
      ...colors,
      strategy: "blueGreen",
      configuration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: "5" },
      timeoutInMinutes: 25,
    });
    assert.deepEqual(read("canary"), {
      ...colors,
      strategy: "canary",
      configuration: {
        strategy: "CANARY",
        bakeTimeInMinutes: "5",
        canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: "5" },
      },
      timeoutInMinutes: 30,
    });
    assert.deepEqual(read("linear"), {
      ...colors,
      strategy: "linear",
      configuration: { strategy: "LINEAR", bakeTimeInMinutes: "5", linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: "2" } },
      // Five steps of a fifth; after the last there is only the bake time.
      timeoutInMinutes: 20 + 5 + 4 * 2,
    });
  });

  it("says numbers as AWS takes them: minutes as text, percent as numbers", () => {
    const canary = read(
      {
        strategy: "canary",
        canaryPercent: 0.1,
        canaryBakeTimeInMinutes: 1440,
        bakeTimeInMinutes: 0,
        testHeader: { "x-preview": "yes" },
        alarms: { alarmNames: ["slow"] },
      },
      200,
    );
    assert.deepEqual(canary.configuration, {
      strategy: "CANARY",
      bakeTimeInMinutes: "0",
      canaryConfiguration: { canaryPercent: 0.1, canaryBakeTimeInMinutes: "1440" },
    });
    assert.deepEqual([canary.timeoutInMinutes, canary.testHeader, canary.alarms], [1460, { "x-preview": "yes" }, { alarmNames: ["slow"] }]);
    const linear = read({ strategy: "linear", stepPercent: 33.3, stepBakeTimeInMinutes: 10, bakeTimeInMinutes: 1 }, 200);
    assert.deepEqual(linear.configuration.linearConfiguration, { stepPercent: 33.3, stepBakeTimeInMinutes: "10" });
    assert.equal(linear.timeoutInMinutes, 20 + 1 + 3 * 10, "33.3, 66.6, 99.9 and 100");
  });

  it("asks functions and pauses at stages, and waits for both", () => {
    const { configuration, timeoutInMinutes } = read(
      {
        strategy: "blueGreen",
        bakeTimeInMinutes: 0,
        lifecycleHooks: [
          { stages: ["POST_TEST_TRAFFIC_SHIFT"], lambda: "arn:f", role: "arn:r", details: '{"a":1}' },
          { stages: ["PRE_SCALE_UP", "POST_SCALE_UP"], pause: true, timeoutInMinutes: 60, onTimeout: "CONTINUE" },
          { stages: ["POST_PRODUCTION_TRAFFIC_SHIFT"], pause: true },
        ],
      },
      200,
    );
    assert.deepEqual(configuration.lifecycleHooks, [
      {
        targetType: "AWS_LAMBDA",
        lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
        hookTargetArn: "arn:f",
        roleArn: "arn:r",
        hookDetails: '{"a":1}',
      },
      {
        targetType: "PAUSE",
        lifecycleStages: ["PRE_SCALE_UP", "POST_SCALE_UP"],
        timeoutConfiguration: { action: "CONTINUE", timeoutInMinutes: "60" },
      },
      {
        targetType: "PAUSE",
        lifecycleStages: ["POST_PRODUCTION_TRAFFIC_SHIFT"],
        timeoutConfiguration: { action: "ROLLBACK", timeoutInMinutes: "1440" },
      },
    ]);
    assert.equal(timeoutInMinutes, 20 + 15 + 2 * 60 + 1440);
  });
});

describe("a rollout that AWS would refuse", () => {
  const bg = (more: object) => ({ strategy: "blueGreen", ...more });
  const hook = (more: object) => bg({ lifecycleHooks: [{ stages: ["PRE_SCALE_UP"], ...more }] });
  const STAGES =
    "allowed: RECONCILE_SERVICE, PRE_SCALE_UP, POST_SCALE_UP, TEST_TRAFFIC_SHIFT, POST_TEST_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_SHIFT, POST_PRODUCTION_TRAFFIC_SHIFT.";
  const MINUTES = "allowed: 0 to 1440 minutes; the nearest is";
  const EITHER =
    "rollout.lifecycleHooks[0].lambda: a hook either asks a Lambda function (lambda, role) or pauses (pause: true); give it one of the two.";
  const refused: [rollout: object, message: string][] = [
    [
      bg({ circuitBreaker: true }),
      "rollout.circuitBreaker: it works for rolling deployments only; with blueGreen the alarms bring the old revision back: set rollout.alarms, and leave circuitBreaker out.",
    ],
    [bg({ bakeTimeInMinutes: -1 }), `rollout.bakeTimeInMinutes: -1 is out of range; ${MINUTES} 0.`],
    [bg({ bakeTimeInMinutes: 1441 }), `rollout.bakeTimeInMinutes: 1441 is out of range; ${MINUTES} 1440.`],
    [bg({ bakeTimeInMinutes: 2.6 }), `rollout.bakeTimeInMinutes: 2.6 is not a whole number; ${MINUTES} 3.`],
    [
      { strategy: "canary", canaryPercent: 0 },
      "rollout.canaryPercent: 0 is out of range; allowed: 0.1 to 100 percent in steps of 0.1; the nearest is 0.1.",
    ],
    [
      { strategy: "canary", canaryPercent: 0.15 },
      "rollout.canaryPercent: 0.15 is not a multiple of 0.1; allowed: 0.1 to 100 percent in steps of 0.1; the nearest is 0.1.",
    ],
    [
      { strategy: "canary", canaryPercent: 101 },
      "rollout.canaryPercent: 101 is out of range; allowed: 0.1 to 100 percent in steps of 0.1; the nearest is 100.",
    ],
    [{ strategy: "canary", canaryBakeTimeInMinutes: 2000 }, `rollout.canaryBakeTimeInMinutes: 2000 is out of range; ${MINUTES} 1440.`],
    [
      { strategy: "linear", stepPercent: 2 },
      "rollout.stepPercent: 2 is out of range; allowed: 3 to 100 percent in steps of 0.1; the nearest is 3.",
    ],
    [{ strategy: "linear", stepBakeTimeInMinutes: 1.5 }, `rollout.stepBakeTimeInMinutes: 1.5 is not a whole number; ${MINUTES} 2.`],
    [
      { strategy: "rolling", minimumHealthyPercent: 101 },
      "rollout.minimumHealthyPercent: 101 is out of range; allowed: 0 to 100 percent; the nearest is 100.",
    ],
    [
      { strategy: "rolling", maximumPercent: 250 },
      "rollout.maximumPercent: 250 is out of range; allowed: 100 to 200 percent; the nearest is 200.",
    ],
    [
      { strategy: "rolling", maximumPercent: 90 },
      "rollout.maximumPercent: 90 is out of range; allowed: 100 to 200 percent; the nearest is 100.",
    ],
    [
      { strategy: "rolling", maximumPercent: 100 },
      "rollout.maximumPercent: with 100 here and minimumHealthyPercent 100 no task may stop and none may start; raise the one (200) or lower the other (50).",
    ],
    [hook({}), EITHER],
    [hook({ pause: false }), EITHER],
    [hook({ pause: true, lambda: "arn:f", role: "arn:r" }), EITHER],
    [
      hook({ lambda: "arn:f" }),
      "rollout.lifecycleHooks[0].role: ECS needs a role to ask arn:f with: one that ecs.amazonaws.com may take and that may lambda:InvokeFunction; give its ARN.",
    ],
    [
      bg({ lifecycleHooks: [{ stages: ["BEFORE"], pause: true }] }),
      `rollout.lifecycleHooks[0].stages[0]: "BEFORE" is not a valid value; ${STAGES}`,
    ],
    [bg({ lifecycleHooks: [{ stages: [], pause: true }] }), "rollout.lifecycleHooks[0].stages: the list is empty; name at least one."],
    [
      bg({ lifecycleHooks: [{ stages: ["POST_SCALE_UP", "PRODUCTION_TRAFFIC_SHIFT"], pause: true }] }),
      "rollout.lifecycleHooks[0].stages: a pause is not possible at PRODUCTION_TRAFFIC_SHIFT, while traffic moves; the nearest is POST_PRODUCTION_TRAFFIC_SHIFT.",
    ],
    [
      hook({ pause: true, timeoutInMinutes: 20161 }),
      "rollout.lifecycleHooks[0].timeoutInMinutes: 20161 is out of range; allowed: 1 to 20160 minutes; the nearest is 20160.",
    ],
    [bg({ testHeader: {} }), 'rollout.testHeader: 0 headers; one is allowed, such as { "x-preview": "yes" }.'],
    [bg({ testHeader: { a: "1", b: "2" } }), 'rollout.testHeader: 2 headers; one is allowed, such as { "x-preview": "yes" }.'],
  ];
  for (const [rollout, message] of refused) {
    it(JSON.stringify(rollout), () => assert.deepEqual(refusal(rollout), [message]));
  }
});

describe("the headroom of a rolling rollout", () => {
  const check = (tasks: number, maximumPercent: number, minimumHealthyPercent = 100) =>
    headroomComplaint({ ...read("rolling"), minimumHealthyPercent, maximumPercent }, tasks, 200);

  it("is a whole task at least, to start or to stop", () => {
    for (const [tasks, max, min] of [
      [1, 200, 100],
      [2, 150, 100],
      [3, 134, 100],
      [10, 110, 100],
      [1, 100, 0],
      [2, 100, 50],
      [10, 100, 90],
    ])
      assert.equal(check(tasks!, max!, min), undefined, `${tasks} ${max} ${min}`);
    for (const [tasks, max, min] of [
      [1, 199, 100],
      [2, 149, 100],
      [3, 133, 100],
      [9, 110, 100],
      [1, 100, 50],
      [2, 100, 60],
    ])
      assert.match(String(check(tasks!, max!, min)), /no further one may start/, `${tasks} ${max} ${min}`);
  });

  it("is explained with what would do", () => {
    assert.equal(
      check(2, 110),
      "with 110 percent of 2 tasks no further one may start, and with minimumHealthyPercent 100 none may stop first; the nearest is 150 (raise ec2.max if the instances do not hold that), or set minimumHealthyPercent to 50.",
    );
    assert.match(String(check(1, 150, 60)), /^with 150 percent of one task no .* the nearest is 200 .* set minimumHealthyPercent to 0\.$/);
  });

  it("is no more than the instances hold", () => {
    assert.equal(
      headroomComplaint(read({ strategy: "rolling", maximumPercent: 200 }), 2, 150),
      "200 percent of the tasks do not fit on the instances; the nearest is 150, or raise ec2.max.",
    );
  });

  it("is nothing to a service without tasks", () => assert.equal(check(0, 100), undefined));
});

describe("any rollout", () => {
  const minutes = fc.oneof(fc.integer({ min: -10, max: 1500 }), fc.double({ min: -1, max: 1500 }), fc.constant(Number.NaN));
  const percent = fc.oneof(
    fc.integer({ min: -10, max: 260 }),
    fc.double({ min: -1, max: 120 }),
    fc.integer({ min: 0, max: 1000 }).map((n) => n / 10),
  );
  const stage = fc.constantFrom("RECONCILE_SERVICE", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT", "NEVER");
  const hook = fc.record(
    {
      stages: fc.array(stage, { maxLength: 3 }),
      lambda: fc.constant("arn:f"),
      role: fc.constantFrom("arn:r", ""),
      pause: fc.boolean(),
      timeoutInMinutes: fc.integer({ min: -1, max: 21000 }),
      onTimeout: fc.constantFrom("ROLLBACK", "CONTINUE"),
    },
    { requiredKeys: ["stages"] },
  );
  const any = fc.record(
    {
      strategy: fc.constantFrom("rolling", "blueGreen", "canary", "linear"),
      minimumHealthyPercent: percent,
      maximumPercent: percent,
      circuitBreaker: fc.boolean(),
      bakeTimeInMinutes: minutes,
      canaryPercent: percent,
      canaryBakeTimeInMinutes: minutes,
      stepPercent: percent,
      stepBakeTimeInMinutes: minutes,
      lifecycleHooks: fc.array(hook, { maxLength: 2 }),
    },
    { requiredKeys: ["strategy"] },
  );

  /** What belongs to other strategies. */
  const FOREIGN: Record<string, RegExp> = {
    rolling: /^(bake|canary|step|lifecycle)/,
    blueGreen: /^(minimum|maximum|circuit|canary|step)/,
    canary: /^(minimum|maximum|circuit|step)/,
    linear: /^(minimum|maximum|circuit|canary)/,
  };

  const inRange = (value: unknown, low: number, high: number) => {
    const n = Number(value);
    assert.ok(n >= low && n <= high, `${String(value)} is not from ${low} to ${high}`);
  };
  const wholeMinutes = (value: unknown, low: number, high: number) => {
    assert.ok(typeof value === "string" && /^\d+$/.test(value), `${String(value)} is no whole number as text`);
    inRange(value, low, high);
  };

  function meetsAws(deployment: Deployment, hooks: LifecycleHook[]) {
    const { configuration, minimumHealthyPercent: min, maximumPercent: max } = deployment;
    inRange(min, 0, 100);
    inRange(max, 100, 200);
    assert.ok(max > 100 || min < 100);
    const { strategy, bakeTimeInMinutes, canaryConfiguration, linearConfiguration, lifecycleHooks } = configuration as Record<
      string,
      unknown
    >;
    const hasTwoTargetGroups = strategy !== "ROLLING";
    assert.deepEqual([deployment.hasTwoTargetGroups, deployment.circuitBreaker.enable && hasTwoTargetGroups], [hasTwoTargetGroups, false]);
    assert.deepEqual(
      [canaryConfiguration !== undefined, linearConfiguration !== undefined],
      [strategy === "CANARY", strategy === "LINEAR"],
    );
    if (hasTwoTargetGroups) wholeMinutes(bakeTimeInMinutes, 0, 1440);
    else assert.deepEqual(configuration, { strategy: "ROLLING" });
    if (canaryConfiguration) {
      const { canaryPercent, canaryBakeTimeInMinutes } = canaryConfiguration as Record<string, unknown>;
      inRange(canaryPercent, 0.1, 100);
      wholeMinutes(canaryBakeTimeInMinutes, 0, 1440);
    }
    if (linearConfiguration) {
      const { stepPercent, stepBakeTimeInMinutes } = linearConfiguration as Record<string, unknown>;
      inRange(stepPercent, 3, 100);
      wholeMinutes(stepBakeTimeInMinutes, 0, 1440);
    }
    const made = (lifecycleHooks ?? []) as Record<string, unknown>[];
    assert.equal(made.length, hasTwoTargetGroups ? hooks.length : 0);
    for (const { targetType, lifecycleStages, timeoutConfiguration, hookTargetArn, roleArn } of made) {
      const stages = lifecycleStages as string[];
      assert.ok(stages.length > 0 && !stages.includes("NEVER"));
      if (targetType === "PAUSE") {
        assert.ok(!stages.some((name) => name === "TEST_TRAFFIC_SHIFT" || name === "PRODUCTION_TRAFFIC_SHIFT"));
        wholeMinutes((timeoutConfiguration as Record<string, unknown>).timeoutInMinutes, 1, 20160);
      } else assert.deepEqual([targetType, Boolean(hookTargetArn), Boolean(roleArn)], ["AWS_LAMBDA", true, true]);
    }
    // The update must not give up before ECS does.
    assert.ok(deployment.timeoutInMinutes >= 20 + Number(bakeTimeInMinutes ?? 0));
  }

  it("meets AWS's constraints or is refused in a sentence that names its key", () => {
    fc.assert(
      fc.property(any, fc.boolean(), (whole, fitting) => {
        const given = fitting ? Object.fromEntries(Object.entries(whole).filter(([key]) => !FOREIGN[whole.strategy]!.test(key))) : whole;
        const complaints = refusal(given);
        for (const complaint of complaints) {
          assert.match(complaint, /^rollout\.[A-Za-z.[\]0-9]+: [^\n]+[.)?]$/);
          assert.doesNotMatch(complaint, /undefined/);
        }
        if (complaints.length > 0) return;
        const deployment = read(given as unknown as Rollout);
        meetsAws(deployment, (given.lifecycleHooks ?? []) as LifecycleHook[]);
      }),
      { numRuns: 1000 },
    );
  });
});
