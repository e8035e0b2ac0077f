// Services that work on a queue or send to one: what they are told, what they may, and how the number of their tasks follows.
import assert from "node:assert/strict";
import { Queue, type QueueArgs, type QueueLike } from "../../../components/base/queue";
import type { ScalingArgs } from "../../../components/service/arguments";
import { OneOffTask } from "../../../components/task/one-off-task";
import type { JsonObject } from "../../../facts/graph";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { statements } from "../../helpers/service";
import { bigCluster, IMAGE, makeService, type ServiceGiven, VARIANT_NAMES, type Variant } from "../../helpers/variants";

const POLICY = "aws:appautoscaling/policy:Policy";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const KEY = "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** A worker named `web`, on a queue named `jobs`. */
const worker = (given: ServiceGiven = {}, queue: QueueArgs = {}, variant: Variant = "FargateService") =>
  makeService(variant, { path: false, queue: new Queue("jobs", queue), ...given });
const scaled = (scaling: ScalingArgs) => deploy(() => worker({ scaling }));

const environment = (made: Deployed, name = "web") => {
  const [container] = JSON.parse(String(made.inputs("TaskDefinition", name).containerDefinitions)) as JsonObject[];
  return Object.fromEntries((container!.environment as { name: string; value: string }[]).map((one) => [one.name, one.value]));
};
const tracked = (made: Deployed) => made.one(POLICY, "web-messages").inputs.targetTrackingScalingPolicyConfiguration as JsonObject;
const metricsOf = (made: Deployed) => (tracked(made).customizedMetricSpecification as JsonObject).metrics as JsonObject[];

for (const variant of VARIANT_NAMES) {
  describe(`a ${variant} with a queue`, () => {
    let made: Deployed;
    before(async () => {
      made = await deploy(() => worker({}, {}, variant));
    });

    it("knows where the queue is, and may receive from it and delete what it has done", () => {
      assert.match(environment(made).QUEUE_URL!, /^https:\/\/sqs\.eu-west-3\.amazonaws\.com\/123456789012\/jobs-[0-9a-f]{7}$/);
      const [receive, ...others] = statements(made, "web-task") as unknown as JsonObject[];
      assert.deepEqual([receive!.Sid, others], ["ReceiveMessages", []]);
      assert.deepEqual(
        receive!.Action,
        ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage"].map((one) => `sqs:${one}`),
      );
      assert.match(String(receive!.Resource), /:jobs-[0-9a-f]{7}$/);
    });

    it("follows the messages, and nothing else", () => {
      assert.deepEqual(made.names(POLICY), ["web-messages"]);
      assert.deepEqual(made.names(ALARM), []);
      const { minCapacity, maxCapacity } = made.one("aws:appautoscaling/target:Target", "web").inputs;
      assert.deepEqual([minCapacity, maxCapacity], [2, 10]);
      const { customizedMetricSpecification: _, ...config } = tracked(made);
      assert.deepEqual(config, { targetValue: 10, scaleOutCooldown: 60, scaleInCooldown: 300 });
    });
  });
}

