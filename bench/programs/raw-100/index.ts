import * as aws from "@pulumi/aws";
import { Command } from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";
import { capacityProviders, cluster, listener, loadBalancer, securityGroup, vpc } from "./network";
import { statement, tags, trust } from "./shared";

// The same resources as services-100, without a component: what the library is compared with.
function makeService(number: number): void {
  const name = `service-${number}`;
  const logGroup = new aws.cloudwatch.LogGroup(name, { retentionInDays: 90, tags });
  const executionRole = new aws.iam.Role(`${name}-execution`, { assumeRolePolicy: trust("ecs-tasks.amazonaws.com"), tags });
  const executionPolicy = new aws.iam.RolePolicy(`${name}-execution`, {
    role: executionRole.name,
    policy: statement(["logs:CreateLogStream", "logs:PutLogEvents"], [pulumi.interpolate`${logGroup.arn}:*`]),
  });
  const taskRole = new aws.iam.Role(`${name}-task`, { assumeRolePolicy: trust("ecs-tasks.amazonaws.com"), tags });
  const taskDefinition = new aws.ecs.TaskDefinition(name, {
    family: name,
    cpu: "256",
    memory: "512",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
    executionRoleArn: executionRole.arn,
    taskRoleArn: taskRole.arn,
    skipDestroy: true,
    volumes: [{ name: "tmp" }],
    containerDefinitions: pulumi.jsonStringify([container(name, logGroup.name)]),
    tags,
  });

  const taskGroup = new aws.ec2.SecurityGroup(name, { vpcId: vpc.vpcId, description: `Tasks of ${name}`, tags });
  const out = new aws.vpc.SecurityGroupEgressRule(`${name}-out`, {
    securityGroupId: taskGroup.id,
    ipProtocol: "-1",
    cidrIpv4: "0.0.0.0/0",
    tags,
  });
  const port = { ipProtocol: "tcp", fromPort: 8000, toPort: 8000, tags };
  const requestsIn = new aws.vpc.SecurityGroupIngressRule(`${name}-in`, {
    ...port,
    securityGroupId: taskGroup.id,
    referencedSecurityGroupId: securityGroup.id,
  });
  const requestsOut = new aws.vpc.SecurityGroupEgressRule(`${name}-requests`, {
    ...port,
    securityGroupId: securityGroup.id,
    referencedSecurityGroupId: taskGroup.id,
  });
  const targetGroup = new aws.lb.TargetGroup(name, {
    vpcId: vpc.vpcId,
    targetType: "ip",
    port: 8000,
    protocol: "HTTP",
    deregistrationDelay: 15,
    healthCheck: { path: "/health", matcher: "200", interval: 10, timeout: 5 },
    tags,
  });
  const rule = new aws.lb.ListenerRule(name, {
    listenerArn: listener.arn,
    priority: number,
    conditions: [{ pathPattern: { values: [`/${number}/*`] } }],
    actions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
    tags,
  });

  const revisions = new Command(`${name}-revisions`, { delete: "true", environment: { FAMILY: name } });
  const service = new aws.ecs.Service(
    name,
    {
      cluster: cluster.arn,
      taskDefinition: taskDefinition.arn,
      desiredCount: 2,
      capacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 0, weight: 1 }],
      networkConfiguration: { subnets: vpc.privateSubnetIds, securityGroups: [taskGroup.id], assignPublicIp: false },
      loadBalancers: [{ targetGroupArn: targetGroup.arn, containerName: name, containerPort: 8000 }],
      healthCheckGracePeriodSeconds: 60,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      tags,
    },
    { dependsOn: [capacityProviders, executionPolicy, revisions, out, requestsIn, requestsOut, rule], ignoreChanges: ["desiredCount"] },
  );
  new Command(
    `${name}-rollout`,
    { create: "true", environment: { CLUSTER: cluster.name, SERVICE: service.name, REVISION: taskDefinition.arn } },
    { dependsOn: [service] },
  );
  makeScaling(name, service);
}

function container(name: string, logGroupName: pulumi.Output<string>) {
  return {
    name,
    image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0.0",
    essential: true,
    portMappings: [{ containerPort: 8000, hostPort: 8000, protocol: "tcp" }],
    environment: [{ name: "PORT", value: "8000" }],
    user: "1000:1000",
    readonlyRootFilesystem: true,
    mountPoints: [{ containerPath: "/tmp", readOnly: false, sourceVolume: "tmp" }],
    linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: true },
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": logGroupName, "awslogs-region": "us-east-1", "awslogs-stream-prefix": name },
    },
  };
}

function makeScaling(name: string, service: aws.ecs.Service): void {
  const target = new aws.appautoscaling.Target(name, {
    resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    minCapacity: 2,
    maxCapacity: 10,
    tags,
  });
  const goals: [string, string, number][] = [
    ["cpu", "ECSServiceAverageCPUUtilization", 70],
    ["memory", "ECSServiceAverageMemoryUtilization", 80],
  ];
  for (const [suffix, predefinedMetricType, targetValue] of goals) {
    new aws.appautoscaling.Policy(`${name}-${suffix}`, {
      policyType: "TargetTrackingScaling",
      resourceId: target.resourceId,
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      targetTrackingScalingPolicyConfiguration: { predefinedMetricSpecification: { predefinedMetricType }, targetValue },
    });
  }
}

for (let number = 1; number <= 100; number++) makeService(number);

export const url = pulumi.interpolate`http://${loadBalancer.dnsName}`;
