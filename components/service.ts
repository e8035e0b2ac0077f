import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component, type Transform } from "./component";
import { refuse } from "./errors";
import type { Route } from "./load-balancer";
import { describe, type RouteConditions } from "./priorities";
import { Scaling, type ScalingArgs, type ScalingTransform, scalingRange } from "./scaling";
import type { SleepArgs } from "./sleep";
import { type Compatibility, Task, type TaskArgs, type TaskTransform } from "./task";

/** How the load balancer asks a task whether it is healthy (`healthCheck` of the target group). Times in seconds. */
export interface HealthCheck {
  /** Path to ask for. Defaults to `/health`. */
  path?: string;
  /** Status codes that mean healthy (`matcher`). Defaults to `200`. */
  matcher?: string;
  /** Seconds between two checks, 5 to 300. Defaults to 10; a new task is served after its first passed check, so this is part of each rollout. */
  interval?: number;
  /** Seconds a check may take, 2 to 120, less than `interval`. Defaults to 5. */
  timeout?: number;
  /** Passed checks in a row after which a target that had failed is healthy again, 2 to 10. Defaults to 2. */
  healthyThreshold?: number;
  /** Failed checks in a row that make a target unhealthy, 2 to 10. Defaults to 3. */
  unhealthyThreshold?: number;
  /** Seconds after start in which failed checks do not count (`healthCheckGracePeriodSeconds`), 10 to 600. Defaults to 60. */
  gracePeriod?: number;
}

/** What every service takes, whatever it runs on. */
export interface ServiceArgs extends Omit<TaskArgs, "transform"> {
  /** Which requests it gets: `lb.route({ path: "/*" })`. Without a route it has no target group: a worker. */
  route?: Route;
  /** Port that the app listens on; it is also given to it as `PORT`. Defaults to 8000. */
  port?: number;
  /** The load balancer's health check. */
  healthCheck?: HealthCheck;
  /** Seconds that a task being replaced may finish its requests in (`deregistrationDelay`), 0 to 3600. Defaults to 15; part of each rollout. */
  deregistrationDelay?: number;
  /** A fixed number of tasks (`desiredCount`), in place of `scaling`. */
  desiredCount?: number;
  /** How the number of tasks follows the load. Defaults to 2 to 10 tasks, unless `desiredCount` is given. */
  scaling?: ScalingArgs;
  /** Hours in which no task runs. Defaults to none. Saves what the tasks cost in them: nights and weekends are about 70 % of a week. */
  sleep?: SleepArgs;
  /** Change it to roll the service without changing anything else (`forceNewDeployment`); needed too when a live service moves to other capacity. */
  redeploy?: string;
  /** Changes to what the service makes. */
  transform?: TaskTransform & {
    securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    ingress?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
    egress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
    loadBalancerEgress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
    targetGroup?: Transform<aws.lb.TargetGroupArgs>;
    listenerRule?: Transform<aws.lb.ListenerRuleArgs>;
    service?: Transform<aws.ecs.ServiceArgs>;
    scaling?: ScalingTransform;
  };
}

/** What a variant decides: where its tasks run. */
export interface Launch extends Compatibility {
  /** Always given, never `launchType`: a service can then move to other capacity, and AWS keeps to what the program says. */
  capacityProviderStrategies: aws.types.input.ecs.ServiceCapacityProviderStrategy[];
  assignPublicIp: boolean;
  /** Percent of the tasks that may run during a rollout (`deploymentMaximumPercent`). Defaults to 200. */
  maximumPercent?: number;
  /** Bridge mode: requests come to the instances, on ports that Docker chooses. */
  hosts?: aws.ec2.SecurityGroup;
  orderedPlacementStrategies?: aws.types.input.ecs.ServiceOrderedPlacementStrategy[];
  placementConstraints?: aws.types.input.ecs.ServicePlacementConstraint[];
  /** One task on each instance, in place of a number of tasks (`schedulingStrategy: DAEMON`). */
  daemon?: boolean;
}

/** The ports that Docker gives to containers in bridge mode: Linux's ephemeral range. */
const EPHEMERAL = { fromPort: 32768, toPort: 65535 };

