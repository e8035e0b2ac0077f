// `berth doctor` on real containers: the sample, which passes, and programs that each break one thing.
import assert from "node:assert/strict";
import type { Check } from "../../ops/check";
import { trial } from "../../ops/container/trial";
import { type Io, processIo } from "../../ops/io";
import { appFolder, removeAppFolders } from "../helpers/app-folder";
import { TEMPLATE } from "../helpers/places";
import { describeWithDocker, environment } from "./docker";
import type { PlannedService } from "./planned";
import { buildSample } from "./sample";

describeWithDocker("berth doctor, in containers", [], () => {
  let planned: PlannedService;
  let base: string;

  before(async () => {
    const sample = await buildSample();
    ({ planned } = sample);
    base = sample.base.image;
  });
  after(removeAppFolders);

  const tried = (service: PlannedService) =>
    trial(
      service,
      { root: TEMPLATE, signal: new AbortController().signal },
      Object.assign(Object.create(processIo) as Io, { env: environment() }),
    );

  /** A program in place of the sample, with the same plan but for what a test changes. */
  async function program(script: string, more: Partial<PlannedService> = {}, dockerfile = ""): Promise<Check> {
    const location = appFolder({
      Dockerfile: `FROM ${base}\n${dockerfile}\nCOPY server.js /\nCMD ["node", "/server.js"]\n`,
      "server.js": script,
    });
    const checks = await tried({ ...planned, image: { context: { location } }, gracePeriod: 5, ...more });
    return checks.find(({ result }) => result !== "ok") ?? assert.fail("nothing was found");
  }
  const serve = (port: string, rest = "") => `require("http").createServer((_, r) => r.end("ok")).listen(${port});${rest}`;

  it("lets the app write to a file system as whatever user, and to none that it only reads", async () => {
    const mounted = (readOnly: boolean): Partial<PlannedService> => {
      const volumes = [...(planned.task.volumes ?? []), { name: "files", efsVolumeConfiguration: {} }];
      const mountPoints = planned.container.mountPoints as object[];
      const mount = { sourceVolume: "files", containerPath: "/files", readOnly };
      return { task: { ...planned.task, volumes }, container: { ...planned.container, mountPoints: [...mountPoints, mount] } };
    };
    const script = `require("fs").writeFileSync("/files/x", "1");${serve("3000")}`;
    assert.match((await program(script, mounted(false))).fix!, /^It listens on 3000/, "it has written, and goes on");
    assert.match(JSON.stringify(await program(script, mounted(true))), /ended with exit code 1/);
  });

  it("passes the sample", async () => {
    const buildArgs = { ...planned.image.buildArgs, BASE_IMAGE: base };
    const checks = await tried({ ...planned, image: { ...planned.image, buildArgs } });
    assert.deepEqual(
      checks.map(({ name, result }) => `${result} ${name}`),
      ["ok Image of web", "ok Health", "ok Health check in the container", "ok Stop"],
      JSON.stringify(checks),
    );
  });

  it("names the path that the app writes to", async () => {
    const { detail, fix } = await program('require("fs").mkdirSync("/cache-of-app");');
    assert.match(detail, /^the app ended with exit code 1/);
    assert.match(fix!, /set service\.writablePaths: \[\/tmp, \/cache-of-app\], or service\.readonlyRootFilesystem: false\.$/);
  });

  it("names the volume that belongs to root", async () => {
    const { fix } = await program('require("fs").writeFileSync("/tmp/x", "");');
    assert.equal(fix, "/tmp belongs to root: add `VOLUME /tmp` to the Dockerfile.");
  });

  it("names the port that the app listens on, and an address that nobody reaches", async () => {
    assert.equal(
      (await program(serve("3000"))).fix,
      "It listens on 3000 and not on 8000: set service.port: 3000, or make it listen on $PORT.",
    );
    assert.equal((await program(serve('8000, "127.0.0.1"'))).fix, "It listens on 127.0.0.1 alone: make it listen on 0.0.0.0.");
  });

  it("names memory and the stop signal", async () => {
    const hungry = await program("const kept = []; setInterval(() => kept.push(Buffer.alloc(50e6, 1)), 10);", { gracePeriod: 60 });
    assert.match(hungry.fix!, /^It needs more than 512 MB: set service\.memory to more\.$/);
    const container = { ...planned.container, stopTimeout: 2 };
    const stubborn = await program(serve("8000", 'process.on("SIGTERM", () => {});'), { container });
    assert.equal(stubborn.detail, "ignores the stop signal, and is killed after 2 s");
  });
});
