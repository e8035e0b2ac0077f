// What every image that Berth deploys must keep, whatever its language: one set of tests, run against an image and the plan it has to live with.
import assert from "node:assert/strict";
import { docker, removeContainers, stateOf } from "./docker";
import { type Roll, roll } from "./roll";
import { answers, eventually, faultOfStop, inContainer, logsOf, type Subject, startTask, statusOf, stopTask, type Task } from "./task";

export interface Case {
  title: string;
  /** Builds the image; called once, before any test. */
  prepare: () => Promise<Subject>;
  /** How many requests the rolling deployment must serve without a failure. */
  requests: number;
}

/** Registers the tests. All containers start together, for each waits for its first health check. */
export function keepThePromises(cases: Case[]) {
  const running = new Map<Case, { subject: Subject; task: Task }>();

  before(async () => {
    const prepare = async (each: Case) => {
      const subject = await each.prepare();
      running.set(each, { subject, task: await startTask(subject, "promises") });
    };
    // Each to its end before one fails the rest, so that every container started is known and removed.
    const failed = (await Promise.allSettled(cases.map(prepare))).find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  });
  after(async () => {
    await Promise.allSettled(rolls.values());
    await removeContainers();
  });

  // All start with the first: most of a roll is waiting for connections to drain.
  const rolls = new Map<Case, Promise<Roll>>();
  const rollOf = (wanted: Case) => {
    for (const each of rolls.size === 0 ? cases : []) {
      const rolling = roll(running.get(each)!.subject, each.requests);
      rolling.catch(() => undefined); // It fails the test that awaits it, which may be later.
      rolls.set(each, rolling);
    }
    return rolls.get(wanted)!;
  };

  for (const each of cases) {
    describe(each.title, () => {
      const subject = () => running.get(each)!.subject;
      const task = () => running.get(each)!.task;
      const container = () => subject().planned.container;

      it("answers / and the health check's path", async () => {
        await answers(task());
        for (const path of ["/", "/health"]) assert.equal(await statusOf(task().url + path), 200, path);
      });

      it("is healthy within the time that its health check allows", async () => {
        const { startPeriod = 0, interval = 30, retries = 3, timeout = 5 } = container().healthCheck!;
        const status = await eventually("the first result of the health check", startPeriod + retries * (interval + timeout), async () => {
          const { Running, Health } = await stateOf(task().name);
          return Running && Health!.Status === "starting" ? undefined : Health!.Status;
        });
        assert.equal(status, "healthy");
      });

      it("logs each request as a line of JSON on stdout, without its query, and nothing on stderr", async () => {
        await statusOf(`${task().url}/logged?token=abc`);
        const lines = await eventually("the request is logged", 5, async () => {
          const found = await logsOf(task());
          return found.some((line) => line.path === "/logged") && found;
        });
        for (const line of lines) {
          assert.match(String(line.level), /^(debug|info|notice|warn|error)$/i, JSON.stringify(line));
          assert.ok(Math.abs(Date.parse(String(line.time)) - Date.now()) < 600_000, JSON.stringify(line));
        }
        const { status, method } = lines.find((line) => line.path === "/logged")!;
        assert.deepEqual({ status, method }, { status: 404, method: "GET" });
        assert.doesNotMatch(JSON.stringify(lines), /token|abc/);
        assert.equal((await docker("logs", task().name)).stderr, "");
      });

      it("runs as the planned user, not root, and without a capability", async () => {
        // Every process there is: the init process as well as the app.
        const script = 'for p in /proc/[0-9]*; do while read -r line; do echo "$line"; done < $p/status; done';
        const status = (await inContainer(task(), script)).split("\n");
        const values = (key: string) =>
          new Set(status.flatMap((line) => line.match(new RegExp(`^${key}:\\s+(.*)`))?.[1]?.split(/\s+/) ?? []));
        const [user, group] = container().user!.split(":");
        assert.deepEqual(values("Uid"), new Set([user]));
        assert.deepEqual(values("Gid"), new Set([group]));
        for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
          assert.deepEqual(values(set), new Set(["0000000000000000"]), set);
      });

      it("can write to its volumes and nowhere else", async () => {
        const files = ["/tmp", "", "/app", "/etc", "/var", "/usr"].map((folder) => `${folder}/probe`);
        const script = `for f in ${files.join(" ")}; do if (echo x > $f) 2>/dev/null; then echo $f; fi; done`;
        assert.deepEqual((await inContainer(task(), script)).split("\n"), ["/tmp/probe"]);
      });

      it("has written nothing outside its volumes", async () => {
        // Docker itself adds its init program and the mount points.
        const changed = (await docker("diff", task().name)).stdout
          .split("\n")
          .filter((line) => !/ (\/sbin(\/docker-init)?|\/usr|\/usr\/sbin(\/docker-init)?)$/.test(line));
        assert.deepEqual(changed.filter(Boolean), []);
      });

      it("stops on SIGTERM, with exit code 0", async () => {
        const stop = await stopTask(task());
        assert.equal(faultOfStop(stop, container().stopTimeout!), undefined);
      });

      it(`rolls from one revision to the next under load: of ${each.requests} requests none fails`, async () => {
        const { load, old, new: fresh, stop, memoryPeak } = await rollOf(each);
        assert.deepEqual(load.failures, {});
        assert.ok(load.answered >= each.requests);
        assert.equal(faultOfStop(stop, container().stopTimeout!), undefined);

        const served = async (task: Task) => (await logsOf(task)).filter(({ path, status }) => path === "/" && status === 200).length;
        const shares = { old: await served(old), new: await served(fresh) };
        assert.ok(shares.old >= each.requests / 4 && shares.new > 0, `both revisions took their share: ${JSON.stringify(shares)}`);
        assert.ok(
          shares.old + shares.new >= load.answered,
          `each answer has its log line: ${JSON.stringify({ ...shares, answered: load.answered })}`,
        );

        const limit = container().memory ?? Number(subject().planned.task.memory);
        assert.ok(memoryPeak > 0 && memoryPeak < limit / 2, `it used ${memoryPeak} of ${limit} MiB: a limit with room to spare`);
        assert.notEqual((await stateOf(fresh.name)).Health?.Status, "unhealthy");
      });
    });
  }
}