const VARIANTS = ["FargateService", "Ec2Service", "ManagedInstancesService"];

/** AWS's limit is 32 for the name of a target group, and Pulumi adds 8 of its own. */
const LONGEST_NAME = 24;

/** A service: its task, who may reach it, how requests come to it, how it rolls and how it grows. The variants differ only in where tasks run. */
export abstract class EcsService extends Component {
  readonly task: Task;
  /** The group that admits the load balancer: the tasks' own, or in bridge mode the instances'. */
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly targetGroup?: aws.lb.TargetGroup;
  readonly listenerRule?: aws.lb.ListenerRule;
  readonly service: aws.ecs.Service;
  readonly scaling?: Scaling;
  /** The service's name (`serviceName`). */
  readonly serviceName: pulumi.Output<string>;
  /** Where the service answers; undefined without a route. */
  readonly url?: pulumi.Output<string>;

  protected constructor(type: string, name: string, args: ServiceArgs, launch: Launch, opts?: pulumi.ComponentResourceOptions) {
    // One word moves a service from one capacity to another: the variants know each other's names, so that Pulumi sees the same resources, not new ones.
    super(
      type,
      name,
      args,
      pulumi.mergeOptions({ aliases: VARIANTS.filter((other) => other !== type).map((other) => ({ type: `berth:index:${other}` })) }, opts),
    );
    const port = args.port ?? 8000;
    const count = check(name, args, launch);

    this.task = this.makeTask(args, port, launch);
    this.securityGroup = launch.hosts ?? this.makeSecurityGroup(args);
    const doors = launch.hosts ? [] : [this.makeEgress(args)];
    if (args.route) {
      doors.push(...this.openDoors(args.route, launch.hosts ? EPHEMERAL : { fromPort: port, toPort: port }, args.transform));
      this.targetGroup = this.makeTargetGroup(args, port, launch);
      this.listenerRule = this.makeListenerRule(args.route, this.targetGroup, args.transform?.listenerRule);
      this.url = pulumi.interpolate`${args.route.loadBalancer.url}${entrance(args.route.conditions)}`;
    }
    this.service = this.makeService(args, launch, port, count, doors);
    this.serviceName = this.service.name;
    if (count.scales) this.scaling = this.makeScaling(args);
    this.registerOutputs({ serviceName: this.serviceName, url: this.url });
  }

  private makeTask(args: ServiceArgs, port: number, launch: Launch): Task {
    // A route's health check belongs to the container too: ECS then replaces what answers nobody, load balancer or not.
    const health = args.route && { path: args.healthCheck?.path ?? "/health" };
    return new Task(this.label, { ...args, port, tags: this.tags }, launch, health, { parent: this });
  }

  private makeSecurityGroup(args: ServiceArgs): aws.ec2.SecurityGroup {
    return this.make(
      aws.ec2.SecurityGroup,
      "",
      { vpcId: args.cluster.network.vpcId, description: `Tasks of service ${this.label}`, tags: this.tags },
      args.transform?.securityGroup,
      // Fargate lets go of a task's network interface minutes after the task has stopped.
      { customTimeouts: { delete: "20m" } },
    );
  }

  private makeEgress(args: ServiceArgs): pulumi.Resource {
    return this.make(
      aws.vpc.SecurityGroupEgressRule,
      "out",
      {
        securityGroupId: this.securityGroup.id,
        description: "Whatever the app calls",
        ipProtocol: "-1",
        cidrIpv4: "0.0.0.0/0",
        tags: this.tags,
      },
      args.transform?.egress,
    );
  }

  /** Only the load balancer comes in, only on the app's port (in bridge mode: on Docker's); and it gets out to nothing else. */
  private openDoors(route: Route, ports: { fromPort: number; toPort: number }, transform: ServiceArgs["transform"]): pulumi.Resource[] {
    const outside = route.loadBalancer.securityGroup;
    const rule = { ipProtocol: "tcp", ...ports, tags: this.tags };
    return [
      this.make(
        aws.vpc.SecurityGroupIngressRule,
        "in",
        {
          ...rule,
          securityGroupId: this.securityGroup.id,
          referencedSecurityGroupId: outside.id,
          description: "Requests from the load balancer",
        },
        transform?.ingress,
      ),
      this.make(
        aws.vpc.SecurityGroupEgressRule,
        "requests",
        {
          ...rule,
          securityGroupId: outside.id,
          referencedSecurityGroupId: this.securityGroup.id,
          description: `Requests to service ${this.label}`,
        },
        transform?.loadBalancerEgress,
      ),
    ];
  }

