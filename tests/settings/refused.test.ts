import assert from "node:assert/strict";
import { type Config, complaintsAbout, settingsOf } from "../helpers/settings";

/** Makes `{ service: { healthCheck: { interval: 3 } } }` of "service.healthCheck.interval" and 3. */
const at = (path: string, value: unknown): Config =>
  path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Config;

const LOG_DAYS = "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";
const whole = (low: number, high: number, unit = "") => `allowed: ${low} to ${high}${unit}`;

/** One wrong value each: its key, what was given, and all that is said about it. */
const CASES: [path: string, given: unknown, complaint: string][] = [
  // The top.
  ["compute", "fargat", '"fargat" is not a valid value; allowed: fargate'],
  ["architecture", "arm", '"arm" is not a valid value; allowed: x86_64, arm64; did you mean "arm64"?'],
  ["architecture", "sparc", '"sparc" is not a valid value; allowed: x86_64, arm64.'],
  ["deletionProtection", "yes", '"yes" is neither true nor false.'],
  ["service", "big", '"big" is not an object with keys.'],
  ["tags", [], "a list is not an object with keys."],
  ["network", [], "a list is not an object with keys."],
  ["servce", {}, "there is no such key; did you mean"],
  ["tags.aws:x", "y", 'the tag "aws:x" begins with "aws:", which AWS keeps for itself.'],
  ["tags.team", { a: 1 }, "an object is not a string, a number or a boolean."],
  ["tags.team", "x".repeat(257), "the value has 257 characters; allowed: 256."],

  // The network.
  [
    "network.cidrBlock",
    "10.0.0.0/24",
    '10.0.0.0/24 is too small: a load balancer and tasks in up to 4 zones need /16 to /23; the nearest is "10.0.0.0/23".',
  ],
  ["network.cidrBlock", "10.0.0.0/8", '10.0.0.0/8 is too large for a VPC; allowed: /16 to /23; the nearest is "10.0.0.0/16".'],
  ["network.cidrBlock", "office", '"office" is not an IPv4 range; write one like "10.0.0.0/16".'],
  ["network.zones", 1, `1 is out of range; ${whole(2, 3)}; the nearest is 2.`],
  ["network.zones", 7, `7 is out of range; ${whole(2, 3)}; the nearest is 3.`],
  ["network.zones", "two", `"two" is not a number; ${whole(2, 3)}.`],
  ["network.zones", 2.5, `2.5 is not a whole number; ${whole(2, 3)}; the nearest is 3.`],
  ["network.nat", "perzone", '"perzone" is not a valid value; allowed: none, single, perZone, regional, instance; did you mean "perZone"?'],
  ["network.nat", true, "true is not a valid value; allowed: none, single, perZone, regional, instance."],
  ["network.flowLogs", 10, `10 is not a valid value; allowed: ${LOG_DAYS} days, or false; the nearest is 7.`],
  ["network.flowLogs", true, `true is not a number; allowed: ${LOG_DAYS} days, or false.`],
  ["network.endpoints", "public", '"public" is not a valid value; allowed: none, private.'],
  [
    "network.endpointServices",
    ["sqs"],
    "services are named, but endpoints is none; set endpoints: private, or leave endpointServices out.",
  ],
  ["network.endpointServices", "sqs", '"sqs" is not a list; write it as [sqs].'],
  ["ec2.instanceTypes", "[t3.medium, t3a.medium]", '"[t3.medium, t3a.medium]" is not a list; write it as [t3.medium, t3a.medium].'],
  ["network.endpointServices", 7, "7 is not a list."],
  ["network.existing.vpcId", "net", '"net" is not the id of a VPC; write one like "vpc-0a1b2c3d4e5f67890".'],
  ["network.existing.stack", "network", '"network" is not the full name of a stack; write one like "organization/network/prod".'],

  // The image.
  ["image.keep", 3, `3 is out of range; ${whole(10, 1000, " images")}; the nearest is 10.`],
  ["image.buildArgs", { "A-B": "1" }, '"A-B" is not a name for an environment variable; allowed: letters, digits and "_", no digit first.'],
  [
    "image.buildArgs",
    { NPM_TOKEN: "hunter2" },
    "its name says it holds a token, and build arguments stay in the image's history. Pass it by secrets and read it with RUN --mount=type=secret,id=NPM_TOKEN.",
  ],
  ["kmsKeyArn", "my-key", '"my-key" is not an ARN of that kind; write one like "arn:aws:kms:eu-west-1:111122223333:key/…".'],

  // The cluster.
  ["cluster.containerInsights", "on", '"on" is not a valid value; allowed: enhanced, enabled, disabled.'],
  ["cluster.execLogRetentionInDays", 100, `100 is not a valid value; allowed: ${LOG_DAYS} days; the nearest is 90.`],

  // The load balancer.
  ["loadBalancer.domain", "localhost", '"localhost" is not a domain name; write one like "app.example.com".'],
  ["loadBalancer.domain", "https://app.example.com", '"https://app.example.com" is not a bare domain name; write "app.example.com".'],
  ["loadBalancer.domain", 7, '7 is not a string; write one like "app.example.com".'],
  ["loadBalancer.idleTimeout", 0, `0 is out of range; ${whole(1, 4000, " seconds")}; the nearest is 1.`],
  ["loadBalancer.accessLogs", 7, `7 is out of range; ${whole(30, 400, " days")}, or false; the nearest is 30.`],
  ["loadBalancer.allowedCidrBlocks", ["10.0.0.1/8"], '10.0.0.1/8 does not start at a /8 boundary; the nearest is "10.0.0.0/8".'],
  [
    "loadBalancer.sslPolicy",
    "ELBSecurityPolicy-TLS13-1-2-2021-07",
    '"ELBSecurityPolicy-TLS13-1-2-2021-07" is not a valid value; allowed: ELBSecurityPolicy-TLS13-1-3-PQ-2025-09, ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09, ELBSecurityPolicy-TLS13-1-2-PQ-2025-09 and 36 others; did you mean "ELBSecurityPolicy-TLS13-1-2-2021-06"?',
  ],

  // The service.
  [
    "service.name",
    "my-very-long-service-name-of-ours",
    '"my-very-long-service-name-of-ours" cannot be a name; allowed: 1 to 24 letters, digits and "-", a letter first; the nearest is "my-very-long-service-nam".',
  ],
  [
    "service.name",
    "9 lives",
    '"9 lives" cannot be a name; allowed: 1 to 24 letters, digits and "-", a letter first; the nearest is "lives".',
  ],
  ["service.port", 70_000, `70000 is out of range; ${whole(1, 65535)}; the nearest is 65535.`],
  ["service.port", 0, `0 is out of range; ${whole(1, 65535)}; the nearest is 1.`],
  ["service.cpu", "half", '"half" is not a CPU size; write "0.25 vCPU" or 256 (1024 units are one vCPU).'],
  ["service.memory", "lots", '"lots" is not a memory size; write "512 MB", "1 GB" or 512 (MiB).'],
  ["service.memory", "4 GB", '4 GB does not go with 0.25 vCPU on Fargate; allowed: 512 MB, 1 GB or 2 GB; the nearest is "2 GB".'],
  ["service.cpu", "3 vCPU", '3 vCPU is not a Fargate size; allowed: 0.25, 0.5, 1, 2, 4, 8, 16, 32 vCPU; the nearest is "2 vCPU".'],
  ["service.capacity", "cheap", '"cheap" is not a valid value; allowed: onDemand, mixed, spot.'],
  ["service.desiredCount", -1, `-1 is out of range; ${whole(0, 5000, " tasks")}; the nearest is 0.`],
  ["service.scaling.cpu", 0, `0 is out of range; ${whole(1, 100, " percent")}, or false; the nearest is 1.`],
  ["service.scaling.min", -1, `-1 is out of range; ${whole(0, 5000, " tasks")}; the nearest is 0.`],
  ["service.healthCheck.interval", 3, `3 is out of range; ${whole(5, 300, " seconds")}; the nearest is 5.`],
  ["service.healthCheck.path", "health", '"health" is not a path; write one like "/health".'],
  ["service.healthCheck.timeout", 10, "10 is not less than interval (10); the nearest is 9."],
  ["service.containerHealthCheck", true, "true is not an object with keys."],
  ["service.stopTimeout", 121, `121 is out of range; ${whole(2, 120, " seconds")}; the nearest is 120.`],
  ["service.deregistrationDelay", 4000, `4000 is out of range; ${whole(0, 3600, " seconds")}; the nearest is 3600.`],
  ["service.ephemeralStorage", 20, `20 is out of range; ${whole(21, 200, " GiB")}; the nearest is 21.`],
  ["service.logRetentionInDays", 0, `0 is not a valid value; allowed: ${LOG_DAYS} days; the nearest is 1.`],
  ["service.path", "api", '"api" is not a path pattern; write one like "/api/*".'],
  ["service.host", "*", '"*" is any host; leave it out.'],
  ["service.host", "localhost", '"localhost" does not end with a dot and letters, as in "*.example.com"; AWS takes no other host.'],
  ["service.healthCheck.matcher", "299-200", '"299-200" has a range that ends before it begins (299-200); write "200-299".'],
  ["service.healthCheck.matcher", "200,500", '500 is no status code of http; allowed: 200 to 499, such as "200-299".'],
  ["service.path", ["api"], '"api" is not a path pattern; write one like "/api/*".'],
  ["service.priority", 0, "0 is out of range; allowed: 1 to 50000; the nearest is 1."],
  ["service.host", "*.example.com/x", '"*.example.com/x" is not a host pattern; write one like "*.example.com".'],
  ["service.user", "root user", '"root user" is not a user; write one like "1000:1000".'],
  ["service.writablePaths", ["tmp"], '"tmp" is not an absolute path; write one like "/tmp".'],
  [
    "service.environment",
    { DB_PASSWORD: "hunter2" },
    'its name says it holds a password, and a task definition shows its environment to everyone who may read it. Give it as secrets: { DB_PASSWORD: { value: ... } }, encrypted, or store it in Secrets Manager or as a SecureString parameter and give its name, secrets: { DB_PASSWORD: "prod/db" }; ECS then hands it to the container as the same variable.',
  ],
  [
    "service.exec",
    true,
    "ECS Exec writes its agent into the container, which a read-only root file system forbids; set readonlyRootFilesystem: false as well, or leave exec off.",
  ],
];

