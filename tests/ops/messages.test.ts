// Every message of the day-two commands, as a text to read in a review.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { FollowResult } from "../../ops/follow/follow";
import { outcomeOf, renderOutcome } from "../../ops/follow/outcome";
import { adviceLines, explain } from "../../tool/errors";
import { paintFor } from "../../tool/paint";
import { assertSnapshot } from "../helpers/snapshot";
import {
  at,
  CLUSTER_ARN,
  container,
  crashed,
  deployment,
  evidence,
  revision,
  rollout,
  service,
  serviceDeployment,
  task,
  taskDefinition,
} from "./answers";
import { behindBalancer, type Step, withAddress } from "./scene";
import { Failure, type Script } from "./scripted-aws";
import { FAST, PLACE, Stage, serving } from "./verbs/stage";

const paint = paintFor(false);
const commands = { wait: "npx berth wait …", rollback: "npx berth rollback …" };

/** An error as the AWS SDK throws it. */
const sdkError = (name: string, message: string, fields: object = {}) => Object.assign(new Error(message), { name, ...fields });

const ERRORS: [string, Error][] = [
  ["no credentials", sdkError("CredentialsProviderError", "Could not load credentials from any providers")],
  ["an expired SSO session", sdkError("TokenProviderError", "Token is expired")],
  ["no region", new Error("Region is missing")],
  ["a region that is none", new Error('Region not accepted: region="x y" is not a valid hostname component.')],
  ["expired credentials", sdkError("ExpiredTokenException", "The security token is expired", { $metadata: {} })],
  ["wrong credentials", sdkError("UnrecognizedClientException", "The security token is invalid", { $metadata: {} })],
  ["a missing permission", sdkError("AccessDeniedException", "not authorized to perform: ecs:ListTasks", { $metadata: {} })],
  ["an unknown cluster", sdkError("ClusterNotFoundException", "Cluster not found.", { $metadata: {} })],
  ["throttling", sdkError("ThrottlingException", "Rate exceeded", { $metadata: { attempts: 8 } })],
  ["throttling without a count", sdkError("TooManyRequestsException", "Rate exceeded", { $metadata: {} })],
  ["no connection", sdkError("Error", "connect ECONNREFUSED 127.0.0.1:9", { code: "ECONNREFUSED" })],
  ["no connection, without a message", sdkError("Error", "", { code: "ENOTFOUND" })],
  ["a timeout", sdkError("TimeoutError", "Connection timed out after 5000 ms")],
  ["an answer without an explanation", sdkError("Unknown", "UnknownError", { $metadata: { httpStatusCode: 502 } })],
  ["another answer", sdkError("ServerException", "Service unavailable", { $metadata: { httpStatusCode: 500 } })],
];

const RESULTS: [string, FollowResult, ("serving" | "rolledBack")?][] = [
  ["success", { rollout: rollout({ state: "serving", counts: { desired: 2, running: 2, pending: 0, failed: 0 } }), end: "settled" }],
  ["a rollback that was requested", { rollout: rollout(), end: "settled" }, "rolledBack"],
  ["a rollback", { rollout: rollout({ finishedAt: at(9) }), end: "settled", evidence: evidence({ failedTasks: [crashed("a", 7, 1)] }) }],
  ["a rollback without a trace", { rollout: rollout(), end: "settled", evidence: evidence() }],
  ["a rollback to the same revision", { rollout: rollout({ current: revision(7) }), end: "settled" }],
  ["a first deployment that failed", { rollout: rollout({ state: "rollbackFailed", current: revision(7) }), end: "settled" }],
  ["a rollback that failed", { rollout: rollout({ state: "rollbackFailed" }), end: "settled" }],
  ["a failure without a rollback", { rollout: rollout({ state: "failed" }), end: "settled" }],
  ["a stop", { rollout: rollout({ state: "stopped" }), end: "settled", evidence: evidence({ rollout: rollout({ state: "stopped" }) }) }],
  ["another revision", { rollout: rollout({ state: "superseded", current: revision(8) }), end: "settled", evidence: evidence() }],
  ["no deployment", { rollout: rollout({ state: "unseen" }), end: "settled", evidence: evidence() }],
  ["an interruption", { rollout: rollout({ state: "inProgress" }), end: "interrupted" }],
  ["the deadline", { rollout: rollout({ state: "inProgress" }), end: "deadline", evidence: evidence({ gaveUpAfter: 20 }) }],
  ["the deadline in a rollback", { rollout: rollout({ state: "rollingBack" }), end: "deadline" }],
  [
    "a rollout that cannot succeed",
    { rollout: rollout({ state: "inProgress" }), end: "lost", evidence: evidence({ failedTasks: [crashed("a", 7, 1)] }) },
  ],
  [
    "a cause that cannot be read",
    { rollout: rollout(), end: "settled", evidence: evidence({ unread: ["ecs:ListTasks", "logs:GetLogEvents"] }) },
  ],
];

