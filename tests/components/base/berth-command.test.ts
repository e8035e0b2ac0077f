import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { onChange, onDestroy } from "../../../components/base/berth-command";
import { Cluster } from "../../../components/cluster/cluster";
import { Network } from "../../../components/network/network";
import { FargateService } from "../../../components/service/fargate-service";
import { type DeployOptions, deploy, refusal } from "../../helpers/deploy";
import { REPOSITORY } from "../../helpers/places";
import { IMAGE } from "../../helpers/variants";

class Owner extends pulumi.ComponentResource {
  constructor(opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Owner", "owner", {}, opts);
    this.registerOutputs({ done: true });
  }
}

describe("a command of the tool in an update", () => {
  it("is a constant script, and settings reach it as variables", async () => {
    let commands: unknown[] = [];
    await deploy(() => {
      const owner = new Owner();
      commands = [
        onChange("run", owner, { BERTH_COMMAND: "; reboot", BERTH_NONE: undefined }),
        onDestroy("deregister", owner, { BERTH_FAMILY: "web" }),
      ];
    });
    assert.deepEqual(commands, [
      { create: 'node "../../../bin/berth.js" run', environment: { BERTH_COMMAND: "; reboot" } },
      { delete: 'node "../../../bin/berth.js" deregister', environment: { BERTH_FAMILY: "web" } },
    ]);
  });

  it("calls the tool by the project's link to it, whatever version the link leads to", async () => {
    const project = mkdtempSync(join(tmpdir(), "berth-link-"));
    mkdirSync(join(project, "node_modules"));
    mkdirSync(join(project, "program"));
    symlinkSync(REPOSITORY, join(project, "node_modules", "berth"));
    const scripts: unknown[] = [];
    try {
      await deploy(() => {
        const owner = new Owner();
        // Where the CLI says that the project lies, which the recorder says too.
        inProject(project, () => {
          for (const folder of [project, join(project, "program")]) {
            process.chdir(folder);
            scripts.push(onChange("wait", owner, {}).create);
          }
        });
      });
    } finally {
      rmSync(project, { recursive: true });
    }
    const expected = ['node "node_modules/berth/bin/berth.js" wait', 'node "../node_modules/berth/bin/berth.js" wait'];
    assert.deepEqual(scripts.slice(0, 2), expected);
  });

  it("calls it by its whole path from a program that is run from code, whose commands run elsewhere", async () => {
    const scripts: unknown[] = [];
    await deploy(() => {
      const owner = new Owner();
      // The Automation API names no folder, or one of its own.
      for (const root of ["rootDirectory", "", join(tmpdir(), "automation-1")])
        inProject(root, () => scripts.push(onChange("wait", owner, {}).create));
    });
    assert.deepEqual([...new Set(scripts)], [`node "${join(REPOSITORY, "bin", "berth.js")}" wait`]);
    assert.equal(scripts.length, 6);
  });
});

/** Runs something as in a program whose project lies in this folder. */
function inProject(root: string, run: () => void): void {
  const { settings } = (globalThis as unknown as { globalStore: { settings: { options: { rootDirectory?: string } } } }).globalStore;
  const before = settings.options.rootDirectory;
  settings.options.rootDirectory = root;
  try {
    run();
  } finally {
    settings.options.rootDirectory = before;
  }
}

