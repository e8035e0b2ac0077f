import assert from "node:assert/strict";
import type { JsonObject, RecordedResource } from "../../facts/graph";
import { costOf } from "../../plan/cost/cost";
import { pricesFor } from "../../plan/cost/prices";
import { atLeast, findingsOf, graphRules } from "../../plan/findings";
import type { Finding, Plan } from "../../plan/plan-json";
import { DEFAULT_ASSUMPTIONS, planSettings } from "../../plan/project/assumptions";
import { controlsText } from "../../plan/report/controls";
import { painter } from "../../plan/report/paint";
import { findingLines } from "../../plan/report/report-findings";
import { resource, SERVICE, serviceGraph, TARGET, urn } from "./graphs";
import { messageOf } from "./projects";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const LISTENER = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";
const GROUP = "aws:lb/targetGroup:TargetGroup";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";

function find(resources: RecordedResource[], options: { budget?: number; policy?: string } = {}): Finding[] {
  const cost = costOf(resources, pricesFor("us-east-1"), "us-east-1", DEFAULT_ASSUMPTIONS);
  return findingsOf(resources, [], { cost, budget: options.budget, policy: options.policy });
}

const of = (rule: string, resources: RecordedResource[]) => find(resources).filter((finding) => finding.rule === rule);

/** A service reached by a listener, so that only what a test changes is wrong with it. */
function web(given: Parameters<typeof serviceGraph>[1] = {}, more: RecordedResource[] = []): RecordedResource[] {
  return [
    ...serviceGraph("web", given),
    resource(BALANCER, "public", { subnets: ["a", "b"] }),
    resource(LISTENER, "http", { port: 80 }, { loadBalancerArn: [urn(BALANCER, "public")], defaultActions: [urn(GROUP, "web")] }),
    ...more,
  ];
}

const rules = (...priorities: number[]) =>
  priorities.map((priority, n) =>
    resource(RULE, `r${n}`, { priority }, { listenerArn: [urn(LISTENER, "http")], actions: [urn(GROUP, "web")] }),
  );

/** A service in one subnet, whose traffic leaves by the given way. */
function inSubnet(
  way: "internet" | "nat" | "none",
  service: JsonObject = {},
  more: RecordedResource[] = [],
  cidrBlock = "10.0.0.0/24",
): RecordedResource[] {
  const [task, group, own] = serviceGraph("web", { service });
  const table = "aws:ec2/routeTable:RouteTable";
  const gateway = way === "internet" ? "aws:ec2/internetGateway:InternetGateway" : "aws:ec2/natGateway:NatGateway";
  const route = resource(
    "aws:ec2/route:Route",
    "a",
    {},
    { routeTableId: [urn(table, "a")], [way === "internet" ? "gatewayId" : "natGatewayId"]: [urn(gateway, "out")] },
  );
  return [
    resource(VPC, "net"),
    resource(SUBNET, "a", { cidrBlock }, { vpcId: [urn(VPC, "net")] }),
    resource(table, "a"),
    resource(
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "a",
      {},
      { subnetId: [urn(SUBNET, "a")], routeTableId: [urn(table, "a")] },
    ),
    ...(way === "none" ? [] : [resource(gateway, "out"), route]),
    task,
    group,
    { ...own, propertyDependencies: { ...own.propertyDependencies, networkConfiguration: [urn(SUBNET, "a")] } },
    ...more,
  ];
}

const endpoint = (service: string) =>
  resource("aws:ec2/vpcEndpoint:VpcEndpoint", service, { serviceName: `com.amazonaws.us-east-1.${service}` });
const assigned = { networkConfiguration: { assignPublicIp: true } };

