// What `npx berth wait` does inside an update: deployments of any origin, rollouts that cannot succeed, missing permissions, credentials that expire.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { at, crashed, deployment, revision, service, serviceDeployment, serviceRevision, task } from "../answers";
import { behindBalancer, type Step, scene } from "../scene";
import { Failure, type Input } from "../scripted-aws";
import { FAST, PLACE, Stage, serving } from "../verbs/stage";
import { going, rolledBack, updating } from "./rollouts";

const WAIT = ["wait", ...PLACE, ...FAST, "--task-definition", revision(7)];
/** What an update hands to its follower besides. */
const UPDATE = { env: { BERTH_REASON: "{}" } };

describe("berth wait in an update that keeps the revision", () => {
  const stage = Stage.use();
  /** Revision 7 served already; now it is deployed again, into other subnets. */
  const again = (status: "IN_PROGRESS" | "SUCCESSFUL" | "ROLLBACK_SUCCESSFUL") => [
    serviceDeployment(7, { createdAt: at(30), startedAt: at(30), status }),
    serviceDeployment(7),
  ];
  const both = service([
    deployment(7, { id: "ecs-svc/30", createdAt: at(30), rolloutState: "IN_PROGRESS", runningCount: 1 }),
    deployment(7, { status: "ACTIVE" }),
  ]);

  it("follows the new deployment to its end, not the one before", async () => {
    const steps = [
      { service: both, serviceDeployments: again("IN_PROGRESS") },
      { service: service([deployment(7, { id: "ecs-svc/30", createdAt: at(30) })]), serviceDeployments: again("SUCCESSFUL") },
    ];
    const { status, err } = await stage.run(WAIT, steps, {}, UPDATE);
    assert.equal(status, 0);
    assert.match(err, /^web:7: 1 of 2 running$/m);
  });

  it("follows one that the service shows before the record of deployments does", async () => {
    const steps = [
      { service: both, serviceDeployments: [serviceDeployment(7)] },
      { service: both, serviceDeployments: again("IN_PROGRESS") },
      { service: service([deployment(7, { id: "ecs-svc/30", createdAt: at(30) })]), serviceDeployments: again("SUCCESSFUL") },
    ];
    assert.equal((await stage.run(WAIT, steps, {}, UPDATE)).status, 0);
    assert.equal(stage.aws.inputs("DescribeServices").length, 3);
  });

  it("confirms by a second poll what was over before, because the new one may not show yet", async () => {
    const steps = [
      serving,
      { service: both, serviceDeployments: again("IN_PROGRESS") },
      { ...serving, serviceDeployments: again("ROLLBACK_SUCCESSFUL") },
    ];
    const { status, err } = await stage.run(WAIT, steps, {}, UPDATE);
    assert.equal(status, 1);
    assert.match(err, /^The new deployment of web:7 failed: ECS went back to the tasks of the previous one\./m);
  });

  it("does the same for an earlier failure of the same revision", async () => {
    const retried = { service: updating(1, { createdAt: at(30) }), serviceDeployments: again("IN_PROGRESS") };
    const { status } = await stage.run(WAIT, [rolledBack, retried, { ...serving, serviceDeployments: again("SUCCESSFUL") }], {}, UPDATE);
    assert.equal(status, 0);
  });

  it("ends with 0 after that poll when no deployment started", async () => {
    const { status, out } = await stage.run(WAIT, [serving], {}, UPDATE);
    assert.equal(status, 0);
    assert.equal(out, "web:7 serves: 2 of 2 tasks run.\n");
    assert.equal(stage.aws.inputs("DescribeServices").length, 2);
  });

  it("does not blame it for tasks of the deployment before, which has the same revision", async () => {
    const old = [crashed("cccc", 7, 9), crashed("bbbb", 7, 9), crashed("aaaa", 7, 9)].map((each) => ({ ...each, createdAt: at(31) }));
    const steps = [
      { service: both, serviceDeployments: again("IN_PROGRESS"), stopped: old },
      { service: both, serviceDeployments: again("IN_PROGRESS"), stopped: old },
      { service: service([deployment(7, { id: "ecs-svc/30", createdAt: at(30) })]), serviceDeployments: again("SUCCESSFUL"), stopped: old },
    ];
    const { status, err } = await stage.run(WAIT, steps, {}, UPDATE);
    assert.equal(status, 0);
    assert.doesNotMatch(err, /stopped/);
  });

  it("takes no rise of the old revision's count for a failure: ECS replaces its unhealthy tasks with it", async () => {
    const mixed = (old: number, running: number) => ({
      service: service([
        deployment(7, { rolloutState: "IN_PROGRESS", runningCount: running }),
        deployment(6, { status: "ACTIVE", desiredCount: old, runningCount: old }),
      ]),
      serviceDeployments: [going(7), serviceDeployment(6)],
      stopped: [crashed("0ld1", 6, 1), crashed("0ld2", 6, 1), crashed("0ld3", 6, 1)].map((each) => ({ ...each, createdAt: at(8) })),
    });
    const { status } = await stage.run(WAIT, [mixed(1, 1), mixed(2, 1), mixed(3, 1), serving], {}, UPDATE);
    assert.equal(status, 0);
  });
});

