import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../components/cluster/cluster";
import type { TaskArgs } from "../../../components/task/arguments";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import type { Json } from "../../../facts/graph";
import { ACCOUNT, deploy, REGION, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { IMAGE, makeService, rightsName, statements } from "../../helpers/service";

const AT = `${REGION}:${ACCOUNT}`;
const BUCKET = "arn:aws:s3:::uploads";
const OTHER = "arn:aws:s3:::reports";
const QUEUE = `arn:aws:sqs:${AT}:jobs`;
const KEY = `arn:aws:kms:${AT}:key/1234abcd`;

type Permissions = TaskArgs["permissions"];
const service = (permissions: Permissions) => deploy(() => makeService({ path: false, permissions }));
const grants = async (permissions: Permissions) => statements(await service(permissions), "web-task") as unknown as Json;
const nameOf = async (permissions: Permissions) => rightsName(await service(permissions), "web-task");

describe("the permissions of a task", () => {
  it("are ready rights on what is named, a statement for each kind, and statements", async () => {
    const own = {
      effect: "Deny" as const,
      actions: ["s3:DeleteObject"],
      resources: [`${OTHER}/*`],
      conditions: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
    };
    assert.deepEqual(await grants({ read: [BUCKET, QUEUE, OTHER, KEY], write: [OTHER], statements: [own] }), [
      { Sid: "ReadObjects", Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${BUCKET}/*`, `${OTHER}/*`] },
      { Sid: "ListBuckets", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [BUCKET, OTHER] },
      {
        Sid: "ReceiveMessages",
        Effect: "Allow",
        Action: ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage"].map(
          (name) => `sqs:${name}`,
        ),
        Resource: [QUEUE],
      },
      { Sid: "Decrypt", Effect: "Allow", Action: ["kms:Decrypt"], Resource: [KEY] },
      {
        Sid: "WriteObjects",
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"],
        Resource: [`${OTHER}/*`],
      },
      { Effect: "Deny", Action: ["s3:DeleteObject"], Resource: [`${OTHER}/*`], Condition: own.conditions },
    ]);
  });

  it("may be a list of statements alone", async () => {
    const statement = { sid: "Mail", actions: ["ses:SendEmail"], resources: ["*"] };
    assert.deepEqual(await grants([statement]), await grants({ statements: [statement] }));
  });

  it("may be known only later", async () => {
    const read = [pulumi.output(Promise.resolve(QUEUE))];
    const [receive, ...others] = (await grants({ read })) as { Sid: string; Resource: string[] }[];
    assert.deepEqual([receive!.Sid, receive!.Resource, others], ["ReceiveMessages", [QUEUE], []]);
  });

  it("are none where nothing is named", async () => {
    for (const permissions of [{}, [], { read: [], write: [] }]) {
      const names = (await service(permissions)).names("RolePolicy");
      assert.deepEqual(
        names.filter((name) => name.startsWith("web-task")),
        [],
      );
    }
  });

  it("are a policy of another name when others are granted, for tasks of the old revision need the old ones", async () => {
    const mail = { actions: ["ses:SendEmail"], resources: ["*"] };
    const names = [
      await nameOf({ read: [BUCKET] }),
      await nameOf({ write: [BUCKET] }),
      await nameOf({ read: [BUCKET, OTHER] }),
      await nameOf({ statements: [mail] }),
      await nameOf({ statements: [{ ...mail, effect: "Deny" }] }),
    ];
    for (const name of names) assert.match(name, /^web-task-[0-9a-f]{8}$/);
    assert.equal(new Set(names).size, names.length);
    assert.equal(await nameOf({ read: [BUCKET] }), names[0]);
  });

  it("are there before the service starts", async () => {
    const made = await service({ read: [BUCKET] });
    assert.ok(made.one("aws:ecs/service:Service").dependencies.includes(made.one("RolePolicy", rightsName(made, "web-task")).urn));
  });

  it("are those of a scheduled task, too", async () => {
    const made = await deploy(() => {
      const cluster = new Cluster("apps", { network: plainNetwork() });
      return new ScheduledTask("report", { cluster, image: IMAGE, schedule: "rate(1 day)", permissions: { read: [QUEUE] } });
    });
    assert.deepEqual(
      statements(made, "report-task").map((statement) => (statement as unknown as { Sid: string }).Sid),
      ["ReceiveMessages"],
    );
  });

  const refused: [what: string, permissions: () => Permissions, message: RegExp][] = [
    [
      "an ARN without ready rights",
      () => ({ read: ["arn:aws:iam::123456789012:role/x"] }),
      /permissions\.read\[0\]: "arn:aws:iam::123456789012:role\/x" has no ready rights; allowed: the ARN of an S3 bucket/,
    ],
    [
      "a topic to read",
      () => ({ read: [`arn:aws:sns:${AT}:mails`] }),
      /permissions\.read\[0\]: arn:aws:sns:\S+ is an SNS topic, which has nothing to read; name it in write\./,
    ],
    [
      "one that is known later",
      () => ({ write: [BUCKET, pulumi.output("arn:aws:ec2:::x")] }),
      /permissions\.write\[1\]: "arn:aws:ec2:::x" has no ready rights/,
    ],
    [
      "all actions",
      () => [{ actions: ["*"], resources: ["*"] }],
      /permissions\[0\]\.actions\[0\]: "\*" is not an action of IAM; write one like "s3:GetObject"/,
    ],
    ["no action", () => [{ actions: [], resources: ["*"] }], /permissions\[0\]\.actions: the list is empty; name at least one\./],
    [
      "no resource",
      () => ({ statements: [{ actions: ["s3:GetObject"], resources: [] }] }),
      /permissions\.statements\[0\]\.resources: the list is empty; name at least one\./,
    ],
    [
      "a resource that is no ARN",
      () => [{ actions: ["s3:GetObject"], resources: ["uploads"] }],
      /permissions\[0\]\.resources\[0\]: "uploads" is not an ARN or "\*"/,
    ],
    [
      "an effect",
      () => [{ effect: "Forbid" as "Deny", actions: ["s3:GetObject"], resources: ["*"] }],
      /permissions\[0\]\.effect: "Forbid" is not a valid value; allowed: Allow, Deny/,
    ],
    [
      "a sid",
      () => [{ sid: "read it", actions: ["s3:GetObject"], resources: ["*"] }],
      /permissions\[0\]\.sid: "read it" is not letters and digits/,
    ],
    [
      "an operator",
      () => [{ actions: ["s3:GetObject"], resources: ["*"], conditions: { Equals: { "aws:SourceAccount": "1" } } }],
      /permissions\[0\]\.conditions: "Equals" is not a condition operator of IAM; write one like "StringEquals"\./,
    ],
    [
      "a condition key",
      () => [{ actions: ["s3:GetObject"], resources: ["*"], conditions: { Bool: { SecureTransport: "true" } } }],
      /permissions\[0\]\.conditions\.Bool: "SecureTransport" is not a condition key of IAM; write one like "aws:SourceAccount"\./,
    ],
    [
      "two statements of one sid",
      () => [
        { sid: "A", actions: ["s3:GetObject"], resources: ["*"] },
        { sid: "A", actions: ["s3:GetObject"], resources: ["*"] },
      ],
      /permissions: "A" is the sid of another statement; give each its own, or none\./,
    ],
    [
      "the sid of a ready right",
      () => ({ statements: [{ sid: "ReadObjects", actions: ["s3:GetObject"], resources: ["*"] }] }),
      /permissions\.statements: "ReadObjects" is the sid of another statement/,
    ],
  ];
  for (const [what, permissions, message] of refused)
    it(`refuse ${what}`, async () => assert.match(await refusal(() => makeService({ path: false, permissions: permissions() })), message));

  const OPERATORS =
    "StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals " +
    "NumericGreaterThan NumericGreaterThanEquals DateEquals DateLessThan Bool BinaryEquals IpAddress NotIpAddress ArnEquals ArnLike ArnNotEquals ArnNotLike Null StringLikeIfExists " +
    "ForAllValues:StringEquals ForAnyValue:StringLike";
  it("take every operator of IAM", async () => {
    const conditions = Object.fromEntries(OPERATORS.split(" ").map((operator) => [operator, { "aws:PrincipalTag/team": ["red", "blue"] }]));
    const [statement] = (await grants([{ actions: ["s3:GetObject"], resources: ["*"], conditions }])) as { Condition: Json }[];
    assert.deepEqual(statement!.Condition, conditions);
  });
});
