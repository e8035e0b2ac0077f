import { Command } from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";
import { rangeMoments, rangesOf, type TaskRange } from "../../facts/hours";
import { type SleepArgs, sleepMoments } from "../../facts/sleep";
import { type ComponentArgs, common, sleep } from "../base/arguments";
import * as aws from "../base/aws";
import { onDestroy } from "../base/berth-command";
import { Component } from "../base/component";
import { type ArgumentsOf, group, input, integer, optional, other, text } from "../base/schema";
import { type ScalingArgs, type ScalingTransform, scaling, scalingRules } from "./arguments";
import { type Backlog, messagesPerTask, nobodyWorks, oneTask } from "./backlog";
import { type Counted, type ScalingMetric, specification, tracked, watched } from "./metrics";
import { directionsOf } from "./steps";

/** Arguments of {@link Scaling}. */
interface ScalingTargetArgs extends ComponentArgs, ScalingArgs {
  clusterName: pulumi.Input<string>;
  service: aws.ecs.Service;
  /** A fixed number of tasks, in place of the range: then only `sleep` changes it. */
  fixed?: number;
  sleep?: SleepArgs;
  /** The load balancer and the target groups that requests come by, two where they take turns, each by its `arnSuffix`; for `requests`. */
  requestsBy?: { loadBalancer: pulumi.Input<string>; targetGroups: pulumi.Input<string>[] };
  /** The name of the queue that the service works on, for `messages`. */
  queueName?: pulumi.Input<string>;
  transform?: ScalingTransform;
}

const scalingTarget = {
  ...common,
  ...scaling,
  clusterName: input(text()),
  service: other<aws.ecs.Service>(),
  fixed: optional(integer(0, 5000, "tasks")),
  sleep: optional(sleep),
  requestsBy: optional(other<NonNullable<ScalingTargetArgs["requestsBy"]>>()),
  queueName: optional(input(text())),
  transform: optional(other<ScalingTransform>()),
} satisfies ArgumentsOf<ScalingTargetArgs>;

type Tracked = Pick<
  aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration,
  "predefinedMetricSpecification" | "customizedMetricSpecification"
>;
type PolicyKind = "policyType" | "targetTrackingScalingPolicyConfiguration" | "stepScalingPolicyConfiguration";

/** Application Auto Scaling of a service: the range, and one target to track per metric. The metric that asks for most tasks wins. */
export class Scaling extends Component<typeof scalingTarget> {
  readonly target: aws.appautoscaling.Target;
  readonly policies: aws.appautoscaling.Policy[] = [];
  readonly scheduledActions: aws.appautoscaling.ScheduledAction[] = [];

