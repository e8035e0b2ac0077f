import assert from "node:assert/strict";
import type { ContainerDefinition } from "../../../ops/container/docker-run";
import { type ContainerState, listenersIn, matches, portRemedy, remedy } from "../../../ops/container/findings";
import { type PlannedService, plannedServices } from "../../../ops/container/planned";
import { makePlan } from "../../../plan/plan";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";
import { TEMPLATE } from "../../helpers/places";

const ENDED: ContainerState = { Running: false, ExitCode: 1, OOMKilled: false };

function fix(log: string, state: Partial<ContainerState> = {}, container: Partial<ContainerDefinition> = {}): string {
  const own = { name: "web", user: "1000:1000", mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp" }], ...container };
  const service = { name: "web", task: { containerDefinitions: "[]", memory: "512" }, container: own } as unknown as PlannedService;
  return remedy(log, { ...ENDED, ...state }, service);
}

describe("what a tried container says", () => {
  for (const [what, log, expected] of [
    [
      "a path before the reason",
      "open /app/cache/x.tmp: read-only file system",
      /set service\.writablePaths: \[\/tmp, \/app\/cache\], or service\.readonlyRootFilesystem: false\.$/,
    ],
    ["Node's", "Error: EROFS: read-only file system, mkdir '/app/.next/cache'", /writablePaths: \[\/tmp, \/app\/\.next\/cache\]/],
    ["Python's", "OSError: [Errno 30] Read-only file system: '/srv/data/db.sqlite3'", /writablePaths: \[\/tmp, \/srv\/data\]/],
    ["a path that is not said", "cannot write: Read-only file system", /: name the folder in service\.writablePaths, or/],
    [
      "a volume of root's",
      "PermissionError: [Errno 13] Permission denied: '/tmp/x'",
      /^\/tmp belongs to root: add `VOLUME \/tmp` to the Dockerfile\.$/,
    ],
    [
      "another's file",
      "Error: EACCES: permission denied, open '/app/server.js'",
      /^User 1000:1000 may not use \/app\/server\.js: let everybody read it/,
    ],
    ["nginx's port", "nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)", /^A port below 1024 needs root/],
    ["Node's port", "Error: listen EACCES: permission denied 0.0.0.0:80", /^A port below 1024 needs root/],
    ["another CPU", "exec /app: exec format error", /^The image is for another CPU/],
  ] as const) {
    it(`names the setting for ${what}`, () => assert.match(fix(log), expected));
  }

  it("names the setting for how Docker could not start it", () => {
    assert.match(fix("", { Error: 'exec: "node": executable file not found in $PATH: unknown' }), /^The image has no such program/);
    assert.match(
      fix("", { Error: "exec /usr/bin/caddy: operation not permitted: unknown" }),
      /setcap -r .*service\.dropCapabilities: \[\]/,
    );
  });

  it("names memory first, then secrets that it had not, then its own lines", () => {
    assert.equal(fix("EACCES", { OOMKilled: true }), "It needs more than 512 MB: set service.memory to more.");
    assert.match(
      fix("boom", {}, { secrets: [{ name: "DB" }, { name: "KEY" }] }),
      /^It had no DB, KEY: give values for the trial with --env-file FILE\.$/,
    );
    assert.match(fix("boom"), /^Its last lines say why/);
  });

  it("knows what listens, of both families, and what only the container reaches", () => {
    const table = `  sl  local_address rem_address   st tx_queue
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1
   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1
   2: 0100007F:ABCD 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 1
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   1: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
`;
    assert.deepEqual(listenersIn(table), [
      { port: 3000, onlyLoopback: true },
      { port: 8080, onlyLoopback: false },
      { port: 22, onlyLoopback: true },
      { port: 80, onlyLoopback: false },
    ]);
    assert.deepEqual(listenersIn(""), []);
  });

  it("names the port that the app listens on", () => {
    const open = { port: 3000, onlyLoopback: false };
    const own = { port: 8000, onlyLoopback: true };
    assert.equal(portRemedy([open], 8000), "It listens on 3000 and not on 8000: set service.port: 3000, or make it listen on $PORT.");
    assert.equal(portRemedy([own, open], 8000), "It listens on 127.0.0.1 alone: make it listen on 0.0.0.0.");
    assert.equal(portRemedy([{ port: 8000, onlyLoopback: false }], 8000), undefined);
    assert.equal(portRemedy([own, { port: 8000, onlyLoopback: false }], 8000), undefined);
    assert.equal(portRemedy([], 8000), undefined);
    assert.equal(portRemedy([{ port: 9, onlyLoopback: true }], 8000), undefined);
  });

  it("takes the statuses that the load balancer takes", () => {
    const healthy = (matcher: string) => [200, 204, 299, 301, 404].filter((status) => matches(status, matcher));
    assert.deepEqual(healthy("200"), [200]);
    assert.deepEqual(healthy("200-299"), [200, 204, 299]);
    assert.deepEqual(healthy("200,301"), [200, 301]);
    assert.deepEqual(healthy("204-299,404"), [204, 299, 404]);
  });
});

describe("the services of a plan whose image it builds", () => {
  it("have their container, their image, and what the load balancer asks", async () => {
    const { plan } = await makePlan({ cwd: TEMPLATE, stack: "prod" });
    const [service, ...others] = plannedServices(plan.resources);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [service!.name, service!.container.name, service!.image.context, service!.task.memory],
      ["web", "web", { location: "./app" }, "1024"],
    );
    assert.deepEqual(service!.health, { path: "/health", port: 8000, matcher: "200", protocol: "HTTP1", tls: false });
    assert.deepEqual([service!.gracePeriod, service!.deregistrationDelay], [60, 15]);
  });

  it("are asked on a port of the health check's own, and by their protocol", async () => {
    const { plan } = await makePlan({
      cwd: TEMPLATE,
      stack: "prod",
      configPath: true,
      config: ["service.healthCheck.port=9000", "service.protocol=grpc"],
    });
    assert.deepEqual(plannedServices(plan.resources)[0]!.health, {
      path: "/health",
      port: 9000,
      matcher: "0-99",
      protocol: "GRPC",
      tls: false,
    });
  });

  it("are asked on the app's own port where others have routes, too", async () => {
    const { plan } = await makePlan({
      cwd: TEMPLATE,
      stack: "prod",
      configPath: true,
      config: [
        "service.ports.a.port=9000",
        "service.ports.a.path=/a/*",
        "service.ports.z.port=9001",
        "service.ports.z.path=/z/*",
        "service.protocol=https",
      ],
    });
    const [service] = plannedServices(plan.resources);
    assert.deepEqual(service!.health, { path: "/health", port: 8000, matcher: "200", protocol: "HTTP1", tls: true });
  });

  it("have the variables of the files that the plan uploads, after their own, and name those that are in S3", async () => {
    const folder = appFolder({ "first.env": "MODE=first\nPORT=1\n", "second.env": "MODE=second\nMORE=yes\n" });
    const files = ["first.env", "second.env"].map((name) => `${folder}/${name}`);
    const { plan } = await makePlan({
      cwd: TEMPLATE,
      stack: "prod",
      configPath: true,
      config: [...files, "arn:aws:s3:::settings/a.env"].map((file, i) => `service.environmentFiles[${i}]=${file}`),
    });
    const { environment = [], environmentFiles } = plannedServices(plan.resources)[0]!.container;
    const value = (name: string) => environment.filter((one) => one.name === name).map((one) => one.value);
    assert.deepEqual([value("MODE"), value("MORE"), value("PORT")], [["first"], ["yes"], ["8000"]]);
    assert.deepEqual(environmentFiles, [{ value: "arn:aws:s3:::settings/a.env" }]);
    removeAppFolders();
  });

  it("are none where the image is from elsewhere", async () => {
    const { plan } = await makePlan({ cwd: TEMPLATE, stack: "dev", config: ['image={"imageUri":"registry.example.com/web:1.0"}'] });
    assert.deepEqual(plannedServices(plan.resources), []);
  });
});
