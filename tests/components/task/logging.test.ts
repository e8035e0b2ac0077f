// Where the output of containers goes: to the letter for each driver, for services and tasks, on the three launch choices.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type LoggingArgs, logging } from "../../../components/task/logging";
import { OneOffTask } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import type { JsonObject } from "../../../facts/graph";
import { complaintsOf } from "../../helpers/arguments";
import { type Deployed, deploy, policyOf, refusal } from "../../helpers/deploy";
import { bigCluster, IMAGE, makeService, VARIANT_NAMES, type Variant } from "../../helpers/variants";

const SECRET = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:splunk-AbCdEf";
const SPLUNK: LoggingArgs = {
  driver: "splunk",
  options: { "splunk-url": "https://logs.example.com:8088", "splunk-source": "web" },
  secretOptions: { "splunk-token": SECRET },
};

/** What the containers of the only task are told of logs, by their names. */
const told = (made: Deployed) => {
  const all = JSON.parse(String(made.inputs("TaskDefinition").containerDefinitions)) as { name: string; logConfiguration: JsonObject }[];
  return Object.fromEntries(all.map(({ name, logConfiguration }) => [name, logConfiguration]));
};
const make = (args: LoggingArgs, variant: Variant = "FargateService") =>
  makeService(variant, { logging: args, sidecars: { proxy: { image: IMAGE } }, path: false });
const service = (args: LoggingArgs, variant?: Variant) => deploy(() => make(args, variant));

describe("the log driver awslogs", () => {
  it("does not let the app wait, unless that is said", async () => {
    const { web, proxy } = told(await service({}));
    const common = { "awslogs-region": "eu-west-3", mode: "non-blocking", "max-buffer-size": "25m" };
    assert.deepEqual(web, {
      logDriver: "awslogs",
      options: { "awslogs-group": (web!.options as JsonObject)["awslogs-group"], "awslogs-stream-prefix": "web", ...common },
    });
    assert.match(String((web!.options as JsonObject)["awslogs-group"]), /^web-[0-9a-f]{7}$/);
    assert.equal((proxy!.options as JsonObject)["awslogs-stream-prefix"], "proxy");
    const blocking = told(await service({ mode: "blocking" })).web!.options as JsonObject;
    assert.deepEqual([blocking.mode, blocking["max-buffer-size"]], ["blocking", undefined]);
    assert.equal((told(await service({ maxBufferSize: "4 MB" })).web!.options as JsonObject)["max-buffer-size"], "4m");
  });

  it("is told where an entry of several lines begins", async () => {
    const pattern = told(await service({ multilinePattern: String.raw`^\d{4}-` })).web!.options as JsonObject;
    assert.deepEqual([pattern["awslogs-multiline-pattern"], pattern["awslogs-datetime-format"]], [String.raw`^\d{4}-`, undefined]);
    const time = told(await service({ datetimeFormat: "%Y-%m-%d" })).web!.options as JsonObject;
    assert.deepEqual([time["awslogs-multiline-pattern"], time["awslogs-datetime-format"]], [undefined, "%Y-%m-%d"]);
  });
});

describe("a metric filter", () => {
  const FILTERS = { errors: "?ERROR ?Exception", slow: "{ $.duration > 1000 }" };

  it("counts what a pattern finds in the task's log group, in the stack's namespace", async () => {
    const made = await service({ metricFilters: FILTERS });
    const { logGroupName, ...inputs } = made.inputs("LogMetricFilter", "web-errors");
    assert.match(String(logGroupName), /^web-[0-9a-f]{7}$/);
    assert.deepEqual(inputs, {
      pattern: "?ERROR ?Exception",
      metricTransformation: { name: "web-errors", namespace: "shop/test", value: "1", defaultValue: "0", unit: "Count" },
    });
    assert.deepEqual(made.names("LogMetricFilter").sort(), ["web-errors", "web-slow"]);
    assert.deepEqual((await service({})).names("LogMetricFilter"), []);
  });

  it("is there in tasks, and for what FireLens sends to CloudWatch", async () => {
    const metricFilters = { errors: "?ERROR" };
    const given = { cluster: bigCluster, image: IMAGE, logging: { metricFilters, firelens: "cloudwatch" as const } };
    const one = await deploy(() => new OneOffTask("clean", { ...given, cluster: given.cluster() }));
    assert.deepEqual(one.names("LogMetricFilter"), ["clean-errors"]);
  });

  it("is refused where the app writes nothing to CloudWatch", () => {
    const text = (to: string) =>
      `metricFilters: they read the task's log group, and with ${to} the app writes nothing there; leave them out, or use awslogs.`;
    assert.deepEqual(complaintsOf(logging, { ...SPLUNK, metricFilters: FILTERS }), [text("splunk")]);
    const s3 = { firelens: { to: "s3", bucket: "team-logs" } };
    assert.deepEqual(complaintsOf(logging, { ...s3, metricFilters: FILTERS }), [text("s3")]);
    assert.deepEqual(complaintsOf(logging, { firelens: "cloudwatch", metricFilters: FILTERS }), []);
  });

  it("has a name and a pattern that AWS takes", () => {
    assert.deepEqual(complaintsOf(logging, { metricFilters: { "a b": "x", ok: "x".repeat(1025) } }), [
      'metricFilters: "a b" cannot name a metric; write one like "errors".',
      "metricFilters.ok: it has 1025 characters; allowed: 0 to 1024.",
    ]);
  });
});

