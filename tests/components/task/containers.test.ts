import assert from "node:assert/strict";
import * as fc from "fast-check";
import { group } from "../../../components/base/schema";
import { type ContainerArgs, container } from "../../../components/task/container-arguments";
import { containerDefinition, httpHealth } from "../../../components/task/containers";
import { awslogs } from "../../../components/task/logging";
import { volumeName } from "../../../components/task/volume-arguments";
import { complaintsOf, valuesOf } from "../../helpers/arguments";

const CONTAINER = group(container);
const SECRET = (name: string) => `arn:aws:ssm:eu-west-3:123456789012:parameter/${name}`;
const LOGS = { group: "web-logs", region: "eu-west-3" };
const define = (args: Partial<ContainerArgs>, name = "web") =>
  containerDefinition(name, { image: "repo@sha256:1", ...valuesOf(CONTAINER, args) }, awslogs(LOGS, name), {
    dynamicPort: false,
    ports: args.port === undefined ? [] : [{ name: "http", port: args.port, protocol: "http" }],
  });

describe("the container part of a task definition", () => {
  it("is this to the letter, with nothing but an image and a port", () => {
    assert.equal(
      JSON.stringify(define({ port: 8000 }), null, 1).replace(/\n\s*/g, " "),
      '{ "name": "web", "image": "repo@sha256:1", "essential": true, "cpu": 0, ' +
        '"portMappings": [ { "name": "http", "containerPort": 8000, "hostPort": 8000, "protocol": "tcp", "appProtocol": "http" } ], ' +
        '"environment": [], "user": "1000:1000", "readonlyRootFilesystem": true, ' +
        '"mountPoints": [ { "containerPath": "/tmp", "readOnly": false, "sourceVolume": "tmp" } ], "volumesFrom": [], "systemControls": [], ' +
        '"linuxParameters": { "capabilities": { "add": [], "drop": [ "ALL" ] }, "initProcessEnabled": true }, "stopTimeout": 30, ' +
        '"logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "web-logs", "awslogs-region": "eu-west-3", ' +
        '"awslogs-stream-prefix": "web", "mode": "non-blocking", "max-buffer-size": "25m" } } }',
    );
  });

  it("is what the arguments say, each under AWS's name", () => {
    const made = define({
      command: ["serve"],
      entryPoint: ["/init"],
      environment: { B: "2", A: "1" },
      secrets: { Z: SECRET("z"), Y: SECRET("y") },
      user: "33",
      readonlyRootFilesystem: false,
      writablePaths: ["/tmp", "/var/cache/nginx"],
      dropCapabilities: ["NET_RAW"],
      initProcess: false,
      stopTimeout: 120,
      essential: false,
      containerHealthCheck: { command: ["CMD", "check"], interval: 20 },
    });
    assert.deepEqual(
      { ...made, logConfiguration: undefined },
      {
        name: "web",
        image: "repo@sha256:1",
        essential: false,
        cpu: 0,
        command: ["serve"],
        entryPoint: ["/init"],
        portMappings: [],
        environment: [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ],
        secrets: [
          { name: "Y", valueFrom: SECRET("y") },
          { name: "Z", valueFrom: SECRET("z") },
        ],
        user: "33",
        readonlyRootFilesystem: false,
        mountPoints: [
          { containerPath: "/tmp", readOnly: false, sourceVolume: "tmp" },
          { containerPath: "/var/cache/nginx", readOnly: false, sourceVolume: "var-cache-nginx" },
        ],
        volumesFrom: [],
        systemControls: [],
        linuxParameters: { capabilities: { add: [], drop: ["NET_RAW"] }, initProcessEnabled: false },
        stopTimeout: 120,
        healthCheck: { command: ["CMD", "check"], interval: 20, timeout: 5, retries: 3, startPeriod: 30 },
        logConfiguration: undefined,
      },
    );
  });

  it("leaves out the capabilities where none is dropped", () => {
    assert.deepEqual(define({ dropCapabilities: [] }).linuxParameters, { initProcessEnabled: true });
  });

  it("leaves out what is not there: secrets, health check, command", () => {
    const made = define({ secrets: {}, containerHealthCheck: false });
    for (const key of ["secrets", "healthCheck", "command", "entryPoint"]) assert.ok(!(key in made), key);
  });

  it("has the same bytes whatever the order of the keys", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z_]\w{0,8}$/), { maxLength: 8 });
    fc.assert(
      fc.property(names, names, (environment, secrets) => {
        const entries = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, SECRET(key)]));
        const forwards: Partial<ContainerArgs> = { environment: entries(environment), secrets: entries(secrets), port: 80, user: "1" };
        const backwards: Partial<ContainerArgs> = {
          user: "1",
          port: 80,
          secrets: entries([...secrets].reverse()),
          environment: entries([...environment].reverse()),
        };
        assert.equal(JSON.stringify(define(forwards)), JSON.stringify(define(backwards)));
      }),
    );
  });

  it("has its limits", () => {
    assert.deepEqual(
      complaintsOf(CONTAINER, { port: 80.4, stopTimeout: 1, containerHealthCheck: { command: ["CMD", "x"], interval: 4 } }),
      [
        "port: 80.4 is not a whole number; allowed: 1 to 65535; the nearest is 80.",
        "stopTimeout: 1 is out of range; allowed: 2 to 120 seconds; the nearest is 2.",
        "containerHealthCheck.interval: 4 is out of range; allowed: 5 to 300 seconds; the nearest is 5.",
      ],
    );
    assert.deepEqual(complaintsOf(CONTAINER, { port: Number.NaN }), ["port: NaN is not a number; allowed: 1 to 65535."]);
  });

  it("names volumes after their paths", () => {
    assert.deepEqual(["/tmp", "/var/cache/", "/srv/a b.c"].map(volumeName), ["tmp", "var-cache", "srv-a-b-c"]);
  });
});

