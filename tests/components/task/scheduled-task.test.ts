// Tasks that run to their end: by hand, or on a schedule.

import assert from "node:assert/strict";
import type { OneOffTaskArgs, ScheduledTaskArgs } from "../../../components/task/arguments";
import { OneOffTask, type RunSettings } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import type { JsonObject } from "../../../facts/graph";
import { ACCOUNT, assertTrust, type Deployed, deploy, policyOf, REGION, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { rightsName } from "../../helpers/service";
import { bigCluster, IMAGE, outlivedBy } from "../../helpers/variants";

const TAGS = { Project: "shop", Stack: "test" };
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const COMPUTE = ["fargate", "ec2", "managed-instances"] as const;
const REQUIRES = { fargate: "FARGATE", ec2: "EC2", "managed-instances": "MANAGED_INSTANCES" };
const PROVIDER = { fargate: /^FARGATE$/, ec2: /^apps-blue-/, "managed-instances": /^apps-managed-/ };

type Given<A> = Partial<Omit<A, "cluster">>;
const oneOff = (args: Given<OneOffTaskArgs> = {}) => new OneOffTask("clean", { cluster: bigCluster(), image: IMAGE, ...args });
const scheduled = (args: Given<ScheduledTaskArgs> = {}, partition = "aws") =>
  new ScheduledTask("clean", { cluster: bigCluster(plainNetwork(partition)), image: IMAGE, schedule: "rate(1 hour)", ...args });

for (const compute of COMPUTE) {
  describe(`a task by hand on ${compute}`, () => {
    let made: Deployed;
    let settings: RunSettings;
    before(async () => {
      made = await deploy(() => {
        oneOff({ compute, command: ["node", "clean.js"], cpu: "1 vCPU", memory: "2 GB", logRetentionInDays: 14 }).runSettings.apply(
          (value) => {
            settings = value;
          },
        );
      });
    });

    it("has its own size, command, log group and roles, and nothing starts it", () => {
      const { requiresCompatibilities, networkMode, cpu, memory, family, skipDestroy } = made.inputs("TaskDefinition");
      assert.deepEqual(
        [requiresCompatibilities, networkMode, cpu, memory, family, skipDestroy],
        [[REQUIRES[compute]], "awsvpc", "1024", "2048", "shop-test-clean", true],
      );
      const [container] = JSON.parse(String(made.inputs("TaskDefinition").containerDefinitions)) as JsonObject[];
      assert.deepEqual(
        [container!.name, container!.command, container!.portMappings, container!.healthCheck],
        ["clean", ["node", "clean.js"], [], undefined],
      );
      assert.equal(made.inputs("LogGroup", "clean").retentionInDays, 14);
      for (const type of ["aws:ecs/service:Service", SCHEDULE, "TargetGroup"]) assert.deepEqual(made.names(type), []);
    });

    it("lets nothing in", () => {
      assert.deepEqual(made.names("SecurityGroupIngressRule"), []);
      const { securityGroupId: _, description: __, ...egress } = made.inputs("SecurityGroupEgressRule", "clean-out");
      assert.deepEqual(egress, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0", tags: TAGS });
      assert.deepEqual(made.one("SecurityGroup", "clean").options.customTimeouts, { delete: "20m" });
    });

    it("says how it is started", () => {
      const { taskDefinition, subnets, assignPublicIp, capacityProviderStrategy, securityGroups } = settings;
      assert.match(taskDefinition, /:task-definition\/shop-test-clean:1$/);
      assert.deepEqual([subnets, assignPublicIp, securityGroups.length], [["subnet-private-a", "subnet-private-b"], false, 1]);
      assert.match(securityGroups[0]!, /^sg-/);
      assert.equal(capacityProviderStrategy.length, 1);
      assert.match(capacityProviderStrategy[0]!.capacityProvider, PROVIDER[compute]);
    });
  });

  describe(`a scheduled task on ${compute}`, () => {
    let made: Deployed;
    before(async () => {
      made = await deploy(() => scheduled({ compute, schedule: "cron(0 3 ? * MON-FRI *)", timezone: "Europe/Berlin" }));
    });

    it("is this schedule to the letter", () => {
      const schedule = made.one(SCHEDULE, "clean");
      const { target, ...inputs } = schedule.inputs;
      assert.deepEqual(inputs, {
        scheduleExpression: "cron(0 3 ? * MON-FRI *)",
        scheduleExpressionTimezone: "Europe/Berlin",
        flexibleTimeWindow: { mode: "OFF" },
        state: "ENABLED",
      });
      const { arn, roleArn, deadLetterConfig, retryPolicy, ecsParameters, ...others } = target as Record<string, JsonObject>;
      assert.match(String(arn), /:cluster\/apps-/);
      assert.match(String(roleArn), /:role\/clean-schedule-/);
      assert.match(String(deadLetterConfig!.arn), /:clean-dead-letters-/);
      assert.deepEqual([retryPolicy, others], [{ maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 }, {}]);
      const { taskDefinitionArn, capacityProviderStrategies, networkConfiguration, placementStrategies, ...parameters } = ecsParameters!;
      assert.deepEqual(parameters, { taskCount: 1, enableEcsManagedTags: true, propagateTags: "TASK_DEFINITION" });
      assert.match(String(taskDefinitionArn), /:task-definition\/shop-test-clean:1$/);
      const [strategy, ...more] = capacityProviderStrategies as JsonObject[];
      assert.match(String(strategy!.capacityProvider), PROVIDER[compute]);
      assert.deepEqual([strategy!.base, strategy!.weight, more], [0, 1, []]);
      const { securityGroups, ...where } = networkConfiguration as Record<string, string[]>;
      assert.deepEqual([where, securityGroups!.length], [{ subnets: ["subnet-private-a", "subnet-private-b"], assignPublicIp: false }, 1]);
      assert.equal(
        (placementStrategies as JsonObject[] | undefined)?.[0]?.field,
        compute === "ec2" ? "attribute:ecs.availability-zone" : undefined,
      );
    });

    it("may start this family on this cluster with these two roles, and report what failed: nothing else", () => {
      const [run, tag, pass, report, ...others] = policyOf(made.one("RolePolicy", "clean-schedule")).Statement as Record<
        string,
        JsonObject
      >[];
      const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
      const cluster = String((made.inputs(SCHEDULE, "clean").target as JsonObject).arn);
      assert.deepEqual(run, {
        Sid: "RunTask",
        Effect: "Allow",
        Action: ["ecs:RunTask"],
        Resource: [arn("ecs", "task-definition/shop-test-clean:*")],
        Condition: { ArnEquals: { "ecs:cluster": cluster } },
      });
      assert.deepEqual(tag, {
        Sid: "TagTask",
        Effect: "Allow",
        Action: ["ecs:TagResource"],
        Resource: [arn("ecs", `task/${cluster.split("/").pop()}/*`)],
        Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
      });
      const { Resource: roles, ...passing } = pass as unknown as { Resource: string[] };
      assert.deepEqual(passing, {
        Sid: "PassRoles",
        Effect: "Allow",
        Action: ["iam:PassRole"],
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      });
      const { executionRoleArn, taskRoleArn } = made.inputs("TaskDefinition");
      assert.deepEqual(roles, [executionRoleArn, taskRoleArn]);
      assert.deepEqual([report!.Sid, report!.Action, others], ["DeadLetters", ["sqs:SendMessage"], []]);
      assert.match(String(report!.Resource), new RegExp(`^arn:aws:sqs:${REGION}:${ACCOUNT}:clean-dead-letters-[0-9a-f]{7}$`));
      assert.deepEqual(made.sourcesOf(made.one("RolePolicy", "clean-schedule"), "role"), ["Role clean-schedule"]);
    });

    it("lets only this account's schedules take its role", () => {
      assertTrust(made.one("aws:iam/role:Role", "clean-schedule"), "scheduler.amazonaws.com", "scheduler");
    });

    it("keeps what could not be started for two weeks, encrypted, by TLS only", () => {
      const { tags: _, ...queue } = made.inputs("Queue");
      assert.deepEqual(queue, { sqsManagedSseEnabled: true, messageRetentionSeconds: 14 * 86400 });
      const [statement, ...others] = policyOf(made.one("QueuePolicy")).Statement;
      const { Resource, ...deny } = statement!;
      assert.deepEqual(
        [deny, others],
        [
          {
            Sid: "OnlyWithTls",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          [],
        ],
      );
      assert.match(String(Resource), /:clean-dead-letters-[0-9a-f]{7}$/);
    });

    it("begins after all that a task needs, and goes first", () => {
      const outlived = outlivedBy(made, SCHEDULE, "clean");
      const needed = [
        "RolePolicy clean-schedule",
        `RolePolicy ${rightsName(made, "clean-execution")}`,
        "LogGroup clean",
        "SecurityGroupEgressRule clean-out",
        "ClusterCapacityProviders apps",
        "CapacityProvider apps-blue",
        "CapacityProvider apps-managed",
        "TaskDefinition clean",
        "Command clean-revisions",
        "Queue clean-dead-letters",
        "Cluster apps",
      ];
      for (const each of needed) assert.ok(outlived.has(each), each);
    });
  });
}

describe("a scheduled task as its arguments say", () => {
  it("is retried so often, so long, or not on at all", async () => {
    const made = await deploy(() => scheduled({ retries: 0, maximumDelay: 1440, enabled: false, schedule: "at(2099-01-31T12:00:00)" }));
    const { state, target, scheduleExpressionTimezone } = made.inputs(SCHEDULE, "clean");
    assert.deepEqual([state, scheduleExpressionTimezone], ["DISABLED", "UTC"]);
    assert.deepEqual((target as JsonObject).retryPolicy, { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 86400 });
  });

  it("is placed on instances as it is told", async () => {
    const placementConstraints = [{ type: "memberOf", expression: "attribute:ecs.instance-type == m5.large" }];
    const made = await deploy(() => scheduled({ compute: "ec2", placementConstraints, placementStrategies: [{ type: "random" }] }));
    const { ecsParameters } = made.inputs(SCHEDULE, "clean").target as Record<string, JsonObject>;
    assert.deepEqual(
      [ecsParameters!.placementConstraints, ecsParameters!.placementStrategies],
      [placementConstraints, [{ type: "random" }]],
    );
  });

  it("warns where it does not run again: the plan of a stack whose time is over still stands", async () => {
    const made = await deploy(() => scheduled({ schedule: "at(2020-01-01T00:00:00)" }));
    const warnings = made.recording.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /does not run again: at\(2020-01-01T00:00:00\) is in the past; choose a time to come, or take the task away\.$/,
    );
  });

  it("says in the plan when it runs next", async () => {
    const made = await deploy(() => scheduled({ schedule: "cron(0 3 1 1 ? 2098-2101)" }));
    const [told, ...others] = made.recording.messages.filter(({ text }) => text.includes("runs next"));
    assert.deepEqual([told!.severity, others], ["info", []]);
    assert.match(told!.text, /runs next at 2098-01-01 03:00, 2099-01-01 03:00, 2100-01-01 03:00, 2101-01-01 03:00 \(UTC\)$/);
  });

  it("is bought on Spot if that is said", async () => {
    const made = await deploy(() => scheduled({ capacity: "spot" }));
    const { ecsParameters } = made.inputs(SCHEDULE, "clean").target as Record<string, JsonObject>;
    assert.deepEqual(ecsParameters!.capacityProviderStrategies, [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }]);
  });

  it("names the ARNs of its partition", async () => {
    const made = await deploy(() => scheduled({}, "aws-cn"));
    const [, tag] = policyOf(made.one("RolePolicy", "clean-schedule")).Statement;
    assert.match(String(tag!.Resource), /^arn:aws-cn:ecs:/);
  });

  const refused: [what: string, args: Given<ScheduledTaskArgs>, message: string][] = [
    [
      "no schedule",
      { schedule: "daily" },
      'ScheduledTask "clean": schedule: "daily" is not a schedule; write one like "cron(0 3 * * ? *)", "rate(1 hour)" or "at(2030-01-31T12:00:00)".',
    ],
    [
      "no time zone",
      { timezone: "Mars/Base" },
      'ScheduledTask "clean": timezone: "Mars/Base" is not a time zone; write one like "Europe/Berlin".',
    ],
    ["too many retries", { retries: 186 }, 'ScheduledTask "clean": retries: 186 is out of range; allowed: 0 to 185; the nearest is 185.'],
    ["half a retry", { retries: 0.5 }, 'ScheduledTask "clean": retries: 0.5 is not a whole number; allowed: 0 to 185; the nearest is 1.'],
    [
      "no delay",
      { maximumDelay: 0 },
      'ScheduledTask "clean": maximumDelay: 0 is out of range; allowed: 1 to 1440 minutes; the nearest is 1.',
    ],
    [
      "two days' delay",
      { maximumDelay: 2880 },
      'ScheduledTask "clean": maximumDelay: 2880 is out of range; allowed: 1 to 1440 minutes; the nearest is 1440.',
    ],
    [
      "bridge mode",
      { compute: "ec2", networkMode: "bridge" },
      'ScheduledTask "clean": networkMode: a task that runs once has no requests to take; leave networkMode out, it runs in awsvpc mode.',
    ],
    [
      "a GPU on Fargate",
      { gpu: 1 },
      'ScheduledTask "clean": gpu: Fargate has no GPUs; use compute: ec2 with instances that have one, such as g5.xlarge, or managed-instances with gpus, or leave gpu out.',
    ],
    [
      "a task that fits nowhere",
      { compute: "ec2", cpu: "4 vCPU" },
      'Cluster "apps": ec2.blue.instanceTypes: a task of clean asks for 4 vCPU, but a m5.large has 2 vCPU for tasks; choose a larger type, or a smaller task.',
    ],
    [
      "another architecture",
      { compute: "managed-instances", architecture: "arm64" },
      'ScheduledTask "clean": architecture: the image of clean is for arm64, the managed instances are x86_64; set managedInstances.architecture to arm64, or build the image for the other.',
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`is not: ${what}`, async () => assert.equal(await refusal(() => scheduled(args)), message));
  }
});
