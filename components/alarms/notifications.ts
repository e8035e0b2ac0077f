import * as pulumi from "@pulumi/pulumi";
import { twiceComplaint } from "../../facts/errors";
import { SECRET } from "../../facts/graph";
import { arn, type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { EncryptionKey } from "../base/encryption-key";
import { type Location, locate } from "../base/location";
import { type ArgumentsOf, group, input, list, optional, other, pattern, type Rule, text } from "../base/schema";
import type { EcsService } from "../service/service";
import type { OneOffTask } from "../task/one-off-task";
import { ScheduledTask } from "../task/scheduled-task";

/** A Slack channel. The workspace is authorized once by a person, in the console of Amazon Q Developer in chat applications (AWS Chatbot). */
export interface SlackArgs {
  /** Id of the workspace (`slackTeamId`), such as `T0123ABCDEF`. Required; no default. */
  teamId: string;
  /** Id of the channel (`slackChannelId`), such as `C0123ABCDEF`; a private one must have invited `@Amazon Q`. Required; no default. */
  channelId: string;
}

/** Arguments of {@link Notifications}. */
export interface NotificationsArgs extends ComponentArgs {
  /** E-mail addresses. AWS sends each a link, and nothing else until someone there has opened it. Defaults to none. Cost: nothing for the first 1,000 a month. */
  emails?: string[];
  /** A Slack channel, by AWS's own integration (Amazon Q Developer in chat applications). Defaults to none. Cost: nothing. */
  slack?: SlackArgs;
  /**
   * An HTTPS address that confirms by itself what AWS asks it: the integration URL of PagerDuty ("Amazon CloudWatch"), Opsgenie or incident.io. It is kept
   * secret. Defaults to none. Cost: nothing for the first 100,000 messages a month.
   */
  httpsEndpoint?: pulumi.Input<string>;
  /**
   * An existing SNS topic of the same region, in place of a new one (`topicArn`); who subscribes to it is its own business, and so is its policy, which must let
   * `cloudwatch.amazonaws.com` and `events.amazonaws.com` publish. Defaults to a new topic, encrypted with `kmsKeyArn`. Cost of a new one: nothing, and without
   * `kmsKeyArn` 1 USD a month for its key, because alarms cannot publish with AWS's own.
   */
  topicArn?: pulumi.Input<string>;
  /** Changes to what the component makes. */
  transform?: {
    topic?: Transform<aws.sns.TopicArgs>;
    topicPolicy?: Transform<aws.sns.TopicPolicyArgs>;
    subscription?: Transform<aws.sns.TopicSubscriptionArgs>;
    slackRole?: Transform<aws.iam.RoleArgs>;
    slack?: Transform<aws.chatbot.SlackChannelConfigurationArgs>;
    rule?: Transform<aws.cloudwatch.EventRuleArgs>;
    target?: Transform<aws.cloudwatch.EventTargetArgs>;
  };
}

const EMAIL = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]{2,}$/;
const slackId = (letters: string, what: string, example: string) => pattern(new RegExp(`^[${letters}][0-9A-Z]{8,}$`), what, example);

export const notifications = {
  ...common,
  emails: optional(list(pattern(EMAIL, "an e-mail address", "oncall@example.org"), 1, (given) => twiceComplaint(given, "address"))),
  slack: optional(
    group({
      teamId: slackId("T", "the id of a Slack workspace", "T0123ABCDEF"),
      channelId: slackId("CG", "the id of a Slack channel", "C0123ABCDEF"),
    } satisfies ArgumentsOf<SlackArgs>),
  ),
  // What it is stays hidden, also in a complaint.
  httpsEndpoint: optional(
    input(
      text((given) => (given === SECRET || /^https:\/\/[^\s/]+\/\S+$/.test(given) ? undefined : "it is not the URL of an HTTPS endpoint")),
    ),
  ),
  topicArn: optional(input(arn("sns", "eu-west-1:111122223333:alerts"))),
  transform: optional(other<NonNullable<NotificationsArgs["transform"]>>()),
} satisfies ArgumentsOf<NotificationsArgs>;

/** Somebody is told, by one way or another. */
const someone: Rule<Pick<typeof notifications, "emails" | "slack" | "httpsEndpoint" | "topicArn">> = {
  about: ["emails", "slack", "httpsEndpoint", "topicArn"],
  at: "topicArn",
  complain: (_, { topicArn, ...own }) => {
    const [given] = (["emails", "slack", "httpsEndpoint"] as const).filter((key) => own[key] !== undefined);
    if (topicArn === undefined)
      return given === undefined ? [{ at: "emails", text: "nobody is told; give emails, slack, httpsEndpoint or topicArn." }] : undefined;
    return given && `an existing topic has subscribers of its own; leave out ${given}, or this.`;
  },
};
export const notificationsRules = [someone];
const SCHEMA = group(notifications, ...notificationsRules);

