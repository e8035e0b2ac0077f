import * as pulumi from "@pulumi/pulumi";
import { wholeNumber } from "../../facts/errors";
import { nextTimes } from "../../facts/schedules";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { allow, trust } from "../base/iam";
import { OneOffTask, type OneOffTaskArgs } from "./one-off-task";

/** Arguments of {@link ScheduledTask}. */
export interface ScheduledTaskArgs extends Omit<OneOffTaskArgs, "transform"> {
  /** When it runs (`scheduleExpression`): `"cron(0 3 ? * MON-FRI *)"`, `"rate(1 hour)"`, `"at(2030-01-31T12:00:00)"`. */
  schedule: string;
  /** Time zone of the schedule (`scheduleExpressionTimezone`), such as `Europe/Berlin`. Defaults to `UTC`. */
  timezone?: string;
  /** How often a start that AWS refused is tried again (`maximumRetryAttempts`), 0 to 185. A task that started and failed is not started again. Defaults to 3. */
  retries?: number;
  /** Minutes within which a late start still makes sense (`maximumEventAgeInSeconds`), 1 to 1440. Defaults to 60. */
  maximumDelay?: number;
  /** Whether the schedule is on (`state`). Defaults to true. */
  enabled?: boolean;
  /** Changes to what the task makes. */
  transform?: OneOffTaskArgs["transform"] & {
    schedule?: Transform<aws.scheduler.ScheduleArgs>;
    scheduleRole?: Transform<aws.iam.RoleArgs>;
    schedulePolicy?: Transform<aws.iam.RolePolicyArgs>;
    deadLetterQueue?: Transform<aws.sqs.QueueArgs>;
    deadLetterPolicy?: Transform<aws.sqs.QueuePolicyArgs>;
  };
}

/** A task that EventBridge Scheduler starts: cron, rate or once, in a time zone; what could not be started lands in a dead-letter queue. */
export class ScheduledTask extends Component {
  readonly oneOff: OneOffTask;
  readonly schedule: aws.scheduler.Schedule;
  readonly role: aws.iam.Role;
  readonly deadLetterQueue: aws.sqs.Queue;

  constructor(name: string, args: ScheduledTaskArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ScheduledTask", name, args, opts);
    const { timezone, retries, delay } = check(args);
    const times = nextTimes(args.schedule, timezone, new Date()).map((time) => time.toISOString().replace(":00.000Z", "Z"));
    void pulumi.log.info(`runs next at ${times.join(", ")}`, this);

    this.oneOff = new OneOffTask(name, { ...args, ...this.common }, { parent: this });
    this.deadLetterQueue = this.makeQueue(args);
    this.role = this.makeRole(
      "schedule",
      {
        description: `Lets EventBridge Scheduler start ${name}`,
        assumeRolePolicy: trust("scheduler.amazonaws.com", "scheduler", args.cluster.location),
      },
      args.transform?.scheduleRole,
    );
    const policy = this.make(
      aws.iam.RolePolicy,
      "schedule",
      { role: this.role.name, policy: this.startPolicy(args) },
      args.transform?.schedulePolicy,
    );
    const { launch, task, egress } = this.oneOff;
    this.schedule = this.make(
      aws.scheduler.Schedule,
      "",
      {
        scheduleExpression: args.schedule,
        scheduleExpressionTimezone: timezone,
        flexibleTimeWindow: { mode: "OFF" },
        state: (args.enabled ?? true) ? "ENABLED" : "DISABLED",
        target: {
          arn: args.cluster.arn,
          roleArn: this.role.arn,
          ecsParameters: {
            taskDefinitionArn: task.taskDefinition.arn,
            taskCount: 1,
            capacityProviderStrategies: launch.capacityProviderStrategies,
            networkConfiguration: {
              subnets: args.cluster.network.taskSubnetIds,
              securityGroups: [this.oneOff.securityGroup.id],
              assignPublicIp: launch.assignPublicIp,
            },
            ...(launch.orderedPlacementStrategies && { placementStrategies: launch.orderedPlacementStrategies }),
            ...(launch.placementConstraints && { placementConstraints: launch.placementConstraints }),
            enableEcsManagedTags: true,
            propagateTags: "TASK_DEFINITION",
          },
          retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: delay * 60 },
          deadLetterConfig: { arn: this.deadLetterQueue.arn },
        },
      },
      args.transform?.schedule,
      // All that a task needs, for it may start the next moment; and nothing may go while one could still start.
      { dependsOn: [...args.cluster.network.ready, args.cluster.capacityProviders, ...task.ready, egress, policy] },
    );
    this.registerOutputs({ schedule: this.schedule.arn });
  }

  /** Where the starts land that AWS refused to the end. */
  private makeQueue(args: ScheduledTaskArgs): aws.sqs.Queue {
    const queue = this.make(
      aws.sqs.Queue,
      "dead-letters",
      {
        ...(args.kmsKeyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: args.kmsKeyArn }),
        messageRetentionSeconds: 14 * 86400,
        tags: this.tags,
      },
      args.transform?.deadLetterQueue,
    );
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "OnlyWithTls",
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: queue.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    this.make(aws.sqs.QueuePolicy, "dead-letters", { queueUrl: queue.id, policy }, args.transform?.deadLetterPolicy);
    return queue;
  }

  /** Start this task in this cluster, hand it its two roles, tell the queue what failed: nothing else. */
  private startPolicy(args: ScheduledTaskArgs): pulumi.Output<string> {
    const { task } = this.oneOff;
    const { partition, region, accountId } = args.cluster.location;
    return allow(
      {
        sid: "RunTask",
        actions: ["ecs:RunTask"],
        resources: [pulumi.interpolate`${task.taskDefinition.arnWithoutRevision}:*`],
        conditions: { ArnEquals: { "ecs:cluster": args.cluster.arn } },
      },
      {
        sid: "TagTask",
        actions: ["ecs:TagResource"],
        resources: [pulumi.interpolate`arn:${partition}:ecs:${region}:${accountId}:task/${args.cluster.clusterName}/*`],
        conditions: { StringEquals: { "ecs:CreateAction": "RunTask" } },
      },
      {
        sid: "PassRoles",
        actions: ["iam:PassRole"],
        resources: [task.executionRole.arn, task.taskRole.arn],
        conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      },
      { sid: "DeadLetters", actions: ["sqs:SendMessage"], resources: [this.deadLetterQueue.arn] },
      ...(args.kmsKeyArn === undefined
        ? []
        : [{ sid: "EncryptDeadLetters", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [args.kmsKeyArn] }]),
    );
  }
}

function check(args: ScheduledTaskArgs): { timezone: string; retries: number; delay: number } {
  return {
    timezone: args.timezone ?? "UTC",
    retries: wholeNumber("retries", args.retries ?? 3, 0, 185),
    delay: wholeNumber("maximumDelay", args.maximumDelay ?? 60, 1, 1440, " minutes"),
  };
}
