/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are Compose's, not this file's */
import assert from "node:assert/strict";
import { adopted, serviceWith } from "./project";

/** What each service has without a field of its own. */
const KEPT = {
  name: "web",
  route: false,
  user: "0:0",
  readonlyRootFilesystem: false,
  writablePaths: [],
  dropCapabilities: [],
  desiredCount: 1,
};
const settingsOf = (fields: object, files?: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(serviceWith(fields, files)).filter(
      ([key, value]) => JSON.stringify(KEPT[key as keyof typeof KEPT]) !== JSON.stringify(value),
    ),
  );

const HTTP = { port: 3000, healthCheck: { path: "/", matcher: "200-499" }, containerHealthCheck: false };

describe("what a field of a compose file means in a stack", () => {
  const table: [what: string, fields: object, settings: object][] = [
    ["nothing keeps what images may do", {}, {}],
    ["command as a list", { command: ["node", "a b.js"] }, { command: ["node", "a b.js"] }],
    [
      "command as a line is split as a shell splits it",
      { command: `sh -c "echo 'a b' \\"c\\"" d\\ e 'f g'` },
      { command: ["sh", "-c", `echo 'a b' "c"`, "d e", "f g"] },
    ],
    ["entrypoint", { entrypoint: "/docker-entrypoint.sh" }, { entryPoint: ["/docker-entrypoint.sh"] }],
    ["environment as a map, whatever the type", { environment: { A: 1, B: true, C: "x" } }, { environment: { A: "1", B: "true", C: "x" } }],
    ["environment as a list, with = in a value", { environment: ["A=b=c", "EMPTY="] }, { environment: { A: "b=c", EMPTY: "" } }],
    ["a limit of CPU and memory that Fargate has", { cpus: 0.5, mem_limit: "1g" }, { cpu: "0.5 vCPU", memory: "1 GB" }],
    ["memory that needs more CPU", { mem_limit: "3g" }, { cpu: "0.5 vCPU", memory: "3 GB" }],
    [
      "a limit between two sizes",
      { deploy: { resources: { limits: { cpus: "0.3", memory: "1100M" } } } },
      { cpu: "0.5 vCPU", memory: "2 GB" },
    ],
    ["limits before reservations", { mem_limit: "2g", mem_reservation: "512m" }, { cpu: "0.25 vCPU", memory: "2 GB" }],
    ["a reservation alone", { deploy: { resources: { reservations: { memory: "1gb" } } } }, { cpu: "0.25 vCPU", memory: "1 GB" }],
    ["more than the largest size", { cpus: 64 }, { cpu: "32 vCPU", memory: "244 GB" }],
    ["replicas", { deploy: { replicas: 4 } }, { desiredCount: 4 }],
    ["scale", { scale: 3 }, { desiredCount: 3 }],
    ["no replica", { scale: 0 }, { desiredCount: 0 }],
    ["a port that is published on 80", { ports: ["80:3000"] }, HTTP],
    ["a port by itself", { ports: [3000] }, HTTP],
    ["a port of one address", { ports: ["0.0.0.0:80:3000/tcp"] }, HTTP],
    ["a port of an IPv6 address", { ports: ["[::]:8080:3000"] }, HTTP],
    ["a port in the long form", { ports: [{ target: 3000, published: "8080" }] }, HTTP],
    ["the port that is published on 80 of several", { ports: ["9000:9000", "80:3000"] }, HTTP],
    ["a port that does not speak HTTP", { ports: ["2222:22", "5432:5432"] }, {}],
    ["UDP", { ports: ["53:5353/udp"] }, {}],
    [
      "a health check by HTTP is the load balancer's, too",
      {
        ports: ["80:3000"],
        healthcheck: {
          test: ["CMD", "curl", "-f", "http://localhost:3000/ready"],
          interval: "1m30s",
          timeout: "5s",
          retries: 5,
          start_period: "2m",
        },
      },
      {
        port: 3000,
        healthCheck: { path: "/ready" },
        containerHealthCheck: {
          command: ["CMD", "curl", "-f", "http://localhost:3000/ready"],
          interval: 90,
          timeout: 5,
          retries: 5,
          startPeriod: 120,
        },
      },
    ],
    [
      "a health check of another kind, with Compose's own times",
      { healthcheck: { test: "test -f /tmp/ok" } },
      { containerHealthCheck: { command: ["CMD-SHELL", "test -f /tmp/ok"], interval: 30, timeout: 30 } },
    ],
    [
      "times out of range",
      { healthcheck: { test: "x", interval: "1s", timeout: "500ms", retries: 20 } },
      { containerHealthCheck: { command: ["CMD-SHELL", "x"], interval: 5, timeout: 2, retries: 10 } },
    ],
    ["no health check", { healthcheck: { disable: true } }, { containerHealthCheck: false }],
    ["no health check by NONE", { healthcheck: { test: ["NONE"], interval: "10s" } }, { containerHealthCheck: false }],
    ["user", { user: "1001:1002" }, { user: "1001:1002", dropCapabilities: undefined }],
    ["user root by its name keeps capabilities", { user: "root" }, { user: "root" }],
    ["read_only", { read_only: true }, { readonlyRootFilesystem: true, writablePaths: undefined }],
    [
      "read_only with tmpfs",
      { read_only: true, tmpfs: ["/run:size=1m", "/var/cache"] },
      { readonlyRootFilesystem: true, writablePaths: ["/run", "/var/cache"] },
    ],
    ["init", { init: false }, { initProcess: false }],
    ["stop_grace_period", { stop_grace_period: "1m" }, { stopTimeout: 60 }],
    ["stop_grace_period beyond what Fargate takes", { stop_grace_period: "5m" }, { stopTimeout: 120 }],
    ["all capabilities dropped", { cap_drop: ["ALL"] }, { dropCapabilities: ["ALL"] }],
    ["one capability dropped", { cap_drop: ["net_raw"] }, { dropCapabilities: ["NET_RAW"] }],
    ["SYS_PTRACE", { cap_add: ["CAP_SYS_PTRACE"] }, { addCapabilities: ["SYS_PTRACE"] }],
    [
      "all capabilities dropped but one",
      { cap_drop: ["ALL"], cap_add: ["NET_BIND_SERVICE"] },
      {
        dropCapabilities: "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
          " ",
        ),
      },
    ],
    [
      "ulimits",
      { ulimits: { nproc: 100, nofile: { soft: 1024, hard: 4096 } } },
      { ulimits: { nproc: 100, nofile: { softLimit: 1024, hardLimit: 4096 } } },
    ],
    ["sysctls", { sysctls: ["net.core.somaxconn=1024"] }, { systemControls: { "net.core.somaxconn": "1024" } }],
    ["labels", { labels: ["a.b=c", "d"] }, { dockerLabels: { "a.b": "c", d: "" } }],
    ["the disk", { storage_opt: { size: "50G" } }, { ephemeralStorage: 50 }],
    [
      "old tasks stop first",
      { deploy: { update_config: { order: "stop-first" } } },
      { rollout: { strategy: "rolling", minimumHealthyPercent: 0, maximumPercent: 100 } },
    ],
    ["a named volume", { volumes: ["data:/data"] }, { volumes: { data: { efs: {} } }, mounts: { data: "/data" } }],
    [
      "a named volume that is only read",
      { volumes: [{ type: "volume", source: "data", target: "/data", read_only: true }] },
      { volumes: { data: { efs: {} } }, mounts: { data: { path: "/data", readOnly: true } } },
    ],
    ["a volume without a name", { volumes: ["/cache"] }, { writablePaths: ["/cache"] }],
    [
      "what only a developer's machine has",
      { volumes: ["./src:/app", "~/.aws:/root/.aws:ro", "/app/node_modules"], develop: { watch: [] }, container_name: "x" },
      {},
    ],
    [
      "an image of the stack's own",
      { image: undefined, build: { context: "a", dockerfile: "b.Dockerfile", target: "t", args: ["X=1"] } },
      {},
    ],
  ];
  for (const [what, fields, settings] of table) {
    it(what, () => {
      const expected = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
      assert.deepEqual(settingsOf({ ...fields, ...("image" in fields && { image: undefined }) }), expected);
      for (const [key, value] of Object.entries(settings)) if (value === undefined) assert.ok(!(key in serviceWith(fields)), key);
    });
  }

  it("the image of a stack of its own: folder, file, stage, arguments and architectures", () => {
    const build = { context: "a", dockerfile: "b.Dockerfile", target: "t", args: ["X=1"], platforms: ["linux/amd64", "linux/arm64"] };
    assert.deepEqual(adopted({ services: { web: { build } } }).settings.image, {
      context: "./a",
      dockerfile: "./a/b.Dockerfile",
      target: "t",
      buildArgs: { X: "1" },
      architectures: ["x86_64", "arm64"],
    });
  });

  it("what the Dockerfile says is kept: the user, the port that others call, the health check", () => {
    const files = { Dockerfile: "FROM node:24\nUSER 1234\nEXPOSE 4000\nHEALTHCHECK CMD curl -f http://localhost:4000/up\nCMD node .\n" };
    const { settings } = adopted(
      { services: { web: { build: ".", ports: ["80:4000"] }, job: { image: "acme/job:1", depends_on: ["web"] } } },
      files,
    );
    const { web, job } = settings.services as Record<string, Record<string, unknown>>;
    assert.deepEqual(web, {
      port: 4000,
      path: "/*",
      connect: { port: 4000 },
      writablePaths: [],
      user: "1234",
      readonlyRootFilesystem: false,
      desiredCount: 1,
    });
    assert.deepEqual(job!.calls, ["web"]);
  });

  it("the load balancer asks what the container's check asks, with its variables", () => {
    const its = (test: unknown) =>
      (serviceWith({ ports: ["80:3000"], environment: { PORT: "3000", UP: "/up" }, healthcheck: { test } }).healthCheck as { path: string })
        .path;
    assert.equal(its("wget -q http://127.0.0.1:$$PORT$${UP}"), "/up");
    assert.equal(its(["CMD-SHELL", "curl -f localhost:3000/a"]), "/a");
    assert.equal(its("curl -f http://localhost:9999/other"), "/");
    assert.equal(its("curl -f http://localhost:3000/$$UNKNOWN"), "/");
  });

  it("what only the Dockerfile can say is left, unless it says so", () => {
    const files = { Dockerfile: "FROM node:24\nWORKDIR /srv\n" };
    const { told } = adopted({ services: { web: { build: ".", working_dir: "/srv", stop_signal: "SIGINT" } } }, files);
    assert.deepEqual(told("services.web.working_dir"), ["The Dockerfile says so."]);
    assert.match(told("services.web.stop_signal").join(), /STOPSIGNAL/);
  });

  it("an image with a tag that moves gets one that nobody can pull, and the report says why", () => {
    const { settings, told } = adopted({ services: { web: { image: "registry.example.com:5000/acme/web" } } });
    assert.deepEqual(settings.image, { imageUri: "registry.example.com:5000/acme/web:choose-a-tag" });
    assert.match(
      told("services.web.image").join(),
      /^image\.imageUri: "registry\.example\.com:5000\/acme\/web" has neither tag nor digest; give a digest/,
    );
    const latest = adopted({ services: { web: { image: "nginx:latest" } } });
    assert.deepEqual(latest.settings.image, { imageUri: "nginx:choose-a-tag" });
  });

  it("a variable that is not set is told with the setting that waits for it", () => {
    const { settings, told } = adopted(
      {
        services: {
          web: { image: "a/b:1", environment: { A: "${X}${Y:?}", B: "${Z:-z}", PASSWORD: "${PW}" }, stop_grace_period: "${T}s" },
        },
      },
      { ".env": "Q=1\n" },
    );
    assert.deepEqual(told("services.web.environment.A"), [
      "X, Y are not set in .env and have no default; write service.environment.A in the stack file yourself.",
    ]);
    const service = settings.service as Record<string, Record<string, string>>;
    assert.deepEqual(service.environment, { B: "z" });
    assert.deepEqual(service.secrets, { PASSWORD: "/shop/prod/PASSWORD" });
    assert.equal(service.stopTimeout, undefined);
  });
});
/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are Compose's, not this file's */
