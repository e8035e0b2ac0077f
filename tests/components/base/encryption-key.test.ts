import assert from "node:assert/strict";
import { type Deployed, policyOf } from "../../helpers/deploy";
import { stack } from "../../helpers/stacks";

const KEY = /^arn:aws:kms:/;
const TASKS = 'tasks={"nightly":{"schedule":"rate(1 day)"}}';

describe("a key of the stack's own", () => {
  let own: Deployed;
  before(async () => {
    own = await stack("prod", ["encryption=own", "compute=ec2", "service.exec=true", "service.readonlyRootFilesystem=false", TASKS]);
  });

  it("is rotated, and not easily lost", () => {
    const { enableKeyRotation, deletionWindowInDays } = own.inputs("Key", "data");
    assert.deepEqual({ enableKeyRotation, deletionWindowInDays }, { enableKeyRotation: true, deletionWindowInDays: 30 });
  });

  it("lets the account administer it, its log groups, alarms and events use it, and others only through services that store", () => {
    const [admin, logs, topics, queues, disks, grants, stores, ...others] = policyOf(own.one("Key", "data")).Statement;
    assert.deepEqual(admin?.Principal, { AWS: "arn:aws:iam::123456789012:root" });
    assert.deepEqual(others, []);
    assert.deepEqual(logs?.Principal, { Service: ["logs.us-east-1.amazonaws.com"] });
    assert.deepEqual(logs?.Condition, {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:123456789012:log-group:*" },
    });
    assert.deepEqual(
      [topics, queues].map((statement) => [statement?.Principal, statement?.Action, statement?.Condition]),
      [
        [
          { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
          ["kms:Decrypt", "kms:GenerateDataKey*"],
          { ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:us-east-1:123456789012:*" } },
        ],
        [
          { Service: ["events.amazonaws.com", "sns.amazonaws.com"] },
          ["kms:Decrypt", "kms:GenerateDataKey*"],
          { ArnLike: { "kms:EncryptionContext:aws:sqs:arn": "arn:aws:sqs:us-east-1:123456789012:*" } },
        ],
      ],
    );
    const account = { "kms:EncryptionContext:aws:ecs:clusterAccount": "123456789012" };
    assert.deepEqual(
      [disks, grants].map((statement) => [statement?.Principal, statement?.Action, statement?.Condition]),
      [
        [{ Service: "fargate.amazonaws.com" }, ["kms:GenerateDataKeyWithoutPlaintext"], { StringEquals: account }],
        [
          { Service: "fargate.amazonaws.com" },
          ["kms:CreateGrant"],
          { StringEquals: account, "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] } },
        ],
      ],
    );
    const { StringEquals } = stores!.Condition as { StringEquals: Record<string, unknown> };
    assert.equal(StringEquals["kms:CallerAccount"], "123456789012");
    assert.deepEqual(
      StringEquals["kms:ViaService"],
      ["ec2", "ecr", "elasticfilesystem", "s3", "scheduler", "secretsmanager", "ssm", "sns", "sqs"].map(
        (service) => `${service}.us-east-1.amazonaws.com`,
      ),
    );
  });

  it("encrypts every log group, image, volume, queue and schedule, and the disks of tasks on Fargate", () => {
    assert.match(String(own.inputs("Schedule", "nightly").kmsKeyArn), KEY);
    const { managedStorageConfiguration } = own.inputs("aws:ecs/cluster:Cluster", "apps").configuration as {
      managedStorageConfiguration: Record<string, unknown>;
    };
    assert.match(String(managedStorageConfiguration.fargateEphemeralStorageKmsKeyId), KEY);
    for (const group of own.all("LogGroup")) assert.match(String(group.inputs.kmsKeyId), KEY, group.name);
    for (const { inputs, name } of own.all("Repository")) {
      const [{ encryptionType, kmsKey }] = inputs.encryptionConfigurations as [{ encryptionType: string; kmsKey: string }];
      assert.equal(encryptionType, "KMS", name);
      assert.match(kmsKey, KEY, name);
    }
    for (const { ebs } of own.inputs("LaunchTemplate").blockDeviceMappings as unknown as { ebs: { kmsKeyId: string } }[])
      assert.match(ebs.kmsKeyId, KEY);
    const queue = own.inputs("Queue", "nightly-dead-letters");
    assert.match(String(queue.kmsMasterKeyId), KEY);
    assert.equal(queue.sqsManagedSseEnabled, undefined);
  });

  it("may be used by those who need it themselves: exec sessions, and the scheduler for its queue", () => {
    const { executeCommandConfiguration } = own.inputs("aws:ecs/cluster:Cluster", "apps").configuration as {
      executeCommandConfiguration: Record<string, unknown>;
    };
    assert.match(String(executeCommandConfiguration.kmsKeyId), KEY);
    const actions = (role: string, sid: string) => policyOf(own.one("RolePolicy", role)).Statement.find((s) => s.Sid === sid)?.Action;
    assert.deepEqual(actions("web-task", "EncryptSession"), ["kms:Decrypt"]);
    assert.deepEqual(actions("nightly-schedule", "EncryptScheduleAndDeadLetters"), ["kms:Decrypt", "kms:GenerateDataKey"]);
  });
});

describe("without one", () => {
  it("AWS's own keys encrypt, and no right to a key is given", async () => {
    const plain = await stack("prod", [TASKS]);
    assert.deepEqual(plain.all("Key"), []);
    for (const group of plain.all("LogGroup")) assert.equal(group.inputs.kmsKeyId, undefined, group.name);
    assert.equal(plain.inputs("Queue", "nightly-dead-letters").sqsManagedSseEnabled, true);
    assert.equal(plain.inputs("Schedule", "nightly").kmsKeyArn, undefined);
    assert.doesNotMatch(JSON.stringify(plain.inputs("aws:ecs/cluster:Cluster", "apps")), /managedStorage/);
    for (const policy of plain.all("RolePolicy")) assert.doesNotMatch(JSON.stringify(policy.inputs), /kms:/, policy.name);
  });
});

describe("a permissions boundary", () => {
  const BOUNDARY = "arn:aws:iam::123456789012:policy/boundary";

  for (const [name, more] of [
    ["prod", "compute=ec2"],
    ["prod", "compute=managed-instances"],
    ["dev", "service.rollout=canary"],
  ] as const) {
    it(`bounds every role of ${name} with ${more}`, async () => {
      const bounded = await stack(name, [`permissionsBoundary=${BOUNDARY}`, more, TASKS]);
      assert.ok(bounded.all("Role").length >= 4);
      for (const role of bounded.all("Role")) assert.equal(role.inputs.permissionsBoundary, BOUNDARY, role.name);
    });
  }
});
