import { Command } from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";
import { type SleepArgs, sleepMoments } from "../../facts/sleep";
import { type ComponentArgs, common, sleep } from "../base/arguments";
import * as aws from "../base/aws";
import { onDestroy } from "../base/berth-command";
import { Component, type Transform } from "../base/component";
import { type ArgumentsOf, group, input, integer, optional, other, text } from "../base/schema";
import { type ScalingArgs, type ScalingTransform, scaling, scalingRules } from "./arguments";

/** Arguments of {@link Scaling}. */
interface ScalingTargetArgs extends ComponentArgs, ScalingArgs {
  clusterName: pulumi.Input<string>;
  service: aws.ecs.Service;
  /** A fixed number of tasks, in place of the range: then only `sleep` changes it. */
  fixed?: number;
  sleep?: SleepArgs;
  /** `<load balancer suffix>/<target group suffix>`, for `requests`. */
  resourceLabel?: pulumi.Input<string>;
  transform?: ScalingTransform;
}

const scalingTarget = {
  ...common,
  ...scaling,
  clusterName: input(text()),
  service: other<aws.ecs.Service>(),
  fixed: optional(integer(0, 5000, "tasks")),
  sleep: optional(sleep),
  resourceLabel: optional(input(text())),
  transform: optional(other<ScalingTransform>()),
} satisfies ArgumentsOf<ScalingTargetArgs>;

/** Application Auto Scaling of a service: the range, and one target to track per metric. The metric that asks for most tasks wins. */
export class Scaling extends Component<typeof scalingTarget> {
  readonly target: aws.appautoscaling.Target;
  readonly policies: aws.appautoscaling.Policy[] = [];
  readonly scheduledActions: aws.appautoscaling.ScheduledAction[] = [];

  constructor(name: string, args: ScalingTargetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Scaling", name, group(scalingTarget, ...scalingRules), args, opts);
    const { min, max } = this.args.fixed === undefined ? this.args : { min: this.args.fixed, max: this.args.fixed };
    if (this.args.requests !== undefined && this.args.resourceLabel === undefined) {
      this.refuse(
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
        resourceId: pulumi.interpolate`service/${this.args.clusterName}/${this.args.service.name}`,
        minCapacity: min,
        maxCapacity: max,
        tags: this.tags,
      },
      this.args.transform?.target,
      // The scheduled actions below move the range twice a day; setting it back at a `pulumi up` would wake the service. They also bring a new range in,
      // at the next start.
      this.args.sleep ? { ignoreChanges: ["minCapacity", "maxCapacity"] } : {},
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
                  scaleOutCooldown: this.args.scaleOutCooldown,
                  scaleInCooldown: this.args.scaleInCooldown,
                },
              },
              this.args.transform?.policy,
            ),
          ];
    if (this.args.fixed === undefined) {
      this.policies = [
        ...track("cpu", "ECSServiceAverageCPUUtilization", this.args.cpu),
        ...track("memory", "ECSServiceAverageMemoryUtilization", this.args.memory),
        ...track("requests", "ALBRequestCountPerTarget", this.args.requests, this.args.resourceLabel),
      ];
    }
    if (this.args.sleep) {
      this.scheduledActions = this.makeSchedule(this.args.sleep, { min, max }, this.args.transform?.scheduledAction);
      this.makeWake({ min, max });
    }
    this.registerOutputs({ minCapacity: min, maxCapacity: max });
  }

  /** Whoever takes the hours of sleep away while the service sleeps wants it awake: the actions alone would leave it asleep for good. */
  private makeWake({ min, max }: { min: number; max: number }): void {
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

  private makeSchedule(
    sleep: Required<SleepArgs>,
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
