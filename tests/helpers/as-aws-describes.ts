// A planned service as AWS would describe it once it runs: the answers that berth adopt reads, made of the recorded inputs.
import type { Service } from "@aws-sdk/client-ecs";
import { servicesOf, type TaggedTask, taskDefinitionOf } from "../../adopt/ecs/documents";
import type { Known } from "../../adopt/ecs/service";
import type { Json, JsonObject, RecordedResource } from "../../facts/graph";

type Loose = Record<string, Json>;
const tagsOf = (tags: Json | undefined) => Object.entries((tags ?? {}) as JsonObject).map(([key, value]) => ({ key, value }));
const listOf = (value: Json | undefined) => (value ?? []) as Loose[];

/** What is known of the one service of these resources. */
export function asAwsDescribes(resources: readonly RecordedResource[], vpcId: string): Known {
  const of = (type: string) => resources.filter((one) => one.type === type);
  const [service] = of("aws:ecs/service:Service");
  const [task] = of("aws:ecs/taskDefinition:TaskDefinition");
  const [target] = of("aws:appautoscaling/target:Target");
  // Nothing of the graph says what AWS calls a target group: it is found by what the service says of it.
  const groups = of("aws:lb/targetGroup:TargetGroup");
  const rules = of("aws:lb/listenerRule:ListenerRule");
  const arns = listOf(service!.inputs.loadBalancers).map(({ targetGroupArn }) => String(targetGroupArn));
  return {
    task: taskOf(task!.inputs),
    service: serviceOf(service!.inputs),
    vpcId,
    targets: new Map(arns.map((arn, i) => [arn, targetsOf(arn, groups[i]!.inputs)])),
    rules: new Map(
      arns.map((arn) => [
        arn,
        rules.filter(({ inputs }) => JSON.stringify(inputs.actions).includes(arn)).map(({ inputs }) => leadingOf(inputs)),
      ]),
    ),
    ...(target && {
      scaling: scalingOf(
        target.inputs,
        of("aws:appautoscaling/policy:Policy").map(({ inputs }) => inputs),
      ),
    }),
  };
}

function taskOf(inputs: JsonObject): TaggedTask {
  const { containerDefinitions, volumes, ephemeralStorage, tags, skipDestroy: _, ...rest } = inputs;
  return taskDefinitionOf({
    ...rest,
    taskDefinitionArn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1",
    containerDefinitions: JSON.parse(String(containerDefinitions)) as Json,
    volumes: listOf(volumes).map(({ name, configureAtLaunch, hostPath, efsVolumeConfiguration }) => ({
      name,
      ...(configureAtLaunch && { configuredAtLaunch: true }),
      ...(hostPath && { host: { sourcePath: hostPath } }),
      ...(efsVolumeConfiguration && { efsVolumeConfiguration }),
    })),
    ...(ephemeralStorage && { ephemeralStorage: { sizeInGiB: (ephemeralStorage as JsonObject).sizeInGib } }),
    tags: tagsOf(tags),
  })!;
}

function serviceOf(inputs: JsonObject): Service {
  const network = inputs.networkConfiguration as JsonObject;
  const configuration = inputs.deploymentConfiguration as JsonObject;
  // The first group is the service's own; a stack makes one again, and takes the others from the settings.
  const securityGroups = (network.securityGroups as Json[]).slice(1);
  const volumes = inputs.volumeConfiguration as JsonObject | undefined;
  const { sizeInGb, ...disk } = (volumes?.managedEbsVolume ?? {}) as JsonObject;
  return servicesOf({
    serviceArn: "arn:aws:ecs:eu-west-1:123456789012:service/shop/web",
    serviceName: "web",
    clusterArn: inputs.cluster,
    taskDefinition: inputs.taskDefinition,
    desiredCount: inputs.desiredCount,
    schedulingStrategy: "REPLICA",
    capacityProviderStrategy: inputs.capacityProviderStrategies,
    loadBalancers: inputs.loadBalancers ?? [],
    healthCheckGracePeriodSeconds: inputs.healthCheckGracePeriodSeconds,
    networkConfiguration: {
      awsvpcConfiguration: { ...network, securityGroups, assignPublicIp: network.assignPublicIp ? "ENABLED" : "DISABLED" },
    },
    deploymentController: inputs.deploymentController,
    deploymentConfiguration: {
      ...configuration,
      minimumHealthyPercent: inputs.deploymentMinimumHealthyPercent,
      maximumPercent: inputs.deploymentMaximumPercent,
      deploymentCircuitBreaker: inputs.deploymentCircuitBreaker,
      alarms: inputs.alarms,
    },
    deployments: [
      {
        status: "PRIMARY",
        ...(volumes && {
          volumeConfigurations: [
            {
              name: volumes.name,
              managedEBSVolume: { ...disk, filesystemType: disk.fileSystemType, volumeType: disk.volumeType, sizeInGiB: sizeInGb },
            },
          ],
        }),
      },
    ],
    enableECSManagedTags: inputs.enableEcsManagedTags,
    enableExecuteCommand: inputs.enableExecuteCommand,
    propagateTags: inputs.propagateTags,
    availabilityZoneRebalancing: inputs.availabilityZoneRebalancing,
    tags: tagsOf(inputs.tags),
  })[0]!;
}

