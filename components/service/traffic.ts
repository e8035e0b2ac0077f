import type * as pulumi from "@pulumi/pulumi";
import * as aws from "../base/aws";
import { allow, ECS_TRUST } from "../base/iam";
import { type ArgumentsOf, flagOrText, group, oneOf, other } from "../base/schema";
import { maintenanceAction, maintenanceComplaint } from "../load-balancer/answers";
import { conditionsComplaint, type RouteConditions, ruleConditions } from "../load-balancer/conditions";
import type { Route } from "../load-balancer/route";
import type { TrafficTransform } from "./arguments";
import { type BalancingValues, balancingOf } from "./balancing";
import { checkedBy, HEALTHY, type RequestProtocol } from "./health-check";
import type { Deployment } from "./rollout";
import { type Dimensions, TargetGroupOwner, type TargetsArgs, targets } from "./target-group-owner";

/** Arguments of {@link Traffic}. */
export interface TrafficArgs extends TargetsArgs {
  route: Route;
  protocol: RequestProtocol;
  balancing: BalancingValues;
  deployment: Deployment;
  maintenance: boolean | string;
}

const traffic = {
  ...targets,
  route: other<Route>(),
  protocol: oneOf("http", "https", "http2", "grpc"),
  balancing: other<BalancingValues>(),
  deployment: other<Deployment>(),
  maintenance: flagOrText(maintenanceComplaint),
} satisfies ArgumentsOf<TrafficArgs>;

/** What brings a load balancer's requests to a service: security-group rules, target groups and listener rules; and what ECS needs to move them at a rollout. */
export class Traffic extends TargetGroupOwner<typeof traffic> {
  readonly targetGroup: aws.lb.TargetGroup;
  /** The second target group, where a rollout has two sets of tasks. */
  readonly alternateTargetGroup?: aws.lb.TargetGroup;
  readonly listenerRule: aws.lb.ListenerRule;
  readonly testListenerRule?: aws.lb.ListenerRule;
  readonly infrastructureRole?: aws.iam.Role;
  readonly alarms: aws.cloudwatch.MetricAlarm[] = [];
  /** What must exist before the service and outlive it. */
  readonly ready: pulumi.Resource[] = [];

  constructor(name: string, args: TrafficArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Traffic", name, group(traffic), args, opts);
    const { route, deployment, transform } = this.args;
    this.ready.push(...this.allowRequests(route.loadBalancer.securityGroupId));
    this.targetGroup = this.makeTargetGroup("");
    const priority = route.priority(this.label);
    if (deployment.hasTwoTargetGroups) {
      this.alternateTargetGroup = this.makeTargetGroup("green");
      // Rules of their own, asked before a rolling service's: while a live service changes its strategy, both are there and lead to the same tasks.
      this.listenerRule = this.makeSharedRule("production", route.before(priority, "production"), {});
      if (deployment.testHeader) {
        this.testListenerRule = this.makeSharedRule("test", route.before(priority, "test"), deployment.testHeader);
        this.ready.push(this.testListenerRule);
      }
      const { role, policy } = this.makeInfrastructureRole(this.alternateTargetGroup);
      this.infrastructureRole = role;
      this.ready.push(policy);
    } else {
      this.listenerRule = this.makeRule(
        "",
        priority,
        route.conditions,
        route.signIn
          ? [route.signIn, { type: "forward", order: 2, targetGroupArn: this.targetGroup.arn }]
          : [{ type: "forward", targetGroupArn: this.targetGroup.arn }],
        transform,
      );
    }
    this.ready.push(this.listenerRule);
    // The page is there before a deployment that begins with it, and goes after one that ends with it.
    if (this.args.maintenance !== false) this.ready.push(this.makeMaintenanceRule(priority, this.args.maintenance));
    this.alarms = this.makeAlarms();
    this.registerOutputs({ targetGroup: this.targetGroup.arn });
  }

  /** The part of `aws.ecs.Service` that names the targets. */
  get loadBalancers(): aws.types.input.ecs.ServiceLoadBalancer[] {
    const { container, port } = this.args;
    const first = { targetGroupArn: this.targetGroup.arn, containerName: container, containerPort: port };
    if (!this.alternateTargetGroup || !this.infrastructureRole) return [first];
    return [
      {
        ...first,
        advancedConfiguration: {
          alternateTargetGroupArn: this.alternateTargetGroup.arn,
          productionListenerRule: this.listenerRule.arn,
          ...(this.testListenerRule && { testListenerRule: this.testListenerRule.arn }),
          roleArn: this.infrastructureRole.arn,
        },
      },
    ];
  }

  /** What CloudWatch calls its target groups. */
  get dimensions(): Dimensions[] {
    const groups = [this.targetGroup, ...(this.alternateTargetGroup ? [this.alternateTargetGroup] : [])];
    return groups.map((group) => ({ LoadBalancer: this.args.route.loadBalancer.arnSuffix, TargetGroup: group.arnSuffix }));
  }

  private makeTargetGroup(suffix: string): aws.lb.TargetGroup {
    const { balancing, healthCheck: health, protocol, route } = this.args;
    return this.makeTargets(
      suffix,
      {
        protocol: protocol === "https" ? "HTTPS" : "HTTP",
        ...((protocol === "http2" || protocol === "grpc") && { protocolVersion: protocol.toUpperCase() }),
        ...balancingOf(balancing),
      },
      {
        // AWS's default is HTTP, whatever is spoken else.
        ...(checkedBy(protocol, health) === "https" && { protocol: "HTTPS" }),
        path: health.path,
        matcher: health.matcher ?? HEALTHY[protocol],
      },
      route.loadBalancer.identity,
    );
  }

