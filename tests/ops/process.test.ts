import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { deployment, revision, service, serviceDeployment } from "./answers";
import { scene } from "./scene";
import { ScriptedAws } from "./scripted-aws";

const BERTH = ["-r", "ts-node/register/transpile-only", join(__dirname, "berth.ts")];
const PLACE = ["--cluster", "apps", "--service", "web", "--region", "us-east-1"];

describe("berth, as a process of its own", () => {
  let aws: ScriptedAws;
  let line = 0;
  beforeEach(async () => {
    const moving = service([deployment(7, { rolloutState: "IN_PROGRESS", runningCount: 1 }), deployment(6, { status: "ACTIVE" })]);
    const steps = [{ service: moving, serviceDeployments: [serviceDeployment(7, { status: "IN_PROGRESS" })] }];
    const FilterLogEvents = () => ({
      events: [{ eventId: String(line++), timestamp: Date.now(), message: "hello", logStreamName: "web/app/aaaa" }],
    });
    aws = await ScriptedAws.start(scene(steps, { FilterLogEvents }));
  });
  afterEach(() => aws.close());

  function start(...args: string[]): ChildProcessByStdio<null, Readable, Readable> {
    const env = { ...process.env, AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    const child = spawn(process.execPath, [...BERTH, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.setEncoding("utf8");
    return child;
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends at once on ${signal}, with 130 and says what continues`, async () => {
      const child = start("wait", ...PLACE, "--task-definition", revision(7), "--every", "600");
      let err = "";
      child.stderr.on("data", (text: string) => {
        err += text;
        if (!child.killed && err.includes("1 of 2 running")) child.kill(signal);
      });
      const code = await new Promise((resolve) => child.on("exit", resolve));
      assert.equal(code, 130, err);
      assert.equal(
        err,
        [
          "web:7: 1 of 2 running",
          "Interrupted. The rollout continues in AWS.",
          "What to do:",
          "  - Follow it again: `npx berth wait --cluster apps --service web --region us-east-1`.",
          "  - Roll it back: `npx berth rollback --cluster apps --service web --region us-east-1`.",
          "",
        ].join("\n"),
      );
    });
  }

  it("ends without a message when its reader closes the pipe, as in `berth logs --follow | head`", async () => {
    const child = start("logs", ...PLACE, "--follow", "--every", "0.05");
    let err = "";
    child.stderr.on("data", (text: string) => {
      err += text;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("exit", resolve));
    assert.equal(code, 141);
    assert.equal(err, "");
  });
});
