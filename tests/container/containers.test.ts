// The containers of a task as Docker runs them: what they ask of their machine, and in which order they start.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { readEnvFile } from "../../facts/env-file";
import { type ContainerDefinition, containersOf, dockerRunArguments, type TaskDefinition } from "../../ops/container/docker-run";
import { appFolder, removeAppFolders } from "../helpers/app-folder";
import { containerName, describeWithDocker, docker, removeContainers, stateOf } from "./docker";
import { plannedServicesOf } from "./planned";
import { buildSample } from "./sample";
import { eventually, startTask } from "./task";

/** The lines of a file in a container. */
const linesOf = async (name: string, file: string) =>
  (await docker("exec", name, "node", "-p", `require("fs").readFileSync("${file}", "utf8")`)).stdout.split("\n");
/** The fields of a line. */
const fieldsOf = (lines: string[], starts: string) => lines.find((line) => line.startsWith(starts))?.split(/\s+/) ?? [];

describeWithDocker("the containers of a task", [], function () {
  this.timeout(120_000);
  let image: string;
  const planned = async (service: object) => {
    const found = await plannedServicesOf("ec2", [
      `service=${JSON.stringify({ networkMode: "bridge", scaling: { min: 1, max: 2 }, ...service })}`,
    ]);
    return found.get("web")!;
  };

  before(async () => {
    image = (await buildSample()).image;
  });
  afterEach(removeContainers);
  after(removeAppFolders);

  it("have the limits, kernel parameters, file systems, names and labels that the plan says", async () => {
    const web = await planned({
      ulimits: { nofile: { softLimit: 2000, hardLimit: 3000 } },
      systemControls: { "net.core.somaxconn": "1234" },
      addCapabilities: ["SYS_PTRACE"],
      sharedMemorySize: "32 MB",
      tmpfs: { "/cache": "16 MB" },
      dockerLabels: { team: "shop" },
      extraHosts: { db: "10.0.0.5" },
      dnsServers: ["10.0.0.2"],
      dnsSearchDomains: ["shop.internal"],
    });
    const { name } = await startTask({ image, planned: web }, "kernel");
    assert.deepEqual(fieldsOf(await linesOf(name, "/proc/1/limits"), "Max open files").slice(3, 5), ["2000", "3000"]);
    assert.equal((await linesOf(name, "/proc/sys/net/core/somaxconn"))[0], "1234");
    assert.equal(fieldsOf(await linesOf(name, "/proc/self/status"), "CapBnd:")[1], (1n << 19n).toString(16).padStart(16, "0"));
    const mounts = await linesOf(name, "/proc/mounts");
    assert.match(mounts.find((line) => line.includes(" /dev/shm "))!, /size=32768k/);
    const cache = mounts.find((line) => line.includes(" /cache "))!;
    for (const option of ["rw", "noexec", "nosuid", "nodev", "size=16384k"]) assert.ok(cache.split(/[\s,]/).includes(option), cache);
    assert.deepEqual(fieldsOf(await linesOf(name, "/etc/hosts"), "10.0.0.5"), ["10.0.0.5", "db"]);
    const resolver = await linesOf(name, "/etc/resolv.conf");
    assert.ok(resolver.includes("nameserver 10.0.0.2") && resolver.includes("search shop.internal"), resolver.join("\n"));
    assert.equal((await docker("inspect", "--format", "{{.Config.Labels.team}}", name)).stdout, "shop");
  });

  it("that share the network of another one, as in awsvpc mode, can have no names and servers of their own", async () => {
    const { name } = await startTask({ image, planned: await planned({}) }, "network");
    for (const option of ["--dns=10.0.0.2", "--add-host=db:10.0.0.5"])
      await assert.rejects(docker("run", "--rm", `--network=container:${name}`, option, image, "true"), /conflicting options/, option);
  });

  it("share a volume: one prepares what another one may only read", async () => {
    const script = 'require("fs").writeFileSync("/reports/today", "42"); require("fs").chmodSync("/reports/today", 0o444)';
    const { task } = await planned({
      volumes: { reports: {} },
      mounts: { reports: { path: "/reports", readOnly: true } },
      dependsOn: { init: "SUCCESS" },
      sidecars: {
        // An empty volume belongs to root.
        init: { image: "helper:1", entryPoint: ["node", "-e", script], essential: false, user: "0:0", mounts: { reports: "/reports" } },
      },
    });
    const volume = (await docker("volume", "create")).stdout;
    try {
      const started = await startInOrder(task, image, 60, { "/reports": volume });
      assert.deepEqual([...started.keys()], ["init", "web"]);
      assert.deepEqual(await linesOf(started.get("web")!, "/reports/today"), ["42"]);
      const write = docker("exec", "--user", "0", started.get("web")!, "node", "-e", 'require("fs").writeFileSync("/reports/x", "")');
      await assert.rejects(write, /EROFS/);
    } finally {
      await removeContainers();
      await docker("volume", "rm", volume);
    }
  });

  it("have the variables of their files as Berth reads them, after those of environment", async () => {
    const text = "# of the app\nMODE=file\n\nGREETING=hello there = all\nEMPTY=\n";
    const folder = appFolder({ "app.env": text });
    const web = await planned({ environmentFiles: ["arn:aws:s3:::settings/app.env"], environment: { MODE: "own" } });
    const { name } = await startTask({ image, planned: web }, "files", { envFile: `${folder}/app.env` });
    const { variables } = readEnvFile(text);
    const seen = JSON.parse((await docker("exec", name, "node", "-p", "JSON.stringify(process.env)")).stdout) as Record<string, string>;
    const expected = { ...Object.fromEntries(variables.map((one) => [one.name, one.value])), MODE: "own" };
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, seen[key]])), expected);
  });

  describe("that wait for each other", () => {
    const node = (script: string) => ({ image: "helper:1", entryPoint: ["node", "-e", script], command: [], essential: false });
    const service = (init: string) => ({
      dependsOn: { init: "SUCCESS", proxy: "HEALTHY" },
      sidecars: {
        init: node(init),
        proxy: {
          ...node('require("fs").writeFileSync("/tmp/ready", ""); setInterval(() => {}, 1000)'),
          dependsOn: { init: "SUCCESS" },
          containerHealthCheck: { command: ["CMD-SHELL", "test -e /tmp/ready"], interval: 5 },
        },
      },
    });

    it("start one after the other", async () => {
      const { task } = await planned(service("process.exit(0)"));
      const started = await startInOrder(task, image, 60);
      assert.deepEqual([...started.keys()], ["init", "proxy", "web"]);
      assert.equal((await stateOf(started.get("proxy")!)).Health?.Status, "healthy");
    });

    it("do not start where the first one fails", async () => {
      const { task } = await planned(service("process.exit(3)"));
      const started = await startInOrder(task, image, 3);
      assert.deepEqual([...started.keys()], ["init"]);
      assert.equal((await stateOf(started.get("init")!)).ExitCode, 3);
    });
  });
});

