// How a worker follows its queue: the messages per task that target tracking keeps, and what starts the first task again after none ran.
import type * as pulumi from "@pulumi/pulumi";
import type * as aws from "../base/aws";

/** Whose messages, and by whose tasks. */
export interface Backlog {
  queueName: pulumi.Input<string>;
  clusterName: pulumi.Input<string>;
  serviceName: pulumi.Input<string>;
}

interface Metric {
  id: string;
  namespace: string;
  metricName: string;
  stat: string;
  dimensions: Record<string, pulumi.Input<string>>;
}

const metricsOf = ({ queueName, clusterName, serviceName }: Backlog): Metric[] => {
  const sqs = { namespace: "AWS/SQS", stat: "Maximum", dimensions: { QueueName: queueName } };
  return [
    { id: "waiting", metricName: "ApproximateNumberOfMessagesVisible", ...sqs },
    { id: "inWork", metricName: "ApproximateNumberOfMessagesNotVisible", ...sqs },
    {
      id: "running",
      metricName: "RunningTaskCount",
      namespace: "ECS/ContainerInsights",
      stat: "Average",
      dimensions: { ClusterName: clusterName, ServiceName: serviceName },
    },
  ];
};

/**
 * Messages per task. SQS says how many are in work only while any are. Those count: a task whose one job takes an hour has work, and no message waits. Container
 * Insights is a minute behind SQS, so its last word holds until then; where no task runs, the messages are those of the task that is to come.
 */
const EXPRESSIONS = [
  { id: "tasks", expression: "FILL(running, REPEAT)" },
  { id: "perTask", expression: "(waiting + FILL(inWork, 0)) / IF(tasks > 0, tasks, 1)" },
];

/** What target tracking is to keep. */
export const messagesPerTask = (
  backlog: Backlog,
): aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification => ({
  metrics: [
    ...metricsOf(backlog).map(({ id, stat, namespace, metricName, dimensions }) => ({
      id,
      metricStat: {
        stat,
        metric: { namespace, metricName, dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })) },
      },
      returnData: false,
    })),
    ...EXPRESSIONS.map((one, i) => ({ ...one, returnData: i === EXPRESSIONS.length - 1 })),
  ],
});

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
    ...metricsOf(backlog).map(({ id, stat, ...metric }) => ({ id, metric: { ...metric, stat, period: 60 } })),
  ],
});
