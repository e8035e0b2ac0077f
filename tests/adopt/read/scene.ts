// A service that runs behind a load balancer, as AWS answers for it: what a person has made by hand.

import type { Input, Script } from "../../ops/scripted-aws";
import { service, taskDefinition } from "../ecs/descriptions";

export const ACCOUNT = "111122223333";
const elb = (rest: string) => `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}:${rest}`;
export const GROUP = elb("targetgroup/shop-web/0123456789abcdef");
export const BALANCER = elb("loadbalancer/app/public/50dc6c495c0c9188");
export const LISTENER = elb("listener/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2");
export const PLAIN = elb("listener/app/public/50dc6c495c0c9188/0000000000000080");
export const RULE = elb("listener-rule/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee");
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;
const READ_ONLY = `arn:aws:iam::${ACCOUNT}:policy/uploads`;

export const web = service({ loadBalancers: [{ targetGroupArn: GROUP, containerName: "web", containerPort: 8080 }] });
const log = {
  logDriver: "awslogs" as const,
  options: { "awslogs-group": "/ecs/web", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "ecs" },
};
export const task = taskDefinition({ taskRoleArn: ROLE }, { logConfiguration: log });

const policy = (Statement: object) => encodeURIComponent(JSON.stringify({ Version: "2012-10-17", Statement }));

