import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { container, deployment, service, task } from "../answers";
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
});
