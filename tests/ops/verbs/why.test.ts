// The last incident of a service, from AWS's records.
import assert from "node:assert/strict";
import type { Entry } from "../../../ops/incident/timeline";
import { crashed, deployment, service, serviceDeployment, serviceRevision, stoppedTask } from "../answers";
import type { Step } from "../scene";
import { Failure, type Input, type Script } from "../scripted-aws";
import { PLACE, Stage, serving } from "./stage";

/** Minutes ago, on a whole second. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
const ago = (minutes: number) => new Date(NOW - minutes * 60_000);
const clock = (minutes: number) => ago(minutes).toISOString().slice(11, 19);

/** Revision 7 was deployed 20 minutes ago, crashed three times, and was rolled back. */
const incident: Step = {
  service: service([deployment(6, { createdAt: ago(300) })], {
    deploymentConfiguration: { strategy: "ROLLING", alarms: { alarmNames: ["web-5xx"], enable: true, rollback: true } },
    events: [
      { id: "4", createdAt: ago(11), message: "(service web) has reached a steady state." },
      {
        id: "3",
        createdAt: ago(15),
        message: "(service web) operations are being throttled on ec2. Will try again later.",
      },
      { id: "2", createdAt: ago(19), message: "(service web) has started 2 tasks: (task a) (task b)." },
      { id: "1", createdAt: ago(600), message: "(service web) was unable to place a task." },
    ],
  }),
  serviceDeployments: [
    serviceDeployment(7, {
      createdAt: ago(20),
      startedAt: ago(20),
      finishedAt: ago(12),
      status: "ROLLBACK_SUCCESSFUL",
      rollback: { reason: "Service deployment rolled back because the circuit breaker threshold was exceeded.", startedAt: ago(14) },
      targetServiceRevision: { arn: serviceRevision(7), requestedTaskCount: 2, runningTaskCount: 0, pendingTaskCount: 0 },
    }),
    serviceDeployment(6, { createdAt: ago(300), startedAt: ago(300), finishedAt: ago(298) }),
  ],
  stopped: [
    ...["aaaa", "bbbb", "cccc"].map((id, i) => ({
      ...crashed(id, 7, 1),
      createdAt: ago(19 - i),
      startedAt: ago(19 - i),
      stoppedAt: ago(18 - i),
    })),
    { ...stoppedTask("dddd", 6, "Scaling activity initiated by (deployment ecs-svc/6)"), stopCode: undefined, stoppedAt: ago(2) },
  ],
  log: { "web/app/cccc0000000000000000000000000000": ["starting", "Error: DATABASE_URL is not set"] },
};
const records: Script = {
  DescribeAlarms: { MetricAlarms: [{ AlarmName: "web-5xx", StateValue: "OK" }] },
  DescribeAlarmHistory: {
    AlarmHistoryItems: [
      { AlarmName: "web-5xx", Timestamp: ago(10), HistoryItemType: "StateUpdate", HistorySummary: "Alarm updated from ALARM to OK" },
      { AlarmName: "web-5xx", Timestamp: ago(16), HistoryItemType: "StateUpdate", HistorySummary: "Alarm updated from OK to ALARM" },
    ],
  },
  DescribeScalingActivities: {
    ScalingActivities: [
      {
        ActivityId: "1",
        ServiceNamespace: "ecs",
        ResourceId: "service/apps/web",
        ScalableDimension: "ecs:service:DesiredCount",
        StartTime: ago(13),
        StatusCode: "Successful",
        Description: "Setting desired count to 3.",
        Cause: "monitor alarm web-cpu in state ALARM triggered policy cpu",
      },
    ],
  },
};

