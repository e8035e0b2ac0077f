import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at, container, crashed, deployment, revision, SERVICE_ARN, service, serviceDeployment, task, taskDefinition } from "./answers";
import { FakePrograms } from "./fake-programs";
import { berth, type HarnessOptions } from "./harness";
import { behindBalancer, type Step, scene, withAddress } from "./scene";
import { Failure, type Input, type Script, ScriptedAws } from "./scripted-aws";

const PLACE = ["--cluster", "apps", "--service", "web"];
const FAST = ["--every", "0.01"];
const serving: Step = {
  service: service([deployment(7)]),
  serviceDeployments: [serviceDeployment(7), serviceDeployment(6)],
  running: [task("aaaa", 7)],
};

let aws: ScriptedAws;
const servers: ScriptedAws[] = [];
let programs: FakePrograms;
async function run(args: string[], steps: Step[] = [serving], more: Script = {}, options: HarnessOptions = {}) {
  aws = await ScriptedAws.start(scene(steps, more));
  servers.push(aws);
  return berth(aws.url, args, options);
}
beforeEach(() => {
  programs = new FakePrograms();
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  programs.remove();
});

describe("berth status", () => {
  const detailed: Step = {
    ...serving,
    service: {
      ...serving.service!,
      ...behindBalancer,
      runningCount: 1,
      capacityProviderStrategy: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
      deploymentConfiguration: { strategy: "ROLLING", alarms: { alarmNames: ["web-5xx"], enable: true, rollback: true } },
    },
    running: [
      withAddress(
        task("aaaa", 7, {
          healthStatus: "HEALTHY",
          capacityProviderName: "FARGATE",
          availabilityZone: "us-east-1a",
          containers: [container({ imageDigest: `sha256:${"d".repeat(64)}` })],
        }),
        "10.0.1.7",
      ),
    ],
    stopped: [crashed("bbbb", 6, 1)],
    targets: [{ Target: { Id: "10.0.1.7", Port: 8000 }, TargetHealth: { State: "healthy" } }],
  };
  const more: Script = {
    DescribeScalableTargets: {
      ScalableTargets: [{ ServiceNamespace: "ecs", ResourceId: "service/apps/web", MinCapacity: 2, MaxCapacity: 10 }],
    },
    DescribeScalingPolicies: {
      ScalingPolicies: [
        {
          PolicyName: "cpu",
          PolicyType: "TargetTrackingScaling",
          TargetTrackingScalingPolicyConfiguration: {
            TargetValue: 60,
            PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
          },
        },
      ],
    },
    DescribeAlarms: { MetricAlarms: [{ AlarmName: "web-5xx", StateValue: "OK" }] },
  };

  it("shows tasks, image, deployment, capacity, scaling, alarms and the last stops", async () => {
    const { status, out } = await run(["status", ...PLACE], [detailed], more);
    assert.equal(status, 0);
    assert.deepEqual(out.split("\n").slice(0, 6), [
      "web in apps: ACTIVE, revision web:7",
      "Tasks       1 of 2 running",
      "Deployment  web:7 serves: 2 of 2 tasks run.",
      "Capacity    FARGATE (base 1, weight 1)",
      "Scaling     2 to 10 tasks; ECSServiceAverageCPUUtilization at 60",
      "Alarm       OK web-5xx",
    ]);
    const row = (start: string) =>
      out
        .split("\n")
        .find((line) => line.trim().startsWith(start))
        ?.trim()
        .split(/\s{2,}/);
    assert.deepEqual(row("aaaa")?.slice(0, 7), ["aaaa0000", "RUNNING", "HEALTHY", "web:7", "d".repeat(12), "FARGATE", "us-east-1a"]);
    assert.deepEqual(row("web-blue"), ["web-blue", "10.0.1.7:8000", "healthy"]);
    assert.match(out, /bbbb0000 {2}web:6 +.* {2}Essential container in task exited \(app exit code 1\)/);
  });

  it("prints the same as JSON", async () => {
    const { out } = await run(["status", ...PLACE, "--json"], [detailed], more);
    const report = JSON.parse(out) as Record<string, unknown>;
    assert.equal(report.revision, "web:7");
    assert.deepEqual(report.tasks, { desired: 2, running: 1, pending: 0 });
    assert.deepEqual(report.alarms, [{ name: "web-5xx", state: "OK" }]);
    assert.deepEqual(report.scaling, { minimum: 2, maximum: 10, policies: ["ECSServiceAverageCPUUtilization at 60"] });
  });

  it("shows the rest when scaling may not be read", async () => {
    const denied = new Failure("AccessDeniedException", "not authorized to perform: application-autoscaling:DescribeScalableTargets");
    const { status, out } = await run(["status", ...PLACE], [detailed], { ...more, DescribeScalableTargets: denied });
    assert.equal(status, 0);
    assert.match(
      out,
      /^Not read {4}Scaling: AWS did not permit this \(AccessDeniedException\): not authorized to perform: application-autoscaling:DescribeScalableTargets$/m,
    );
    assert.match(out, /^Alarm {7}OK web-5xx$/m);
  });

  it("finds the service by the stack's outputs", async () => {
    programs
      .file("Pulumi.yaml", "name: web\n")
      .add("pulumi", `echo "$@" > ${programs.directory}/args; echo '{"cluster":"apps","service":"web","region":"eu-west-1"}'`);
    const { status } = await run(["status", "--stack", "prod"], [detailed], more, {
      env: { ...programs.env, AWS_REGION: "" },
      cwd: programs.directory,
    });
    assert.equal(status, 0);
    assert.equal(readFileSync(join(programs.directory, "args"), "utf8"), "stack output --json --stack prod\n");
    assert.deepEqual(aws.inputs("DescribeServices")[0], { cluster: "apps", services: ["web"] });
    assert.equal(aws.calls[0]?.region, "eu-west-1");
  });

  const failures: [string, (programs: FakePrograms) => void, RegExp][] = [
    ["no Pulumi CLI", () => undefined, /^Error: The Pulumi CLI is not installed, or not on PATH/],
    [
      "no such stack",
      (bin) => bin.add("pulumi", "echo \"error: no stack named 'dev' found\" >&2; exit 255"),
      /^Error: Pulumi cannot give the outputs of the stack dev: no stack named 'dev' found$/m,
    ],
    [
      "outputs without a service",
      (bin) => bin.add("pulumi", `echo '{"url":"http://x","cluster":"apps"}'`),
      /^Error: The stack dev has no output service; it has: url, cluster\.$/m,
    ],
    ["outputs that are no JSON", (bin) => bin.add("pulumi", "echo hello"), /in a form that is not JSON/],
  ];
  for (const [name, prepare, message] of failures) {
    it(`says what is wrong: ${name}`, async () => {
      prepare(programs.file("Pulumi.yaml", "name: web\n"));
      const { status, err } = await run(["status"], [detailed], more, { env: programs.env, cwd: programs.directory });
      assert.equal(status, 1);
      assert.match(err, message);
      assert.match(err, /--cluster NAME --service NAME/);
    });
  }
});