describe("berth wait on a rollout that cannot succeed", () => {
  const stage = Stage.use();
  const canary = {
    deploymentConfiguration: { strategy: "CANARY" as const },
    deploymentCircuitBreaker: { status: "DISABLED" as const },
    sourceServiceRevisions: [{ arn: serviceRevision(6) }],
  };
  const stopped = rolledBack.stopped!;
  const failing: Step = {
    service: updating(0),
    serviceDeployments: [going(7, canary), serviceDeployment(6)],
    stopped,
    log: rolledBack.log!,
  };
  const back = (status: "ROLLBACK_IN_PROGRESS" | "ROLLBACK_SUCCESSFUL"): Step => ({
    ...rolledBack,
    serviceDeployments: [serviceDeployment(7, { ...canary, status }), serviceDeployment(6)],
  });

  it("ends with the cause and the command that rolls it back, and leaves AWS unchanged", async () => {
    const { status, err } = await stage.run(WAIT, [failing]);
    assert.equal(status, 1);
    assert.deepEqual(err.slice(err.indexOf("web:7 cannot")).split("\n"), [
      "web:7 cannot go live: its tasks keep failing the same way, and none ever worked.",
      "Why: The container app crashed: exit code 1 after 3 s (3 tasks so far).",
      "  Stopped reason (task cccc0000): Essential container in task exited",
      "  Container app: exit code 1",
      "  Last log lines of app:",
      "    | starting",
      "    | Error: DATABASE_URL is not set",
      "What to do:",
      "  - The log lines say why. Likely causes: a missing environment variable or secret, or a database that cannot be reached.",
      "  - Run the same image locally: `docker run --rm -e NAME=VALUE IMAGE`.",
      "  - ECS keeps starting tasks of it until the rollout is stopped: `npx berth rollback --cluster apps --service web`.",
      "  - Deploy the corrected version with `pulumi up`.",
      "",
    ]);
    assert.deepEqual(stage.aws.inputs("StopServiceDeployment"), []);
  });

  it("says so as JSON", async () => {
    const { out } = await stage.run([...WAIT, "--json"], [failing]);
    const { state, ok, revision: name } = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual([state, ok, name], ["lost", false, "web:7"]);
  });

  it("asks ECS once to roll it back if that is requested, and follows that", async () => {
    const steps = [failing, failing, failing, back("ROLLBACK_IN_PROGRESS"), back("ROLLBACK_SUCCESSFUL")];
    const { status, err } = await stage.run(WAIT, steps, { StopServiceDeployment: {} }, { env: { BERTH_ON_FAILURE: "rollback" } });
    assert.equal(status, 1);
    assert.deepEqual(stage.aws.inputs("StopServiceDeployment"), [
      { serviceDeploymentArn: going(7).serviceDeploymentArn, stopType: "ROLLBACK" },
    ]);
    assert.match(err, /^ {2}web:7 cannot go live: asked ECS to roll web back\.$/m);
    assert.match(err, /^web:7 did not go live: ECS rolled the service back to web:6\.$/m);
    assert.match(err, /^Why: The container app crashed: exit code 1/m);
  });

  it("names the command where it may not do that, or where there is nothing to go back to", async () => {
    const denied = new Failure("AccessDeniedException", "User x is not authorized to perform: ecs:StopServiceDeployment");
    const one = await stage.run([...WAIT, "--on-failure", "rollback"], [failing], { StopServiceDeployment: denied });
    assert.equal(one.status, 1);
    assert.equal(one.err.match(/web could not be rolled back: AWS did not permit this/g)?.length, 1);
    assert.match(one.err, /`npx berth rollback --cluster apps --service web`/);

    const first = { ...failing, serviceDeployments: [going(7, { ...canary, sourceServiceRevisions: [] })] };
    const other = await stage.run([...WAIT, "--on-failure", "rollback"], [first], { StopServiceDeployment: {} });
    assert.equal(other.status, 1);
    assert.deepEqual(stage.aws.inputs("StopServiceDeployment"), []);
    assert.match(other.err, /^web:7 cannot go live/m);
  });

  it("knows no other action", async () => {
    const { err } = await stage.run([...WAIT, "--on-failure", "panic"], [failing]);
    assert.match(err, /Allowed choices are leave, rollback\./);
  });
});