/** What AWS answers; a test lays its own answers over it. */
export const scene = (more: Script = {}): Script => ({
  GetCallerIdentity: { Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/me`, UserId: "x" },
  DescribeServices: ({ services }: Input) => ({
    services: [web].filter(({ serviceName }) => (services as string[]).includes(serviceName!)),
    failures: [],
  }),
  ListServices: { serviceArns: [web.serviceArn, web.serviceArn!.replace("/web", "/worker")] },
  DescribeTaskDefinition: { taskDefinition: task, tags: [{ key: "Team", value: "shop" }] },
  DescribeTargetGroups: {
    TargetGroups: [
      {
        TargetGroupArn: GROUP,
        TargetGroupName: "shop-web",
        Protocol: "HTTP",
        ProtocolVersion: "HTTP1",
        Port: 8080,
        VpcId: "vpc-0a1b2c3d4e5f67890",
        TargetType: "ip",
        HealthCheckEnabled: true,
        HealthCheckProtocol: "HTTP",
        HealthCheckPort: "traffic-port",
        HealthCheckPath: "/",
        HealthCheckIntervalSeconds: 30,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 5,
        UnhealthyThresholdCount: 2,
        Matcher: { HttpCode: "200-399" },
        LoadBalancerArns: [BALANCER],
        IpAddressType: "ipv4",
      },
    ],
  },
  DescribeTargetGroupAttributes: {
    Attributes: [
      { Key: "deregistration_delay.timeout_seconds", Value: "300" },
      { Key: "stickiness.enabled", Value: "true" },
      { Key: "stickiness.type", Value: "lb_cookie" },
      { Key: "stickiness.lb_cookie.duration_seconds", Value: "3600" },
      { Key: "stickiness.app_cookie.cookie_name", Value: "" },
      { Key: "slow_start.duration_seconds", Value: "0" },
      { Key: "load_balancing.algorithm.type", Value: "round_robin" },
      { Key: "load_balancing.cross_zone.enabled", Value: "use_load_balancer_configuration" },
      { Key: "target_group_health.dns_failover.minimum_healthy_targets.count", Value: "3" },
    ],
  },
  DescribeListeners: {
    Listeners: [
      { ListenerArn: LISTENER, LoadBalancerArn: BALANCER, Port: 443, Protocol: "HTTPS" },
      { ListenerArn: PLAIN, LoadBalancerArn: BALANCER, Port: 80, Protocol: "HTTP" },
    ],
  },
  DescribeRules: ({ ListenerArn }: Input) => ({
    Rules:
      ListenerArn === LISTENER
        ? [
            {
              RuleArn: RULE,
              Priority: "10",
              IsDefault: false,
              Conditions: [
                { Field: "host-header", Values: ["shop.example.com"], HostHeaderConfig: { Values: ["shop.example.com"] } },
                { Field: "path-pattern", Values: ["/api/*", "/v2/*"], PathPatternConfig: { Values: ["/api/*", "/v2/*"] } },
                { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-beta", Values: ["yes"] } },
                { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["GET"] } },
              ],
              Actions: [
                {
                  Type: "forward",
                  Order: 1,
                  TargetGroupArn: GROUP,
                  ForwardConfig: { TargetGroups: [{ TargetGroupArn: GROUP, Weight: 1 }] },
                },
              ],
            },
            { RuleArn: `${RULE}0`, Priority: "default", IsDefault: true, Actions: [{ Type: "fixed-response" }] },
          ]
        : [{ RuleArn: `${RULE}1`, Priority: "default", IsDefault: true, Actions: [{ Type: "forward", TargetGroupArn: GROUP }] }],
  }),
  DescribeSubnets: { Subnets: [{ SubnetId: "subnet-0a1b2c3d4e5f6789a", VpcId: "vpc-0a1b2c3d4e5f67890" }] },
  DescribeScalableTargets: {
    ScalableTargets: [
      {
        ServiceNamespace: "ecs",
        ResourceId: "service/shop/web",
        ScalableDimension: "ecs:service:DesiredCount",
        MinCapacity: 2,
        MaxCapacity: 8,
        RoleARN: `arn:aws:iam::${ACCOUNT}:role/scaling`,
        CreationTime: new Date(0),
        SuspendedState: { DynamicScalingInSuspended: false },
      },
    ],
  },
  DescribeScalingPolicies: {
    ScalingPolicies: [
      {
        PolicyARN: `arn:aws:autoscaling:eu-west-1:${ACCOUNT}:scalingPolicy:x`,
        PolicyName: "cpu60",
        ServiceNamespace: "ecs",
        ResourceId: "service/shop/web",
        ScalableDimension: "ecs:service:DesiredCount",
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 60,
          PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
          ScaleOutCooldown: 60,
          DisableScaleIn: false,
        },
        Alarms: [],
        CreationTime: new Date(0),
      },
    ],
  },
  DescribeScheduledActions: {
    ScheduledActions: [
      {
        ScheduledActionName: "night",
        ScheduledActionARN: "arn:x",
        ServiceNamespace: "ecs",
        Schedule: "cron(0 20 * * ? *)",
        ResourceId: "service/shop/web",
        ScalableTargetAction: { MinCapacity: 1 },
        CreationTime: new Date(0),
      },
    ],
  },
  DescribeLogGroups: {
    logGroups: [
      { logGroupName: "/ecs/web", retentionInDays: 30, arn: `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/ecs/web:*`, storedBytes: 1 },
      { logGroupName: "/ecs/web2", retentionInDays: 1 },
    ],
  },
  ListRolePolicies: { PolicyNames: ["queue"], IsTruncated: false },
  GetRolePolicy: {
    RoleName: "app",
    PolicyName: "queue",
    PolicyDocument: policy({ Effect: "Allow", Action: "sqs:SendMessage", Resource: `arn:aws:sqs:eu-west-1:${ACCOUNT}:jobs` }),
  },
  ListAttachedRolePolicies: { AttachedPolicies: [{ PolicyName: "uploads", PolicyArn: READ_ONLY }], IsTruncated: false },
  GetPolicy: { Policy: { Arn: READ_ONLY, DefaultVersionId: "v2" } },
  GetPolicyVersion: {
    PolicyVersion: {
      VersionId: "v2",
      Document: policy([
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::uploads/*"],
          Condition: { Bool: { "aws:SecureTransport": "true" } },
        },
      ]),
    },
  },
  ...more,
});