  constructor(name: string, args: ScalingTargetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Scaling", name, group(scalingTarget, ...scalingRules), args, opts);
    const { min, max } = this.args.fixed === undefined ? this.args : { min: this.args.fixed, max: this.args.fixed };
    if (this.args.requests !== undefined && this.args.requestsBy === undefined) {
      this.refuse(
        "scaling.requests",
        "requests are counted by the load balancer, and this service has no route; use cpu or memory, or give it a route.",
      );
    }
    const { timezone, moments } = rangeMoments(this.args.fixed === undefined ? this.args.schedule : {}, { min, max });
    this.target = this.make(
      aws.appautoscaling.Target,
      "",
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${this.args.clusterName}/${this.args.service.name}`,
        minCapacity: min,
        maxCapacity: max,
        tags: this.tags,
      },
      this.args.transform?.target,
      // The scheduled actions below move the range twice a day; setting it back at a `pulumi up` would wake the service. They also bring a new range in,
      // at the next start.
      this.args.sleep || moments.length > 0 ? { ignoreChanges: ["minCapacity", "maxCapacity"] } : {},
    );
    if (this.args.fixed === undefined) {
      const { cpu, memory, requests, requestsBy, metrics, queueName, clusterName, service } = this.args;
      const counted = { clusterName, serviceName: service.name };
      this.policies = [
        ...this.track("cpu", { predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" } }, cpu),
        ...this.track("memory", { predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageMemoryUtilization" } }, memory),
        ...(requestsBy ? this.track("requests", requestsPerTarget(requestsBy), requests) : []),
        ...(queueName === undefined ? [] : this.follow({ queueName, ...counted })),
        ...Object.entries(metrics).flatMap(([name, its]) =>
          its.target === undefined
            ? this.step(name, its, counted)
            : this.track(`metric-${name}`, { customizedMetricSpecification: tracked(its, counted) }, its.target),
        ),
      ];
    }
    if (moments.length > 0) this.sayHours({ min, max });
    const { sleep } = this.args;
    this.scheduledActions = sleep
      ? this.makeSleep(sleep, { min, max })
      : moments.map(({ name, schedule, ...range }) => this.makeAction(name, schedule, timezone, range));
    if (sleep || moments.some((moment) => moment.max === 0)) this.makeWake({ min, max });
    this.registerOutputs({ minCapacity: min, maxCapacity: max });
  }

  /** Keeps a metric at a value, if there is one. */
  private track(suffix: string, metric: Tracked, targetValue: number | false | undefined): aws.appautoscaling.Policy[] {
    if (targetValue === undefined || targetValue === false) return [];
    const { scaleOutCooldown, scaleInCooldown } = this.args;
    return [
      this.makePolicy(suffix, {
        policyType: "TargetTrackingScaling",
        targetTrackingScalingPolicyConfiguration: { ...metric, targetValue, scaleOutCooldown, scaleInCooldown },
      }),
    ];
  }

  /** Keeps the messages of the queue per task, and starts the first task again where none may run. */
  private follow(backlog: Backlog): aws.appautoscaling.Policy[] {
    const { messages = false, min, max, schedule, transform } = this.args;
    const policies = this.track("messages", { customizedMetricSpecification: messagesPerTask(backlog) }, messages);
    const mayBeNone = [{ min, max }, ...rangesOf(schedule)].some((range) => range.min === 0 && range.max > 0);
    if (policies.length === 0 || !mayBeNone) return policies;
    const first = this.makePolicy("first-task", { policyType: "StepScaling", stepScalingPolicyConfiguration: oneTask });
    const alarmDescription = `Starts the first task of ${this.label}: messages wait, and none runs`;
    const alarm = { alarmDescription, alarmActions: [first.arn], ...nobodyWorks(backlog), tags: this.tags };
    this.make(aws.cloudwatch.MetricAlarm, "first-task", alarm, transform?.alarm);
    return [...policies, first];
  }

  /** Adds and takes away tasks by how far a metric is. */
  private step(name: string, its: ScalingMetric, counted: Counted): aws.appautoscaling.Policy[] {
    const { scaleOutCooldown, scaleInCooldown, transform } = this.args;
    return directionsOf(its, { out: scaleOutCooldown, in: scaleInCooldown }).map(({ suffix, does, configuration, alarm }) => {
      const made = `metric-${name}-${suffix}`;
      const policy = this.makePolicy(made, { policyType: "StepScaling", stepScalingPolicyConfiguration: configuration });
      const alarmDescription = `${does} ${this.label}, as the steps of ${name} say`;
      // What is not measured moves nothing.
      const common = { treatMissingData: "notBreaching", metricQueries: watched(its, counted), tags: this.tags };
      this.make(aws.cloudwatch.MetricAlarm, made, { alarmDescription, alarmActions: [policy.arn], ...alarm, ...common }, transform?.alarm);
      return policy;
    });
  }

  private makePolicy(suffix: string, its: Pick<aws.appautoscaling.PolicyArgs, PolicyKind>): aws.appautoscaling.Policy {
    const { serviceNamespace, scalableDimension, resourceId } = this.target;
    const { policyType, ...configuration } = its;
    const args = { policyType, serviceNamespace, scalableDimension, resourceId, ...configuration };
    return this.make(aws.appautoscaling.Policy, suffix, args, this.args.transform?.policy);
  }

  /** Whoever takes the hours of sleep away while the service sleeps wants it awake: the actions alone would leave it asleep for good. */
  private makeWake({ min, max }: TaskRange): void {
    const { service } = this.args;
    const settings = {
      BERTH_CLUSTER: service.cluster,
      BERTH_SERVICE: service.name,
      BERTH_MIN_TASKS: String(min),
      BERTH_MAX_TASKS: String(max),
    };
    const whenItEnds = { dependsOn: [this.target, ...this.scheduledActions], deletedWith: service };
    this.make(Command, "wake", onDestroy("wake", this, settings), undefined, whenItEnds);
  }

  /** Says when which range holds. */
  private sayHours({ min, max }: TaskRange): void {
    const hours = Object.entries(this.args.schedule).map(([when, range]) => `${range.replace("..", " to ")} tasks ${when}`);
    void pulumi.log.info(`runs ${hours.join(", ")}, otherwise ${min} to ${max}; the metrics decide within.`, this);
  }

  private makeSleep(sleep: Required<SleepArgs>, awake: TaskRange): aws.appautoscaling.ScheduledAction[] {
    const { stop, start, timezone } = sleepMoments(sleep);
    return [
      this.makeAction("stop", stop.application, timezone, { min: 0, max: 0 }),
      this.makeAction("start", start.application, timezone, awake),
    ];
  }

  /** From a moment on the service has another range. */
  private makeAction(suffix: string, schedule: string, timezone: string, { min, max }: TaskRange): aws.appautoscaling.ScheduledAction {
    const { serviceNamespace, scalableDimension, resourceId } = this.target;
    const scalableTargetAction = { minCapacity: min, maxCapacity: max };
    const args = { serviceNamespace, scalableDimension, resourceId, schedule, timezone, scalableTargetAction };
    return this.make(aws.appautoscaling.ScheduledAction, suffix, args, this.args.transform?.scheduledAction);
  }
}

/** Requests per task: AWS's own metric of one target group; of two that take turns, that of the busier one. The other one gets none, and says nothing then. */
function requestsPerTarget({ loadBalancer, targetGroups }: NonNullable<ScalingTargetArgs["requestsBy"]>): Tracked {
  const [only, other] = targetGroups;
  if (other === undefined) {
    const resourceLabel = pulumi.interpolate`${loadBalancer}/${only!}`;
    return { predefinedMetricSpecification: { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel } };
  }
  const requests = { namespace: "AWS/ApplicationELB", metricName: "RequestCountPerTarget", statistic: "Sum" as const };
  const queries = [
    { id: "blue", ...requests, dimensions: { TargetGroup: only! } },
    { id: "green", ...requests, dimensions: { TargetGroup: other } },
  ];
  const busier = { id: "busier", expression: "MAX([FILL(blue, 0), FILL(green, 0)])" };
  return { customizedMetricSpecification: specification(queries, [busier]) };
}
