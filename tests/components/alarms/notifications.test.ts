// Who is told: the topic, its key and policy, its subscribers, and the sentences about what fails.
import assert from "node:assert/strict";
import { Notifications, type NotificationsArgs } from "../../../components/alarms/notifications";
import { EncryptionKey } from "../../../components/base/encryption-key";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import type { JsonObject } from "../../../facts/graph";
import { ACCOUNT, type Deployed, deploy, policyOf, REGION, refusal } from "../../helpers/deploy";
import { bigCluster, IMAGE, makeService, VARIANT_NAMES } from "../../helpers/variants";

const EMAILS = ["oncall@example.org", "team@example.org"];
const SLACK = { teamId: "T0123ABCDEF", channelId: "C0123ABCDEF" };
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:theirs`;
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const tell = (args: Partial<NotificationsArgs> = {}) => new Notifications("alerts", { emails: EMAILS, ...args });

/** What an event is said as, and what it is known by. */
const said = (made: Deployed, name: string) => {
  const { arn, inputTransformer, rule } = made.inputs("EventTarget", name) as JsonObject & { inputTransformer: JsonObject };
  assert.equal(rule, `${name}-${String(rule).slice(-7)}`);
  return { arn, paths: inputTransformer.inputPaths, says: JSON.parse(String(inputTransformer.inputTemplate)) as unknown };
};
const patternOf = (made: Deployed, name: string) => JSON.parse(String(made.inputs("EventRule", name).eventPattern)) as JsonObject;

describe("notifications", () => {
  let made: Deployed;
  before(async () => {
    made = await deploy(() => tell({ slack: SLACK, httpsEndpoint: "https://events.pagerduty.com/integration/0123/enqueue" }));
  });

  it("have a topic that a key of its own encrypts, which lets alarms and events use it", () => {
    const topic = made.one("Topic", "alerts");
    assert.deepEqual(made.sourcesOf(topic, "kmsMasterKeyId"), ["Key alerts"]);
    const statement = policyOf(made.one("Key", "alerts")).Statement.find(({ Sid }) => Sid === "Topics");
    assert.deepEqual(statement?.Principal, { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] });
    assert.deepEqual(statement?.Action, ["kms:Decrypt", "kms:GenerateDataKey*"]);
    // AWS sends neither account nor source from EventBridge to KMS; what SNS says of the topic it does send.
    assert.deepEqual(statement?.Condition, { ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": `arn:aws:sns:${REGION}:${ACCOUNT}:*` } });
  });

  it("let this account's alarms and EventBridge publish, by TLS, and nobody else", () => {
    const policy = made.one("TopicPolicy", "alerts");
    const Resource = String(policy.inputs.arn);
    assert.match(Resource, /:alerts-\w{7}$/);
    const publish = (Sid: string, Service: string) => ({ Sid, Effect: "Allow", Principal: { Service }, Action: "sns:Publish", Resource });
    assert.deepEqual(policyOf(policy).Statement, [
      {
        ...publish("Alarms", "cloudwatch.amazonaws.com"),
        Condition: {
          StringEquals: { "aws:SourceAccount": ACCOUNT },
          ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:*` },
        },
      },
      publish("Events", "events.amazonaws.com"),
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("reach each address, and say that AWS asks for a confirmation", () => {
    assert.deepEqual(made.names("TopicSubscription"), ["alerts-https", ...EMAILS.map((one) => `alerts-${one}`)]);
    const { protocol, endpoint, topic } = made.inputs("TopicSubscription", `alerts-${EMAILS[0]}`);
    assert.deepEqual([protocol, endpoint, topic], ["email", EMAILS[0], made.inputs("TopicPolicy").arn]);
    const notes = made.recording.messages.map(({ text }) => text);
    assert.ok(
      notes.some((text) => text.includes(`AWS sends a link to ${EMAILS.join(", ")}`)),
      notes.join("\n"),
    );
  });

  it("keep the HTTPS endpoint secret", () => {
    const { protocol, endpoint, endpointAutoConfirms } = made.inputs("TopicSubscription", "alerts-https");
    assert.deepEqual([protocol, endpointAutoConfirms], ["https", true]);
    assert.doesNotMatch(JSON.stringify(endpoint), /pagerduty/);
  });

  it("reach a Slack channel with a role that may nothing", () => {
    const { iamRoleArn: _, tags: __, snsTopicArns, ...inputs } = made.inputs("SlackChannelConfiguration");
    assert.deepEqual(inputs, {
      configurationName: "shop-test-alerts",
      guardrailPolicyArns: ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"],
      slackTeamId: SLACK.teamId,
      slackChannelId: SLACK.channelId,
      loggingLevel: "ERROR",
    });
    assert.deepEqual(snsTopicArns, [made.inputs("TopicPolicy").arn]);
    const role = made.one("Role", "alerts-slack");
    assert.deepEqual(policyOf(role, "assumeRolePolicy").Statement, [
      {
        Effect: "Allow",
        Principal: { Service: "chatbot.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      },
    ]);
    assert.deepEqual(made.names("RolePolicy"), []);
  });

  it("use the stack's key where it has one, and say of a foreign one what its policy must allow", async () => {
    const own = await deploy(() => tell({ kmsKeyArn: new EncryptionKey("data").arn }));
    assert.deepEqual(own.names("Key"), ["data"]);
    assert.deepEqual(own.sourcesOf(own.one("Topic"), "kmsMasterKeyId"), ["Key data"]);
    const foreign = await deploy(() => tell({ kmsKeyArn: KEY }));
    assert.deepEqual([foreign.names("Key"), foreign.inputs("Topic").kmsMasterKeyId], [[], KEY]);
    const aboutKey = (one: Deployed) => one.recording.messages.filter(({ text }) => /events\.amazonaws\.com/.test(text)).length;
    assert.deepEqual([aboutKey(own), aboutKey(foreign)], [0, 1]);
  });

  it("use a topic that exists, and nothing beside it", async () => {
    const existing = await deploy(() => {
      new Notifications("alerts", { topicArn: TOPIC }).tellOf(makeService("FargateService"));
    });
    assert.deepEqual(
      ["Topic", "TopicPolicy", "TopicSubscription", "Key"].flatMap((type) => existing.names(type)),
      [],
    );
    assert.equal(said(existing, "alerts-web-deployment").arn, TOPIC);
  });

  for (const variant of VARIANT_NAMES) {
    it(`tell of a deployment of a ${variant} that fails, and of tasks that do not start`, async () => {
      const service = await deploy(() => tell().tellOf(makeService(variant)));
      const arn = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/`;
      const failed = patternOf(service, "alerts-web-deployment");
      assert.match(String((failed.resources as string[])[0]), new RegExp(`^${arn}`));
      assert.deepEqual(
        [failed.source, failed["detail-type"], failed.detail],
        [["aws.ecs"], ["ECS Deployment State Change"], { eventName: ["SERVICE_DEPLOYMENT_FAILED"] }],
      );
      const { says, paths } = said(service, "alerts-web-deployment");
      assert.equal(
        says,
        "The deployment of web of shop/test failed, and ECS goes back to the revision before it where a rollback is on. AWS's reason: <reason> What happened first: npx berth why --service web --stack test",
      );
      assert.deepEqual(paths, { reason: "$.detail.reason" });
      const start = patternOf(service, "alerts-web-start");
      assert.deepEqual([start["detail-type"], start.detail], [["ECS Service Action"], { eventName: ["SERVICE_TASK_START_IMPAIRED"] }]);
      assert.deepEqual(start.resources, failed.resources);
      // Nothing is sent before the topic lets it in.
      assert.ok([...service.outlives(service.one("EventTarget", "alerts-web-start"))].some(({ type }) => type.endsWith("TopicPolicy")));
    });
  }

  it("tell Slack in the form that it shows", async () => {
    const slack = await deploy(() => new Notifications("alerts", { slack: SLACK }).tellOf(makeService("FargateService")));
    const { says } = said(slack, "alerts-web-start");
    const { version, source, content } = says as { version: string; source: string; content: { title: string; description: string } };
    assert.deepEqual([version, source, content.title], ["1.0", "custom", "Tasks of web of shop/test do not start"]);
    assert.match(content.description, /since <time>\. Why: npx berth why --service web --stack test$/);
  });

  it("tell of a run of a scheduled task that fails or does not start, and not of a sidecar that is stopped at its end", async () => {
    const run = await deploy(() =>
      tell().tellOfRuns(new ScheduledTask("clean", { cluster: bigCluster(), image: IMAGE, schedule: "rate(1 hour)" })),
    );
    assert.deepEqual(patternOf(run, "alerts-clean-run").detail, {
      group: ["family:shop-test-clean"],
      lastStatus: ["STOPPED"],
      $or: [
        { containers: { name: ["clean"], exitCode: [{ "anything-but": [0] }] } },
        { stopCode: ["TaskFailedToStart", "SpotInterruption", "TerminationNotice"] },
      ],
    });
    assert.equal(
      said(run, "alerts-clean-run").says,
      "A run of clean of shop/test failed: <reason> (<code>, <task>). To run it again and see its log: npx berth run --task clean --stack test",
    );
  });

  const refused: [what: string, args: NotificationsArgs, message: string][] = [
    ["nobody", {}, "emails: nobody is told; give emails, slack, httpsEndpoint or topicArn."],
    ["no address", { emails: [] }, "emails: the list is empty; name at least one."],
    ["a bad address", { emails: ["oncall"] }, 'emails[0]: "oncall" is not an e-mail address; write one like "oncall@example.org".'],
    ["an address twice", { emails: ["a@b.org", "a@b.org"] }, 'emails: "a@b.org" is named twice; name each address once.'],
    [
      "a channel's name",
      { slack: { teamId: "T0123ABCDEF", channelId: "#alerts" } },
      'slack.channelId: "#alerts" is not the id of a Slack channel; write one like "C0123ABCDEF".',
    ],
    [
      "a channel for a workspace",
      { slack: { teamId: "C0123ABCDEF", channelId: "C0123ABCDEF" } },
      'slack.teamId: "C0123ABCDEF" is not the id of a Slack workspace; write one like "T0123ABCDEF".',
    ],
    ["plain HTTP", { httpsEndpoint: "http://example.org/secret" }, "httpsEndpoint: it is not the URL of an HTTPS endpoint."],
    [
      "no topic",
      { topicArn: "alerts" },
      'topicArn: "alerts" is not an ARN of that kind; write one like "arn:aws:sns:eu-west-1:111122223333:alerts".',
    ],
    [
      "a topic and an address",
      { topicArn: TOPIC, emails: EMAILS },
      "topicArn: an existing topic has subscribers of its own; leave out emails, or this.",
    ],
    [
      "a topic of another region",
      { topicArn: "arn:aws:sns:us-east-1:123456789012:theirs" },
      `topicArn: arn:aws:sns:us-east-1:123456789012:theirs is in us-east-1; allowed: ${REGION}, where the stack is.`,
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuse ${what}`, async () => {
      assert.equal(await refusal(() => new Notifications("alerts", args)), `Notifications "alerts": ${message}`);
    });
  }

  it("take a topic of another account", async () => {
    await deploy(() => new Notifications("alerts", { topicArn: `arn:aws:sns:${REGION}:999999999999:theirs` }));
  });
});
