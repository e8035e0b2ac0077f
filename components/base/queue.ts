import * as pulumi from "@pulumi/pulumi";
import { QUEUE_ARN, queueName, queueUrl } from "../../facts/arns";
import { LIMITS } from "../../facts/aws-limits";
import { type ComponentArgs, common, kmsKeyArn } from "./arguments";
import * as aws from "./aws";
import { Component, type Transform } from "./component";
import { type ArgumentsOf, flag, group, input, integer, omit, optional, other, pattern, within } from "./schema";

const { takes: QUEUE } = LIMITS["aws:sqs/queue:Queue"];

/** What is chosen of a queue. */
export interface NewQueueSettings {
  /**
   * Seconds that a task may work on a message until another one gets it, too (`visibilityTimeoutSeconds`), 0 to 43200. Choose more than the longest job takes.
   * Defaults to 120.
   */
  visibilityTimeout?: number;
  /** How often a message is received, and not deleted, before it moves to the dead-letter queue (`maxReceiveCount`), 1 to 1000. Defaults to 3. */
  maxReceiveCount?: number;
  /** Days after which a message that nobody has worked on is lost (`messageRetentionSeconds`), 1 to 14. The dead-letter queue keeps those in it for 14. Defaults to 4. */
  messageRetention?: number;
  /**
   * Whether messages of a group arrive in their order, and each once (`fifoQueue`). Another value on a live queue is another queue. Defaults to false.
   * Cost: 0.50 USD per million requests, in place of 0.40.
   */
  fifo?: boolean;
  /** Whether Pulumi refuses to delete or replace it, with all messages in it (`protect`). Defaults to true, and in a stack file to what the stack says. */
  deletionProtection?: boolean;
}

/** Changes to what a queue is made of. */
export interface QueueTransform {
  queue?: Transform<aws.sqs.QueueArgs>;
  deadLetterQueue?: Transform<aws.sqs.QueueArgs>;
  /** The policies of both. */
  policy?: Transform<aws.sqs.QueuePolicyArgs>;
}

/** Arguments of {@link Queue}. */
export interface QueueArgs extends NewQueueSettings, ComponentArgs {
  /** Changes to what the component makes. */
  transform?: QueueTransform;
}

export const queue = {
  ...common,
  visibilityTimeout: optional(within(QUEUE.visibilityTimeoutSeconds), 120),
  maxReceiveCount: optional(integer(1, 1000, "times"), 3),
  messageRetention: optional(integer(1, 14, "days"), 4),
  fifo: optional(flag(), false),
  deletionProtection: optional(flag(), true),
  transform: optional(other<QueueTransform>()),
} satisfies ArgumentsOf<QueueArgs>;
/** What a stack file may say of a queue that is made for a worker. */
export const queueSettings = omit(queue, "tags", "permissionsBoundary", "kmsKeyArn", "transform") satisfies ArgumentsOf<NewQueueSettings>;
const SCHEMA = group(queue);

/** What those who receive from a queue, or send to it, need to know of it. */
export interface QueueLike {
  /** The queue's name in the program, after which the variables of those who send to it are called. */
  readonly label: string;
  /** The queue's ARN. */
  readonly arn: pulumi.Output<string>;
  /** The queue's URL, by which apps know it. */
  readonly url: pulumi.Output<string>;
  /** The queue's name at AWS (`queueName`). */
  readonly queueName: pulumi.Output<string>;
  /** The KMS key that its messages are encrypted with. Defaults to none: a key of AWS's own. */
  readonly keyArn?: pulumi.Input<string>;
  /** What makes it another queue, as far as that is known before the deploy. */
  readonly identity: object;
  /** Seconds that a message is one task's. Defaults to none: they are not known. */
  readonly visibilityTimeout?: number;
}

/** Days that a dead-letter queue keeps messages, counted from when they were sent: as long as AWS can. */
const DEAD_LETTER_DAYS = 14;
const DAY = 86_400;

/**
 * A queue (SQS) for workers, with a dead-letter queue for what nobody could work on: encrypted, and reached with TLS only. A worker's argument `queue` takes it.
 * Cost: 0.40 USD per million requests, the first million of the account's in a month free.
 */