it("a key of another region than the stack's is a wrong setting", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/1";
  assert.deepEqual(await complaintsAbout({ "aws:region": "eu-west-3", kmsKeyArn }), [
    `kmsKeyArn: ${kmsKeyArn} is in us-east-1; allowed: eu-west-3, where the stack is.`,
  ]);
  assert.deepEqual(
    await complaintsAbout({ "aws:region": "eu-west-3", kmsKeyArn, cluster: { ephemeralStorageKmsKeyArn: kmsKeyArn } }),
    ["kmsKeyArn", "cluster.ephemeralStorageKmsKeyArn"].map(
      (at) => `${at}: ${kmsKeyArn} is in us-east-1; allowed: eu-west-3, where the stack is.`,
    ),
  );
  const service = { queue: { kmsKeyArn } };
  assert.deepEqual(await complaintsAbout({ "aws:region": "eu-west-3", service, services: { jobs: service } }), [
    `service.queue.kmsKeyArn: ${kmsKeyArn} is in us-east-1; allowed: eu-west-3, where the stack is.`,
    `services.jobs.queue.kmsKeyArn: ${kmsKeyArn} is in us-east-1; allowed: eu-west-3, where the stack is.`,
  ]);
  // A queue that stands may be of another region, and its key is of that.
  const elsewhere = { queue: { arn: "arn:aws:sqs:us-east-1:111122223333:jobs", kmsKeyArn } };
  assert.doesNotThrow(() => settingsOf({ "aws:region": "eu-west-3", service: elsewhere }));
  assert.equal(settingsOf({ kmsKeyArn }).common.kmsKeyArn, kmsKeyArn);
  assert.equal(settingsOf({ "aws:region": "us-east-1", kmsKeyArn }).common.kmsKeyArn, kmsKeyArn);
});

