import * as pulumi from "@pulumi/pulumi";
import * as aws from "../base/aws";
import { Component } from "../base/component";
import { refusal, under } from "../base/origin";
import { group, parse, type Values } from "../base/schema";
import type { NetworkLike } from "../network/network-like";
import { NetworkTraffic } from "../service/network-traffic";
import type { EcsService } from "../service/service";
import type { Traffic } from "../service/traffic";
import { ScheduledTask } from "../task/scheduled-task";
import { type AlarmsArgs, alarms, type OwnAlarms, ownAlarms, type serviceAlarms } from "./arguments";
import { berth, place, type Told } from "./notifications";

const SCHEMA = group(alarms);
const OWN = group(ownAlarms);

/** What has certificates: a load balancer, new or existing. */
interface Certified {
  readonly label: string;
  readonly certificateArns: Record<string, pulumi.Output<string>>;
}

/** A queue, new or existing, and where its messages go that nobody could work on, where this program made that. */
interface Watched {
  readonly label: string;
  readonly queueName: pulumi.Output<string>;
  readonly deadLetterQueue?: aws.sqs.Queue;
}

/** What a program has made, and what can be watched of it. */
interface All extends Told {
  /** Queues by the names of the services that work on them. */
  queues: ReadonlyMap<string, Watched>;
  network: NetworkLike;
  balancers: readonly Certified[];
}

type Thresholds = Values<typeof serviceAlarms>;
/** What an alarm is made of, beside what all of them have. */
type Own = Omit<aws.cloudwatch.MetricAlarmArgs, "alarmDescription">;
/** A metric of CloudWatch's, by the name that an expression has for it. */
type Metric = [id: string, namespace: string, metricName: string, dimensions: Record<string, pulumi.Input<string>>, stat: string];

const FIVE_MINUTES = 300;

/**
 * The alarms of a stack: each says what is wrong, what to do, and which command says more. What nobody asks to be watched has none, and what a service has not
 * (a route, a schedule) is not watched. Missing data never rings: where nothing runs, as in hours of sleep, nothing is measured. Cost: 0.10 USD a month for
 * each metric that an alarm reads; about 1 USD for a service with a route.
 */
export class Alarms extends Component<typeof alarms> {
  /** All alarms, in the order in which they were asked for. */
  readonly alarms: aws.cloudwatch.MetricAlarm[] = [];

  constructor(name: string, args: AlarmsArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("Alarms", name, SCHEMA, args, opts);
    this.registerOutputs({ tellsSomebody: this.args.notifications !== undefined });
  }

  /** The names of all alarms, which `berth status` and `berth why` read from the stack's output `alarms`. */
  get names(): pulumi.Output<string[]> {
    return pulumi.all(this.alarms.map((alarm) => alarm.name));
  }

  /** Watches everything that a program has made, each service with thresholds of its own where it has some. */
  watchAll({ services, tasks, queues, network, balancers }: All, own: readonly { name: string; alarms?: OwnAlarms | false }[]): void {
    const thresholds = new Map(own.map(({ name, alarms }) => [name, alarms]));
    for (const [name, service] of services) {
      const its = thresholds.get(name);
      if (its !== false) this.watch(service, its);
    }
    for (const task of tasks) if (task instanceof ScheduledTask) this.watchStarts(task);
    for (const [name, queue] of queues) this.watchQueue(queue, services.get(name));
    this.watchNetwork(network);
    for (const balancer of balancers) this.watchCertificates(balancer);
  }

  /** Watches a service, with thresholds of its own where some are given. */
  watch(service: EcsService, own: OwnAlarms = {}): void {
    const { given, complaints } = parse(OWN, own);
    if (!given) throw refusal(under(this.origin, service.label), complaints);
    const its: Thresholds = { ...this.args, ...given };
    for (const traffic of service.allTraffic) this.watchTraffic(service, traffic, its);
    if (its.belowDesired !== false) this.watchCount(service, its.belowDesired);
    if (its.restarts !== false) this.watchRestarts(service, its.restarts);
    if (its.memoryPercent !== false) this.watchMemory(service, its.memoryPercent);
  }

  /** Watches the starts of a scheduled task; of its runs `Notifications` tells. */
  watchStarts(task: ScheduledTask): void {
    if (!this.args.deadLetters) return;
    const what = `AWS could not start the scheduled task ${task.label} of ${place()}: the dead-letter queue has what it tried.`;
    this.watchDeadLetters(task.label, task.deadLetterQueue, `${what} Start it by hand: ${berth("run")} --task ${task.label}`);
  }

