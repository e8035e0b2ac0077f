// Credentials of the environment and tokens that AWS hands out, looked for in what the verbs print and in what they give to other programs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { container, deployment, service, task } from "../ops/answers";
import { Failure } from "../ops/scripted-aws";
import { FAST, PLACE, Stage, serving } from "../ops/verbs/stage";

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: "CANARYID",
  AWS_SECRET_ACCESS_KEY: "CANARY-secret",
  AWS_SESSION_TOKEN: "CANARY-session",
  PULUMI_CONFIG_PASSPHRASE: "CANARY-passphrase",
  PULUMI_ACCESS_TOKEN: "CANARY-pulumi",
};

function assertClean(...texts: string[]): void {
  assert.equal(texts.join("\n").match(/CANARY[\w-]*/)?.[0], undefined);
}

describe("credentials in operations", () => {
  const stage = Stage.use();
  /** A program that notes its arguments, says something and ends. */
  const program = (name: string, body: string) =>
    stage.programs.add(name, `for a in "$@"; do echo "$a" >> ${stage.programs.directory}/args; done\n${body}`);
  const args = () => readFileSync(join(stage.programs.directory, "args"), "utf8");

  const verbs = [["status"], ["status", "--json"], ["wait", ...FAST], ["rollback", ...FAST], ["logs"], ["doctor", "--json"]];
  for (const verb of verbs) {
    it(`are not in what berth ${verb.join(" ")} prints, be it well or refused`, async () => {
      const well = await stage.run([verb[0]!, ...PLACE, ...verb.slice(1)], [serving], {}, { env: ENVIRONMENT });
      assertClean(well.out, well.err);
      assert.ok((well.out + well.err).length > 0 || verb[0] === "logs");
      const denied = () => new Failure("AccessDeniedException", "User is not authorized to perform this action");
      const refused = await stage.run(
        [verb[0]!, ...PLACE, ...verb.slice(1)],
        [serving],
        { DescribeServices: denied, FilterLogEvents: denied, GetCallerIdentity: denied },
        { env: ENVIRONMENT },
      );
      assertClean(refused.out, refused.err);
      assert.ok((refused.out + refused.err).length > 0);
    });
  }

  it("are no argument of pulumi, and not in the error when it fails", async () => {
    program("pulumi", 'echo "error: no such stack" >&2; exit 255');
    stage.programs
      .file("Pulumi.yaml", "name: shop\nruntime: nodejs\n")
      .file(
        "Pulumi.dev.yaml",
        "encryptionsalt: CANARY-salt\nconfig:\n  aws:secretKey: { secure: CANARY-cipher }\n  aws:accessKey: CANARY-access\n",
      );
    const { status, out, err } = await stage.run(
      ["status", "--json"],
      [serving],
      {},
      {
        cwd: stage.programs.directory,
        env: { ...ENVIRONMENT, ...stage.programs.env },
      },
    );
    assert.equal(status, 1);
    assert.match(err, /no such stack/);
    assertClean(out, err);
    assert.deepEqual(args().trim().split("\n"), ["stack", "output", "--json", "--stack", "dev"]);
  });

  it("are no argument of the session's plugin, which AWS's protocol gives the token by the environment", async () => {
    program("session-manager-plugin", '[ "$1" = --version ] && echo 1.2.707.0; exit 0');
    const ready = task("aaaa", 7, {
      enableExecuteCommand: true,
      containers: [container({ runtimeId: "run-1", managedAgents: [{ name: "ExecuteCommandAgent", lastStatus: "RUNNING" }] })],
    });
    const session = { sessionId: "s-1", streamUrl: "wss://ssmmessages.us-east-1.amazonaws.com/v1/s-1", tokenValue: "CANARY-token" };
    const { status, out, err } = await stage.run(
      ["exec", ...PLACE, "--", "sh"],
      [{ service: service([deployment(7)], { enableExecuteCommand: true }), running: [ready] }],
      { ExecuteCommand: { session } },
      { env: { ...ENVIRONMENT, ...stage.programs.env } },
    );
    assert.equal(status, 0, err);
    assertClean(out, err, args());
    assert.match(args(), /^StartSession$/m);
  });

  it("in the stack's settings are named, not shown, where they cannot be read", async () => {
    stage.programs
      .file("Pulumi.yaml", "name: shop\nruntime: nodejs\n")
      .file("Pulumi.dev.yaml", "config:\n  aws:region: us-east-1\n  aws:profile: { secure: CANARY-cipher }\n");
    const { status, out, err } = await stage.run(
      ["status", ...PLACE, "--stack", "dev"],
      [serving],
      {},
      {
        cwd: stage.programs.directory,
        env: ENVIRONMENT,
      },
    );
    assert.equal(status, 1);
    assert.match(err, /aws:profile in .*Pulumi\.dev\.yaml must be a plain string/);
    assertClean(out, err);
  });

  const HOSTILE: [what: string, settings: string, message: RegExp][] = [
    [
      "aliases of aliases",
      `a: &a [x, x, x, x, x, x, x, x, x]\n${[..."bcdefgh"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`).join(",")}]\n`).join("")}`,
      /Pulumi\.dev\.yaml cannot be read as YAML: Excessive alias count/,
    ],
    ["lists in lists", `config: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`, /Pulumi\.dev\.yaml cannot be read as YAML: /],
  ];
  for (const [what, settings, message] of HOSTILE) {
    it(`are looked for in settings that are refused in one sentence when they are hostile: ${what}`, async () => {
      stage.programs.file("Pulumi.yaml", "name: shop\nruntime: nodejs\n").file("Pulumi.dev.yaml", settings);
      const { status, err } = await stage.run(["status", ...PLACE, "--stack", "dev"], [serving], {}, { cwd: stage.programs.directory });
      assert.equal(status, 1);
      assert.match(err, message);
      assert.doesNotMatch(err, /^\s+at /m);
    });
  }

  it("are looked for in settings of many keys without comparing each with each", async () => {
    const keys = Array.from({ length: 60_000 }, (_, index) => `k${index}: v\n`).join("");
    stage.programs
      .file("Pulumi.yaml", "name: shop\nruntime: nodejs\n")
      .file("Pulumi.dev.yaml", `${keys}config:\n  aws:region: us-east-1\n`);
    const { status, err } = await stage.run(["status", ...PLACE, "--stack", "dev"], [serving], {}, { cwd: stage.programs.directory });
    assert.equal(status, 0, err);
  });
});