describe("berth why", () => {
  const stage = Stage.use();

  it("puts the last incident on one time line: what came first, why, and what to do", async () => {
    const { status, out } = await stage.run(["why", ...PLACE], [incident], records);
    assert.equal(status, 0);
    const lines = out.split("\n");
    assert.equal(lines[0], `web in apps: the last incident, ${ago(18).toISOString().slice(0, 10)} ${clock(18)} to ${clock(12)} UTC`);
    assert.deepEqual(
      lines.slice(1, 9).map((line) => line.trim().split(/ {2,}/)),
      [
        [clock(20), "deployment", "web:7 begins to roll out"],
        [
          clock(18),
          "stop",
          `task aaaa0000 of web:7 stopped: Essential container in task exited (app exit code 1) (and 2 more like it, until ${clock(16)})`,
        ],
        [clock(16), "alarm", "web-5xx is in ALARM"],
        [clock(15), "event", "operations are being throttled on ec2. Will try again later."],
        [clock(13), "scaling", "Setting desired count to 3. monitor alarm web-cpu in state ALARM triggered policy cpu"],
        [
          clock(12),
          "deployment",
          "web:7 was rolled back: Service deployment rolled back because the circuit breaker threshold was exceeded.",
        ],
        [clock(10), "alarm", "web-5xx is in OK"],
        [clock(2), "stop", "task dddd0000 of web:6 stopped: Scaling activity initiated by (deployment ecs-svc/6)"],
      ],
    );
    assert.equal(
      lines[9],
      `First: ${clock(18)} task aaaa0000 of web:7 stopped: Essential container in task exited (app exit code 1), 2 min 00 s after web:7 began to roll out`,
    );
    assert.match(out, /^Why: The container app crashed: exit code 1/m);
    assert.match(out, /\| Error: DATABASE_URL is not set$/m);
    assert.match(out, /^What to do:$/m);
  });

  it("asks the alarms for the time it looks back to", async () => {
    await stage.run(["why", ...PLACE, "--since", "2h"], [incident], records);
    const [asked] = stage.aws.inputs("DescribeAlarmHistory") as Input[];
    assert.deepEqual([asked!.AlarmName, asked!.HistoryItemType], ["web-5xx", "StateUpdate"]);
    assert.ok(Math.abs(Number(asked!.StartDate) * 1000 - (Date.now() - 7_200_000)) < 60_000, String(asked!.StartDate));
    const [scaling] = stage.aws.inputs("DescribeScalingActivities") as Input[];
    assert.deepEqual([scaling!.ResourceId, scaling!.ServiceNamespace], ["service/apps/web", "ecs"]);
  });

  it("prints the same as JSON", async () => {
    const { out } = await stage.run(["why", ...PLACE, "--json"], [incident], records);
    const report = JSON.parse(out) as {
      from: string;
      to: string;
      first: Entry;
      deployment: Entry;
      entries: Entry[];
      diagnosis: { cause: string };
    };
    assert.deepEqual([report.from, report.to], [ago(18).toISOString(), ago(12).toISOString()]);
    assert.deepEqual([report.first.kind, report.deployment.begins], ["stop", "web:7"]);
    assert.equal(report.entries.length, 10);
    assert.deepEqual(
      report.entries.filter(({ failed }) => failed).map(({ kind }) => kind),
      ["stop", "stop", "stop", "alarm", "event", "deployment"],
    );
    assert.equal(report.diagnosis.cause, "crash-on-start");
  });

  it("says that nothing failed, and in which time", async () => {
    const quiet = { DescribeAlarmHistory: {}, DescribeScalingActivities: {}, DescribeAlarms: {} };
    const { status, out } = await stage.run(["why", ...PLACE], [serving], quiet);
    assert.deepEqual([status, out], [0, "web in apps: nothing failed in the last 6 h 00 min that AWS has a record of.\n"]);
    const { out: json } = await stage.run(["why", ...PLACE, "--json"], [serving], quiet);
    assert.deepEqual(JSON.parse(json), { cluster: "apps", service: "web", unread: [] });
  });

  it("leaves out what is longer ago, and what belongs to an earlier incident", async () => {
    const earlier = { ...crashed("eeee", 6, 1), createdAt: ago(60), stoppedAt: ago(55) };
    const two: Step = { ...incident, stopped: [...incident.stopped!, earlier] };
    const { out } = await stage.run(["why", ...PLACE], [two], records);
    assert.doesNotMatch(out, /eeee0000/);
    const { out: recent } = await stage.run(["why", ...PLACE, "--since", "5m"], [two], records);
    assert.match(recent, /nothing failed in the last 5 min 00 s/);
  });

  it("explains what serves, where no deployment failed", async () => {
    const stopped = [
      { ...crashed("aaaa", 7, 137, "OutOfMemoryError: Container killed due to memory usage"), createdAt: ago(40), stoppedAt: ago(4) },
    ];
    const alone: Step = {
      service: service([deployment(7, { createdAt: ago(300) })]),
      serviceDeployments: [serviceDeployment(7, { createdAt: ago(300), startedAt: ago(300), finishedAt: ago(299) })],
      stopped,
    };
    const { out } = await stage.run(["why", ...PLACE], [alone], { DescribeScalingActivities: {} });
    assert.match(out, /^First: \S+ task aaaa0000 of web:7 stopped/m);
    assert.doesNotMatch(out, /began to roll out/);
    assert.match(out, /^Why: .*memory/m);
  });

  it("says what the alarms say to do, where ECS knows of no failure", async () => {
    const guarded: Step = {
      service: service([deployment(7, { createdAt: ago(300) })], {
        deploymentConfiguration: { alarms: { alarmNames: ["web-5xx", "web-slow"], enable: true, rollback: true } },
      }),
      serviceDeployments: [serviceDeployment(7, { createdAt: ago(300), startedAt: ago(300), finishedAt: ago(299) })],
      running: serving.running!,
    };
    const described = [
      { AlarmName: "web-5xx", StateValue: "OK", AlarmDescription: "More than 5 % fail. See npx berth logs." },
      { AlarmName: "web-slow", StateValue: "OK", AlarmDescription: "It is slow." },
    ];
    const history = ({ AlarmName }: Input) => ({
      AlarmHistoryItems:
        AlarmName === "web-5xx" ? [{ AlarmName, Timestamp: ago(9), HistorySummary: "Alarm updated from OK to ALARM" }] : [],
    });
    const script = { DescribeAlarms: { MetricAlarms: described }, DescribeAlarmHistory: history, DescribeScalingActivities: {} };
    const { out } = await stage.run(["why", ...PLACE], [guarded], script);
    assert.match(
      out,
      /^Why: ECS knows of no task that failed and of no deployment that did; web-5xx rang\.\n(.*\n)*What to do:\n {2}- More than 5 % fail\. See npx berth logs\.$/m,
    );
    assert.doesNotMatch(out, /It is slow/);
  });

  it("names what it may not read, and shows the rest", async () => {
    const denied = (action: string) => new Failure("AccessDeniedException", `x is not authorized to perform: ${action} on resource: y`);
    const { status, out } = await stage.run(["why", ...PLACE], [incident], {
      ...records,
      DescribeAlarmHistory: denied("cloudwatch:DescribeAlarmHistory"),
      DescribeScalingActivities: denied("application-autoscaling:DescribeScalingActivities"),
    });
    assert.equal(status, 0);
    assert.match(out, /^Not read: the alarms' history \(not permitted: cloudwatch:DescribeAlarmHistory\)$/m);
    assert.match(out, /^Not read: the scaling \(not permitted: application-autoscaling:DescribeScalingActivities\)$/m);
    assert.match(out, /web:7 was rolled back/);
  });

  it("counts a scaling that failed, and a deployment that someone stopped", async () => {
    const step: Step = {
      service: service([deployment(6, { createdAt: ago(300) })]),
      serviceDeployments: [
        serviceDeployment(7, {
          createdAt: ago(9),
          startedAt: ago(9),
          stoppedAt: ago(7),
          status: "STOPPED",
          statusReason: "stopped by a user",
        }),
      ],
    };
    const failedScaling = {
      ActivityId: "1",
      ServiceNamespace: "ecs",
      ResourceId: "service/apps/web",
      ScalableDimension: "ecs:service:DesiredCount",
      StartTime: ago(8),
      StatusCode: "Failed",
      Description: "Setting desired count to 40.",
      Cause: "because",
      StatusMessage: "Failed to set desired count to 40: no capacity.",
    };
    const { out } = await stage.run(["why", ...PLACE, "--json"], [step], {
      DescribeScalingActivities: { ScalingActivities: [failedScaling] },
    });
    const { entries } = JSON.parse(out) as { entries: Entry[] };
    assert.deepEqual(
      entries.map(({ text, failed }) => [text, failed]),
      [
        ["web:7 begins to roll out", false],
        ["Setting desired count to 40. Failed to set desired count to 40: no capacity.", true],
        ["web:7 was stopped: stopped by a user", true],
      ],
    );
  });

  describe("and berth status, of the alarms of a stack", () => {
    const names = ["alarms-web-errors-1", "alarms-api-errors-1", "alarms-nat-1-1"];
    const described = {
      MetricAlarms: [
        {
          AlarmName: names[0],
          StateValue: "ALARM",
          StateTransitionedTimestamp: ago(12),
          StateUpdatedTimestamp: ago(1),
          AlarmDescription: "More than 5 % fail. The log says why: npx berth logs --service web --stack dev",
        },
        { AlarmName: names[1], StateValue: "ALARM", AlarmDescription: "More than 5 % fail. npx berth logs --service api --stack dev" },
        { AlarmName: names[2], StateValue: "OK", AlarmDescription: "A NAT gateway has no port left." },
      ],
    };
    const of = (outputs: object, args: string[], script: Script = {}) => {
      stage.programs
        .file("Pulumi.yaml", "name: web\n")
        .add("pulumi", `echo '${JSON.stringify({ cluster: "apps", alarms: names, ...outputs })}'`);
      const options = { env: stage.programs.env, cwd: stage.programs.directory };
      return stage.run(args, [serving], { DescribeAlarms: described, DescribeScalableTargets: {}, ...script }, options);
    };

    it("show state, since when, and what to do", async () => {
      const { out } = await of({ service: "web" }, ["status"]);
      assert.match(
        out,
        /^Alarm {7}ALARM alarms-web-errors-1, for \d+ min \d\d s\n {12}More than 5 % fail\. The log says why: npx berth logs --service web/m,
      );
      assert.match(out, /^Alarm {7}OK alarms-nat-1-1$/m);
      assert.deepEqual(
        stage.aws.inputs("DescribeAlarms").map(({ AlarmNames }) => AlarmNames),
        [names],
      );
    });

    it("leave out those of another service", async () => {
      const services = { web: { service: "web" }, api: { service: "api" } };
      const { out } = await of({ services }, ["status", "--service", "web", "--json"]);
      const { alarms } = JSON.parse(out) as { alarms: { name: string; since?: string; about?: string }[] };
      assert.deepEqual(
        alarms.map(({ name }) => name),
        [names[0], names[2]],
      );
      assert.deepEqual([alarms[0]!.since, alarms[1]!.about], [ago(12).toISOString(), "A NAT gateway has no port left."]);
      const history = { DescribeAlarmHistory: {}, DescribeScalingActivities: {} };
      await of({ services }, ["why", "--service", "web"], history);
      assert.deepEqual(
        stage.aws.inputs("DescribeAlarmHistory").map(({ AlarmName }) => AlarmName),
        [names[0], names[2]],
      );
    });

    it("take a program's own output of that name for what it is", async () => {
      const { status, out } = await of({ service: "web", alarms: { on: true } }, ["status"]);
      assert.equal(status, 0);
      assert.doesNotMatch(out, /^Alarm/m);
    });
  });
});
