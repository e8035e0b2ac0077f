import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { AppImage } from "../../../components/image/image";
import { Priorities } from "../../../components/load-balancer/priorities";
import { httpHealth } from "../../../components/task/containers";
import type { JsonObject } from "../../../facts/graph";
import { refuse } from "../../helpers/arguments";
import { ACCOUNT, assertTrust, type Deployed, deploy, REGION } from "../../helpers/deploy";
import { containers, IMAGE, makeService, rightsName, type ServiceGiven, statements } from "../../helpers/service";

const TAGS = { Project: "shop", Stack: "test" };
const SERVICE = "aws:ecs/service:Service";

const deployOne = (args: ServiceGiven = {}) => deploy(() => makeService(args));

describe("the options of a service", () => {
  it("say what comes first as a list, to which a transform can add", async () => {
    const made = await deploy(() => {
      const queue = new aws.sqs.Queue("jobs");
      makeService({
        transform: {
          service: (_, opts) => {
            (opts.dependsOn as pulumi.Resource[]).push(queue);
            return undefined;
          },
        },
      });
    });
    const { dependencies } = made.one(SERVICE);
    for (const type of [
      "sqs/queue:Queue::jobs",
      "lb/listenerRule:ListenerRule::web",
      "ecs/clusterCapacityProviders:ClusterCapacityProviders::apps",
    ])
      assert.ok(
        dependencies.some((urn) => urn.endsWith(type)),
        `${type} is not in ${dependencies.join(", ")}`,
      );
  });
});

