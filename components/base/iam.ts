// Policy documents, each scoped as far as AWS lets it be. They hold Outputs, so they come back as one.
import * as pulumi from "@pulumi/pulumi";
import type { Location } from "./location";

/** One statement of an identity policy. */
export interface Statement {
  /** What the statement is for (`Sid`): letters and digits. Defaults to none. */
  sid?: string;
  /** `Allow`, or `Deny`, which goes before whatever else allows it (`Effect`). Defaults to `Allow`. */
  effect?: "Allow" | "Deny";
  /** Actions, such as `s3:GetObject` (`Action`). A whole service (`s3:*`) is too wide for most. */
  actions: string[];
  /** ARNs of what the actions may touch, or `*` where AWS knows no narrower one (`Resource`). */
  resources: pulumi.Input<pulumi.Input<string>[]>;
  /** Conditions as IAM takes them: `{ StringEquals: { "aws:SourceAccount": "..." } }` (`Condition`). Defaults to none. */
  conditions?: Record<string, Record<string, pulumi.Input<string> | pulumi.Input<string>[]>>;
}

/** An identity policy (JSON). A statement that turns out to have no resource grants nothing and is left out: IAM refuses it. */
export function allow(...statements: Statement[]): pulumi.Output<string> {
  return pulumi.output(statements).apply((all) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: all
        .filter((s) => s.resources.length > 0)
        .map((s) => ({
          ...(s.sid && { Sid: s.sid }),
          Effect: s.effect ?? "Allow",
          Action: s.actions,
          Resource: s.resources,
          ...(s.conditions && { Condition: s.conditions }),
        })),
    }),
  );
}

/** What pulling images takes: the login, which cannot be scoped, and these repositories. */
export const pullStatements = (repositories: Statement["resources"]): Statement[] => [
  { sid: "RegistryLogin", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
  {
    sid: "PullImage",
    actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    resources: repositories,
  },
];

/** What having ECR fetch images from the registry behind a pull-through cache takes. */
export const importStatements = (repositories: Statement["resources"]): Statement[] => [
  { sid: "ImportImage", actions: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"], resources: repositories },
];

/** What a policy takes away again, whatever else grants it. */
export interface Denial {
  /** What is kept from the role (`Sid`): letters and digits. */
  sid: string;
  actions: string[];
  /** ARNs on which the actions stay as they are (`NotResource`). Defaults to none: the actions are denied everywhere. */
  except?: pulumi.Input<string>[];
}

/**
 * An identity policy (JSON) that denies, for a role that has a policy of AWS's: AWS adds to it what its agents come to need, and this keeps it to what is
 * the stack's own.
 */
export const deny = ({ sid, actions, except }: Denial): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ Sid: sid, Effect: "Deny", Action: actions, ...(except ? { NotResource: except } : { Resource: "*" }) }],
  });

/**
 * A trust policy: `service` may take the role, but only for work of this account, on resources whose ARN begins as given
 * (`arn:<partition>:<source>:<region>:<account>:*`), so that no one else's resources can borrow it.
 */
export function trust(service: string, source: string, location: Location): pulumi.Output<string> {
  return pulumi.all([location.accountId, location.region, location.partition]).apply(([accountId, region, partition]) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: service },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": `arn:${partition}:${source}:${region}:${accountId}:*` },
          },
        },
      ],
    }),
  );
}

const trustOf = (service: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }] });

/** The trust policy of a role that EC2 instances take. */
export const INSTANCE_TRUST = trustOf("ec2.amazonaws.com");

/**
 * The trust policy of a role that ECS itself takes, to move traffic or to start instances. Without conditions on the source: AWS documents these two roles
 * without any, and a condition on what ECS does not send would lock it out.
 */
export const ECS_TRUST = trustOf("ecs.amazonaws.com");
