import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../facts/errors";
import { type SleepArgs, sleepMoments } from "../../facts/sleep";
import * as aws from "../base/aws";
import { Component, type ComponentArgs, type Transform } from "../base/component";

/** How many tasks a service runs, following its load. */
export interface ScalingArgs {
  /** Fewest tasks (`minCapacity`). Defaults to 2. */
  min?: number;
  /** Most tasks (`maxCapacity`). Defaults to 10. */
  max?: number;
  /** Average CPU to keep, in percent of what the tasks have (`ECSServiceAverageCPUUtilization`), or false. Defaults to 70. */
  cpu?: number | false;
  /** Average memory to keep, in percent (`ECSServiceAverageMemoryUtilization`), or false. Defaults to 80. */
  memory?: number | false;
  /** Requests per task and minute to keep (`ALBRequestCountPerTarget`). Defaults to none. */
  requests?: number;
  /** Seconds to wait after tasks were added (`scaleOutCooldown`). Defaults to 60. */
  scaleOutCooldown?: number;
  /** Seconds to wait after tasks were taken away (`scaleInCooldown`). Defaults to 300. */
  scaleInCooldown?: number;
}

/** The range of tasks, with its defaults. Throws a UserError for one that AWS would refuse. */
export function scalingRange(args: ScalingArgs): { min: number; max: number } {
  const min = args.min ?? 2;
  const max = args.max ?? Math.max(10, min);
  for (const [key, value] of Object.entries({ min, max })) {
    if (!Number.isInteger(value) || value < 0 || value > 5000)
      refuse(`scaling.${key}`, `${value} is not a number of tasks; allowed are 0 to 5000 (AWS's limit per service).`);
  }
  if (min > max) refuse("scaling.min", `${min} is above scaling.max (${max}); the nearest is ${max}.`);
  return { min, max };
}

/** Arguments of {@link Scaling}. */
interface ScalingTargetArgs extends ComponentArgs, ScalingArgs {
  clusterName: pulumi.Input<string>;
  serviceName: pulumi.Input<string>;
  /** A fixed number of tasks, in place of the range: then only `sleep` changes it. */
  fixed?: number;
  sleep?: SleepArgs;
  /** `<load balancer suffix>/<target group suffix>`, for `requests`. */
  resourceLabel?: pulumi.Input<string>;
  transform?: ScalingTransform;
}

/** Changes to what scaling is made of. */
export interface ScalingTransform {
  target?: Transform<aws.appautoscaling.TargetArgs>;
  policy?: Transform<aws.appautoscaling.PolicyArgs>;
  scheduledAction?: Transform<aws.appautoscaling.ScheduledActionArgs>;
}

/** Application Auto Scaling of a service: the range, and one target to track per metric. The metric that asks for most tasks wins. */
export class Scaling extends Component {
  readonly target: aws.appautoscaling.Target;
  readonly policies: aws.appautoscaling.Policy[] = [];
  readonly scheduledActions: aws.appautoscaling.ScheduledAction[] = [];

  constructor(name: string, args: ScalingTargetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Scaling", name, args, opts);
    const { min, max } = args.fixed === undefined ? scalingRange(args) : { min: args.fixed, max: args.fixed };
    if (args.requests !== undefined && args.resourceLabel === undefined) {
      refuse(
        "scaling.requests",
        "requests are counted by the load balancer, and this service has no route; use cpu or memory, or give it a route.",
      );
    }
    this.target = this.make(
      aws.appautoscaling.Target,
      "",
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${args.clusterName}/${args.serviceName}`,
        minCapacity: min,
        maxCapacity: max,
        tags: this.tags,
      },
      args.transform?.target,
      // The scheduled actions below move the range twice a day; setting it back at a `pulumi up` would wake the service. They also bring a new range in,
      // at the next start.
      args.sleep ? { ignoreChanges: ["minCapacity", "maxCapacity"] } : {},
    );
    const track = (suffix: string, metric: string, value: number | false | undefined, resourceLabel?: pulumi.Input<string>) =>
      value === undefined || value === false
        ? []
        : [
            this.make(
              aws.appautoscaling.Policy,
              suffix,
              {
                policyType: "TargetTrackingScaling",
                serviceNamespace: this.target.serviceNamespace,
                scalableDimension: this.target.scalableDimension,
                resourceId: this.target.resourceId,
                targetTrackingScalingPolicyConfiguration: {
                  predefinedMetricSpecification: { predefinedMetricType: metric, ...(resourceLabel !== undefined && { resourceLabel }) },
                  targetValue: value,
                  scaleOutCooldown: args.scaleOutCooldown ?? 60,
                  scaleInCooldown: args.scaleInCooldown ?? 300,
                },
              },
              args.transform?.policy,
            ),
          ];
    if (args.fixed === undefined) {
      this.policies = [
        ...track("cpu", "ECSServiceAverageCPUUtilization", percent("cpu", args.cpu ?? 70)),
        ...track("memory", "ECSServiceAverageMemoryUtilization", percent("memory", args.memory ?? 80)),
        ...track("requests", "ALBRequestCountPerTarget", args.requests, args.resourceLabel),
      ];
      if (this.policies.length === 0)
        refuse(
          "scaling",
          "cpu and memory are false and requests is not given, so nothing would change the number of tasks; give one of them, or desiredCount for a fixed number.",
        );
    }
    if (args.sleep) this.scheduledActions = this.makeSchedule(args.sleep, { min, max }, args.transform?.scheduledAction);
    this.registerOutputs({ minCapacity: min, maxCapacity: max });
  }

  private makeSchedule(
    sleep: SleepArgs,
    awake: { min: number; max: number },
    transform?: Transform<aws.appautoscaling.ScheduledActionArgs>,
  ) {
    const { stop, start, timezone } = sleepMoments(sleep);
    const action = (suffix: string, schedule: string, { min, max }: { min: number; max: number }) =>
      this.make(
        aws.appautoscaling.ScheduledAction,
        suffix,
        {
          serviceNamespace: this.target.serviceNamespace,
          scalableDimension: this.target.scalableDimension,
          resourceId: this.target.resourceId,
          schedule,
          timezone,
          scalableTargetAction: { minCapacity: min, maxCapacity: max },
        },
        transform,
      );
    return [action("stop", stop.application, { min: 0, max: 0 }), action("start", start.application, awake)];
  }
}

function percent(key: string, value: number | false): number | false {
  if (value !== false && !(value >= 1 && value <= 100))
    refuse(`scaling.${key}`, `${value} is not a percentage to keep; allowed are 1 to 100, or false.`);
  return value;
}