/** A service on hosts of a type. */
function onHosts(
  instanceType: string,
  maxSize: number,
  given: { task?: JsonObject; service?: JsonObject; container?: JsonObject } = {},
  template: [JsonObject, Record<string, string[]>] = [{}, {}],
): RecordedResource[] {
  const launch = "aws:ec2/launchTemplate:LaunchTemplate";
  const group = "aws:autoscaling/group:Group";
  const service = { capacityProviderStrategies: [{ capacityProvider: "hosts", weight: 1 }], ...given.service };
  return [
    resource(launch, "host", { instanceType, ...template[0] }, template[1]),
    resource(group, "host", { minSize: 1, maxSize }, { launchTemplate: [urn(launch, "host")] }),
    resource("aws:ecs/capacityProvider:CapacityProvider", "hosts", { name: "hosts" }, { autoScalingGroupProvider: [urn(group, "host")] }),
    ...web({ task: given.task, service, container: given.container }),
  ];
}

const SECURITY = "aws:ec2/securityGroup:SecurityGroup";
const bridge = (fromPort: number, toPort: number) => [
  resource(SECURITY, "hosts", { ingress: [{ fromPort, toPort, protocol: "tcp" }] }),
  ...onHosts("t4g.small", 4, { task: { networkMode: "bridge" }, container: { portMappings: [{ containerPort: 80 }] } }, [
    {},
    { vpcSecurityGroupIds: [urn(SECURITY, "hosts")] },
  ]),
];
const configured = (deploymentConfiguration: JsonObject, advancedConfiguration?: JsonObject) =>
  web({
    service: {
      deploymentConfiguration,
      loadBalancers: [{ containerPort: 80, ...(advancedConfiguration ? { advancedConfiguration } : {}) }],
    },
  });
const scaled = (maxCapacity: number) => resource(TARGET, "web", { minCapacity: 1, maxCapacity }, { resourceId: [urn(SERVICE, "web")] });