  /** Watches a queue: how long messages wait, and whether some were given up. Where its worker sleeps, messages wait because somebody wants it. */
  watchQueue({ label: name, queueName: QueueName, deadLetterQueue }: Watched, worker?: EcsService): void {
    const { messageAge, deadLetters } = this.args;
    if (messageAge !== false && !worker?.sleeps) {
      this.watchBy(
        `${name}-age`,
        `The oldest message of the queue ${name} of ${place()} waits longer than ${messageAge} s: its workers are too few, or fail. See whether they run: ${berth("status", worker?.label)}`,
        {
          comparisonOperator: "GreaterThanThreshold",
          threshold: messageAge,
          ...single(["age", "AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName }, "Maximum"], FIVE_MINUTES),
        },
      );
    }
    if (deadLetters && deadLetterQueue) {
      const what = `Messages of the queue ${name} of ${place()} failed again and again, and are in its dead-letter queue.`;
      this.watchDeadLetters(
        name,
        deadLetterQueue,
        `${what} The log says why: ${berth("logs", worker?.label)} --since 1h. Then redrive them.`,
      );
    }
  }

  /** Watches the NAT gateways that this program makes. */
  watchNetwork(network: NetworkLike): void {
    if (!this.args.natErrors) return;
    for (const [i, id] of (network.natGatewayIds ?? []).entries()) {
      this.watchBy(
        `nat-${i + 1}`,
        `A NAT gateway of ${place()} has no port left for new connections to one address, which then fail. Reuse connections in the app, or give the gateway further addresses. Which service connects so much: ${berth("status")}`,
        {
          comparisonOperator: "GreaterThanThreshold",
          threshold: 0,
          ...single(["errors", "AWS/NATGateway", "ErrorPortAllocation", { NatGatewayId: id }, "Sum"], FIVE_MINUTES),
        },
      );
    }
  }

  /** Watches the certificates of a load balancer. */
  watchCertificates({ label, certificateArns }: Certified): void {
    const { certificateDays } = this.args;
    if (certificateDays === false) return;
    for (const [name, CertificateArn] of Object.entries(certificateArns)) {
      this.watchBy(
        `${label}-certificate${name && `-${name}`}`,
        `A certificate of the load balancer ${label} of ${place()} ends in less than ${certificateDays} days. ACM renews those that it issued, if the DNS records that prove the domain are there: run pulumi up --refresh --stack ${pulumi.getStack()}. An imported one is to be imported anew.`,
        {
          comparisonOperator: "LessThanThreshold",
          threshold: certificateDays,
          // It is measured twice a day.
          ...single(["days", "AWS/CertificateManager", "DaysToExpiry", { CertificateArn }, "Minimum"], 86_400),
        },
      );
    }
  }

  private watchTraffic(service: EcsService, traffic: Traffic | NetworkTraffic, its: Thresholds): void {
    const { label, dimensions } = traffic;
    const why = `What happened: ${berth("why", service.label)}`;
    const isNetwork = traffic instanceof NetworkTraffic;
    const namespace = isNetwork ? "AWS/NetworkELB" : "AWS/ApplicationELB";
    const each = (id: string, metricName: string, stat: string) =>
      dimensions.map((one, i): Metric => [`${id}${i}`, namespace, metricName, one, stat]);
    if (its.healthyTargets) {
      const healthy = each("healthy", "HealthyHostCount", "Maximum");
      this.watchBy(
        `${label}-healthy`,
        `No task of ${service.label} of ${place()} is healthy behind the load balancer${isNetwork ? "" : ", so that requests get 503"}. ${why}. If a deployment did it: ${berth("rollback", service.label)}`,
        {
          comparisonOperator: "LessThanThreshold",
          threshold: 1,
          // Longer than the last tasks drain before the service sleeps. Two target groups take turns, and an empty one is not measured.
          evaluationPeriods: Math.max(3, service.sleeps ? Math.ceil(service.longestDrain / 60) + 2 : 0),
          ...(healthy.length === 1 ? single(healthy[0]!, 60) : combined(`MAX([${ids(healthy)}])`, healthy, 60)),
        },
      );
    }
    if (isNetwork) return;
    const requests = each("requests", "RequestCount", "Sum");
    const enough = (value: string) => `IF(SUM([${ids(requests)}]) >= ${its.minRequests}, ${value}, 0)`;
    if (its.errorPercent !== false) {
      const errors = each("errors", "HTTPCode_Target_5XX_Count", "Sum");
      this.watchBy(
        `${label}-errors`,
        `More than ${its.errorPercent} % of the requests to ${label} of ${place()} fail (5xx). The log says why: ${berth("logs", service.label)} --since 30m. If a deployment did it: ${berth("rollback", service.label)}`,
        {
          comparisonOperator: "GreaterThanThreshold",
          threshold: its.errorPercent,
          ...combined(enough(`100 * SUM([${ids(errors)}]) / SUM([${ids(requests)}])`), [...requests, ...errors], FIVE_MINUTES),
        },
      );
    }
    if (its.latency !== false) {
      const latency = each("latency", "TargetResponseTime", "p95");
      this.watchBy(
        `${label}-latency`,
        `5 of 100 requests to ${label} of ${place()} take longer than ${its.latency} s. Whether the tasks are at their limit, and whether more are coming: ${berth("status", service.label)}`,
        {
          comparisonOperator: "GreaterThanThreshold",
          threshold: its.latency,
          evaluationPeriods: 2,
          ...combined(enough(`MAX([${ids(latency)}])`), [...requests, ...latency], FIVE_MINUTES),
        },
      );
    }
  }

  private watchCount(service: EcsService, minutes: number): void {
    const { label, cluster } = service;
    if (cluster.countsTasks === false) {
      const text = `the cluster has no Container Insights, which count the tasks of ${label}, so there is no such alarm; set cluster.containerInsights: enabled, or false here.`;
      this.remark({ severity: "info", at: "belowDesired", text });
      return;
    }
    if (cluster.countsTasks === undefined) {
      const text = `that of ${label} works only if the cluster has Container Insights, which is not known here.`;
      this.remark({ severity: "info", at: "belowDesired", text });
    }
    const dimensions = { ClusterName: cluster.clusterName, ServiceName: service.serviceName };
    const count = (id: string, metricName: string): Metric => [id, "ECS/ContainerInsights", metricName, dimensions, "Average"];
    this.watchBy(
      `${label}-tasks`,
      `Fewer tasks of ${label} of ${place()} run than are wanted, for ${minutes} minutes. What keeps them from it: ${berth("why", label)}`,
      {
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        evaluationPeriods: minutes,
        ...combined("desired - running", [count("desired", "DesiredTaskCount"), count("running", "RunningTaskCount")], 60),
      },
    );
  }

  private watchRestarts(service: EcsService, restarts: number): void {
    const { label, cluster } = service;
    const pattern = {
      source: ["aws.ecs"],
      "detail-type": ["ECS Task State Change"],
      detail: {
        clusterArn: [cluster.arn],
        group: [pulumi.interpolate`service:${service.serviceName}`],
        lastStatus: ["STOPPED"],
        stopCode: ["EssentialContainerExited", "TaskFailedToStart"],
      },
    };
    // ECS counts no stops; a rule that tells nobody is counted.
    const rule = this.make(
      aws.cloudwatch.EventRule,
      `${label}-stops`,
      { description: `Counts tasks of ${label} that stop by themselves`, eventPattern: pulumi.jsonStringify(pattern), tags: this.tags },
      this.args.transform?.rule,
    );
    this.watchBy(
      `${label}-restarts`,
      `${restarts} or more tasks of ${label} of ${place()} stopped by themselves within 15 minutes. Their exit codes, last lines and the likely cause: ${berth("why", label)}`,
      {
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: restarts,
        ...single(["stops", "AWS/Events", "TriggeredRules", { RuleName: rule.name }, "Sum"], 900),
      },
    );
  }

  private watchMemory(service: EcsService, percent: number): void {
    const { label, cluster } = service;
    const dimensions = { ClusterName: cluster.clusterName, ServiceName: service.serviceName };
    this.watchBy(
      `${label}-memory`,
      `A task of ${label} of ${place()} uses more than ${percent} % of its memory for 15 minutes; at 100 % it is killed. Give it more (memory), or find what it keeps. How it runs: ${berth("status", label)}`,
      {
        comparisonOperator: "GreaterThanThreshold",
        threshold: percent,
        evaluationPeriods: 3,
        ...single(["memory", "AWS/ECS", "MemoryUtilization", dimensions, "Maximum"], FIVE_MINUTES),
      },
    );
  }

  private watchDeadLetters(name: string, queue: aws.sqs.Queue, description: string): void {
    this.watchBy(`${name}-dead-letters`, description, {
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      ...single(["messages", "AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: queue.name }, "Maximum"], FIVE_MINUTES),
    });
  }

  private watchBy(suffix: string, alarmDescription: string, own: Own): void {
    const { notifications, transform } = this.args;
    // Who was told of it is told when it is over.
    const told = notifications && { alarmActions: [notifications.topicArn], okActions: [notifications.topicArn] };
    this.alarms.push(
      this.make(
        aws.cloudwatch.MetricAlarm,
        suffix,
        { alarmDescription, evaluationPeriods: 1, treatMissingData: "notBreaching", ...told, tags: this.tags, ...own },
        transform?.alarm,
      ),
    );
  }
}

const ids = (metrics: Metric[]) => metrics.map(([id]) => id).join(", ");

/** An alarm on one metric. */
const single = ([, namespace, metricName, dimensions, statistic]: Metric, period: number) => ({
  namespace,
  metricName,
  dimensions,
  statistic,
  period,
});

/** An alarm on what several metrics say together. */
const combined = (expression: string, metrics: Metric[], period: number) => ({
  metricQueries: [
    { id: "value", expression, label: "value", returnData: true },
    ...metrics.map(([id, namespace, metricName, dimensions, stat]) => ({
      id,
      metric: { namespace, metricName, dimensions, period, stat },
    })),
  ],
});