interface Run {
  name: string;
  args: string[];
  steps?: Step[];
  script?: Script;
  /** A project whose stack has these outputs; the text itself, where it is none. */
  outputs?: object | string;
  programs?: Record<string, string>;
  /** A credentials file. */
  credentials?: string;
}

const busy = (reason: string): Run => ({
  name: `berth run, refused with ${reason}`,
  args: ["run", ...PLACE],
  script: { RunTask: { tasks: [], failures: [{ arn: "x", reason, detail: reason.length % 2 ? "detail" : undefined }] } },
});
const withoutLog = taskDefinition(7);
withoutLog.containerDefinitions![0]!.logConfiguration = undefined;
const PLUGIN = { "session-manager-plugin": "echo 1.2.707.0" };
const enabled = service([deployment(7)], { enableExecuteCommand: true });
const exec = (name: string, step: Step, programs: Record<string, string> = PLUGIN): Run => ({
  name: `berth exec without ${name}`,
  args: ["exec", ...PLACE],
  steps: [step],
  programs,
});
const idle = (fields: object) => task("aaaa", 7, { enableExecuteCommand: true, containers: [container(fields)] });
const project = (name: string, outputs: object | string): Run => ({ name: `berth status: ${name}`, args: ["status"], outputs });
const provider = (fields: object) => ({ DescribeCapacityProviders: { capacityProviders: [{ name: "managed", ...fields }] } });
const CAPACITY = ["--cluster", CLUSTER_ARN, "--capacity-provider", "managed", ...FAST];

const full: Step = {
  service: {
    ...serving.service!,
    ...behindBalancer,
    pendingCount: 1,
    capacityProviderStrategy: [{ capacityProvider: "FARGATE" }, { capacityProvider: "FARGATE_SPOT", base: 1, weight: 2 }],
    deploymentConfiguration: { alarms: { alarmNames: ["web-5xx"], enable: true, rollback: true } },
    events: [{ id: "e", createdAt: at(7), message: "(service web) has reached a steady state." }],
  },
  serviceDeployments: [
    serviceDeployment(7, {
      status: "IN_PROGRESS",
      statusReason: "moving",
      lifecycleStage: "BAKE_TIME",
      deploymentConfiguration: { strategy: "LINEAR" },
    }),
  ],
  running: [
    withAddress(
      task("aaaa", 7, {
        healthStatus: "HEALTHY",
        capacityProviderName: "FARGATE",
        availabilityZone: "a",
        startedAt: undefined,
        containers: [container(), container({ imageDigest: "sha256:0123456789abcdef" })],
      }),
      "10.0.1.7",
    ),
    task("bbbb", 6, { lastStatus: "PENDING", launchType: "EC2", startedAt: undefined, containers: undefined }),
    task("cccc", 6, { lastStatus: undefined, startedAt: undefined }),
  ],
  stopped: ["1", "2", "3", "4", "5", "6"].map((id) => ({ ...crashed(`${id}000`, 7, 1), stoppedAt: undefined })),
  targets: [
    { Target: { Id: "10.0.1.7", Port: 8000 }, TargetHealth: { State: "healthy" } },
    { Target: { Id: "10.0.1.8", Port: 8000 }, TargetHealth: { State: "unhealthy", Reason: "Target.Timeout" } },
    { Target: { Id: "10.0.1.9", Port: 8000 } },
  ],
};
const scaling: Script = {
  DescribeScalableTargets: { ScalableTargets: [{ MinCapacity: 1, MaxCapacity: 4 }] },
  DescribeScalingPolicies: {
    ScalingPolicies: [
      { PolicyName: "by-step" },
      {
        PolicyName: "own",
        TargetTrackingScalingPolicyConfiguration: { TargetValue: 5, CustomizedMetricSpecification: { MetricName: "QueueLength" } },
      },
      { PolicyName: "odd", TargetTrackingScalingPolicyConfiguration: { TargetValue: 7 } },
    ],
  },
  DescribeAlarms: { MetricAlarms: [{ AlarmName: "web-5xx", StateValue: "ALARM" }, {}] },
};

