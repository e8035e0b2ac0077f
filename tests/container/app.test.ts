import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseImage } from "./base";
import { build } from "./build";
import { describeWithDocker, inspectImage, removeContainers, stateOf } from "./docker";
import { startLoad } from "./load";
import { plannedService, root, stacks } from "./planned";
import { keepThePromises } from "./promises";
import { answers, eventually, faultOfStop, logsOf, type Subject, startTask, stopTask } from "./task";

let base: { image: string; description: string };
const app = join(root, "app");
const buildApp = (tag: string, folder = app, noCache = false) =>
  build({ ...plannedService(stacks()[0]!).image, context: { location: folder }, tag, noCache, overrides: { BASE_IMAGE: base.image } });

/** The sample's image with another program in it, started by `command`. */
async function variant(name: string, files: Record<string, string>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "berth-variant-"));
  try {
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
    writeFileSync(join(folder, "Dockerfile"), `FROM berth-test/app\nCOPY *.js /app/\nCMD ["node", "main.js"]\n`);
    return await build({ context: { location: folder }, tag: `berth-test/${name}` });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describeWithDocker("the sample app in containers", ["haproxy"], function () {
  this.timeout(120_000);

  before(async () => {
    base = await baseImage(join(app, "Dockerfile"), { programs: [process.execPath] });
    console.log(`    base image: ${base.description}`);
    await buildApp("berth-test/app");
  });
  afterEach(removeContainers);

  describe("image", () => {
    let copy: string;
    beforeEach(() => {
      copy = mkdtempSync(join(tmpdir(), "berth-app-"));
      cpSync(app, copy, { recursive: true });
    });
    afterEach(() => rmSync(copy, { recursive: true }));
    const content = async (tag: string) => {
      const { RootFS, Config } = await inspectImage(tag);
      return { layers: RootFS.Layers, config: Config };
    };

    it("adds at most 1 MB to its base", async () => {
      const added = (await inspectImage("berth-test/app")).Size - (await inspectImage(base.image)).Size;
      assert.ok(added > 0 && added <= 1_000_000, `${added} bytes`);
    });

    it("is the same for the same sources, whenever and wherever they are built", async () => {
      chmodSync(join(copy, "src/server.ts"), 0o600);
      utimesSync(join(copy, "src/server.ts"), 1, 1);
      await buildApp("berth-test/again", copy, true);
      assert.deepEqual(await content("berth-test/again"), await content("berth-test/app"));
    });

    it("does not change with a README, a test, installed packages or a secret beside the sources", async () => {
      for (const folder of ["tests", "node_modules/left"]) mkdirSync(join(copy, folder), { recursive: true });
      for (const file of ["README.md", "tests/a.test.ts", "node_modules/left/index.js", ".env", ".dockerignore.bak"])
        writeFileSync(join(copy, file), "changed");
      await buildApp("berth-test/beside", copy, true);
      assert.deepEqual(await content("berth-test/beside"), await content("berth-test/app"));
    });

    it("changes with the sources", async () => {
      writeFileSync(join(copy, "src/more.ts"), "export const more = 1;\n");
      await buildApp("berth-test/changed", copy);
      assert.notDeepEqual((await content("berth-test/changed")).layers, (await content("berth-test/app")).layers);
    });
  });

  describe("stopping", () => {
    const subject = (image = "berth-test/app"): Subject => ({ image, planned: plannedService(stacks()[0]!) });

    it("answers every request that it accepted before or while it stops, under load", async () => {
      const task = await startTask(subject(), "stopping", { network: "host" });
      await answers(task);
      const load = startLoad(task.url, 32);
      await eventually("load is on", 20, async () => load.answered() > 1000);
      const stop = await stopTask(task);
      const { failures, wrong, answered } = await load.stop();
      assert.equal(faultOfStop(stop, subject().planned.container.stopTimeout!), undefined);
      // Nobody takes the task out of service here, so clients come back to a closed port. Refused is not lost: the request was never accepted.
      delete failures.ECONNREFUSED;
      assert.deepEqual({ failures, wrong }, { failures: {}, wrong: 0 });
      assert.ok((await logsOf(task)).filter(({ path }) => path === "/").length >= answered);
    });

    it("finishes a slow request in flight", async () => {
      const image = await variant("slow", {
        "main.js":
          'import { server, start } from "./service.js"; server.on("request", (_, response) => setTimeout(() => response.end("done"), 3000)); start();',
      });
      const task = await startTask(subject(image), "slow");
      await eventually("it listens", 20, async () => (await logsOf(task)).some(({ message }) => message === "listening"));
      // The headers are here, the body is 3 seconds away.
      const answer = await fetch(task.url);
      const stop = await stopTask(task);
      assert.equal(await answer.text(), "done");
      assert.equal(faultOfStop(stop, 30), undefined);
      assert.ok(stop.seconds > 2, `it waited for the request: ${stop.seconds} s`);
    });

    it("does not wait for connections that send nothing", async () => {
      const task = await startTask(subject(), "idle");
      await answers(task);
      const { seconds } = await stopTask(task);
      assert.ok(seconds < 5, `${seconds} s with a kept connection, which stays open for 65 s otherwise`);
    });

    it("is found out when it ignores SIGTERM", async () => {
      const image = await variant("stubborn", { "main.js": 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);' });
      const impatient = subject(image);
      impatient.planned.container.stopTimeout = 2;
      const stop = await stopTask(await startTask(impatient, "stubborn"));
      assert.equal(faultOfStop(stop, 2), "ignored SIGTERM for 2 s and was killed (exit code 137)");
    });
  });

  it("is ended by its memory limit, and nothing else is", async () => {
    const image = await variant("hungry", { "main.js": "const kept = []; setInterval(() => kept.push(Buffer.alloc(50e6, 1)), 10);" });
    const task = await startTask({ image, planned: plannedService(stacks()[0]!) }, "hungry");
    const state = await eventually("it ends", 30, async () => {
      const found = await stateOf(task.name);
      return !found.Running && found;
    });
    assert.deepEqual({ killed: state.OOMKilled, code: state.ExitCode }, { killed: true, code: 137 });
  });
});

describeWithDocker("the sample app under the planned task definitions", ["haproxy"], () => {
  // 20,000 requests where the load balancer drains for longest, so that they cost no time of their own.
  const planned = new Map(stacks().map((stack) => [stack, plannedService(stack)]));
  const longest = Math.max(...[...planned.values()].map(({ deregistrationDelay }) => deregistrationDelay));
  keepThePromises(
    [...planned].map(([stack, service]) => ({
      title: stack,
      prepare: async () => ({ image: "berth-test/app", planned: service }),
      requests: service.deregistrationDelay === longest ? 20_000 : 4_000,
    })),
  );
});
