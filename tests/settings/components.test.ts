// What a stack file refuses, the components refuse too, and the reverse; in the same words, each with its own name of the place.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Cluster, Ec2Service, FargateService, LoadBalancer, ManagedInstancesService, Network, ScheduledTask } from "../../components";
import { showPath } from "../../components/base/origin";
import { type Arguments, type Described, type Group, group, omit, parse, plain } from "../../components/base/schema";
import { AppImage, appImage, imageRules } from "../../components/image/image";
import { loadBalancer, loadBalancerRules } from "../../components/load-balancer/load-balancer";
import { network, networkRules } from "../../components/network/network";
import { fargateRules, fargateService } from "../../components/service/arguments";
import { comesAgain, oneOffRules, scheduledTask } from "../../components/task/arguments";
import { OF_A_PROGRAM, OF_THE_STACK } from "../../settings/service";
import { stack } from "../../settings/stack";
import { deploy, refusal } from "../helpers/deploy";
import { anyArguments } from "../helpers/facts";
import { plainNetwork } from "../helpers/network";
import { type Config, complaintsAbout } from "../helpers/settings";
import { recordStack } from "../helpers/stacks";
import { bigCluster, IMAGE } from "../helpers/variants";

type Given = Record<string, unknown>;

/** Makes something of each kind, with arguments that the types may not allow. */
const MAKE: Record<string, (args: Given) => unknown> = {
  service: (args) => new FargateService("x", { cluster: bigCluster(), image: IMAGE, ...args }),
  ec2: (args) => new Cluster("x", { network: plainNetwork(), ec2: { it: { instanceTypes: ["m5.large"], ...args } } }),
  daemon: (args) => new Ec2Service("x", { cluster: bigCluster(), image: IMAGE, ...args }),
  managedInstances: (args) => new Cluster("x", { network: plainNetwork(), managedInstances: args }),
  managedService: (args) => new ManagedInstancesService("x", { cluster: bigCluster(), image: IMAGE, ...args }),
  loadBalancer: (args) => new LoadBalancer("x", { network: plainNetwork(), ...args }),
  network: (args) => new Network("x", args),
  existing: (args) => Network.existing("x", args),
  image: (args) => new AppImage("x", args),
  task: (args) => new ScheduledTask("x", { cluster: bigCluster(), image: IMAGE, schedule: "rate(1 day)", ...args }),
};
const WHOSE: Record<string, string> = {
  service: 'FargateService "x": ',
  daemon: 'Ec2Service "x": ',
  ec2: 'Cluster "x": ec2.it.',
  managedInstances: 'Cluster "x": managedInstances.',
  loadBalancer: 'LoadBalancer "x": ',
  network: 'Network "x": ',
  existing: 'ExistingNetwork "x": ',
  image: 'AppImage "x": ',
  task: 'ScheduledTask "x": ',
};
const CONFIG: Record<string, { prefix: string; config: (args: Given) => Config }> = {
  service: { prefix: "service.", config: (service) => ({ service }) },
  daemon: { prefix: "service.", config: (service) => ({ compute: "ec2", network: { nat: "single" }, service }) },
  ec2: { prefix: "ec2.", config: (ec2) => ({ ec2 }) },
  managedInstances: { prefix: "managedInstances.", config: (managedInstances) => ({ managedInstances }) },
  loadBalancer: { prefix: "loadBalancer.", config: (args) => ({ loadBalancer: args }) },
  network: { prefix: "network.", config: (args) => ({ network: args }) },
  existing: { prefix: "network.existing.", config: (existing) => ({ network: { existing } }) },
  image: { prefix: "image.", config: (image) => ({ image }) },
  task: { prefix: "tasks.x.", config: (x) => ({ tasks: { x: { schedule: "rate(1 day)", ...x } } }) },
};

const ARN = "arn:aws:ssm:eu-west-3:123456789012:parameter/x";
const bg = (more: object) => ({ rollout: { strategy: "blueGreen", ...more } });