describe("what a follower prints", () => {
  const stage = Stage.use();

  it("says each thing once, however often it happens", async () => {
    const breaker = { deploymentCircuitBreaker: { status: "MONITORING" as const, threshold: 200, failureCount: 0 } };
    const steps = Array.from({ length: 40 }, (_, i): Step => {
      const stopped = Array.from({ length: i }, (_, n) => crashed(`${n}aaaa`, 7, 1)).reverse();
      const events = Array.from({ length: i }, (_, n) => ({
        id: `e${n}`,
        createdAt: at(7 + n / 100),
        message: `(service web) has started ${1 + (n % 2)} tasks: (task ${n}aaaa0000).`,
      })).reverse();
      const counts = { failedTasks: i, pendingCount: i % 2 };
      return { service: { ...updating(0, counts), events }, serviceDeployments: [going(7, breaker)], stopped };
    });
    const { err } = await stage.run(WAIT, [...steps, { ...serving, stopped: [] }]);
    const lines = err.trim().split("\n");
    assert.deepEqual(lines, [...new Set(lines)]);
    assert.equal(lines.filter((line) => line.includes("has started")).length, 1);
    assert.equal(lines.filter((line) => line.includes("stopped: Essential container")).length, 1);
    assert.deepEqual(
      [...new Set(lines.map((line) => /, (\d+(?: or more)?) failed/.exec(line)?.[1]).filter(Boolean))],
      ["1", "2", "3", "4", "5 or more", "10 or more", "20 or more"],
    );
  });
});