describe("mistakes that nothing else finds before AWS does", () => {
  const cases: [rule: string, wrong: RecordedResource[], message: RegExp, right: RecordedResource[]][] = [
    [
      "plan-rule-priority",
      web({}, rules(10, 20, 10)),
      /^priority 10 of listener http is taken by rule r0; AWS refuses the second\.$/,
      web({}, rules(10, 20, 30)),
    ],
    ["plan-target-group-reached", serviceGraph(), /^no listener sends requests to target group web; AWS refuses /, web()],
    [
      "plan-blue-green-parts",
      configured({ strategy: "CANARY" }, { roleArn: "r" }),
      /^a CANARY deployment needs advancedConfiguration with alternateTargetGroupArn, productionListenerRule\.$/,
      configured({ strategy: "CANARY" }, { roleArn: "r", alternateTargetGroupArn: "a", productionListenerRule: "p" }),
    ],
    [
      "plan-load-balancer-quotas",
      web({}, rules(...Array.from({ length: 101 }, (_, n) => n))),
      /^101 rules on one load balancer; AWS's quota is 100\.$/,
      web({}, rules(1)),
    ],
    [
      "plan-way-to-registry",
      inSubnet("none"),
      /^tasks in a cannot pull their image: the subnet has no way to the internet and the network no endpoint for ecr\.api and ecr\.dkr\.$/,
      inSubnet("none", {}, [endpoint("ecr.api"), endpoint("ecr.dkr")]),
    ],
    ["plan-way-to-registry", inSubnet("none", {}, [endpoint("ecr.api")]), /no endpoint for ecr\.dkr\.$/, inSubnet("nat")],
    [
      "plan-public-address",
      inSubnet("internet"),
      /^tasks in a cannot pull their image: the subnet leads out by an internet gateway, and the tasks get no public address\.$/,
      inSubnet("internet", assigned),
    ],
    [
      "plan-subnet-room",
      inSubnet("nat", { desiredCount: 6 }, [], "10.0.0.0/28"),
      /^a rollout at full scale runs 12 tasks, and the subnets have 11 addresses\.$/,
      inSubnet("nat", { desiredCount: 5 }, [], "10.0.0.0/28"),
    ],
    [
      "plan-elastic-addresses",
      Array.from({ length: 6 }, (_, n) => resource("aws:ec2/eip:Eip", `e${n}`)),
      /^the stack takes 6 Elastic IPs; AWS gives 5 a region unless the quota is raised\.$/,
      [resource("aws:ec2/eip:Eip", "e")],
    ],
    [
      "plan-rollout-possible",
      web({ service: { deploymentMaximumPercent: 100 } }),
      /^no rollout can begin: with 2 tasks, 100 % at least and 100 % at most, no task may be added and none may be missing\.$/,
      web(),
    ],
    [
      "plan-grace-covers-start",
      web({ container: { healthCheck: { startPeriod: 90 } }, service: { healthCheckGracePeriodSeconds: 60 } }),
      /^the load balancer's checks count after 60 s, and the container may take 90 s to start: /,
      web({ container: { healthCheck: { startPeriod: 60 } }, service: { healthCheckGracePeriodSeconds: 60 } }),
    ],
    [
      "plan-task-fits-host",
      onHosts("t4g.small", 4, { task: { memory: "4096" } }),
      /^a task takes 256 CPU units and 4096 MiB, and a host of type t4g\.small has 2048 and 2048, of which the system keeps some: it is never placed\.$/,
      onHosts("t4g.small", 4),
    ],
    [
      "plan-hosts-for-rollout",
      [...onHosts("t4g.small", 4, { task: { memory: "1024" } }), scaled(5)],
      /^a rollout at full scale runs 10 tasks on 10 hosts, and the group stops at 4: /,
      [...onHosts("t4g.small", 10, { task: { memory: "1024" } }), scaled(5)],
    ],
    [
      "plan-bridge-ports",
      bridge(80, 80),
      /^in bridge mode a task answers on any port from 32768 to 65535 of its host, /,
      bridge(32768, 65535),
    ],
    [
      "plan-name-length",
      [resource(GROUP, "a-service-with-a-long-name")],
      /^Pulumi's name for it \(its own and 8 characters\) has 34 characters; AWS takes 32 for lb\.TargetGroup\.$/,
      [resource(GROUP, "x".repeat(24))],
    ],
    [
      "plan-name-length",
      [resource("aws:iam/role:Role", "r", { name: "x".repeat(65) })],
      /^its name "x{65}" has 65 characters; AWS takes 64 for iam\.Role\.$/,
      [resource("aws:iam/role:Role", "x".repeat(90), { namePrefix: "short-" })],
    ],
  ];
  for (const [rule, wrong, message, right] of cases) {
    it(`${rule}: ${message.source.slice(1, 60).replaceAll("\\", "")}…`, () => {
      const [finding, ...others] = of(rule, wrong);
      assert.match(finding?.message ?? "no finding", message);
      assert.deepEqual(others, []);
      assert.notEqual(finding.fix, "");
      assert.deepEqual(of(rule, right), []);
    });
  }

  it("are each tested here", () => {
    assert.deepEqual([...new Set(cases.map(([rule]) => rule))].sort(), graphRules.map(({ name }) => name).sort());
  });

  it("of a subnet that was there before nothing is said", () => {
    const [task, group, service] = serviceGraph();
    assert.deepEqual(
      of("plan-way-to-registry", [
        resource(SUBNET, "a"),
        task,
        group,
        { ...service, propertyDependencies: { networkConfiguration: [urn(SUBNET, "a")] } },
      ]),
      [],
    );
  });
});

