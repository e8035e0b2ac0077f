import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { JsonObject, RecordedResource } from "../../../facts/graph";
import { CLUSTER, LISTENER, LISTENER_RULE, LOAD_BALANCER, NAT_GATEWAY, TARGET_GROUP } from "../../../facts/types";
import { missingPrices, pricedAs } from "../../../plan/cost/amounts";
import { costOf } from "../../../plan/cost/cost";
import { priceLists, pricesFor } from "../../../plan/cost/prices";
import { awakeShare } from "../../../plan/cost/sleep";
import { Query } from "../../../plan/graph/query";
import { serviceFacts, shareOut } from "../../../plan/graph/services";
import { DEFAULT_ASSUMPTIONS, planSettings } from "../../../plan/project/assumptions";
import { resource, SERVICE, serviceGraph, TARGET, TASK, urn } from "../graphs";
import { messageOf } from "../projects";

const prices = pricesFor("us-east-1");
const cost = (resources: RecordedResource[], assumptions = DEFAULT_ASSUMPTIONS) => costOf(resources, prices, "us-east-1", assumptions);
const lines = (resources: RecordedResource[]) =>
  cost(resources).lines.map(({ what, monthly, maximum, estimate }) => [what, monthly, maximum ?? monthly, estimate ?? false]);
const fargate = (strategies: JsonObject[], more: JsonObject = {}) => ({ capacityProviderStrategies: strategies, ...more });
const spot = { capacityProvider: "FARGATE_SPOT", weight: 1 };
const subnet = (name: string, zone: string) => resource("aws:ec2/subnet:Subnet", name, { availabilityZone: zone });