describe("a service with nothing but an image and a route", () => {
  let made: Deployed;
  before(async () => {
    made = await deployOne();
  });

  it("is this to the letter", () => {
    const service = made.one(SERVICE);
    const { cluster, taskDefinition, loadBalancers, networkConfiguration, ...inputs } = service.inputs;
    assert.deepEqual(inputs, {
      desiredCount: 2,
      capacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 0, weight: 1 }],
      healthCheckGracePeriodSeconds: 60,
      deploymentController: { type: "ECS" },
      deploymentConfiguration: { strategy: "ROLLING" },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { alarmNames: ["none"], enable: false, rollback: false },
      forceNewDeployment: true,
      triggers: { capacity: JSON.stringify([{ capacityProvider: "FARGATE", base: 0, weight: 1 }]) },
      availabilityZoneRebalancing: "ENABLED",
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      waitForSteadyState: false,
      tags: TAGS,
    });
    assert.deepEqual(made.sourcesOf(service, "cluster"), ["Cluster apps"]);
    assert.deepEqual(made.sourcesOf(service, "taskDefinition"), ["TaskDefinition web"]);
    assert.match(String(taskDefinition), /:task-definition\/shop-test-web:1$/);
    const [balancer] = loadBalancers as JsonObject[];
    assert.deepEqual([balancer!.containerName, balancer!.containerPort], ["web", 8000]);
    assert.deepEqual(made.sourcesOf(service, "loadBalancers"), ["TargetGroup web"]);
    const { securityGroups: _, ...where } = networkConfiguration as JsonObject;
    assert.deepEqual(where, { subnets: ["subnet-private-a", "subnet-private-b"], assignPublicIp: false });
    assert.deepEqual(made.sourcesOf(service, "networkConfiguration"), ["SecurityGroup web"]);
  });

  it("may take 20 minutes and leaves its number of tasks to Auto Scaling", () => {
    const { customTimeouts, ignoreChanges } = made.one(SERVICE).options;
    assert.deepEqual([customTimeouts, ignoreChanges], [{ create: "20m", update: "20m", delete: "20m" }, ["desiredCount"]]);
  });

  it("is followed to the end of its rollout, whenever one starts", () => {
    const follower = made.one("Command", "web-rollout");
    assert.ok(follower.dependencies.includes(made.one(SERVICE).urn));
    const { create, environment } = follower.inputs;
    assert.match(String(create), /berth(\.js")? wait$/);
    const { BERTH_TASK_DEFINITION, BERTH_TIMEOUT_MINUTES, BERTH_REASON } = environment as JsonObject;
    assert.equal(BERTH_TASK_DEFINITION, made.inputs(SERVICE).taskDefinition);
    assert.equal(BERTH_TIMEOUT_MINUTES, "20");
    assert.match(String(BERTH_REASON), /^[0-9a-f]{16}$/);
  });

  it("waits for its security-group rules, its rights, its logs, its capacity and its route", () => {
    const service = made.one(SERVICE);
    const needed: [type: string, name: string][] = [
      ["ListenerRule", "web"],
      ["RolePolicy", rightsName(made, "web-execution")],
      ["LogGroup", "web"],
      ["Command", "web-revisions"],
      ["ClusterCapacityProviders", "apps"],
      ["SecurityGroupIngressRule", "web-in-8000"],
      ["SecurityGroupEgressRule", "web-out"],
      ["SecurityGroupEgressRule", "web-requests-8000"],
    ];
    for (const [type, name] of needed) assert.ok(service.dependencies.includes(made.one(type, name).urn), `${type} ${name}`);
  });

  it("admits the load balancer alone, on the app's port alone, and the load balancer goes nowhere else", () => {
    const rules = (type: string) =>
      made.all(type).map((rule) => {
        const { ipProtocol, fromPort, toPort, cidrIpv4 } = rule.inputs;
        const peer = made.sourcesOf(rule, "referencedSecurityGroupId")[0] ?? cidrIpv4;
        return [made.sourcesOf(rule, "securityGroupId")[0], ipProtocol, fromPort, toPort, peer];
      });
    assert.deepEqual(rules("SecurityGroupIngressRule").sort(), [
      ["SecurityGroup public", "tcp", 80, 80, "0.0.0.0/0"],
      ["SecurityGroup web", "tcp", 8000, 8000, "SecurityGroup public"],
    ]);
    assert.deepEqual(rules("SecurityGroupEgressRule").sort(), [
      ["SecurityGroup public", "tcp", 8000, 8000, "SecurityGroup web"],
      ["SecurityGroup web", "-1", undefined, undefined, "0.0.0.0/0"],
    ]);
    for (const type of ["SecurityGroup", "SecurityGroupIngressRule", "SecurityGroupEgressRule"])
      for (const { inputs } of made.all(type)) assert.match(String(inputs.description), /^[A-Z]/);
    assert.deepEqual(made.one("SecurityGroup", "web").options.customTimeouts, { delete: "20m" });
  });

  it("is asked for its health often and drained quickly", () => {
    const { vpcId, ...inputs } = made.inputs("TargetGroup");
    assert.equal(vpcId, "vpc-1");
    assert.deepEqual(inputs, {
      targetType: "ip",
      port: 8000,
      protocol: "HTTP",
      deregistrationDelay: 15,
      healthCheck: {
        enabled: true,
        path: "/health",
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      tags: TAGS,
    });
  });

  it("is forwarded to by its rule", () => {
    const rule = made.one("ListenerRule");
    const { conditions, actions, priority } = rule.inputs;
    assert.deepEqual(conditions, [{ pathPattern: { values: ["/*"] } }]);
    assert.equal(priority, new Priorities().assign({ path: "/*" }, "web", refuse));
    assert.deepEqual(
      (actions as JsonObject[]).map(({ type }) => type),
      ["forward"],
    );
    assert.deepEqual(made.sourcesOf(rule, "actions"), ["TargetGroup web"]);
    assert.deepEqual(made.sourcesOf(rule, "listenerArn"), ["Listener public-http"]);
  });

  it("has the smallest task, two roles, and revisions that stay", () => {
    const task = made.one("TaskDefinition");
    const { containerDefinitions: _, executionRoleArn: __, taskRoleArn: ___, ...inputs } = task.inputs;
    assert.deepEqual(inputs, {
      family: "shop-test-web",
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
      volumes: [{ name: "tmp" }],
      skipDestroy: true,
      tags: TAGS,
    });
    assert.deepEqual(made.sourcesOf(task, "executionRoleArn"), ["Role web-execution"]);
    assert.deepEqual(made.sourcesOf(task, "taskRoleArn"), ["Role web-task"]);
    const { BERTH_CLUSTER, ...environment } = made.inputs("Command", "web-revisions").environment as JsonObject;
    assert.equal(BERTH_CLUSTER, made.inputs(SERVICE).cluster);
    assert.deepEqual(environment, { BERTH_FAMILY: "shop-test-web", BERTH_TAGS: '{"Project":"shop","Stack":"test"}' });
  });

  it("has one container, with the health check of a container that serves HTTP", () => {
    const [web, ...others] = containers(made);
    assert.deepEqual(others, []);
    assert.deepEqual([web!.name, web!.image], ["web", IMAGE]);
    assert.deepEqual(web!.environment, [
      { name: "HEALTH_CHECK_PATH", value: "/health" },
      { name: "PORT", value: "8000" },
    ]);
    assert.deepEqual((web!.healthCheck as JsonObject).command, httpHealth(8000, "/health", "http").healthCheck.command);
    assert.deepEqual((web!.logConfiguration as JsonObject).options, {
      "awslogs-group": String((web!.logConfiguration as { options: JsonObject }).options["awslogs-group"]),
      "awslogs-region": REGION,
      "awslogs-stream-prefix": "web",
      mode: "non-blocking",
      "max-buffer-size": "25m",
    });
    assert.ok(made.sourcesOf(made.one("TaskDefinition"), "containerDefinitions").includes("LogGroup web"));
    assert.equal(made.inputs("LogGroup", "web").retentionInDays, 90);
  });

  it("lets its roles be taken by tasks of this account alone", () => {
    for (const name of ["web-execution", "web-task"]) {
      assertTrust(made.one("Role", name), "ecs-tasks.amazonaws.com", "ecs");
    }
  });

  it("lets ECS pull this image and write this log, and the app nothing", () => {
    const group = (containers(made)[0]!.logConfiguration as { options: Record<string, string> }).options["awslogs-group"];
    assert.deepEqual(statements(made, "web-execution"), [
      { Sid: "RegistryLogin", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
      {
        Sid: "PullImage",
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/team/web`],
      },
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [`arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}:*`],
      },
    ]);
    assert.deepEqual(made.names("RolePolicy"), [rightsName(made, "web-execution")]);
  });

  it("scales between 2 and 10 on CPU and memory", () => {
    const { resourceId, ...target } = made.inputs("Target");
    assert.deepEqual(target, {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      minCapacity: 2,
      maxCapacity: 10,
      tags: TAGS,
    });
    assert.match(String(resourceId), /^service\/apps-[0-9a-f]{7}\/web-[0-9a-f]{7}$/);
    assert.deepEqual(
      made.all("Policy").map(({ name, inputs }) => [name, inputs.policyType, inputs.targetTrackingScalingPolicyConfiguration]),
      [
        ["web-cpu", "ECSServiceAverageCPUUtilization", 70],
        ["web-memory", "ECSServiceAverageMemoryUtilization", 80],
      ].map(([name, predefinedMetricType, targetValue]) => [
        name,
        "TargetTrackingScaling",
        { predefinedMetricSpecification: { predefinedMetricType }, targetValue, scaleOutCooldown: 60, scaleInCooldown: 300 },
      ]),
    );
  });
});

describe("a worker", () => {
  let made: Deployed;
  before(async () => {
    made = await deployOne({ path: false, image: "public.ecr.aws/x/worker:1", desiredCount: 1, capacity: "spot" });
  });

  it("has no target group, no rule, no door and no HTTP health check", () => {
    for (const type of ["TargetGroup", "ListenerRule", "SecurityGroupIngressRule"]) assert.deepEqual(made.names(type), [], type);
    const { loadBalancers, healthCheckGracePeriodSeconds } = made.inputs(SERVICE);
    assert.deepEqual([loadBalancers, healthCheckGracePeriodSeconds], [undefined, undefined]);
    assert.equal(containers(made)[0]!.healthCheck, undefined);
  });

  it("keeps the number of tasks it was given", () => {
    assert.deepEqual(made.names("Target"), []);
    assert.equal(made.inputs(SERVICE).desiredCount, 1);
    assert.deepEqual(made.one(SERVICE).options.ignoreChanges, []);
    assert.deepEqual(made.inputs(SERVICE).capacityProviderStrategies, [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }]);
  });

  it("gets no right to pull from ECR what is not there", () => {
    assert.deepEqual(
      statements(made, "web-execution").map(({ Sid }) => Sid),
      ["RegistryLogin", "WriteLogs"],
    );
  });
});

describe("a service with an image of this stack", () => {
  it("runs it by digest, may pull from its repository alone, and takes its architecture", async () => {
    const made = await deploy(() =>
      makeService({ image: new AppImage("web", { context: "./app", architecture: "arm64" }), containerHealthCheck: false }),
    );
    const [web] = containers(made);
    assert.match(web!.image, new RegExp(`^${ACCOUNT}\\.dkr\\.ecr\\.${REGION}\\.amazonaws\\.com/web-[0-9a-f]{7}@sha256:[0-9a-f]{64}$`));
    assert.equal(web!.healthCheck, undefined);
    const [, pull] = statements(made, "web-execution");
    assert.deepEqual(pull!.Resource, [
      `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${web!.image.slice(web!.image.indexOf("/") + 1, web!.image.indexOf("@"))}`,
    ]);
    assert.equal((made.inputs("TaskDefinition").runtimePlatform as JsonObject).cpuArchitecture, "ARM64");
  });
});
