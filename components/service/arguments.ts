// What a service may be told, with the schema of it. How a rollout is described stands in rollout.ts.
import { LIMITS } from "../../facts/aws-limits";
import { wordComplaint } from "../../facts/errors";
import { hoursComplaint, overlapComplaint, rangeComplaint, rangesOf } from "../../facts/hours";
import type { SleepArgs } from "../../facts/sleep";
import { sleep } from "../base/arguments";
import type * as aws from "../base/aws";
import type { Transform } from "../base/component";
import type { QueueLike } from "../base/queue";
import {
  type ArgumentsOf,
  flag,
  flagOr,
  flagOrText,
  group,
  groupOr,
  integer,
  list,
  map,
  number,
  type OptionalArgument,
  offOr,
  omit,
  oneOf,
  optional,
  other,
  type Rule,
  scalar,
  text,
  within,
} from "../base/schema";
import { maintenanceComplaint } from "../load-balancer/answers";
import type { NetworkListener } from "../load-balancer/network-listener";
import type { Route } from "../load-balancer/route";
import { onFargate, type TaskArgs, type TaskTransform, task, taskRules } from "../task/arguments";
import { noEbs } from "../task/ebs";
import { capacity, type Ec2Placement, type FargateCapacity, placement, shares } from "../task/placement";
import { type BalancingArgs, balancing, spreads } from "./balancing";
import { type ConnectArgs, connect } from "./connect";
import { codesOfProtocol, type HealthCheck, healthCheck, type Protocol, protocol } from "./health-check";
import { type ScalingMetricArgs, scalingMetrics } from "./metrics";
import type { NamingTransform } from "./naming";
import { type PortArgs, port, portNameComplaint, portRules } from "./ports";
import { type Rollout, rollout, type Strategy } from "./rollout";
import { stepsComplaint, takesAway } from "./steps";

const { takes: TARGET_GROUP } = LIMITS["aws:lb/targetGroup:TargetGroup"];

/** How many tasks a service runs, following its load. */
export interface ScalingArgs {
  /** Fewest tasks (`minCapacity`). 0 needs `cpu` and `memory` off, and `messages` or a policy of your own that starts the first task. Defaults to 2. */
  min?: number;
  /** Most tasks (`maxCapacity`). Defaults to 10, or `min` where that is more. */
  max?: number;
  /** Average CPU to keep, in percent of what the tasks have (`ECSServiceAverageCPUUtilization`), or false; with `memory` false, too, policies of your own on `scaling.target` decide. Defaults to 70, and with `messages` or `scaleIn` to false. */
  cpu?: number | false;
  /** Average memory to keep, in percent (`ECSServiceAverageMemoryUtilization`), or false. Defaults to 80, and with `messages` or `scaleIn` to false. */
  memory?: number | false;
  /** Requests per task and minute to keep (`ALBRequestCountPerTarget`; with two target groups `RequestCountPerTarget` of the busier one). Defaults to none. */
  requests?: number;
  /**
   * Messages of the service's `queue` per task to keep, those that a task is working on among them (`ApproximateNumberOfMessagesVisible`,
   * `ApproximateNumberOfMessagesNotVisible`, `RunningTaskCount`), or false. Choose how many a task can work off in the time that a message may wait. Defaults to
   * none, and with a `queue` to 10. Cost: 0.60 USD a month for AWS's alarms, and with `min: 0` another 0.30.
   */
  messages?: number | false;
  /**
   * Metrics of CloudWatch by a name for each: one, or what an `expression` makes of several (`customizedMetricSpecification`), kept at a value (`target`) or
   * followed in steps (`scaleOut`, `scaleIn`). They stand beside `cpu` and `memory`; one that takes tasks away in steps decides alone. Defaults to none. Cost:
   * 0.20 USD a month for AWS's two alarms, for each metric in it.
   *
   * @example
   * ```yaml
   * config:
   *   service:
   *     scaling:
   *       metrics:
   *         orders:
   *           target: 100
   *           of:
   *             open:
   *               namespace: shop
   *               metricName: OpenOrders
   *               statistic: Maximum
   *           expression: open / tasks
   * ```
   */
  metrics?: Record<string, ScalingMetricArgs>;
  /**
   * Other ranges of tasks in hours of the week (scheduled actions): `weekdays 08:00-20:00 Europe/Berlin: 4..20`. The days are `daily`, `weekdays`, `weekends`,
   * names (`monday`, `mon`), lists (`sat,sun`) and ranges (`mon-thu`); the time zone is the same in each, and UTC where none is named. `min` and `max` hold
   * otherwise, and the metrics decide within the range. Defaults to none.
   *
   * @example
   * ```yaml
   * config:
   *   service:
   *     scaling:
   *       min: 2
   *       max: 10
   *       schedule:
   *         weekdays 08:00-20:00 Europe/Berlin: 4..20
   *         saturday 10:00-16:00 Europe/Berlin: 3..12
   * ```
   */
  schedule?: Record<string, string>;
  /** Seconds to wait after tasks were added (`scaleOutCooldown`). Defaults to 60. */
  scaleOutCooldown?: number;
  /** Seconds to wait after tasks were taken away (`scaleInCooldown`). Defaults to 300. */
  scaleInCooldown?: number;
}

