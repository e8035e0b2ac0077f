// FireLens: the router to the letter, where it sends the output of the others, and what it may do.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "../../../components/base/encryption-key";
import { Cluster } from "../../../components/cluster/cluster";
import { type LoggingArgs, logging } from "../../../components/task/logging";
import { OneOffTask } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import type { JsonObject } from "../../../facts/graph";
import { complaintsOf } from "../../helpers/arguments";
import { type Deployed, deploy, policyOf, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { bigCluster, IMAGE, makeService, VARIANT_NAMES, type Variant } from "../../helpers/variants";

const KEY = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:datadog-AbCdEf";
const DATADOG: LoggingArgs = { firelens: "datadog", secretOptions: { apikey: KEY } };
const S3: LoggingArgs = { firelens: { to: "s3", bucket: "team-logs" } };
const FIREHOSE: LoggingArgs = { firelens: { to: "firehose", deliveryStream: "team-logs" } };
const SPLUNK: LoggingArgs = {
  driver: "firelens",
  options: { Name: "splunk", Host: "splunk.example.com" },
  secretOptions: { splunk_token: KEY },
};

type Definition = JsonObject & { name: string; logConfiguration: { logDriver: string; options: Record<string, string> } };
const definitions = (made: Deployed) => {
  const all = JSON.parse(String(made.inputs("TaskDefinition").containerDefinitions)) as Definition[];
  return Object.fromEntries(all.map((one) => [one.name, one]));
};
const make = (args: LoggingArgs, variant: Variant = "FargateService", more: object = {}) =>
  makeService(variant, { logging: args, sidecars: { proxy: { image: IMAGE } }, path: false, ...more });
const service = (args: LoggingArgs, variant?: Variant) => deploy(() => make(args, variant));
const rights = (made: Deployed, role: string) =>
  made
    .all("RolePolicy")
    .filter(({ name }) => name.startsWith(`web-${role}`))
    .flatMap((policy) => policyOf(policy).Statement);

describe("the router of FireLens", () => {
  let made: Deployed;
  before(async () => {
    made = await service(DATADOG);
  });

  it("is this to the letter", () => {
    const { image, logConfiguration, ...router } = definitions(made)["log-router"]!;
    assert.match(String(image), /^123456789012\.dkr\.ecr\.eu-west-3\.amazonaws\.com\/apps-log-router-[0-9a-f]{7}@sha256:/);
    assert.deepEqual(router, {
      name: "log-router",
      essential: true,
      cpu: 0,
      portMappings: [],
      environment: [],
      user: "0",
      readonlyRootFilesystem: true,
      mountPoints: [{ containerPath: "/log-buffer", readOnly: false, sourceVolume: "log-buffer" }],
      volumesFrom: [],
      systemControls: [],
      linuxParameters: { capabilities: { add: [], drop: ["ALL"] }, initProcessEnabled: true },
      restartPolicy: { enabled: true, restartAttemptPeriod: 300 },
      stopTimeout: 30,
      memoryReservation: 64,
      firelensConfiguration: { type: "fluentbit", options: { "enable-ecs-log-metadata": "true" } },
    });
    assert.deepEqual(made.inputs("TaskDefinition").volumes, [{ name: "tmp" }, { name: "log-buffer" }]);
    const { "awslogs-group": logGroup, ...options } = logConfiguration.options;
    assert.match(String(logGroup), /^web-[0-9a-f]{7}$/);
    assert.deepEqual(options, {
      "awslogs-region": "eu-west-3",
      "awslogs-stream-prefix": "log-router",
      mode: "non-blocking",
      "max-buffer-size": "25m",
    });
  });

  it("starts before the containers whose output it takes", () => {
    const { web, proxy } = definitions(made);
    for (const one of [web!, proxy!]) assert.deepEqual(one.dependsOn, [{ containerName: "log-router", condition: "START" }]);
  });

  it("is a mirrored image of one fixed version, once for all tasks of a cluster, which may pull it", async () => {
    const several = await deploy(() => {
      const cluster = bigCluster();
      for (const name of ["one", "two"]) new OneOffTask(name, { cluster, image: IMAGE, logging: S3 });
      new OneOffTask("arm", { cluster, image: IMAGE, logging: S3, architecture: "arm64" });
    });
    assert.deepEqual(several.names("berth:index:MirroredImage"), ["apps-log-router", "apps-log-router-arm64"]);
    for (const { name, inputs, options } of several.all("aws:ecr/repository:Repository"))
      assert.deepEqual([inputs.forceDelete, options.protect], [true, false], name);
    assert.deepEqual(
      several.all("RemoteImage").map(({ inputs }) => [inputs.name, inputs.platform]),
      [
        ["public.ecr.aws/aws-observability/aws-for-fluent-bit:3.4.16", "linux/amd64"],
        ["public.ecr.aws/aws-observability/aws-for-fluent-bit:3.4.16", "linux/arm64"],
      ],
    );
    const pull = rights(made, "execution").find(({ Sid }) => Sid === "PullImage")!.Resource as string[];
    assert.ok(
      pull.some((arn) => arn.includes(":repository/apps-log-router-")),
      pull.join(),
    );
  });

  it("comes with a policy beside the old one, which tasks of the earlier revision keep", async () => {
    const name = (made: Deployed) => made.names("RolePolicy").find((one) => one.startsWith("web-execution"));
    assert.notEqual(name(await service(S3)), name(await service({})));
  });

  it("is encrypted with the cluster's key", async () => {
    const own = await deploy(() => {
      const key = new EncryptionKey("data");
      makeService("FargateService", { logging: S3, path: false }, new Cluster("apps", { network: plainNetwork(), kmsKeyArn: key.arn }));
    });
    const [encryption] = own.inputs("aws:ecr/repository:Repository").encryptionConfigurations as JsonObject[];
    assert.equal(encryption!.encryptionType, "KMS");
  });

  it("is another image, with more memory, if that is said", async () => {
    const image = "123456789012.dkr.ecr.eu-west-3.amazonaws.com/team/router:2.1.0";
    const its = await service({ firelens: { to: "cloudwatch", image, memory: "128 MB" } });
    const { "log-router": router } = definitions(its);
    assert.deepEqual([router!.image, router!.memoryReservation], [image, 128]);
    assert.deepEqual(its.names("berth:index:MirroredImage"), []);
    const pull = rights(its, "execution").find(({ Sid }) => Sid === "PullImage")!.Resource as string[];
    assert.ok(pull.includes("arn:aws:ecr:eu-west-3:123456789012:repository/team/router"), pull.join());
  });

  for (const variant of VARIANT_NAMES) {
    it(`is there on ${variant}`, async () => {
      assert.deepEqual(Object.keys(definitions(await service(S3, variant))), ["log-router", "proxy", "web"]);
    });
  }

  it("is there in tasks by hand and on a schedule", async () => {
    const one = await deploy(() => new OneOffTask("clean", { cluster: bigCluster(), image: IMAGE, logging: S3 }));
    const again = await deploy(
      () => new ScheduledTask("clean", { cluster: bigCluster(), image: IMAGE, schedule: "rate(1 day)", logging: S3 }),
    );
    for (const each of [one, again]) assert.deepEqual(Object.keys(definitions(each)), ["clean", "log-router"]);
  });

  it("has its name and its port for itself", async () => {
    const sidecars = (port?: number, name = "other") => ({ sidecars: { [name]: { image: IMAGE, ...(port && { port }) } } });
    assert.equal(
      await refusal(() => make(S3, "FargateService", sidecars(undefined, "log-router"))),
      'FargateService "web": sidecars.log-router: FireLens\'s router has this name; choose another.',
    );
    assert.equal(
      await refusal(() => make(S3, "FargateService", sidecars(24224))),
      'FargateService "web": sidecars.other.port: 24224 is the port of log-router, too, and the containers of a task share its network; choose another.',
    );
    assert.equal(
      await refusal(() => make(S3, "FargateService", { ports: { admin: { port: 24224 } } })),
      'FargateService "web": ports.admin.port: 24224 is the port of log-router, too, and the containers of a task share its network; choose another, or name that container.',
    );
    await deploy(() => make(S3, "Ec2Service", { ...sidecars(24224), networkMode: "bridge" }));
    assert.equal(
      await refusal(() => new OneOffTask("log-router", { cluster: bigCluster(), image: IMAGE, logging: S3 })),
      'OneOffTask "log-router": name: FireLens\'s router has this name; choose another.',
    );
  });
});

/** What ECS makes of a container's options, by the syntax of Fluent Bit: a section's head, and each entry a line of a key, a space and a value. */
const CONFIGURATION = /^\[OUTPUT\]\n {4}Match web-firelens\*\n( {4}[A-Za-z][\w.-]* \S(.*\S)?\n)+$/;
const configurationOf = (options: Record<string, string>) =>
  `[OUTPUT]\n    Match web-firelens*\n${Object.entries(options)
    .map(([key, value]) => `    ${key} ${value}\n`)
    .join("")}`;

describe("the router's configuration", () => {
  const SENT: LoggingArgs[] = [
    DATADOG,
    { firelens: "cloudwatch" },
    { firelens: { to: "s3", bucket: "team-logs" } },
    { firelens: { to: "firehose", deliveryStream: "team-logs" } },
    { firelens: {}, options: { Name: "http", Host: "logs.example.com", URI: "/in?a=b c" } },
  ];
  for (const given of SENT)
    it(`is one of Fluent Bit with ${JSON.stringify(given.firelens)}`, async () => {
      const { web } = definitions(await service(given));
      assert.match(configurationOf(web!.logConfiguration.options as Record<string, string>), CONFIGURATION);
    });

  it("has no line that a value brings along", async () => {
    const text = "logs.example.com\n[OUTPUT]\n    Name stdout";
    const [said] = complaintsOf(logging, { firelens: {}, options: { Name: "http", Host: text } });
    assert.equal(said, "options.Host: it has a line break, and an option is one line; leave it out.");
    assert.match(
      await refusal(() => make({ firelens: {}, options: { Name: "http", Host: pulumi.output(text) } })),
      /logging\.options\.Host: it has a line break, and an option is one line; leave it out\.$/,
    );
  });
});

describe("where FireLens sends the output", () => {
  const routed = async (args: LoggingArgs) => {
    const made = await service(args);
    const { web, proxy } = definitions(made);
    assert.deepEqual([web!.logConfiguration.logDriver, proxy!.logConfiguration.logDriver], ["awsfirelens", "awsfirelens"]);
    return { made, web: web!.logConfiguration, proxy: proxy!.logConfiguration, rights: rights(made, "task") };
  };

  it("is Datadog, with the key from a secret", async () => {
    const { made, web, rights: task } = await routed(DATADOG);
    assert.deepEqual(web, {
      logDriver: "awsfirelens",
      options: {
        Name: "datadog",
        Host: "http-intake.logs.datadoghq.com",
        TLS: "on",
        compress: "gzip",
        provider: "ecs",
        dd_service: "web",
        dd_tags: "env:test",
      },
      secretOptions: [{ name: "apikey", valueFrom: KEY }],
    });
    assert.deepEqual(rights(made, "execution").find(({ Sid }) => Sid === "ReadSecrets")!.Resource, [KEY]);
    assert.deepEqual(task, [], "Datadog asks AWS for nothing");
    const eu = await routed({ ...DATADOG, options: { Host: "http-intake.logs.datadoghq.eu", dd_source: "node" } });
    assert.deepEqual([eu.web.options.Host, eu.web.options.dd_source], ["http-intake.logs.datadoghq.eu", "node"]);
  });

  it("is a bucket, in which it may put objects under the task's name alone", async () => {
    const { web, rights: task } = await routed(S3);
    assert.deepEqual(web.options, {
      Name: "s3",
      region: "eu-west-3",
      bucket: "team-logs",
      s3_key_format: "/web/$TAG/%Y/%m/%d/%H/%M/%S/$UUID.gz",
      compression: "gzip",
      use_put_object: "On",
      total_file_size: "10M",
      upload_timeout: "1m",
      store_dir: "/log-buffer",
    });
    assert.deepEqual(task, [{ Sid: "RouteLogs", Effect: "Allow", Action: ["s3:PutObject"], Resource: ["arn:aws:s3:::team-logs/web/*"] }]);
  });

  it("is a Firehose stream", async () => {
    const { web, rights: task } = await routed(FIREHOSE);
    assert.deepEqual(web.options, { Name: "kinesis_firehose", region: "eu-west-3", delivery_stream: "team-logs" });
    const Resource = ["arn:aws:firehose:eu-west-3:123456789012:deliverystream/team-logs"];
    assert.deepEqual(task, [{ Sid: "RouteLogs", Effect: "Allow", Action: ["firehose:PutRecordBatch"], Resource }]);
  });

  it("is the task's log group", async () => {
    const { made, web, proxy, rights: task } = await routed({ firelens: "cloudwatch", options: { "exclude-pattern": "^debug" } });
    const { log_group_name, ...options } = web.options;
    assert.match(log_group_name!, /^web-[0-9a-f]{7}$/);
    assert.deepEqual(options, {
      Name: "cloudwatch_logs",
      region: "eu-west-3",
      log_stream_prefix: "web/",
      log_key: "log",
      "exclude-pattern": "^debug",
    });
    assert.equal(proxy.options.log_stream_prefix, "proxy/");
    const [{ Action, Resource } = {}] = task as { Action?: string[]; Resource?: string[] }[];
    assert.deepEqual(Action, ["logs:CreateLogStream", "logs:PutLogEvents"]);
    assert.match(Resource![0]!, /^arn:aws:logs:eu-west-3:123456789012:log-group:web-[0-9a-f]{7}:\*$/);
    assert.equal(made.all("LogGroup").filter(({ name }) => name === "web").length, 1);
  });

  it("is whatever a plugin of Fluent Bit knows", async () => {
    const { web, rights: task } = await routed(SPLUNK);
    assert.deepEqual(web, {
      logDriver: "awsfirelens",
      options: { Host: "splunk.example.com", Name: "splunk" },
      secretOptions: [{ name: "splunk_token", valueFrom: KEY }],
    });
    assert.deepEqual(task, []);
  });

  it("gets another policy beside the old one where it changes", async () => {
    const name = async (args: LoggingArgs) => (await service(args)).names("RolePolicy").find((one) => one.startsWith("web-task"));
    const names = [await name(S3), await name(FIREHOSE), await name({ firelens: { to: "s3", bucket: "other-logs" } })];
    assert.equal(new Set(names).size, 3, names.join());
  });
});

describe("the arguments of FireLens", () => {
  const table: [given: object, ...complaints: string[]][] = [
    [DATADOG],
    [S3],
    [FIREHOSE],
    [SPLUNK],
    [{ firelens: "cloudwatch" }],
    [{ firelens: { memory: "32 MB" }, options: { Name: "null" } }],
    [{ firelens: "datadog" }, 'secretOptions: datadog needs a key; add secretOptions: { apikey: "arn:..." }.'],
    [
      { firelens: "datalog" },
      'firelens: "datalog" is not a valid value; allowed: cloudwatch, datadog, firehose, s3; did you mean "datadog"?',
    ],
    [{ firelens: "s3" }, "firelens.bucket: it is missing, and to: s3 needs it; add its name."],
    [{ firelens: "firehose" }, "firelens.deliveryStream: it is missing, and to: firehose needs it; add its name."],
    [
      { ...DATADOG, firelens: { to: "datadog", bucket: "team-logs" } },
      "firelens.bucket: it belongs to to: s3; leave it out, or send the output there.",
    ],
    [{ firelens: { to: "s3", bucket: "Team" } }, 'firelens.bucket: "Team" is not the name of a bucket; write one like "team-logs".'],
    [
      { firelens: { image: "fluent/fluent-bit:latest" }, options: { Name: "null" } },
      'firelens.image: "fluent/fluent-bit:latest" is a moving tag; give a digest (…@sha256:…) or a tag that is never pushed twice.',
    ],
    [
      { driver: "firelens" },
      'options: FireLens needs a destination; add firelens: { to: datadog }, or options: { Name: "..." } with a plugin of Fluent Bit.',
    ],
    [{ ...S3, options: { Name: "null" } }, "options: firelens.to says where the output goes (s3); leave out Name, or to."],
    [{ ...S3, driver: "awslogs" }, "firelens: driver is awslogs, which needs no router; leave out one of them."],
    [
      { ...S3, mode: "blocking" },
      "driver: mode and maxBufferSize are not firelens's; leave them out, or set options: { log-driver-buffer-limit: LINES }.",
    ],
    [{ ...S3, multilinePattern: "^x" }, "multilinePattern: firelens takes each line for itself; leave it out, or use driver: awslogs."],
  ];
  for (const [given, ...complaints] of table)
    it(`${JSON.stringify(given)} ${complaints.length > 0 ? "is refused" : "is taken"}`, () => {
      assert.deepEqual(complaintsOf(logging, given), complaints);
    });

  it("leave something of the task's memory", async () => {
    assert.equal(
      await refusal(() => make({ firelens: { to: "s3", bucket: "team-logs", memory: 512 } })),
      'FargateService "web": logging.firelens.memory: 512 MB for the router leaves nothing of the task\'s 512 MB; make it smaller, or give the task more memory.',
    );
  });
});