describe("the health check of a container that serves HTTP", () => {
  it("gets port and path as variables, never as text of the script", () => {
    const odd = httpHealth(8123, '/"; rm -rf "$HOME', "http");
    assert.deepEqual(odd.environment, { PORT: "8123", HEALTH_CHECK_PATH: '/"; rm -rf "$HOME' });
    assert.deepEqual(odd.healthCheck, httpHealth(1, "/", "http").healthCheck);
    assert.equal(odd.healthCheck.command[0], "CMD-SHELL");
    assert.match(odd.healthCheck.command[1]!, /^u="http:\/\/127\.0\.0\.1:\$PORT\$HEALTH_CHECK_PATH"; /);
  });

  it("asks with what the image has", () => {
    const tools = [...httpHealth(1, "/", "http").healthCheck.command[1]!.matchAll(/command -v (\w+)/g)].map(([, tool]) => tool);
    assert.deepEqual(tools, ["wget", "curl", "node", "python3"]);
  });

  it("asks one that serves HTTPS without looking at its certificate", () => {
    const { environment, healthCheck } = httpHealth(8443, "/up", "https", 9443);
    const [, script = ""] = healthCheck.command;
    assert.deepEqual(environment, { PORT: "8443", HEALTH_CHECK_PATH: "/up", HEALTH_CHECK_PORT: "9443" });
    assert.match(script, /^u="https:\/\/127\.0\.0\.1:\$HEALTH_CHECK_PORT\$HEALTH_CHECK_PATH"; /);
    assert.deepEqual(
      [...script.matchAll(/command -v (\w+)/g)].map(([, tool]) => tool),
      ["curl", "node", "python3", "wget"],
    );
    for (const word of [" -kfsS ", "rejectUnauthorized:false", "_create_unverified_context", "--no-check-certificate"])
      assert.ok(script.includes(word));
    assert.match(httpHealth(8443, "/up", "https").healthCheck.command[1]!, /^u="https:\/\/127\.0\.0\.1:\$PORT\$/);
  });
});