describe("berth logs", () => {
  const stream = (id: string) => `web/app/${id.padEnd(32, "0")}`;
  const line = (id: string, minute: number, message: string) => ({
    eventId: `${id}${minute}`,
    logStreamName: stream(id),
    timestamp: at(minute).getTime(),
    message,
  });

  it("prints all tasks in the order of time, page after page", async () => {
    const pages = [{ events: [line("aaaa", 2, "second\n")], nextToken: "more" }, { events: [line("bbbb", 1, "first")] }];
    const { status, out } = await run(["logs", ...PLACE], [serving], { FilterLogEvents: pages });
    assert.equal(status, 0);
    assert.equal(out, "12:01:00.000 bbbb0000 first\n12:02:00.000 aaaa0000 second\n");
    const [first, second] = aws.inputs("FilterLogEvents");
    assert.equal(first?.logGroupName, "/apps/web");
    assert.equal(first?.logStreamNamePrefix, "web/app/");
    assert.equal(second?.nextToken, "more");
  });

  it("follows until Ctrl-C, and prints no line twice", async () => {
    const now = (id: string, message: string) => ({ ...line("aaaa", 1, message), eventId: id, timestamp: Date.now() });
    const [one, two] = [now("e1", "one"), now("e2", "two")];
    const pages = [{ events: [one] }, { events: [one, two] }, { events: [two] }];
    const { status, out } = await run(
      ["logs", ...PLACE, ...FAST, "--follow"],
      [serving],
      { FilterLogEvents: pages },
      { interruptWhen: ({ out }) => out.includes("two") },
    );
    assert.equal(status, 0);
    assert.deepEqual(
      out.split("\n").map((text) => text.split(" ").pop()),
      ["one", "two", ""],
    );
  });

  it("filters by --grep, and prints JSON lines", async () => {
    const FilterLogEvents = { events: [line("aaaa", 1, "GET /"), line("aaaa", 2, "error: no")] };
    const { out } = await run(["logs", ...PLACE, "--grep", "^error", "--json"], [serving], { FilterLogEvents });
    assert.deepEqual(JSON.parse(out), { time: at(2).toISOString(), task: "aaaa".padEnd(32, "0"), container: "app", message: "error: no" });
  });

  it("--previous takes the last stopped task, from its beginning", async () => {
    const stopped = [crashed("old", 6, 1), crashed("cccc", 7, 1)];
    const { out, err } = await run(["logs", ...PLACE, "--previous"], [{ ...serving, stopped }], {
      FilterLogEvents: { events: [line("cccc", 7, "boom")] },
    });
    assert.match(out, /cccc0000 boom$/m);
    assert.equal(err, "Log of task cccc0000, stopped: Essential container in task exited\n");
    const [input] = aws.inputs("FilterLogEvents");
    assert.deepEqual(input?.logStreamNames, [stream("cccc")]);
    assert.equal(input?.startTime, at(7.1).getTime());
  });

  const mistakes: [string, string[], RegExp][] = [
    ["no stopped task", ["--previous"], /No task of this service stopped within the last hour/],
    ["a wrong container", ["--container", "db"], /There is no container db in this service; it has: app\./],
    ["a wrong task", ["--task", "ffff"], /--task ffff fits 0 tasks of this service; it has: aaaa0000\./],
    ["a wrong time", ["--since", "yesterday"], /It must be a number with s, m, h or d, such as 30m or 2h\./],
    ["a wrong pattern", ["--grep", "("], /It must be a regular expression/],
  ];
  for (const [name, args, message] of mistakes) {
    it(`refuses ${name}`, async () => {
      const { status, err } = await run(["logs", ...PLACE, ...args]);
      assert.equal(status, 1);
      assert.match(err, message);
    });
  }
});

