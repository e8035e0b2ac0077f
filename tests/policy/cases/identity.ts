import { arn, make, type Node } from "../graphs";
import type { World } from "../world";
import { add, type Case, type Cases, set } from "./case";

const s3 = { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::logs/*"] };
/** A policy with that statement, as JSON text. */
const allow = (w: World, statement: object) =>
  set(w.taskPolicy, { policy: JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] }) });
const trust = (node: Node, statement: object) =>
  set(node, { assumeRolePolicy: { Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...statement }] } });

/** A statement breaks the rule wherever it stands: in every kind of policy, as text or object, single or in a list. */
function everywhere(bad: Record<string, unknown>, ...messages: string[]): Case["breaks"] {
  const statement = { Effect: "Allow", ...bad };
  const document = { Statement: [s3, statement] };
  const holder = (type: string, inputs: object) => make(`aws:iam/${type}`, "x", { ...inputs });
  return {
    "as JSON": [(w) => allow(w, bad), ...messages],
    "as an object": [(w) => set(w.taskPolicy, { policy: document }), ...messages],
    "a single statement": [(w) => set(w.taskPolicy, { policy: { Statement: statement } }), ...messages],
    "a managed policy": [(w) => add(w, holder("policy:Policy", { policy: document })), ...messages],
    "a user's policy": [(w) => add(w, holder("userPolicy:UserPolicy", { user: "u", policy: document })), ...messages],
    "a group's policy": [(w) => add(w, holder("groupPolicy:GroupPolicy", { group: "g", policy: document })), ...messages],
    "a role's inline policy": [
      (w) => set(w.taskRole, { inlinePolicies: [{ name: "x", policy: JSON.stringify(document) }] }),
      ...messages.map((m) => m.replace("the policy", 'the inline policy "x"')),
    ],
  };
}

