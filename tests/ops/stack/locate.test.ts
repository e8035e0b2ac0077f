import assert from "node:assert/strict";
import { join } from "node:path";
import { deployment, service, serviceDeployment } from "../answers";
import type { HarnessOptions } from "../harness";
import type { Step } from "../scene";
import { FAST, PLACE, Stage } from "../verbs/stage";

const done: Step = { service: service([deployment(7)]), serviceDeployments: [serviceDeployment(7)] };

describe("the identity, region and endpoint that AWS is called with", () => {
  const stage = Stage.use();
  /** `berth wait` in a project whose dev stack has these settings, and a machine with two profiles. */
  async function wait(settings: string, args: string[] = ["--stack", "dev"], env: HarnessOptions["env"] = {}) {
    stage.programs
      .file("Pulumi.yaml", "name: web\n")
      .file("Pulumi.dev.yaml", `config:\n${settings}`)
      .file(
        "credentials",
        "[company]\naws_access_key_id = AKIACOMPANY\naws_secret_access_key = s\n[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = s\n",
      )
      .file("config", "[profile other]\nregion = ap-south-1\n");
    const files = {
      AWS_SHARED_CREDENTIALS_FILE: join(stage.programs.directory, "credentials"),
      AWS_CONFIG_FILE: join(stage.programs.directory, "config"),
    };
    const options = { env: { ...files, ...env }, cwd: stage.programs.directory };
    const { status, err } = await stage.run(["wait", ...PLACE, ...FAST, ...args], [done], {}, options);
    assert.equal(status, 0, err);
    const [call] = stage.aws.calls;
    return `${call?.accessKey} ${call?.region}`;
  }
  const ENVIRONMENT = "AKIATEST us-east-1";

  it("is the stack's profile and region", async () => {
    assert.equal(await wait("  aws:region: eu-west-1\n  aws:profile: company\n"), "AKIACOMPANY eu-west-1");
  });

  it("is what a flag says, before the stack's settings", async () => {
    const settings = "  aws:region: eu-west-1\n  aws:profile: company\n";
    assert.equal(await wait(settings, ["--stack", "dev", "--profile", "other", "--region", "eu-north-1"]), "AKIAOTHER eu-north-1");
    assert.equal(await wait(settings, ["--stack", "dev"], { BERTH_REGION: "eu-north-1" }), "AKIACOMPANY eu-north-1");
  });

  it("is the environment's where the stack says nothing", async () => assert.equal(await wait("  web:port: 8000\n"), ENVIRONMENT));

  it("is the environment's without a stack, wherever one stands", async () => {
    assert.equal(await wait("  aws:region: eu-west-1\n  aws:profile: company\n", []), ENVIRONMENT);
  });

  it("is the profile's own region where nothing else says one", async () => {
    assert.equal(await wait("  aws:profile: other\n", ["--stack", "dev"], { AWS_REGION: undefined }), "AKIAOTHER ap-south-1");
  });

  it("is the stack's endpoint", async () => {
    const nowhere = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    // The first run only starts the server whose address the settings then name.
    await wait("  web:port: 8000\n");
    const { aws } = stage;
    stage.programs.file("Pulumi.dev.yaml", `config:\n  aws:endpoints:\n    - ecs: ${aws.url}\n`);
    const before = aws.calls.length;
    const options = { env: nowhere, cwd: stage.programs.directory };
    const { status } = await stage.run(["wait", ...PLACE, ...FAST, "--stack", "dev"], [done], {}, options);
    assert.equal(status, 0);
    assert.equal(stage.aws.calls.length, 0);
    assert.ok(aws.calls.length > before);
  });

  it("is explained when AWS cannot be reached, or the credentials or the region are missing", async () => {
    const failures: [HarnessOptions["env"], RegExp][] = [
      [{ AWS_ENDPOINT_URL: "http://127.0.0.1:9" }, /^AWS cannot be reached: .*ECONNREFUSED/m],
      [{ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }, /^There are no usable AWS credentials: /m],
      [{ AWS_REGION: "" }, /^No usable AWS region is set/m],
      [
        { AWS_REGION: undefined },
        /^No usable AWS region is set: give --region, or `aws:region` in the stack's settings, or AWS_REGION\.$/m,
      ],
    ];
    for (const [env, message] of failures) {
      const { status, err } = await stage.run(["wait", ...PLACE], [done], {}, { env });
      assert.equal(status, 1);
      assert.match(err, message);
    }
  });
});
