import assert from "node:assert/strict";
import { at, crashed, taskDefinition } from "../answers";
import type { Input } from "../scripted-aws";
import { FAST, PLACE, Stage, serving } from "./stage";

describe("berth logs", () => {
  const stage = Stage.use();
  const stream = (id: string) => `web/app/${id.padEnd(32, "0")}`;
  const line = (id: string, minute: number, message: string) => ({
    eventId: `${id}${minute}`,
    logStreamName: stream(id),
    timestamp: at(minute).getTime(),
    message,
  });

  it("prints all tasks in the order of time, page after page", async () => {
    const pages = [{ events: [line("aaaa", 2, "second\n")], nextToken: "more" }, { events: [line("bbbb", 1, "first")] }];
    const { status, out } = await stage.run(["logs", ...PLACE], [serving], { FilterLogEvents: pages });
    assert.equal(status, 0);
    assert.equal(out, "12:01:00.000 bbbb0000 first\n12:02:00.000 aaaa0000 second\n");
    const [first, second] = stage.aws.inputs("FilterLogEvents");
    assert.equal(first?.logGroupName, "/apps/web");
    assert.equal(first?.logStreamNamePrefix, "web/app/");
    assert.equal(second?.nextToken, "more");
  });

  it("follows until Ctrl-C, and prints no line twice", async () => {
    const now = (id: string, message: string) => ({ ...line("aaaa", 1, message), eventId: id, timestamp: Date.now() });
    const [one, two] = [now("e1", "one"), now("e2", "two")];
    const pages = [{ events: [one] }, { events: [one, two] }, { events: [two] }];
    const { status, out } = await stage.run(
      ["logs", ...PLACE, ...FAST, "--follow"],
      [serving],
      { FilterLogEvents: pages },
      { interruptWhen: ({ out }) => out.includes("two") },
    );
    assert.equal(status, 0);
    assert.deepEqual(
      out.split("\n").map((text) => text.split(" ").pop()),
      ["one", "two", ""],
    );
  });

  it("filters by --grep, and prints JSON lines", async () => {
    const FilterLogEvents = { events: [line("aaaa", 1, "GET /"), line("aaaa", 2, "error: no")] };
    const { out } = await stage.run(["logs", ...PLACE, "--grep", "^error", "--json"], [serving], { FilterLogEvents });
    assert.deepEqual(JSON.parse(out), { time: at(2).toISOString(), task: "aaaa".padEnd(32, "0"), container: "app", message: "error: no" });
  });

  it("--previous takes the last stopped task, from its beginning", async () => {
    const stopped = [crashed("old", 6, 1), crashed("cccc", 7, 1)];
    const { out, err } = await stage.run(["logs", ...PLACE, "--previous"], [{ ...serving, stopped }], {
      FilterLogEvents: { events: [line("cccc", 7, "boom")] },
    });
    assert.match(out, /cccc0000 boom$/m);
    assert.equal(err, "Log of task cccc0000, stopped: Essential container in task exited\n");
    const [input] = stage.aws.inputs("FilterLogEvents");
    assert.deepEqual(input?.logStreamNames, [stream("cccc")]);
    assert.equal(input?.startTime, at(7.1).getTime());
  });

  it("says so when there is nothing to print", async () => {
    const { status, out, err } = await stage.run(["logs", ...PLACE, "--grep", "x"], [serving], { FilterLogEvents: { events: [] } });
    assert.equal(status, 0);
    assert.equal(out, "");
    assert.equal(err, "No matching log lines in that time; --since 6h looks further back.\n");
  });

  it("finds a task on a later page of ECS's list", async () => {
    const tasks: Record<string, object[]> = { one: [crashed("aaaa", 7, 1)], two: [crashed("bbbb", 7, 1)] };
    const script = {
      ListTasks: ({ desiredStatus, nextToken }: Input) =>
        desiredStatus === "RUNNING" ? { taskArns: [] } : nextToken ? { taskArns: ["two"] } : { taskArns: ["one"], nextToken: "more" },
      DescribeTasks: ({ tasks: names }: Input) => ({ tasks: tasks[(names as string[])[0]!] }),
      FilterLogEvents: { events: [] },
    };
    const { status } = await stage.run(["logs", ...PLACE, "--task", "bbbb"], [serving], script);
    assert.equal(status, 0);
    assert.deepEqual(stage.aws.inputs("FilterLogEvents")[0]?.logStreamNames, [stream("bbbb")]);
    const stopped = stage.aws.inputs("ListTasks").filter(({ desiredStatus }) => desiredStatus === "STOPPED");
    assert.deepEqual(stopped, [
      { cluster: "apps", serviceName: "web", desiredStatus: "STOPPED" },
      { cluster: "apps", serviceName: "web", desiredStatus: "STOPPED", nextToken: "more" },
    ]);
  });

  it("takes the task that stopped last, or was created last of those that stopped together", async () => {
    const stopped = [
      { ...crashed("aaaa", 7, 1), stoppedAt: at(9), createdAt: at(1) },
      { ...crashed("bbbb", 7, 1), stoppedAt: at(9), createdAt: at(2) },
      { ...crashed("cccc", 7, 1), stoppedAt: at(8), createdAt: at(3) },
      { ...crashed("dddd", 7, 1), stoppedAt: undefined, stoppingAt: undefined, createdAt: at(4) },
    ];
    const { err } = await stage.run(["logs", ...PLACE, "--previous"], [{ ...serving, stopped }], { FilterLogEvents: { events: [] } });
    assert.match(err, /^Log of task bbbb0000, stopped:/);
  });

  it("looks back as far as --since says, ten minutes without it", async () => {
    for (const [args, milliseconds] of [
      [[], 600_000],
      [["--since", "30s"], 30_000],
      [["--since", "2h"], 7_200_000],
      [["--since", "1d"], 86_400_000],
    ] as const) {
      const before = Date.now();
      await stage.run(["logs", ...PLACE, ...args], [serving], { FilterLogEvents: { events: [] } });
      const start = stage.aws.inputs("FilterLogEvents")[0]?.startTime as number;
      assert.ok(start >= before - milliseconds && start <= Date.now() - milliseconds, args.join(" "));
    }
  });

  it("says that a container's log cannot be read by task", async () => {
    const definition = taskDefinition(7);
    definition.containerDefinitions![0]!.logConfiguration = { logDriver: "awslogs", options: { "awslogs-group": "/apps/web" } };
    const { status, err } = await stage.run(["logs", ...PLACE], [serving], { DescribeTaskDefinition: { taskDefinition: definition } });
    assert.equal(status, 1);
    assert.deepEqual(err.trim().split("\n"), [
      "The containers of this service write no CloudWatch log that is separate for each task.",
      "What to do:",
      "  - The log driver has to be awslogs, with awslogs-group and awslogs-stream-prefix.",
    ]);
  });

  for (const [driver, options, where] of [
    ["splunk", { "splunk-url": "https://logs.example.com:8088" }, "its log driver is splunk (https://logs.example.com:8088)"],
    ["json-file", {}, "its log driver is json-file"],
    [
      "awsfirelens",
      { Name: "datadog", Host: "http-intake.logs.datadoghq.com" },
      "FireLens sends it to datadog (http-intake.logs.datadoghq.com)",
    ],
    ["awsfirelens", undefined, "FireLens sends it to what its configuration says"],
  ] as const)
    it(`says where a log is that ${driver} takes`, async () => {
      const definition = taskDefinition(7);
      const [app] = definition.containerDefinitions!;
      app!.logConfiguration = { logDriver: driver, ...(options && { options }) };
      const answers = { DescribeTaskDefinition: { taskDefinition: definition }, FilterLogEvents: { events: [line("aaaa", 1, "routed")] } };
      const alone = await stage.run(["logs", ...PLACE], [serving], answers);
      assert.equal(alone.status, 1);
      assert.deepEqual(alone.err.trim().split("\n"), [
        `The log of app is not in CloudWatch: ${where}.`,
        "What to do:",
        "  - Look for it there; berth reads CloudWatch Logs alone.",
      ]);
      // What is there is shown.
      const router = { logDriver: "awslogs" as const, options: { "awslogs-group": "/apps/web", "awslogs-stream-prefix": "router" } };
      definition.containerDefinitions!.push({ ...app!, name: "router", logConfiguration: router });
      const beside = await stage.run(["logs", ...PLACE], [serving], answers);
      assert.equal(beside.status, 0);
      assert.equal(beside.err, `The log of app is not in CloudWatch: ${where}.\n`);
      assert.match(beside.out, / routed\n$/);
    });

  it("reads what FireLens sends to CloudWatch", async () => {
    const definition = taskDefinition(7);
    const options = { Name: "cloudwatch_logs", log_group_name: "/apps/web", log_stream_prefix: "app/" };
    definition.containerDefinitions![0]!.logConfiguration = { logDriver: "awsfirelens", options };
    const name = `app/app-firelens-${"aaaa".padEnd(32, "0")}`;
    const { status, out, err } = await stage.run(["logs", ...PLACE], [serving], {
      DescribeTaskDefinition: { taskDefinition: definition },
      FilterLogEvents: { events: [{ ...line("aaaa", 1, "routed"), logStreamName: name }] },
    });
    assert.deepEqual([status, out, err], [0, "12:01:00.000 aaaa0000 routed\n", ""]);
    assert.equal(stage.aws.inputs("FilterLogEvents")[0]?.logStreamNamePrefix, "app/app-firelens-");
  });

  it("names the container where there are several", async () => {
    const definition = taskDefinition(7);
    const [app] = definition.containerDefinitions!;
    definition.containerDefinitions!.push({ ...app!, name: "proxy" });
    const FilterLogEvents = ({ logStreamNamePrefix }: Input) => ({
      events: [{ ...line("aaaa", 1, String(logStreamNamePrefix)), eventId: String(logStreamNamePrefix) }],
    });
    const { out } = await stage.run(["logs", ...PLACE], [serving], {
      DescribeTaskDefinition: { taskDefinition: definition },
      FilterLogEvents,
    });
    assert.equal(out, "12:01:00.000 aaaa0000 app web/app/\n12:01:00.000 aaaa0000 proxy web/proxy/\n");
  });

  const mistakes: [string, string[], RegExp][] = [
    ["no stopped task", ["--previous"], /No task of this service stopped within the last hour/],
    ["a wrong container", ["--container", "db"], /There is no container db in this service; it has: app\./],
    ["a wrong task", ["--task", "ffff"], /--task ffff matches 0 tasks of this service; it has: aaaa0000\./],
    ["a wrong time", ["--since", "yesterday"], /It must be a number with s, m, h or d, such as 30m or 2h\./],
    ["a wrong pattern", ["--grep", "("], /It must be a regular expression/],
  ];
  for (const [name, args, message] of mistakes) {
    it(`refuses ${name}`, async () => {
      const { status, err } = await stage.run(["logs", ...PLACE, ...args]);
      assert.equal(status, 1);
      assert.match(err, message);
    });
  }
});