/** What a program has made, and what can be told of. */
export interface Told {
  services: ReadonlyMap<string, EcsService>;
  /** Of those on a schedule. */
  tasks: readonly (OneOffTask | ScheduledTask)[];
}

/** What is said of an event: the sentence, in which `<name>` stands for what the event has at a path. */
interface Sentence {
  title: string;
  text: string;
  paths: Record<string, string>;
}

/**
 * Who is told when something fails: an encrypted topic (SNS) with its subscribers. Deployments that fail and scheduled tasks that fail are told in a sentence,
 * alarms by CloudWatch. Cost: 1 USD a month for a key, unless `kmsKeyArn` is given.
 */
export class Notifications extends Component<typeof notifications> {
  readonly topicArn: pulumi.Output<string>;
  readonly topic?: aws.sns.Topic;
  /** The key of the topic's own, where the stack has none. */
  readonly key?: EncryptionKey;
  private readonly ready: pulumi.Resource[] = [];

  constructor(name: string, args: NotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Notifications", name, SCHEMA, args, opts);
    const location = locate(this);
    const { topicArn, kmsKeyArn } = this.args;
    if (topicArn === undefined) {
      this.key = kmsKeyArn === undefined ? new EncryptionKey(name, this.common, { parent: this }) : undefined;
      if (typeof kmsKeyArn === "string") this.remarkKey(kmsKeyArn);
      this.topic = this.makeTopic(location, this.key?.arn ?? kmsKeyArn!);
      this.subscribe(this.topic, location);
    }
    this.topicArn = this.topic?.arn ?? this.standing(topicArn!, "topicArn", location, true);
    this.registerOutputs({ topicArn: this.topicArn });
  }

  private remarkKey(kmsKeyArn: string): void {
    const text = `the policy of ${kmsKeyArn} must let cloudwatch.amazonaws.com and events.amazonaws.com use it (kms:Decrypt, kms:GenerateDataKey*), or nobody is told.`;
    this.remark({ severity: "info", at: "kmsKeyArn", text });
  }

