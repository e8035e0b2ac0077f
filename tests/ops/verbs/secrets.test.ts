import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Stage, serving } from "./stage";

const BERTH = ["-r", require.resolve("ts-node/register/transpile-only"), join(__dirname, "..", "berth.ts")];
const CANARY = "hunter2-canary";

const SEVERAL = `
config:
  aws:region: us-east-1
  shop:services:
    web:
      secrets:
        DB_PASSWORD: prod/db:password
        STRIPE_KEY: { value: { secure: AAAB-cipher } }
        OOPS: ${CANARY}
        BARE: { value: ${CANARY} }
    api:
      secrets: { TOKEN: { secret: token, key: api, versionStage: AWSPREVIOUS } }
      sidecars: { agent: { image: "agent:1", secrets: { AGENT_KEY: /agent/key } }, plain: { image: "plain:1" } }
      logging: { driver: splunk, secretOptions: { splunk-token: "prod/splunk:token" } }
  shop:tasks:
    report: { secrets: { MAIL: /prod/mail } }
`;

describe("berth secrets", () => {
  const stage = Stage.use();
  /** Runs in a project whose Pulumi CLI writes down what it is called with. */
  const secrets = (args: string[], file = "config: {}\n", pulumi = 'for a in "$@"; do echo "$a" >> called; done') => {
    stage.programs.file("Pulumi.yaml", "name: shop\n").file("Pulumi.dev.yaml", file).add("pulumi", pulumi);
    return stage.run(["secrets", ...args], [serving], {}, { env: stage.programs.env, cwd: stage.programs.directory });
  };
  const called = () => readFileSync(join(stage.programs.directory, "called"), "utf8").trimEnd().split("\n");

  describe("set", () => {
    const places: [args: string[], file: string, place: string][] = [
      [["KEY"], "config: {}\n", "service.secrets.KEY"],
      [["KEY"], "config:\n  service: { port: 80 }\n  services: { api: {} }\n", "service.secrets.KEY"],
      [["KEY", "--service", "web"], "config: {}\n", "service.secrets.KEY"],
      [["KEY", "--service", "shop"], "config:\n  shop:service: { name: shop }\n", "service.secrets.KEY"],
      [["KEY"], "config:\n  services: { api: {} }\n", "services.api.secrets.KEY"],
      [["KEY", "--service", "api"], SEVERAL, "services.api.secrets.KEY"],
      [["KEY", "--task", "report"], SEVERAL, "tasks.report.secrets.KEY"],
      [["STRIPE_KEY", "--service", "web"], SEVERAL, "services.web.secrets.STRIPE_KEY"],
    ];
    for (const [args, file, place] of places)
      it(`${args.join(" ")} encrypts ${place}.value`, async () => {
        const { status, out, err } = await secrets(["set", ...args], file);
        assert.deepEqual(called(), ["config", "set", "--secret", "--path", `${place}.value`, "--stack", "dev"]);
        assert.deepEqual([status, out], [0, ""]);
        assert.equal(
          err,
          `${place}.value is encrypted in Pulumi.dev.yaml. \`pulumi up --stack dev\` stores it in Secrets Manager and starts tasks with it.\n`,
        );
      });

    it("is about the stack that is named, by whatever name", async () => {
      stage.programs.file("Pulumi.prod.yaml", "config:\n  services: { mails: {} }\n");
      const { err } = await secrets(["set", "KEY", "--stack", "me/shop/prod"]);
      assert.deepEqual(called().slice(-3), ["services.mails.secrets.KEY.value", "--stack", "me/shop/prod"]);
      assert.match(err, /is encrypted in Pulumi\.prod\.yaml\. `pulumi up --stack me\/shop\/prod`/);
    });

    it("ends as Pulumi does, which has said why", async () => {
      const { status, out, err } = await secrets(["set", "KEY"], undefined, "exit 255");
      assert.deepEqual([status, out, err], [255, "", ""]);
    });

    it("hands a value on stdin to Pulumi, and shows it nowhere", () => {
      stage.programs.file("Pulumi.yaml", "name: shop\n").add("pulumi", 'echo "$@" > called; IFS= read -r value; echo "$value" > value');
      const { status, stdout, stderr } = spawnSync(process.execPath, [...BERTH, "secrets", "set", "KEY"], {
        cwd: stage.programs.directory,
        env: { ...process.env, ...stage.programs.env, TS_NODE_PROJECT: join(__dirname, "..", "..", "..", "tsconfig.json") },
        input: `${CANARY}\n`,
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
      assert.equal(readFileSync(join(stage.programs.directory, "value"), "utf8"), `${CANARY}\n`);
      assert.doesNotMatch(stdout + stderr + called().join(), /canary/);
    });

    const refused: [what: string, args: string[], file: string | undefined, message: RegExp][] = [
      ["no name", [], undefined, /^The name of the variable is missing: berth secrets set NAME\.$/m],
      [
        "what is no name",
        ["A-B"],
        undefined,
        /^"A-B" is not a name for an environment variable; allowed: letters, digits and "_", no digit first\.$/m,
      ],
      [
        "a secret that is named already",
        ["DB_PASSWORD", "--service", "web"],
        SEVERAL,
        /^services\.web\.secrets\.DB_PASSWORD in Pulumi\.dev\.yaml is prod\/db:password and not a value\.\nWhat to do:\n {2}- Take that out first: `pulumi config rm --path services\.web\.secrets\.DB_PASSWORD --stack dev`\./m,
      ],
      ["one of several services", ["KEY"], SEVERAL, /^Pulumi\.dev\.yaml has several services; name one by --service: web, api\.$/m],
      [
        "an unknown service",
        ["KEY", "--service", "wep"],
        SEVERAL,
        /^--service: "wep" is not a service of Pulumi\.dev\.yaml; allowed: web, api; did you mean "web"\?$/m,
      ],
      ["an unknown task", ["KEY", "--task", "web"], SEVERAL, /^--task: "web" is not a task of Pulumi\.dev\.yaml; allowed: report\.$/m],
    ];
    for (const [what, args, file, message] of refused)
      it(`refuses ${what}`, async () => {
        const { status, err } = await secrets(["set", ...args], file, "echo called > called");
        assert.equal(status, 1);
        assert.match(err, message);
        assert.doesNotMatch(err, /canary/);
        assert.throws(called, "Pulumi was not asked");
      });

    it("says what is missing", async () => {
      const outside = await stage.run(["secrets", "set", "KEY"], [serving], {}, { env: stage.programs.env, cwd: "/" });
      assert.match(outside.err, /There is no Pulumi project \(Pulumi\.yaml\) in \/ or above it\./);
      stage.programs.file("Pulumi.yaml", "name: shop\n");
      const { status, err } = await stage.run(
        ["secrets", "set", "KEY"],
        [serving],
        {},
        { env: stage.programs.env, cwd: stage.programs.directory },
      );
      assert.equal(status, 1);
      assert.match(err, /The Pulumi CLI is not installed, or not on PATH\./);
    });
  });

  describe("list", () => {
    it("prints where each comes from, and what could be a value of none", async () => {
      const { status, out, err } = await secrets(["list"], SEVERAL);
      assert.deepEqual([status, err], [0, ""]);
      assert.deepEqual(out.split("\n"), [
        "web            DB_PASSWORD   prod/db:password",
        "web            STRIPE_KEY    a value, encrypted in the stack file",
        "web            OOPS          no name or ARN of a secret",
        "web            BARE          a value in plain text; set it again",
        "api            TOKEN         token:api:AWSPREVIOUS:",
        "api (agent)    AGENT_KEY     /agent/key",
        "api (logging)  splunk-token  prod/splunk:token",
        "task report    MAIL          /prod/mail",
        "",
      ]);
    });

    it("prints those of one service or task, and JSON", async () => {
      assert.deepEqual(JSON.parse((await secrets(["list", "--service", "api", "--json"], SEVERAL)).out), [
        { service: "api", name: "TOKEN", from: "token:api:AWSPREVIOUS:" },
        { service: "api", within: "agent", name: "AGENT_KEY", from: "/agent/key" },
        { service: "api", within: "logging", name: "splunk-token", from: "prod/splunk:token" },
      ]);
      assert.deepEqual(JSON.parse((await secrets(["list", "--task", "report", "--json"], SEVERAL)).out), [
        { task: "report", name: "MAIL", from: "/prod/mail" },
      ]);
      assert.equal((await secrets(["list", "--json"])).out, "[]\n");
    });

    it("says that there are none", async () => assert.equal((await secrets(["list"])).err, "Pulumi.dev.yaml names no secrets.\n"));
  });

  it("knows set and list", async () =>
    assert.match((await secrets(["show"])).err, /value 'show' is invalid for argument 'action'\. Allowed choices are set, list\./));
});
