import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Task } from "@aws-sdk/client-ecs";
import { at, container, deployment, service, task, taskDefinition } from "../answers";
import type { Step } from "../scene";
import { PLACE, Stage } from "./stage";

describe("berth exec", () => {
  const stage = Stage.use();
  const agent = (lastStatus: string) => [{ name: "ExecuteCommandAgent" as const, lastStatus }];
  const ready = task("aaaa", 7, {
    enableExecuteCommand: true,
    containers: [container({ runtimeId: "run-1", managedAgents: agent("RUNNING") })],
  });
  const enabled = service([deployment(7)], { enableExecuteCommand: true });
  const session = { sessionId: "s-1", streamUrl: "wss://ssmmessages.eu-west-1.amazonaws.com/v1/data-channel/s-1", tokenValue: "TOKEN" };
  const plugin = (version = "1.2.707.0") =>
    stage.programs.add(
      "session-manager-plugin",
      `[ "$1" = --version ] && { echo ${version}; exit 0; }\nfor a in "$@"; do echo "$a" >> ${stage.programs.directory}/args; done\necho "$AWS_SSM_START_SESSION_RESPONSE" > ${stage.programs.directory}/session\nexit 3`,
    );
  const exec = (args: string[], step: Step) =>
    stage.run(["exec", ...PLACE, ...args], [step], { ExecuteCommand: { session } }, { env: stage.programs.env });

  it("hands the session to the plugin, the token by the environment alone", async () => {
    plugin();
    const { status } = await exec(["--", "ls", "-l", "it's here"], { service: enabled, running: [ready] });
    assert.equal(status, 3, "the plugin's own status");
    assert.deepEqual(readFileSync(join(stage.programs.directory, "args"), "utf8").split("\n"), [
      "AWS_SSM_START_SESSION_RESPONSE",
      "us-east-1",
      "StartSession",
      "",
      `{"Target":"ecs:apps_${"aaaa".padEnd(32, "0")}_run-1"}`,
      "https://ssm.eu-west-1.amazonaws.com",
      "",
    ]);
    assert.deepEqual(JSON.parse(readFileSync(join(stage.programs.directory, "session"), "utf8")), {
      SessionId: "s-1",
      StreamUrl: session.streamUrl,
      TokenValue: "TOKEN",
    });
    const [input] = stage.aws.inputs("ExecuteCommand");
    assert.equal(input?.command, "ls -l 'it'\\''s here'");
    assert.equal(input?.container, "app");
  });

  const missing: [string, () => void, Step, RegExp][] = [
    ["the plugin", () => undefined, { service: enabled, running: [ready] }, /needs AWS's session-manager-plugin, which is not installed/],
    [
      "a newer plugin",
      () => plugin("1.2.30.0"),
      { service: enabled, running: [ready] },
      /session-manager-plugin 1\.2\.30\.0 is too old; berth exec needs 1\.2\.497\.0/,
    ],
    ["a running task", () => plugin(), { service: enabled }, /no running task to open a session in/],
    [
      "the setting",
      () => plugin(),
      { service: service([deployment(7)]), running: [task("aaaa", 7)] },
      /Exec is not enabled on this service \(enableExecuteCommand\)/,
    ],
    [
      "a task that is new enough",
      () => plugin(),
      { service: enabled, running: [task("aaaa", 7)] },
      /The task aaaa0000 started before exec was enabled/,
    ],
    [
      "a running agent",
      () => plugin(),
      {
        service: enabled,
        running: [task("aaaa", 7, { enableExecuteCommand: true, containers: [container({ managedAgents: agent("STOPPED") })] })],
      },
      /The exec agent of the container app is STOPPED[\s\S]*The task has no task role/,
    ],
  ];
  for (const [name, prepare, step, message] of missing) {
    it(`names what is missing: ${name}`, async () => {
      prepare();
      const { status, err } = await exec([], step);
      assert.equal(status, 1);
      assert.match(err, message);
      assert.deepEqual(stage.aws.inputs("ExecuteCommand"), []);
    });
  }

  describe("chooses the task:", () => {
    const started = (id: string, minute: number | undefined, fields = {}) => ({
      ...ready,
      ...task(id, 7, { ...fields, startedAt: minute === undefined ? undefined : at(minute) }),
      containers: ready.containers!,
      enableExecuteCommand: true,
    });
    const chosen = async (args: string[], ...running: Task[]) => {
      plugin();
      const { err } = await exec(args, { service: enabled, running });
      return stage.aws.inputs("ExecuteCommand")[0]?.task ?? err;
    };
    const arn = (id: string) => task(id, 7).taskArn;

    it("the newest that runs", async () => {
      const pending = started("dddd", 9, { lastStatus: "PENDING" });
      assert.equal(
        await chosen([], started("aaaa", 1), started("bbbb", 3), started("cccc", 2), started("0000", undefined), pending),
        arn("bbbb"),
      );
      assert.equal(await chosen([], started("bbbb", 3), started("aaaa", 1)), arn("bbbb"));
    });

    it("the one that --task names, by the beginning of its id or by its ARN", async () => {
      const running = [started("aaaa", 1), started("bbbb", 3)];
      assert.equal(await chosen(["--task", "aa"], ...running), arn("aaaa"));
      assert.equal(await chosen(["--task", String(arn("aaaa"))], ...running), arn("aaaa"));
    });

    it("none where --task names several, or none", async () => {
      const running = [started("aaaa", 1), started("aabb", 3)];
      assert.match(
        String(await chosen(["--task", "aa"], ...running)),
        /--task aa matches 2 running tasks of this service; running: aaaa0000, aabb0000\./,
      );
      assert.match(String(await chosen(["--task", "ff"], ...running)), /--task ff matches 0 running tasks/);
      assert.match(String(await chosen(["--task", "ff"])), /running: none\./);
    });
  });

  it("names the containers when there is no such one, and opens the one that is named", async () => {
    plugin();
    const sidecar = container({ name: "proxy", runtimeId: "run-2", managedAgents: agent("RUNNING") });
    const two = { ...ready, containers: [...ready.containers!, sidecar] };
    const unknown = await exec(["--container", "db"], { service: enabled, running: [two] });
    assert.match(unknown.err, /The task aaaa0000 has no container db; it has: app, proxy\./);
    await exec(["--container", "proxy"], { service: enabled, running: [two] });
    assert.deepEqual(
      [stage.aws.inputs("ExecuteCommand")[0]?.container, stage.aws.inputs("ExecuteCommand")[0]?.command],
      ["proxy", "/bin/sh"],
    );
  });

  it("says what an agent needs: rights, a network path, a writable file system", async () => {
    plugin();
    const stopped = {
      ...ready,
      containers: [container({ managedAgents: [{ name: "ExecuteCommandAgent", lastStatus: "STOPPED", reason: "no access" }] })],
    };
    const definition = taskDefinition(7, { taskRoleArn: "arn:aws:iam::111122223333:role/web" });
    definition.containerDefinitions![0]!.readonlyRootFilesystem = true;
    const { err } = await stage.run(
      ["exec", ...PLACE],
      [{ service: enabled, running: [stopped] }],
      { DescribeTaskDefinition: { taskDefinition: definition } },
      { env: stage.programs.env },
    );
    assert.deepEqual(err.trim().split("\n"), [
      "The exec agent of the container app is STOPPED (no access), so no session can be opened.",
      "What to do:",
      "  - The task role must allow ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel: arn:aws:iam::111122223333:role/web.",
      "  - The task needs a network path to ssmmessages: NAT, or a VPC endpoint.",
      "  - The container app has a read-only root filesystem: the agent has to write to /var/lib/amazon and /var/log/amazon.",
      "  - The agent runs about half a minute after the task has started.",
    ]);
  });

  it("takes a plugin of exactly the version that it needs, and none before", async () => {
    for (const [version, expected] of [
      ["1.2.497.0", 3],
      ["1.3.0.0", 3],
      ["2.0", 3],
      ["1.2.496.9", 1],
      ["1.2.497", 3],
    ] as const) {
      plugin(version);
      assert.equal((await exec([], { service: enabled, running: [ready] })).status, expected, version);
    }
  });
});
