import * as pulumi from "@pulumi/pulumi";
import { type ComponentArgs, common } from "./arguments";
import * as aws from "./aws";
import { Component, type Transform } from "./component";
import { locate } from "./location";
import { type ArgumentsOf, group, integer, omit, optional, other } from "./schema";
import { StackOutputs, stackReference } from "./stack-outputs";

/** Arguments of {@link EncryptionKey}. */
export interface EncryptionKeyArgs extends Omit<ComponentArgs, "kmsKeyArn"> {
  /** Days that a deleted key can still be saved in, 14 to 30 (`deletionWindowInDays`). Defaults to 30. */
  deletionWindow?: number;
  /** Changes to what the component makes. */
  transform?: { key?: Transform<aws.kms.KeyArgs>; alias?: Transform<aws.kms.AliasArgs> };
}

export const encryptionKey = {
  ...omit(common, "kmsKeyArn"),
  deletionWindow: optional(integer(14, 30, "days"), 30),
  transform: optional(other<NonNullable<EncryptionKeyArgs["transform"]>>()),
} satisfies ArgumentsOf<EncryptionKeyArgs>;
const SCHEMA = group(encryptionKey);

/**
 * A KMS key of the stack's own, rotated each year, that logs, images, volumes, disks, files, schedules, secrets, topics and queues of this account can be
 * encrypted with. Cost: 1 USD a month.
 */
export class EncryptionKey extends Component<typeof encryptionKey> {
  readonly key: aws.kms.Key;
  readonly arn: pulumi.Output<string>;

  /** The key of another stack, which exports it. */
  static existing(name: string, args: ExistingKeyArgs, opts?: pulumi.ComponentResourceOptions): ExistingKey {
    return new ExistingKey(name, args, opts);
  }

  constructor(name: string, args: EncryptionKeyArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("EncryptionKey", name, SCHEMA, args, opts);
    const { deletionWindow, transform } = this.args;
    this.key = this.make(
      aws.kms.Key,
      "",
      {
        description: `Encrypts what ${pulumi.getProject()} ${pulumi.getStack()} stores`,
        enableKeyRotation: true,
        deletionWindowInDays: deletionWindow,
        policy: this.policy(),
        tags: this.tags,
      },
      transform?.key,
    );
    this.make(aws.kms.Alias, "", { targetKeyId: this.key.keyId }, transform?.alias);
    this.arn = this.key.arn;
    this.registerOutputs({ arn: this.arn });
  }

  /**
   * The account administers it by its own policies; CloudWatch Logs uses it for this account's log groups, alarms and events for its topics and queues,
   * Fargate for the disks of its clusters' tasks, and others only through services that store. It is the same whatever a stack stores: another volume then
   * waits for no change of the key's policy, which AWS takes a while to spread.
   */
  private policy(): pulumi.Output<string> {
    const { accountId, region, partition } = locate(this);
    const own = (service: string, name: string) => pulumi.interpolate`arn:${partition}:${service}:${region}:${accountId}:${name}`;
    // An AWS service is none of the account's callers: it is let in by name, for what belongs to this account.
    const allowUse = (sid: string, services: pulumi.Input<string>[], actions: string[], context: string, arn: pulumi.Input<string>) => ({
      Sid: sid,
      Effect: "Allow",
      Principal: { Service: services },
      Action: actions,
      Resource: "*",
      Condition: { ArnLike: { [`kms:EncryptionContext:${context}`]: arn } },
    });
    // The cluster is named after the key is there, so that its name cannot be a condition.
    const allowDisks = (sid: string, actions: string[], more: object = {}) => ({
      Sid: sid,
      Effect: "Allow",
      Principal: { Service: "fargate.amazonaws.com" },
      Action: actions,
      Resource: "*",
      Condition: { StringEquals: { "kms:EncryptionContext:aws:ecs:clusterAccount": accountId }, ...more },
    });
    const publish = ["kms:Decrypt", "kms:GenerateDataKey*"];
    const use = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];
    return pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AccountAdministers",
          Effect: "Allow",
          Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
          Action: "kms:*",
          Resource: "*",
        },
        allowUse("LogGroups", [pulumi.interpolate`logs.${region}.amazonaws.com`], use, "aws:logs:arn", own("logs", "log-group:*")),
        allowUse("Topics", ["cloudwatch.amazonaws.com", "events.amazonaws.com"], publish, "aws:sns:topicArn", own("sns", "*")),
        allowUse("Queues", ["events.amazonaws.com", "sns.amazonaws.com"], publish, "aws:sqs:arn", own("sqs", "*")),
        allowDisks("FargateDisks", ["kms:GenerateDataKeyWithoutPlaintext"]),
        allowDisks("FargateGrants", ["kms:CreateGrant"], { "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] } }),
        {
          // The service-linked role that starts instances is one of these callers; naming it would fail in an account that has not got it yet.
          Sid: "StoresOfThisAccount",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: [...use, "kms:CreateGrant"],
          Resource: "*",
          Condition: {
            StringEquals: {
              "kms:CallerAccount": accountId,
              "kms:ViaService": ["ec2", "ecr", "elasticfilesystem", "s3", "scheduler", "secretsmanager", "ssm", "sns", "sqs"].map(
                (service) => pulumi.interpolate`${service}.${region}.amazonaws.com`,
              ),
            },
          },
        },
      ],
    });
  }
}

/** Arguments of `EncryptionKey.existing`. */
export interface ExistingKeyArgs {
  /** A stack (`organization/project/stack`) whose output `kmsKeyArn` is the ARN of the key; a stack of Berth with a key of its own has it. */
  stack: string;
}

export const existingKey = { stack: stackReference() } satisfies ArgumentsOf<ExistingKeyArgs>;

/** A KMS key that another stack made. */
export class ExistingKey extends Component<typeof existingKey> {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ExistingKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ExistingKey", name, group(existingKey), args, opts);
    this.arn = new StackOutputs(this.args.stack, this, this.refuse).get<string>("kmsKeyArn");
    this.registerOutputs({ arn: this.arn });
  }
}
