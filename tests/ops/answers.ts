import type { Container, Deployment, Service, ServiceDeployment, Task, TaskDefinition } from "@aws-sdk/client-ecs";
import type { TargetGroup, TargetHealth } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Evidence } from "../../ops/diagnosis/evidence";
import type { Rollout } from "../../ops/follow/deployment";

/** Answers in the shape of the API reference, with what a test does not care about filled in. */

const HOME = "us-east-1:111122223333";
export const CLUSTER_ARN = `arn:aws:ecs:${HOME}:cluster/apps`;
export const SERVICE_ARN = `arn:aws:ecs:${HOME}:service/apps/web`;
export const TARGET_GROUP_ARN = `arn:aws:elasticloadbalancing:${HOME}:targetgroup/web-blue/0123456789abcdef`;

/** Minutes after an arbitrary start. */
export const at = (minutes: number) => new Date(Date.UTC(2026, 10, 26, 12, 0, 0) + minutes * 60_000);

export const revision = (number: number) => `arn:aws:ecs:${HOME}:task-definition/web:${number}`;
export const serviceRevision = (number: number) => `arn:aws:ecs:${HOME}:service-revision/apps/web/${number}`;
/** What DescribeServiceRevisions returns in these tests: service revision n runs task definition n. */
export const REVISIONS = Object.fromEntries([5, 6, 7, 8].map((number) => [serviceRevision(number), revision(number)]));

export function deployment(number: number, fields: Partial<Deployment> = {}): Deployment {
  return {
    id: `ecs-svc/${number}000000000000000000`,
    status: "PRIMARY",
    taskDefinition: revision(number),
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    failedTasks: 0,
    createdAt: at(number),
    updatedAt: at(number),
    rolloutState: "COMPLETED",
    rolloutStateReason: `ECS deployment ecs-svc/${number}000000000000000000 completed.`,
    ...fields,
  };
}

export function serviceDeployment(number: number, fields: Partial<ServiceDeployment> = {}): ServiceDeployment {
  return {
    serviceDeploymentArn: `arn:aws:ecs:${HOME}:service-deployment/apps/web/${number}`,
    serviceArn: SERVICE_ARN,
    clusterArn: CLUSTER_ARN,
    createdAt: at(number),
    startedAt: at(number),
    status: "SUCCESSFUL",
    targetServiceRevision: { arn: serviceRevision(number), requestedTaskCount: 2, runningTaskCount: 2, pendingTaskCount: 0 },
    deploymentConfiguration: { strategy: "ROLLING" },
    deploymentCircuitBreaker: { status: "MONITORING_COMPLETE", failureCount: 0, threshold: 3 },
    ...fields,
  };
}

export function service(deployments: Deployment[], fields: Partial<Service> = {}): Service {
  return {
    serviceArn: SERVICE_ARN,
    serviceName: "web",
    clusterArn: CLUSTER_ARN,
    status: "ACTIVE",
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    taskDefinition: deployments.find(({ status }) => status === "PRIMARY")?.taskDefinition,
    deployments,
    events: [],
    deploymentConfiguration: { strategy: "ROLLING", deploymentCircuitBreaker: { enable: true, rollback: true } },
    ...fields,
  };
}

export function taskDefinition(number: number, fields: Partial<TaskDefinition> = {}): TaskDefinition {
  return {
    taskDefinitionArn: revision(number),
    family: "web",
    revision: number,
    status: "ACTIVE",
    cpu: "256",
    memory: "512",
    runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
    containerDefinitions: [
      {
        name: "app",
        image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/web@sha256:abc",
        essential: true,
        logConfiguration: {
          logDriver: "awslogs",
          options: { "awslogs-group": "/apps/web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "web" },
        },
      },
    ],
    ...fields,
  };
}

export function task(id: string, number: number, fields: Partial<Task> = {}): Task {
  return {
    taskArn: `arn:aws:ecs:${HOME}:task/apps/${id.padEnd(32, "0")}`,
    clusterArn: CLUSTER_ARN,
    taskDefinitionArn: revision(number),
    group: "service:web",
    startedBy: `ecs-svc/${number}000000000000000000`,
    lastStatus: "RUNNING",
    desiredStatus: "RUNNING",
    createdAt: at(number + 0.1),
    startedAt: at(number + 0.2),
    containers: [container()],
    ...fields,
  };
}

/** A task that ended: why, and how its container did. */
export function stoppedTask(
  id: string,
  number: number,
  reason: string,
  containers: Container[] = [container()],
  fields: Partial<Task> = {},
): Task {
  return task(id, number, {
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    stopCode: "TaskFailedToStart",
    stoppedReason: reason,
    stoppedAt: at(number + 0.5),
    executionStoppedAt: at(number + 0.25),
    containers,
    ...fields,
  });
}

export function container(fields: Partial<Container> = {}): Container {
  return { name: "app", image: "web", lastStatus: "RUNNING", healthStatus: "UNKNOWN", ...fields };
}

/** A task whose container crashed with an exit code. */
export function crashed(id: string, number: number, exitCode: number, reason?: string): Task {
  return stoppedTask(id, number, "Essential container in task exited", [container({ lastStatus: "STOPPED", exitCode, reason })], {
    stopCode: "EssentialContainerExited",
  });
}

export function rollout(fields: Partial<Rollout> = {}): Rollout {
  return {
    state: "rolledBack",
    taskDefinition: revision(7),
    current: revision(6),
    startedAt: at(7),
    deploymentId: "ecs-svc/7000000000000000000",
    otherDeploymentIds: [],
    counts: { desired: 2, running: 0, pending: 0, failed: 3 },
    ...fields,
  };
}

export function evidence(fields: Partial<Evidence> = {}): Evidence {
  return {
    service: service([deployment(6)], { loadBalancers: [{ targetGroupArn: TARGET_GROUP_ARN, containerName: "app", containerPort: 8000 }] }),
    rollout: rollout(),
    taskDefinition: taskDefinition(7),
    failedTasks: [],
    events: [],
    targetGroups: [],
    log: [],
    ...fields,
  };
}

export function targetGroup(health: TargetHealth, fields: Partial<TargetGroup> = {}) {
  return {
    arn: TARGET_GROUP_ARN,
    group: {
      TargetGroupArn: TARGET_GROUP_ARN,
      Port: 8000,
      HealthCheckProtocol: "HTTP" as const,
      HealthCheckPort: "traffic-port",
      HealthCheckPath: "/healthz",
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 5,
      Matcher: { HttpCode: "200" },
      ...fields,
    },
    targets: [{ Target: { Id: "10.0.1.7", Port: 8000 }, TargetHealth: health }],
  };
}
