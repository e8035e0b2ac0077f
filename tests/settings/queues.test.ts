import assert from "node:assert/strict";
import type { JsonObject } from "../../facts/graph";
import { statements } from "../helpers/service";
import { complaintsAbout, settingsOf } from "../helpers/settings";
import { stack } from "../helpers/stacks";

const ARN = "arn:aws:sqs:eu-west-1:111122223333:jobs";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const COUNTED = 'cluster={"containerInsights":"enabled"}';

describe("the queues of a stack file", () => {
  it("are worked on by their service, and sent to by those that say so", async () => {
    const made = await stack("dev", [
      COUNTED,
      'service={"sendsTo":["mails"]}',
      'services={"mails":{"queue":{"visibilityTimeout":300},"scaling":{"min":0}}}',
      'tasks={"import":{"service":"web"},"report":{"service":"mails","sendsTo":["mails"],"inherit":false}}',
    ]);
    const variables = (name: string) => {
      const [container] = JSON.parse(String(made.inputs("TaskDefinition", name).containerDefinitions)) as JsonObject[];
      return (container!.environment as { name: string }[]).map((one) => one.name).filter((one) => one.endsWith("QUEUE_URL"));
    };
    assert.deepEqual(["web", "mails", "import", "report"].map(variables), [
      ["MAILS_QUEUE_URL"],
      ["QUEUE_URL"],
      ["MAILS_QUEUE_URL"],
      ["MAILS_QUEUE_URL"],
    ]);
    const rights = (name: string) => (statements(made, `${name}-task`) as unknown as JsonObject[]).map(({ Sid }) => Sid);
    assert.deepEqual(["web", "mails", "import", "report"].map(rights), [
      ["SendMessages"],
      ["ReceiveMessages"],
      ["SendMessages"],
      ["SendMessages"],
    ]);
    const queue = made.one("aws:sqs/queue:Queue", "mails");
    assert.deepEqual([queue.inputs.visibilityTimeoutSeconds, queue.options.protect], [300, false]);
  });

  it("may be there already, with a key of their own", async () => {
    const made = await stack("dev", [COUNTED, `services=${JSON.stringify({ jobs: { queue: { arn: ARN, kmsKeyArn: KEY } } })}`]);
    assert.deepEqual(made.names("aws:sqs/queue:Queue"), []);
    const rights = statements(made, "jobs-task") as unknown as JsonObject[];
    assert.deepEqual(
      rights.map(({ Sid, Resource }) => [Sid, Resource]),
      [
        ["ReceiveMessages", [ARN]],
        ["Decrypt", [KEY]],
      ],
    );
  });

  it("are protected as the stack is, unless they say otherwise", () => {
    const protection = (config: object) =>
      settingsOf({ service: { queue: {} }, ...config }).queues.map(({ made }) => made.deletionProtection);
    assert.deepEqual(protection({}), [true]);
    assert.deepEqual(protection({ deletionProtection: false }), [false]);
    assert.deepEqual(protection({ deletionProtection: false, service: { queue: { deletionProtection: true } } }), [true]);
  });

  it("are reached from a private network", () => {
    const endpoints = (service: object) =>
      (settingsOf({ network: { endpoints: "private" }, service }).network as { endpointServices?: string[] }).endpointServices;
    assert.deepEqual(endpoints({ queue: {} }), ["sqs"]);
    assert.deepEqual(endpoints({}), []);
  });

  const REFUSED: [what: string, config: object, message: string][] = [
    [
      "one that is there and made",
      { service: { queue: { arn: ARN, fifo: true } } },
      "service.queue.arn: the queue is there already, so fifo cannot be chosen here; leave out one or the other.",
    ],
    [
      "one that nobody works on",
      { service: { sendsTo: ["mails"] } },
      "service.sendsTo[0]: no service of the stack has a queue; add queue: {} to the one that works on it.",
    ],
    [
      "one of a service without any",
      { services: { web: { sendsTo: ["api"] }, api: {}, mails: { queue: {} } } },
      "services.web.sendsTo[0]: api has no queue; add queue: {} to it, or name one of mails.",
    ],
    [
      "one of nobody",
      { services: { mails: { queue: {} } }, tasks: { report: { service: "mails", sendsTo: ["mail"] } } },
      'tasks.report.sendsTo[0]: "mail" is not a service with a queue; allowed: mails; did you mean "mails"?',
    ],
    [
      "no time",
      { service: { queue: { visibilityTimeout: 50000 } } },
      "service.queue.visibilityTimeout: 50000 is out of range; allowed: 0 to 43200 seconds; the nearest is 43200.",
    ],
    [
      "another ARN",
      { service: { queue: { arn: "jobs" } } },
      'service.queue.arn: "jobs" is not the ARN of a queue; write one like "arn:aws:sqs:eu-west-1:111122223333:jobs".',
    ],
  ];
  for (const [what, config, message] of REFUSED)
    it(`are not ${what}`, async () => {
      assert.deepEqual(await complaintsAbout(config as Record<string, unknown>), [message]);
    });
});