/** What decides about the number of tasks by itself. */
export interface Decides {
  messages?: number | false;
  metrics?: Record<string, ScalingMetricArgs>;
}
/**
 * Whether something else decides about the number of tasks than what they do: a worker is as busy with ten messages as with a million, and what takes tasks
 * away in steps decides alone.
 */
const decidesAlone = ({ messages = false, metrics = {} }: Decides) => messages !== false || takesAway(metrics);
const unlessAlone =
  (percent: number) =>
  (given: Decides): number | false =>
    decidesAlone(given) ? false : percent;

/** The arguments of scaling, and what AWS refuses of them together. */
export const scaling = {
  min: optional(integer(0, 5000, "tasks"), 2),
  max: optional(integer(1, 5000, "tasks"), ({ min }: { min: number }) => Math.max(10, min)),
  cpu: optional(offOr(number(1, 100, "percent")), unlessAlone(70)),
  memory: optional(offOr(number(1, 100, "percent")), unlessAlone(80)),
  requests: optional(integer(1, 1_000_000, "requests per task and minute")),
  messages: optional(offOr(number(0.1, 1_000_000, "messages per task"))),
  metrics: optional(scalingMetrics, {}),
  schedule: optional(map(text(rangeComplaint, "4..20"), { name: hoursComplaint, whole: overlapComplaint }), {}),
  scaleOutCooldown: optional(integer(0, 3600, "seconds"), 60),
  scaleInCooldown: optional(integer(0, 3600, "seconds"), 300),
} satisfies ArgumentsOf<ScalingArgs>;
type Scaling = typeof scaling;
export const scalingRules: Rule<Scaling>[] = [
  {
    about: ["min", "max"],
    at: "min",
    complain: ({ min, max }) => (min > max ? `${min} is above max (${max}); the nearest is ${max}.` : undefined),
  },
  {
    about: ["cpu", "memory", "requests", "messages", "metrics"],
    at: "metrics",
    complain: ({ metrics, ...values }) => {
      const kept = (["cpu", "memory", "requests", "messages"] as const).filter((key) => (values[key] ?? false) !== false);
      const complaint = stepsComplaint(metrics, kept);
      return complaint && [complaint];
    },
  },
];
export const scalingGroup = group(scaling, ...scalingRules);

/** What runs before a new revision is rolled out. */
export interface PreDeployArgs {
  /** The command (`containerOverrides[].command`). Required; no default. */
  command: string[];
  /** The container that it runs in, a sidecar by its name; the others run beside it, until it has ended. Defaults to the app's. */
  container?: string;
}

const preDeploy = group({ command: list(scalar(), 1), container: optional(text()) } satisfies ArgumentsOf<PreDeployArgs>);

/** Changes to what brings requests to a service. */
export interface TrafficTransform {
  ingress?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
  loadBalancerEgress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
  targetGroup?: Transform<aws.lb.TargetGroupArgs>;
  listenerRule?: Transform<aws.lb.ListenerRuleArgs>;
  listener?: Transform<aws.lb.ListenerArgs>;
  infrastructureRole?: Transform<aws.iam.RoleArgs>;
  infrastructurePolicy?: Transform<aws.iam.RolePolicyArgs>;
  alarm?: Transform<aws.cloudwatch.MetricAlarmArgs>;
}