describe("berth exec", () => {
  const agent = (lastStatus: string) => [{ name: "ExecuteCommandAgent" as const, lastStatus }];
  const ready = task("aaaa", 7, {
    enableExecuteCommand: true,
    containers: [container({ runtimeId: "run-1", managedAgents: agent("RUNNING") })],
  });
  const enabled = service([deployment(7)], { enableExecuteCommand: true });
  const session = { sessionId: "s-1", streamUrl: "wss://ssmmessages.eu-west-1.amazonaws.com/v1/data-channel/s-1", tokenValue: "TOKEN" };
  const plugin = (version = "1.2.707.0") =>
    programs.add(
      "session-manager-plugin",
      `[ "$1" = --version ] && { echo ${version}; exit 0; }\nfor a in "$@"; do echo "$a" >> ${programs.directory}/args; done\necho "$AWS_SSM_START_SESSION_RESPONSE" > ${programs.directory}/session\nexit 3`,
    );
  const exec = (args: string[], step: Step) =>
    run(["exec", ...PLACE, ...args], [step], { ExecuteCommand: { session } }, { env: programs.env });

  it("hands the session to the plugin, the token by the environment alone", async () => {
    plugin();
    const { status } = await exec(["--", "ls", "-l", "it's here"], { service: enabled, running: [ready] });
    assert.equal(status, 3, "the plugin's own status");
    assert.deepEqual(readFileSync(join(programs.directory, "args"), "utf8").split("\n"), [
      "AWS_SSM_START_SESSION_RESPONSE",
      "us-east-1",
      "StartSession",
      "",
      `{"Target":"ecs:apps_${"aaaa".padEnd(32, "0")}_run-1"}`,
      "https://ssm.eu-west-1.amazonaws.com",
      "",
    ]);
    assert.deepEqual(JSON.parse(readFileSync(join(programs.directory, "session"), "utf8")), {
      SessionId: "s-1",
      StreamUrl: session.streamUrl,
      TokenValue: "TOKEN",
    });
    const [input] = aws.inputs("ExecuteCommand");
    assert.equal(input?.command, "ls -l 'it'\\''s here'");
    assert.equal(input?.container, "app");
  });

  const missing: [string, () => void, Step, RegExp][] = [
    ["the plugin", () => undefined, { service: enabled, running: [ready] }, /needs AWS's session-manager-plugin, which is not installed/],
    [
      "a newer plugin",
      () => plugin("1.2.30.0"),
      { service: enabled, running: [ready] },
      /session-manager-plugin 1\.2\.30\.0 is too old; berth exec needs 1\.2\.497\.0/,
    ],
    ["a running task", () => plugin(), { service: enabled }, /no running task to open a session in/],
    [
      "the setting",
      () => plugin(),
      { service: service([deployment(7)]), running: [task("aaaa", 7)] },
      /Exec is not enabled on this service \(enableExecuteCommand\)/,
    ],
    [
      "a task that is new enough",
      () => plugin(),
      { service: enabled, running: [task("aaaa", 7)] },
      /The task aaaa0000 started before exec was enabled/,
    ],
    [
      "a running agent",
      () => plugin(),
      {
        service: enabled,
        running: [task("aaaa", 7, { enableExecuteCommand: true, containers: [container({ managedAgents: agent("STOPPED") })] })],
      },
      /The exec agent of the container app is STOPPED[\s\S]*The task has no task role/,
    ],
  ];
  for (const [name, prepare, step, message] of missing) {
    it(`names what is missing: ${name}`, async () => {
      prepare();
      const { status, err } = await exec([], step);
      assert.equal(status, 1);
      assert.match(err, message);
      assert.deepEqual(aws.inputs("ExecuteCommand"), []);
    });
  }
});

describe("berth rollback", () => {
  const back: Step = {
    service: service([deployment(6, { createdAt: at(20) })]),
    serviceDeployments: [serviceDeployment(6, { createdAt: at(20) }), serviceDeployment(7)],
  };
  const updated: Script = { UpdateService: { service: {} } };

  it("deploys the previous good revision, follows it and warns of the next up", async () => {
    const { status, out, err } = await run(["rollback", ...PLACE, ...FAST], [serving, back], updated);
    assert.equal(status, 0);
    assert.deepEqual(aws.inputs("UpdateService"), [{ cluster: "apps", service: "web", taskDefinition: revision(6) }]);
    assert.equal(out, "web:6 serves: 2 of 2 tasks run.\n");
    assert.match(err, /^Rolling web back from web:7 to web:6\.$/m);
    assert.match(err, /The next `pulumi up` brings the program's own revision back/);
  });

  it("lets ECS take a deployment back that still runs", async () => {
    const moving = serviceDeployment(7, { status: "IN_PROGRESS", sourceServiceRevisions: [{ arn: "6" }] });
    const now: Step = {
      service: service([deployment(7, { rolloutState: "IN_PROGRESS" }), deployment(6, { status: "ACTIVE" })]),
      serviceDeployments: [moving, serviceDeployment(6)],
    };
    const { status } = await run(["rollback", ...PLACE, ...FAST], [now, back], { StopServiceDeployment: {} });
    assert.equal(status, 0);
    assert.deepEqual(aws.inputs("StopServiceDeployment"), [{ serviceDeploymentArn: moving.serviceDeploymentArn, stopType: "ROLLBACK" }]);
    assert.deepEqual(aws.inputs("UpdateService"), []);
  });

  it("takes a named revision, by its number too", async () => {
    const { status } = await run(["rollback", ...PLACE, ...FAST, "--to", "6"], [serving, back], updated);
    assert.equal(status, 0);
    assert.equal(aws.inputs("UpdateService")[0]?.taskDefinition, revision(6));
  });

  it("passes over a revision that failed, where ECS remembers no success", async () => {
    const step: Step = { service: service([deployment(8), deployment(7, { status: "ACTIVE", rolloutState: "FAILED" })]) };
    const ListTaskDefinitions = { taskDefinitionArns: [revision(8), revision(7), revision(6), revision(5)] };
    await run(["rollback", ...PLACE, ...FAST], [step, back], { ...updated, ListTaskDefinitions });
    assert.equal(aws.inputs("UpdateService")[0]?.taskDefinition, revision(6));
  });

  const refusals: [string, string[], Script, RegExp][] = [
    ["the current revision", ["--to", "7"], {}, /web:7 is the revision that the service holds already/],
    ["a revision that does not exist", ["--to", "99"], {}, /There is no task definition web:99 in this region and account\./],
    [
      "a deregistered revision",
      ["--to", "6"],
      { DescribeTaskDefinition: { taskDefinition: taskDefinition(6, { status: "INACTIVE" }) } },
      /web:6 is deregistered \(INACTIVE\), so ECS cannot deploy it\./,
    ],
  ];
  for (const [name, args, more, message] of refusals) {
    it(`refuses ${name}`, async () => {
      const { status, err } = await run(["rollback", ...PLACE, ...FAST, ...args], [serving], more);
      assert.equal(status, 1);
      assert.match(err, message);
      assert.deepEqual(aws.inputs("UpdateService"), []);
    });
  }

  it("says when there is nothing to go back to", async () => {
    const { status, err } = await run(["rollback", ...PLACE], [{ service: service([deployment(7)]) }], {
      ListTaskDefinitions: { taskDefinitionArns: [revision(7)] },
    });
    assert.equal(status, 1);
    assert.match(err, /There is no earlier revision of web to go back to\./);
  });
});

describe("berth run", () => {
  /** Without the token by which the SDK makes a retried request harmless: it is random. */
  const runTaskInputs = () => aws.inputs("RunTask").map(({ clientToken: _, ...input }) => input);
  const looks = (...tasks: object[]) => tasks.map((found) => ({ tasks: [found] }));
  const started = task("aaaa", 7, { lastStatus: "PROVISIONING" });
  const ended = (exitCode: number) => crashed("aaaa", 7, exitCode);
  const network = { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" as const } };
  const step: Step = {
    service: service([deployment(7)], {
      networkConfiguration: network,
      capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
      platformVersion: "LATEST",
    }),
    log: { [`web/app/${"aaaa".padEnd(32, "0")}`]: ["migrating", "done"] },
  };
  const GetLogEvents = ({ nextToken }: Input) => ({
    events: nextToken
      ? []
      : [
          { timestamp: 1, message: "migrating" },
          { timestamp: 2, message: "done" },
        ],
    nextForwardToken: "f/1",
  });

  it("runs with the service's own settings, prints the log and returns the exit code", async () => {
    const { status, out } = await run(["run", ...PLACE, ...FAST, "--", "npm", "run", "migrate"], [step], {
      RunTask: { tasks: [started] },
      DescribeTasks: looks(started, task("aaaa", 7), ended(0)),
      GetLogEvents,
    });
    assert.equal(status, 0);
    assert.equal(out, "migrating\ndone\n");
    assert.deepEqual(runTaskInputs(), [
      {
        cluster: "apps",
        taskDefinition: revision(7),
        count: 1,
        startedBy: "berth run",
        propagateTags: "TASK_DEFINITION",
        networkConfiguration: network,
        capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
        platformVersion: "LATEST",
        overrides: { containerOverrides: [{ name: "app", command: ["npm", "run", "migrate"] }] },
      },
    ]);
  });

  it("needs no service when the environment tells everything", async () => {
    const strategy = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
    const env = {
      BERTH_CLUSTER: "apps",
      BERTH_TASK_DEFINITION: revision(7),
      BERTH_SUBNETS: "subnet-1,subnet-2",
      BERTH_SECURITY_GROUPS: '["sg-1"]',
      BERTH_ASSIGN_PUBLIC_IP: "true",
      BERTH_CAPACITY_PROVIDER_STRATEGY: JSON.stringify(strategy),
      BERTH_COMMAND: '["npm","run","migrate"]',
      BERTH_CONTAINER: "app",
    };
    const { status } = await run(
      ["run", ...FAST],
      [step],
      { RunTask: { tasks: [started] }, DescribeTasks: looks(ended(0)), GetLogEvents },
      { env },
    );
    assert.equal(status, 0);
    assert.deepEqual(aws.inputs("DescribeServices"), []);
    assert.deepEqual(runTaskInputs(), [
      {
        cluster: "apps",
        taskDefinition: revision(7),
        count: 1,
        startedBy: "berth run",
        propagateTags: "TASK_DEFINITION",
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ["subnet-1", "subnet-2"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
        },
        capacityProviderStrategy: strategy,
        overrides: { containerOverrides: [{ name: "app", command: ["npm", "run", "migrate"] }] },
      },
    ]);
  });

  it("returns the command's own exit code, with the cause", async () => {
    const { status, err } = await run(["run", ...PLACE, ...FAST, "--", "false"], [step], {
      RunTask: { tasks: [started] },
      DescribeTasks: looks(ended(42)),
      GetLogEvents,
    });
    assert.equal(status, 42);
    assert.match(err, /^Why: The container app crashed: exit code 42/m);
    assert.doesNotMatch(err, /migrating/, "the log was on stdout already");
  });

  it("explains a task that never started", async () => {
    const failed = {
      ...started,
      lastStatus: "STOPPED",
      stopCode: "TaskFailedToStart",
      stoppedReason: "CannotPullContainerError: web:gone: not found",
    };
    const { status, err } = await run(["run", ...PLACE, ...FAST], [{ ...step, log: {} }], {
      RunTask: { tasks: [started] },
      DescribeTasks: looks(failed),
    });
    assert.equal(status, 1);
    assert.match(err, /^Why: The image \S+ does not exist\.$/m);
  });

  it("explains a start that ECS refused", async () => {
    const { status, err } = await run(["run", ...PLACE], [step], {
      RunTask: { tasks: [], failures: [{ arn: "ci", reason: "RESOURCE:MEMORY" }] },
    });
    assert.equal(status, 1);
    assert.match(
      err,
      /^Error: ECS did not start the task \(RESOURCE:MEMORY\)\. No instance of the cluster has enough memory left for the task\.$/m,
    );
  });

  it("stops the task on Ctrl-C", async () => {
    const { status, err } = await run(
      ["run", ...PLACE, ...FAST],
      [step],
      {
        RunTask: { tasks: [started] },
        DescribeTasks: looks(task("aaaa", 7), task("aaaa", 7), ended(143)),
        GetLogEvents,
        StopTask: { task: started },
      },
      { interruptWhen: ({ err }) => err.includes("running") },
    );
    assert.equal(status, 130);
    assert.match(err, /^Stopping the task: interrupted\./m);
    assert.deepEqual(aws.inputs("StopTask"), [
      { cluster: task("a", 7).clusterArn, task: started.taskArn, reason: "berth run: interrupted" },
    ]);
  });

  it("stops the task at the timeout", async () => {
    const answers = {
      RunTask: { tasks: [started] },
      DescribeTasks: looks(task("aaaa", 7), task("aaaa", 7), task("aaaa", 7), ended(143)),
      GetLogEvents,
      StopTask: { task: started },
    };
    const { status } = await run(["run", ...PLACE, ...FAST, "--timeout", "0.0001"], [step], answers);
    assert.equal(status, 124);
    assert.equal(aws.inputs("StopTask").length, 1);
  });

  const mistakes: [string, string[], RegExp][] = [
    ["a wrong container", ["--container", "db"], /There is no container db in web:7; it has: app\./],
    [
      "a wrong strategy",
      ["--capacity-provider-strategy", "FARGATE"],
      /It must be a JSON array such as \[\{"capacityProvider": "FARGATE", "weight": 1\}\]/,
    ],
  ];
  for (const [name, args, message] of mistakes) {
    it(`refuses ${name}`, async () => {
      const { status, err } = await run(["run", ...PLACE, ...args], [step]);
      assert.equal(status, 1);
      assert.match(err, message);
    });
  }
});

describe("berth open", () => {
  const open = (outputs: string) => {
    programs.file("Pulumi.yaml", "name: web\n").add("pulumi", `echo '${outputs}'`);
    return run(["open"], [serving], {}, { env: programs.env, cwd: programs.directory });
  };

  it("prints the URL", async () => assert.equal((await open('{"url":"https://web.example.com"}')).out, "https://web.example.com\n"));

  it("says when there is none, and opens nothing that is no web address", async () => {
    for (const outputs of ["{}", '{"url":"file:///etc/passwd"}']) {
      const { status, err } = await open(outputs);
      assert.equal(status, 1);
      assert.match(err, /The stack has no output url/);
    }
  });
});

describe("berth doctor", () => {
  const healthy: Script = {
    GetCallerIdentity: { Account: "111122223333", Arn: "arn:aws:iam::111122223333:user/dev", UserId: "AIDA" },
    ListClusters: { clusterArns: [SERVICE_ARN] },
    GetServiceQuota: ({ QuotaCode }: Input) =>
      QuotaCode === "L-3032A538"
        ? {
            Quota: {
              Value: 6,
              UsageMetric: { MetricNamespace: "AWS/Usage", MetricName: "ResourceCount", MetricDimensions: { Service: "Fargate" } },
            },
          }
        : { Quota: { Value: 5 } },
    GetMetricStatistics: { Datapoints: [{ Maximum: 2 }, { Maximum: 4 }] },
  };
  const tools = () =>
    programs
      .add("pulumi", "echo v3.248.0")
      .add("docker", 'if [ "$1" = buildx ]; then echo "Platforms: linux/amd64*, linux/arm64"; else echo 28.2.2; fi')
      .add("session-manager-plugin", "echo 1.2.707.0");

  it("is content", async () => {
    tools();
    const { status, out } = await run(["doctor"], [serving], healthy, { env: programs.env });
    assert.equal(status, 0);
    assert.deepEqual(out.trim().split("\n"), [
      `ok    Node.js: ${process.versions.node}`,
      "ok    Pulumi CLI: v3.248.0",
      "ok    Docker: engine 28.2.2",
      "ok    Image platforms: linux/amd64, linux/arm64",
      "ok    Session Manager plugin: 1.2.707.0",
      "ok    AWS region: us-east-1",
      "ok    AWS credentials: account 111122223333, arn:aws:iam::111122223333:user/dev",
      "ok    Amazon ECS: reachable, 1 clusters",
      "ok    Quota Fargate On-Demand vCPUs: 4 of 6 in use",
      "ok    Quota VPCs per region: limit 5; AWS does not measure the use",
      "ok    Quota Elastic IPs: limit 5; AWS does not measure the use",
      "ok    Quota Application Load Balancers: limit 5; AWS does not measure the use",
    ]);
  });

  it("says how to fix each thing, and ends with 1", async () => {
    programs.add(
      "docker",
      'if [ "$1" = buildx ]; then echo "Platforms: linux/amd64"; else echo "Cannot connect to the Docker daemon" >&2; exit 1; fi',
    );
    const broken: Script = {
      ...healthy,
      GetMetricStatistics: { Datapoints: [{ Maximum: 6 }] },
      ListClusters: new Failure("AccessDeniedException", "not authorized to perform: ecs:ListClusters"),
    };
    const { status, out } = await run(["doctor"], [serving], broken, { env: programs.env });
    assert.equal(status, 1);
    assert.match(out, /^FAIL {2}Pulumi CLI: not found\n {6}Install it/m);
    assert.match(out, /^FAIL {2}Docker: Cannot connect to the Docker daemon\n {6}Start the Docker daemon/m);
    assert.match(out, /^warn {2}Image platforms: linux\/amd64; no emulation of linux\/arm64\n.*--install arm64$/m);
    assert.match(out, /^warn {2}Session Manager plugin: not found/m);
    assert.match(out, /^FAIL {2}Amazon ECS: AWS did not permit this \(AccessDeniedException\)/m);
    assert.match(
      out,
      /^FAIL {2}Quota Fargate On-Demand vCPUs: 6 of 6 in use: none left\n {6}Ask for more: Service Quotas, fargate, L-3032A538$/m,
    );
  });

  it("does not fail for quotas that it may not read, and prints JSON", async () => {
    tools();
    const denied = {
      ...healthy,
      GetServiceQuota: new Failure("AccessDeniedException", "not authorized to perform: servicequotas:GetServiceQuota"),
    };
    const { status, out } = await run(["doctor", "--json"], [serving], denied, { env: programs.env });
    assert.equal(status, 0);
    const checks = JSON.parse(out) as { name: string; result: string }[];
    assert.equal(checks.find(({ name }) => name === "Quota Elastic IPs")?.result, "warn");
  });

  it("goes no further without credentials", async () => {
    tools();
    const { status, out } = await run(
      ["doctor"],
      [serving],
      { GetCallerIdentity: new Failure("ExpiredToken", "The security token is expired", 403) },
      { env: programs.env },
    );
    assert.equal(status, 1);
    assert.match(
      out,
      /^FAIL {2}AWS credentials: AWS refused the credentials \(ExpiredToken\): The security token is expired\n {6}Sign in again/m,
    );
    assert.doesNotMatch(out, /Quota/);
  });
});

describe("berth completion", () => {
  it("knows every verb and option", async () => {
    const { out } = await run(["completion", "bash"]);
    for (const verb of ["wait", "status", "logs", "exec", "run", "rollback", "open", "doctor"])
      assert.match(out, new RegExp(`^ {4}${verb}\\) words="--stack `, "m"));
    assert.match((await run(["completion", "zsh"])).out, /^autoload -U \+X bashcompinit/);
    assert.match(
      (await run(["completion", "fish"])).out,
      /^complete -c berth -f -n __fish_use_subcommand -a wait -d 'follow a rollout to its end'$/m,
    );
  });

  it("knows no other shell", async () => {
    const { status, err } = await run(["completion", "tcsh"]);
    assert.equal(status, 1);
    assert.match(err, /There is no completion for the shell tcsh: bash, zsh or fish\./);
  });
});
