import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../components/cluster/cluster";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import type { Secret } from "../../../components/task/secrets";
import type { Json } from "../../../facts/graph";
import { ACCOUNT, type Deployed, deploy, REGION, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { containers, IMAGE, makeService, rightsName, type ServiceGiven, statements } from "../../helpers/service";

const AT = `${REGION}:${ACCOUNT}`;
const ARN = `arn:aws:secretsmanager:${AT}:secret:db-AbCdEf`;
const SECRETS = `arn:aws:secretsmanager:${AT}:secret`;
const KEY = `arn:aws:kms:${AT}:key/1234abcd`;
const ID = "9d4cb84b-ad69-40c0-a0ab-cead36b967e8";

const service = (secrets: Record<string, Secret>, more: ServiceGiven = {}) => deploy(() => makeService({ path: false, secrets, ...more }));
const given = (made: Deployed, name = "web") => containers(made, name).map(({ name: key, secrets }) => [key, secrets]);
const reads = (made: Deployed) =>
  statements(made, "web-execution").slice(3) as unknown as { Sid: string; Action: string[]; Resource: string[] }[];

describe("secrets by name", () => {
  let made: Deployed;
  before(async () => {
    made = await service(
      {
        ARN,
        DB: "prod/db",
        DB_PASSWORD: "prod/db:password",
        DB_USER: { secret: "prod/db", key: "user" },
        LATE: pulumi.output(Promise.resolve("prod/late:token")),
        MAIL: "/prod/mail",
        OLD: { secret: pulumi.output(ARN), key: "password", versionStage: "AWSPREVIOUS" },
        PINNED: { secret: "word", versionId: ID },
      },
      { sidecars: { agent: { image: "agent:1", secrets: { TOKEN: "agent/token" } } } },
    );
  });

  it("become ARNs of the stack's partition, region and account", () => {
    assert.deepEqual(given(made), [
      ["agent", [{ name: "TOKEN", valueFrom: `${SECRETS}:agent/token` }]],
      [
        "web",
        [
          { name: "ARN", valueFrom: ARN },
          { name: "DB", valueFrom: `${SECRETS}:prod/db` },
          { name: "DB_PASSWORD", valueFrom: `${SECRETS}:prod/db:password::` },
          { name: "DB_USER", valueFrom: `${SECRETS}:prod/db:user::` },
          { name: "LATE", valueFrom: `${SECRETS}:prod/late:token::` },
          { name: "MAIL", valueFrom: `arn:aws:ssm:${AT}:parameter/prod/mail` },
          { name: "OLD", valueFrom: `${ARN}:password:AWSPREVIOUS:` },
          { name: "PINNED", valueFrom: `${SECRETS}:word:::${ID}` },
        ],
      ],
    ]);
  });

  it("are what ECS may read, each once, whatever their six characters are", () => {
    const [secrets, parameters, ...others] = reads(made);
    assert.deepEqual(secrets, {
      Sid: "ReadSecrets",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue"],
      Resource: [
        ARN,
        `${SECRETS}:prod/db-??????`,
        `${SECRETS}:prod/late-??????`,
        `${SECRETS}:word-??????`,
        `${SECRETS}:agent/token-??????`,
      ],
    });
    assert.deepEqual(parameters, {
      Sid: "ReadParameters",
      Effect: "Allow",
      Action: ["ssm:GetParameters"],
      Resource: [`arn:aws:ssm:${AT}:parameter/prod/mail`],
    });
    assert.deepEqual(others, []);
  });

  it("make nothing", () => assert.deepEqual(made.names("Secret"), []));

  const refused: [what: string, secret: () => Secret, message: RegExp][] = [
    ["a word", () => "hunter2", /secrets\.DB: this is neither the name nor the ARN of a secret; allowed: prod\/db or /],
    ["a word that is known later", () => pulumi.output("hunter2"), /secrets\.DB: this is neither the name nor the ARN of a secret/],
    [
      "a Pulumi secret by itself",
      () => pulumi.secret("prod/db"),
      /secrets\.DB: it is a Pulumi secret; give it as \{ value: \.\.\. \}, and it is stored in Secrets Manager\./,
    ],
    ["a key of a parameter", () => ({ secret: "/prod/db", key: "x" }), /secrets\.DB\.secret: a parameter has no keys and versions for ECS/],
    [
      "a version by stage and id",
      () => ({ secret: "a/b", versionStage: "A", versionId: ID }),
      /secrets\.DB\.secret: AWS takes a version by its stage or by its id/,
    ],
    [
      "the same where the secret is known later",
      () => ({ secret: pulumi.output("a/b"), versionStage: "A", versionId: ID }),
      /secrets\.DB: AWS takes a version by its stage or by its id/,
    ],
    [
      "a key with a colon",
      () => ({ secret: "a/b", key: "a:b" }),
      /secrets\.DB\.key: "a:b" is not a key of JSON; write one like "password"/,
    ],
    [
      "another key",
      () => ({ secret: "a/b", version: "1" }) as Secret,
      /secrets\.DB\.version: there is no such key; did you mean "version\w+"\? Known here: secret, key, versionStage, versionId/,
    ],
    ["a secret and a value", () => ({ secret: "a/b", value: "x" }), /secrets\.DB\.value: there is no such key/],
    ["an empty value", () => ({ value: "" }), /secrets\.DB\.value: "" is not a string/],
    ["a number", () => 5 as unknown as Secret, /secrets\.DB: 5 is not an object with keys/],
  ];
  for (const [what, secret, message] of refused)
    it(`refuse ${what}`, async () => {
      const text = await refusal(() => makeService({ path: false, secrets: { DB: secret() } }));
      assert.match(text, message);
      assert.doesNotMatch(text, /hunter2/);
    });

  it("take an ARN that is a Pulumi secret, which hides nothing", async () => {
    const made = await service({ DB: pulumi.secret(ARN) });
    assert.deepEqual(given(made), [["web", [{ name: "DB", valueFrom: ARN }]]]);
  });

  it("are a policy of another name when they are others", async () => {
    const nameOf = async (secrets: Record<string, Secret>) => rightsName(await service(secrets), "web-execution");
    const names = [
      await nameOf({ A: "a/b" }),
      await nameOf({ A: "a/c" }),
      await nameOf({ A: { secret: "a/b", key: "x" } }),
      await nameOf({ B: "a/b" }),
    ];
    assert.equal(new Set(names).size, names.length);
    assert.equal(await nameOf({ A: "a/b" }), names[0]);
  });
});

describe("secrets by value", () => {
  const CANARY = "hunter2-canary";
  const own = { DB_PASSWORD: { value: pulumi.secret(CANARY) } };
  const parts = (made: Deployed, name: string) => ({ secret: made.one("Secret", name), version: made.one("SecretVersion", name) });
  const arnOf = (made: Deployed, name: string) => String(made.inputs("SecretVersion", name).secretId);

  it("are stored, named after project, stack, task and variable, under a name that is free", async () => {
    const made = await service(own);
    const { secret, version } = parts(made, "web-DB_PASSWORD");
    assert.deepEqual(secret.inputs, {
      namePrefix: "shop/test/web/DB_PASSWORD-",
      description: "DB_PASSWORD of web",
      recoveryWindowInDays: 7,
      tags: { Project: "shop", Stack: "test" },
    });
    assert.deepEqual(made.sourcesOf(version, "secretId"), ["Secret web-DB_PASSWORD"]);
    assert.deepEqual(Object.keys(version.inputs).sort(), ["secretId", "secretString"]);
  });

  it("are named by version, so that another value is another revision, and ECS may read exactly them", async () => {
    const made = await service(own);
    const arn = arnOf(made, "web-DB_PASSWORD");
    const [[, secrets]] = given(made) as [[string, { name: string; valueFrom: string }[]]];
    assert.equal(secrets[0]!.name, "DB_PASSWORD");
    assert.match(secrets[0]!.valueFrom, new RegExp(`^${arn.replace(/[/+.]/g, "\\$&")}:::[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`));
    const definition = made.one("TaskDefinition", "web");
    assert.ok(made.sourcesOf(definition, "containerDefinitions").includes("SecretVersion web-DB_PASSWORD"));
    assert.deepEqual(
      reads(made).map(({ Sid, Resource }) => [Sid, Resource]),
      [["ReadSecrets", [arn]]],
    );
  });

  it("appear nowhere", async () => {
    for (const value of [pulumi.secret(CANARY), pulumi.output(CANARY), CANARY]) {
      const { recording } = await service({ DB_PASSWORD: { value } });
      assert.doesNotMatch(JSON.stringify([recording.known, recording.unknown]), /canary/);
      assert.equal(recording.known.resources.find(({ type }) => type.endsWith(":SecretVersion"))!.inputs.secretString, "[secret]");
    }
  });

  it("are part of no name", async () => {
    const nameOf = async (value: string) => rightsName(await service({ A: { value } }), "web-execution");
    assert.equal(await nameOf("one"), await nameOf("two"));
  });

  it("are encrypted with the stack's key, which ECS may use for them, beside keys that are named", async () => {
    const decrypt = async (secrets: Record<string, Secret>, more: ServiceGiven) => {
      const made = await service(secrets, more);
      const statement = reads(made).find(({ Sid }) => Sid === "DecryptSecrets");
      return [made.all("Secret").map(({ inputs }) => inputs.kmsKeyId), statement?.Resource] as Json;
    };
    const named = `arn:aws:kms:${AT}:key/other`;
    assert.deepEqual(await decrypt(own, { kmsKeyArn: KEY, secretsKmsKeyArns: [named] }), [[KEY], [named, KEY]]);
    assert.deepEqual(await decrypt({ DB: ARN }, { kmsKeyArn: KEY }), [[], undefined], "others may be of AWS's key");
    assert.deepEqual(await decrypt(own, {}), [[undefined], undefined]);
  });

  it("are stored anew with another key, by another policy, while the old ones can be read", async () => {
    const [without, before, after] = [
      await service(own),
      await service(own, { kmsKeyArn: KEY }),
      await service(own, { kmsKeyArn: `${KEY}b` }),
    ];
    const policies = [without, before, after].map((made) => rightsName(made, "web-execution"));
    assert.equal(new Set(policies).size, 3);
    for (const made of [without, before]) assert.deepEqual(made.one("Secret").options.replaceOnChanges, ["kmsKeyId"]);
  });

  it("are those of sidecars and of scheduled tasks, too", async () => {
    const made = await service(own, { sidecars: { agent: { image: "agent:1", secrets: { DB_PASSWORD: { value: "x" } } } } });
    assert.deepEqual(made.names("Secret"), ["web-DB_PASSWORD", "web-agent-DB_PASSWORD"]);
    assert.equal(made.inputs("Secret", "web-agent-DB_PASSWORD").namePrefix, "shop/test/web/agent-DB_PASSWORD-");
    const task = await deploy(() => {
      const cluster = new Cluster("apps", { network: plainNetwork() });
      return new ScheduledTask("report", { cluster, image: IMAGE, schedule: "rate(1 day)", secrets: own });
    });
    assert.deepEqual(task.names("Secret"), ["report-DB_PASSWORD"]);
    assert.match(JSON.stringify(given(task, "report")), /"valueFrom":"arn:aws:secretsmanager:\S+shop\/test\/report\/DB_PASSWORD-\S+:::/);
  });

  it("have a name that AWS takes, whatever the stack is called", async () => {
    const made = await deploy(() => makeService({ path: false, secrets: own }), { project: "my.shop", stack: "feature_x" });
    assert.equal(made.inputs("Secret", "web-DB_PASSWORD").namePrefix, "my.shop/feature_x/web/DB_PASSWORD-");
  });

  it("are refused as plain variables, with the way here", async () => {
    const text = await refusal(() => makeService({ path: false, environment: { TOKEN_OF_X: pulumi.secret(CANARY) } }));
    assert.match(
      text,
      /environment\.TOKEN_OF_X: it is a Pulumi secret, .* Give it as secrets: \{ TOKEN_OF_X: \{ value: \.\.\. \} \}, encrypted/,
    );
    assert.doesNotMatch(text, /canary/);
  });
});
