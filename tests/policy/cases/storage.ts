import { arn, id, json, make, nameOf } from "../graphs";
import type { World } from "../world";
import { add, type Cases, drop, set } from "./case";

const tls = (w: World) => ({
  Effect: "Deny",
  Principal: "*",
  Action: "*",
  Resource: [arn(w.logs)],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
const noLogs = (w: World) => {
  set(w.lb, { accessLogs: undefined });
  drop(w, "bucketPolicy");
};

/** The rules about logs, alarms, keys, buckets, secrets, topics, file systems, and about all resources. */
export const storageCases: Cases = {
  "logs-log-group-retention": {
    breaks: {
      "not said": [(w) => set(w.logGroup, { retentionInDays: undefined }), "retentionInDays is not set: its logs never expire"],
      never: [(w) => set(w.logGroup, { retentionInDays: 0 }), "retentionInDays is 0: its logs never expire"],
    },
  },
  "cloudwatch-alarm-acts": {
    breaks: {
      "no action": [(w) => set(w.alarm, { alarmActions: undefined }), "alarmActions is empty"],
      "an empty list": [(w) => set(w.alarm, { alarmActions: [] }), "alarmActions is empty"],
      off: [(w) => set(w.alarm, { actionsEnabled: false }), "actionsEnabled is false"],
    },
    ignores: {
      "an alarm of a deployment, by its name": (w) => {
        set(w.alarm, { alarmActions: undefined, name: "shop-errors" });
        set(w.service, { alarms: { alarmNames: ["shop-errors"], enable: true, rollback: true } });
      },
      "an alarm of a deployment": (w) => {
        set(w.alarm, { alarmActions: undefined });
        set(w.service, { alarms: { alarmNames: [nameOf(w.alarm)], enable: true, rollback: true } });
      },
    },
  },
  "kms-key-rotation": {
    breaks: { no: [(w) => set(w.key, { enableKeyRotation: undefined }), "enableKeyRotation is not true"] },
    ignores: {
      "a signing key": (w) => set(w.key, { enableKeyRotation: undefined, keyUsage: "SIGN_VERIFY", customerMasterKeySpec: "RSA_2048" }),
    },
  },
  "kms-key-no-public-policy": {
    breaks: {
      everyone: [(w) => (w.keyStatement.Principal = "*"), "its policy allows kms:* to everyone"],
      "a policy beside it": [
        (w) =>
          add(
            w,
            make("aws:kms/keyPolicy:KeyPolicy", "x", {
              keyId: id(w.key),
              policy: { Statement: [{ ...w.keyStatement, Principal: { AWS: ["*"] } }] },
            }),
          ),
        "its policy allows kms:* to everyone",
      ],
    },
    keeps: {
      "everyone in the account": (w) =>
        Object.assign(w.keyStatement, { Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": "123456789012" } } }),
    },
    ignores: { "AWS's own policy": (w) => set(w.key, { policy: undefined }) },
  },
  "kms-key-policy": {
    breaks: {
      none: [(w) => set(w.key, { policy: undefined }), "it has AWS's default key policy"],
      "the account is locked out": [
        (w) => (w.keyStatement.Principal = { Service: "logs.amazonaws.com" }),
        "does not let the account manage the key",
      ],
    },
    keeps: {
      "a policy beside it": (w) => {
        set(w.key, { policy: undefined });
        add(w, make("aws:kms/keyPolicy:KeyPolicy", "x", { keyId: id(w.key), policy: json({ Statement: [w.keyStatement] }) }));
      },
    },
  },
  "kms-key-deletion": {
    breaks: {
      soon: [(w) => set(w.key, { deletionWindowInDays: 7 }), "deletionWindowInDays is 7; set it to 14 or more"],
      off: [(w) => set(w.key, { isEnabled: false }), "isEnabled is false"],
      "no way back": [(w) => set(w.key, { bypassPolicyLockoutSafetyCheck: true }), "bypassPolicyLockoutSafetyCheck is true"],
    },
  },
  "s3-bucket-public-access-block": {
    breaks: {
      none: [(w) => drop(w, "publicBlock"), "it has no BucketPublicAccessBlock"],
      "a part": [(w) => set(w.publicBlock, { blockPublicPolicy: false }), "logs does not set blockPublicPolicy"],
    },
  },
  "s3-bucket-tls-only": {
    breaks: {
      "no policy": [(w) => drop(w, "bucketPolicy"), "it has no bucket policy"],
      "another policy": [(w) => set(w.bucketPolicy, { policy: { Statement: [] } }), "does not deny requests without TLS"],
    },
    keeps: {
      "the bucket's own policy": (w) => {
        drop(w, "bucketPolicy");
        set(w.logs, {
          policy: {
            Statement: { Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
          },
        });
      },
      "under older names of the types": (w) => {
        w.logs.type = "aws:s3/bucketV2:BucketV2";
      },
    },
  },
  "s3-bucket-log-delivery": {
    inPreview: "undecided",
    breaks: {
      everyone: [(w) => Object.assign(w.delivery, { Principal: "*", Condition: undefined }), "its policy admits everyone"],
      "more than writing": [(w) => w.delivery.Action.push("s3:GetObject"), "its policy allows log delivery s3:GetObject"],
      "any account's folder": [
        (w) => (w.delivery.Resource = [arn(w.logs)]),
        "lets log delivery write to arn:aws:s3:eu-west-1:123456789012:logs",
      ],
      "any account's balancer": [(w) => (w.delivery.Condition = undefined), "lets log delivery write for any account"],
    },
    keeps: {
      "flow logs": (w) => {
        w.delivery.Principal = { Service: "delivery.logs.amazonaws.com" };
        w.delivery.Action.push("s3:GetBucketAcl");
      },
    },
    ignores: { "a bucket without logs": noLogs },
  },
  "s3-bucket-encryption": {
    breaks: {
      "not said": [(w) => drop(w, "encryption"), "it sets no encryption"],
      "KMS, for load balancer logs": [
        (w) => set(w.encryption, { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] }),
        'it encrypts with "aws:kms", and load balancer logs need AES256',
      ],
    },
    keeps: {
      "KMS, for others": (w) => {
        noLogs(w);
        set(w.encryption, { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] });
      },
      "in the bucket": (w) => {
        drop(w, "encryption");
        set(w.logs, { serverSideEncryptionConfiguration: { rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } } } });
      },
    },
  },
  "s3-bucket-lifecycle": {
    breaks: {
      none: [(w) => drop(w, "bucketLifecycle"), "its logs never expire", "incomplete uploads are kept"],
      "too long, and off": [
        (w) =>
          set(w.bucketLifecycle, {
            rules: [
              { status: "Enabled", expiration: { days: 4000 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
              { status: "Disabled", expiration: { days: 90 } },
            ],
          }),
        "its logs expire after 4000 days",
      ],
      "old versions": [
        (w) =>
          add(
            w,
            make("aws:s3/bucketVersioning:BucketVersioning", "logs", {
              bucket: id(w.logs),
              versioningConfiguration: { status: "Enabled" },
            }),
          ),
        "old versions are kept",
      ],
    },
    ignores: { "a bucket without logs": noLogs },
  },
  "s3-bucket-no-acls": {
    breaks: {
      "an ACL": [(w) => add(w, make("aws:s3/bucketAcl:BucketAcl", "x", { bucket: id(w.logs), acl: "public-read" })), "it sets an ACL"],
      "an ACL in the bucket": [(w) => set(w.logs, { acl: "log-delivery-write" }), "it sets an ACL"],
      "ACLs that count": [(w) => set(w.ownership, { rule: { objectOwnership: "ObjectWriter" } }), 'objectOwnership is "ObjectWriter"'],
    },
    keeps: { "AWS's default": (w) => drop(w, "ownership") },
  },
  "s3-bucket-no-force-destroy": {
    breaks: {
      yes: [(w) => set(w.logs, { forceDestroy: true }), "it is deleted with its logs when the stack is destroyed; remove forceDestroy"],
    },
    ignores: { "a bucket without logs": noLogs },
  },
  "secrets-are-pulumi-secrets": {
    breaks: {
      "a secret": [(w) => set(w.secretVersion, { secretString: "hunter2" }), "its value is not a Pulumi secret"],
      "a parameter": [(w) => set(w.parameter, { value: "hunter2" }), "its value is not a Pulumi secret"],
    },
    keeps: { "a plain parameter": (w) => set(w.parameter, { type: "String", value: "blue" }) },
  },
  "secretsmanager-secret-recovery": {
    breaks: { none: [(w) => set(w.secret, { recoveryWindowInDays: 0 }), "recoveryWindowInDays is 0; set it to 7 or more"] },
    keeps: { "a week": (w) => set(w.secret, { recoveryWindowInDays: 7 }) },
  },
  "sns-topic-protected": {
    breaks: {
      "in plain text": [(w) => set(w.topic, { kmsMasterKeyId: undefined }), "kmsMasterKeyId is not set"],
      "AWS's key, for alarms": [
        (w) => set(w.topic, { kmsMasterKeyId: "alias/aws/sns" }),
        "alarms cannot publish to a topic that alias/aws/sns encrypts",
      ],
      "no policy": [(w) => drop(w, "topicPolicy"), "it has no topic policy"],
      everyone: [(w) => (w.topicStatement.Principal = "*"), "its policy admits everyone"],
      "not over TLS": [(w) => set(w.topicPolicy, { policy: { Statement: [w.topicStatement] } }), "does not deny requests without TLS"],
    },
    keeps: {
      "the topic's own policy": (w) => {
        drop(w, "topicPolicy");
        set(w.topic, { policy: json({ Statement: [tls(w)] }) });
      },
    },
  },
  "efs-file-system-protected": {
    breaks: {
      "in plain text": [(w) => set(w.files, { encrypted: undefined }), "encrypted is not true"],
      "not backed up": [(w) => drop(w, "backup"), "it is not backed up"],
      "all of it": [(w) => set(w.accessPoint, { rootDirectory: undefined }), "it exposes the whole file system"],
      anybody: [(w) => set(w.accessPoint, { posixUser: undefined }), "it does not set the user"],
      "in public": [(w) => set(w.mountTarget, { subnetId: id(w.publicA) }), "it is in public-a, which has a route to an internet gateway"],
    },
  },
  "resource-tags": {
    breaks: {
      none: [(w) => set(w.vpc, { tags: undefined }), "it has no tag project or stack"],
      one: [(w) => set(w.lb, { tags: { Project: "shop" } }), "it has no tag stack"],
      "of a group": [(w) => set(w.asg, { tags: [{ key: "stack", value: "prod", propagateAtLaunch: true }] }), "it has no tag project"],
    },
    keeps: { "in capitals": (w) => set(w.lb, { tags: { PROJECT: "shop", Stack: "prod" } }) },
    ignores: {
      "tags by the provider": (w) => {
        set(w.vpc, { tags: undefined });
        add(w, make("pulumi:providers:aws", "tagged", { defaultTags: '{"tags":{"project":"shop"}}' }));
      },
    },
  },
  "resource-names": {
    breaks: {
      constant: [(w) => set(w.lb, { name: "public" }), 'the name "public" is the same in every stack'],
    },
    keeps: {
      "with the stack's": (w) => set(w.lb, { name: "shop-prod" }),
      "what the engine made": (w) => set(w.lb, { name: "public-1a2b3c4" }),
      "what the engine says that it made": (w) => set(w.lb, { name: "pub", __defaults: ["name"] }),
    },
  },
  "resource-no-account-settings": {
    breaks: {
      ECS: [
        (w) => add(w, make("aws:ecs/accountSettingDefault:AccountSettingDefault", "x", { name: "containerInsights", value: "enhanced" })),
        "it is an account-wide setting",
      ],
      ECR: [
        (w) => add(w, make("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "x", {})),
        "it is an account-wide setting",
      ],
    },
  },
};