describe("berth wait without a permission", () => {
  const stage = Stage.use();
  const denied = (action: string) =>
    new Failure(
      "AccessDeniedException",
      `User: arn:aws:sts::111122223333:assumed-role/ci/1 is not authorized to perform: ${action} on resource: *`,
    );
  const behind = {
    service: { ...updating(1), ...behindBalancer },
    serviceDeployments: [going(7), serviceDeployment(6)],
    running: [task("aaaa", 7)],
  };
  const done = { ...serving, service: { ...serving.service!, ...behindBalancer } };
  const cases: [string, string, string][] = [
    ["ListServiceDeployments", "ecs:ListServiceDeployments", "the service's deployments"],
    ["DescribeServiceDeployments", "ecs:DescribeServiceDeployments", "the service's deployments"],
    ["DescribeServiceRevisions", "ecs:DescribeServiceRevisions", "the service's deployments"],
    ["ListTasks", "ecs:ListTasks", "the service's tasks"],
    ["DescribeTasks", "ecs:DescribeTasks", "the service's tasks"],
    ["DescribeTargetGroups", "elasticloadbalancing:DescribeTargetGroups", "the targets' health"],
    ["DescribeTargetHealth", "elasticloadbalancing:DescribeTargetHealth", "the targets' health"],
  ];
  for (const [operation, action, what] of cases) {
    it(`goes on without ${action}, says so once and asks no more`, async () => {
      const { status, err } = await stage.run(WAIT, [behind, behind, done, done], { [operation]: denied(action) });
      assert.equal(status, 0, err);
      assert.equal(err.split(`  Not permitted to read ${what} (${action}); continuing without it.\n`).length, 2, err);
      assert.ok(stage.aws.inputs(operation).length <= 2);
    });
  }

  it("still reports a rollback, and what is missing to explain it", async () => {
    const more = { ListTasks: denied("ecs:ListTasks"), DescribeTaskDefinition: denied("ecs:DescribeTaskDefinition") };
    const { status, err } = await stage.run(WAIT, [{ ...rolledBack, serviceDeployments: [] }], more);
    assert.equal(status, 1);
    assert.match(err, /^web:7 did not go live: ECS rolled the service back to web:6\./m);
    assert.match(err, /^Why: The cause cannot be read without ecs:ListTasks, ecs:DescribeTaskDefinition\.$/m);
    assert.match(err, /Add these actions to the policy of the role or user that runs berth \(docs\/ci\.md\)/);
  });

  it("explains a failure without the log", async () => {
    const { err } = await stage.run(WAIT, [rolledBack], { GetLogEvents: denied("logs:GetLogEvents") });
    assert.match(err, /^ {2}Not permitted to read the container's log \(logs:GetLogEvents\); continuing without it\.$/m);
    assert.match(err, /^Why: The container app crashed: exit code 1/m);
  });

  it("fails where it cannot know the outcome", async () => {
    const { status, err } = await stage.run(WAIT, [behind], { DescribeServices: denied("ecs:DescribeServices") });
    assert.equal(status, 1);
    assert.match(err, /^AWS did not permit this \(AccessDeniedException\)/m);
  });
});

describe("credentials that expire while berth waits", () => {
  const stage = Stage.use();
  const expired = new Failure("ExpiredTokenException", "The security token included in the request is expired");
  const moving = { service: updating(1), serviceDeployments: [going(7), serviceDeployment(6)] };

  it("are read again from where they come from", async () => {
    const file = join(stage.programs.directory, "credentials");
    const write = (key: string) => writeFileSync(file, `[default]\naws_access_key_id = ${key}\naws_secret_access_key = s\n`);
    write("AKIAOLD");
    const script = scene([moving, serving]);
    const answer = script.DescribeServices as () => object;
    let polls = 0;
    const DescribeServices = () => {
      polls++;
      if (polls === 1) write("AKIANEW");
      return polls === 2 ? expired : answer();
    };
    const env = { AWS_SHARED_CREDENTIALS_FILE: file, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const { status, err } = await stage.run(WAIT, [moving, serving], { ...script, DescribeServices }, { env });
    assert.equal(status, 0, err);
    const keys = stage.aws.calls.filter(({ operation }) => operation === "DescribeServices").map(({ accessKey }) => accessKey);
    assert.deepEqual(keys, ["AKIAOLD", "AKIAOLD", "AKIANEW"]);
  });

  it("end the wait with what to do when there are no new ones", async () => {
    let polls = 0;
    const script = scene([moving]);
    const answer = script.DescribeServices as () => object;
    const DescribeServices = () => (++polls === 1 ? answer() : expired);
    const { status, err } = await stage.run(WAIT, [moving], { ...script, DescribeServices });
    assert.equal(status, 1);
    assert.equal(polls, 4);
    assert.match(
      err,
      /^The AWS credentials expired \(ExpiredTokenException\) while berth was following the rollout, which continues in AWS\.$/m,
    );
    assert.deepEqual(err.trim().split("\n").slice(-3), [
      "What to do:",
      "  - Sign in again (`aws sso login`), then `npx berth wait --cluster apps --service web`.",
      "  - In a pipeline, request a session as long as the wait (`role-duration-seconds`, 12 hours at most), or set `aws:assumeRole`, whose sessions are renewed.",
    ]);
  });

  it("are refused at once when they were expired from the start", async () => {
    const { status, err } = await stage.run(WAIT, [moving], { DescribeServices: expired });
    assert.equal(status, 1);
    assert.match(err, /^AWS rejected the credentials \(ExpiredTokenException\)/m);
    assert.equal(stage.aws.inputs("DescribeServices").length, 1);
  });

  it("do not end a one-off task", async () => {
    const started = task("aaaa", 7);
    const inputs: Input[] = [];
    const DescribeTasks = (input: Input) => {
      inputs.push(input);
      return inputs.length === 2 ? expired : { tasks: [inputs.length < 3 ? started : crashed("aaaa", 7, 0)] };
    };
    const { status, err } = await stage.run(["run", ...PLACE, ...FAST, "--", "true"], [serving], {
      RunTask: { tasks: [started] },
      DescribeTasks,
      GetLogEvents: { events: [] },
    });
    assert.equal(status, 0, err);
    assert.equal(inputs.length, 3);
  });
});

describe("berth wait for a service that a pipeline deploys to", () => {
  const stage = Stage.use();
  const wait = (outputs: object) => {
    const all = JSON.stringify({ cluster: "apps", service: "web", region: "us-east-1", taskDefinition: revision(5), ...outputs });
    stage.programs.file("Pulumi.yaml", "name: web\n").add("pulumi", `echo '${all}'`);
    return stage.run(["wait", ...FAST], [serving], {}, { env: stage.programs.env, cwd: stage.programs.directory });
  };

  it("follows the revision that the service has", async () => {
    const { status, out } = await wait({ revision: "external" });
    assert.equal(status, 0);
    assert.equal(out, "web:7 serves: 2 of 2 tasks run.\n");
  });

  it("follows Pulumi's own where Pulumi deploys", async () => assert.equal((await wait({})).status, 1));
});
