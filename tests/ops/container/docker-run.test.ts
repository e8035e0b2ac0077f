import assert from "node:assert/strict";
import { containersOf, dockerRunArguments, type RunOptions, type TaskDefinition } from "../../../ops/container/docker-run";

const options: RunOptions = { name: "c1", image: "web:1", imageVolumes: ["/tmp"] };
const task = (container: object, rest: Partial<TaskDefinition> = {}): TaskDefinition => ({
  containerDefinitions: JSON.stringify([{ name: "web", ...container }]),
  ...rest,
});
const run = (container: object, rest: Partial<TaskDefinition> = {}, more: Partial<RunOptions> = {}) => {
  const definition = task(container, rest);
  return dockerRunArguments(definition, containersOf(definition)[0]!, { ...options, ...more });
};
/** The arguments between the name and the image, without those that every container gets. */
const flags = (...input: Parameters<typeof run>) => {
  const all = run(...input);
  return all.slice(4, all.indexOf("web:1")).join(" ").replace("--no-healthcheck", "").replace("--stop-timeout 30", "").trim();
};

describe("docker-run", () => {
  it("starts a container of the task definition in the background, by name", () => {
    assert.deepEqual(run({}), ["run", "--detach", "--name", "c1", "--no-healthcheck", "--stop-timeout", "30", "web:1"]);
  });

  for (const [what, container, expected] of [
    ["user", { user: "1000:1000" }, "--user 1000:1000"],
    ["read-only root", { readonlyRootFilesystem: true }, "--read-only"],
    ["a writable root", { readonlyRootFilesystem: false }, ""],
    ["capabilities", { linuxParameters: { capabilities: { add: ["SYS_PTRACE"], drop: ["ALL"] } } }, "--cap-drop ALL --cap-add SYS_PTRACE"],
    ["init", { linuxParameters: { initProcessEnabled: true } }, "--init"],
    ["no init", { linuxParameters: { initProcessEnabled: false } }, ""],
    ["stop timeout", { stopTimeout: 12 }, "--stop-timeout 12"],
    ["CPU shares", { cpu: 128 }, "--cpu-shares 128"],
    ["no CPU shares", { cpu: 0 }, ""],
    ["environment", { environment: [{ name: "A", value: "x y=z" }] }, "--env A=x y=z"],
    ["ulimits", { ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 65536 }] }, "--ulimit nofile=1024:65536"],
    ["system controls", { systemControls: [{ namespace: "net.core.somaxconn", value: "1024" }] }, "--sysctl net.core.somaxconn=1024"],
    ["ports, on loopback alone", { portMappings: [{ containerPort: 8000, hostPort: 8000, protocol: "tcp" }] }, "--publish 127.0.0.1::8000"],
    ["a privileged container", { privileged: true }, "--privileged"],
    ["the working directory", { workingDirectory: "/srv" }, "--workdir /srv"],
  ] as const) {
    it(`translates ${what}`, () => assert.equal(flags(container), expected));
  }

  it("makes the task's CPU and memory hard limits, without swap", () => {
    assert.equal(flags({}, { cpu: "256", memory: "512" }), "--cpus 0.25 --memory 512m --memory-swap 512m");
  });

  it("prefers the container's own memory limit to the task's", () => {
    assert.equal(flags({ memory: 256 }, { memory: "512" }), "--memory 256m --memory-swap 256m");
  });

  it("gives the health check its times", () => {
    const healthCheck = { command: ["CMD-SHELL", "wget -q http://127.0.0.1/"], interval: 10, timeout: 5, retries: 3, startPeriod: 30 };
    const args = run({ healthCheck });
    assert.equal(args[args.indexOf("--health-cmd") + 1], "wget -q http://127.0.0.1/");
    assert.match(args.join(" "), /--health-interval 10s --health-timeout 5s --health-retries 3 --health-start-period 30s/);
    assert.ok(!args.includes("--no-healthcheck"));
  });

  it("quotes a health check that wants no shell", () => {
    const args = run({ healthCheck: { command: ["CMD", "node", "it's $HOME"] } });
    assert.equal(args[args.indexOf("--health-cmd") + 1], `'node' 'it'\\''s $HOME'`);
  });

  it("mounts a volume that the image declares with the image's rights", () => {
    const container = { mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp", readOnly: false }] };
    assert.equal(flags(container, { volumes: [{ name: "tmp" }] }), "--mount type=volume,target=/tmp");
  });

  it("mounts any other volume as Fargate does: root's", () => {
    const container = { mountPoints: [{ sourceVolume: "data", containerPath: "/data", readOnly: true }] };
    assert.equal(flags(container, { volumes: [{ name: "data" }] }), "--mount type=volume,target=/data,volume-nocopy,readonly");
  });

  it("mounts a folder of the host", () => {
    const container = { mountPoints: [{ sourceVolume: "logs", containerPath: "/logs" }] };
    assert.equal(flags(container, { volumes: [{ name: "logs", hostPath: "/var/log" }] }), "--mount type=bind,source=/var/log,target=/logs");
  });

  it("gives a folder that any user writes to for a file system, whose access point lets any", () => {
    const volumes = [{ name: "data", efsVolumeConfiguration: {} }] as unknown as TaskDefinition["volumes"];
    const mounted = (readOnly: boolean) =>
      flags({ mountPoints: [{ sourceVolume: "data", containerPath: "/data", readOnly }] }, { ...(volumes && { volumes }) });
    assert.equal(mounted(false), "--tmpfs /data:rw,mode=1777");
    assert.equal(mounted(true), "--tmpfs /data:ro,mode=1777");
  });

  it("splits the entry point as docker run wants it", () => {
    const args = run({ entryPoint: ["sh", "-c"], command: ["exec node ."] });
    assert.deepEqual(args.slice(args.indexOf("--entrypoint")), ["--entrypoint", "sh", "web:1", "-c", "exec node ."]);
  });

  it("lets the test replace the command, add to the environment and share the host's network", () => {
    const container = { command: ["a"], portMappings: [{ containerPort: 8000 }], environment: [{ name: "PORT", value: "8000" }] };
    const args = run(container, {}, { command: ["b"], environment: { PORT: "9000" }, network: "host" });
    assert.deepEqual(args.slice(args.indexOf("web:1") + 1), ["b"]);
    assert.ok(args.indexOf("PORT=9000") > args.indexOf("PORT=8000"), "the later --env wins");
    assert.ok(!args.includes("--publish"));
  });

  for (const [what, container, rest, message] of [
    ["a property it does not know", { resourceRequirements: [] }, {}, /docker run has no translation for "resourceRequirements"/],
    ["a Linux parameter it does not know", { linuxParameters: { swappiness: 60 } }, {}, /linuxParameters: .* "swappiness"/],
    ["a secret without a value", { secrets: [{ name: "TOKEN", valueFrom: "arn" }] }, {}, /secrets TOKEN: give each a value/],
    ["a volume that is not there", { mountPoints: [{ sourceVolume: "x", containerPath: "/x" }] }, {}, /the task has no volume "x"/],
    [
      "a volume that only AWS has",
      { mountPoints: [{ sourceVolume: "x", containerPath: "/x" }] },
      { volumes: [{ name: "x", fsxWindowsFileServerVolumeConfiguration: {} }] },
      /"x" has fsxWindowsFileServerVolumeConfiguration, which exists on AWS alone/,
    ],
    [
      "a file in S3",
      { environmentFiles: [{ value: "arn:aws:s3:::settings/a.env" }] },
      {},
      /^UserError: environmentFiles: arn:aws:s3:::settings\/a\.env lies in S3; give/,
    ],
    ["volumes of another container", { volumesFrom: [{ sourceContainer: "other" }] }, {}, /volumesFrom: a container is started here alone/],
    ["a health check that is none of ECS's", { healthCheck: { command: ["NONE"] } }, {}, /starts with "NONE"/],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => run(container, rest as Partial<TaskDefinition>), message));
  }

  it("takes variables from a file in place of secrets", () => {
    const secrets = [{ name: "TOKEN", valueFrom: "arn" }];
    assert.equal(flags({ secrets }, {}, { envFile: "/srv/app.env" }), "--env-file /srv/app.env");
    assert.throws(() => run({ secrets }), /secrets TOKEN: give each a value/);
  });
});