describe("the identity that a command of the tool works with", () => {
  const COMMANDS = ["web-rollout", "web-pre-deploy", "web-revisions"];
  const IDENTITY = /PROFILE|ROLE|ENDPOINT/;

  /** A service, made with a provider of its own or with the default one, and the environment of each of its commands. */
  async function environments(args?: aws.ProviderArgs, options?: DeployOptions): Promise<Record<string, string>[]> {
    const made = await deploy(() => program(args), options);
    return COMMANDS.map((name) => made.inputs("Command", name).environment as Record<string, string>);
  }

  function program(args?: aws.ProviderArgs) {
    const opts = args ? { provider: new aws.Provider("own", args) } : {};
    const network = new Network("net", { nat: "single", flowLogs: false }, opts);
    const cluster = new Cluster("apps", { network }, opts);
    return new FargateService("web", { cluster, image: IMAGE, preDeploy: ["true"] }, opts);
  }
  const identityIn = (environment: Record<string, string>) =>
    Object.fromEntries(Object.entries(environment).filter(([key]) => IDENTITY.test(key)));

  it("is nobody's in particular where nothing is set", async () => {
    for (const environment of [...(await environments()), ...(await environments({ region: "eu-west-1" }))]) {
      assert.deepEqual(identityIn(environment), {});
      assert.match(environment.BERTH_CLUSTER!, /^arn:aws:ecs:[a-z0-9-]+:\d{12}:cluster\/apps-[0-9a-f]{7}$/);
    }
  });

  it("is that of the stack's settings, wherever the program has them from", async () => {
    const roles = JSON.stringify([{ roleArn: "arn:aws:iam::111122223333:role/deploy", externalId: "x" }]);
    const endpoints = JSON.stringify([{ ecs: "http://localhost:4566" }]);
    const config = { "aws:profile": "company", "aws:assumeRoles": roles, "aws:endpoints": endpoints };
    const expected = { BERTH_PROFILE: "company", BERTH_ASSUME_ROLES: roles, BERTH_ENDPOINTS: endpoints };
    for (const environment of await environments(undefined, { config })) assert.deepEqual(identityIn(environment), expected);
    const single = await environments(undefined, { config: { "aws:assumeRole": "{}" } });
    for (const environment of single) assert.deepEqual(identityIn(environment), { BERTH_ASSUME_ROLES: "{}" });
  });

  it("is that of the provider that the components are made with", async () => {
    const assumeRoles = [{ roleArn: "arn:aws:iam::111122223333:role/deploy", duration: "1h" }];
    const endpoints = [{ ecs: "http://localhost:4566" }];
    const given = await environments(
      { region: "eu-west-1", profile: pulumi.output("west"), assumeRoles, endpoints },
      { config: { "aws:profile": "no" } },
    );
    for (const environment of given) {
      assert.deepEqual(identityIn(environment), {
        BERTH_PROFILE: "west",
        BERTH_ASSUME_ROLES: JSON.stringify(assumeRoles),
        BERTH_ENDPOINTS: JSON.stringify(endpoints),
      });
    }
  });

  const WHY = "berth runs beside the AWS provider in the update and cannot be given it; ";
  const settings: [string, string, aws.ProviderArgs, RegExp][] = [
    [
      "accessKey",
      "AKIA",
      { accessKey: "AKIA" },
      /set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or use a profile\.$/m,
    ],
    [
      "secretKey",
      "s3cr3t",
      { secretKey: "s3cr3t" },
      /set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or use a profile\.$/m,
    ],
    ["token", "t0k3n", { token: "t0k3n" }, /set AWS_SESSION_TOKEN in the environment, or use a profile\.$/m],
    [
      "assumeRoleWithWebIdentity",
      "{}",
      { assumeRoleWithWebIdentity: { roleArn: "arn:aws:iam::111122223333:role/web", webIdentityToken: "t0k3n" } },
      /set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE in the environment\.$/m,
    ],
    ["sharedConfigFiles", "[]x", { sharedConfigFiles: ["/home/me/config"] }, /set AWS_CONFIG_FILE in the environment\.$/m],
    [
      "sharedCredentialsFiles",
      "x",
      { sharedCredentialsFiles: ["/home/me/keys"] },
      /set AWS_SHARED_CREDENTIALS_FILE in the environment\.$/m,
    ],
  ];
  for (const [key, value, args, instead] of settings) {
    it(`is refused at plan time where it lies in ${key}, and that is never shown`, async () => {
      for (const [whose, message] of [
        ["aws", await refusal(() => program(), { config: { [`aws:${key}`]: value } })],
        ["provider", await refusal(() => program({ region: "eu-west-1", ...args }))],
      ]) {
        assert.ok(message!.includes(`${whose === "aws" ? "aws:" : "provider."}${key}: ${WHY}`), message);
        assert.match(message!, instead);
        assert.doesNotMatch(message!, /s3cr3t|t0k3n|AKIA/);
      }
    });
  }

  it("is refused where it is a secret, because the environment of a command is none", async () => {
    const secret = / is a secret, and berth would get it in plain text; give it in plain text, or set AWS_PROFILE in the environment\./;
    const configured = await refusal(() => program(), { config: { "aws:profile": "hidden" }, secretKeys: ["aws:profile"] });
    assert.match(configured, /aws:profile: it/);
    assert.match(configured, secret);
    const own = await refusal(() => program({ region: "eu-west-1", profile: pulumi.secret("hidden") }));
    assert.match(own, /provider\.profile: it/);
    assert.match(own, secret);
    for (const message of [configured, own]) assert.doesNotMatch(message, /hidden/);
  });
});