/** The rules about IAM. */
export const identityCases: Cases = {
  "iam-policy-no-admin": {
    breaks: {
      ...everywhere({ Action: "*", Resource: "*" }, "the policy allows every action on every resource"),
      "all but": [(w) => allow(w, { NotAction: ["iam:*"], Resource: "*" }), "the policy allows all but iam:* on every resource"],
      "all of IAM": [(w) => allow(w, { Action: "IAM:*", Resource: "arn:aws:iam::123456789012:role/x" }), "the policy allows iam:*"],
    },
    keeps: { "denied to all": (w) => allow(w, { Effect: "Deny", Action: "*", Resource: "*" }) },
  },
  "iam-policy-no-service-wildcards": {
    breaks: everywhere(
      { Action: ["sqs:*", "s3:GetObject"], Resource: "arn:aws:sqs:eu-west-1:123456789012:q" },
      "the policy allows sqs:*; name the actions",
    ),
    keeps: { "some of a service": (w) => allow(w, { Action: "sqs:Receive*", Resource: "arn:aws:sqs:eu-west-1:123456789012:q" }) },
  },
  "iam-policy-scoped-resources": {
    breaks: everywhere(
      { Action: ["sqs:SendMessage", "ec2:DescribeTags"], Resource: "*" },
      "the policy allows sqs:SendMessage on every resource",
    ),
    keeps: {
      "what cannot be limited": (w) =>
        allow(w, {
          Action: ["ecr:GetAuthorizationToken", "cloudwatch:putmetricdata", "ec2:Describe*", "s3:ListAllMyBuckets"],
          Resource: "*",
        }),
    },
  },
  "iam-policy-scoped-decrypt": {
    breaks: {
      ...everywhere(
        { Action: "kms:Decrypt", Resource: "arn:aws:kms:eu-west-1:123456789012:key/*" },
        "the policy allows decryption with arn:aws:kms:eu-west-1:123456789012:key/*",
      ),
      "by a wildcard": [(w) => allow(w, { Action: "kms:De*", Resource: "*" }), "the policy allows decryption with *"],
      "by a condition alone": [
        (w) =>
          allow(w, {
            Action: "kms:Decrypt",
            Resource: "*",
            Condition: { StringEquals: { "kms:ViaService": "ssm.eu-west-1.amazonaws.com" } },
          }),
        "the policy allows decryption with *",
      ],
    },
    keeps: { "one key": (w) => allow(w, { Action: "kms:Decrypt", Resource: "arn:aws:kms:eu-west-1:123456789012:key/1" }) },
  },
  "iam-policy-pass-role": {
    breaks: {
      ...everywhere(
        { Action: "iam:PassRole", Resource: "*" },
        "the policy allows passing every role",
        "the policy allows passing a role to every service",
      ),
      "any role, to one service": [
        (w) => {
          w.taskStatement.Resource = ["arn:aws:iam::123456789012:role/*"];
        },
        "allows passing every role",
      ],
      "one role, to any service": [
        (w) => allow(w, { Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/x" }),
        "to every service",
      ],
    },
  },
  "iam-role-trust": {
    breaks: {
      everyone: [(w) => trust(w.taskRole, { Principal: "*" }), "everyone may assume it"],
      "everyone in AWS": [(w) => trust(w.taskRole, { Principal: { AWS: ["*"] } }), "everyone may assume it"],
      "an account": [
        (w) => trust(w.taskRole, { Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
        "all of arn:aws:iam::123456789012:root may assume it",
      ],
      "an account by number": [(w) => trust(w.taskRole, { Principal: { AWS: "123456789012" } }), "all of 123456789012 may assume it"],
    },
    keeps: { "one role": (w) => trust(w.taskRole, { Principal: { AWS: "arn:aws:iam::123456789012:role/ci" } }) },
  },
  "iam-role-confused-deputy": {
    breaks: {
      "no condition": [
        (w) => trust(w.taskRole, { Principal: { Service: "ecs-tasks.amazonaws.com" } }),
        "may assume it without a condition",
      ],
      "another condition": [
        (w) =>
          trust(w.taskRole, {
            Principal: { Service: ["ecs-tasks.amazonaws.com"] },
            Condition: { StringEquals: { "aws:RequestedRegion": "x" } },
          }),
        "may assume it without a condition",
      ],
    },
    keeps: {
      "the source's ARN": (w) =>
        trust(w.taskRole, {
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Condition: { ArnLike: { "AWS:SourceArn": "arn:aws:ecs:eu-west-1:123456789012:*" } },
        }),
    },
    ignores: {
      "other services": (w) => {
        for (const role of [w.taskRole, w.execution]) trust(role, { Principal: { Service: "lambda.amazonaws.com" } });
      },
    },
  },
  "iam-role-no-full-access": {
    breaks: {
      "an administrator": [
        (w) => set(w.joinPolicy, { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
        "it attaches AdministratorAccess",
      ],
      "a whole service": [
        (w) => set(w.joinPolicy, { policyArn: "arn:aws-cn:iam::aws:policy/AmazonS3FullAccess" }),
        "it attaches AmazonS3FullAccess",
      ],
      "on the role": [
        (w) => set(w.taskRole, { managedPolicyArns: ["arn:aws:iam::aws:policy/PowerUserAccess"] }),
        "it attaches PowerUserAccess",
      ],
      "to a user": [
        (w) =>
          add(
            w,
            make("aws:iam/userPolicyAttachment:UserPolicyAttachment", "x", {
              user: "u",
              policyArn: "arn:aws:iam::aws:policy/IAMFullAccess",
            }),
          ),
        "it attaches IAMFullAccess",
      ],
    },
    keeps: { "read only": (w) => set(w.joinPolicy, { policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }) },
  },
  "iam-no-users": {
    breaks: {
      "a user": [(w) => add(w, make("aws:iam/user:User", "ci")), "it belongs to an IAM user"],
      "a key": [(w) => add(w, make("aws:iam/accessKey:AccessKey", "ci", { user: "ci" })), "it belongs to an IAM user"],
    },
  },
  "iam-role-github-trust": {
    breaks: {
      "every repository": [(w) => Object.assign(w.gitHub, { StringLike: undefined }), "its trust policy admits every repository"],
      "every repository of an owner": [
        (w) => (w.gitHub.StringLike["token.actions.githubusercontent.com:sub"] = "repo:acme/*"),
        'its trust policy admits "repo:acme/*"',
      ],
      "a wildcard": [
        (w) => (w.gitHub.StringLike["token.actions.githubusercontent.com:sub"] = "repo:*"),
        'its trust policy admits "repo:*"',
      ],
      "any audience": [(w) => Object.assign(w.gitHub, { StringEquals: {} }), "does not check the audience"],
    },
    keeps: { "every branch": (w) => (w.gitHub.StringLike["token.actions.githubusercontent.com:sub"] = "repo:acme/shop:*") },
    ignores: { "another provider": (w) => trust(w.gitHubRole, { Principal: { Federated: arn(w.taskRole) } }) },
  },
};
