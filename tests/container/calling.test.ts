// A service that calls another by its name, while that one is rolled under load. AWS's proxy (Envoy) is not to be had: HAProxy stands where it would, without
// its retries, and a line in the caller's hosts file leads the name to it, as a line of AWS's does in a task.
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { REPOSITORY } from "../helpers/places";
import { Balancer } from "./balancer";
import { build } from "./build";
import { describeWithDocker, removeContainers } from "./docker";
import { startLoad } from "./load";
import { type PlannedService, plannedServicesOf } from "./planned";
import { buildSample } from "./sample";
import { answers, eventually, faultOfStop, freePort, logsOf, startTask, stopTask } from "./task";

const REQUESTS = 20_000;
/** Seconds that a proxy has to learn that a task goes, before that task gets SIGTERM. */
const NOTICE = 2;

describeWithDocker("services that call each other, with a model of AWS's proxy between them", ["haproxy"], function () {
  this.timeout(180_000);
  let port: number;
  let planned: Map<string, PlannedService>;
  let images: { web: string; api: string };

  before(async () => {
    port = await freePort();
    planned = await plannedServicesOf("dev", ["service.calls[0]=api", `services.api.connect.port=${port}`]);
    const sample = await buildSample();
    const context = { location: join(REPOSITORY, "examples/connect/app") };
    const web = await build({ context, tag: "berth-test/caller", overrides: { BASE_IMAGE: sample.base.image } });
    images = { web, api: sample.image };
  });
  afterEach(removeContainers);

  it(`lose none of ${REQUESTS} calls by name while the called one is rolled`, async () => {
    const subject = (name: "web" | "api") => ({ image: images[name], planned: planned.get(name)! });
    const startApi = async (revision: string) => {
      const task = await startTask(subject("api"), `api-${revision}`, { network: "host", environment: { REVISION: revision } });
      await answers(task);
      return task;
    };
    const old = await startApi("1");
    const proxy = await Balancer.start(old.url, port);
    try {
      // Nothing but the name in the planned environment tells the caller where to go.
      const web = await startTask(subject("web"), "web", { network: "host" }, { api: "127.0.0.1" });
      await answers(web);
      const load = startLoad(web.url);
      await eventually("the old task has a share of the calls", 60, async () => load.answered() >= REQUESTS / 4);
      const fresh = await startApi("2");
      await proxy.register("new", fresh.url);
      await proxy.drain("old");
      await sleep(NOTICE * 1000);
      await proxy.cut("old");
      const stop = await stopTask(old);
      await eventually(`${REQUESTS} calls are answered`, 80, async () => load.answered() >= REQUESTS);
      const { answered, failures } = await load.stop();

      assert.deepEqual(failures, {});
      assert.ok(answered >= REQUESTS);
      assert.equal(faultOfStop(stop, planned.get("api")!.container.stopTimeout!), undefined);
      const served = async (task: typeof old) => (await logsOf(task)).filter(({ path, status }) => path === "/" && status === 200).length;
      const shares = [await served(old), await served(fresh)] as const;
      assert.ok(
        Math.min(...shares) > 0 && shares[0] + shares[1] >= answered,
        `each call reached one of them: ${shares.join(", ")} of ${answered}`,
      );
    } finally {
      await proxy.stop();
    }
  });
});
