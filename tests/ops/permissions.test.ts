import assert from "node:assert/strict";
import { join } from "node:path";
import { Command } from "commander";
import { register } from "../../ops/cli";
import { assertSnapshot } from "../helpers/snapshot";
import { CLUSTER_ARN, crashed, deployment, revision, service, serviceDeployment, serviceRevision, task } from "./answers";
import { going, rolledBack, updating } from "./follow/rollouts";
import { documented, policyActions } from "./permissions";
import { behindBalancer, type Step } from "./scene";
import { Failure, type Script } from "./scripted-aws";
import { FAST, PLACE, Stage, serving } from "./verbs/stage";

const PROVIDER = ["--cluster", CLUSTER_ARN, "--capacity-provider", "managed", ...FAST];
const active = { DescribeCapacityProviders: { capacityProviders: [{ name: "managed", status: "ACTIVE" }] } };
const cluster = (capacityProviders: string[]) => ({ clusters: [{ status: "ACTIVE", capacityProviders }] });
const failed: Step = { ...rolledBack, service: { ...rolledBack.service!, ...behindBalancer } };
const sources = { sourceServiceRevisions: [{ arn: serviceRevision(6) }] };
const lost: Step = {
  service: { ...updating(0), ...behindBalancer },
  serviceDeployments: [going(7, { ...sources, deploymentCircuitBreaker: { status: "DISABLED" } })],
  stopped: rolledBack.stopped!,
};
const balanced: Step = { ...serving, service: { ...serving.service!, ...behindBalancer } };
const alarms = { alarmNames: ["a"], enable: true, rollback: true };
const alarmed: Step = { ...balanced, service: { ...balanced.service!, deploymentConfiguration: { alarms } } };
const agent = [{ name: "ExecuteCommandAgent" as const, lastStatus: "RUNNING" }];
const openable: Step = {
  service: service([deployment(7)], { enableExecuteCommand: true }),
  running: [task("aaaa", 7, { enableExecuteCommand: true, containers: [{ name: "app", runtimeId: "r", managedAgents: agent }] })],
};
const missing: Step = {};

/** A failure of this moment, so that it is one of the last hours. */
const INCIDENT: Script = {
  DescribeAlarms: { MetricAlarms: [{ AlarmName: "a", StateValue: "ALARM" }] },
  DescribeAlarmHistory: () => ({
    AlarmHistoryItems: [{ AlarmName: "a", Timestamp: new Date(), HistorySummary: "Alarm updated from OK to ALARM" }],
  }),
  DescribeScalingActivities: {},
};

/** Runs that between them do all that a command can do. */
const RUNS: Record<string, [args: string[], steps: Step[], script?: Script][]> = {
  wait: [
    [[...PLACE, ...FAST, "--task-definition", "web:7"], [failed]],
    [
      [...PLACE, ...FAST, "--task-definition", revision(7), "--on-failure", "rollback"],
      [lost, lost, failed],
      { StopServiceDeployment: {} },
    ],
    [[...PLACE, ...FAST], [missing]],
  ],
  run: [
    [
      [...PLACE, ...FAST, "--timeout", "0.0001"],
      [serving],
      {
        RunTask: { tasks: [task("aaaa", 7)] },
        DescribeTasks: [...Array.from({ length: 3 }, () => ({ tasks: [task("aaaa", 7)] })), { tasks: [crashed("aaaa", 7, 1)] }],
        GetLogEvents: { events: [] },
        StopTask: {},
      },
    ],
    [PLACE, [missing]],
  ],
  deregister: [
    [
      ["--family", "web", "--tags", "{}"],
      [serving],
      { ListTaskDefinitions: { taskDefinitionArns: [revision(7)] }, DeregisterTaskDefinition: {}, DeleteTaskDefinitions: {} },
    ],
    [["--family", "web", "--tags", '{"a":"b"}'], [serving], { ListTaskDefinitions: { taskDefinitionArns: [revision(7)] } }],
  ],
  "attach-capacity-provider": [
    [PROVIDER, [serving], { ...active, DescribeClusters: [cluster([]), cluster(["managed"])], PutClusterCapacityProviders: {} }],
  ],
  "detach-capacity-provider": [
    [PROVIDER, [serving], { DescribeClusters: [cluster(["managed"]), cluster([])], PutClusterCapacityProviders: {} }],
  ],
  wake: [
    [
      [...PLACE, "--min-tasks", "5", "--max-tasks", "6"],
      [serving],
      { DescribeScalableTargets: { ScalableTargets: [{ MaxCapacity: 0 }] }, RegisterScalableTarget: {}, UpdateService: {} },
    ],
  ],
  "copy-image": [
    [
      [
        "--image",
        `111122223333.dkr.ecr.us-east-1.amazonaws.com/web@sha256:${"a".repeat(64)}`,
        "--repository",
        "210987654321.dkr.ecr.us-east-1.amazonaws.com/web",
      ],
      [],
      {
        BatchGetImage: { images: [{ imageManifest: '{"config":{"digest":"sha256:c"}}' }] },
        BatchCheckLayerAvailability: { layers: [] },
        GetDownloadUrlForLayer: { downloadUrl: "data:,layer" },
        InitiateLayerUpload: { uploadId: "u", partSize: 5 },
        UploadLayerPart: {},
        CompleteLayerUpload: {},
        PutImage: {},
      },
    ],
  ],
  status: [
    [PLACE, [alarmed], { DescribeScalableTargets: { ScalableTargets: [{}] }, DescribeScalingPolicies: {}, DescribeAlarms: {} }],
    [PLACE, [missing]],
  ],
  why: [
    [PLACE, [{ ...failed, service: { ...failed.service!, deploymentConfiguration: { alarms } } }], INCIDENT],
    [PLACE, [missing]],
  ],
  logs: [
    [[...PLACE, "--previous"], [failed], { FilterLogEvents: { events: [] } }],
    [[...PLACE, "--task", "cccc"], [failed], { FilterLogEvents: { events: [] } }],
    [PLACE, [missing]],
  ],
  exec: [
    [
      PLACE,
      [openable],
      { ExecuteCommand: { session: { sessionId: "s", streamUrl: "wss://ssmmessages.us-east-1.amazonaws.com/", tokenValue: "t" } } },
    ],
    [PLACE, [missing]],
  ],
  rollback: [
    [
      [...PLACE, ...FAST],
      [{ service: service([deployment(7)]) }, { service: service([deployment(6)]) }],
      { ListTaskDefinitions: { taskDefinitionArns: [revision(6)] }, UpdateService: {} },
    ],
    [
      [...PLACE, ...FAST],
      [
        { service: updating(1), serviceDeployments: [going(7, sources)] },
        { ...failed, serviceDeployments: [serviceDeployment(7, { status: "STOPPED" })] },
      ],
      { StopServiceDeployment: {} },
    ],
    [PLACE, [missing]],
  ],
  doctor: [
    [
      [],
      [],
      {
        GetCallerIdentity: { Account: "111122223333", Arn: "a", UserId: "u" },
        ListClusters: { clusterArns: [] },
        GetServiceQuota: { Quota: { Value: 5, UsageMetric: { MetricNamespace: "n", MetricName: "m" } } },
        GetMetricStatistics: { Datapoints: [] },
      },
    ],
  ],
};

