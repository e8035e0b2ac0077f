import assert from "node:assert/strict";
import { type Access, accessComplaint, endpointOf, RIGHTS, resourcesOf } from "../../facts/permissions";

const AT = "eu-west-3:123456789012";
const BUCKET = "arn:aws:s3:::uploads";
const TABLE = `arn:aws:dynamodb:${AT}:table/orders`;
const QUEUE = `arn:aws-cn:sqs:${AT}:jobs.fifo`;
const TOPIC = `arn:aws:sns:${AT}:mails`;
const SECRET = `arn:aws:secretsmanager:${AT}:secret:prod/db`;
const PARAMETER = `arn:aws:ssm:${AT}:parameter/prod/*`;
const KEY = `arn:aws:kms:${AT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** What one kind of access to an ARN grants, by the service's word for each action. */
const granted = (access: Access, arn: string) =>
  Object.fromEntries(
    RIGHTS[access]
      .map((right) => [right.actions.join(" "), resourcesOf(right, access, arn)] as const)
      .filter(([, resources]) => resources.length > 0),
  );

describe("ready rights", () => {
  const cases: [access: Access, arn: string, rights: Record<string, string[]>][] = [
    ["read", BUCKET, { "s3:GetObject": [`${BUCKET}/*`], "s3:ListBucket": [BUCKET] }],
    ["read", `${BUCKET}/public/*`, { "s3:GetObject": [`${BUCKET}/public/*`] }],
    ["write", BUCKET, { "s3:AbortMultipartUpload s3:DeleteObject s3:PutObject": [`${BUCKET}/*`] }],
    ["write", `${BUCKET}/public/*`, { "s3:AbortMultipartUpload s3:DeleteObject s3:PutObject": [`${BUCKET}/public/*`] }],
    [
      "read",
      TABLE,
      {
        "dynamodb:BatchGetItem dynamodb:ConditionCheckItem dynamodb:DescribeTable dynamodb:GetItem dynamodb:Query dynamodb:Scan": [
          TABLE,
          `${TABLE}/index/*`,
        ],
      },
    ],
    [
      "write",
      TABLE,
      { "dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:DescribeTable dynamodb:PutItem dynamodb:UpdateItem": [TABLE] },
    ],
    ["read", QUEUE, { "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage": [QUEUE] }],
    ["write", QUEUE, { "sqs:GetQueueAttributes sqs:GetQueueUrl sqs:SendMessage": [QUEUE] }],
    ["write", TOPIC, { "sns:Publish": [TOPIC] }],
    ["read", SECRET, { "secretsmanager:DescribeSecret secretsmanager:GetSecretValue": [`${SECRET}-??????`] }],
    ["write", `${SECRET}-AbCdEf`, { "secretsmanager:PutSecretValue": [`${SECRET}-AbCdEf`] }],
    ["read", PARAMETER, { "ssm:GetParameter ssm:GetParameters": [PARAMETER] }],
    ["write", PARAMETER, { "ssm:PutParameter": [PARAMETER] }],
    ["read", KEY, { "kms:Decrypt": [KEY] }],
    ["write", KEY, { "kms:Decrypt kms:Encrypt kms:GenerateDataKey": [KEY] }],
  ];
  for (const [access, arn, rights] of cases)
    it(`to ${access} ${arn}`, () => {
      assert.equal(accessComplaint(access, arn), undefined);
      assert.deepEqual(granted(access, arn), rights);
    });

  it("have a name of their own each, as a policy's statements must", () => {
    const sids = [...RIGHTS.read, ...RIGHTS.write].map(({ sid }) => sid);
    assert.deepEqual(
      sids.join(" "),
      "ReadObjects ListBuckets ReadTables ReceiveMessages ReadSecrets ReadParameters Decrypt WriteObjects WriteTables SendMessages PublishMessages WriteSecrets WriteParameters Encrypt",
    );
    assert.deepEqual(sids, [...new Set(sids)]);
  });

  const READABLE =
    "an S3 bucket or objects in it, a DynamoDB table, an SQS queue, a secret of Secrets Manager, a parameter of Parameter Store, a KMS key that one of them is encrypted with";
  const statement = "for anything else write a statement: statements: [{ actions: [...], resources: [...] }].";
  for (const arn of [
    "uploads",
    "*",
    "arn:aws:s3:::*",
    `arn:aws:dynamodb:${AT}:table/*`,
    `arn:aws:dynamodb:${AT}:table/orders/index/*`,
    `arn:aws:sqs:${AT}:*`,
    `arn:aws:ssm:${AT}:parameter/*`,
    `arn:aws:kms:${AT}:key/*`,
    `arn:aws:kms:${AT}:alias/x`,
    `arn:aws:kinesis:${AT}:stream/clicks`,
    "arn:aws:iam::aws:policy/AdministratorAccess",
    `arn:aws:sns:${AT}:mails:0f6b`,
    `arn:aws:secretsmanager:${AT}:secret:prod/db:password`,
  ])
    it(`there are none for ${arn}`, () => {
      assert.equal(
        accessComplaint("read", arn),
        `${JSON.stringify(arn)} has no ready rights; allowed: the ARN of ${READABLE}; ${statement}`,
      );
      assert.match(accessComplaint("write", arn)!, /an SQS queue, an SNS topic, a secret of Secrets Manager/);
      assert.deepEqual([granted("read", arn), granted("write", arn)], [{}, {}]);
    });

  it("to read a topic there are none", () => {
    assert.equal(accessComplaint("read", TOPIC), `${TOPIC} is an SNS topic, which has nothing to read; name it in write.`);
    assert.deepEqual(granted("read", TOPIC), {});
  });

  it("name the endpoints that a private network needs", () => {
    const endpoints = [BUCKET, TABLE, QUEUE, TOPIC, SECRET, PARAMETER, KEY, "x"].map(endpointOf);
    assert.deepEqual(endpoints, [undefined, "dynamodb", "sqs", "sns", "secretsmanager", "ssm", undefined, undefined]);
  });
});
