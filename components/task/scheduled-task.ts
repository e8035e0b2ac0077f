import * as pulumi from "@pulumi/pulumi";
import { nextRuns } from "../../facts/schedules";
import * as aws from "../base/aws";
import { Component } from "../base/component";
import { allow, trust } from "../base/iam";
import { encryption, onlyWithTls } from "../base/queue";
import { group, pick, type Values } from "../base/schema";
import { comesAgain, oneOffRules, oneOffTask, type ScheduledTaskArgs, scheduledTask } from "./arguments";
import { OneOffTask, type RunSettings } from "./one-off-task";

const SCHEMA = group(scheduledTask, ...oneOffRules, comesAgain);

type ScheduledValues = Values<typeof scheduledTask>;

/** A task that EventBridge Scheduler starts: cron, rate or once, in a time zone; what could not be started lands in a dead-letter queue. */
export class ScheduledTask extends Component<typeof scheduledTask> {
  readonly oneOff: OneOffTask;
  readonly schedule: aws.scheduler.Schedule;
  readonly role: aws.iam.Role;
  readonly deadLetterQueue: aws.sqs.Queue;

  constructor(name: string, args: ScheduledTaskArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ScheduledTask", name, SCHEMA, args, opts);
    const times = nextRuns(this.args.schedule, this.args.timezone, new Date());
    if (times.length > 0) void pulumi.log.info(`runs next at ${times.join(", ")} (${this.args.timezone})`, this);
    else
      void pulumi.log.warn(`does not run again: ${this.args.schedule} is in the past; choose a time to come, or take the task away.`, this);

    // A task that gets a schedule stays what it is: nothing of it is replaced.
    const aliases = [pulumi.createUrn(name, "berth:index:OneOffTask", opts?.parent)];
    this.oneOff = new OneOffTask(name, { ...pick(this.args, oneOffTask), ...this.common }, { parent: this, aliases });
    this.deadLetterQueue = this.makeQueue(this.args);
    this.role = this.makeRole(
      "schedule",
      {
        description: `Lets EventBridge Scheduler start ${name}`,
        assumeRolePolicy: trust("scheduler.amazonaws.com", "scheduler", this.args.cluster.location),
      },
      this.args.transform?.scheduleRole,
    );
    const policy = this.make(
      aws.iam.RolePolicy,
      "schedule",
      { role: this.role.name, policy: this.startPolicy(this.args) },
      this.args.transform?.schedulePolicy,
    );
    const { launch, task, egress, rules } = this.oneOff;
    this.schedule = this.make(
      aws.scheduler.Schedule,
      "",
      {
        scheduleExpression: this.args.schedule,
        scheduleExpressionTimezone: this.args.timezone,
        flexibleTimeWindow: { mode: "OFF" },
        state: this.args.enabled ? "ENABLED" : "DISABLED",
        ...(this.args.kmsKeyArn !== undefined && { kmsKeyArn: this.args.kmsKeyArn }),
        target: {
          arn: this.args.cluster.arn,
          roleArn: this.role.arn,
          ecsParameters: {
            taskDefinitionArn: task.taskDefinition.arn,
            taskCount: 1,
            capacityProviderStrategies: launch.capacityProviderStrategies,
            networkConfiguration: {
              subnets: this.args.cluster.network.taskSubnetIds,
              securityGroups: this.oneOff.securityGroups,
              assignPublicIp: launch.assignPublicIp,
            },
            ...(launch.orderedPlacementStrategies && { placementStrategies: launch.orderedPlacementStrategies }),
            ...(launch.placementConstraints && { placementConstraints: launch.placementConstraints }),
            enableEcsManagedTags: true,
            propagateTags: "TASK_DEFINITION",
          },
          retryPolicy: { maximumRetryAttempts: this.args.retries, maximumEventAgeInSeconds: this.args.maximumDelay * 60 },
          deadLetterConfig: { arn: this.deadLetterQueue.arn },
        },
      },
      this.args.transform?.schedule,
      // All that a task needs, for it may start the next moment; and nothing may go while one could still start.
      { dependsOn: [...this.args.cluster.network.ready, ...this.args.cluster.ready, ...task.ready, ...egress, ...rules, policy] },
    );
    this.registerOutputs({ schedule: this.schedule.arn });
  }

  /** What `berth run` needs to start it between two runs of the schedule; export it. */
  get runSettings(): pulumi.Output<RunSettings> {
    return this.oneOff.runSettings;
  }

  /** Where the starts land that AWS refused to the end. */
  private makeQueue(args: ScheduledValues): aws.sqs.Queue {
    const queue = this.make(
      aws.sqs.Queue,
      "dead-letters",
      {
        ...encryption(args.kmsKeyArn),
        messageRetentionSeconds: 14 * 86400,
        tags: this.tags,
      },
      args.transform?.deadLetterQueue,
    );
    this.make(
      aws.sqs.QueuePolicy,
      "dead-letters",
      { queueUrl: queue.id, policy: onlyWithTls(queue.arn) },
      args.transform?.deadLetterPolicy,
    );
    return queue;
  }

  /** Start this task in this cluster, hand it its two roles, tell the queue what failed: nothing else. */
  private startPolicy(args: ScheduledValues): pulumi.Output<string> {
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
        : [{ sid: "EncryptScheduleAndDeadLetters", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [args.kmsKeyArn] }]),
    );
  }
}