const SEVERAL = { cluster: "apps", services: { api: { service: "web", url: "https://api.example.com" }, mails: { service: "web" } } };

const RUNS: Run[] = [
  { name: "berth status of a service in a rollout", args: ["status", ...PLACE], steps: [full], script: scaling },
  { name: "the same as JSON", args: ["status", ...PLACE, "--json"], steps: [full], script: scaling },
  {
    name: "berth status of a bare service",
    args: ["status", ...PLACE],
    steps: [
      { service: service([deployment(7, { rolloutState: "FAILED", rolloutStateReason: "tasks failed to start" })], { launchType: "EC2" }) },
    ],
    script: { DescribeScalableTargets: {} },
  },
  {
    name: "berth status of a service whose deployment gives no reason",
    args: ["status", ...PLACE],
    steps: [{ service: service([deployment(7, { rolloutState: "IN_PROGRESS", rolloutStateReason: undefined })]) }],
    script: { DescribeScalableTargets: {} },
  },
  { name: "berth status without a service", args: ["status", ...PLACE], steps: [{}] },
  { name: "berth status outside of a project", args: ["status"] },
  { name: "berth status with a cluster and no service", args: ["status", "--cluster", "apps"] },
  { name: "berth status with a service and no cluster", args: ["status", "--service", "web"] },
  {
    name: "berth status with another region than the cluster's",
    args: ["status", "--cluster", CLUSTER_ARN, "--service", "web", "--region", "eu-west-1"],
  },
  { name: "berth status: no Pulumi CLI", args: ["status"], outputs: "" },
  project("a stack without a service", { cluster: "apps" }),
  project("a stack without outputs", {}),
  project("outputs that are no JSON", "hello"),
  { name: "berth open without a URL", args: ["open"], outputs: {} },
  { name: "berth review up without a number", args: ["review", "up"], outputs: {} },
  { name: "berth review list where the stack file says nothing of it", args: ["review", "list"], outputs: {} },
  { name: "berth secrets set without a name", args: ["secrets", "set"], outputs: {} },
  { name: "berth secrets list without any", args: ["secrets", "list"], outputs: {} },
  { name: "berth completion for another shell", args: ["completion", "tcsh"] },
  { name: "berth run with an unknown task", args: ["run", "--task", "import"], outputs: { cluster: "apps" } },
  {
    name: "berth run with an unknown task, where there are others",
    args: ["run", "--task", "import"],
    outputs: { cluster: "apps", oneOffTasks: { a: {}, b: {} } },
  },
  { name: "berth run with an unknown container", args: ["run", ...PLACE, "--container", "db"] },
  { name: "berth run of a revision that is gone", args: ["run", ...PLACE, "--task-definition", revision(99)] },
  {
    name: "berth run of a container without a log",
    args: ["run", ...PLACE, ...FAST],
    script: {
      DescribeTaskDefinition: { taskDefinition: withoutLog },
      RunTask: { tasks: [task("aaaa", 7)] },
      DescribeTasks: { tasks: [crashed("aaaa", 7, 3)] },
    },
  },
  {
    name: "berth run that takes too long",
    args: ["run", ...PLACE, ...FAST, "--timeout", "0.00001"],
    script: {
      RunTask: { tasks: [task("aaaa", 7)] },
      DescribeTasks: [...Array.from({ length: 2 }, () => ({ tasks: [task("aaaa", 7)] })), { tasks: [crashed("aaaa", 7, 143)] }],
      GetLogEvents: { events: [] },
      StopTask: {},
    },
  },
  {
    name: "berth run without the permission to read the log",
    args: ["run", ...PLACE, ...FAST],
    script: {
      RunTask: { tasks: [task("aaaa", 7)] },
      DescribeTasks: { tasks: [crashed("aaaa", 7, 0)] },
      GetLogEvents: new Failure("AccessDeniedException", "x is not authorized to perform: logs:GetLogEvents on resource: y"),
    },
  },
  ...[
    "RESOURCE:MEMORY",
    "RESOURCE:CPU",
    "RESOURCE:ENI",
    "AGENT",
    "ATTRIBUTE",
    "Capacity is unavailable at this time",
    "No Container Instances were found in your cluster.",
  ].map(busy),
  { ...busy("x"), name: "berth run, refused without a reason", script: { RunTask: {} } },
  exec("the plugin", { service: enabled }, {}),
  exec("a new plugin", { service: enabled }, { "session-manager-plugin": "echo 1.2.30.0" }),
  exec("a task", { service: enabled }),
  exec("the setting", { service: service([deployment(7)]), running: [task("aaaa", 7)] }),
  exec("a new task", { service: enabled, running: [task("aaaa", 7)] }),
  exec("an agent", { service: enabled, running: [idle({})] }),
  { name: "berth exec with an unknown task", args: ["exec", ...PLACE, "--task", "ffff"], programs: PLUGIN },
  { name: "berth exec with an unknown container", args: ["exec", ...PLACE, "--container", "db"], programs: PLUGIN },
  { name: "berth logs with an unknown container", args: ["logs", ...PLACE, "--container", "db"] },
  { name: "berth logs with an unknown task", args: ["logs", ...PLACE, "--task", "ffff"] },
  { name: "berth logs without a stopped task", args: ["logs", ...PLACE, "--previous"] },
  {
    name: "berth logs of a container without a log",
    args: ["logs", ...PLACE, "--container", "app"],
    script: { DescribeTaskDefinition: { taskDefinition: withoutLog } },
  },
  { name: "berth logs without a line", args: ["logs", ...PLACE], script: { FilterLogEvents: {} } },
  { name: "berth wait for a revision that does not exist", args: ["wait", ...PLACE, "--task-definition", "web:99"] },
  { name: "berth rollback to the current revision", args: ["rollback", ...PLACE, "--to", "7"] },
  {
    name: "berth rollback to an inactive revision",
    args: ["rollback", ...PLACE, "--to", "6"],
    script: { DescribeTaskDefinition: { taskDefinition: taskDefinition(6, { status: "INACTIVE" }) } },
  },
  { name: "berth rollback to a revision that is gone", args: ["rollback", ...PLACE, "--to", revision(99)] },
  {
    name: "berth rollback with nothing to go back to",
    args: ["rollback", ...PLACE],
    steps: [{ service: service([deployment(7)]) }],
    script: { ListTaskDefinitions: {} },
  },
  {
    name: "berth deregister of another account's family",
    args: ["deregister", "--family", "web", "--cluster", CLUSTER_ARN.replace("1111", "9999")],
    script: { ListTaskDefinitions: { taskDefinitionArns: [revision(7)] } },
  },
  {
    name: "berth attach-capacity-provider, too late",
    args: ["attach-capacity-provider", ...CAPACITY, "--timeout", "0.000001"],
    script: provider({ status: "PROVISIONING" }),
  },
  {
    name: "berth attach-capacity-provider that failed",
    args: ["attach-capacity-provider", ...CAPACITY],
    script: provider({ status: "PROVISIONING", updateStatus: "CREATE_FAILED" }),
  },
  {
    name: "berth detach-capacity-provider, too late",
    args: ["detach-capacity-provider", ...CAPACITY, "--timeout", "0.000001"],
    script: {
      ListServices: {},
      ListTasks: { taskArns: ["a"] },
      DescribeTasks: { tasks: [task("aaaa", 7, { capacityProviderName: "managed", group: undefined })] },
    },
  },
  {
    name: "credentials of another account",
    args: ["wait", "--cluster", CLUSTER_ARN, "--service", "web", "--profile", "other"],
    script: {
      DescribeServices: new Failure("ClusterNotFoundException", "no"),
      GetCallerIdentity: { Account: "999988887777", Arn: "a", UserId: "u" },
    },
    credentials: "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = s\n",
  },
  { name: "berth wait in a stack with several services", args: ["wait"], outputs: SEVERAL },
  { name: "berth wait of a service that the stack has not", args: ["wait", "--service", "apii"], outputs: SEVERAL },
  {
    name: "berth wait of a service by name in a stack with one",
    args: ["wait", "--service", "web"],
    outputs: { cluster: "apps", service: "web" },
  },
  { name: "berth open of a worker", args: ["open", "--service", "mails"], outputs: SEVERAL },
  { name: "berth status of several services", args: ["status"], outputs: SEVERAL, script: { DescribeScalableTargets: {} } },
  { name: "berth why of a service where nothing failed", args: ["why", ...PLACE], script: { DescribeScalingActivities: {} } },
  { name: "berth why in a stack with several services", args: ["why"], outputs: SEVERAL },
  { name: "berth why with a time that is none", args: ["why", ...PLACE, "--since", "yesterday"] },
  { name: "berth logs --previous of several services", args: ["logs", "--previous"], outputs: SEVERAL },
  {
    name: "berth doctor on an empty machine",
    args: ["doctor"],
    script: { GetCallerIdentity: new Failure("ExpiredToken", "The security token is expired", 403) },
  },
  {
    name: "berth doctor on a machine with old tools and an account that is full",
    args: ["doctor"],
    programs: { docker: 'if [ "$1" = buildx ]; then echo "Platforms: linux/arm64"; else exit 1; fi', pulumi: "echo v3.1.0" },
    script: {
      GetCallerIdentity: { Account: "111122223333", Arn: "arn", UserId: "u" },
      ListClusters: { clusterArns: [] },
      GetServiceQuota: { Quota: { Value: 2, UsageMetric: { MetricNamespace: "n", MetricName: "m" } } },
      GetMetricStatistics: { Datapoints: [{ Maximum: 1 }, { Maximum: 2 }] },
    },
  },
];