describe("the idle cost", () => {
  it("of Fargate tasks is vCPU and memory by the hour", () => {
    // 730 h x (0.25 x 0.04048 + 0.5 x 0.004445) = 9.01005; two of them 18.0201.
    assert.deepEqual(lines(serviceGraph()), [["2 tasks on Fargate (0.25 vCPU, 0.5 GB)", 18.02, 18.02, false]]);
    // 730 x (0.25 x 0.03238 + 0.5 x 0.00356) = 7.20875
    assert.equal(
      lines(serviceGraph("web", { task: { runtimePlatform: { cpuArchitecture: "ARM64" } }, service: { desiredCount: 1 } }))[0]![1],
      7.21,
    );
    // 30 GB are 10 above the free 20: 730 x 10 x 0.000111 = 0.8103 more than 9.01005.
    assert.equal(lines(serviceGraph("web", { task: { ephemeralStorage: { sizeInGib: 30 } }, service: { desiredCount: 1 } }))[0]![1], 9.82);
  });

  it("of Spot is 30 % of that, and an estimate", () => {
    assert.deepEqual(lines(serviceGraph("web", { service: fargate([spot]) })), [
      ["2 tasks on Fargate Spot (0.25 vCPU, 0.5 GB)", 5.41, 5.41, true],
    ]);
  });

  it("ranges from the least to the most tasks under autoscaling, each provider at its share", () => {
    const service = fargate([{ capacityProvider: "FARGATE", base: 1, weight: 0 }, spot]);
    const target = resource(TARGET, "web", { minCapacity: 2, maxCapacity: 6 }, { resourceId: [urn(SERVICE, "web")] });
    const total = cost([...serviceGraph("web", { service }), target]);
    // One task at 9.01005; the others (1 to 5) at 2.703015.
    assert.deepEqual(
      total.lines.map(({ what, monthly, maximum }) => [what, monthly, maximum]),
      [
        ["1 task on Fargate (0.25 vCPU, 0.5 GB)", 9.01, undefined],
        ["1 to 5 tasks on Fargate Spot (0.25 vCPU, 0.5 GB)", 2.7, 13.52],
      ],
    );
    assert.deepEqual([total.monthlyIdle, total.monthlyMaximum], [11.71, 22.53]);
  });

  it("counts the volumes that ECS makes, one for each task, with what each does above what it has anyway", () => {
    const withDisk = (managedEbsVolume: JsonObject) =>
      serviceGraph("web", { service: { volumeConfiguration: { name: "data", managedEbsVolume } } });
    const disk = (volume: JsonObject) => lines(withDisk(volume)).slice(1);
    // 2 x 100 x 0.08
    assert.deepEqual(disk({ volumeType: "gp3", sizeInGb: 100 }), [["100 GB of disk (gp3) for 2 tasks", 16, 16, false]]);
    assert.deepEqual(disk({ sizeInGb: 100, iops: 3000, throughput: 125 }), [["100 GB of disk (gp3) for 2 tasks", 16, 16, false]]);
    // 2 x (100 x 0.08 + 1000 x 0.005 + 100 x 0.04)
    assert.deepEqual(disk({ volumeType: "gp3", sizeInGb: 100, iops: 4000, throughput: 225 }), [
      ["100 GB of disk (gp3) for 2 tasks", 34, 34, false],
    ]);
    // 2 x (100 x 0.125 + 3000 x 0.065)
    assert.deepEqual(disk({ volumeType: "io2", sizeInGb: 100, iops: 3000 }), [["100 GB of disk (io2) for 2 tasks", 415, 415, false]]);
    // 2 x 200 x 0.045, and x 0.015
    assert.equal(disk({ volumeType: "st1", sizeInGb: 200 })[0]![1], 18);
    assert.equal(disk({ volumeType: "sc1", sizeInGb: 200 })[0]![1], 6);
    assert.deepEqual(disk({ volumeType: "gp3", snapshotId: "snap-1" }), []);
    assert.deepEqual(cost(withDisk({ volumeType: "gp3", snapshotId: "snap-1" })).unpriced, ["the gp3 volumes of web"]);
  });

  it("counts public addresses: of tasks, load balancers and NAT gateways", () => {
    // 0.005 x 730 = 3.65 each.
    assert.deepEqual(lines(serviceGraph("web", { service: { networkConfiguration: { assignPublicIp: true } } }))[1], [
      "public IPv4 of 2 tasks",
      7.3,
      7.3,
      false,
    ]);
    const balancer = (internal: boolean) => [
      resource("aws:lb/loadBalancer:LoadBalancer", "public", { internal, subnets: ["a", "b", "c"] }),
    ];
    assert.deepEqual(lines(balancer(false)), [
      ["load balancer", 16.43, 16.43, false],
      ["3 public IPv4", 10.95, 10.95, false],
    ]);
    assert.deepEqual(lines(balancer(true)), [["load balancer", 16.43, 16.43, false]]);
    assert.equal(cost([resource("aws:ec2/natGateway:NatGateway", "a"), resource("aws:ec2/eip:Eip", "a")]).monthlyIdle, 36.5);
  });

  it("of a network load balancer, with addresses of its own, or with Elastic IPs, which are priced by themselves", () => {
    const balancer = (inputs: JsonObject) => [
      resource("aws:lb/loadBalancer:LoadBalancer", "fixed", { loadBalancerType: "network", ...inputs }),
    ];
    assert.deepEqual(lines(balancer({ subnets: ["a", "b"] })), [
      ["network load balancer", 16.43, 16.43, false],
      ["2 public IPv4", 7.3, 7.3, false],
    ]);
    assert.deepEqual(lines(balancer({ subnetMappings: [{ subnetId: "a" }, { subnetId: "b" }] }))[1], ["2 public IPv4", 7.3, 7.3, false]);
    const mapped = balancer({ subnetMappings: [{ subnetId: "a", allocationId: "eipalloc-1" }] });
    assert.deepEqual(lines(mapped), [["network load balancer", 16.43, 16.43, false]]);
    assert.deepEqual(
      cost(balancer({ subnets: ["a"] })).usage.filter(({ what }) => what === "load balancer units"),
      [],
    );
  });

  it("of endpoints, alarms, keys, secrets, zones and firewalls", () => {
    const cases: [type: string, inputs: JsonObject, monthly: number][] = [
      ["aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Interface", subnetIds: ["a", "b"] }, 14.6],
      ["aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Gateway", subnetIds: ["a", "b"] }, 0],
      ["aws:cloudwatch/metricAlarm:MetricAlarm", { period: 60 }, 0.1],
      ["aws:cloudwatch/metricAlarm:MetricAlarm", { period: 10 }, 0.3],
      ["aws:cloudwatch/metricAlarm:MetricAlarm", { metricQueries: [{ expression: "a" }, { metric: { period: 60 } }] }, 0.1],
      ["aws:cloudwatch/metricAlarm:MetricAlarm", { metricQueries: [{ metric: { period: 60 } }, { metric: { period: 60 } }] }, 0.2],
      ["aws:cloudwatch/metricAlarm:MetricAlarm", { metricQueries: [{ metric: { period: 60 } }, { metric: { period: 10 } }] }, 0.6],
      ["aws:cloudwatch/logMetricFilter:LogMetricFilter", {}, 0.3],
      ["aws:kms/key:Key", {}, 1],
      ["aws:secretsmanager/secret:Secret", {}, 0.4],
      ["aws:route53/zone:Zone", {}, 0.5],
      ["aws:wafv2/webAcl:WebAcl", { rules: [{}, {}] }, 7],
    ];
    for (const [type, inputs, monthly] of cases)
      assert.equal(cost([resource(type, "it", inputs)]).monthlyIdle, monthly, `${type} ${JSON.stringify(inputs)}`);
  });

  it("of instances: as many as the tasks need, with their disks", () => {
    const template = resource("aws:ec2/launchTemplate:LaunchTemplate", "host", { instanceType: "t4g.small" });
    const group = resource("aws:autoscaling/group:Group", "host", { minSize: 0, maxSize: 4 }, { launchTemplate: [template.urn] });
    const provider = resource(
      "aws:ecs/capacityProvider:CapacityProvider",
      "host",
      { name: "hosts" },
      { autoScalingGroupProvider: [group.urn] },
    );
    const service = serviceGraph("web", { service: fargate([{ capacityProvider: "hosts", weight: 1 }], { desiredCount: 4 }) });
    // 4 tasks of 512 MB need 2048 of an instance's 1843 usable MB: 2 instances. 730 x 0.0168 = 12.264; 30 GB x 0.08 = 2.4.
    assert.deepEqual(lines([template, group, provider, ...service]), [
      ["2 to 4 instances t4g.small", 24.53, 49.06, false],
      ["30 GB of disk for 2 to 4 instances", 4.8, 9.6, false],
    ]);
  });

  it("of instances that are Spot in part: those above the base, rounded down", () => {
    const template = resource("aws:ec2/launchTemplate:LaunchTemplate", "host", {});
    const mixedInstancesPolicy = {
      instancesDistribution: { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 50 },
      launchTemplate: { overrides: [{ instanceType: "t3.medium" }, { instanceType: "t3a.medium" }] },
    };
    const group = resource(
      "aws:autoscaling/group:Group",
      "host",
      { minSize: 2, maxSize: 6, mixedInstancesPolicy },
      { mixedInstancesPolicy: [template.urn] },
    );
    // 730 x 0.0416 = 30.368. Two: none Spot. Six: half of five, so two at 30 %: 4 + 0.6.
    assert.deepEqual(lines([template, group])[0], ["2 to 6 instances t3.medium", 60.74, 139.69, true]);
  });

  const action = (target: { urn: string }, name: string, schedule: string, [minCapacity, maxCapacity]: [number, number]) =>
    resource(
      "aws:appautoscaling/scheduledAction:ScheduledAction",
      name,
      { schedule, scalableTargetAction: { minCapacity, maxCapacity } },
      { resourceId: [target.urn] },
    );

  it("counts each range of tasks for as much of the week as it holds", () => {
    const target = resource(TARGET, "web", { minCapacity: 2, maxCapacity: 4 }, { resourceId: [urn(SERVICE, "web")] });
    const hours = [action(target, "day", "cron(0 8 ? * MON-FRI *)", [4, 20]), action(target, "night", "cron(0 20 ? * MON-FRI *)", [2, 4])];
    // A task is 9.01 a month; at the least 60 x 4 + 108 x 2 of 168 hours, at the most 60 x 20 + 108 x 4.
    assert.deepEqual(lines([...serviceGraph(), target, ...hours]), [
      ["2 to 20 tasks on Fargate (0.25 vCPU, 0.5 GB, 2 to 4 for 64 % of the week, 4 to 20 for 36 % of the week)", 24.46, 87.53, false],
    ]);
  });

  it("leaves out the hours of sleep", () => {
    const target = resource(TARGET, "web", { minCapacity: 2, maxCapacity: 2 }, { resourceId: [urn(SERVICE, "web")] });
    const sleep = [action(target, "stop", "cron(0 20 ? * MON-FRI *)", [0, 0]), action(target, "start", "cron(0 8 ? * MON-FRI *)", [2, 2])];
    // Five days of twelve hours: 60 of 168 hours of 18.0201.
    assert.deepEqual(lines([...serviceGraph(), target, ...sleep]), [
      ["2 tasks on Fargate (0.25 vCPU, 0.5 GB, awake 36 % of the week)", 6.44, 6.44, false],
    ]);
  });

  describe("of scheduled tasks", () => {
    const job = (scheduleExpression: string, ecsParameters: JsonObject = {}, more: JsonObject = {}) => [
      resource(TASK, "job", { cpu: "1024", memory: "2048" }),
      resource(
        "aws:scheduler/schedule:Schedule",
        "job",
        { scheduleExpression, target: { ecsParameters }, ...more },
        { target: [urn(TASK, "job")] },
      ),
    ];
    // An hour of 1 vCPU and 2 GB costs 0.04048 + 2 x 0.004445 = 0.04937.
    const cases: [what: string, resources: RecordedResource[], line: [string, number, boolean] | undefined][] = [
      ["once a day", job("cron(0 3 * * ? *)"), ["30 runs of 60 min (assumed) on Fargate (1 vCPU, 2 GB)", 1.5, false]],
      ["on working days", job("cron(0 3 ? * MON-FRI *)"), ["22 runs of 60 min (assumed) on Fargate (1 vCPU, 2 GB)", 1.07, false]],
      ["four times a year", job("cron(0 3 1 1,4,7,10 ? *)"), ["0.3 runs of 60 min (assumed) on Fargate (1 vCPU, 2 GB)", 0.02, false]],
      ["every hour", job("rate(1 hour)"), ["730 runs of 60 min (assumed) on Fargate (1 vCPU, 2 GB)", 36.04, false]],
      ["every minute", job("rate(1 minute)"), ["43800 runs of 60 min (assumed) on Fargate (1 vCPU, 2 GB)", 2162.41, false]],
      ["two at a time", job("cron(0 3 * * ? *)", { taskCount: 2 }), ["61 runs of 60 min (assumed) on Fargate (1 vCPU, 2 GB)", 3, false]],
      [
        "on Spot",
        job("cron(0 3 * * ? *)", { capacityProviderStrategies: [spot] }),
        ["30 runs of 60 min (assumed) on Fargate Spot (1 vCPU, 2 GB)", 0.45, true],
      ],
      [
        "with a public address, 0.005 more an hour",
        job("cron(0 3 * * ? *)", { networkConfiguration: { assignPublicIp: true } }),
        ["30 runs of 60 min (assumed) on Fargate (1 vCPU, 2 GB)", 1.65, false],
      ],
      ["on instances, which cost by themselves", job("rate(1 hour)", { launchType: "EC2" }), undefined],
      ["that are switched off", job("rate(1 hour)", {}, { state: "DISABLED" }), undefined],
      ["that run once", job("at(2030-01-31T12:00:00)"), undefined],
      ["whose schedule nobody reads", job("sometimes"), undefined],
    ];
    for (const [what, resources, line] of cases) {
      it(what, () => {
        const found = cost(resources, { ...DEFAULT_ASSUMPTIONS, taskMinutes: 60 }).lines;
        assert.deepEqual(
          found.map((one) => [one.what, one.monthly, one.estimate ?? false]),
          line === undefined ? [] : [line],
        );
      });
    }

    it("is for a minute at least, and for five unless told otherwise", () => {
      const monthly = (taskMinutes?: number) =>
        cost(job("rate(1 hour)"), { ...DEFAULT_ASSUMPTIONS, ...(taskMinutes !== undefined && { taskMinutes }) }).monthlyIdle;
      assert.deepEqual([monthly(), monthly(1), monthly(0.1)], [3, 0.6, 0.6]);
    });

    it("is left out, and said to be, where the schedule is unknown", () => {
      assert.deepEqual(cost(job("[unknown]")).unknown, ["scheduler.Schedule job: scheduleExpression is not known before the deploy."]);
    });
  });

  it("names what has no price instead of taking it for free", () => {
    const group = resource("aws:autoscaling/group:Group", "host", {
      minSize: 1,
      maxSize: 1,
      mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceType: "x9.huge" }] } },
    });
    const managed = resource("aws:ecs/capacityProvider:CapacityProvider", "apps", { managedInstancesProvider: {} });
    assert.deepEqual(cost([resource("aws:rds/instance:Instance", "db"), group, managed]).unpriced, [
      "x9.huge of host",
      "the instances that ECS runs for apps",
      "rds.Instance db",
    ]);
  });

  it("adds up: the total is the sum of its lines", () => {
    const graph = [...serviceGraph("a"), ...serviceGraph("b", { service: fargate([spot]) }), resource("aws:kms/key:Key", "k")];
    const total = cost(graph);
    assert.equal(total.monthlyIdle, Math.round(total.lines.reduce((sum, { monthly }) => sum + monthly, 0) * 100) / 100);
  });
});