/** By kind: arguments that are wrong, and the sentence about them. */
const WRONG: [kind: keyof typeof MAKE, args: Given, sentence: string][] = [
  // Thirteen arguments that the components once took.
  ["service", { healthCheck: { interval: 3 } }, "healthCheck.interval: 3 is out of range; allowed: 5 to 300 seconds; the nearest is 5."],
  [
    "service",
    { healthCheck: { healthyThreshold: 50 } },
    "healthCheck.healthyThreshold: 50 is out of range; allowed: 2 to 10; the nearest is 10.",
  ],
  ["service", { healthCheck: { matcher: "abc" } }, 'healthCheck.matcher: "abc" is not a list of status codes; write one like "200-299".'],
  ["service", { healthCheck: { path: "health" } }, 'healthCheck.path: "health" is not a path; write one like "/health".'],
  ["service", { deregistrationDelay: 9999 }, "deregistrationDelay: 9999 is out of range; allowed: 0 to 3600 seconds; the nearest is 3600."],
  [
    "service",
    { logRetentionInDays: 10 },
    "logRetentionInDays: 10 is not a valid value; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 days; the nearest is 7.",
  ],
  [
    "service",
    { dropCapabilities: ["all"] },
    'dropCapabilities[0]: "all" is not a valid value; allowed: ALL, AUDIT_CONTROL, AUDIT_WRITE and 35 others; did you mean "ALL"?',
  ],
  [
    "service",
    { containerHealthCheck: { command: ["curl", "-f"] } },
    'containerHealthCheck.command: "curl" is not how ECS runs a check; allowed: CMD, CMD-SHELL.',
  ],
  ["service", { user: "a b" }, 'user: "a b" is not a user; write one like "1000:1000".'],
  [
    "service",
    { scaling: { scaleOutCooldown: -5 } },
    "scaling.scaleOutCooldown: -5 is out of range; allowed: 0 to 3600 seconds; the nearest is 0.",
  ],
  [
    "service",
    { scaling: { requests: 0 } },
    "scaling.requests: 0 is out of range; allowed: 1 to 1000000 requests per task and minute; the nearest is 1.",
  ],
  ["loadBalancer", { idleTimeout: 9000 }, "idleTimeout: 9000 is out of range; allowed: 1 to 4000 seconds; the nearest is 4000."],
  ["loadBalancer", { accessLogs: 5 }, "accessLogs: 5 is out of range; allowed: 30 to 400 days, or false; the nearest is 30."],
  [
    "loadBalancer",
    { allowedCidrBlocks: ["10.0.0.5/8"] },
    'allowedCidrBlocks[0]: 10.0.0.5/8 does not start at a /8 boundary; the nearest is "10.0.0.0/8".',
  ],

  // What does not go together.
  ["service", { healthCheck: { timeout: 10 } }, "healthCheck.timeout: 10 is not less than interval (10); the nearest is 9."],
  ["service", { scaling: { min: 5, max: 3 } }, "scaling.min: 5 is above max (3); the nearest is 3."],
  [
    "service",
    { scaling: { min: 0 } },
    "scaling.min: no task has no cpu, memory or requests to measure, so nothing would start one again; the nearest is 1, or scale by the messages of a queue alone, or set cpu: false and memory: false, and add a policy of your own to scaling.target.",
  ],
  [
    "service",
    { desiredCount: 1, scaling: {} },
    "desiredCount: desiredCount and scaling are both given; the number of tasks is either fixed or scaled: leave one out.",
  ],
  [
    "service",
    { exec: true },
    "exec: ECS Exec writes its agent into the container, which a read-only root file system forbids; set readonlyRootFilesystem: false as well, or leave exec off.",
  ],
  [
    "service",
    { writablePaths: ["/var/cache", "/var-cache"] },
    'writablePaths: "/var/cache" and "/var-cache" would be one volume, var-cache; write one of them otherwise.',
  ],
  [
    "service",
    { cpu: "1 vCPU" },
    'memory: 512 MB does not go with 1 vCPU on Fargate; allowed: 2 GB to 8 GB in steps of 1 GB; the nearest is "2 GB".',
  ],
  [
    "service",
    { cpu: 300 },
    'cpu: 0.29296875 vCPU is not a Fargate size; allowed: 0.25, 0.5, 1, 2, 4, 8, 16, 32 vCPU; the nearest is "0.25 vCPU".',
  ],
  [
    "service",
    { gpu: 1 },
    "gpu: Fargate has no GPUs; use compute: ec2 with instances that have one, such as g5.xlarge, or managed-instances with gpus, or leave gpu out.",
  ],
  ["service", { sleep: { stop: "7:00", start: "07:00" } }, "sleep.stop: it stops and starts at 7:00; choose two different times."],
  [
    "service",
    bg({ circuitBreaker: true }),
    "rollout.circuitBreaker: it works for rolling deployments only; with blueGreen the alarms bring the old revision back: set rollout.alarms, and leave circuitBreaker out.",
  ],
  [
    "service",
    bg({ canaryPercent: 5 }),
    "rollout.canaryPercent: it belongs to canary, and the strategy is blueGreen; leave it out, or choose another strategy.",
  ],
  [
    "service",
    { rollout: { strategy: "rolling", maximumPercent: 100 } },
    "rollout.maximumPercent: with 100 here and minimumHealthyPercent 100 no task may stop and none may start; raise the one (200) or lower the other (50).",
  ],
  [
    "daemon",
    { daemon: true, desiredCount: 2 },
    "daemon: a daemon runs one task on each instance; leave desiredCount, scaling and sleep out.",
  ],
  ["ec2", { min: 5, max: 3 }, "min: 5 is above max (3); the nearest is 3."],
  ["ec2", { max: 1 }, "min: 2 is above max (1); the nearest is 1."],
  [
    "ec2",
    { instanceTypes: ["t3.medium", "t4g.medium"] },
    "instanceTypes: t3.medium is x86_64, t4g.medium is arm64; one group has one AMI and so one architecture: leave out one of them.",
  ],
  [
    "ec2",
    { instanceTypes: ["g5g.xlarge"] },
    "amiFamily: AWS has no Amazon Linux 2023 with GPUs for arm64 (g5g.xlarge); set amiFamily: bottlerocket, or choose x86_64 types such as g5.xlarge.",
  ],
  ["managedInstances", { vcpus: { min: 4, max: 2 } }, "vcpus.min: 4 is above max (2); the nearest is 2."],
  [
    "loadBalancer",
    { requireHttps: true },
    'domain: HTTPS is required here (requireHttps), but neither domain nor certificateArn is given; set the host name to serve, such as "app.example.com".',
  ],
  [
    "network",
    { avoidCidrBlocks: ["10.0.0.0/8"] },
    "cidrBlock: 10.0.0.0/16 overlaps 10.0.0.0/8, which avoidCidrBlocks names; choose another range.",
  ],
  [
    "network",
    { endpointServices: ["sqs"] },
    "endpointServices: services are named, but endpoints is none; set endpoints: private, or leave endpointServices out.",
  ],
  ["existing", {}, "vpcId: it is missing; give vpcId and privateSubnetIds, or a stack that exports them."],
  ["existing", { stack: "o/p/s", vpcId: "vpc-0a1b2c3d4e5f67890" }, "stack: stack and vpcId are both given; the ids come from one of them."],
  [
    "image",
    { context: "./app", imageUri: "web:1" },
    "imageUri: context and imageUri are both given; an image is either built here or taken as it is.",
  ],
  [
    "image",
    { imageUri: "web:latest" },
    'imageUri: "web:latest" is a moving tag; give a digest (…@sha256:…) or a tag that is never pushed twice.',
  ],
  [
    "task",
    { schedule: "daily" },
    'schedule: "daily" is not a schedule; write one like "cron(0 3 * * ? *)", "rate(1 hour)" or "at(2030-01-31T12:00:00)".',
  ],
  ["task", { memory: "4 GB" }, 'memory: 4 GB does not go with 0.25 vCPU on Fargate; allowed: 512 MB, 1 GB or 2 GB; the nearest is "2 GB".'],
  [
    "task",
    { environment: { API_KEY: "hunter2" } },
    'environment.API_KEY: its name says it holds an API key, and a task definition shows its environment to everyone who may read it. Give it as secrets: { API_KEY: { value: ... } }, encrypted, or store it in Secrets Manager or as a SecureString parameter and give its name, secrets: { API_KEY: "prod/db" }; ECS then hands it to the container as the same variable.',
  ],
  [
    "task",
    { secrets: { "A-B": ARN } },
    'secrets: "A-B" is not a name for an environment variable; allowed: letters, digits and "_", no digit first.',
  ],
];