/** Changes to what scaling is made of. */
export interface ScalingTransform {
  target?: Transform<aws.appautoscaling.TargetArgs>;
  policy?: Transform<aws.appautoscaling.PolicyArgs>;
  alarm?: Transform<aws.cloudwatch.MetricAlarmArgs>;
  scheduledAction?: Transform<aws.appautoscaling.ScheduledActionArgs>;
}

/** What every service takes, whatever it runs on. */
export interface ServiceArgs extends Omit<TaskArgs, "transform">, BalancingArgs {
  /** Which requests it gets: `lb.route({ path: "/*" })`, or of a network load balancer `nlb.listener({ port: 5432 })`. Defaults to none: a worker, without a target group. */
  route?: Route | NetworkListener;
  /**
   * Whether the load balancer answers the route's requests with 503 and a page, in place of the service, which goes on as it is: `true`, or the page's text.
   * Requests with the `testHeader` of a rollout still reach it. Defaults to false.
   */
  maintenance?: boolean | string;
  /** Port that the app listens on; it is also given to it as `PORT`. Left out, it is the one that the image's Dockerfile names. Defaults to 8000. */
  port?: number;
  /**
   * What the load balancer speaks with the tasks (`protocol`, `protocolVersion`): `http` (HTTP/1.1), `https` (the same with TLS; the load balancer does not
   * verify the tasks' certificate), `http2` or `grpc`. The last two need an HTTPS listener, and have no health check inside the container of their own accord.
   * Behind a network load balancer `tcp`, `tls` (which ends at the tasks) or `udp`. Another one on a live service is another target group, which is empty until its tasks are healthy. Defaults to `http`.
   */
  protocol?: Protocol;
  /**
   * Further ports of the tasks, by name (`portMappings`, `loadBalancers`): each may have a route and a health check of its own, and belong to a sidecar. One
   * without a route is reached by what `allowFrom` lets in. AWS takes five routes for a service. Defaults to none.
   */
  ports?: Record<string, PortArgs>;
  /**
   * The name under which other services call it (ECS Service Connect, `serviceConnectConfiguration`): `true` for its own name, or how it is called. A proxy of
   * AWS's runs in each task, for which AWS recommends 256 CPU units and 64 MiB beside the app. Without a route, `healthCheck` is asked inside the container.
   * Defaults to none. Cost: nothing but what the proxy uses of the task.
   */
  connect?: boolean | ConnectArgs;
  /**
   * Whether the tasks' addresses stand in the VPC's DNS under the service's name (`serviceRegistries`), for callers that are no services: tasks that run once,
   * functions, instances. `allowFrom` lets them in. Defaults to false. Cost: the hosted zone of the cluster's `dnsNamespace`, 0.50 USD a month.
   */
  dns?: boolean;
  /** The load balancer's health check. Defaults to those of its arguments: `/health` every 10 seconds. */
  healthCheck?: HealthCheck;
  /** Seconds that a task being replaced may finish its requests in (`deregistrationDelay`), 0 to 3600. Defaults to 15; part of each rollout. */
  deregistrationDelay?: number;
  /** A fixed number of tasks (`desiredCount`), instead of `scaling`. Defaults to none: `scaling` decides. */
  desiredCount?: number;
  /** How the number of tasks follows the load. Defaults to a range of 2 to 10 tasks, unless `desiredCount` is given. */
  scaling?: ScalingArgs;
  /**
   * The queue that the service works on: a `Queue`, or `Queue.existing`. The app has the right to receive its messages and to delete them, and `QUEUE_URL` in
   * its environment. The number of tasks follows the messages, ten for each task unless `scaling.messages` says otherwise. Defaults to none.
   */
  queue?: QueueLike;
  /** Hours in which no task runs. Defaults to none. Saves what the tasks cost in them: nights and weekends are about 70 % of a week. */
  sleep?: SleepArgs;
  /** How a new revision takes over: a strategy by its name, or with its settings. Defaults to `rolling`. */
  rollout?: Rollout | Strategy;
  /**
   * A command that must end with 0 before a new revision is rolled out, such as `["node", "migrate.js"]`, or with the container that it runs in. It runs once,
   * as a task of the new revision, with the service's own settings; its log appears in the update. If it fails, the update fails and the old revision keeps
   * serving. Defaults to none.
   */
  preDeploy?: string[] | PreDeployArgs;
  /** Any text. A changed one starts a deployment although nothing else has changed (`forceNewDeployment`, `triggers`). Defaults to none. */
  redeploy?: string;
  /**
   * Who deploys revisions (`taskDefinition`). `external`: a pipeline does. Pulumi's revision is the service's first; later ones of Pulumi's are registered
   * and not deployed, and those from outside are neither undone nor waited for. Defaults to `pulumi`.
   */
  revision?: "pulumi" | "external";
  /** Changes to what the service makes. */
  transform?: TaskTransform &
    TrafficTransform &
    NamingTransform & {
      /** By whose right ECS makes the volumes of the tasks (`ebs`). */
      volumeRole?: Transform<aws.iam.RoleArgs>;
      volumePolicyAttachment?: Transform<aws.iam.RolePolicyAttachmentArgs>;
      volumePolicy?: Transform<aws.iam.RolePolicyArgs>;
      securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
      egress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
      neighborIngress?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
      neighborEgress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
      service?: Transform<aws.ecs.ServiceArgs>;
      scaling?: ScalingTransform;
    };
}