describe("the messages of the day-two commands", () => {
  const stage = Stage.use();

  it("are what they were", async () => {
    const parts: string[] = [];
    const add = (name: string, lines: string[]) => parts.push([`# ${name}`, ...lines, ""].join("\n"));
    for (const [name, error] of ERRORS) {
      const { message, advice } = explain(error)!;
      add(`an error: ${name}`, [message, ...adviceLines(advice, paint)]);
    }
    for (const [name, result, goal] of RESULTS) {
      const outcome = outcomeOf(result, commands, goal);
      add(`an outcome: ${name} (${outcome.status}, ${outcome.state})`, renderOutcome(outcome, paint));
    }
    for (const { name, args, steps, script, outputs, programs = {}, credentials } of RUNS) {
      for (const [program, text] of Object.entries(programs)) stage.programs.add(program, text);
      if (outputs !== undefined) stage.programs.file("Pulumi.yaml", "name: web\n");
      if (outputs !== undefined && outputs !== "")
        stage.programs.add("pulumi", `echo '${typeof outputs === "string" ? outputs : JSON.stringify(outputs)}'`);
      if (credentials !== undefined) stage.programs.file("credentials", credentials);
      const files = credentials !== undefined && { AWS_SHARED_CREDENTIALS_FILE: join(stage.programs.directory, "credentials") };
      const options = { env: { ...stage.programs.env, ...files }, ...(outputs !== undefined && { cwd: stage.programs.directory }) };
      const { status, out, err } = await stage.run(args, steps, script, options);
      add(`${name} (${status})`, `${out}${err}`.trimEnd().replaceAll(process.versions.node, "VERSION").replace(/ +$/gm, "").split("\n"));
      stage.programs.clear();
    }
    assertSnapshot(join(__dirname, "messages.txt"), parts.join("\n"), "a message");
  });

  it("are none for what is a defect", () => {
    assert.equal(explain(new TypeError("x is not a function")), undefined);
    assert.equal(explain("text"), undefined);
    assert.equal(explain(sdkError("Error", "Region is missing here too", { code: "x" }))?.message.startsWith("No usable AWS region"), true);
  });
});
