// Scaling on metrics of one's own.
import assert from "node:assert/strict";
import type { ScalingMetricArgs } from "../../../components/service/metrics";
import type { JsonObject } from "../../../facts/graph";
import { deploy, refusal } from "../../helpers/deploy";
import { bigCluster, makeService, VARIANT_NAMES } from "../../helpers/variants";

const OPEN = { namespace: "shop", metricName: "OpenOrders", dimensions: { Shop: "blue" }, statistic: "Maximum" as const };
const LATE = { namespace: "shop", metricName: "LateOrders" };
const service = (metrics: Record<string, ScalingMetricArgs>, more: object = {}, cluster = bigCluster()) =>
  makeService("FargateService", { path: false, scaling: { metrics }, ...more }, cluster);

async function configuration(its: ScalingMetricArgs) {
  const made = await deploy(() => service({ orders: its }));
  const { targetTrackingScalingPolicyConfiguration: all, policyType } = made.one(
    "aws:appautoscaling/policy:Policy",
    "web-metric-orders",
  ).inputs;
  const { customizedMetricSpecification, ...others } = all as JsonObject;
  return { policyType, others, metrics: (customizedMetricSpecification as { metrics: JsonObject[] }).metrics };
}

describe("a metric of one's own", () => {
  it("is kept at its value, to the letter", async () => {
    assert.deepEqual(await configuration({ target: 100, of: { open: OPEN } }), {
      policyType: "TargetTrackingScaling",
      others: { targetValue: 100, scaleOutCooldown: 60, scaleInCooldown: 300 },
      metrics: [
        {
          id: "open",
          metricStat: {
            stat: "Maximum",
            metric: { namespace: "shop", metricName: "OpenOrders", dimensions: [{ name: "Shop", value: "blue" }] },
          },
          returnData: false,
        },
        { id: "value", expression: "open", returnData: true },
      ],
    });
  });

  it("may be made of several, and shared by the tasks", async () => {
    const { metrics } = await configuration({
      target: 5,
      of: { open: OPEN, late: LATE },
      expression: "(open + 2 * FILL(late, 0)) / tasks",
    });
    assert.deepEqual(
      metrics.map(({ id, expression, returnData }) => [id, expression, returnData]),
      [
        ["open", undefined, false],
        ["late", undefined, false],
        ["running", undefined, false],
        ["counted", "FILL(running, REPEAT)", false],
        ["tasks", "IF(counted > 0, counted, 1)", false],
        ["value", "(open + 2 * FILL(late, 0)) / tasks", true],
      ],
    );
    assert.equal((metrics[1]!.metricStat as JsonObject).stat, "Average");
  });

  for (const variant of VARIANT_NAMES)
    it(`stands beside those of the tasks on ${variant}`, async () => {
      const made = await deploy(() =>
        makeService(variant, { path: false, scaling: { metrics: { orders: { target: 1, of: { open: OPEN } } } } }),
      );
      assert.deepEqual(made.names("aws:appautoscaling/policy:Policy").sort(), ["web-cpu", "web-memory", "web-metric-orders"]);
    });

  const REFUSED: [what: string, make: () => unknown, says: RegExp][] = [
    [
      "several, and nothing made of them",
      () => service({ orders: { target: 1, of: { open: OPEN, late: LATE } } }),
      /: scaling\.metrics\.orders\.expression: it is missing, and there are 2 metrics; say what is made of open, late\.$/,
    ],
    [
      "one that it does not name",
      () => service({ orders: { target: 1, of: { open: OPEN }, expression: "opn / tasks" } }),
      /: scaling\.metrics\.orders\.expression: "opn" is not a metric here; allowed: open, tasks; did you mean "open"\?$/,
    ],
    [
      "one that it does not use",
      () => service({ orders: { target: 1, of: { open: OPEN, late: LATE }, expression: "open / tasks" } }),
      /: scaling\.metrics\.orders\.expression: late is not in it; use it, or leave it out of the metrics\.$/,
    ],
    ["none", () => service({ orders: { target: 1, of: {} } }), /: scaling\.metrics\.orders\.of: no metric is named; name at least one\.$/],
    [
      "a name that CloudWatch takes for a word of its own",
      () => service({ orders: { target: 1, of: { Open: OPEN } } }),
      /: scaling\.metrics\.orders\.of: "Open" cannot be a name in an expression; allowed: letters, digits and "_", a small letter first\.$/,
    ],
    [
      "the name of the tasks",
      () => service({ orders: { target: 1, of: { tasks: OPEN } } }),
      /: scaling\.metrics\.orders\.of: tasks is the number of running tasks; choose another name\.$/,
    ],
    [
      "tasks that nobody counts",
      () =>
        service(
          { orders: { target: 1, of: { open: OPEN }, expression: "open / tasks" } },
          {},
          bigCluster(undefined, { containerInsights: "disabled" }),
        ),
      /: scaling\.metrics\.orders\.expression: Container Insights counts the tasks, and the cluster has it off; set containerInsights \(cluster\.containerInsights\) to enabled, or leave tasks out\.$/,
    ],
  ];
  for (const [what, make, says] of REFUSED)
    it(`is not ${what}`, async () => {
      assert.match(await refusal(make), says);
    });
});
