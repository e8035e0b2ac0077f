// What was read, in the provider's names: what a stack imports of a service. The cluster, the network, the load balancer and the roles stay where they are.
import type { Service } from "@aws-sdk/client-ecs";
import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Json, JsonObject } from "../../facts/graph";
import { portsOf } from "../ecs/ports";
import { METRICS } from "../ecs/scaling";
import { appOf } from "../ecs/task";
import { type Leading, ownRule, protocolOf, type Targets } from "../ecs/traffic";
import { type Described, describe } from "../import/described";
import type { Read } from "./read";

type Loose = Record<string, unknown>;

/** Without what AWS leaves empty or off. */
function said(value: unknown): Json | undefined {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return undefined;
  if (Array.isArray(value)) {
    const items = value.flatMap((one) => said(one) ?? []);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value !== "object") return value as Json;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const its = said(inner);
    return its === undefined ? [] : [[key, its] as const];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
const inputs = (its: Loose): JsonObject => (said(its) ?? {}) as JsonObject;
const tagsOf = (tags: readonly { key?: string; value?: string }[] = []) =>
  Object.fromEntries(tags.filter(({ key = "" }) => !key.startsWith("aws:")).map(({ key = "", value = "" }) => [key, value]));

/** All resources that belong to services alone, which are called `names` in the stack. */
export function describeAll(services: readonly Read[], names: readonly string[]): Described[] {
  const all = services.flatMap((read, i) => [
    describeService(read.service, names[i]!),
    ...describeTraffic(read, names[i]!),
    ...describeLogs(read, names[i]!),
    ...describeScaling(read, names[i]!),
  ]);
  // Two services may write to one log group.
  return [...new Map(all.map((one) => [`${one.type} ${one.id}`, one])).values()];
}

function describeService(service: Service, name: string): Described {
  const { deploymentConfiguration: its = {}, networkConfiguration: network } = service;
  const vpc = network?.awsvpcConfiguration;
  return describe(
    "aws:ecs/service:Service",
    inputs({
      name: service.serviceName,
      cluster: service.clusterArn,
      taskDefinition: service.taskDefinition,
      desiredCount: service.desiredCount,
      launchType: service.launchType,
      schedulingStrategy: service.schedulingStrategy === "DAEMON" ? "DAEMON" : undefined,
      capacityProviderStrategies: service.capacityProviderStrategy?.map((one) => ({ ...one })),
      networkConfiguration: vpc && {
        subnets: vpc.subnets,
        securityGroups: vpc.securityGroups,
        assignPublicIp: vpc.assignPublicIp === "ENABLED",
      },
      loadBalancers: service.loadBalancers?.map((one) => ({
        targetGroupArn: one.targetGroupArn,
        containerName: one.containerName,
        containerPort: one.containerPort,
        advancedConfiguration: one.advancedConfiguration && { ...one.advancedConfiguration },
      })),
      serviceRegistries: service.serviceRegistries?.[0] && { ...service.serviceRegistries[0] },
      healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
      deploymentController: service.deploymentController && { type: service.deploymentController.type },
      deploymentConfiguration: { strategy: its.strategy },
      deploymentMaximumPercent: its.maximumPercent,
      deploymentMinimumHealthyPercent: its.minimumHealthyPercent,
      deploymentCircuitBreaker: its.deploymentCircuitBreaker && { ...its.deploymentCircuitBreaker },
      alarms: its.alarms && { ...its.alarms },
      enableEcsManagedTags: service.enableECSManagedTags,
      enableExecuteCommand: service.enableExecuteCommand,
      propagateTags: service.propagateTags,
      availabilityZoneRebalancing: service.availabilityZoneRebalancing,
      platformVersion: service.platformVersion,
      orderedPlacementStrategies: service.placementStrategy?.map((one) => ({ ...one })),
      placementConstraints: service.placementConstraints?.map((one) => ({ ...one })),
      tags: tagsOf(service.tags),
    }),
    inputs({ id: service.serviceArn, arn: service.serviceArn }),
    name,
  );
}

/** Target groups, and of each the rule that the service has. */
function describeTraffic({ task, service, targets, rules }: Read, name: string): Described[] {
  const { loadBalancers = [] } = service;
  const { further } = portsOf(task, service, appOf(task, loadBalancers[0]?.containerName));
  return loadBalancers.flatMap(({ targetGroupArn: arn = "", advancedConfiguration: two, containerName, containerPort }, i) => {
    const [port] = [...further].find(([, its]) => its.container === containerName && its.port === containerPort) ?? [];
    const called = i === 0 || port === undefined ? name : `${name}-${port}`;
    const own = ownRule(rules?.get(arn) ?? []);
    const groups = [arn, two?.alternateTargetGroupArn ?? ""].flatMap((one) => targets?.get(one) ?? []);
    const [first, ...others] = groups.map((its, which) => describeTargets(its, which === 0 ? called : `${called}-green`));
    if (!first) return [];
    return [first, ...others, ...(own && !own.rule.IsDefault ? [describeRule(own, two ? `${called}-production` : called)] : [])];
  });
}

function describeTargets({ group, attributes }: Targets, name: string): Described {
  const { TargetGroupArn: arn = "" } = group;
  const sticky = attributes["stickiness.enabled"] === "true";
  const protocol = protocolOf(group);
  return describe(
    "aws:lb/targetGroup:TargetGroup",
    inputs({
      name: group.TargetGroupName,
      port: group.Port,
      protocol: group.Protocol,
      protocolVersion: protocol === "grpc" || protocol === "http2" ? group.ProtocolVersion : undefined,
      vpcId: group.VpcId,
      targetType: group.TargetType,
      deregistrationDelay: Number(attributes["deregistration_delay.timeout_seconds"] ?? 300),
      slowStart: Number(attributes["slow_start.duration_seconds"] ?? 0),
      loadBalancingAlgorithmType: attributes["load_balancing.algorithm.type"],
      healthCheck: {
        enabled: group.HealthCheckEnabled,
        path: group.HealthCheckPath,
        port: group.HealthCheckPort === "traffic-port" ? undefined : group.HealthCheckPort,
        protocol: group.HealthCheckProtocol === "HTTP" ? undefined : group.HealthCheckProtocol,
        interval: group.HealthCheckIntervalSeconds,
        timeout: group.HealthCheckTimeoutSeconds,
        healthyThreshold: group.HealthyThresholdCount,
        unhealthyThreshold: group.UnhealthyThresholdCount,
        matcher: group.Matcher?.HttpCode ?? group.Matcher?.GrpcCode,
      },
      stickiness: sticky
        ? {
            enabled: true,
            type: attributes["stickiness.type"],
            cookieDuration: Number(attributes["stickiness.lb_cookie.duration_seconds"]),
          }
        : undefined,
    }),
    inputs({ id: arn, arn, arnSuffix: arn.split(":").pop() }),
    name,
  );
}

function describeRule({ rule, listener }: Leading, name: string): Described {
  return describe(
    "aws:lb/listenerRule:ListenerRule",
    inputs({
      listenerArn: listener.ListenerArn,
      priority: Number(rule.Priority),
      conditions: [...(rule.Conditions ?? [])].sort((a, b) => FIELDS.indexOf(a.Field!) - FIELDS.indexOf(b.Field!)).map(conditionOf),
      actions: (rule.Actions ?? []).map(actionOf),
    }),
    inputs({ id: rule.RuleArn, arn: rule.RuleArn }),
    name,
  );
}

/** AWS keeps conditions in no order, and the stack has them in this one. */
const FIELDS = ["host-header", "path-pattern", "http-request-method", "query-string", "source-ip", "http-header"];

function conditionOf(its: RuleCondition): Loose {
  return {
    hostHeader: its.HostHeaderConfig && { values: its.HostHeaderConfig.Values },
    pathPattern: its.PathPatternConfig && { values: its.PathPatternConfig.Values },
    httpRequestMethod: its.HttpRequestMethodConfig && { values: its.HttpRequestMethodConfig.Values },
    sourceIp: its.SourceIpConfig && { values: its.SourceIpConfig.Values },
    httpHeader: its.HttpHeaderConfig && { httpHeaderName: its.HttpHeaderConfig.HttpHeaderName, values: its.HttpHeaderConfig.Values },
    queryStrings: its.QueryStringConfig?.Values?.map(({ Key, Value }) => ({ key: Key, value: Value })),
  };
}

function actionOf({ Type, TargetGroupArn, ForwardConfig }: Action): Loose {
  const groups = (ForwardConfig?.TargetGroups ?? []).map((one) => ({ arn: one.TargetGroupArn, weight: one.Weight }));
  return groups.length > 1
    ? { type: Type, forward: { targetGroups: groups } }
    : { type: Type, targetGroupArn: TargetGroupArn ?? groups[0]?.arn };
}

function describeLogs({ logGroup }: Read, called: string): Described[] {
  if (!logGroup) return [];
  const { logGroupName: name, retentionInDays, kmsKeyId, logGroupArn: arn } = logGroup;
  return [describe("aws:cloudwatch/logGroup:LogGroup", inputs({ name, retentionInDays, kmsKeyId }), inputs({ id: name, arn }), called)];
}

/** The range, and the policies that settings have. */
function describeScaling({ scaling }: Read, called: string): Described[] {
  if (!scaling) return [];
  const { target, policies } = scaling;
  const of = { serviceNamespace: target.ServiceNamespace, resourceId: target.ResourceId, scalableDimension: target.ScalableDimension };
  const range = inputs({ ...of, minCapacity: target.MinCapacity, maxCapacity: target.MaxCapacity, roleArn: target.RoleARN });
  return [
    describe("aws:appautoscaling/target:Target", range, inputs({ id: target.ResourceId, arn: target.ScalableTargetARN }), called),
    ...policies.flatMap(({ PolicyName: name, PolicyARN: arn, PolicyType: policyType, TargetTrackingScalingPolicyConfiguration: its }) => {
      const metric = its?.PredefinedMetricSpecification;
      if (!metric) return [];
      const tracking = {
        predefinedMetricSpecification: { predefinedMetricType: metric.PredefinedMetricType, resourceLabel: metric.ResourceLabel },
        targetValue: its.TargetValue,
        scaleInCooldown: its.ScaleInCooldown,
        scaleOutCooldown: its.ScaleOutCooldown,
        disableScaleIn: its.DisableScaleIn,
      };
      const policy = inputs({ ...of, name, policyType, targetTrackingScalingPolicyConfiguration: tracking });
      const metricName = METRICS[metric.PredefinedMetricType ?? ""];
      return [describe("aws:appautoscaling/policy:Policy", policy, inputs({ id: name, arn }), metricName && `${called}-${metricName}`)];
    }),
  ];
}
