import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build";
import { describeWithDocker, inspectImage, removeContainers, stateOf } from "./docker";
import { startLoad } from "./load";
import { plannedService, stacks } from "./planned";
import { keepThePromises } from "./promises";
import { app, buildSample, type Sample } from "./sample";
import { answers, eventually, faultOfStop, logsOf, type Subject, startTask, stopTask, type Task } from "./task";

let sample: Sample;

async function prepare() {
  sample = await buildSample();
  console.log(`    base image: ${sample.base.image}, ${sample.base.description}`);
}

/** The sample's image with a program of tests/container/variants in place of its own. */
const variant = (name: string) =>
  build({ context: { location: join(__dirname, "variants") }, tag: `berth-test/${name}`, buildArgs: { PROGRAM: `${name}.mjs` } });

describeWithDocker("the sample app in containers", ["haproxy"], () => {
  before(prepare);
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
      const added = (await inspectImage(sample.image)).Size - (await inspectImage(sample.base.image)).Size;
      assert.ok(added > 0 && added <= 1_000_000, `${added} bytes`);
    });

    it("is the same for the same sources, whenever and wherever they are built", async () => {
      chmodSync(join(copy, "src/server.ts"), 0o600);
      utimesSync(join(copy, "src/server.ts"), 1, 1);
      await sample.rebuild("berth-test/again", copy);
      assert.deepEqual(await content("berth-test/again"), await content(sample.image));
    });

    it("does not change with a README, a test, installed packages or a secret beside the sources", async () => {
      for (const folder of ["tests", "node_modules/left"]) mkdirSync(join(copy, folder), { recursive: true });
      for (const file of ["README.md", "tests/a.test.ts", "node_modules/left/index.js", ".env", ".dockerignore.bak"])
        writeFileSync(join(copy, file), "changed");
      await sample.rebuild("berth-test/beside", copy);
      assert.deepEqual(await content("berth-test/beside"), await content(sample.image));
    });

    it("changes with the sources", async () => {
      writeFileSync(join(copy, "src/more.ts"), "export const more = 1;\n");
      await sample.rebuild("berth-test/changed", copy);
      assert.notDeepEqual((await content("berth-test/changed")).layers, (await content(sample.image)).layers);
    });
  });

  describe("stopping", () => {
    const listens = (task: Task) =>
      eventually("it listens", 20, async () => (await logsOf(task)).some(({ message }) => message === "listening"));
    const subject = (image = sample.image): Subject => ({ image, planned: structuredClone(sample.planned) });

    it("answers every request that it accepted before or while it stops, under load", async () => {
      const task = await startTask(subject(), "stopping", { network: "host" });
      await answers(task);
      const load = startLoad(task.url, 32);
      await eventually("load is on", 20, async () => load.answered() > 1000);
      const stop = await stopTask(task);
      const { failures, answered } = await load.stop();
      assert.equal(faultOfStop(stop, sample.planned.container.stopTimeout!), undefined);
      // Nobody takes the task out of service here, so clients come back to a closed port. Refused is not lost: the request was never accepted.
      delete failures.ECONNREFUSED;
      assert.deepEqual(failures, {});
      assert.ok((await logsOf(task)).filter(({ path }) => path === "/").length >= answered);
    });

    it("finishes a slow request in flight", async () => {
      const image = await variant("slow");
      const task = await startTask(subject(image), "slow");
      await listens(task);
      const answer = await fetch(task.url);
      const stop = await stopTask(task);
      assert.equal(await answer.text(), "done");
      assert.equal(faultOfStop(stop, sample.planned.container.stopTimeout!), undefined);
      assert.ok(stop.seconds >= 2, `it waited for the request: ${stop.seconds} s`);
    });

    it("does not wait for connections that send nothing", async () => {
      const task = await startTask(subject(), "idle");
      await answers(task);
      await (await fetch(task.url)).text();
      const { seconds } = await stopTask(task);
      assert.ok(seconds < 5, `${seconds} s with a kept connection, which stays open for 65 s otherwise`);
    });

    it("is found out when it ignores SIGTERM", async () => {
      const image = await variant("stubborn");
      const impatient = subject(image);
      impatient.planned.container.stopTimeout = 2;
      const task = await startTask(impatient, "stubborn");
      await listens(task);
      const stop = await stopTask(task);
      assert.equal(faultOfStop(stop, 2), "ignored SIGTERM for 2 s and was killed (exit code 137)");
    });
  });

  it("is ended at its memory limit", async () => {
    const image = await variant("hungry");
    const task = await startTask({ image, planned: structuredClone(sample.planned) }, "hungry");
    const state = await eventually("it ends", 30, async () => {
      const found = await stateOf(task.name);
      return !found.Running && found;
    });
    assert.deepEqual({ killed: state.OOMKilled, code: state.ExitCode }, { killed: true, code: 137 });
  });
});

describeWithDocker("the sample app under the planned task definitions", ["haproxy"], () => {
  before(prepare);
  keepThePromises(
    stacks().map((stack) => ({
      title: stack,
      prepare: async () => ({ image: sample.image, planned: await plannedService(stack) }),
      // As many as the others serve while they drain; dev drains for a moment only, on the smallest CPU.
      requests: stack === "dev" ? 4_000 : 20_000,
    })),
  );
});
