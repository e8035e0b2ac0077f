// Scaling in steps.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { ScalingMetricArgs } from "../../../components/service/metrics";
import { directionsOf } from "../../../components/service/steps";
import { deploy, refusal } from "../../helpers/deploy";
import { bigCluster, makeService, VARIANT_NAMES } from "../../helpers/variants";

const OF = { open: { namespace: "shop", metricName: "OpenOrders", dimensions: { Shop: "blue" }, statistic: "Maximum" as const } };
const STEPS = {
  scaleOut: [
    { from: 500, add: 5 },
    { from: 100, add: 1 },
  ],
  scaleIn: [
    { to: 10, remove: 1 },
    { to: 2, remove: 3 },
  ],
};
const service = (metrics: Record<string, ScalingMetricArgs>, scaling: object = {}, cluster = bigCluster()) =>
  makeService("FargateService", { path: false, scaling: { ...scaling, metrics } }, cluster);

type Adjustment = { metricIntervalLowerBound?: string; metricIntervalUpperBound?: string; scalingAdjustment: number };

describe("scaling in steps", () => {
  it("is a policy for each direction, to the letter", async () => {
    const made = await deploy(() => service({ orders: { of: OF, ...STEPS } }, { scaleOutCooldown: 30, scaleInCooldown: 120 }));
    const common = { adjustmentType: "ChangeInCapacity", metricAggregationType: "Maximum" };
    const policy = (name: string) => made.one("aws:appautoscaling/policy:Policy", name).inputs;
    assert.equal(policy("web-metric-orders-out").policyType, "StepScaling");
    assert.deepEqual(policy("web-metric-orders-out").stepScalingPolicyConfiguration, {
      ...common,
      cooldown: 30,
      stepAdjustments: [
        { metricIntervalLowerBound: "0", metricIntervalUpperBound: "400", scalingAdjustment: 1 },
        { metricIntervalLowerBound: "400", scalingAdjustment: 5 },
      ],
    });
    assert.deepEqual(policy("web-metric-orders-in").stepScalingPolicyConfiguration, {
      ...common,
      cooldown: 120,
      stepAdjustments: [
        { metricIntervalUpperBound: "0", metricIntervalLowerBound: "-8", scalingAdjustment: -1 },
        { metricIntervalUpperBound: "-8", scalingAdjustment: -3 },
      ],
    });
  });

  it("is called for by an alarm for each direction", async () => {
    const made = await deploy(() => service({ orders: { of: OF, ...STEPS, expression: "open / tasks" } }));
    const of = (suffix: string) => {
      const alarm = made.one("aws:cloudwatch/metricAlarm:MetricAlarm", `web-metric-orders-${suffix}`);
      const { alarmDescription, comparisonOperator, threshold, evaluationPeriods, treatMissingData, metricQueries } = alarm.inputs;
      const calls = made.sourcesOf(alarm, "alarmActions");
      const ids = (metricQueries as { id: string; returnData?: boolean }[]).map(({ id, returnData }) => [id, returnData]);
      return { alarmDescription, comparisonOperator, threshold, evaluationPeriods, treatMissingData, calls, ids };
    };
    const ids = [
      ["open", undefined],
      ["running", undefined],
      ["counted", undefined],
      ["tasks", undefined],
      ["value", true],
    ];
    assert.deepEqual(of("out"), {
      alarmDescription: "Adds tasks to web, as the steps of orders say",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 100,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      calls: ["Policy web-metric-orders-out"],
      ids,
    });
    assert.deepEqual(of("in"), {
      alarmDescription: "Takes tasks away from web, as the steps of orders say",
      comparisonOperator: "LessThanOrEqualToThreshold",
      threshold: 10,
      evaluationPeriods: 15,
      treatMissingData: "notBreaching",
      calls: ["Policy web-metric-orders-in"],
      ids,
    });
    const [query] = made.one("aws:cloudwatch/metricAlarm:MetricAlarm", "web-metric-orders-out").inputs.metricQueries as object[];
    const metric = { namespace: "shop", metricName: "OpenOrders", dimensions: { Shop: "blue" }, stat: "Maximum", period: 60 };
    assert.deepEqual(query, { id: "open", metric });
  });

  for (const variant of VARIANT_NAMES)
    it(`decides alone where it takes tasks away, on ${variant}`, async () => {
      const made = await deploy(() =>
        makeService(variant, { path: false, scaling: { min: 0, metrics: { orders: { of: OF, ...STEPS } } } }),
      );
      assert.deepEqual(made.names("aws:appautoscaling/policy:Policy").sort(), ["web-metric-orders-in", "web-metric-orders-out"]);
    });

  it("may add tasks beside what target tracking takes away", async () => {
    const made = await deploy(() => service({ orders: { of: OF, scaleOut: STEPS.scaleOut } }));
    assert.deepEqual(made.names("aws:appautoscaling/policy:Policy").sort(), ["web-cpu", "web-memory", "web-metric-orders-out"]);
  });

  const { scaleOut, scaleIn } = STEPS;
  const REFUSED: [what: string, make: () => unknown, says: RegExp][] = [
    [
      "what is neither kept nor followed",
      () => service({ orders: { of: OF } }),
      /: scaling\.metrics\.orders\.target: it is missing; say which value to keep, or add and remove tasks in steps \(scaleOut, scaleIn\)\.$/,
    ],
    [
      "both",
      () => service({ orders: { of: OF, target: 5, scaleOut } }),
      /orders\.target: the metric is kept at a value, and followed in steps, too; leave one of them out\.$/,
    ],
    [
      "steps that undo each other",
      () => service({ orders: { of: OF, scaleOut, scaleIn: [{ to: 100, remove: 1 }] } }),
      /orders\.scaleIn: it takes tasks away at 100 and below, and scaleOut adds them at 100 and above; leave values between them at which nothing happens\.$/,
    ],
    [
      "two steps at one value",
      () => service({ orders: { of: OF, scaleOut: [...scaleOut, { from: 100, add: 2 }] } }),
      /orders\.scaleOut: two steps are at 100; leave one of them out\.$/,
    ],
    ["no steps", () => service({ orders: { of: OF, scaleOut: [] } }), /orders\.scaleOut: the list is empty; name at least one\.$/],
    [
      "what takes away the tasks of another",
      () => service({ orders: { of: OF, ...STEPS }, late: { of: OF, target: 1 } }, { cpu: 50 }),
      /orders\.scaleIn: it takes tasks away without regard to cpu and late, which would add them again; leave it out, or let this metric decide alone, with all that counts in its expression\.$/,
    ],
    [
      "what only takes away",
      () => service({ orders: { of: OF, scaleIn } }),
      /orders\.scaleIn: nothing adds tasks again; give scaleOut, too\.$/,
    ],
    [
      "what only adds",
      () => service({ orders: { of: OF, scaleOut } }, { cpu: false, memory: false }),
      /orders\.scaleOut: nothing takes the tasks away again; give scaleIn, too, or keep cpu or memory at a value\.$/,
    ],
    [
      "none at the start beside cpu",
      () => service({ orders: { of: OF, scaleOut } }, { min: 0 }),
      /scaling\.min: no task has no cpu, memory or requests to measure/,
    ],
  ];
  for (const [what, make, says] of REFUSED)
    it(`is not ${what}`, async () => {
      assert.match(await refusal(make), says);
    });

  it("counts in decimals, too", () => {
    const [out] = directionsOf(
      {
        scaleOut: [
          { from: 0.3, add: 2 },
          { from: 0.1, add: 1 },
        ],
      },
      { out: 1, in: 1 },
    );
    const bounds = (out!.configuration.stepAdjustments as Adjustment[]).map((one) => one.metricIntervalLowerBound);
    assert.deepEqual(bounds, ["0", "0.2"]);
  });

  it("does at each value what the step there says", () => {
    const values = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(values, fc.integer({ min: -2100, max: 2100 }), fc.nat(), (given, half, at) => {
        const [value, sorted] = [half / 2, [...given].sort((a, b) => a - b)];
        const cut = 1 + (at % (sorted.length - 1));
        const scaleIn = sorted.slice(0, cut).map((to, i) => ({ to, remove: i + 1 }));
        const scaleOut = sorted.slice(cut).map((from, i) => ({ from, add: i + 1 }));
        const added = [...scaleOut].reverse().find(({ from }) => value >= from)?.add ?? 0;
        const removed = scaleIn.find(({ to }) => value <= to)?.remove ?? 0;
        const does = directionsOf({ scaleOut, scaleIn }, { out: 1, in: 1 }).map(({ suffix, alarm, configuration }) => {
          const beyond = value - Number(alarm.threshold);
          if (suffix === "out" ? beyond < 0 : beyond > 0) return 0;
          const within = (configuration.stepAdjustments as Adjustment[]).filter((one) => {
            const [low, high] = [Number(one.metricIntervalLowerBound ?? -Infinity), Number(one.metricIntervalUpperBound ?? Infinity)];
            return suffix === "out" ? low <= beyond && beyond < high : low < beyond && beyond <= high;
          });
          assert.equal(within.length, 1, "steps neither leave a gap nor overlap");
          return within[0]!.scalingAdjustment;
        });
        assert.equal(does[0]! + does[1]!, added - removed);
      }),
    );
  });
});