describe("a component and a stack file", () => {
  for (const [kind, args, sentence] of WRONG) {
    it(`say the same of ${kind} ${JSON.stringify(args)}`, async () => {
      assert.equal(await refusal(() => MAKE[kind]!(args)), `${WHOSE[kind]}${sentence}`);
      const { prefix, config } = CONFIG[kind]!;
      assert.deepEqual(await complaintsAbout(config(args)), [`${prefix}${sentence}`]);
    });
  }

  it("say all that is wrong at once", async () => {
    const args = { port: 0, cpu: "half", scaling: { min: 9, max: 3 }, colour: "red" };
    const said = [
      "port: 0 is out of range; allowed: 1 to 65535; the nearest is 1.",
      'cpu: "half" is not a CPU size; write "0.25 vCPU" or 256 (1024 units are one vCPU).',
      "scaling.min: 9 is above max (3); the nearest is 3.",
    ];
    const [headline, ...lines] = (await refusal(() => MAKE.service!(args))).split("\n  ");
    assert.equal(headline, 'FargateService "x": 4 arguments are wrong');
    assert.deepEqual(new Set(lines.slice(0, 3)), new Set(said));
    assert.match(lines[3]!, /^colour: there is no such key\. Known here: /);
    const complaints = await complaintsAbout({ service: args });
    assert.deepEqual(new Set(complaints.slice(0, 3)), new Set(said.map((line) => `service.${line}`)));
  });
});