export const service = {
  ...omit(task, "transform"),
  route: optional(other<Route | NetworkListener>()),
  maintenance: optional(flagOrText(maintenanceComplaint), false),
  port: optional(integer(1, 65535), 8000),
  protocol: protocol(),
  ports: optional(map(group(port, ...portRules), { name: portNameComplaint }), {}),
  connect: optional(flagOr(connect)),
  dns: optional(flag(), false),
  healthCheck: optional(healthCheck, {}),
  deregistrationDelay: optional(within(TARGET_GROUP.deregistrationDelay), 15),
  ...balancing,
  desiredCount: optional(integer(0, 5000, "tasks")),
  scaling: optional(scalingGroup),
  queue: optional(other<QueueLike>()),
  sleep: optional(sleep),
  rollout: optional(rollout, "rolling"),
  preDeploy: optional(groupOr("command", preDeploy)),
  redeploy: optional(scalar()),
  revision: optional(oneOf("pulumi", "external"), "pulumi"),
  transform: optional(other<NonNullable<ServiceArgs["transform"]>>()),
} satisfies ArgumentsOf<ServiceArgs>;

export const externalHasNoCommand: Rule<Pick<typeof service, "revision" | "preDeploy">> = {
  about: ["revision", "preDeploy"],
  at: "preDeploy",
  complain: ({ revision, preDeploy }) =>
    revision === "external" && preDeploy !== undefined
      ? "it runs before Pulumi deploys a revision, and with revision: external a pipeline deploys them; run it there (`berth run`), or leave one of them out."
      : undefined,
};

/** The command runs in a container of the task that ends with it. */
export const itsContainerEnds: Rule<Pick<typeof service, "preDeploy" | "sidecars">> = {
  about: ["preDeploy", "sidecars"],
  at: "preDeploy.container",
  complain: ({ preDeploy: its, sidecars }) => {
    if (its?.container === undefined) return undefined;
    if (!Object.hasOwn(sidecars, its.container)) {
      return Object.keys(sidecars).length > 0
        ? wordComplaint(its.container, Object.keys(sidecars), "a sidecar of the service")
        : `the service has no sidecar ${JSON.stringify(its.container)}; leave it out for the app's own container.`;
    }
    return sidecars[its.container]!.restartPolicy
      ? `ECS starts ${its.container} again whenever it ends; take its restartPolicy away, or name another container.`
      : undefined;
  },
};

