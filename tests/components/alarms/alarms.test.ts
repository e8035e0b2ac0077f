// Which alarms there are, on which metrics, when they ring, and what they say to do.
import assert from "node:assert/strict";
import { Alarms } from "../../../components/alarms/alarms";
import type { AlarmsArgs, OwnAlarms } from "../../../components/alarms/arguments";
import { Notifications } from "../../../components/alarms/notifications";
import { Queue } from "../../../components/base/queue";
import { Cluster } from "../../../components/cluster/cluster";
import { ExistingCluster } from "../../../components/cluster/existing-cluster";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import { NetworkLoadBalancer } from "../../../components/load-balancer/network-load-balancer";
import { Network } from "../../../components/network/network";
import { FargateService } from "../../../components/service/fargate-service";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import type { JsonObject } from "../../../facts/graph";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { bigCluster, IMAGE, makeService, type ServiceGiven, VARIANT_NAMES } from "../../helpers/variants";

const watch = (args: AlarmsArgs = {}, given: ServiceGiven = {}, own?: OwnAlarms, variant = VARIANT_NAMES[0]!) =>
  new Alarms("alarms", args).watch(makeService(variant, given), own);

/** The metrics of an alarm, as CloudWatch adds them up: `requests0 = AWS/ApplicationELB RequestCount Sum 300`. */
function metricsOf({ metricQueries, ...inputs }: JsonObject): string[] {
  if (metricQueries === undefined) return [`${inputs.namespace} ${inputs.metricName} ${inputs.statistic} ${inputs.period}`];
  return (metricQueries as JsonObject[]).flatMap(({ id, metric }) => {
    const { namespace, metricName, stat, period } = (metric ?? {}) as JsonObject;
    return metric === undefined ? [] : [`${id} = ${namespace} ${metricName} ${stat} ${period}`];
  });
}
const expressionOf = ({ metricQueries }: JsonObject) => (metricQueries as JsonObject[]).find(({ returnData }) => returnData)?.expression;
const alarm = (made: Deployed, name: string) => made.inputs("MetricAlarm", `alarms-${name}`);
const rings = (inputs: JsonObject) => [inputs.comparisonOperator, inputs.threshold, inputs.evaluationPeriods];