describe("another log driver", () => {
  it("gets its options, and its secrets by ARN, which ECS may read", async () => {
    const made = await service(SPLUNK);
    const expected = {
      logDriver: "splunk",
      options: { mode: "non-blocking", "max-buffer-size": "25m", "splunk-source": "web", "splunk-url": "https://logs.example.com:8088" },
      secretOptions: [{ name: "splunk-token", valueFrom: SECRET }],
    };
    assert.deepEqual(told(made), { web: expected, proxy: expected });
    const policy = made.all("RolePolicy").find(({ name }) => name.startsWith("web-execution"))!;
    assert.deepEqual(policyOf(policy).Statement.find(({ Sid }) => Sid === "ReadSecrets")?.Resource, [SECRET]);
    // The log group stays for what it holds, and for the log of the proxy of Service Connect.
    assert.equal(made.all("LogGroup").filter(({ name }) => name === "web").length, 1);
  });

  it("gets each other secret by another policy beside the old one", async () => {
    const name = async (arn: string) => {
      const made = await service({ ...SPLUNK, secretOptions: { "splunk-token": arn } });
      return made.names("RolePolicy").find((one) => one.startsWith("web-execution"));
    };
    assert.notEqual(await name(SECRET), await name(SECRET.replace("splunk-", "other-")));
  });

  for (const variant of VARIANT_NAMES) {
    const allowed = {
      FargateService: ["awslogs", "firelens", "splunk"],
      Ec2Service: ["awslogs", "firelens", "fluentd", "json-file", "syslog"],
      ManagedInstancesService: ["awslogs", "firelens", "json-file", "splunk"],
    }[variant];
    const where = { FargateService: "Fargate", Ec2Service: "EC2", ManagedInstancesService: "Managed Instances" }[variant];

    for (const driver of ["awslogs", "splunk", "fluentd", "json-file", "syslog"] as const) {
      const args = driver === "splunk" ? SPLUNK : { driver };
      it(`${driver} is ${allowed.includes(driver) ? "taken" : "refused by name"} on ${where}`, async () => {
        if (allowed.includes(driver)) assert.equal(told(await service(args, variant)).web!.logDriver, driver);
        else
          assert.ok(
            (await refusal(() => make(args, variant))).startsWith(
              `${variant} "web": logging.driver: "${driver}" is not a log driver on ${where}; allowed: ${allowed.join(", ")}`,
            ),
          );
      });
    }
  }

  it("is one of tasks by hand and on a schedule, too", async () => {
    const one = await deploy(() => new OneOffTask("clean", { cluster: bigCluster(), image: IMAGE, logging: SPLUNK }));
    assert.equal(told(one).clean!.logDriver, "splunk");
    const again = await deploy(
      () => new ScheduledTask("clean", { cluster: bigCluster(), image: IMAGE, schedule: "rate(1 day)", logging: { mode: "blocking" } }),
    );
    assert.equal((told(again).clean!.options as JsonObject).mode, "blocking");
  });

  it("never gets a secret in plain", async () => {
    const text = "its name says it holds a token, and a task definition shows its options to everyone who may read it.";
    assert.match(
      complaintsOf(logging, { ...SPLUNK, options: { "splunk-token": "hunter2-hunter2" } })[0]!,
      new RegExp(`options\\.splunk-token: ${text}`),
    );
    for (const value of [pulumi.output("hunter2-hunter2"), pulumi.secret("x")]) {
      const options = { ...SPLUNK.options, "api-token": value };
      const message = await refusal(() => make({ ...SPLUNK, options }));
      assert.match(message, /^FargateService "web": logging\.options\.api-token: it/);
      assert.doesNotMatch(message, /hunter2/);
    }
    const known = told(await service({ ...SPLUNK, options: { ...SPLUNK.options, tag: pulumi.output("blue") } })).web!;
    assert.equal((known.options as JsonObject).tag, "blue");
  });
});

describe("the arguments of logging", () => {
  const table: [given: LoggingArgs, ...complaints: string[]][] = [
    [{}],
    [{ mode: "blocking" }],
    [
      { multilinePattern: "^x", datetimeFormat: "%Y" },
      "multilinePattern: datetimeFormat says the same of an entry's first line, and AWS takes one of them; leave out the other.",
    ],
    [{ datetimeFormat: "yyyy" }, 'datetimeFormat: "yyyy" is not a time as strftime writes it; write one like "%Y-%m-%d %H:%M:%S".'],
    [{ mode: "blocking", maxBufferSize: 4 }, "maxBufferSize: with mode: blocking there is no buffer; leave one of them out."],
    [{ maxBufferSize: "0 MB" }, 'maxBufferSize: "0 MB" is not a size; write "25 MB" or 25 (MiB).'],
    [
      { driver: "syslog", multilinePattern: "^x" },
      "multilinePattern: syslog takes each line for itself; leave it out, or use driver: awslogs.",
    ],
    [
      { options: { tag: "x" } },
      "options: awslogs has an argument for each of its options (mode, maxBufferSize, multilinePattern, datetimeFormat); use those, or name another driver.",
    ],
    [
      { ...SPLUNK, options: { ...SPLUNK.options, "splunk-token": "true" } },
      "secretOptions.splunk-token: options has one of that name, too; leave out one of them.",
    ],
    [{ driver: "splunk" }, 'driver: splunk needs an address; add options: { splunk-url: "https://..." }.'],
    [{ ...SPLUNK, secretOptions: {} }, 'driver: splunk needs a token; add secretOptions: { splunk-token: "arn:..." }.'],
  ];
  for (const [given, ...complaints] of table)
    it(`${JSON.stringify(given)} ${complaints.length > 0 ? "is refused" : "is taken"}`, () => {
      assert.deepEqual(complaintsOf(logging, given), complaints);
    });

  it("leave something of the task's memory", async () => {
    assert.equal(
      await refusal(() => make({ maxBufferSize: "1 GB" })),
      'FargateService "web": logging.maxBufferSize: a buffer of 1024 MB leaves nothing of the task\'s 512 MB; make it smaller, or give the task more memory.',
    );
  });
});
