// What a stack of the template watches, and whom it tells, by its stack file.
import assert from "node:assert/strict";
import { recordStack } from "../helpers/stacks";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TOLD = [
  "notify.emails[0]=oncall@example.org",
  "alarms.belowDesired=false",
  "services.mails.command[0]=mails",
  "services.mails.alarms=false",
  "services.jobs.command[0]=jobs",
  "services.jobs.queue.fifo=true",
  "services.jobs.alarms.restarts=false",
  "tasks.report.command[0]=report",
  "tasks.report.service=web",
  "tasks.report.schedule=rate(1 day)",
  "tasks.import.command[0]=import",
  "tasks.import.service=web",
];

describe("a stack that tells somebody", () => {
  it("watches each service as its stack file says, its queues, schedules, gateways and certificates", async () => {
    const made = await recordStack("prod", TOLD);
    assert.deepEqual(
      made.names(ALARM).map((name) => name.replace("alarms-", "")),
      [
        "jobs-age",
        "jobs-dead-letters",
        "jobs-memory",
        "nat-1",
        "nat-2",
        "nat-3",
        "public-certificate",
        "report-dead-letters",
        "web-errors",
        "web-healthy",
        "web-latency",
        "web-memory",
        "web-restarts",
      ],
    );
    assert.match(String(made.one(ALARM, "alarms-jobs-age").inputs.alarmDescription), /--service jobs --stack prod/);
    assert.equal((made.recording.known.outputs.alarms as string[]).length, made.names(ALARM).length);
  });

  it("tells of the deployments of every service, and of the runs of every schedule", async () => {
    const made = await recordStack(
      "prod",
      [...TOLD, "alarms=false"].filter((one) => !/^alarms\.|^services\.\w+\.alarms/.test(one)),
    );
    assert.deepEqual(made.names(ALARM), []);
    assert.deepEqual(made.names("EventTarget"), [
      "alerts-jobs-deployment",
      "alerts-jobs-start",
      "alerts-mails-deployment",
      "alerts-mails-start",
      "alerts-report-run",
      "alerts-web-deployment",
      "alerts-web-start",
    ]);
    assert.equal(made.recording.known.outputs.alarms, undefined);
  });

  it("has nothing of it where nobody is told", async () => {
    const made = await recordStack("prod");
    for (const type of [ALARM, "EventRule", "EventTarget", "Topic", "TopicSubscription", "Key"])
      assert.deepEqual(made.names(type), [], type);
    assert.equal("alarms" in made.recording.known.outputs, false);
  });
});