describe("any arguments", () => {
  /** The component's schema, without what only a program can give, and where the stack file has the same arguments. */
  const PAIRS: [what: string, schema: Described, entries: Arguments, config: (args: Given) => Config, prefix: string][] = [
    [
      "a service",
      group(omit(fargateService, "cluster", "image"), ...(fargateRules as [])),
      // A volume of a stack file may name a file system of the stack.
      plain(fargateService, [...OF_THE_STACK, ...OF_A_PROGRAM, "sidecars", "ports", "volumes"]),
      (args) => ({ service: args }),
      "service.",
    ],
    [
      "a load balancer",
      group(omit(loadBalancer, "network"), ...loadBalancerRules),
      plain(loadBalancer, OF_THE_STACK),
      (args) => ({ loadBalancer: args }),
      "loadBalancer.",
    ],
    ["a network", group(network, ...networkRules), plain(network, OF_THE_STACK), (args) => ({ network: args }), "network."],
    ["an image", group(appImage, ...imageRules), plain(appImage, OF_THE_STACK), (args) => ({ image: args }), "image."],
    [
      "a task",
      group(omit(scheduledTask, "cluster", "image"), ...(oneOffRules as []), comesAgain as never),
      plain(scheduledTask, [...OF_THE_STACK, ...OF_A_PROGRAM, "sidecars", "volumes", "networkMode", "schedule", "compute"]),
      (args) => ({ tasks: { x: { schedule: "rate(1 day)", ...args } } }),
      "tasks.x.",
    ],
  ];
  for (const [what, schema, entries, config, prefix] of PAIRS) {
    it(`of ${what} are taken or refused by both, in the same words`, () => {
      let [taken, refused] = [0, 0];
      fc.assert(
        fc.property(anyArguments(entries), (args) => {
          const whole = what === "a task" ? { schedule: "rate(1 day)", ...args } : args;
          const lines = ({ complaints }: { complaints: { path: string[]; text: string }[] }) =>
            complaints.map(({ path, text }) => `${showPath(path)}: ${text}`).sort();
          const component = lines(parse(schema as Group<Arguments>, whole)).map((line) => `${prefix}${line}`);
          const file = lines(parse(stack, config(args)));
          // Whether a task runs on Fargate is the stack's to say, which is asked when all else is right.
          if (what === "a task") assert.ok(file.every((line) => component.includes(line)) && file.length > 0 === component.length > 0);
          else assert.deepEqual(file, component);
          if (component.length === 0) taken++;
          else refused++;
        }),
        { numRuns: 2000 },
      );
      assert.ok(taken > 100 && refused > 100, `${taken} taken, ${refused} refused`);
    });
  }
});

describe("what a component refuses later", () => {
  it("is told by the key of the stack file where the arguments come from one", async () => {
    const message = (name: string, config: string[]) =>
      recordStack(name, config).then(
        () => "nothing was refused",
        (error: Error) => error.message,
      );
    assert.match(
      await message("ec2", ["service.scaling.max=50"]),
      /^Pulumi\.ec2\.yaml: ec2\.max: 6 instances hold 12 tasks of web .* the nearest max is 26\.$/,
    );
    assert.match(
      await message("ec2", ["architecture=arm64", "ec2.instanceTypes[0]=t3.medium"]),
      /^Pulumi\.ec2\.yaml: architecture: the image of web is for arm64, /,
    );
    assert.match(
      await message("dev", ["service.name=Web"]),
      /^Pulumi\.dev\.yaml: service\.name: "Web" cannot name a Repository; allowed: small letters, /,
    );
    assert.match(
      await message("dev", ["image.context=./nowhere"]),
      /^Pulumi\.dev\.yaml: image\.context: there is no folder "\.\/nowhere"; /,
    );
    assert.match(
      await message("dev", ["service.name=a-name-of-nineteen1", "service.rollout=canary"]),
      /^Pulumi\.dev\.yaml: service\.name: "a-name-of-nineteen1" has 19 characters; /,
    );
  });

  it("is told by the component in a program, also where a component within it finds it", async () => {
    const secret = "hunter2";
    const message = await refusal(() =>
      MAKE.service!({ sidecars: { agent: { image: "agent:1", environment: { X: Promise.resolve(`redis://:${secret}@x`) } } } }),
    );
    assert.match(message, /^FargateService "x": sidecars\.agent\.environment\.X: its value has the form of a URL with a password, /);
    assert.doesNotMatch(message, /hunter2/);
  });

  it("leaves the arguments of a program as they are", async () => {
    const args = Object.freeze({ environment: Object.freeze({ A: "b" }), scaling: Object.freeze({ min: 3 }) });
    await deploy(() => MAKE.service!(args));
  });
});