describe("a wrong setting", () => {
  for (const [path, given, complaint] of CASES) {
    it(`${path}: ${String(JSON.stringify(given)).slice(0, 40)}`, async () => {
      const [line, ...others] = await complaintsAbout(at(path, given));
      assert.deepEqual(others, []);
      const whole = complaint.endsWith(".") ? line : line!.slice(0, line!.indexOf(": ") + 2 + complaint.length);
      const within = Array.isArray(given) && given.length > 0 && !/services are named/.test(complaint) ? "[0]" : "";
      const named = /its name says/.test(complaint) ? `.${Object.keys(given as object)[0]}` : "";
      assert.equal(whole, `${path}${within}${named}: ${complaint}`);
    });
  }

  it("service.secrets: no ARN, and the value is not shown", async () => {
    assert.deepEqual(await complaintsAbout({ service: { secrets: { DB: "hunter2" } } }), [
      "service.secrets.DB: this is neither the name nor the ARN of a secret; allowed: prod/db or prod/db:password (Secrets Manager), /prod/db/password (Parameter Store), an ARN of either, { secret: NAME } for a name without a slash, or { value: ... } for the value itself, encrypted.",
    ]);
  });

  const unknown: [config: Config, complaint: RegExp][] = [
    [{ servce: {} }, /^servce: there is no such key; did you mean "service"\? Known here: compute, architecture, /],
    [{ service: { portt: 1 } }, /^service\.portt: there is no such key; did you mean "port"\? Known here: name, host, path, /],
    [{ service: { healthCheck: { intervall: 1 } } }, /^service\.healthCheck\.intervall: there is no such key; did you mean "interval"\? /],
    [{ cluster: { insights: "enabled" } }, /^cluster\.insights: .*; did you mean "containerInsights"\? /],
    [{ banana: 1 }, /^banana: there is no such key\. Known here: compute, /],
    [{ loadBalancer: { xyzzy: 1 } }, /^loadBalancer\.xyzzy: there is no such key\. Known here: domain, /],
  ];
  for (const [config, complaint] of unknown) {
    it(`that nobody knows: ${JSON.stringify(config)}`, async () => {
      const lines = await complaintsAbout(config);
      assert.equal(lines.length, 1);
      assert.match(lines[0]!, complaint);
    });
  }

  it("that must be there: the command of a health check", async () => {
    assert.deepEqual(await complaintsAbout({ service: { containerHealthCheck: { interval: 10 } } }), [
      "service.containerHealthCheck.command: it is missing, and there is no default for it.",
    ]);
  });
});

