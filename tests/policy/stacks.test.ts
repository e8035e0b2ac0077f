// The stacks of the template under the rules: prod keeps all of them, on whatever it runs; dev breaks only what its file says.
import assert from "node:assert/strict";
import { loadProject } from "../../plan/project/project";
import { type Recording, record } from "../../plan/record/record";
import { runPolicies } from "../../policy/engine/run";
import { TEMPLATE } from "../helpers/places";

function recordStack(stack: string, config: string[] = []): Promise<Recording> {
  const project = loadProject({ cwd: TEMPLATE, stack, config, configPath: true });
  // Requests per target cannot be counted where two target groups take turns, so prod's file and these strategies exclude each other.
  for (const [key, text] of Object.entries(project.config)) {
    if (!key.endsWith(":service") || !config.some((c) => c.startsWith("service.rollout="))) continue;
    const service = JSON.parse(text) as { scaling?: { requests?: number } };
    delete service.scaling?.requests;
    project.config[key] = JSON.stringify(service);
  }
  return record(project);
}

/** All that stands before the services, all that decides how many tasks run, and all who are told. */
const EDGE = [
  "network.ipv6=true",
  "network.nat=regional",
  "loadBalancer.waf.managed[0]=common",
  "loadBalancer.waf.managed[1]=known-bad-inputs",
  "loadBalancer.waf.rateLimit=2000",
  "loadBalancer.waf.logs=90",
  "loadBalancer.mutualTls.certificates=../authority.pem",
  "loadBalancer.strictTransportSecurity=max-age=31536000",
  "loadBalancer.responseHeaders.X-Frame-Options=DENY",
  "loadBalancer.fixedAddresses=true",
  "service.signIn.issuer=https://accounts.google.com",
  "service.signIn.clientId=shop",
  "service.signIn.clientSecret.secret=prod/sign-in",
  "service.egress[0]=443",
  "service.ports.mqtt.port=1883",
  "service.ports.mqtt.protocol=tcp",
  "service.ports.mqtt.listener.port=1883",
  "networkLoadBalancer.ipv6=true",
  "networkLoadBalancer.allowedCidrBlocks[0]=203.0.113.0/24",
];
const LOAD = [
  "services.worker.queue.visibilityTimeout=120",
  "services.worker.scaling.min=0",
  "services.orders.scaling.metrics.open.of.open.namespace=shop",
  "services.orders.scaling.metrics.open.of.open.metricName=OpenOrders",
  "services.orders.scaling.metrics.open.scaleOut[0].from=100",
  "services.orders.scaling.metrics.open.scaleOut[0].add=2",
  "services.orders.scaling.metrics.open.scaleIn[0].to=10",
  "services.orders.scaling.metrics.open.scaleIn[0].remove=1",
  "service.scaling.schedule.weekdays 08:00-20:00 Europe/Berlin=4..20",
  "tasks.report.command[0]=node",
  "tasks.report.schedule=rate(1 day)",
];
const NIGHT = [
  "alarms=true",
  "notify.emails[0]=oncall@example.org",
  "notify.slack.teamId=T0123ABCDEF",
  "notify.slack.channelId=C0123ABCDEF",
];

const variants: [what: string, config: string[]][] = [
  ["Fargate with all of the edge", EDGE],
  ["Fargate with all of the load", LOAD],
  ["Fargate with all of the night", NIGHT],
  ["Fargate with all of the three, and a key of its own", [...EDGE, ...LOAD, ...NIGHT, "encryption=own"]],
  ["Fargate", []],
  ["EC2", ["compute=ec2"]],
  ["Managed Instances", ["compute=managed-instances"]],
  ["Managed Instances with an agent on each", ["compute=managed-instances", "daemons.agent.image=public.ecr.aws/datadog/agent:7.70.0"]],
  ["Fargate, blue/green,", ["service.rollout=blueGreen"]],
  ["Fargate by canary", ["service.rollout=canary"]],
  ["Fargate, linear,", ["service.rollout=linear"]],
  ["Fargate with a regional NAT gateway", ["network.nat=regional"]],
  ["Fargate without NAT", ["network.nat=none", "network.endpoints=private"]],
  ["Fargate with a key of its own", ["encryption=own"]],
  ["Fargate with somebody who is told", ["notify.emails[0]=oncall@example.org"]],
  [
    "Fargate, blue/green, with a key of its own and a Slack channel that is told",
    ["encryption=own", "service.rollout=blueGreen", "notify.slack.teamId=T0123ABCDEF", "notify.slack.channelId=C0123ABCDEF"],
  ],
  ["Fargate behind a web ACL", ["loadBalancer.waf=true"]],
  ["Fargate for clients with certificates", ["loadBalancer.mutualTls.certificates=../authority.pem"]],
  ["Fargate with a secret", ["service.secrets.DB_PASSWORD=arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"]],
];

for (const [what, config] of variants) {
  describe(`prod on ${what} under the rules`, () => {
    let recording: Recording;
    before(async function () {
      this.timeout(120_000);
      recording = await recordStack("prod", config);
    });

    it("breaks none, and leaves none undecided", () => {
      const { findings, undecided } = runPolicies(recording.known);
      assert.deepEqual(findings, []);
      assert.deepEqual(undecided, []);
    });

    it("breaks none as a preview sees it", () => assert.deepEqual(runPolicies(recording.unknown).findings, []));
  });
}

describe("prod with a NAT instance", () => {
  it("breaks the rule about zones, and no other", async function () {
    this.timeout(120_000);
    const { findings, undecided } = runPolicies((await recordStack("prod", ["network.nat=instance"])).known);
    assert.deepEqual([...new Set(findings.map(({ rule }) => rule))], ["ec2-subnet-nat-in-zone"]);
    assert.deepEqual(undecided, []);
  });
});

describe("prod with alarms that tell nobody", () => {
  it("breaks the rule about alarms, once for each", async function () {
    this.timeout(120_000);
    const { findings } = runPolicies((await recordStack("prod", ["alarms=true"])).known);
    assert.deepEqual([...new Set(findings.map(({ rule }) => rule))], ["cloudwatch-alarm-acts"]);
    assert.equal(findings.length, 10);
  });
});

describe("dev under the rules", () => {
  /** Each of these is a line in Pulumi.dev.yaml that says what it saves and what it risks. */
  const relaxed = [
    "ec2-vpc-flow-logs", // network.flowLogs
    "ecr-repository-no-force-delete", // deletionProtection
    "ecs-cluster-container-insights", // cluster.containerInsights
    "ecs-service-autoscaling", // service.desiredCount
    "ecs-service-capacity-provider-strategy", // service.capacity
    "ecs-service-no-public-ip", // network.nat
    "ecs-service-private-subnets", // network.nat
    "ecs-service-two-tasks", // service.desiredCount
    "lb-listener-redirect", // loadBalancer.domain
    "lb-load-balancer-access-logs", // loadBalancer.accessLogs
    "lb-load-balancer-deletion-protection", // deletionProtection
    "lb-load-balancer-https", // loadBalancer.domain
  ];

  it("breaks only what its file relaxes", async function () {
    this.timeout(120_000);
    const { known } = await recordStack("dev");
    assert.deepEqual([...new Set(runPolicies(known).findings.map((f) => f.rule))].sort(), relaxed);
  });
});