describe("the alarms of a service", () => {
  for (const variant of VARIANT_NAMES) {
    it(`of ${variant} are these, each of which says what to do, and none of which rings for want of data`, async () => {
      const made = await deploy(() => watch({}, {}, undefined, variant));
      assert.deepEqual(
        made.names("MetricAlarm"),
        ["errors", "healthy", "latency", "memory", "restarts", "tasks"].map((name) => `alarms-web-${name}`),
      );
      for (const { inputs } of made.all("MetricAlarm")) {
        assert.equal(inputs.treatMissingData, "notBreaching");
        assert.match(String(inputs.alarmDescription), /of shop\/test.* npx berth (why|logs|status|rollback) --service web --stack test/);
        assert.deepEqual(inputs.tags, { Project: "shop", Stack: "test" });
        assert.equal(inputs.alarmActions, undefined);
      }
    });
  }

  describe("behind a load balancer", () => {
    let made: Deployed;
    before(async () => {
      made = await deploy(() => watch());
    });

    it("rings when no target is healthy for three minutes", () => {
      const inputs = alarm(made, "web-healthy");
      assert.deepEqual(metricsOf(inputs), ["AWS/ApplicationELB HealthyHostCount Maximum 60"]);
      assert.deepEqual(rings(inputs), ["LessThanThreshold", 1, 3]);
      const { LoadBalancer, TargetGroup } = inputs.dimensions as JsonObject;
      assert.match(`${LoadBalancer} ${TargetGroup}`, /^app\/public-\w+\/\w+ targetgroup\/web-\w+\/\w+$/);
    });

    it("rings for a share of errors, but not for a few requests", () => {
      const inputs = alarm(made, "web-errors");
      assert.deepEqual(metricsOf(inputs), [
        "requests0 = AWS/ApplicationELB RequestCount Sum 300",
        "errors0 = AWS/ApplicationELB HTTPCode_Target_5XX_Count Sum 300",
      ]);
      assert.equal(expressionOf(inputs), "IF(SUM([requests0]) >= 50, 100 * SUM([errors0]) / SUM([requests0]), 0)");
      assert.deepEqual(rings(inputs), ["GreaterThanThreshold", 5, 1]);
    });

    it("rings for slow responses, but not for a few requests", () => {
      const inputs = alarm(made, "web-latency");
      assert.deepEqual(metricsOf(inputs), [
        "requests0 = AWS/ApplicationELB RequestCount Sum 300",
        "latency0 = AWS/ApplicationELB TargetResponseTime p95 300",
      ]);
      assert.equal(expressionOf(inputs), "IF(SUM([requests0]) >= 50, MAX([latency0]), 0)");
      assert.deepEqual(rings(inputs), ["GreaterThanThreshold", 2, 2]);
    });

    it("rings when fewer tasks run than are wanted for a quarter of an hour", () => {
      const inputs = alarm(made, "web-tasks");
      assert.deepEqual(metricsOf(inputs), [
        "desired = ECS/ContainerInsights DesiredTaskCount Average 60",
        "running = ECS/ContainerInsights RunningTaskCount Average 60",
      ]);
      assert.deepEqual([expressionOf(inputs), ...rings(inputs)], ["desired - running", "GreaterThanThreshold", 0, 15]);
      const [, { metric }] = inputs.metricQueries as [JsonObject, JsonObject & { metric: JsonObject }];
      const { ClusterName, ServiceName } = metric.dimensions as JsonObject;
      assert.match(`${ClusterName} ${ServiceName}`, /^apps-\w{7} web-\w{7}$/);
    });

    it("rings when tasks stop by themselves, which a rule counts that tells nobody", () => {
      const inputs = alarm(made, "web-restarts");
      assert.deepEqual(metricsOf(inputs), ["AWS/Events TriggeredRules Sum 900"]);
      assert.deepEqual(rings(inputs), ["GreaterThanOrEqualToThreshold", 3, 1]);
      const rule = made.one("EventRule", "alarms-web-stops");
      assert.match(String((inputs.dimensions as JsonObject).RuleName), /^alarms-web-stops-\w{7}$/);
      const pattern = JSON.parse(String(rule.inputs.eventPattern)) as { detail: JsonObject };
      const { group, clusterArn, ...detail } = pattern.detail;
      assert.match(`${group} ${clusterArn}`, /^service:web-\w{7} arn:aws:ecs:.*:cluster\/apps-\w{7}$/);
      assert.deepEqual(detail, { lastStatus: ["STOPPED"], stopCode: ["EssentialContainerExited", "TaskFailedToStart"] });
      assert.deepEqual(made.names("EventTarget"), []);
    });

    it("rings when a task is near the end of its memory", () => {
      const inputs = alarm(made, "web-memory");
      assert.deepEqual(metricsOf(inputs), ["AWS/ECS MemoryUtilization Maximum 300"]);
      assert.deepEqual(rings(inputs), ["GreaterThanThreshold", 90, 3]);
    });
  });

  it("add up both target groups, of which the empty one is not measured", async () => {
    const made = await deploy(() => watch({}, { rollout: "blueGreen" }));
    assert.equal(expressionOf(alarm(made, "web-healthy")), "MAX([healthy0, healthy1])");
    assert.equal(
      expressionOf(alarm(made, "web-errors")),
      "IF(SUM([requests0, requests1]) >= 50, 100 * SUM([errors0, errors1]) / SUM([requests0, requests1]), 0)",
    );
    assert.equal(expressionOf(alarm(made, "web-latency")), "IF(SUM([requests0, requests1]) >= 50, MAX([latency0, latency1]), 0)");
    const groups = (alarm(made, "web-errors").metricQueries as JsonObject[]).flatMap(({ metric }) =>
      metric === undefined ? [] : [String(((metric as JsonObject).dimensions as JsonObject).TargetGroup).replace(/-[^-]*$/, "")],
    );
    assert.deepEqual(groups, ["targetgroup/web", "targetgroup/web-green", "targetgroup/web", "targetgroup/web-green"]);
  });

  it("are quiet while the last tasks drain before the service sleeps", async () => {
    const sleep = { stop: "20:00", start: "07:00" };
    const periods = async (given: ServiceGiven) => alarm(await deploy(() => watch({}, given)), "web-healthy").evaluationPeriods;
    assert.deepEqual(
      [await periods({ sleep }), await periods({ sleep, deregistrationDelay: 600 }), await periods({ deregistrationDelay: 600 })],
      [3, 12, 3],
    );
  });

  it("of a worker are those without a load balancer", async () => {
    const made = await deploy(() => watch({}, { path: false }));
    assert.deepEqual(made.names("MetricAlarm"), ["alarms-web-memory", "alarms-web-restarts", "alarms-web-tasks"]);
  });

  it("behind a network load balancer watch what that measures", async () => {
    const made = await deploy(() => {
      const network = plainNetwork();
      const route = new NetworkLoadBalancer("fixed", { network }).listener({ port: 5432 });
      const its = { image: IMAGE, port: 5432, protocol: "tcp" as const, route };
      new Alarms("alarms").watch(new FargateService("web", { cluster: new Cluster("apps", { network }), ...its }));
    });
    assert.deepEqual(
      made.names("MetricAlarm"),
      ["healthy", "memory", "restarts", "tasks"].map((name) => `alarms-web-${name}`),
    );
    const inputs = alarm(made, "web-healthy");
    assert.deepEqual(metricsOf(inputs), ["AWS/NetworkELB HealthyHostCount Maximum 60"]);
    assert.match(String((inputs.dimensions as JsonObject).LoadBalancer), /^net\/fixed-/);
    assert.doesNotMatch(String(inputs.alarmDescription), /503/);
  });

  it("of each route are its own", async () => {
    const made = await deploy(() => {
      const network = plainNetwork();
      const lb = new LoadBalancer("public", { network, accessLogs: false });
      const ports = { admin: { port: 9000, route: lb.route({ path: "/admin/*" }) } };
      const its = { image: IMAGE, route: lb.route({ path: "/*" }), ports };
      new Alarms("alarms").watch(new FargateService("web", { cluster: new Cluster("apps", { network }), ...its }));
    });
    assert.ok(made.names("MetricAlarm").includes("alarms-web-admin-errors"));
    assert.match(String(alarm(made, "web-admin-errors").alarmDescription), /requests to web-admin of shop\/test.*--service web --stack/);
  });

  it("have thresholds: the stack's, and over them the service's own", async () => {
    const made = await deploy(() =>
      watch(
        { errorPercent: 1, latency: 0.5, minRequests: 10, belowDesired: 5, restarts: 10, memoryPercent: 80 },
        {},
        { latency: 3, memoryPercent: false },
      ),
    );
    assert.deepEqual(made.names("MetricAlarm").includes("alarms-web-memory"), false);
    assert.deepEqual(rings(alarm(made, "web-errors")), ["GreaterThanThreshold", 1, 1]);
    assert.match(String(expressionOf(alarm(made, "web-errors"))), />= 10,/);
    assert.deepEqual(rings(alarm(made, "web-latency")), ["GreaterThanThreshold", 3, 2]);
    assert.deepEqual(rings(alarm(made, "web-tasks")), ["GreaterThanThreshold", 0, 5]);
    assert.deepEqual(rings(alarm(made, "web-restarts")), ["GreaterThanOrEqualToThreshold", 10, 1]);
  });

  it("are off one by one", async () => {
    const none = {
      healthyTargets: false,
      errorPercent: false,
      latency: false,
      belowDesired: false,
      restarts: false,
      memoryPercent: false,
    } as const;
    for (const key of Object.keys(none) as (keyof typeof none)[]) {
      const made = await deploy(() => watch({ ...none, [key]: undefined }));
      assert.equal(made.names("MetricAlarm").length, 1, key);
    }
    assert.deepEqual((await deploy(() => watch(none))).names("EventRule"), []);
  });

  it("count tasks only where the cluster does, and say so", async () => {
    const off = await deploy(() => {
      const cluster = bigCluster(plainNetwork(), { containerInsights: "disabled" });
      new Alarms("alarms").watch(makeService("FargateService", {}, cluster));
    });
    assert.ok(!off.names("MetricAlarm").includes("alarms-web-tasks"));
    const notes = (made: Deployed) => made.recording.messages.map(({ text }) => text).filter((text) => text.includes("belowDesired"));
    assert.match(notes(off).join(), /has no Container Insights.*set cluster\.containerInsights: enabled/);
    const unknown = await deploy(() => {
      const network = plainNetwork();
      const cluster = new ExistingCluster("apps", { network, clusterArn: "arn:aws:ecs:eu-west-3:123456789012:cluster/apps" });
      new Alarms("alarms").watch(new FargateService("web", { cluster, image: IMAGE }));
    });
    assert.ok(unknown.names("MetricAlarm").includes("alarms-web-tasks"));
    assert.match(notes(unknown).join(), /only if the cluster has Container Insights, which is not known here/);
  });
});

