// Secrets planted wherever a user may put one, and looked for in everything that `berth plan` puts out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY, TEMPLATE } from "../helpers/places";
import { withProject } from "../plan/projects";
import { runBerth } from "./tool";

const ENVIRONMENT = {
  PULUMI_CONFIG_PASSPHRASE: "CANARY-passphrase",
  PULUMI_ACCESS_TOKEN: "CANARY-pulumi",
  AWS_SECRET_ACCESS_KEY: "CANARY-env",
};
const CREDENTIALS = `
  aws:accessKey: CANARY-accesskey
  aws:secretKey: { secure: CANARY-cipher-key }
  aws:token: { secure: CANARY-cipher-token }
`;

/** A program of someone else's that lets a secret flow wherever it can. */
const PROGRAM = `
  import * as aws from "@pulumi/aws";
  import * as command from "@pulumi/command";
  import * as pulumi from "@pulumi/pulumi";
  const secret = pulumi.secret("CANARY-resource");
  const password = new pulumi.Config().requireSecret("password");
  new aws.ecs.Cluster("apps", { tags: { plain: "visible", secret } });
  new aws.ecs.TaskDefinition("web", {
    family: "web",
    containerDefinitions: pulumi.jsonStringify([{ name: "web", image: "web:1", environment: [{ name: "A", value: secret }] }]),
  });
  new aws.ssm.Parameter("password", { type: "SecureString", value: password });
  new command.local.Command("migrate", { create: pulumi.interpolate\`migrate \${secret}\`, environment: { A: secret } });
  aws.ec2.getAmiOutput({ owners: ["self"], filters: [{ name: "name", values: [secret] }] });
  secret.apply((text) => console.log("it is " + text));
  secret.apply((text) => pulumi.log.warn("beware of " + text));
  export const whole = secret;
  export const part = pulumi.interpolate\`https://user:\${secret}@example.com\`;
  export const nested = { list: [secret] };
`;
const stackOf = (region: string) =>
  `encryptionsalt: CANARY-salt\nconfig:\n  aws:region: ${region}${CREDENTIALS}  shop:password: { secure: CANARY-cipher-password }\n`;
const SHOP = {
  "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "Pulumi.dev.yaml": stackOf("us-east-1"),
  "Pulumi.other.yaml": stackOf("us-west-2").replace("aws:token", "aws:profile"),
  "index.ts": PROGRAM,
};

/** The outputs of one plan, by the flags that ask for it. */
const FORMS: string[][] = [
  [],
  ["--json"],
  ["--mermaid"],
  ["--controls", "markdown"],
  ["--controls", "csv"],
  ["--controls", "json"],
  ["--against-stack", "other"],
  ["--against-stack", "other", "--json"],
  ["--against-stack", "other", "--markdown"],
];

function assertClean(text: string): void {
  assert.equal(text.match(/CANARY[\w-]*/)?.[0], undefined);
}

