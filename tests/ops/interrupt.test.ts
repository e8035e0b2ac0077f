import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { deployment, revision, service, serviceDeployment } from "./answers";
import { scene } from "./scene";
import { ScriptedAws } from "./scripted-aws";

const BERTH = ["-r", "ts-node/register/transpile-only", join(__dirname, "berth.ts")];

describe("berth, as a process of its own", () => {
  let aws: ScriptedAws;
  beforeEach(async () => {
    const moving = service([deployment(7, { rolloutState: "IN_PROGRESS", runningCount: 1 }), deployment(6, { status: "ACTIVE" })]);
    aws = await ScriptedAws.start(scene([{ service: moving, serviceDeployments: [serviceDeployment(7, { status: "IN_PROGRESS" })] }]));
  });
  afterEach(() => aws.close());

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends at once on ${signal}, with 130 and a word on what goes on`, async () => {
      const env = { ...process.env, AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
      const args = [
        "wait",
        "--cluster",
        "apps",
        "--service",
        "web",
        "--region",
        "us-east-1",
        "--task-definition",
        revision(7),
        "--every",
        "600",
      ];
      const child = spawn(process.execPath, [...BERTH, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
      let err = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        err += text;
        if (!child.killed && err.includes("1 of 2 running")) child.kill(signal);
      });
      const code = await new Promise((resolve) => child.on("exit", resolve));
      assert.equal(code, 130, err);
      assert.equal(
        err,
        [
          "web:7: 1 of 2 running",
          "Interrupted: this only stopped watching. The rollout goes on in AWS as it is.",
          "What to do:",
          "  - `berth wait --cluster apps --service web --region us-east-1` follows it again; `berth rollback` takes it back.",
          "",
        ].join("\n"),
      );
    });
  }
});
