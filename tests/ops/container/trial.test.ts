// The trial of a service, with a script in the place of Docker and a server in that of the app.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { PlannedService } from "../../../ops/container/planned";
import { trial } from "../../../ops/container/trial";
import type { Io } from "../../../ops/io";
import { FakePrograms } from "../fake-programs";

const RUNNING = '{"Running":true,"ExitCode":0,"OOMKilled":false}';
const ENDED = (code: number, killed = false) => `{"Running":false,"ExitCode":${code},"OOMKilled":${killed}}`;

/** What the stand-in for Docker answers, by its first word; a number is a failure's exit status after its text. */
type Answers = Record<string, string>;

describe("a trial of a service in a container", () => {
  let programs: FakePrograms;
  let server: Server;
  let asked: { url: string; headers: IncomingHttpHeaders }[];
  let status: number;

  beforeEach(async () => {
    programs = new FakePrograms();
    asked = [];
    status = 200;
    server = createServer((request, response) => {
      asked.push({ url: request.url ?? "", headers: request.headers });
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    server.close();
    programs.remove();
  });

  const service = (more: Partial<PlannedService> = {}, container: object = {}): PlannedService => ({
    name: "Web",
    task: { containerDefinitions: "[]", cpu: "256", memory: "512", volumes: [{ name: "tmp" }] },
    container: {
      name: "web",
      user: "1000:1000",
      readonlyRootFilesystem: true,
      stopTimeout: 10,
      mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp" }],
      portMappings: [{ containerPort: 8000 }],
      linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: true },
      healthCheck: { command: ["CMD-SHELL", "check it"] },
      ...container,
    } as PlannedService["container"],
    image: { context: { location: "./app" } },
    health: { path: "/up", port: 8000, matcher: "200-204", protocol: "HTTP1", tls: false },
    gracePeriod: 0.3,
    deregistrationDelay: 5,
    ...more,
  });

  const calls = () => readFileSync(join(programs.directory, "calls"), "utf8").trim().split("\n");

  async function tried(planned: PlannedService, answers: Answers = {}, envFile?: string, signal = new AbortController().signal) {
    const port = (server.address() as AddressInfo).port;
    const all: Answers = { image: "echo '{\"/tmp\":{}}'", port: `echo 127.0.0.1:${port}`, inspect: `echo '${RUNNING}'`, ...answers };
    const cases = Object.entries(all).map(([verb, script]) => `${verb}) ${script};;`);
    programs.add("docker", `echo "$@" >> ${join(programs.directory, "calls")}\ncase "$1" in ${cases.join(" ")} esac`);
    const checks = await trial(planned, { root: programs.directory, envFile, signal }, { env: programs.env, cwd: "/" } as Io);
    return checks.map(({ name, result, detail, fix }) => [name, result, detail.replace(/\d+\.\d s/g, "N s"), ...(fix ? [fix] : [])]);
  }

  it("builds, starts under the planned constraints, asks, checks, stops, and leaves nothing", async () => {
    const stopped = `if [ -e ${"$0"}.stopped ]; then echo '${ENDED(0)}'; else echo '${RUNNING}'; fi`;
    assert.deepEqual(await tried(service(), { inspect: stopped, stop: ': > "$0.stopped"' }), [
      ["Image of Web", "ok", "builds from ./app"],
      ["Health", "ok", "GET /up on port 8000: 200 after N s"],
      ["Health check in the container", "ok", "passes"],
      ["Stop", "ok", "exit code 0 after N s"],
    ]);
    const [build, , start] = calls();
    const app = join(programs.directory, "app");
    assert.equal(build!.replace(/berth-doctor\/web:[0-9a-f]{8}/, "IMAGE"), `build --quiet --tag IMAGE --file ${app}/Dockerfile ${app}`);
    const name = /--name (\S+)/.exec(start!)![1]!;
    assert.equal(
      start!.replaceAll(name, "NAME").replace(/berth-doctor\/web:\w+/, "IMAGE"),
      "run --detach --name NAME --user 1000:1000 --read-only --stop-timeout 10 --mount type=volume,target=/tmp --publish 127.0.0.1::8000 --cap-drop ALL --init " +
        "--health-cmd check it --health-interval 30s --health-timeout 5s --health-retries 3 --health-start-period 0s --cpus 0.25 --memory 512m --memory-swap 512m IMAGE",
    );
    assert.ok(calls().includes(`exec ${name} /bin/sh -c check it`));
    assert.deepEqual(calls().slice(-3, -1), [`inspect --format {{json .State}} ${name}`, `rm --force --volumes ${name}`]);
    assert.match(calls().at(-1)!, /^image rm berth-doctor\/web:/);
    // As the load balancer asks: by an address, which an app may not take for its own.
    assert.deepEqual(
      [asked[0]!.url, asked[0]!.headers.host, asked[0]!.headers["user-agent"]],
      ["/up", "10.0.0.10:8000", "ELB-HealthChecker/2.0"],
    );
  });

  it("says why the image does not build", async () => {
    assert.deepEqual(await tried(service(), { build: "echo 'step 1' >&2; echo 'npm ci failed' >&2; exit 1" }), [
      ["Image of Web", "fail", "does not build\n      step 1\n      npm ci failed", "Correct the Dockerfile, or what it needs."],
    ]);
  });

  it("builds nothing with secrets that only Pulumi decrypts", async () => {
    const secret = service({ image: { context: { location: "." }, secrets: { npm: "[secret]" } } });
    assert.deepEqual(await tried(secret), [["Image of Web", "warn", "not built here: only Pulumi can decrypt image.secrets (npm)"]]);
    assert.ok(!calls().some((call) => call.startsWith("build")));
  });

  it("says why the app ended, and which setting answers it", async () => {
    const checks = await tried(service(), {
      inspect: `echo '${ENDED(1)}'`,
      logs: "echo \"EROFS: read-only file system, mkdir '/app/cache'\"",
    });
    assert.deepEqual(checks[1], [
      "Health",
      "fail",
      "the app ended with exit code 1 after N s\n      EROFS: read-only file system, mkdir '/app/cache'",
      "It writes to the root file system, which is read-only: set service.writablePaths: [/tmp, /app/cache], or service.readonlyRootFilesystem: false.",
    ]);
    assert.equal(checks.length, 2);
    const killed = await tried(service(), { inspect: `echo '${ENDED(137, true)}'` });
    assert.match(String(killed[1]![2]), /^the app was killed: out of memory after/);
  });

  it("says why Docker could not start it", async () => {
    const checks = await tried(service(), { run: "echo 'exec: \"serve\": executable file not found in $PATH: unknown' >&2; exit 127" });
    assert.deepEqual(checks[1]!.slice(0, 2), ["Start", "fail"]);
    assert.match(checks[1]![3]!, /^The image has no such program/);
  });

  it("says what was answered in place of what is healthy, and where the app listens instead", async () => {
    status = 404;
    const [, wrong] = await tried(service());
    assert.match(wrong![2]!, /^GET \/up on port 8000: 404, where 200-204 is healthy within N s$/);
    assert.match(wrong![3]!, /set service\.healthCheck\.path to a path where it does\.$/);
    const table = "   0: 00000000:0BB8 00000000:0000 0A 0:0";
    const [, silent] = await tried(service(), { port: "echo 127.0.0.1:1", exec: `echo '${table}'` });
    assert.match(silent![2]!, /^GET \/up on port 8000: no answer within/);
    assert.equal(silent![3], "It listens on 3000 and not on 8000: set service.port: 3000, or make it listen on $PORT.");
    status = 204;
    assert.equal((await tried(service()))[1]![1], "ok");
  });

  it("says what to set where the check in the container fails", async () => {
    const checks = await tried(service(), { exec: "echo 'sh: not found' >&2; exit 1" });
    assert.deepEqual(checks[2]!.slice(0, 3), ["Health check in the container", "fail", "sh: not found"]);
    assert.match(checks[2]![3]!, /^Set service\.containerHealthCheck/);
    const { healthCheck: _, ...container } = service().container;
    const none = await tried({ ...service(), container });
    assert.deepEqual(
      none.map(([name]) => name),
      ["Image of Web", "Health", "Stop"],
    );
  });

  it("tells an app that ignores the signal from one that ends with a failure", async () => {
    const inspect = (code: number) => `if [ -e $0.stopped ]; then echo '${ENDED(code)}'; else echo '${RUNNING}'; fi`;
    const stop = ': > "$0.stopped"';
    const ignored = (await tried(service(), { inspect: inspect(137), stop })).at(-1)!;
    assert.deepEqual(ignored.slice(0, 3), ["Stop", "fail", "ignores the stop signal, and is killed after 10 s"]);
    programs.clear();
    const failing = (await tried(service(), { inspect: inspect(143), stop })).at(-1)!;
    assert.deepEqual(failing.slice(0, 3), ["Stop", "warn", "exit code 143 after N s"]);
  });

  it("asks by HTTPS without looking at the certificate", async () => {
    const [key, certificate] = [join(programs.directory, "key.pem"), join(programs.directory, "certificate.pem")];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=app", "-keyout", key, "-out", certificate], {
      stdio: "ignore",
    });
    const secure = createSecureServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, response) =>
      response.writeHead(200).end(),
    );
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    const health = { path: "/up", port: 8443, matcher: "200", protocol: "HTTP1" as const, tls: true };
    const port = `echo 127.0.0.1:${(secure.address() as AddressInfo).port}`;
    const checks = await tried(service({ health }), { port });
    secure.close();
    assert.deepEqual(checks[1], ["Health", "ok", "GET /up by HTTPS on port 8443: 200 after N s"]);
  });

  it("knows an open port as enough for gRPC, and a worker by its running on", async function () {
    this.timeout(10_000);
    const grpc = await tried(service({ health: { path: "/x", port: 50051, matcher: "0-99", protocol: "GRPC", tls: false } }));
    assert.deepEqual(grpc[1], ["Health", "ok", "gRPC on port 50051: open after N s"]);
    const { health: _, ...worker } = service();
    const checks = await tried(worker);
    assert.deepEqual(checks[1], ["Start", "ok", "runs for N s"]);
  });

  it("gives variables from a file in place of secrets, and says which it had not", async () => {
    const secret = { secrets: [{ name: "DB", valueFrom: "arn:x" }] };
    const without = await tried(service({}, secret));
    assert.deepEqual(without[1], ["Secrets", "warn", "the container had no DB", "Give values for the trial: --env-file FILE"]);
    programs.clear();
    const given = await tried(service({}, secret), {}, "app.env");
    assert.deepEqual(given[1]![0], "Health");
    assert.ok(
      calls()
        .find((call) => call.startsWith("run "))!
        .includes(` --env-file ${programs.directory}/app.env `),
    );
  });

  it("takes the container away when it is interrupted", async () => {
    await assert.rejects(tried(service(), {}, undefined, AbortSignal.abort()), /^UserError: Interrupted\.$/);
    assert.match(calls().at(-2)!, /^rm --force --volumes /);
  });
});