describe("findings", () => {
  it("come from the policy rules too; those only advise until the stack says policy", () => {
    const insights = (policy?: string) =>
      find([resource("aws:ecs/cluster:Cluster", "apps")], { policy }).find(({ rule }) => rule === "ecs-cluster-container-insights")?.level;
    assert.deepEqual(
      [insights(), insights("{}"), insights('{"levels":{"ecs-cluster-container-insights":"off"}}')],
      ["advisory", "mandatory", undefined],
    );
  });

  it("refuse a policy that is no map, and hand on what is wrong in one", async () => {
    assert.match(
      await messageOf(() => find([], { policy: "strict" })),
      /^policy is strict; give a map with levels, parameters and exceptions, or \{\} to enforce the rules as they are\.$/,
    );
    assert.match(await messageOf(() => find([], { policy: '{"levels":{"no-such-rule":"off"}}' })), /there is no rule "no-such-rule"/);
  });

  it("fail a stack that is over its budget, and name the best saving", () => {
    const graph = web({ task: { runtimePlatform: { cpuArchitecture: "ARM64" } } });
    const [finding] = find(graph, { budget: 30 }).filter(({ rule }) => rule === "plan-budget");
    assert.deepEqual(
      [finding.level, finding.urn, finding.message],
      ["mandatory", "", "an idle month costs 38.15 USD, 8.15 over the budget of 30.00."],
    );
    assert.match(finding.fix, /^web: all tasks but one on Spot \(/);
    assert.deepEqual(
      find(graph, { budget: 38.15 }).filter(({ rule }) => rule === "plan-budget"),
      [],
    );
  });

  it("come worst first, with the line of the program", () => {
    const [first] = find([...inSubnet("none")].map((one) => ({ ...one, source: "index.ts:7" })));
    assert.deepEqual(
      [first.rule, first.level, first.severity, first.source],
      ["plan-way-to-registry", "mandatory", "critical", "index.ts:7"],
    );
    const levels = find(inSubnet("none")).map(({ level }) => level);
    assert.deepEqual(levels, [...levels].sort().reverse());
  });

  it("are at least as severe as a threshold, or not", () => {
    const [finding] = find(inSubnet("none"));
    assert.deepEqual(
      [atLeast({ ...finding, severity: "high" }, "medium"), atLeast({ ...finding, severity: "low" }, "medium")],
      [true, false],
    );
  });

  it("read as a line each, with the fix where they fail the plan", () => {
    const one: Finding = {
      rule: "r",
      severity: "high",
      level: "mandatory",
      urn: urn(GROUP, "web"),
      message: "it is wrong.",
      fix: "do it",
      source: "index.ts:3",
    };
    const resources = [resource(GROUP, "web")];
    assert.deepEqual(findingLines([one, { ...one, level: "advisory", urn: "" }], resources, painter(false)), [
      "high, fails the plan  lb.TargetGroup web: it is wrong. (r)",
      "  fix near index.ts:3: do it",
      "high  it is wrong. (r)",
    ]);
  });

  it("of one rule are shown three times, and counted beyond", () => {
    const one: Finding = { rule: "r", severity: "low", level: "advisory", urn: "", message: "it is wrong.", fix: "do it" };
    const lines = findingLines(Array(5).fill(one), [], painter(false));
    assert.deepEqual(lines, [...Array(3).fill("low  it is wrong. (r)"), "and 2 more of r; --json and --html show all"]);
  });

  it("tell auditors how each control stands", () => {
    const plan = { resources: [resource("aws:ecs/cluster:Cluster", "apps")], invokes: [] } as unknown as Plan;
    const insights = (policy?: string) =>
      (JSON.parse(controlsText(plan, policy, "json")) as { id: string; status: string }[]).find(({ id }) => id === "CL-01")?.status;
    const exception = { rule: "ecs-cluster-container-insights", resource: "apps", reason: "it is for a test" };
    assert.deepEqual([insights(), insights(JSON.stringify({ exceptions: [exception] }))], ["open", "excepted"]);
    assert.match(controlsText(plan, undefined, "csv"), /^"Control",/);
  });

  it("take their settings from the stack", () => {
    assert.equal(planSettings({ name: "web", config: { "web:policy": "{}" } }).policy, "{}");
  });
});