/**
 * Starts the containers of a task as ECS's agent does: each as soon as those that it waits for are what it waits for. Answers with those that started, in order.
 * `shared` are Docker's volumes that they share, by the folder where each sees them.
 */
async function startInOrder(
  task: TaskDefinition,
  image: string,
  seconds: number,
  shared: Record<string, string> = {},
): Promise<Map<string, string>> {
  const inVolume = (word: string) =>
    word.replace(/^type=volume,target=([^,]+)/, (whole, folder: string) =>
      shared[folder] === undefined ? whole : whole.replace("volume,", `volume,source=${shared[folder]},`),
    );
  const started = new Map<string, string>();
  const waiting = containersOf(task);
  const isReady = async ({ dependsOn = [] }: ContainerDefinition & { dependsOn?: { containerName: string; condition: string }[] }) => {
    for (const { containerName: other, condition } of dependsOn) {
      const name = started.get(other);
      if (name === undefined || !isReached(condition, await stateOf(name))) return false;
    }
    return true;
  };
  const next = async () => {
    for (const [i, container] of waiting.entries()) {
      if (!(await isReady(container))) continue;
      waiting.splice(i, 1);
      const name = containerName(container.name);
      await docker(...dockerRunArguments(task, container, { name, image, imageVolumes: ["/tmp"] }).map(inVolume));
      started.set(container.name, name);
      return false;
    }
    await sleep(100);
    return waiting.length === 0;
  };
  await eventually("all containers start", seconds, next).catch(() => undefined);
  return started;
}

function isReached(condition: string, { Running, ExitCode, Health }: Awaited<ReturnType<typeof stateOf>>): boolean {
  if (condition === "HEALTHY") return Health?.Status === "healthy";
  if (condition === "COMPLETE") return !Running;
  return condition === "START" || (!Running && ExitCode === 0);
}