  private makeTargetGroup(args: ServiceArgs, port: number, launch: Launch): aws.lb.TargetGroup {
    const health = args.healthCheck ?? {};
    return this.make(
      aws.lb.TargetGroup,
      "",
      {
        vpcId: args.cluster.network.vpcId,
        targetType: launch.networkMode === "bridge" ? "instance" : "ip",
        port,
        protocol: "HTTP",
        deregistrationDelay: args.deregistrationDelay ?? 15,
        healthCheck: {
          enabled: true,
          path: health.path ?? "/health",
          matcher: health.matcher ?? "200",
          interval: health.interval ?? 10,
          timeout: health.timeout ?? 5,
          healthyThreshold: health.healthyThreshold ?? 2,
          unhealthyThreshold: health.unhealthyThreshold ?? 3,
        },
        tags: this.tags,
      },
      args.transform?.targetGroup,
    );
  }

  private makeListenerRule(route: Route, target: aws.lb.TargetGroup, transform?: Transform<aws.lb.ListenerRuleArgs>): aws.lb.ListenerRule {
    return this.make(
      aws.lb.ListenerRule,
      "",
      {
        listenerArn: route.loadBalancer.listener.arn,
        priority: route.priority,
        conditions: conditions(route.conditions),
        actions: [{ type: "forward", targetGroupArn: target.arn }],
        tags: this.tags,
      },
      transform,
    );
  }

  private makeService(
    args: ServiceArgs,
    launch: Launch,
    port: number,
    { desired: desiredCount, scales }: Count,
    doors: pulumi.Resource[],
  ): aws.ecs.Service {
    const { cluster } = args;
    return this.make(
      aws.ecs.Service,
      "",
      {
        cluster: cluster.arn,
        taskDefinition: this.task.taskDefinition.arn,
        ...(launch.daemon ? { schedulingStrategy: "DAEMON" } : { desiredCount }),
        capacityProviderStrategies: launch.capacityProviderStrategies,
        ...(launch.networkMode === "awsvpc" && {
          networkConfiguration: {
            subnets: cluster.network.taskSubnetIds,
            securityGroups: [this.securityGroup.id],
            assignPublicIp: launch.assignPublicIp,
          },
        }),
        ...(launch.orderedPlacementStrategies && { orderedPlacementStrategies: launch.orderedPlacementStrategies }),
        ...(launch.placementConstraints && { placementConstraints: launch.placementConstraints }),
        ...(this.targetGroup && {
          loadBalancers: [{ targetGroupArn: this.targetGroup.arn, containerName: this.label, containerPort: port }],
          healthCheckGracePeriodSeconds: args.healthCheck?.gracePeriod ?? 60,
        }),
        deploymentController: { type: "ECS" },
        deploymentConfiguration: { strategy: "ROLLING" },
        // An instance holds one task of a daemon: the old one must go before the new one comes.
        ...(launch.daemon
          ? { deploymentMinimumHealthyPercent: 0, deploymentMaximumPercent: 100, availabilityZoneRebalancing: "DISABLED" }
          : {
              deploymentMinimumHealthyPercent: 100,
              deploymentMaximumPercent: launch.maximumPercent ?? 200,
              availabilityZoneRebalancing: "ENABLED",
            }),
        deploymentCircuitBreaker: { enable: true, rollback: true },
        enableExecuteCommand: args.exec ?? false,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        waitForSteadyState: true,
        ...(args.redeploy !== undefined && { forceNewDeployment: true, triggers: { redeploy: args.redeploy } }),
        tags: this.tags,
      },
      args.transform?.service,
      {
        // What a task needs from its first second to its last: ways to ECR and to its logs, the rights of its roles, capacity, and a target group that a
        // listener knows. AWS names none of these in the service itself, so they are named here; destroy goes the other way round.
        dependsOn: [
          ...cluster.network.ready,
          cluster.capacityProviders,
          ...this.task.ready,
          ...doors,
          ...(this.listenerRule ? [this.listenerRule] : []),
        ],
        // Auto Scaling changes the count; setting it back at each `pulumi up` would throw the load on too few tasks.
        ...(scales && { ignoreChanges: ["desiredCount"] }),
        customTimeouts: { create: "20m", update: "20m", delete: "20m" },
      },
    );
  }

