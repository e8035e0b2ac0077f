import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { OneOffTask } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import { computeState } from "../../../plan/record/mocks";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";
import { type Deployed, deploy, policyOf, refusal } from "../../helpers/deploy";
import { containers, rightsName, statements } from "../../helpers/service";
import { complaintsAbout } from "../../helpers/settings";
import { bigCluster, IMAGE, makeService, outlivedBy, type ServiceGiven, VARIANT_NAMES } from "../../helpers/variants";

const IN_S3 = "arn:aws:s3:::settings/web/app.env";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const fileWith = (text: string) => `${appFolder({ "app.env": text })}/app.env`;
const arnOf = (made: Deployed, type: string) => {
  const { urn, name, inputs, type: whole } = made.one(type);
  return computeState({ urn, type: whole, name, inputs, place: made.recording.place }).state.arn;
};
const filesOf = (made: Deployed, name = "web") => containers(made, name).map((container) => container.environmentFiles);
const reads = (made: Deployed, name = "web-execution") =>
  statements(made, name)
    .filter(({ Sid }) => String(Sid).endsWith("EnvironmentFiles"))
    .map(({ Sid, Action, Resource }) => [Sid, Action, Resource]);

describe("files with environment variables", () => {
  after(removeAppFolders);

  for (const variant of VARIANT_NAMES)
    it(`of the project are uploaded for a ${variant}, which may read them and nothing else`, async () => {
      const made = await deploy(() => makeService(variant, { environmentFiles: [fileWith("MODE=two\n")], path: false }));
      assert.deepEqual(filesOf(made), [[{ value: arnOf(made, OBJECT), type: "s3" }]]);
      assert.deepEqual(reads(made), [
        ["ReadEnvironmentFiles", ["s3:GetObject"], [arnOf(made, OBJECT)]],
        ["FindEnvironmentFiles", ["s3:GetBucketLocation"], [arnOf(made, "aws:s3/bucket:Bucket")]],
      ]);
      const first = outlivedBy(made, "aws:ecs/service:Service", "web");
      for (const one of [`BucketObjectv2 ${made.one(OBJECT).name}`, "BucketPolicy web-env"]) assert.ok(first.has(one), one);
    });

  it("lie in a bucket that is private, encrypted, refuses plain HTTP, and goes with the stack", async () => {
    const made = await deploy(() => makeService("FargateService", { environmentFiles: [fileWith("MODE=two\n")], path: false }));
    assert.equal(made.inputs("aws:s3/bucket:Bucket", "web-env").forceDestroy, true);
    assert.equal(made.one("aws:s3/bucket:Bucket", "web-env").options.protect, false);
    const closed = made.inputs("BucketPublicAccessBlock");
    for (const key of ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"])
      assert.equal(closed[key], true);
    assert.deepEqual(made.inputs("BucketOwnershipControls").rule, { objectOwnership: "BucketOwnerEnforced" });
    assert.deepEqual(made.inputs("BucketServerSideEncryptionConfiguration").rules, [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    assert.deepEqual(
      policyOf(made.one("BucketPolicy")).Statement.map(({ Effect, Condition }) => [Effect, Condition]),
      [["Deny", { Bool: { "aws:SecureTransport": "false" } }]],
    );
  });

  it("are encrypted with the stack's own key, which ECS may then use", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const made = await deploy(() => makeService("FargateService", { environmentFiles: [fileWith("MODE=two\n")], kmsKeyArn, path: false }));
    assert.deepEqual(made.inputs("BucketServerSideEncryptionConfiguration").rules, [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn }, bucketKeyEnabled: true },
    ]);
    assert.deepEqual(reads(made).at(-1), ["DecryptEnvironmentFiles", ["kms:Decrypt"], [kmsKeyArn]]);
  });

  it("in S3 may be encrypted with one of the keys that are named, which ECS may then use; those of the project are not", async () => {
    const named = "arn:aws:kms:eu-west-3:123456789012:key/0000abcd-12ab-34cd-56ef-1234567890ab";
    const made = (file: string) =>
      deploy(() => makeService("FargateService", { environmentFiles: [file], secretsKmsKeyArns: [named], path: false }));
    assert.deepEqual(reads(await made(IN_S3)).at(-1), ["DecryptEnvironmentFiles", ["kms:Decrypt"], [named]]);
    assert.equal(reads(await made(fileWith("MODE=two\n"))).length, 2);
  });

  it("are named after what they say, so that a changed one is another, beside that of the serving revision, with rights of its own", async () => {
    const make = (text: string) => deploy(() => makeService("FargateService", { environmentFiles: [fileWith(text)], path: false }));
    const [one, two, again] = [await make("MODE=one"), await make("MODE=two"), await make("MODE=one")];
    const keyOf = (made: Deployed) => made.inputs(OBJECT).key;
    assert.match(String(keyOf(one)), /^[0-9a-f]{16}\.env$/);
    assert.equal(keyOf(one), keyOf(again));
    assert.notEqual(keyOf(one), keyOf(two));
    assert.notEqual(one.one(OBJECT).name, two.one(OBJECT).name);
    assert.notEqual(rightsName(one, "web-execution"), rightsName(two, "web-execution"));
    assert.equal(one.one(OBJECT).options.retainOnDelete, true, "a rollback reads the old one");
  });

  it("may be objects in S3, and of sidecars, each file once", async () => {
    const file = fileWith("MODE=two");
    const given: ServiceGiven = {
      environmentFiles: [IN_S3, file],
      sidecars: { agent: { image: "agent:1", environmentFiles: [file, pulumi.output(IN_S3)] } },
      path: false,
    };
    const made = await deploy(() => makeService("FargateService", given));
    const own = { value: arnOf(made, OBJECT), type: "s3" };
    assert.deepEqual(filesOf(made), [
      [own, { value: IN_S3, type: "s3" }],
      [{ value: IN_S3, type: "s3" }, own],
    ]);
    assert.deepEqual(reads(made), [
      ["ReadEnvironmentFiles", ["s3:GetObject"], [IN_S3, own.value]],
      ["FindEnvironmentFiles", ["s3:GetBucketLocation"], ["arn:aws:s3:::settings", arnOf(made, "aws:s3/bucket:Bucket")]],
    ]);
  });

  it("are those of tasks that run once or on a schedule", async () => {
    const made = await deploy(() => {
      const cluster = bigCluster();
      new OneOffTask("import", { cluster, image: IMAGE, environmentFiles: [IN_S3] });
      new ScheduledTask("nightly", { cluster, image: IMAGE, schedule: "rate(1 day)", environmentFiles: [IN_S3] });
    });
    for (const name of ["import", "nightly"]) {
      assert.deepEqual(filesOf(made, name), [[{ value: IN_S3, type: "s3" }]]);
      assert.equal(reads(made, `${name}-execution`).length, 2);
    }
    assert.deepEqual(made.all("aws:s3/bucket:Bucket"), []);
  });

  const REFUSED: [what: string, given: () => Partial<ServiceGiven>, message: RegExp][] = [
    [
      "a file that is not there",
      () => ({ environmentFiles: ["./nowhere.env"] }),
      /environmentFiles\[0\]: there is no file "\.\/nowhere\.env"; give its path from the project's folder, or the ARN of an object in S3\.$/,
    ],
    [
      "a line that is none",
      () => ({ environmentFiles: [fileWith("A=1\nexport B=2")] }),
      /environmentFiles\[0\]: .*app\.env, line 2: "export" is a shell's/,
    ],
    [
      "a password",
      () => ({ environmentFiles: [fileWith("DB_PASSWORD=hunter2")] }),
      /app\.env, line 1: DB_PASSWORD: its name says it holds a password/,
    ],
    [
      "a variable that is a secret, too",
      () => ({ environmentFiles: [fileWith("DB=x")], secrets: { DB: "arn:aws:ssm:eu-west-3:123456789012:parameter/db" } }),
      /app\.env, line 1: DB is one of secrets, too; leave out one of them\.$/,
    ],
    [
      "the ARN of something else",
      () => ({ environmentFiles: ["arn:aws:s3:::settings/app.txt"] }),
      /environmentFiles\[0\]: "arn:aws:s3:::settings\/app\.txt" is neither the path of a file nor the ARN of an object in S3 whose name ends with \.env;/,
    ],
    [
      "eleven files",
      () => ({ environmentFiles: Array<string>(11).fill(IN_S3) }),
      /environmentFiles: 11 files; AWS takes 10 for a container\.$/,
    ],
  ];
  for (const [what, given, message] of REFUSED)
    it(`are refused with ${what}, whose value is not shown`, async () => {
      const said = await refusal(() => makeService("FargateService", { path: false, ...given() }));
      assert.match(said, message);
      assert.doesNotMatch(said, /hunter2/);
    });

  it("are checked in a stack file in the same words", async () => {
    const [said] = await complaintsAbout({ service: { environmentFiles: ["arn:aws:s3:::settings/app.txt"] } });
    assert.match(String(said), /^service\.environmentFiles\[0\]: "arn:aws:s3:::settings\/app\.txt" is neither/);
  });
});