describe("the alarms of the rest of a stack", () => {
  it("watch NAT gateways, of which there are as many as the network makes", async () => {
    const count = async (nat: "none" | "single" | "perZone", args: AlarmsArgs = {}) =>
      (await deploy(() => new Alarms("alarms", args).watchNetwork(new Network("net", { nat })))).all("MetricAlarm");
    assert.deepEqual(
      [(await count("none")).length, (await count("single")).length, (await count("perZone", { natErrors: false })).length],
      [0, 1, 0],
    );
    const both = await count("perZone");
    assert.deepEqual(
      both.map(({ inputs }) => metricsOf(inputs)),
      [["AWS/NATGateway ErrorPortAllocation Sum 300"], ["AWS/NATGateway ErrorPortAllocation Sum 300"]],
    );
    assert.equal(new Set(both.map(({ inputs }) => (inputs.dimensions as JsonObject).NatGatewayId)).size, 2);
    assert.deepEqual(rings(both[0]!.inputs), ["GreaterThanThreshold", 0, 1]);
    assert.deepEqual((await deploy(() => new Alarms("alarms").watchNetwork(plainNetwork()))).names("MetricAlarm"), []);
  });

  it("watch certificates, made and given", async () => {
    const given = "arn:aws:acm:eu-west-3:123456789012:certificate/mine";
    const made = await deploy(() => {
      const network = plainNetwork();
      const alarms = new Alarms("alarms");
      alarms.watchCertificates(new LoadBalancer("public", { network, domain: "app.example.com", accessLogs: false }));
      alarms.watchCertificates(new NetworkLoadBalancer("fixed", { network, certificateArn: given }));
      alarms.watchCertificates(new LoadBalancer("plain", { network, accessLogs: false }));
    });
    assert.deepEqual(made.names("MetricAlarm"), ["alarms-fixed-certificate", "alarms-public-certificate"]);
    const inputs = alarm(made, "fixed-certificate");
    assert.deepEqual(
      [metricsOf(inputs), rings(inputs)],
      [["AWS/CertificateManager DaysToExpiry Minimum 86400"], ["LessThanThreshold", 21, 1]],
    );
    assert.deepEqual(inputs.dimensions, { CertificateArn: given });
    assert.deepEqual(made.sourcesOf(made.one("MetricAlarm", "alarms-public-certificate"), "dimensions"), ["CertificateValidation public"]);
    const off = await deploy(() =>
      new Alarms("alarms", { certificateDays: false }).watchCertificates(
        new LoadBalancer("public", { network: plainNetwork(), domain: "app.example.com", accessLogs: false }),
      ),
    );
    assert.deepEqual(off.names("MetricAlarm"), []);
  });

  it("watch what a schedule could not start", async () => {
    const task = () => new ScheduledTask("clean", { cluster: bigCluster(), image: IMAGE, schedule: "rate(1 hour)" });
    const made = await deploy(() => new Alarms("alarms").watchStarts(task()));
    const inputs = alarm(made, "clean-dead-letters");
    assert.deepEqual(metricsOf(inputs), ["AWS/SQS ApproximateNumberOfMessagesVisible Maximum 300"]);
    assert.deepEqual(rings(inputs), ["GreaterThanThreshold", 0, 1]);
    assert.match(String((inputs.dimensions as JsonObject).QueueName), /^clean-dead-letters-/);
    assert.match(String(inputs.alarmDescription), /npx berth run --stack test --task clean$/);
    assert.deepEqual((await deploy(() => new Alarms("alarms", { deadLetters: false }).watchStarts(task()))).names("MetricAlarm"), []);
  });

  it("watch a queue and its dead letters", async () => {
    const made = await deploy(() => new Alarms("alarms", { messageAge: 60 }).watchQueue(new Queue("jobs")));
    const age = alarm(made, "jobs-age");
    assert.deepEqual(
      [metricsOf(age), rings(age)],
      [["AWS/SQS ApproximateAgeOfOldestMessage Maximum 300"], ["GreaterThanThreshold", 60, 1]],
    );
    assert.match(String((alarm(made, "jobs-dead-letters").dimensions as JsonObject).QueueName), /^jobs-dead-letters-/);
    const asleep = await deploy(() => {
      const queue = new Queue("jobs");
      const sleep = { stop: "20:00", start: "07:00" };
      new Alarms("alarms").watchQueue(queue, makeService("FargateService", { path: false, queue, sleep, scaling: { min: 1 } }));
    });
    assert.deepEqual(asleep.names("MetricAlarm"), ["alarms-jobs-dead-letters"]);
    assert.match(String(alarm(asleep, "jobs-dead-letters").alarmDescription), /npx berth logs --service web --stack test --since 1h/);
    const off = await deploy(() => {
      const theirs = Queue.existing("jobs", { arn: "arn:aws:sqs:eu-west-3:123456789012:theirs" });
      new Alarms("alarms", { messageAge: false }).watchQueue(theirs);
    });
    assert.deepEqual(off.names("MetricAlarm"), []);
  });

  it("tell somebody when it begins and when it is over", async () => {
    const made = await deploy(() => {
      const notifications = new Notifications("alerts", { emails: ["oncall@example.org"] });
      new Alarms("alarms", { notifications }).watch(makeService("FargateService"));
    });
    const { arn } = made.inputs("TopicPolicy");
    assert.equal(made.names("MetricAlarm").length, 6);
    for (const { inputs } of made.all("MetricAlarm")) assert.deepEqual([inputs.alarmActions, inputs.okActions], [[arn], [arn]]);
  });

  it("refuse a percentage above 100, and an alarm that there is not", async () => {
    assert.equal(
      await refusal(() => new Alarms("alarms", { errorPercent: 101 })),
      'Alarms "alarms": errorPercent: 101 is out of range; allowed: 0.1 to 100 percent, or false; the nearest is 100.',
    );
    assert.equal(
      await refusal(() => watch({}, {}, { memoryPercent: 0 })),
      'Alarms "alarms": web.memoryPercent: 0 is out of range; allowed: 1 to 100 percent, or false; the nearest is 1.',
    );
    assert.match(
      await refusal(() => new Alarms("alarms", { latencyy: 1 } as AlarmsArgs)),
      /^Alarms "alarms": latencyy: there is no such key; did you mean "latency"\?/,
    );
  });
});