  private makeTopic({ accountId, region, partition }: Location, kmsMasterKeyId: pulumi.Input<string>): aws.sns.Topic {
    const { transform } = this.args;
    const topic = this.make(aws.sns.Topic, "", { kmsMasterKeyId, tags: this.tags }, transform?.topic);
    const publish = (Sid: string, Service: string, condition: object) => ({
      Sid,
      Effect: "Allow",
      Principal: { Service },
      Action: "sns:Publish",
      Resource: topic.arn,
      ...condition,
    });
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        publish("Alarms", "cloudwatch.amazonaws.com", {
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*` },
          },
        }),
        // EventBridge does not tell SNS for whom it publishes: with a condition on the source nothing arrives, and nobody notices.
        publish("Events", "events.amazonaws.com", {}),
        {
          Sid: "OnlyWithTls",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: topic.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    this.ready.push(this.make(aws.sns.TopicPolicy, "", { arn: topic.arn, policy }, transform?.topicPolicy));
    return topic;
  }

  private subscribe(topic: aws.sns.Topic, location: Location): void {
    const { emails = [], httpsEndpoint, slack, transform } = this.args;
    for (const endpoint of emails)
      this.make(aws.sns.TopicSubscription, endpoint, { topic: topic.arn, protocol: "email", endpoint }, transform?.subscription);
    if (emails.length > 0)
      this.remark({
        severity: "info",
        at: "emails",
        text: `AWS sends a link to ${emails.join(", ")}; nothing else arrives there before someone has opened it.`,
      });
    if (httpsEndpoint !== undefined) {
      const endpoint = pulumi.secret(httpsEndpoint);
      const subscription = { topic: topic.arn, protocol: "https", endpoint, endpointAutoConfirms: true };
      this.make(aws.sns.TopicSubscription, "https", subscription, transform?.subscription);
    }
    if (slack) this.makeSlack(slack, topic, location);
  }

  /** The channel gets messages and may ask AWS for nothing: the role has no rights, and the guard rail is narrow, where AWS's default is an administrator's. */
  private makeSlack({ teamId, channelId }: SlackArgs, topic: aws.sns.Topic, location: Location): void {
    const { transform } = this.args;
    // The service is of no region, so that the account is all its caller can be held to.
    const assumeRolePolicy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "chatbot.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": location.accountId } },
        },
      ],
    });
    const role = this.makeRole(
      "slack",
      { description: `Sends messages of ${this.label} to Slack`, assumeRolePolicy },
      transform?.slackRole,
    );
    this.make(
      aws.chatbot.SlackChannelConfiguration,
      "slack",
      {
        configurationName: `${pulumi.getProject()}-${pulumi.getStack()}-${this.label}`,
        iamRoleArn: role.arn,
        guardrailPolicyArns: [pulumi.interpolate`arn:${location.partition}:iam::aws:policy/CloudWatchReadOnlyAccess`],
        slackTeamId: teamId,
        slackChannelId: channelId,
        snsTopicArns: [topic.arn],
        loggingLevel: "ERROR",
        tags: this.tags,
      },
      transform?.slack,
    );
  }

  /** Tells of everything that a program has made and that can be told of. */
  tellOfAll({ services, tasks }: Told): void {
    for (const service of services.values()) this.tellOf(service);
    for (const task of tasks) if (task instanceof ScheduledTask) this.tellOfRuns(task);
  }

  /** Tells when a deployment of the service fails, which ECS then rolls back where it can, and when its tasks do not start. */
  tellOf(service: EcsService): void {
    const { label } = service;
    const its = `${label} of ${place()}`;
    const resources = [service.service.arn];
    this.tell(
      `${label}-deployment`,
      `A deployment of ${label} fails`,
      {
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        resources,
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      },
      {
        title: `The deployment of ${its} failed`,
        text: `The deployment of ${its} failed, and ECS goes back to the revision before it where a rollback is on. AWS's reason: <reason> What happened first: ${berth("why", label)}`,
        paths: { reason: "$.detail.reason" },
      },
    );
    this.tell(
      `${label}-start`,
      `Tasks of ${label} do not start`,
      { source: ["aws.ecs"], "detail-type": ["ECS Service Action"], resources, detail: { eventName: ["SERVICE_TASK_START_IMPAIRED"] } },
      {
        title: `Tasks of ${its} do not start`,
        text: `ECS tries to start tasks of ${its} and fails again and again, since <time>. Why: ${berth("why", label)}`,
        paths: { time: "$.time" },
      },
    );
  }

  /** Tells when a run of the scheduled task fails: its container exits with an error, or it does not start. */
  tellOfRuns(task: ScheduledTask): void {
    const { label } = task;
    const its = `${label} of ${place()}`;
    this.tell(
      `${label}-run`,
      `A run of ${label} fails`,
      {
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: {
          group: [pulumi.interpolate`family:${task.oneOff.task.taskDefinition.family}`],
          lastStatus: ["STOPPED"],
          $or: [
            { containers: { name: [label], exitCode: [{ "anything-but": [0] }] } },
            { stopCode: ["TaskFailedToStart", "SpotInterruption", "TerminationNotice"] },
          ],
        },
      },
      {
        title: `A run of ${its} failed`,
        text: `A run of ${its} failed: <reason> (<code>, <task>). To run it again and see its log: npx berth run --task ${label} --stack ${pulumi.getStack()}`,
        paths: { reason: "$.detail.stoppedReason", code: "$.detail.stopCode", task: "$.detail.taskArn" },
      },
    );
  }

  private tell(suffix: string, description: string, pattern: object, { title, text, paths }: Sentence): void {
    const { transform, slack } = this.args;
    const rule = this.make(
      aws.cloudwatch.EventRule,
      suffix,
      { description: `${description}: ${this.label} is told`, eventPattern: pulumi.jsonStringify(pattern), tags: this.tags },
      transform?.rule,
    );
    // Slack shows nothing but AWS's own messages and those of this form.
    const content = { version: "1.0", source: "custom", content: { textType: "client-markdown", title, description: text } };
    const inputTransformer = { inputPaths: paths, inputTemplate: JSON.stringify(slack ? content : text) };
    this.make(aws.cloudwatch.EventTarget, suffix, { rule: rule.name, arn: this.topicArn, inputTransformer }, transform?.target, {
      dependsOn: this.ready,
    });
  }
}

/** What a message calls the stack. */
export const place = () => `${pulumi.getProject()}/${pulumi.getStack()}`;

/** The command that says more. */
export const berth = (verb: string, service?: string) =>
  `npx berth ${verb}${service === undefined ? "" : ` --service ${service}`} --stack ${pulumi.getStack()}`;
