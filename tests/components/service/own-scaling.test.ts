// How many tasks run: by a policy of the program's own, by the hour, and by requests to two target groups that take turns.

import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { Queue } from "../../../components/base/queue";
import type { JsonObject } from "../../../facts/graph";
import { deploy, refusal } from "../../helpers/deploy";
import { makeService } from "../../helpers/variants";

it("a service without metrics of its tasks has a scalable target for a policy of the program's own", async () => {
  const made = await deploy(() => {
    const web = makeService("FargateService", { path: false, scaling: { min: 0, max: 4, cpu: false, memory: false } });
    const { resourceId, scalableDimension, serviceNamespace } = web.scaling!.target;
    return {
      policy: new aws.appautoscaling.Policy("queue", { policyType: "StepScaling", resourceId, scalableDimension, serviceNamespace }),
    };
  });
  const target = made.one("aws:appautoscaling/target:Target", "web").inputs;
  assert.deepEqual([target.minCapacity, target.maxCapacity], [0, 4]);
  const policies = made.all("aws:appautoscaling/policy:Policy");
  assert.deepEqual(
    policies.map(({ name, inputs }) => [name, inputs.resourceId]),
    [["queue", target.resourceId]],
  );
});

describe("a range of tasks by the hour", () => {
  const schedule = { "weekdays 08:00-20:00 Europe/Berlin": "4..20", "saturday 10:00-16:00 Europe/Berlin": "0..0" };
  const worker = (scaling: object, more: object = {}) => makeService("FargateService", { path: false, scaling, ...more });

  it("is set at its beginning, and at its end what holds otherwise", async () => {
    const made = await deploy(() => worker({ min: 2, max: 10, schedule }));
    const actions = made.all("aws:appautoscaling/scheduledAction:ScheduledAction");
    assert.deepEqual(
      actions
        .map(({ name, inputs: { schedule: cron, timezone, scalableTargetAction } }) => [name, cron, timezone, scalableTargetAction])
        .sort(),
      [
        ["web-0800-mon-fri", "cron(0 8 ? * MON-FRI *)", "Europe/Berlin", { minCapacity: 4, maxCapacity: 20 }],
        ["web-1000-sat", "cron(0 10 ? * SAT *)", "Europe/Berlin", { minCapacity: 0, maxCapacity: 0 }],
        ["web-1600-sat", "cron(0 16 ? * SAT *)", "Europe/Berlin", { minCapacity: 2, maxCapacity: 10 }],
        ["web-2000-mon-fri", "cron(0 20 ? * MON-FRI *)", "Europe/Berlin", { minCapacity: 2, maxCapacity: 10 }],
      ],
    );
    const target = made.one("aws:appautoscaling/target:Target", "web");
    assert.deepEqual(
      [target.inputs.minCapacity, target.inputs.maxCapacity, target.options.ignoreChanges],
      [2, 10, ["minCapacity", "maxCapacity"]],
    );
    assert.deepEqual(made.names("aws:appautoscaling/policy:Policy"), ["web-cpu", "web-memory"]);
    assert.ok(made.names("Command").includes("web-wake"), "hours without a task may be taken away while they last");
  });

  it("needs nobody to wake it where some task always may run", async () => {
    const made = await deploy(() => worker({ schedule: { "daily 08:00-20:00": "4..20" } }));
    assert.ok(!made.names("Command").includes("web-wake"));
  });

  it("starts a worker's first task where only some hours have none", async () => {
    const queue = () => ({ queue: new Queue("jobs") });
    const made = await deploy(() => worker({ schedule: { "daily 20:00-08:00": "0..4" } }, queue()));
    assert.ok(made.names("aws:appautoscaling/policy:Policy").includes("web-first-task"));
    const asleep = await deploy(() => worker({ schedule: { "daily 20:00-08:00": "0..0" } }, queue()));
    assert.deepEqual(asleep.names("aws:appautoscaling/policy:Policy"), ["web-messages"]);
  });

  it("has room on the instances for its most tasks", async () => {
    const refused = await refusal(() =>
      makeService("Ec2Service", { path: false, scaling: { max: 4, schedule: { "daily 08:00-20:00": "4..2000" } } }),
    );
    assert.match(refused, /2000/);
  });

  const REFUSED: [what: string, make: () => unknown, says: RegExp][] = [
    [
      "beside sleep",
      () => worker({ schedule }, { sleep: { stop: "20:00", start: "07:00" } }),
      /: sleep: scaling\.schedule says how many tasks run at which hours, too; write those of sleep there as 0\.\.0, or leave one of them out\.$/,
    ],
    [
      "from none by what tasks do",
      () => worker({ schedule: { "daily 08:00-20:00": "0..4" } }),
      /: scaling\.schedule: no task has no cpu, memory or requests to measure/,
    ],
    [
      "twice at a time",
      () => worker({ schedule: { "daily 08:00-20:00": "1..4", "friday 19:00-21:00": "1..5" } }),
      /: scaling\.schedule: "friday 19:00-21:00" begins within "daily 08:00-20:00"; let the hours not overlap\.$/,
    ],
    [
      "of no number",
      () => worker({ schedule: { "daily 08:00-20:00": "4" } }),
      /: scaling\.schedule\.daily 08:00-20:00: "4" is not a range of tasks; write one like "4\.\.20"\.$/,
    ],
  ];
  for (const [what, make, says] of REFUSED)
    it(`is not ${what}`, async () => {
      assert.match(await refusal(make), says);
    });
});

describe("requests per task", () => {
  const configuration = async (given: object) => {
    const made = await deploy(() => makeService("FargateService", { scaling: { requests: 500 }, ...given }));
    return made.one("aws:appautoscaling/policy:Policy", "web-requests").inputs.targetTrackingScalingPolicyConfiguration as JsonObject;
  };

  it("are AWS's metric of one target group", async () => {
    const { predefinedMetricSpecification, targetValue } = await configuration({});
    const { predefinedMetricType, resourceLabel } = predefinedMetricSpecification as JsonObject;
    assert.deepEqual([targetValue, predefinedMetricType], [500, "ALBRequestCountPerTarget"]);
    assert.match(String(resourceLabel), /^app\/public-[0-9a-f]{7}\/[0-9a-f]+\/targetgroup\/web-[0-9a-f]{7}\/[0-9a-f]+$/);
  });

  it("are those of the busier one of two that take turns", async () => {
    const { customizedMetricSpecification, targetValue } = await configuration({ rollout: "blueGreen" });
    const [blue, green, busier] = (customizedMetricSpecification as { metrics: JsonObject[] }).metrics;
    assert.deepEqual([targetValue, busier], [500, { id: "busier", expression: "MAX([FILL(blue, 0), FILL(green, 0)])", returnData: true }]);
    const groups = [blue, green].map((metric) => {
      const { stat, metric: its } = metric!.metricStat as { stat: string; metric: JsonObject };
      assert.deepEqual([stat, its.namespace, its.metricName], ["Sum", "AWS/ApplicationELB", "RequestCountPerTarget"]);
      return String((its.dimensions as JsonObject[])[0]!.value);
    });
    assert.match(groups[0]!, /^targetgroup\/web-[0-9a-f]{7}\//);
    assert.match(groups[1]!, /^targetgroup\/web-green-[0-9a-f]{7}\//);
  });
});
