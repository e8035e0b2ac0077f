import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, crashed, deployment, REVISIONS, revision, service, serviceDeployment, serviceRevision, stoppedTask, task } from "../answers";
import { berth, type HarnessOptions } from "../harness";
import { behindBalancer, type Step, scene, withAddress } from "../scene";
import { Failure, type Script, ScriptedAws } from "../scripted-aws";
import { going, rolledBack, updating } from "./rollouts";

const PLACE = ["--cluster", "apps", "--service", "web", "--every", "0.01"];
const WAIT_7 = ["wait", ...PLACE, "--task-definition", revision(7)];

describe("berth wait", () => {
  let aws: ScriptedAws;
  const wait = async (steps: Step[], args = WAIT_7, more: Script = {}, options: HarnessOptions = {}) => {
    aws = await ScriptedAws.start(scene(steps, more));
    return berth(aws.url, args, options);
  };
  afterEach(() => aws?.close());

  it("ends with 0 when the revision serves, and prints each change once", async () => {
    const { status, out, err } = await wait([
      { service: updating(0), serviceDeployments: [going(7), serviceDeployment(6)] },
      { service: updating(0), serviceDeployments: [going(7), serviceDeployment(6)] },
      { service: updating(1, { failedTasks: 1 }), serviceDeployments: [going(7), serviceDeployment(6)] },
      { service: service([deployment(7)]), serviceDeployments: [serviceDeployment(7), serviceDeployment(6)] },
    ]);
    assert.equal(status, 0);
    assert.equal(out, "web:7 serves: 2 of 2 tasks run.\n");
    assert.deepEqual(err.split("\n"), [
      "web:7: 0 of 2 running, 2 pending",
      "web:7: 1 of 2 running, 1 pending, 1 failed",
      "web:7: 2 of 2 running",
      "",
    ]);
  });

  it("fails with reason, exit code, log and advice when ECS rolled back, however the deployments are ordered", async () => {
    const steps = [{ service: updating(0), serviceDeployments: [going(7), serviceDeployment(6)] }, rolledBack];
    const { status, out, err } = await wait(steps);
    assert.equal(status, 1);
    assert.equal(out, "");
    const told = err.slice(err.indexOf("web:7 did not go live"));
    assert.deepEqual(told.split("\n"), [
      "web:7 did not go live: ECS rolled the service back to web:6. (2026-11-26 12:09 UTC)",
      "Why: The container app crashed: exit code 1 after 3 s (3 tasks so far).",
      "  Stopped reason (task cccc0000): Essential container in task exited",
      "  Container app: exit code 1",
      "  Last log lines of app:",
      "    | starting",
      "    | Error: DATABASE_URL is not set",
      "What to do:",
      "  - The log lines say why. Likely causes: a missing environment variable or secret, or a database that cannot be reached.",
      "  - Run the same image locally: `docker run --rm -e NAME=VALUE IMAGE`.",
      "  - Deploy the corrected version with `pulumi up`.",
      "  - To try this revision again: `pulumi up --refresh`. Without --refresh, Pulumi considers it deployed and changes nothing.",
      "",
    ]);
    assert.equal(err.match(/stopped: Essential container in task exited/g)?.length, 1, "equal stops are printed once");
  });

  it("reports the same when it is started again after the rollback", async () => {
    const { status, err } = await wait([rolledBack]);
    assert.equal(status, 1);
    assert.match(err, /^web:7 did not go live: ECS rolled the service back to web:6\./m);
    assert.match(err, /pulumi up --refresh/);
    assert.equal(aws.inputs("DescribeServices").length, 1, "a decided rollout needs no second poll");
  });

  it("follows a rollback to its end before it reports", async () => {
    const rollingBack: Step = {
      ...rolledBack,
      serviceDeployments: [
        serviceDeployment(7, { status: "ROLLBACK_IN_PROGRESS", rollback: { reason: "breaker", serviceRevisionArn: serviceRevision(6) } }),
      ],
    };
    const { status, err } = await wait([rollingBack, rolledBack]);
    assert.equal(status, 1);
    assert.match(err, /rolling back to web:6/);
    assert.match(err, /rolled the service back to web:6/);
  });

  it("explains a first deployment that failed, where there is nothing to go back to", async () => {
    const first: Step = {
      service: service([deployment(7, { rolloutState: "FAILED", runningCount: 0, desiredCount: 0, failedTasks: 3 })]),
      serviceDeployments: [
        serviceDeployment(7, {
          status: "ROLLBACK_FAILED",
          statusReason: "No rollback candidate was found to run the rollback.",
          finishedAt: at(9),
        }),
      ],
      stopped: [stoppedTask("aaaa", 7, "CannotPullContainerError: pull image manifest has been retried 1 time(s): web:gone: not found")],
    };
    const { status, err } = await wait([first]);
    assert.equal(status, 1);
    assert.match(err, /^web:7 did not go live, and there is no earlier revision to go back to\./m);
    assert.match(err, /^Why: The image \S+ does not exist\.$/m);
  });

  it("shows traffic share, stage and target health of blue/green, and events once", async () => {
    const blueGreen = (stage: "SCALE_UP" | "BAKE_TIME", weight: number) =>
      going(7, {
        lifecycleStage: stage,
        deploymentConfiguration: { strategy: "BLUE_GREEN" },
        targetServiceRevision: {
          arn: serviceRevision(7),
          requestedTaskCount: 2,
          runningTaskCount: 2,
          requestedProductionTrafficWeight: weight,
        },
      });
    const events = [
      { id: "e2", createdAt: at(7.5), message: "(service web) registered 2 targets in (target-group web-blue)" },
      { id: "e1", createdAt: at(7.4), message: "(service web) has started 2 tasks: (task aaaa)." },
      { id: "e0", createdAt: at(1), message: "(service web) was created." },
    ];
    const shared = {
      running: [withAddress(task("aaaa", 7), "10.0.1.7"), withAddress(task("old", 6), "10.0.1.6")],
      targets: [
        {
          Target: { Id: "10.0.1.7", Port: 8000 },
          TargetHealth: { State: "unhealthy" as const, Description: "Health checks failed with these codes: [404]" },
        },
        { Target: { Id: "10.0.1.6", Port: 8000 }, TargetHealth: { State: "healthy" as const } },
      ],
    };
    const { status, err } = await wait([
      { ...shared, service: { ...updating(1), ...behindBalancer, events }, serviceDeployments: [blueGreen("SCALE_UP", 0)] },
      { ...shared, service: { ...updating(2), ...behindBalancer, events }, serviceDeployments: [blueGreen("BAKE_TIME", 100)] },
      { service: service([deployment(7)]), serviceDeployments: [serviceDeployment(7)] },
    ]);
    assert.equal(status, 0);
    assert.deepEqual(err.split("\n"), [
      "  has started 2 tasks: (task aaaa).",
      "  registered 2 targets in (target-group web-blue)",
      "web:7: 1 of 2 running, 1 pending; targets: 0 of 1 healthy (Health checks failed with these codes: [404])",
      "  blue/green: starting the new tasks, 0 % of production traffic",
      "web:7: 2 of 2 running; targets: 0 of 1 healthy (Health checks failed with these codes: [404])",
      "  blue/green: baking: both revisions run, alarms are watched, 100 % of production traffic",
      "web:7: 2 of 2 running",
      "",
    ]);
  });

  it("keeps the health check's answer for the end, when the unhealthy target is gone, and blames no other target", async () => {
    const unhealthy = {
      Target: { Id: "10.0.1.7", Port: 8000 },
      TargetHealth: { State: "unhealthy" as const, Description: "Health checks failed with these codes: [404]" },
    };
    const old = { Target: { Id: "10.0.1.6", Port: 8000 }, TargetHealth: { State: "unhealthy" as const, Description: "Request timed out" } };
    const running = [withAddress(task("old", 6), "10.0.1.6")];
    const killed = stoppedTask("aaaa", 7, "Task failed ELB health checks in (target-group web-blue)", undefined, {
      stopCode: "ServiceSchedulerInitiated",
    });
    const { status, err } = await wait([
      {
        service: { ...updating(1), ...behindBalancer },
        serviceDeployments: [going(7)],
        running: [...running, withAddress(task("aaaa", 7), "10.0.1.7")],
        targets: [old, unhealthy],
      },
      { ...rolledBack, service: { ...rolledBack.service!, ...behindBalancer }, running, stopped: [killed], targets: [old] },
    ]);
    assert.equal(status, 1);
    assert.match(err, /^Why: The health check gets HTTP 404 for \/healthz and expects 200\.$/m);
    assert.match(
      err,
      /^ {2}Health check: GET http:\/\/TASK:8000\/healthz, expecting 200, every 10 s\n {2}Its answer: Health checks failed with these codes: \[404\]$/m,
    );
    assert.doesNotMatch(err, /timed out/);
  });

  it("prints at most a few events at a time, and none of a rollout that was over before", async () => {
    const events = [6, 5, 4, 3, 2, 1].map((i) => ({ id: `e${i}`, createdAt: at(7 + i / 10), message: `(service web) event ${i}.` }));
    const done: Step = { service: { ...service([deployment(7)]), events }, serviceDeployments: [serviceDeployment(7)] };
    const late = await wait([{ service: { ...updating(1), events }, serviceDeployments: [going(7)] }, done]);
    assert.deepEqual(late.err.split("\n").slice(0, 4), ["  (3 earlier events)", "  event 4.", "  event 5.", "  event 6."]);
    await aws.close();
    const over = await wait([done]);
    assert.equal(over.err, "web:7: 2 of 2 running\n");
  });

  it("names the alarm that rolled the deployment back", async () => {
    const alarms = { status: "TRIGGERED" as const, alarmNames: ["web-5xx"], triggeredAlarmNames: ["web-5xx"] };
    const { status, err } = await wait([
      { service: service([deployment(6)]), serviceDeployments: [serviceDeployment(7, { status: "ROLLBACK_SUCCESSFUL", alarms })] },
    ]);
    assert.equal(status, 1);
    assert.match(err, /^Why: A deployment alarm fired while the new revision took traffic: web-5xx\.$/m);
  });

  it("fails when another revision was deployed after it", async () => {
    const { status, err } = await wait([
      { service: updating(1), serviceDeployments: [going(7)] },
      {
        service: service([deployment(8, { rolloutState: "IN_PROGRESS" })]),
        serviceDeployments: [going(8), serviceDeployment(7, { status: "STOPPED" })],
      },
    ]);
    assert.equal(status, 1);
    assert.match(err, /^web:7 is not the revision that serves: web:8 was deployed after it\.$/m);
  });

  it("waits a moment for a deployment or a service that does not show yet", async () => {
    const { status } = await wait([
      {},
      { service: service([deployment(6)]), serviceDeployments: [serviceDeployment(6)] },
      { service: updating(1), serviceDeployments: [going(7), serviceDeployment(6)] },
      { service: service([deployment(7)]), serviceDeployments: [serviceDeployment(7)] },
    ]);
    assert.equal(status, 0);
  });

  it("does not believe that a rollout is complete while its tasks fail one after the other, where AWS keeps no record of deployments", async () => {
    const complete = { service: service([deployment(7)]) };
    const stops = (...ids: string[]) => ids.map((id) => crashed(id, 7, 1));
    const steps = [stops("a"), stops("b", "a"), stops("c", "b", "a"), stops("c", "b", "a")].map((stopped) => ({ ...complete, stopped }));
    const { status } = await wait(steps);
    assert.equal(status, 0);
    assert.equal(aws.inputs("DescribeServices").length, 4);
  });

  it("gives up on a deployment that never shows", async () => {
    const { status, err } = await wait([{ service: service([deployment(6)]), serviceDeployments: [serviceDeployment(6)] }]);
    assert.equal(status, 1);
    assert.match(err, /^web:7 has no deployment on this service in ECS's records; the service runs web:6\.$/m);
  });

  it("names the services that there are when this one is missing", async () => {
    const { status, err } = await wait([{}]);
    assert.equal(status, 1);
    assert.match(err, /^There is no service web in the cluster apps\. It has: web, worker\.$/m);
    assert.doesNotMatch(err, /^\s+at /m, "no stack trace");
  });

  it("ends at the deadline with what is known", async () => {
    const targets = [
      {
        Target: { Id: "10.0.1.7", Port: 8000 },
        TargetHealth: { State: "unhealthy" as const, Reason: "Target.Timeout" as const, Description: "Request timed out" },
      },
    ];
    const stuck: Step = {
      service: { ...updating(1), ...behindBalancer },
      serviceDeployments: [going(7)],
      running: [withAddress(task("aaaa", 7), "10.0.1.7")],
      targets,
    };
    const { status, err } = await wait([stuck], [...WAIT_7, "--timeout", "0.002"]);
    assert.equal(status, 1);
    assert.match(err, /^web:7 is still being rolled out: 1 of 2 tasks run\.$/m);
    assert.match(err, /^Why: The load balancer gets no response from the new tasks on port 8000\/healthz: the requests time out/m);
    assert.match(err, /^ {2}Health check: GET http:\/\/TASK:8000\/healthz, expecting 200, every 10 s$/m);
  });

  it("says at the deadline how long it waited, where nothing else is known", async () => {
    const { status, err } = await wait([{ service: updating(1), serviceDeployments: [going(7)] }], [...WAIT_7, "--timeout", "0.002"]);
    assert.equal(status, 1);
    assert.match(err, /^Why: The rollout did not finish within 0\.002 minutes\.$/m);
  });

  it("leaves AWS as it is when it is interrupted, and says so", async () => {
    const { status, err } = await wait(
      [{ service: updating(1), serviceDeployments: [going(7)] }],
      WAIT_7,
      {},
      { interruptWhen: ({ err }) => err.includes("1 of 2 running") },
    );
    assert.equal(status, 130);
    assert.match(err, /^Interrupted\. The rollout continues in AWS\.$/m);
    assert.match(err, /berth wait --cluster apps --service web/);
    const operations = new Set(aws.calls.map((call) => call.operation));
    assert.deepEqual(
      [...operations].filter((name) => !/^(?:Describe|List|Get)/.test(name)),
      [],
    );
  });

  it("retries when it is throttled", async () => {
    const throttled = new Failure("ThrottlingException", "Rate exceeded");
    const answer = { services: [service([deployment(7)])] };
    const { status } = await wait([{ serviceDeployments: [serviceDeployment(7)] }], WAIT_7, {
      DescribeServices: [throttled, throttled, answer],
    });
    assert.equal(status, 0);
    assert.equal(aws.inputs("DescribeServices").length, 3);
  });

  it("says which permission is missing", async () => {
    const message = "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ecs:DescribeServices";
    const { status, err } = await wait([{}], WAIT_7, { DescribeServices: new Failure("AccessDeniedException", message) });
    assert.equal(status, 1);
    assert.match(err, /^AWS did not permit this \(AccessDeniedException\): User: \S+ is not authorized to perform: ecs:DescribeServices$/m);
  });

  it("prints one JSON object on stdout with --json", async () => {
    const { status, out } = await wait([rolledBack], [...WAIT_7, "--json"]);
    assert.equal(status, 1);
    const result = JSON.parse(out) as Record<string, unknown> & { diagnosis: Record<string, unknown> };
    assert.deepEqual(
      { ...result, diagnosis: undefined, next: undefined },
      {
        cluster: "apps",
        service: "web",
        state: "rolledBack",
        revision: "web:7",
        serving: "web:6",
        ok: false,
        status: 1,
        summary: "web:7 did not go live: ECS rolled the service back to web:6. (2026-11-26 12:09 UTC)",
        diagnosis: undefined,
        next: undefined,
      },
    );
    assert.equal(result.diagnosis.cause, "crash-on-start");
    assert.deepEqual(result.diagnosis.log, { container: "app", lines: ["starting", "Error: DATABASE_URL is not set"] });
  });

  it("does not blame a revision for the stops of an earlier attempt, of another revision, or that were intended", async () => {
    const stopped = [
      { ...crashed("old", 7, 9), createdAt: at(1) },
      crashed("other", 6, 9),
      stoppedTask("scaled", 7, "Scaling activity initiated by (deployment ecs-svc/7)", undefined, {
        stopCode: "ServiceSchedulerInitiated",
      }),
      stoppedTask("user", 7, "stopped to look at it", undefined, { stopCode: "UserInitiated" }),
    ];
    const { err } = await wait([{ ...rolledBack, stopped }]);
    assert.match(err, /^Why: The circuit breaker counted too many tasks/m);
    assert.equal(err.includes("exit code 9"), false);
  });

  it("takes everything from the environment, and region and credentials from the stack's settings", async () => {
    const directory = mkdtempSync(join(tmpdir(), "berth-"));
    writeFileSync(join(directory, "Pulumi.yaml"), "name: web\nruntime: nodejs\n");
    const role = "arn:aws:iam::111122223333:role/deploy";
    writeFileSync(
      join(directory, "Pulumi.dev.yaml"),
      `config:\n  aws:region: eu-west-1\n  aws:assumeRole:\n    roleArn: ${role}\n    externalId: berth-42\n`,
    );
    const env = {
      BERTH_STACK: "dev",
      BERTH_CLUSTER: "apps",
      BERTH_SERVICE: "web",
      BERTH_TASK_DEFINITION: revision(7),
      BERTH_TIMEOUT_MINUTES: "5",
      AWS_REGION: undefined,
    };
    const credentials = {
      AccessKeyId: "ASIAROLE",
      SecretAccessKey: "secret",
      SessionToken: "token",
      Expiration: new Date(Date.now() + 3600_000),
    };
    const done: Step = { service: service([deployment(7)]), serviceDeployments: [serviceDeployment(7)] };
    try {
      const { status, err } = await wait([done], ["wait"], { AssumeRole: { Credentials: credentials } }, { env, cwd: directory });
      assert.equal(status, 0, err);
    } finally {
      rmSync(directory, { recursive: true });
    }
    const [assumed] = aws.inputs("AssumeRole");
    assert.equal(assumed?.RoleArn, role);
    assert.equal(assumed?.ExternalId, "berth-42");
    const ecsCalls = aws.calls.filter(({ operation }) => operation !== "AssumeRole");
    assert.deepEqual([...new Set(ecsCalls.map(({ accessKey, region }) => `${accessKey} ${region}`))], ["ASIAROLE eu-west-1"]);
  });

  it("asks each service revision only once", async () => {
    assert.equal(Object.keys(REVISIONS).length, 4);
    await wait([
      { service: updating(0), serviceDeployments: [going(7), serviceDeployment(6)] },
      { service: updating(1), serviceDeployments: [going(7), serviceDeployment(6)] },
      { service: service([deployment(7)]), serviceDeployments: [serviceDeployment(7), serviceDeployment(6)] },
    ]);
    assert.equal(aws.inputs("DescribeServiceRevisions").length, 1);
  });
});

describe("berth wait, with wrong options", () => {
  const cases: [string, string[], RegExp][] = [
    [
      "a timeout that is no number",
      [...WAIT_7, "--timeout", "soon"],
      /option '--timeout <minutes>' argument 'soon' is invalid\. It must be a number above 0\./,
    ],
    [
      "a cluster without a service",
      ["wait", "--cluster", "apps"],
      /--cluster is given without --service: give both, or neither \(and --stack NAME\)\./,
    ],
    ["no project", ["wait"], /There is no Pulumi project \(Pulumi\.yaml\) in \/ or above it\./],
  ];
  for (const [name, args, message] of cases) {
    it(name, async () => {
      const { status, err } = await berth("http://127.0.0.1:9", args);
      assert.equal(status, 1);
      assert.match(err, message);
    });
  }
});