describe("the messages per task", () => {
  it("are those that wait and those in work, shared by the tasks that run", async () => {
    const made = await scaled({ messages: 50 });
    assert.equal(tracked(made).targetValue, 50);
    const [waiting, inWork, running, ...expressions] = metricsOf(made);
    const stat = (metric: JsonObject | undefined) => metric!.metricStat as { stat: string; metric: JsonObject };
    assert.deepEqual(
      [waiting, inWork, running].map((metric) => [
        metric!.id,
        stat(metric).metric.namespace,
        stat(metric).metric.metricName,
        stat(metric).stat,
      ]),
      [
        ["waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum"],
        ["inWork", "AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "Maximum"],
        ["running", "ECS/ContainerInsights", "RunningTaskCount", "Average"],
      ],
    );
    const dimensions = (metric: JsonObject | undefined) => stat(metric).metric.dimensions as { name: string; value: string }[];
    for (const metric of [waiting, inWork])
      assert.match(
        dimensions(metric)
          .map(({ name, value }) => `${name}=${value}`)
          .join(),
        /^QueueName=jobs-[0-9a-f]{7}$/,
      );
    assert.match(
      dimensions(running)
        .map(({ name, value }) => `${name}=${value}`)
        .join(),
      /^ClusterName=apps-[0-9a-f]{7},ServiceName=web-[0-9a-f]{7}$/,
    );
    assert.deepEqual(expressions, [
      { id: "counted", expression: "FILL(running, REPEAT)", returnData: false },
      { id: "tasks", expression: "IF(counted > 0, counted, 1)", returnData: false },
      { id: "perTask", expression: "(waiting + FILL(inWork, 0)) / tasks", returnData: true },
    ]);
    assert.deepEqual(
      metricsOf(made).flatMap(({ id, returnData }) => (returnData ? [id] : [])),
      ["perTask"],
    );
  });

  it("stand beside what else is asked for, and may be off", async () => {
    assert.deepEqual((await scaled({ cpu: 60 })).names(POLICY).sort(), ["web-cpu", "web-messages"]);
    assert.deepEqual((await scaled({ messages: false })).names(POLICY).sort(), ["web-cpu", "web-memory"]);
    assert.deepEqual((await deploy(() => worker({ desiredCount: 3 }))).names(POLICY), []);
  });
});

describe("a worker that may have no task", () => {
  it("gets its first one when messages wait and none runs", async () => {
    const made = await scaled({ min: 0, max: 20 });
    assert.deepEqual(made.names(POLICY).sort(), ["web-first-task", "web-messages"]);
    const { policyType, stepScalingPolicyConfiguration } = made.one(POLICY, "web-first-task").inputs;
    assert.equal(policyType, "StepScaling");
    assert.deepEqual(stepScalingPolicyConfiguration, {
      adjustmentType: "ChangeInCapacity",
      metricAggregationType: "Maximum",
      cooldown: 180,
      stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
    });
    const alarm = made.one(ALARM, "web-first-task");
    const { metricQueries, alarmActions: _, alarmDescription: __, tags: ___, ...inputs } = alarm.inputs;
    assert.deepEqual(inputs, {
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 2,
      treatMissingData: "notBreaching",
    });
    assert.deepEqual(made.sourcesOf(alarm, "alarmActions"), ["Policy web-first-task"]);
    const queries = metricQueries as JsonObject[];
    assert.equal(queries[0]!.expression, "IF(FILL(running, 0) < 1 AND FILL(inWork, 0) < 1, waiting, 0)");
    assert.deepEqual(
      queries.map(({ id, returnData }) => [id, returnData]),
      [
        ["unattended", true],
        ["waiting", undefined],
        ["inWork", undefined],
        ["running", undefined],
      ],
    );
    for (const { metric } of queries.slice(1)) assert.equal((metric as JsonObject).period, 60);
  });

  it("is refused where the tasks that run are measured, too", async () => {
    assert.match(
      await refusal(() => worker({ scaling: { min: 0, cpu: 60 } })),
      /scaling\.min: no task has no cpu, memory or requests to measure/,
    );
  });
});

describe("a service that sends to queues", () => {
  it("knows where they are by their names, and may send", async () => {
    const made = await deploy(() => {
      const sendsTo = [new Queue("night-jobs"), Queue.existing("old", { arn: "arn:aws:sqs:eu-west-1:111122223333:old" })];
      makeService("FargateService", { path: false, sendsTo });
    });
    const { NIGHT_JOBS_QUEUE_URL, ...others } = environment(made);
    assert.match(NIGHT_JOBS_QUEUE_URL!, /\/night-jobs-[0-9a-f]{7}$/);
    assert.deepEqual(others, { OLD_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/old" });
    const [send, ...more] = statements(made, "web-task") as unknown as JsonObject[];
    assert.deepEqual(
      [send!.Sid, send!.Action, more],
      ["SendMessages", ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"], []],
    );
    assert.equal((send!.Resource as string[]).length, 2);
  });

  it("may be a task that runs once", async () => {
    const made = await deploy(() => new OneOffTask("import", { cluster: bigCluster(), image: IMAGE, sendsTo: [new Queue("jobs")] }));
    assert.deepEqual(Object.keys(environment(made, "import")), ["JOBS_QUEUE_URL"]);
    assert.deepEqual(
      (statements(made, "import-task") as unknown as JsonObject[]).map(({ Sid }) => Sid),
      ["SendMessages"],
    );
  });

  it("may use the key of the messages, each as far as it must", async () => {
    const made = await deploy(() => {
      const [jobs, mails] = [new Queue("jobs", { kmsKeyArn: KEY }), new Queue("mails", { kmsKeyArn: KEY })];
      makeService("FargateService", { path: false, queue: jobs, sendsTo: [mails] });
    });
    const byKey = (statements(made, "web-task") as unknown as JsonObject[]).filter(({ Resource }) => String(Resource) === KEY);
    assert.deepEqual(
      byKey.map(({ Sid }) => Sid),
      ["Decrypt", "Encrypt"],
    );
  });

  it("keeps its own variable of that name, or its secret", async () => {
    const jobs = (): { queue: QueueLike } => ({ queue: new Queue("jobs") });
    const made = await deploy(() => makeService("FargateService", { path: false, ...jobs(), environment: { QUEUE_URL: "mine" } }));
    assert.equal(environment(made).QUEUE_URL, "mine");
    const secret = { QUEUE_URL: "arn:aws:secretsmanager:eu-west-3:123456789012:secret:url-AbCdEf" };
    assert.deepEqual(environment(await deploy(() => makeService("FargateService", { path: false, ...jobs(), secrets: secret }))), {});
  });
});

describe("what does not go with a queue", () => {
  const CASES: [what: string, make: () => unknown, says: RegExp][] = [
    [
      "a message that comes back while a task still stops",
      () => worker({ stopTimeout: 120 }, { visibilityTimeout: 60 }),
      /: queue\.visibilityTimeout: 60 is less than stopTimeout \(120 seconds\), .*; the nearest is 120\.$/,
    ],
    [
      "messages without a queue",
      () => makeService("FargateService", { path: false, scaling: { messages: 10 } }),
      /: scaling\.messages: messages are counted of a queue, and this service has none; give it one \(queue\), or use cpu or memory\.$/,
    ],
    [
      "a cluster that does not count its tasks",
      () =>
        makeService("FargateService", { path: false, queue: new Queue("jobs") }, bigCluster(undefined, { containerInsights: "disabled" })),
      /: scaling\.messages: Container Insights counts the tasks, and the cluster has it off; set containerInsights \(cluster\.containerInsights\) to enabled, or messages: false\.$/,
    ],
  ];
  for (const [what, make, says] of CASES)
    it(`is ${what}`, async () => {
      assert.match(await refusal(make), says);
    });

  it("is nothing of a daemon, whose number is that of the instances", async () => {
    const made = await deploy(() => worker({ daemon: true }, {}, "Ec2Service"));
    assert.deepEqual([made.names(POLICY), "QUEUE_URL" in environment(made)], [[], true]);
  });
});