describe("planted secrets", () => {
  for (const form of FORMS) {
    it(`stay out of berth plan ${form.join(" ")}`, () =>
      withProject(SHOP, (cwd) => {
        const { status, stdout, stderr } = runBerth(["plan", "--cwd", cwd, ...form], ENVIRONMENT);
        assertClean(stdout + stderr);
        assert.ok(status !== 2 && stdout.length > 0, stderr);
      }));
  }

  it("stand as [secret] in the plan, beside what is none", () =>
    withProject(SHOP, (cwd) => {
      const { stdout, stderr } = runBerth(["plan", "--cwd", cwd, "--json"], ENVIRONMENT);
      const { resources, outputs } = JSON.parse(stdout) as { resources: { name: string; inputs: unknown }[]; outputs: unknown };
      const inputs = (name: string) => resources.find((resource) => resource.name === name)?.inputs as Record<string, unknown>;
      assert.deepEqual(inputs("apps").tags, { plain: "visible", secret: "[secret]" });
      assert.equal(inputs("password").value, "[secret]");
      assert.deepEqual(
        [inputs("migrate").create, inputs("migrate").environment],
        ["[secret]", "[secret]"].map((text, index) => (index === 0 ? text : { A: text })),
      );
      assert.deepEqual(outputs, { whole: "[secret]", part: "[secret]", nested: { list: ["[secret]"] } });
      assert.match(stderr, /^info: it is \[secret\]$/m);
      assert.match(stderr, /^warning: beware of \[secret\]$/m);
    }));

  it("stay out of the HTML report and of a comparison with a plan that was saved", () =>
    withProject(SHOP, async (cwd) => {
      const page = join(cwd, "report.html");
      const { stdout: saved } = runBerth(["plan", "--cwd", cwd, "--stack", "other", "--json", "--html", page], ENVIRONMENT);
      assertClean(readFileSync(page, "utf8"));
      await withProject({ "plan.json": saved }, (dir) => {
        for (const form of [[], ["--json"], ["--markdown"]]) {
          const { stdout, stderr } = runBerth(["plan", "--cwd", cwd, "--against", join(dir, "plan.json"), ...form], ENVIRONMENT);
          assertClean(stdout + stderr);
          assert.ok(stdout.length > 0, stderr);
        }
      });
    }));

  /** What has become an input is known to be secret; what a program keeps to itself is not. */
  const KNOWN = `
    import * as aws from "@pulumi/aws";
    import * as pulumi from "@pulumi/pulumi";
    const secret = pulumi.secret("CANARY-known");
    new aws.ecs.Cluster("apps", { tags: { secret } });
  `;
  const THROWN: [what: string, program: string][] = [
    ["the program throws it", `${KNOWN} secret.apply((text) => { throw new Error("no " + text); });`],
    ["the program logs it as an error", `${KNOWN} secret.apply((text) => pulumi.log.error("no " + text));`],
  ];
  for (const [what, program] of THROWN) {
    it(`stay out of the error when ${what}`, () =>
      withProject({ ...SHOP, "index.ts": program }, (cwd) => {
        const { status, stdout, stderr } = runBerth(["plan", "--cwd", cwd], ENVIRONMENT);
        assertClean(stdout + stderr);
        assert.match(stderr, /no \[secret\]/);
        assert.deepEqual([status, stdout], [2, ""]);
      }));
  }

  it("given on the command line for a key that the project calls secret stay out as well", () =>
    withProject(
      {
        "Pulumi.yaml": "name: shop\nruntime: nodejs\nconfig:\n  password: { type: string, secret: true }\n",
        "Pulumi.dev.yaml": "config:\n  aws:region: us-east-1\n",
        "index.ts": `import * as pulumi from "@pulumi/pulumi"; console.log("it is " + new pulumi.Config().require("password"));`,
      },
      (cwd) => {
        const { status, stdout, stderr } = runBerth(["plan", "--cwd", cwd, "--config", "password=CANARY-flag"]);
        assertClean(stdout + stderr);
        assert.match(stdout, /it is \[secret\]/);
        assert.equal(status, 0);
      },
    ));

  const template = (settings: string) => ({
    "Pulumi.yaml": `name: shop\nruntime: nodejs\nmain: ${JSON.stringify(join(TEMPLATE, "index.ts"))}\n`,
    "Pulumi.dev.yaml": `encryptionsalt: CANARY-salt\nconfig:\n  aws:region: us-east-1\n${settings}`,
  });

  it("in image.secrets and as value in service.secrets stay out of every form, while ARNs are shown", () =>
    withProject(
      template(
        "  image: { secrets: { npm: CANARY-plain, git: { secure: CANARY-cipher-image } } }\n  service: { secrets: { DB: 'arn:aws:ssm:us-east-1:123456789012:parameter/db', KEY: { value: { secure: CANARY-cipher-key } } } }\n",
      ),
      (cwd) => {
        const { stdout, stderr } = runBerth(["plan", "--cwd", cwd, "--json", "--html", join(cwd, "r.html")], ENVIRONMENT);
        assertClean(stdout + stderr + readFileSync(join(cwd, "r.html"), "utf8"));
        assert.match(stdout, /parameter\/db/);
        assert.match(stdout, /shop\/dev\/web\/KEY-/);
        // Nor does any command of an update carry a credential, a region or a path of this machine, but for that of the tool: the program is in another project.
        const { resources } = JSON.parse(stdout) as { resources: { type: string; inputs: unknown }[] };
        const commands = resources
          .filter(({ type }) => type === "command:local:Command")
          .map(({ inputs }) => JSON.stringify(inputs).replaceAll(REPOSITORY, ""));
        assert.ok(commands.length > 0);
        for (const text of commands)
          assert.doesNotMatch(text, /CANARY|AWS_|PULUMI_|_REGION|"us-east-1"|":"\/|"\/(home|root|usr|tmp|work)\b/);
      },
    ));

  const REFUSED: [what: string, settings: string, message: RegExp][] = [
    ["the provider's keys", CREDENTIALS, /aws:accessKey: berth .* cannot be given it/],
    ["an environment variable", "  service: { environment: { DB_PASSWORD: CANARY-env } }\n", /service\.environment/],
    ["a URL in the environment", "  service: { environment: { DB: 'postgres://me:CANARY-url@db/x' } }\n", /service\.environment/],
    ["a build argument", "  image: { buildArgs: { NPM_TOKEN: CANARY-arg } }\n", /image\.buildArgs/],
    ["an encrypted environment variable", "  service: { environment: { A: { secure: CANARY-cipher } } }\n", /service\.environment\.A/],
    [
      "a secret in plain text",
      "  service: { secrets: { A: { value: CANARY-value } } }\n",
      /service\.secrets\.A\.value: it is in plain text/,
    ],
    ["a secret that is no name", "  service: { secrets: { A: CANARY } }\n", /service\.secrets\.A: this is neither the name nor the ARN/],
    ["a task's variable", "  tasks: { clean: { environment: { API_KEY: CANARY-task } } }\n", /tasks\.clean/],
  ];
  for (const [what, settings, message] of REFUSED) {
    it(`are refused without being shown in ${what}`, () =>
      withProject(template(settings), (cwd) => {
        const { status, stdout, stderr } = runBerth(["plan", "--cwd", cwd], ENVIRONMENT);
        assert.match(stderr, message);
        assertClean(stdout + stderr);
        assert.deepEqual([status, stdout], [2, ""]);
      }));
  }
});
