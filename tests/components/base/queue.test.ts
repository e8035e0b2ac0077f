// A queue for workers, with its dead-letter queue; and one that is there already.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Queue, type QueueArgs } from "../../../components/base/queue";
import { deploy, policyOf, refusal } from "../../helpers/deploy";

const QUEUE = "aws:sqs/queue:Queue";
const KEY = "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const TAGS = { Project: "shop", Stack: "test" };
const make = (args: QueueArgs = {}) => deploy(() => new Queue("jobs", args));

describe("a queue", () => {
  it("is these two queues to the letter", async () => {
    const made = await make();
    const { redrivePolicy, ...inputs } = made.one(QUEUE, "jobs").inputs;
    assert.deepEqual(inputs, {
      sqsManagedSseEnabled: true,
      visibilityTimeoutSeconds: 120,
      messageRetentionSeconds: 345_600,
      receiveWaitTimeSeconds: 20,
      tags: TAGS,
    });
    const { deadLetterTargetArn, ...redrive } = JSON.parse(String(redrivePolicy)) as Record<string, unknown>;
    assert.deepEqual(redrive, { maxReceiveCount: 3 });
    assert.match(String(deadLetterTargetArn), /^arn:aws:sqs:eu-west-3:123456789012:jobs-dead-letters-[0-9a-f]{7}$/);
    assert.deepEqual(made.one(QUEUE, "jobs-dead-letters").inputs, {
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: 1_209_600,
      tags: TAGS,
    });
    assert.deepEqual(made.sourcesOf(made.one(QUEUE, "jobs"), "redrivePolicy"), ["Queue jobs-dead-letters"]);
  });

  it("is reached with TLS only, and so are the dead letters", async () => {
    const made = await make();
    for (const name of ["jobs", "jobs-dead-letters"]) {
      const policy = made.one("aws:sqs/queuePolicy:QueuePolicy", name);
      const [only, ...others] = policyOf(policy).Statement as Record<string, unknown>[];
      assert.deepEqual([only!.Effect, only!.Principal, only!.Condition], ["Deny", "*", { Bool: { "aws:SecureTransport": "false" } }]);
      assert.match(String(only!.Resource), new RegExp(`:${name}-[0-9a-f]{7}$`));
      assert.deepEqual([others, made.sourcesOf(policy, "queueUrl")], [[], [`Queue ${name}`]]);
    }
  });

  it("takes times, attempts, a key of one's own, and whether a destroy may take it", async () => {
    const made = await make({
      visibilityTimeout: 900,
      maxReceiveCount: 1,
      messageRetention: 14,
      kmsKeyArn: KEY,
      deletionProtection: false,
    });
    const { inputs, options } = made.one(QUEUE, "jobs");
    const { visibilityTimeoutSeconds, messageRetentionSeconds, kmsMasterKeyId, sqsManagedSseEnabled } = inputs;
    assert.deepEqual(
      [visibilityTimeoutSeconds, messageRetentionSeconds, kmsMasterKeyId, sqsManagedSseEnabled, options.protect],
      [900, 1_209_600, KEY, undefined, false],
    );
    assert.equal((JSON.parse(String(inputs.redrivePolicy)) as { maxReceiveCount: number }).maxReceiveCount, 1);
    assert.equal(made.one(QUEUE, "jobs-dead-letters").inputs.kmsMasterKeyId, KEY);
    for (const name of ["jobs", "jobs-dead-letters"]) assert.equal((await make()).one(QUEUE, name).options.protect, true);
  });

  it("in order has dead letters in order, too", async () => {
    const made = await make({ fifo: true });
    for (const name of ["jobs", "jobs-dead-letters"]) {
      const { fifoQueue, contentBasedDeduplication } = made.one(QUEUE, name).inputs;
      assert.deepEqual([fifoQueue, contentBasedDeduplication], [true, true]);
    }
    assert.match(String(made.one(QUEUE, "jobs").inputs.redrivePolicy), /jobs-dead-letters-[0-9a-f]{7}\.fifo"/);
  });
});

describe("a queue that is there already", () => {
  it("is known by its ARN, in each partition", async () => {
    const urls: Record<string, string> = {};
    await deploy(() => {
      for (const [arn, name] of [
        ["arn:aws:sqs:eu-west-1:111122223333:jobs", "jobs"],
        ["arn:aws-cn:sqs:cn-north-1:111122223333:jobs.fifo", "jobs.fifo"],
      ] as const) {
        const { url, queueName } = Queue.existing(name, { arn: pulumi.output(arn) });
        pulumi.all([url, queueName]).apply(([known, its]) => {
          urls[arn] = known;
          assert.equal(its, name);
        });
      }
    });
    assert.deepEqual(Object.values(urls), [
      "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs",
      "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/jobs.fifo",
    ]);
  });

  it("is refused by another ARN", async () => {
    assert.equal(
      await refusal(() => Queue.existing("old", { arn: "arn:aws:sns:eu-west-1:111122223333:jobs" })),
      'ExistingQueue "old": arn: "arn:aws:sns:eu-west-1:111122223333:jobs" is not the ARN of a queue; write one like "arn:aws:sqs:eu-west-1:111122223333:jobs".',
    );
  });
});
