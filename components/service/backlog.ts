// How a worker follows its queue: the messages per task that target tracking keeps, and what starts the first task again after none ran.
import type * as pulumi from "@pulumi/pulumi";
import type * as aws from "../base/aws";
import { byTasks, type Counted, type Query, readEachMinute, runningTasks, specification } from "./metrics";

/** Whose messages, and by whose tasks. */
export interface Backlog extends Counted {
  queueName: pulumi.Input<string>;
}

const metricsOf = (backlog: Backlog): Query[] => {
  const sqs = { namespace: "AWS/SQS", statistic: "Maximum" as const, dimensions: { QueueName: backlog.queueName } };
  return [
    { id: "waiting", metricName: "ApproximateNumberOfMessagesVisible", ...sqs },
    { id: "inWork", metricName: "ApproximateNumberOfMessagesNotVisible", ...sqs },
    runningTasks(backlog),
  ];
};

/**
 * What target tracking is to keep: messages per task. SQS says how many are in work only while any are. Those count: a task whose one job takes an hour has
 * work, and no message waits.
 */
export const messagesPerTask = (backlog: Backlog) =>
  specification(metricsOf(backlog), [...byTasks, { id: "perTask", expression: "(waiting + FILL(inWork, 0)) / tasks" }]);

/** Seconds that a first task has to start in, and Container Insights to count it, until another one is started. */
const FIRST_TASK = 180;

/** One task more, whatever the number is: it is asked for while no task runs. */
export const oneTask: aws.types.input.appautoscaling.PolicyStepScalingPolicyConfiguration = {
  adjustmentType: "ChangeInCapacity",
  metricAggregationType: "Maximum",
  cooldown: FIRST_TASK,
  stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
};

/**
 * Messages wait, and no task runs. Target tracking multiplies the number of tasks, and so does not leave 0. A running task may be counted late, but then a
 * message is in work, or the minute before has counted it.
 */
export const nobodyWorks = (backlog: Backlog): aws.cloudwatch.MetricAlarmArgs => ({
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  evaluationPeriods: 2,
  treatMissingData: "notBreaching",
  metricQueries: [
    {
      id: "unattended",
      expression: "IF(FILL(running, 0) < 1 AND FILL(inWork, 0) < 1, waiting, 0)",
      label: "Messages that wait while no task runs",
      returnData: true,
    },
    ...readEachMinute(metricsOf(backlog)),
  ],
});