describe("settings that do not go together", () => {
  const cases: [config: Config, complaint: string][] = [
    [{ service: { scaling: { min: 5, max: 3 } } }, "service.scaling.min: 5 is above max (3); the nearest is 3."],
    [
      { network: { cidrBlock: "10.1.0.0/16", avoidCidrBlocks: ["10.2.0.0/16", "10.1.128.0/20"] } },
      "network.cidrBlock: 10.1.0.0/16 overlaps 10.1.128.0/20, which avoidCidrBlocks names; choose another range.",
    ],
    [
      { network: { avoidCidrBlocks: ["10.0.0.0/8"] } },
      "network.cidrBlock: 10.0.0.0/16 overlaps 10.0.0.0/8, which avoidCidrBlocks names; choose another range.",
    ],
    [
      { network: { existing: { stack: "o/p/s" }, zones: 2, nat: "none" } },
      "network.existing: the network is there already, so zones, nat cannot be chosen here; leave out one or the other.",
    ],
    [
      { platform: "o/platform/prod", network: { nat: "single" }, cluster: { containerInsights: "disabled" }, ec2: { max: 3 } },
      "platform: network, cluster and load balancer are there already, so network.nat, cluster.containerInsights, ec2.max cannot be chosen here; leave out one or the other.",
    ],
    [
      { platform: "o/platform/prod", loadBalancer: { domain: "shop.example.com", idleTimeout: 5 } },
      "platform: network, cluster and load balancer are there already, so loadBalancer.idleTimeout cannot be chosen here; leave out one or the other.",
    ],
    [
      { cluster: { existing: { stack: "o/p/s" }, execLogRetentionInDays: 30 } },
      "cluster.existing: the cluster is there already, so execLogRetentionInDays cannot be chosen here; leave out one or the other.",
    ],
    [
      { cluster: { existing: { stack: "o/p/s" } }, managedInstances: { capacity: "spot" } },
      "cluster.existing: the cluster is there already, so managedInstances.capacity cannot be chosen here; leave out one or the other.",
    ],
    [
      { loadBalancer: { existing: { stack: "o/p/s" }, hostedZone: "example.com", internal: true } },
      "loadBalancer.existing: the load balancer is there already, so internal cannot be chosen here; leave out one or the other.",
    ],
    [{ loadBalancer: { existing: {} } }, "loadBalancer.existing.listenerArn: it is missing; give it, or a stack that exports it."],
    [{ encryption: "platform" }, "encryption: there is no platform whose key could be used; name its stack in platform, or choose own."],
    [
      { encryption: "platform", platform: "o/p/s", kmsKeyArn: "arn:aws:kms:eu-west-3:123456789012:key/k" },
      "kmsKeyArn: the platform's key is used (encryption: platform), and another is named here; leave out one of them.",
    ],
    [
      { image: { context: "./app", imageUri: "repo:1" } },
      "image.imageUri: context and imageUri are both given; an image is either built here or taken as it is.",
    ],
    [
      { service: { desiredCount: 1, scaling: { min: 1 } } },
      "service.desiredCount: desiredCount and scaling are both given; the number of tasks is either fixed or scaled: leave one out.",
    ],
    [
      { service: { desiredCount: 0, sleep: { stop: "20:00", start: "07:00" } } },
      "service.desiredCount: 0 leaves no task to sleep and to wake again; the nearest is 1, or leave sleep out.",
    ],
    [{ service: { healthCheck: { interval: 5 } } }, "service.healthCheck.timeout: 5 is not less than interval (5); the nearest is 4."],
    [
      { service: { cpu: 512, memory: 512 } },
      'service.memory: 512 MB does not go with 0.5 vCPU on Fargate; allowed: 1 GB to 4 GB in steps of 1 GB; the nearest is "1 GB".',
    ],
  ];
  for (const [config, complaint] of cases) {
    it(complaint.split(":")[0]!, async () => assert.deepEqual(await complaintsAbout(config), [complaint]));
  }
});

