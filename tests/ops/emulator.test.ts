import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type ContainerDefinition, ECS } from "@aws-sdk/client-ecs";
import { describeWithEmulator, docker, Emulator } from "./emulator";
import { berth, type HarnessOptions, type Result } from "./harness";
import { ScriptedAws } from "./scripted-aws";

const PLACE = ["--cluster", "apps", "--service", "web"];
const FAST = ["--every", "0.3"];
/** A process that runs until it is told to stop, as an app does. */
const app = (marker: string) => `echo ${marker} is up; trap 'exit 0' TERM; sleep 600 & wait`;

// What the emulator is truthful about, with real containers. The rest is played over HTTP in the other files of this folder.
describeWithEmulator("day-two commands with real containers", () => {
  let emulator: Emulator;
  let ecs: ECS;
  let image: string;
  let clusterArn: string;
  /** The one service that the emulator lacks and `npx berth status` asks. */
  let scaling: ScriptedAws;

  const run = (args: string[], options?: HarnessOptions): Promise<Result> =>
    berth(emulator.url, args, { ...options, env: { AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING: scaling.url } });
  const waitFor = (revision: string) => run(["wait", ...PLACE, ...FAST, "--task-definition", revision, "--timeout", "0.7"]);

  async function register(script: string, fields: Partial<ContainerDefinition> = {}): Promise<string> {
    const options = {
      "awslogs-group": "/apps/web",
      "awslogs-region": "us-east-1",
      "awslogs-stream-prefix": "web",
      "awslogs-create-group": "true",
    };
    const container = {
      name: "app",
      image,
      essential: true,
      command: ["/bin/sh", "-c", script],
      logConfiguration: { logDriver: "awslogs" as const, options },
      ...fields,
    };
    const { taskDefinition } = await ecs.registerTaskDefinition({ family: "web", containerDefinitions: [container] });
    return taskDefinition!.taskDefinitionArn!;
  }

  async function release(script: string, fields?: Partial<ContainerDefinition>): Promise<string> {
    const taskDefinition = await register(script, fields);
    await ecs.updateService({ cluster: "apps", service: "web", taskDefinition });
    return taskDefinition;
  }

  async function releaseGood(marker: string): Promise<string> {
    const revision = await release(app(marker));
    const { status, err } = await waitFor(revision);
    assert.equal(status, 0, err);
    return revision;
  }

  const shortName = (arn: string) => arn.split("/").pop()!;

  before(async () => {
    scaling = await ScriptedAws.start({ DescribeScalableTargets: { ScalableTargets: [] } });
    emulator = await Emulator.start();
    image = await emulator.pushImage();
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    ecs = new ECS({ endpoint: emulator.url, region: "us-east-1", credentials });
    clusterArn = (await ecs.createCluster({ clusterName: "apps" })).cluster!.clusterArn!;
    await ecs.createService({
      cluster: "apps",
      serviceName: "web",
      taskDefinition: await register(app("first")),
      desiredCount: 1,
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        maximumPercent: 200,
        minimumHealthyPercent: 100,
      },
    });
  });
  after(async () => {
    await emulator?.stop();
    await scaling?.close();
    if (image) await docker("rmi", "--force", image).catch(() => undefined);
  });

  it("waits for a first deployment until its container really runs", async () => {
    const { status, out } = await run(["wait", ...PLACE, ...FAST]);
    assert.equal(status, 0);
    assert.match(out, /^web:1 serves: 1 of 1 tasks run\.$/m);
    assert.equal((await emulator.containers("first is up")).length, 1, "the emulator only pretends to run containers");
  });

  it("follows an update to its end, and shows it in the status", async () => {
    const revision = await releaseGood("second");
    assert.equal((await emulator.containers("second is up")).length, 1);
    const { out, err } = await run(["status", ...PLACE, "--json"]);
    assert.equal(err, "");
    const report = JSON.parse(out) as { revision: string; running: { revision: string; status: string; images: { digest?: string }[] }[] };
    assert.equal(report.revision, shortName(revision));
    const current = report.running.filter((task) => task.revision === shortName(revision));
    assert.deepEqual(
      current.map(({ status }) => status),
      ["RUNNING"],
    );
    assert.match(current[0]!.images[0]!.digest!, /^sha256:[0-9a-f]{64}$/);
  });

  it("fails when the revision is superseded by another one", async () => {
    const overtaken = await release(app("overtaken"));
    const winner = await release(app("winner"));
    const { status, err } = await waitFor(overtaken);
    assert.equal(status, 1);
    assert.match(err, new RegExp(`${shortName(overtaken)} is not the revision that serves: ${shortName(winner)} was deployed after it\\.`));
    assert.equal((await waitFor(winner)).status, 0);
  });

  it("explains an instant crash after the rollback: stopped reason, exit code, last log lines; the next good release goes through", async () => {
    const good = await releaseGood("before");
    const bad = await release("echo starting; echo 'DATABASE_URL is not set'; exit 3");
    const { status, err } = await waitFor(bad);
    assert.equal(status, 1);
    assert.match(err, new RegExp(`^${shortName(bad)} did not go live: ECS rolled the service back to ${shortName(good)}\\.`, "m"));
    assert.match(err, /^Why: The container app crashed: exit code 3 after .* \(3 tasks so far\)\.$/m);
    assert.match(err, /^ {2}Stopped reason \(task \w{8}\): Essential container exited$/m);
    assert.match(err, /^ {4}\| starting\n {4}\| DATABASE_URL is not set$/m);

    const again = await waitFor(bad);
    assert.equal(again.status, 1);
    assert.match(again.err, /pulumi up --refresh/);

    await releaseGood("after");
  });

  it("ends a release that crashes again and again where no circuit breaker watches, and ECS would go on for good", async () => {
    const first = await register(app("steady"));
    await ecs.createService({ cluster: "apps", serviceName: "unwatched", taskDefinition: first, desiredCount: 1 });
    const place = ["--cluster", clusterArn, "--service", "unwatched", ...FAST];
    assert.equal((await run(["wait", ...place, "--task-definition", first])).status, 0);
    const taskDefinition = await register("echo starting; exit 3");
    await ecs.updateService({ cluster: "apps", service: "unwatched", taskDefinition });
    const { status, err } = await run(["wait", ...place, "--task-definition", taskDefinition]);
    await ecs.deleteService({ cluster: "apps", service: "unwatched", force: true });
    assert.equal(status, 1);
    assert.match(err, new RegExp(`^${shortName(taskDefinition)} cannot go live: its tasks keep failing the same way`, "m"));
    assert.match(err, /^Why: The container app crashed: exit code 3/m);
    const lines = err.trim().split("\n");
    assert.deepEqual(lines, [...new Set(lines)], "each thing is said once");
  });

  it("names a missing image", async () => {
    await releaseGood("imaged");
    const { status, err } = await waitFor(await release("true", { image: image.replace(":1", ":gone") }));
    assert.equal(status, 1);
    assert.match(err, /^Why: The image 127\.0\.0\.1:\d+\/app:gone does not exist\.$/m);
  });

  it("names a missing secret", async () => {
    await releaseGood("trusted");
    const valueFrom = "arn:aws:secretsmanager:us-east-1:111122223333:secret:none-AbCdEf";
    const { status, err } = await waitFor(await release("true", { secrets: [{ name: "TOKEN", valueFrom }] }));
    assert.equal(status, 1);
    assert.match(err, new RegExp(`^Why: A secret that the task asks for does not exist.*: ${valueFrom}\\.$`, "m"));
  });

  it("prints and follows the log", async () => {
    await releaseGood("chatty; echo 'error: one'; echo fine");
    const all = await run(["logs", ...PLACE, ...FAST, "--follow"], { interruptWhen: ({ out }) => out.includes("fine") });
    assert.equal(all.status, 0);
    assert.match(all.out, /^[\d:.]{12} \w{8} chatty$/m);
    const errors = await run(["logs", ...PLACE, "--grep", "^error"]);
    assert.match(errors.out, /^[\d:.]{12} \w{8} error: one\n$/);
  });

  it("shows a task that was killed from outside, prints its log as the previous one, and waits for the replacement", async () => {
    await releaseGood("bystander");
    await releaseGood("victim");
    // The old task has to be gone first: else it, and not the victim, is the last that stopped.
    for (let tries = 0; tries < 50 && (await emulator.containers("bystander is up")).length > 0; tries++) await sleep(200);
    const [victim] = await emulator.containers("victim is up");
    await docker("kill", victim!);
    const killed = "Essential container exited (app exit code 137)";
    let reasons: string[] = [];
    for (let tries = 0; tries < 50 && !reasons.includes(killed); tries++) {
      await sleep(200);
      const report = JSON.parse((await run(["status", ...PLACE, "--json"])).out) as { lastStops: { reason: string }[] };
      reasons = report.lastStops.map(({ reason }) => reason);
    }
    assert.ok(reasons.includes(killed), reasons.join("\n"));
    assert.match((await run(["logs", ...PLACE, "--previous"])).out, /victim is up/);
    assert.equal((await run(["wait", ...PLACE, ...FAST])).status, 0, "the replacement serves");
  });

  it("runs a one-off task: its log, its exit code", async () => {
    const { status, out } = await run(["run", ...PLACE, ...FAST, "--", "/bin/sh", "-c", "echo migrating; echo done; exit 7"]);
    assert.equal(out, "migrating\ndone\n");
    assert.equal(status, 7);
  });

  it("stops a one-off task on Ctrl-C", async () => {
    const { status, out } = await run(["run", ...PLACE, ...FAST, "--", "/bin/sh", "-c", app("endless")], {
      interruptWhen: ({ out }) => out.includes("endless is up"),
    });
    assert.equal(out, "endless is up\n");
    assert.equal(status, 130);
    assert.deepEqual(await emulator.containers("endless is up"), []);
  });

  it("goes back to the revision before, and to a named one", async () => {
    const earlier = await releaseGood("earlier");
    const later = await releaseGood("later");
    const back = await run(["rollback", ...PLACE, ...FAST]);
    assert.equal(back.status, 0, back.err);
    assert.match(back.out, new RegExp(`^${shortName(earlier)} serves: 1 of 1 tasks run\\.$`, "m"));
    const forth = await run(["rollback", ...PLACE, ...FAST, "--to", later.split(":").pop()!]);
    assert.equal(forth.status, 0, forth.err);
    assert.match(forth.out, new RegExp(`^${shortName(later)} serves`, "m"));
    assert.equal((await emulator.containers("later is up")).length, 1);
  });
});