function targetsOf(TargetGroupArn: string, inputs: JsonObject) {
  const check = inputs.healthCheck as JsonObject;
  const sticky = inputs.stickiness as JsonObject | undefined;
  const protocol = String(inputs.protocolVersion ?? "HTTP1");
  const attributes: Record<string, unknown> = {
    "deregistration_delay.timeout_seconds": inputs.deregistrationDelay,
    "slow_start.duration_seconds": inputs.slowStart ?? 0,
    "load_balancing.algorithm.type": inputs.loadBalancingAlgorithmType ?? "round_robin",
    "load_balancing.algorithm.anomaly_mitigation": inputs.loadBalancingAnomalyMitigation ?? "off",
    "stickiness.enabled": sticky?.enabled ?? false,
    "stickiness.type": sticky?.type ?? "lb_cookie",
    [`stickiness.${sticky?.type === "app_cookie" ? "app" : "lb"}_cookie.duration_seconds`]: sticky?.cookieDuration ?? 86_400,
    ...(sticky?.cookieName !== undefined && { "stickiness.app_cookie.cookie_name": sticky.cookieName }),
  };
  const group = {
    TargetGroupArn,
    TargetGroupName: "web",
    Protocol: inputs.protocol,
    ProtocolVersion: protocol,
    HealthCheckEnabled: true,
    HealthCheckProtocol: check.protocol ?? "HTTP",
    HealthCheckPort: check.port ?? "traffic-port",
    HealthCheckPath: check.path,
    HealthCheckIntervalSeconds: check.interval,
    HealthCheckTimeoutSeconds: check.timeout,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
    Matcher: protocol === "GRPC" ? { GrpcCode: check.matcher } : { HttpCode: check.matcher },
  };
  return { group: group as object, attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])) };
}

const CONDITIONS: Record<string, [field: string, config: string]> = {
  hostHeader: ["host-header", "HostHeaderConfig"],
  pathPattern: ["path-pattern", "PathPatternConfig"],
  httpRequestMethod: ["http-request-method", "HttpRequestMethodConfig"],
  sourceIp: ["source-ip", "SourceIpConfig"],
  httpHeader: ["http-header", "HttpHeaderConfig"],
};

function leadingOf({ listenerArn, priority, conditions, actions, transforms }: JsonObject) {
  const rule = {
    RuleArn: "arn:rule",
    Priority: String(priority),
    IsDefault: false,
    Conditions: listOf(conditions).map((one) => {
      const [key = ""] = Object.keys(one);
      if (key === "queryStrings")
        return {
          Field: "query-string",
          QueryStringConfig: { Values: listOf(one[key]).map((its) => ({ Key: its.key, Value: its.value })) },
        };
      const { values, httpHeaderName } = one[key] as JsonObject;
      const [Field, config] = CONDITIONS[key]!;
      return { Field, [config]: { Values: values, ...(httpHeaderName !== undefined && { HttpHeaderName: httpHeaderName }) } };
    }),
    Actions: listOf(actions).map(({ type, targetGroupArn }) => ({ Type: type, TargetGroupArn: targetGroupArn })),
    Transforms: listOf(transforms).map((one) => {
      const { regex, replace } = (one.urlRewriteConfig as JsonObject).rewrite as JsonObject;
      return { Type: "url-rewrite", UrlRewriteConfig: { Rewrites: [{ Regex: regex, Replace: replace }] } };
    }),
  };
  return { rule: rule as object, listener: { ListenerArn: String(listenerArn), Port: 443, Protocol: "HTTPS" as const } };
}

function scalingOf({ minCapacity, maxCapacity }: JsonObject, policies: JsonObject[]): NonNullable<Known["scaling"]> {
  const scaling = {
    target: { MinCapacity: minCapacity, MaxCapacity: maxCapacity },
    policies: policies.map((inputs, i) => {
      const its = inputs.targetTrackingScalingPolicyConfiguration as JsonObject;
      const metric = its.predefinedMetricSpecification as JsonObject;
      return {
        PolicyName: `policy-${i}`,
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: metric.predefinedMetricType, ResourceLabel: metric.resourceLabel },
          TargetValue: its.targetValue,
          ScaleOutCooldown: its.scaleOutCooldown,
          ScaleInCooldown: its.scaleInCooldown,
        },
      };
    }),
    actions: [],
  };
  return scaling as unknown as NonNullable<Known["scaling"]>;
}