export const oneCount: Rule<Pick<typeof service, "desiredCount" | "scaling" | "sleep">> = {
  about: ["desiredCount", "scaling", "sleep"],
  at: "desiredCount",
  complain: ({ desiredCount, scaling, sleep }) => {
    if (desiredCount !== undefined && scaling)
      return "desiredCount and scaling are both given; the number of tasks is either fixed or scaled: leave one out.";
    return desiredCount === 0 && sleep ? "0 leaves no task to sleep and to wake again; the nearest is 1, or leave sleep out." : undefined;
  },
};

/** From none, only what is measured without tasks leads back: the messages of a queue, or a policy of the program's own on `scaling.target`. */
export const startsAgain: Rule<{ scaling: typeof service.scaling; queue: OptionalArgument<unknown, unknown, undefined> }> = {
  about: ["scaling", "queue"],
  at: "scaling.min",
  complain: (_, given) => {
    const { min, requests, schedule = {}, ...own } = given.scaling ?? {};
    const alone = decidesAlone({ ...(given.queue !== undefined && { messages: 1 }), ...own });
    const byTasks = [own.cpu, own.memory].some((percent = alone ? false : undefined) => percent !== false);
    if (!byTasks && requests === undefined) return undefined;
    const text =
      "no task has no cpu, memory or requests to measure, so nothing would start one again; the nearest is 1, or scale by the messages of a queue alone, or set cpu: false and memory: false, and add a policy of your own to scaling.target.";
    if (min === 0) return text;
    return rangesOf(schedule).some((range) => range.min === 0 && range.max > 0) ? [{ at: "scaling.schedule", text }] : undefined;
  },
};

/** Sleep is a range, too. */
export const oneClock: Rule<Pick<typeof service, "scaling" | "sleep">> = {
  about: ["scaling", "sleep"],
  at: "sleep",
  complain: ({ scaling, sleep }) =>
    sleep && Object.keys(scaling?.schedule ?? {}).length > 0
      ? "scaling.schedule says how many tasks run at which hours, too; write those of sleep there as 0..0, or leave one of them out."
      : undefined,
};
export const serviceRules = [
  ...taskRules,
  oneCount,
  startsAgain,
  oneClock,
  externalHasNoCommand,
  itsContainerEnds,
  codesOfProtocol,
  spreads,
];

/** Arguments of {@link FargateService}. */
export interface FargateServiceArgs extends ServiceArgs {
  /**
   * What the tasks run on. `onDemand` is Fargate. `spot` is spare capacity at about 70 % off that AWS may take back with two minutes' notice.
   * `mixed` keeps the first two tasks on demand and puts three of four further ones on Spot. Defaults to `onDemand`.
   */
  capacity?: FargateCapacity;
}

export const fargateService = {
  ...service,
  capacity: optional(capacity(), "onDemand"),
} satisfies ArgumentsOf<FargateServiceArgs>;
export const fargateRules = [...serviceRules, ...onFargate];

/** Arguments of {@link Ec2Service}. */
export interface Ec2ServiceArgs extends ServiceArgs, Ec2Placement {}

export const ec2Service = { ...service, ...placement } satisfies ArgumentsOf<Ec2ServiceArgs>;

export const noNumber: Rule<Pick<typeof ec2Service, "daemon" | "desiredCount" | "scaling" | "sleep">> = {
  about: ["daemon", "desiredCount", "scaling", "sleep"],
  at: "daemon",
  complain: ({ daemon, desiredCount, scaling, sleep }) =>
    daemon && (desiredCount !== undefined || scaling || sleep)
      ? "a daemon runs one task on each instance; leave desiredCount, scaling and sleep out."
      : undefined,
};
export const noDiskOfDaemon: Rule<Pick<typeof ec2Service, "daemon" | "volumes">> = {
  about: ["daemon", "volumes"],
  at: "volumes",
  complain: ({ daemon, volumes }) =>
    daemon ? noEbs(volumes, "AWS makes no volumes for a daemon's tasks; use hostPath, or leave daemon out.") : undefined,
};
export const ec2Rules = [...serviceRules, shares, noNumber, noDiskOfDaemon];

/** Arguments of {@link ManagedInstancesService}. */
export interface ManagedInstancesServiceArgs extends ServiceArgs {}