export class Queue extends Component<typeof queue> implements QueueLike {
  readonly queue: aws.sqs.Queue;
  readonly deadLetterQueue: aws.sqs.Queue;
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly queueName: pulumi.Output<string>;
  readonly keyArn?: pulumi.Input<string>;
  readonly identity: object;
  readonly visibilityTimeout: number;

  /** A queue that is there already, by its ARN. */
  static existing(name: string, args: ExistingQueueArgs, opts?: pulumi.ComponentResourceOptions): ExistingQueue {
    return new ExistingQueue(name, args, opts);
  }

  constructor(name: string, args: QueueArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("Queue", name, SCHEMA, args, opts);
    const { visibilityTimeout, maxReceiveCount, messageRetention, transform } = this.args;
    this.visibilityTimeout = visibilityTimeout;
    this.identity = { queue: name, fifo: this.args.fifo };
    if (this.args.kmsKeyArn !== undefined) this.keyArn = this.args.kmsKeyArn;
    this.deadLetterQueue = this.makeQueue("dead-letters", { messageRetentionSeconds: DEAD_LETTER_DAYS * DAY }, transform?.deadLetterQueue);
    this.queue = this.makeQueue(
      "",
      {
        visibilityTimeoutSeconds: visibilityTimeout,
        messageRetentionSeconds: messageRetention * DAY,
        // Each receive waits for a message: a worker that asks in vain all day pays for 4000 requests, not for a million.
        receiveWaitTimeSeconds: 20,
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: this.deadLetterQueue.arn, maxReceiveCount }),
      },
      transform?.queue,
    );
    this.arn = this.queue.arn;
    this.url = this.queue.url;
    this.queueName = this.queue.name;
    this.registerOutputs({ url: this.url });
  }

  private makeQueue(suffix: string, its: aws.sqs.QueueArgs, transform?: Transform<aws.sqs.QueueArgs>): aws.sqs.Queue {
    const { fifo, kmsKeyArn, deletionProtection } = this.args;
    const inOrder = fifo && { fifoQueue: true, contentBasedDeduplication: true };
    const args = { ...encryption(kmsKeyArn), ...its, ...inOrder, tags: this.tags };
    const made = this.make(aws.sqs.Queue, suffix, args, transform, { protect: deletionProtection });
    this.make(aws.sqs.QueuePolicy, suffix, { queueUrl: made.id, policy: onlyWithTls(made.arn) }, this.args.transform?.policy);
    return made;
  }
}

/** By whose key messages are encrypted: SQS's own, or one of KMS. */
export const encryption = (kmsKeyArn: pulumi.Input<string> | undefined): Partial<aws.sqs.QueueArgs> =>
  kmsKeyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: kmsKeyArn };

/** The policy of a queue that nobody reaches without TLS. */
export const onlyWithTls = (arn: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });

/** Arguments of `Queue.existing`. */
export interface ExistingQueueArgs {
  /** ARN of the queue. */
  arn: pulumi.Input<string>;
  /** ARN of the KMS key that its messages are encrypted with (`kmsMasterKeyId`). Defaults to none: a key of AWS's own. */
  kmsKeyArn?: pulumi.Input<string>;
}

export const queueArn = () => pattern(QUEUE_ARN, "the ARN of a queue", "arn:aws:sqs:eu-west-1:111122223333:jobs");
export const existingQueue = {
  arn: input(queueArn()),
  kmsKeyArn: optional(input(kmsKeyArn())),
} satisfies ArgumentsOf<ExistingQueueArgs>;

/** A queue that something else made. */
export class ExistingQueue extends Component<typeof existingQueue> implements QueueLike {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly queueName: pulumi.Output<string>;
  readonly keyArn?: pulumi.Input<string>;
  readonly identity: object;

  constructor(name: string, args: ExistingQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ExistingQueue", name, group(existingQueue), args, opts);
    this.identity = { queue: this.args.arn };
    this.arn = pulumi.output(this.args.arn);
    this.url = this.arn.apply(queueUrl);
    this.queueName = this.arn.apply(queueName);
    if (this.args.kmsKeyArn !== undefined) this.keyArn = this.args.kmsKeyArn;
    this.registerOutputs({ url: this.url });
  }
}