describe("tasks shared out among capacity providers", () => {
  it("never lose or gain a task, and serve the bases first", () => {
    const strategy = fc.record({
      provider: fc.constantFrom("a", "b", "c"),
      base: fc.integer({ min: 0, max: 5 }),
      weight: fc.integer({ min: 0, max: 10 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(strategy, { selector: ({ provider }) => provider, minLength: 1 }),
        fc.integer({ min: 0, max: 50 }),
        (strategies, tasks) => {
          fc.pre(strategies.some(({ weight }) => weight > 0));
          const shares = [...shareOut(strategies, tasks).values()];
          assert.equal(
            shares.reduce((sum, share) => sum + share, 0),
            tasks,
          );
          assert.ok(shares.every((share) => share >= 0));
        },
      ),
    );
    assert.deepEqual(
      [
        ...shareOut(
          [
            { provider: "a", base: 2, weight: 1 },
            { provider: "b", base: 0, weight: 3 },
          ],
          10,
        ),
      ],
      [
        ["a", 4],
        ["b", 6],
      ],
    );
    assert.deepEqual(
      [
        ...shareOut(
          [
            { provider: "a", base: 2, weight: 1 },
            { provider: "b", base: 0, weight: 3 },
          ],
          1,
        ),
      ],
      [
        ["a", 1],
        ["b", 0],
      ],
    );
  });

  it("read the desired count where nothing scales", () => {
    const [facts] = serviceFacts(new Query(serviceGraph("web", { service: { desiredCount: 3, launchType: "EC2" } })));
    assert.deepEqual([facts!.min, facts!.max, facts!.launch], [3, 3, "ec2"]);
  });
});

describe("the share of a week that is awake", () => {
  const cases: [what: string, changes: [schedule: string, capacity: number][], hours: number][] = [
    ["nothing sleeps", [], 168],
    [
      "every night",
      [
        ["cron(0 20 ? * * *)", 0],
        ["cron(0 6 ? * * *)", 1],
      ],
      7 * 14,
    ],
    [
      "nights and weekends",
      [
        ["cron(30 20 ? * MON-FRI *)", 0],
        ["cron(0 8 ? * MON-FRI *)", 2],
      ],
      5 * 12.5,
    ],
    [
      "a day that ends after midnight",
      [
        ["cron(0 2 ? * TUE-SAT *)", 0],
        ["cron(0 10 ? * MON-FRI *)", 1],
      ],
      5 * 16,
    ],
    [
      "EC2's way, where Monday is 1",
      [
        ["0 20 * * 1-5", 0],
        ["0 8 * * 1-5", 1],
      ],
      60,
    ],
    [
      "application's numbers, where Monday is 2",
      [
        ["cron(0 20 ? * 2-6 *)", 0],
        ["cron(0 8 ? * 2-6 *)", 1],
      ],
      60,
    ],
    [
      "a list of days",
      [
        ["cron(0 12 ? * MON,WED *)", 0],
        ["cron(0 0 ? * MON,WED *)", 1],
      ],
      24,
    ],
    [
      "a schedule that says more than this reads",
      [
        ["cron(0 20 1 * ? *)", 0],
        ["cron(0 8 ? * * *)", 1],
      ],
      168,
    ],
  ];
  for (const [what, changes, hours] of cases) {
    it(what, () => assert.equal(awakeShare(changes.map(([schedule, capacity]) => ({ schedule, capacity }))) * 168, hours));
  }
});

describe("a regional NAT gateway", () => {
  const graph = [
    resource("aws:ec2/natGateway:NatGateway", "net", { availabilityMode: "regional" }),
    ...["a", "b", "c"].flatMap((zone) => [subnet(`private-${zone}`, zone), subnet(`public-${zone}`, zone)]),
  ];
  it("costs a gateway and an address in each zone", () => {
    const [line, ...none] = cost(graph).lines;
    // 3 x (0.045 + 0.005) x 730.
    assert.deepEqual([line?.what, line?.monthly, none], ["NAT gateway and public IPv4 in 3 zones", 109.5, []]);
  });

  it("could be one, or none", () =>
    assert.deepEqual(
      cost(graph).savings.map(({ what, monthly }) => [what, monthly]),
      [
        ["a t4g.nano instance instead of NAT", 102.59],
        ["one NAT gateway instead of 3", 73],
        ["3 endpoints in 3 zones instead of NAT", 44.15],
      ],
    ));
});

describe("a trust store", () => {
  it("costs its hours", () =>
    assert.deepEqual(
      cost([resource("aws:lb/trustStore:TrustStore", "public-trust")]).lines.map(({ what, monthly }) => [what, monthly]),
      [["trust store", 4.09]],
    ));
});

describe("a NAT instance", () => {
  it("costs its hours and its disk, and nothing is offered in place of it", () => {
    const template = resource("aws:ec2/launchTemplate:LaunchTemplate", "nat", {
      instanceType: "t4g.nano",
      blockDeviceMappings: [{ ebs: { volumeSize: 8 } }],
      networkInterfaces: [{ networkInterfaceId: "eni-1" }],
    });
    const group = resource("aws:autoscaling/group:Group", "nat", { minSize: 1, maxSize: 1 }, { launchTemplate: [template.urn] });
    const { lines, savings } = cost([subnet("a", "a"), template, group]);
    assert.deepEqual(
      lines.map(({ what, monthly }) => [what, monthly]),
      [
        ["1 instance t4g.nano", 3.07],
        ["8 GB of disk for 1 instance", 0.64],
      ],
    );
    assert.deepEqual(savings, []);
  });
});

describe("what use adds", () => {
  it("is computed from the stack's assumptions", () => {
    const graph = [
      ...serviceGraph(),
      resource("aws:lb/loadBalancer:LoadBalancer", "public"),
      resource("aws:ec2/natGateway:NatGateway", "a"),
      resource("aws:ecr/repository:Repository", "web"),
      subnet("a", "a"),
      subnet("b", "b"),
      resource("aws:efs/fileSystem:FileSystem", "uploads"),
      resource("aws:efs/fileSystem:FileSystem", "archive"),
      resource("aws:wafv2/webAclAssociation:WebAclAssociation", "public-waf"),
      resource("aws:sqs/queue:Queue", "mails"),
      resource("aws:sqs/queue:Queue", "orders", { fifoQueue: true }),
    ];
    const given = {
      ...DEFAULT_ASSUMPTIONS,
      requests: 100_000_000,
      requestKilobytes: 20,
      logGigabytes: 10,
      natGigabytes: 100,
      crossZoneGigabytes: 50,
      imageGigabytes: 3,
      fileGigabytes: 50,
      messages: 1_000_000,
    };
    const usage = Object.fromEntries(cost(graph, given).usage.map(({ what, monthly }) => [what, monthly]));
    assert.deepEqual(usage, {
      // 100 million x 20 kB = 1907.35 GB, a GB an hour makes an LCU: 1907.35 x 0.008.
      "load balancer units": 15.26,
      // The first 100 GB are free: 1807.35 x 0.09.
      "traffic to the internet": 162.66,
      // 100 x 0.60.
      "web ACL": 60,
      logs: 5,
      "traffic between zones": 1,
      "traffic through NAT": 4.5,
      images: 0.3,
      // Two of 50 GB, 0.30 each.
      files: 30,
      // Two million, of three requests each, less a million: 5 x (0.40 + 0.50) / 2.
      queues: 2.25,
    });
  });

  it("has the logs that go to CloudWatch, whoever brings them there, and no others", () => {
    const logs = (...containerDefinitions: JsonObject[]) =>
      cost(serviceGraph("web", { task: { containerDefinitions: JSON.stringify(containerDefinitions) } })).usage.flatMap(
        ({ what, monthly }) => (what === "logs" ? [monthly] : []),
      );
    const to = (logDriver: string, options: JsonObject = {}) => ({ logConfiguration: { logDriver, options } });
    const router = { name: "log-router", firelensConfiguration: { type: "fluentbit" }, ...to("awslogs") };
    const collector = { name: "collector", environment: [{ name: "AOT_CONFIG_CONTENT", value: "{}" }], ...to("awslogs") };
    assert.deepEqual(logs({ name: "web", ...to("awslogs") }), [0.5]);
    assert.deepEqual(logs({ name: "web", ...to("awsfirelens", { Name: "cloudwatch_logs" }) }, router), [0.5]);
    assert.deepEqual(logs({ name: "web", ...to("awsfirelens", { Name: "datadog" }) }, router), []);
    assert.deepEqual(logs({ name: "web", ...to("splunk") }, collector), []);
    assert.deepEqual(logs({ name: "web", ...to("splunk") }, { name: "proxy", ...to("awslogs") }), [0.5]);
    assert.deepEqual(logs({ name: "web" }), [0.5], "what says nothing of it");
  });

  it("has the traces of what sends them to X-Ray, of which some are free", () => {
    const traces = (value: string, requests = 1_000_000) =>
      cost(serviceGraph("web", { container: { environment: [{ name: "AOT_CONFIG_CONTENT", value }] } }), {
        ...DEFAULT_ASSUMPTIONS,
        requests,
      }).usage.filter(({ what }) => what === "traces");
    // 0.9 million x 5.
    assert.deepEqual(traces('{"exporters":{"awsxray":{}}}'), [
      { what: "traces", assumption: "1 million, of which 100000 are free", monthly: 4.5 },
    ]);
    assert.equal(traces('{"exporters":{"awsxray":{}}}', 50_000)[0]!.monthly, 0);
    assert.deepEqual(traces('{"exporters":{"awsemf":{}}}'), []);
  });

  it("reads assumptions and budget, and refuses what they cannot be", async () => {
    const settings = planSettings({
      name: "web",
      config: { "web:assumptions": '{"requests": 5, "bootSeconds": "12"}', "web:budget": "40" },
    });
    assert.deepEqual(settings, { assumptions: { ...DEFAULT_ASSUMPTIONS, requests: 5, bootSeconds: 12 }, budget: 40, policy: undefined });
    const wrong: [config: Record<string, string>, message: RegExp][] = [
      [
        { "web:assumptions": '{"request": 5}' },
        /^assumptions: "request" is not one of its keys; allowed: requests, .*; did you mean "requests"\?$/,
      ],
      [{ "web:assumptions": '{"requests": -1}' }, /^assumptions\.requests: -1 is not an amount; allowed: numbers from 0 up\.$/],
      [{ "web:assumptions": "many" }, /^assumptions: "many" is not a map; write one like \{ requests: 5000000 \}\.$/],
      [{ "web:budget": "cheap" }, /^budget: "cheap" is not an amount; allowed: numbers from 0 up\.$/],
    ];
    for (const [config, message] of wrong) assert.match(await messageOf(() => planSettings({ name: "web", config })), message);
  });
});

describe("what services share", () => {
  const balancer = (name: string) => [
    resource(LOAD_BALANCER, name, { subnets: ["a", "b"], internal: true }),
    resource(LISTENER, name, {}, { loadBalancerArn: [urn(LOAD_BALANCER, name)] }),
  ];
  /** A service behind a listener: of this graph, or by its ARN alone. */
  const behind = (name: string, listener: string, service: JsonObject = {}) => [
    ...serviceGraph(name, { service }).map((one) =>
      one.type === SERVICE
        ? { ...one, propertyDependencies: { ...one.propertyDependencies, loadBalancers: [urn(TARGET_GROUP, name)] } }
        : one,
    ),
    resource(TARGET_GROUP, name),
    resource(
      LISTENER_RULE,
      name,
      { listenerArn: listener },
      { actions: [urn(TARGET_GROUP, name)], ...(listener.startsWith("arn") ? {} : { listenerArn: [urn(LISTENER, listener)] }) },
    ),
  ];
  const told = ({ shares }: ReturnType<typeof cost>) =>
    shares.map(({ service, own, shared, monthly }) => [
      service.split("::").pop(),
      own,
      Object.fromEntries(shared.map((part) => [part.urn.split("::").pop(), part.monthly])),
      monthly,
    ]);

  it("is divided among those that have it: a load balancer among the services behind it, the rest among all", () => {
    // 16.425 of a load balancer, 32.85 of a NAT gateway; two tasks 18.0201.
    const all = [
      ...balancer("one"),
      ...balancer("two"),
      resource(NAT_GATEWAY, "nat"),
      ...behind("a", "one"),
      ...behind("b", "one", { desiredCount: 4 }),
      ...behind("c", "two"),
      ...serviceGraph("worker"),
    ];
    assert.deepEqual(told(cost(all)), [
      ["a", 18.02, { one: 8.22, nat: 8.21 }, 34.45],
      ["b", 36.04, { one: 8.22, nat: 8.21 }, 52.47],
      ["c", 18.02, { two: 16.43, nat: 8.21 }, 42.66],
      ["worker", 18.02, { nat: 8.21 }, 26.23],
    ]);
  });

  it("is nothing that a single service is told of", () => {
    assert.deepEqual(cost([...balancer("one"), ...behind("a", "one")]).shares, []);
    assert.deepEqual(cost([...balancer("one"), ...behind("a", "one")]).elsewhere, []);
  });

  it("counts what two services have in one component once", () => {
    const top = resource("acme:index:Both", "both");
    const inside = [...serviceGraph("a"), ...serviceGraph("b")].map((one) => (one.type === SERVICE ? { ...one, parent: top.urn } : one));
    assert.deepEqual(told(cost([top, ...inside])), [
      ["a", 18.02, {}, 18.02],
      ["b", 18.02, {}, 18.02],
    ]);
  });

  it("leaves instances to the services on them", () => {
    const key = resource("aws:kms/key:Key", "key");
    const cluster = { ...resource(CLUSTER, "apps"), parent: resource("berth:index:Cluster", "apps").urn };
    const group = { ...key, parent: cluster.parent };
    const on = { capacityProviderStrategies: [{ capacityProvider: "mine", weight: 1 }] };
    const all = [resource("berth:index:Cluster", "apps"), cluster, group, ...serviceGraph("a", { service: on }), ...serviceGraph("b")];
    assert.deepEqual(
      told(cost(all)).map(([name, , shared]) => [name, shared]),
      [
        ["a", { apps: 1 }],
        ["b", {}],
      ],
    );
  });

  it("is a load balancer of another stack, with the price of an own one", () => {
    // 730 x (0.0225 + 2 x 0.005)
    assert.deepEqual(cost(behind("a", "arn:aws:elasticloadbalancing:x")).elsewhere, [{ what: "load balancer", own: 23.73 }]);
    assert.deepEqual(cost(behind("a", "arn:aws:elasticloadbalancing:x")).lines.length, 1);
    assert.deepEqual(cost(serviceGraph("worker")).elsewhere, []);
  });
});

describe("savings", () => {
  const savings = (resources: RecordedResource[], assumptions = DEFAULT_ASSUMPTIONS) =>
    Object.fromEntries(cost(resources, assumptions).savings.map(({ what, monthly }) => [what, monthly]));

  it("are computed on this very graph", () => {
    const large = { task: { cpu: "1024", memory: "2048" } };
    // x86: 730 x (0.04048 + 2 x 0.004445) = 36.0401; ARM: 730 x (0.03238 + 2 x 0.00356) = 28.8350. Two tasks: 14.41. Spot for one of two: 0.7 x 36.0401.
    // Instances do not fit: 2048 MB of task, 1843 MB of instance.
    assert.deepEqual(savings(serviceGraph("web", large)), { "web: all tasks but one on Spot": 25.23, "web on ARM": 14.41 });
    // A t4g.small with 30 GB: 730 x 0.0168 + 30 x 0.08 = 14.664. Of its 2 GB the system keeps some, so one task of 1 GB fits: four instances, 58.66, in place
    // of 4 x 18.02 = 72.08.
    const four = serviceGraph("web", { task: { cpu: "512", memory: "1024" }, service: { desiredCount: 4 } });
    assert.equal(savings(four)["4 t4g.small instances instead of Fargate"], 13.42);
  });

  it("leave alone what is as cheap as it gets", () => {
    const cheap = serviceGraph("web", {
      task: { runtimePlatform: { cpuArchitecture: "ARM64" } },
      service: fargate([spot], { desiredCount: 1 }),
    });
    assert.deepEqual(savings(cheap), {});
  });

  it("compare NAT with one gateway and with endpoints, and name the break-even", () => {
    const graph = (gateways: number) => [
      subnet("a", "a"),
      subnet("b", "b"),
      ...Array.from({ length: gateways }, (_, n) => resource("aws:ec2/natGateway:NatGateway", `n${n}`)),
    ];
    const two = cost(graph(2)).savings;
    // 2 x 36.5 - 3 endpoints x 2 zones x 7.3 + 10 GB x 0.035.
    assert.deepEqual(
      two.map(({ what, monthly }) => [what, monthly]),
      [
        // 2 x 36.5 - 730 x (0.0042 + 0.005) - 8 x 0.08 + 10 GB x 0.045.
        ["a t4g.nano instance instead of NAT", 66.09],
        ["one NAT gateway instead of 2", 36.5],
        ["3 endpoints in 2 zones instead of NAT", 29.55],
      ],
    );
    // One gateway is 7.3 cheaper than the endpoints: from 7.3 / 0.035 = 209 GB on they win. With 300 GB they save 300 x 0.035 - 7.3.
    const instance = {
      what: "a t4g.nano instance instead of NAT",
      note: "nat: instance, for dev; while a failed one is replaced, no task reaches the internet",
    };
    assert.deepEqual(cost(graph(1)).savings, [{ ...instance, monthly: 29.59 }]);
    assert.deepEqual(cost(graph(1), { ...DEFAULT_ASSUMPTIONS, natGigabytes: 300 }).savings, [
      { ...instance, monthly: 42.64 },
      {
        what: "3 endpoints in 2 zones instead of NAT",
        monthly: 3.2,
        note: "cheaper from 209 GB a month on; tasks then reach AWS and nothing else",
      },
    ]);
  });

  it("end logs that are kept forever", () => {
    const logs = (days: number) => [resource("aws:cloudwatch/logGroup:LogGroup", "web", { retentionInDays: days })];
    const much = { ...DEFAULT_ASSUMPTIONS, logGigabytes: 10 };
    assert.deepEqual([savings(logs(0), much), savings(logs(7), much)], [{ "an end to the logs of web": 3.6 }, {}]);
  });
});

describe("price lists", () => {
  it("are of the region, or of us-east-1, and the cost says which", () => {
    const of = (region: string) => costOf([], pricesFor(region), region, DEFAULT_ASSUMPTIONS);
    for (const [region, own, date] of [
      ["eu-west-1", "eu-west-1", "2026-08-31"],
      ["sa-east-1", "us-east-1", "2026-09-20"],
    ]) {
      const found = of(region!);
      assert.deepEqual([found.region, found.prices.region, found.prices.date], [region, own, date]);
    }
    assert.equal(pricedAs(of("eu-west-1")), "");
    assert.equal(pricedAs(of("sa-east-1")), " (priced as us-east-1)");
    assert.equal(missingPrices(of("sa-east-1")), "there is no price list for sa-east-1; these are us-east-1's prices");
  });

  it("say beside a sum that a price in it is another region's, and only there", () => {
    const sydney = (resources: RecordedResource[]) => costOf(resources, pricesFor("ap-southeast-2"), "ap-southeast-2", DEFAULT_ASSUMPTIONS);
    const gateway = sydney([resource("aws:ec2/natGateway:NatGateway", "net")]);
    // 730 x 0.059 = 43.07
    assert.equal(gateway.monthlyIdle, 43.07);
    const endpoint = sydney([resource("aws:ec2/vpcEndpoint:VpcEndpoint", "logs", { vpcEndpointType: "Interface", subnetIds: ["a", "b"] })]);
    assert.deepEqual(endpoint.prices.borrowed, [{ key: "endpoint.hour", region: "us-east-1" }]);
    assert.equal(pricedAs(endpoint), " (in part priced as us-east-1)");
    assert.equal(missingPrices(endpoint), "the list of ap-southeast-2 has no price of its own for endpoint.hour");
    // A task of 20 GB asks for no price of storage, and what is only saved with is in no sum.
    assert.deepEqual(sydney(serviceGraph()).prices.borrowed, [{ key: "logs.ingest", region: "us-east-1" }]);
    const alarm = sydney([resource("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm")]);
    assert.deepEqual([alarm.prices.borrowed, pricedAs(alarm), missingPrices(alarm)], [[], "", undefined]);
  });

  /** The largest amounts of most stacks, by region. */
  const known: [region: string, vcpu: number, memory: number, arm: number, nat: number, alb: number][] = [
    ["us-east-1", 0.04048, 0.004445, 0.03238, 0.045, 0.0225],
    ["us-east-2", 0.04048, 0.004445, 0.03238, 0.045, 0.0225],
    ["us-west-2", 0.04048, 0.004445, 0.03238, 0.045, 0.0225],
    ["eu-west-1", 0.04048, 0.004445, 0.03238, 0.048, 0.0252],
    ["eu-central-1", 0.04656, 0.00511, 0.03725, 0.052, 0.027],
    ["ap-southeast-1", 0.05056, 0.00553, 0.04045, 0.059, 0.0252],
    ["ap-southeast-2", 0.04856, 0.00532, 0.03885, 0.059, 0.0252],
    ["ap-northeast-1", 0.05056, 0.00553, 0.04045, 0.062, 0.0243],
  ];
  it("have the prices of the eight regions that are used most", () => {
    const keys = ["fargate.vcpu.x86_64", "fargate.memory.x86_64", "fargate.vcpu.arm64", "nat.hour", "alb.hour"];
    for (const [region, ...values] of known) {
      const list = pricesFor(region);
      assert.equal(list.list.region, region);
      assert.deepEqual(
        keys.map((key) => list.of(key)),
        values,
        region,
      );
      assert.deepEqual([...list.borrowed], [], region);
    }
  });

  it("have the same keys and units in every region, a date and a source; what is borrowed is the price that it is borrowed from", () => {
    const all = priceLists();
    assert.deepEqual(
      all.map(({ region }) => region),
      known.map(([region]) => region).sort(),
    );
    const units = (list: (typeof all)[number]) => Object.entries(list.prices).map(([key, { per }]) => [key, per]);
    for (const list of all) {
      assert.deepEqual(units(list), units(prices.list), list.region);
      assert.match(list.date, /^2026-\d\d-\d\d$/);
      assert.match(list.source, /^AWS's public list prices for (US|Europe|Asia Pacific) /);
      for (const [key, { usd, from }] of Object.entries(list.prices)) {
        assert.ok(usd > 0, `${list.region} ${key}`);
        if (from !== undefined) assert.deepEqual([from, usd], [`us-east-1, ${prices.list.date}`, prices.of(key)], `${list.region} ${key}`);
      }
    }
  });

  it("say which price they lack", async () => {
    assert.match(
      await messageOf(() => prices.of("moon.hour")),
      /^The price list of us-east-1 has no price "moon\.hour": add it to plan\/cost\/prices\/us-east-1\.json\.$/,
    );
  });
});