describe("many wrong settings", () => {
  it("are reported together, each once", async () => {
    const lines = await complaintsAbout({
      architecture: "mips",
      tags: { "aws:a": "b" },
      network: { zones: 1, cidrBlock: "10.0.0.0/28", nat: "two" },
      image: { keep: 1, bogus: true },
      cluster: { containerInsights: 1 },
      loadBalancer: { domain: "x", accessLogs: 1 },
      service: {
        port: 0,
        cpu: 256,
        memory: "9 GB",
        scaling: { min: 9, max: 3 },
        environment: { TOKEN: "hunter2" },
        secrets: { A: "x", B: "y" },
        healthCheck: { interval: 1 },
      },
    });
    assert.deepEqual(lines.map((line) => line.split(": ")[0]).sort(), [
      "architecture",
      "cluster.containerInsights",
      "image.bogus",
      "image.keep",
      "loadBalancer.accessLogs",
      "loadBalancer.domain",
      "network.cidrBlock",
      "network.nat",
      "network.zones",
      "service.environment.TOKEN",
      "service.healthCheck.interval",
      "service.memory",
      "service.port",
      "service.scaling.min",
      "service.secrets.A",
      "service.secrets.B",
      "tags.aws:a",
    ]);
    assert.doesNotMatch(lines.join(), /hunter2/);
  });

  it("that want HTTPS want a name for it, and say so with the others", async () => {
    const [domain, port] = await complaintsAbout({ loadBalancer: { requireHttps: true }, service: { port: 0 } });
    assert.match(
      domain!,
      /^loadBalancer\.domain: HTTPS is required here \(requireHttps\), but neither domain nor certificateArn is given;/,
    );
    assert.match(port!, /^service\.port: /);
  });

  it("that have a dot in their name are what `pulumi config set` makes without --path", async () => {
    assert.deepEqual(await complaintsAbout({ "network.nat": "single" }), [
      "network.nat: a key with a dot is one word to Pulumi; take it away (pulumi config rm network.nat) and set it with --path: pulumi config set --path network.nat VALUE.",
    ]);
    const [stranger] = await complaintsAbout({ "color.red": "1" });
    assert.match(stranger!, /^color\.red: there is no such key\. Known here: compute,/);
  });

  it("that are broken JSON are a matter of settings too", async () => {
    for (const value of ["[secret", "{", '{"a":}'])
      assert.deepEqual(await complaintsAbout({ service: value }), [`service: ${JSON.stringify(value)} is not an object with keys.`]);
  });
});