  private makeRule(
    suffix: string,
    priority: number,
    route: RouteConditions,
    actions: aws.types.input.lb.ListenerRuleAction[],
    transform?: TrafficTransform,
    opts?: pulumi.CustomResourceOptions,
  ): aws.lb.ListenerRule {
    const { transforms } = this.args.route;
    return this.make(
      aws.lb.ListenerRule,
      suffix,
      {
        listenerArn: this.args.route.loadBalancer.listenerArn,
        priority,
        conditions: ruleConditions(route),
        ...(transforms.length > 0 && { transforms }),
        actions,
        tags: this.tags,
      },
      transform?.listenerRule,
      opts,
    );
  }

  /** Asked before the rules that lead to the tasks, and after that for the test header, so that a revision can be tried out behind the page. */
  private makeMaintenanceRule(priority: number, words: true | string): aws.lb.ListenerRule {
    const { route, transform } = this.args;
    return this.makeRule("maintenance", route.before(priority, "maintenance"), route.conditions, [maintenanceAction(words)], transform);
  }

  /** A rule that leads to both target groups, by weights that ECS moves. */
  private makeSharedRule(suffix: string, priority: number, headers: Record<string, string>): aws.lb.ListenerRule {
    const { conditions: route } = this.args.route;
    const requests = { ...route, headers: { ...route.headers, ...headers } };
    const complaint = conditionsComplaint(requests);
    if (complaint) this.refuse("rollout.testHeader", complaint);
    const targetGroups = [
      { arn: this.targetGroup.arn, weight: 100 },
      { arn: this.alternateTargetGroup!.arn, weight: 0 },
    ];
    return this.makeRule(
      suffix,
      priority,
      requests,
      [{ type: "forward", forward: { targetGroups } }],
      this.args.transform,
      // At each deployment ECS rewrites the weights and leaves them where it ended: 0 and 100 after every other one. Writing ours back would send all
      // traffic to the empty group. Ignoring them is safe, because nothing else in the actions ever changes: the groups are never replaced (see above).
      { ignoreChanges: ["actions"] },
    );
  }

  /** What ECS may do with the load balancer: move requests between these two groups, and look where they go. */
  private makeInfrastructureRole(alternate: aws.lb.TargetGroup) {
    const role = this.makeRole(
      "traffic",
      {
        description: `Lets ECS move the traffic of ${this.label} between its target groups`,
        assumeRolePolicy: ECS_TRUST,
      },
      this.args.transform?.infrastructureRole,
    );
    const elb = (...actions: string[]) => actions.map((action) => `elasticloadbalancing:${action}`);
    const rules = [this.listenerRule, ...(this.testListenerRule ? [this.testListenerRule] : [])];
    const document = allow(
      { sid: "Look", actions: elb("DescribeListeners", "DescribeRules", "DescribeTargetGroups", "DescribeTargetHealth"), resources: ["*"] },
      { sid: "RegisterTasks", actions: elb("RegisterTargets", "DeregisterTargets"), resources: [this.targetGroup.arn, alternate.arn] },
      { sid: "MoveTraffic", actions: elb("ModifyRule"), resources: rules.map((rule) => rule.arn) },
    );
    const policy = this.make(
      aws.iam.RolePolicy,
      "traffic",
      { role: role.name, policy: document },
      this.args.transform?.infrastructurePolicy,
    );
    return { role, policy };
  }

  private makeAlarms(): aws.cloudwatch.MetricAlarm[] {
    const { errorPercent, unhealthyTargets } = this.args.deployment.alarms;
    const alarm = (suffix: string, args: aws.cloudwatch.MetricAlarmArgs) =>
      this.make(
        aws.cloudwatch.MetricAlarm,
        suffix,
        { evaluationPeriods: 2, treatMissingData: "notBreaching", tags: this.tags, ...args },
        this.args.transform?.alarm,
      );
    return this.dimensions.flatMap((dimensions, i) => {
      const color = i === 0 ? "" : "-green";
      return [
        ...(errorPercent === undefined
          ? []
          : [
              alarm(`errors${color}`, {
                alarmDescription: `More than ${errorPercent} % of the requests to ${this.label} fail (5xx)`,
                comparisonOperator: "GreaterThanThreshold",
                threshold: errorPercent,
                metricQueries: [
                  { id: "share", expression: "100 * errors / requests", label: "5xx in percent", returnData: true },
                  ...[
                    { id: "errors", metricName: "HTTPCode_Target_5XX_Count" },
                    { id: "requests", metricName: "RequestCount" },
                  ].map(({ id, metricName }) => ({
                    id,
                    metric: { namespace: "AWS/ApplicationELB", metricName, dimensions, period: 60, stat: "Sum" },
                  })),
                ],
              }),
            ]),
        ...(unhealthyTargets
          ? [
              alarm(`unhealthy${color}`, {
                alarmDescription: `A task of ${this.label} fails the load balancer's health check`,
                comparisonOperator: "GreaterThanThreshold",
                threshold: 0,
                namespace: "AWS/ApplicationELB",
                metricName: "UnHealthyHostCount",
                dimensions,
                period: 60,
                statistic: "Maximum",
              }),
            ]
          : []),
      ];
    });
  }
}