/** Not calls: AWS checks them when another call is made. */
const NO_CALLS = ["iam:PassRole"];
/** What `pulumi up` and `pulumi destroy` run. */
const IN_UPDATES = Object.keys(RUNS).slice(0, 7);

/** A request's fields without what differs from run to run. */
const constant = (key: string, value: unknown) =>
  /^(?:clientToken|startTime|StartTime|EndTime|StartDate|EndDate)$/.test(key) ? "…" : value;

describe("the permissions in docs/ci.md", () => {
  const stage = Stage.use();
  const table = documented();

  it("are documented for every command that calls AWS", () => {
    const program = new Command("berth");
    register(program);
    const offline = ["open", "review", "secrets", "completion"];
    const commands = program.commands.map((command) => command.name()).filter((name) => !offline.includes(name));
    assert.deepEqual([...table.keys()].sort(), commands.sort());
    // What verify calls follows from the stack: tests/ops/verify holds it to the table.
    assert.deepEqual([...Object.keys(RUNS), "verify"].sort(), commands);
  });

  for (const [command, runs] of Object.entries(RUNS)) {
    it(`are exactly what berth ${command} calls`, async () => {
      const programs = stage.programs.add("session-manager-plugin", "echo 1.2.707.0").add("pulumi", "echo v3").add("docker", "echo 28");
      const called = new Set<string>();
      for (const [args, steps, script] of runs) {
        await stage.run([command, ...args], steps, script, { env: programs.env });
        for (const { action } of stage.aws.calls) if (!action.startsWith("sts:")) called.add(action);
      }
      const { needed, optional } = table.get(command)!;
      const expected = [...needed, ...optional].filter((action) => !NO_CALLS.includes(action));
      assert.deepEqual([...called].sort(), [...new Set(expected)].sort());
    });
  }

  it("are asked for with the requests that they were", async () => {
    const programs = stage.programs.add("session-manager-plugin", "echo 1.2.707.0").add("pulumi", "echo v3").add("docker", "echo 28");
    const parts: string[] = [];
    for (const [command, runs] of Object.entries(RUNS)) {
      const requests = new Set<string>();
      for (const [args, steps, script] of runs) {
        await stage.run([command, ...args], steps, script, { env: programs.env });
        for (const { action, input } of stage.aws.calls) requests.add(`  ${action} ${JSON.stringify(input, constant)}`);
      }
      // Several are sent at a time, in any order.
      parts.push([`# berth ${command}`, ...[...requests].sort(), ""].join("\n"));
    }
    assertSnapshot(join(__dirname, "requests.txt"), parts.join("\n"), "a request");
  });

  it("name each action once, as needed or as optional", () => {
    for (const { needed, optional } of table.values()) {
      assert.deepEqual(
        needed.filter((action) => optional.includes(action)),
        [],
      );
    }
  });

  it("are in the policy for a pipeline, for what updates run, and nothing else is", () => {
    const expected = IN_UPDATES.flatMap((command) => [...table.get(command)!.needed, ...table.get(command)!.optional]);
    assert.deepEqual(policyActions().sort(), [...new Set(expected)].sort());
  });

  it("are in the policy for what asks before a deploy", () => {
    assert.deepEqual(policyActions("verify-policy.json").sort(), [...table.get("verify")!.optional].sort());
  });

  describe("say what a good rollout works without:", () => {
    const good: Step[] = [
      { service: { ...updating(1), ...behindBalancer }, serviceDeployments: [going(7), serviceDeployment(6)], running: [task("aaaa", 7)] },
      balanced,
      balanced,
    ];
    const status = async (action: string) => {
      const denied = { [action.split(":")[1]!]: new Failure("AccessDeniedException", `x is not authorized to perform: ${action}`) };
      return (await stage.run(["wait", ...PLACE, ...FAST, "--task-definition", revision(7)], good, denied)).status;
    };
    const { needed, optional } = table.get("wait")!;
    for (const action of optional) it(action, async () => assert.equal(await status(action), 0));
    for (const action of needed) it(`not ${action}`, async () => assert.equal(await status(action), 1));
  });
});