  private makeScaling(args: ServiceArgs): Scaling {
    const suffixes = args.route && this.targetGroup;
    return new Scaling(
      this.label,
      {
        ...args.scaling,
        ...(args.desiredCount !== undefined && { fixed: args.desiredCount }),
        ...(args.sleep && { sleep: args.sleep }),
        clusterName: args.cluster.clusterName,
        serviceName: this.serviceName,
        ...(suffixes && { resourceLabel: pulumi.interpolate`${args.route!.loadBalancer.loadBalancer.arnSuffix}/${suffixes.arnSuffix}` }),
        ...(args.transform?.scaling && { transform: args.transform.scaling }),
        tags: this.tags,
      },
      { parent: this },
    );
  }
}

/** Listener-rule conditions as AWS takes them. */
function conditions({ host, path, headers = {} }: RouteConditions): aws.types.input.lb.ListenerRuleCondition[] {
  return [
    ...(host === undefined ? [] : [{ hostHeader: { values: [host] } }]),
    ...(path === undefined && (host !== undefined || Object.keys(headers).length > 0) ? [] : [{ pathPattern: { values: [path ?? "/*"] } }]),
    ...Object.entries(headers).map(([name, values]) => ({ httpHeader: { httpHeaderName: name, values: [values].flat() } })),
  ];
}

/** The part of the URL that a path pattern leaves open: `/api/*` is entered at `/api/`. */
const entrance = ({ path = "/*" }: RouteConditions) => (path === "/*" ? "" : path.replace(/[*?].*$/, ""));

/** How many tasks a service starts with (none is said of a daemon), and whether Auto Scaling changes that. */
interface Count {
  desired?: number;
  scales: boolean;
}

/** Checks what belongs to the service alone, and says how many tasks it starts with. */
function check(name: string, args: ServiceArgs, launch: Launch): Count {
  if (name.length > LONGEST_NAME) {
    refuse(
      "name",
      `${JSON.stringify(name)} has ${name.length} characters; a target group's name has room for ${LONGEST_NAME}; the nearest is ${JSON.stringify(name.slice(0, LONGEST_NAME).replace(/-+$/, ""))}.`,
    );
  }
  if (args.route && args.route.loadBalancer.network.vpcId !== args.cluster.network.vpcId) {
    refuse(
      "route",
      `the load balancer of the route ${describe(args.route.conditions)} is in another network than the cluster; both must be made with the same one.`,
    );
  }
  const { interval = 10, timeout = 5 } = args.healthCheck ?? {};
  if (timeout >= interval)
    refuse("healthCheck.timeout", `${timeout} is not less than healthCheck.interval (${interval}); the nearest is ${interval - 1}.`);
  if (launch.daemon) {
    if (args.desiredCount !== undefined || args.scaling)
      refuse("daemon", "a daemon runs one task on each instance; leave desiredCount and scaling out.");
    return { scales: false };
  }
  if (args.desiredCount === undefined) return { desired: scalingRange(args.scaling ?? {}).min, scales: true };
  if (args.scaling)
    refuse("desiredCount", "desiredCount and scaling are both given; the number of tasks is either fixed or scaled: leave one out.");
  if (!Number.isInteger(args.desiredCount) || args.desiredCount < 0)
    refuse("desiredCount", `${args.desiredCount} is not a number of tasks.`);
  return { desired: args.desiredCount, scales: args.sleep !== undefined };
}

/** The most tasks that a service runs outside of a rollout. */
export const mostTasks = (args: ServiceArgs): number => args.desiredCount ?? scalingRange(args.scaling ?? {}).max;
