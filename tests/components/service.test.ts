import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster";
import { httpHealth } from "../../components/containers";
import { FargateService, type FargateServiceArgs } from "../../components/fargate-service";
import { AppImage } from "../../components/image";
import { LoadBalancer, type RouteArgs } from "../../components/load-balancer";
import { Priorities } from "../../components/priorities";
import type { JsonObject } from "../../plan/graph";
import { ACCOUNT, type Deployed, type DeployOptions, deploy, policyOf, REGION, refusal } from "../helpers/deploy";
import { plainNetwork } from "../helpers/network";

const TAGS = { Project: "shop", Stack: "test" };
const IMAGE = `${ACCOUNT}.dkr.ecr.eu-west-3.amazonaws.com/team/web@sha256:0123`;
const SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:db-AbCdEf`;
const PARAMETER = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/mail`;
const SERVICE = "aws:ecs/service:Service";

type Args = Partial<Omit<FargateServiceArgs, "cluster" | "route">> & { path?: RouteArgs | false };

/** A service behind a load balancer, or with `path: false` a worker. */
function make({ path = { path: "/*" }, ...args }: Args = {}, name = "web"): FargateService {
  const network = plainNetwork();
  const cluster = new Cluster("apps", { network });
  const route = path && new LoadBalancer("public", { network, accessLogs: false }).route(path);
  return new FargateService(name, { cluster, image: IMAGE, ...(route && { route }), ...args });
}
const deployOne = (args: Args = {}, options: DeployOptions = {}) => deploy(() => make(args), options);

interface Container extends JsonObject {
  name: string;
  image: string;
  environment: JsonObject[];
}
const containers = (made: Deployed, name = "web") =>
  JSON.parse(String(made.inputs("TaskDefinition", name).containerDefinitions)) as Container[];
const statements = (made: Deployed, name: string) => policyOf(made.one("RolePolicy", name)).Statement;

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
    assert.deepEqual([balancer.containerName, balancer.containerPort], ["web", 8000]);
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
    assert.equal(create, "npx --no-install berth wait");
    const { BERTH_TASK_DEFINITION, BERTH_TIMEOUT_MINUTES, BERTH_REASON } = environment as JsonObject;
    assert.equal(BERTH_TASK_DEFINITION, made.inputs(SERVICE).taskDefinition);
    assert.equal(BERTH_TIMEOUT_MINUTES, "20");
    assert.deepEqual(JSON.parse(String(BERTH_REASON)), { capacity: [{ capacityProvider: "FARGATE", base: 0, weight: 1 }] });
  });

  it("waits for its doors, its rights, its logs, its capacity and its route", () => {
    const service = made.one(SERVICE);
    const needed: [type: string, name: string][] = [
      ["ListenerRule", "web"],
      ["RolePolicy", "web-execution"],
      ["LogGroup", "web"],
      ["Command", "web-revisions"],
      ["ClusterCapacityProviders", "apps"],
      ["SecurityGroupIngressRule", "web-in"],
      ["SecurityGroupEgressRule", "web-out"],
      ["SecurityGroupEgressRule", "web-requests"],
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
    assert.equal(priority, new Priorities().assign({ path: "/*" }));
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
    assert.deepEqual(made.inputs("Command", "web-revisions").environment, { BERTH_STACK: "test", BERTH_FAMILY: "shop-test-web" });
  });

  it("has one container, with the health check of a container that serves HTTP", () => {
    const [web, ...others] = containers(made);
    assert.deepEqual(others, []);
    assert.deepEqual([web.name, web.image], ["web", IMAGE]);
    assert.deepEqual(web.environment, [
      { name: "HEALTH_CHECK_PATH", value: "/health" },
      { name: "PORT", value: "8000" },
    ]);
    assert.deepEqual((web.healthCheck as JsonObject).command, httpHealth(8000, "/health").healthCheck.command);
    assert.deepEqual((web.logConfiguration as JsonObject).options, {
      "awslogs-group": String((web.logConfiguration as { options: JsonObject }).options["awslogs-group"]),
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
      assert.deepEqual(policyOf(made.one("Role", name), "assumeRolePolicy").Statement, [
        {
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": ACCOUNT },
            ArnLike: { "aws:SourceArn": `arn:aws:ecs:${REGION}:${ACCOUNT}:*` },
          },
        },
      ]);
    }
  });

  it("lets ECS pull this image and write this log, and the app nothing", () => {
    const group = (containers(made)[0].logConfiguration as { options: Record<string, string> }).options["awslogs-group"];
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
    assert.deepEqual(made.names("RolePolicy"), ["web-execution"]);
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

describe("a service as its arguments say", () => {
  let made: Deployed;
  let url: string;

  before(async () => {
    made = await deploy(
      () => {
        const service = make({
          path: { path: "/api/*", host: "*.example.com", headers: { "x-beta": ["yes", "on"] }, priority: 17 },
          cpu: "1 vCPU",
          memory: "2 GB",
          architecture: "arm64",
          port: 3000,
          capacity: "mixed",
          environment: { LEVEL: "debug", PORT: "4000", URL: pulumi.output("https://example.com") },
          secrets: { DB: `${SECRET}:password::`, DB_USER: `${SECRET}:user::`, MAIL: pulumi.output(PARAMETER) },
          secretsKmsKeyArns: ["arn:aws:kms:eu-west-3:123456789012:key/k"],
          sidecars: { agent: { image: "public.ecr.aws/x/agent:1.0", essential: false, writablePaths: ["/var/run", "/tmp"] } },
          ephemeralStorage: 30,
          logRetentionInDays: 30,
          permissions: [{ sid: "ReadFiles", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::files/*"] }],
          exec: true,
          readonlyRootFilesystem: false,
          healthCheck: {
            path: "/up",
            matcher: "200-299",
            interval: 6,
            timeout: 3,
            healthyThreshold: 3,
            unhealthyThreshold: 5,
            gracePeriod: 120,
          },
          deregistrationDelay: 45,
          scaling: { min: 3, max: 6, cpu: false, memory: 65, requests: 500, scaleInCooldown: 60, scaleOutCooldown: 10 },
          redeploy: "monday",
          tags: { team: "red" },
        });
        service.url?.apply((value) => {
          url = value;
        });
      },
      { stack: "test.eu" },
    );
  });

  it("splits tasks between Fargate and Spot", () => {
    assert.deepEqual(made.inputs(SERVICE).capacityProviderStrategies, [
      { capacityProvider: "FARGATE", base: 2, weight: 1 },
      { capacityProvider: "FARGATE_SPOT", base: 0, weight: 3 },
    ]);
  });

  it("routes, checks and drains", () => {
    const { conditions, priority } = made.inputs("ListenerRule");
    assert.deepEqual(conditions, [
      { hostHeader: { values: ["*.example.com"] } },
      { pathPattern: { values: ["/api/*"] } },
      { httpHeader: { httpHeaderName: "x-beta", values: ["yes", "on"] } },
    ]);
    assert.equal(priority, 17);
    const { healthCheck, deregistrationDelay, port } = made.inputs("TargetGroup");
    assert.deepEqual(
      [healthCheck, deregistrationDelay, port],
      [{ enabled: true, path: "/up", matcher: "200-299", interval: 6, timeout: 3, healthyThreshold: 3, unhealthyThreshold: 5 }, 45, 3000],
    );
    assert.equal(made.inputs(SERVICE).healthCheckGracePeriodSeconds, 120);
    assert.deepEqual(
      [made.inputs("SecurityGroupIngressRule", "web-in").fromPort, made.inputs("SecurityGroupIngressRule", "web-in").toPort],
      [3000, 3000],
    );
    assert.match(url, /^http:\/\/public-.*\/api\/$/);
  });

  it("sizes the task", () => {
    const { cpu, memory, runtimePlatform, ephemeralStorage, volumes, family } = made.inputs("TaskDefinition");
    assert.deepEqual(
      [cpu, memory, runtimePlatform, ephemeralStorage],
      ["1024", "2048", { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" }, { sizeInGib: 30 }],
    );
    assert.deepEqual(volumes, [{ name: "tmp" }, { name: "var-run" }]);
    assert.equal(family, "shop-test-eu-web", "ECS takes no dots");
    assert.equal(made.inputs("LogGroup", "web").retentionInDays, 30);
  });

  it("lists containers by name, environment and secrets by name", () => {
    const [agent, web] = containers(made);
    assert.deepEqual([agent.name, agent.essential, agent.image, web.name], ["agent", false, "public.ecr.aws/x/agent:1.0", "web"]);
    assert.deepEqual(agent.environment, []);
    assert.deepEqual(web.environment, [
      { name: "HEALTH_CHECK_PATH", value: "/up" },
      { name: "LEVEL", value: "debug" },
      { name: "PORT", value: "4000" },
      { name: "URL", value: "https://example.com" },
    ]);
    assert.deepEqual(web.secrets, [
      { name: "DB", valueFrom: `${SECRET}:password::` },
      { name: "DB_USER", valueFrom: `${SECRET}:user::` },
      { name: "MAIL", valueFrom: PARAMETER },
    ]);
    assert.equal(web.readonlyRootFilesystem, false);
  });

  it("lets ECS read exactly the secrets that are named, and decrypt with the keys that are named", () => {
    assert.deepEqual(statements(made, "web-execution").slice(3), [
      { Sid: "ReadSecrets", Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: [SECRET] },
      { Sid: "ReadParameters", Effect: "Allow", Action: ["ssm:GetParameters"], Resource: [PARAMETER] },
      { Sid: "DecryptSecrets", Effect: "Allow", Action: ["kms:Decrypt"], Resource: ["arn:aws:kms:eu-west-3:123456789012:key/k"] },
    ]);
  });

  it("grants the app shells and what it asked for, before the service starts", () => {
    const log = made.one("LogGroup", "apps-exec");
    const [sessions, find, write, own, ...others] = statements(made, "web-task");
    assert.deepEqual(sessions, {
      Sid: "ExecSessions",
      Effect: "Allow",
      Action: ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
        (action) => `ssmmessages:${action}`,
      ),
      Resource: ["*"],
    });
    assert.deepEqual(find, { Sid: "FindSessionLog", Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: ["*"] });
    assert.deepEqual(write.Action, ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]);
    assert.match(String(write.Resource), new RegExp(`^arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${log.name}-[0-9a-f]{7}:\\*$`));
    assert.deepEqual(own, { Sid: "ReadFiles", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::files/*"] });
    assert.deepEqual(others, []);
    assert.ok(made.one(SERVICE).dependencies.includes(made.one("RolePolicy", "web-task").urn));
    assert.equal(made.inputs(SERVICE).enableExecuteCommand, true);
  });

  it("scales on memory and requests", () => {
    const { minCapacity, maxCapacity } = made.inputs("Target");
    assert.deepEqual([minCapacity, maxCapacity, made.inputs(SERVICE).desiredCount], [3, 6, 3]);
    assert.deepEqual(made.names("Policy"), ["web-memory", "web-requests"]);
    const { predefinedMetricSpecification, ...how } = made.inputs("Policy", "web-requests")
      .targetTrackingScalingPolicyConfiguration as JsonObject;
    const { predefinedMetricType, resourceLabel } = predefinedMetricSpecification as JsonObject;
    assert.deepEqual(how, { targetValue: 500, scaleOutCooldown: 10, scaleInCooldown: 60 });
    assert.equal(predefinedMetricType, "ALBRequestCountPerTarget");
    assert.match(String(resourceLabel), /^app\/public-[0-9a-f]{7}\/[0-9a-f]{16}\/targetgroup\/web-[0-9a-f]{7}\/[0-9a-f]{16}$/);
  });

  it("rolls when told to", () => {
    const { forceNewDeployment, triggers } = made.inputs(SERVICE);
    assert.deepEqual([forceNewDeployment, triggers], [true, { redeploy: "monday" }]);
  });

  it("tags the tasks' parts", () => {
    for (const type of [SERVICE, "TaskDefinition", "Target", "TargetGroup"])
      assert.deepEqual(made.inputs(type).tags, { Project: "shop", Stack: "test.eu", team: "red" }, type);
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
    assert.equal(containers(made)[0].healthCheck, undefined);
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
      make({ image: new AppImage("web", { context: "./app", architecture: "arm64" }), containerHealthCheck: false }),
    );
    const [web] = containers(made);
    assert.match(web.image, new RegExp(`^${ACCOUNT}\\.dkr\\.ecr\\.${REGION}\\.amazonaws\\.com/web-[0-9a-f]{7}@sha256:[0-9a-f]{64}$`));
    assert.equal(web.healthCheck, undefined);
    const [, pull] = statements(made, "web-execution");
    assert.deepEqual(pull.Resource, [
      `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${web.image.slice(web.image.indexOf("/") + 1, web.image.indexOf("@"))}`,
    ]);
    assert.equal((made.inputs("TaskDefinition").runtimePlatform as JsonObject).cpuArchitecture, "ARM64");
  });
});

describe("a service that AWS would refuse", () => {
  const PLAIN = "and a task definition shows its environment to everyone who may look at it. Store it in Secrets Manager";
  const refused: [what: string, args: () => Args, message: string][] = [
    [
      "memory for another CPU",
      () => ({ memory: 4096 }),
      "memory: 4 GB does not go with 0.25 vCPU on Fargate; allowed are 512 MB, 1 GB or 2 GB; the nearest is",
    ],
    ["a CPU in words", () => ({ cpu: "half" }), 'cpu: "half" is not a CPU size; write "0.25 vCPU" or 256'],
    ["a port out of range", () => ({ port: 70_000 }), "web.port: 70000 is out of range; allowed are 1 to 65535; the nearest is 65535."],
    [
      "too small a disk",
      () => ({ ephemeralStorage: 20 }),
      "ephemeralStorage: 20 is out of range; allowed are 21 to 200 GiB (20 are there anyway); the nearest is 21.",
    ],
    ["min above max", () => ({ scaling: { min: 5, max: 3 } }), "scaling.min: 5 is above scaling.max (3); the nearest is 3."],
    ["more tasks than AWS runs", () => ({ scaling: { max: 6000 } }), "scaling.max: 6000 is not a number of tasks; allowed are 0 to 5000"],
    ["no percentage", () => ({ scaling: { cpu: 0 } }), "scaling.cpu: 0 is not a percentage to keep; allowed are 1 to 100, or false."],
    [
      "requests without a route",
      () => ({ path: false, scaling: { requests: 5 } }),
      "scaling.requests: requests are counted by the load balancer, and this service has no route;",
    ],
    ["a number and a range", () => ({ desiredCount: 1, scaling: {} }), "desiredCount: desiredCount and scaling are both given;"],
    ["half a task", () => ({ desiredCount: 1.5 }), "desiredCount: 1.5 is not a number of tasks."],
    [
      "a check that outlasts its interval",
      () => ({ healthCheck: { timeout: 10 } }),
      "healthCheck.timeout: 10 is not less than healthCheck.interval (10); the nearest is 9.",
    ],
    [
      "a shell without a writable disk",
      () => ({ exec: true }),
      "exec: ECS Exec writes its agent into the container, which a read-only root file system forbids;",
    ],
    ["a moving image", () => ({ image: "web:latest" }), 'web.image: "web:latest" is a moving tag;'],
    ["a moving sidecar", () => ({ sidecars: { agent: { image: "agent" } } }), 'agent.image: "agent" has neither tag nor digest;'],
    [
      "a password",
      () => ({ environment: { DB_PASSWORD: "hunter2" } }),
      `web.environment.DB_PASSWORD: its name says it holds a password, ${PLAIN}`,
    ],
    [
      "a password from elsewhere",
      () => ({ environment: { X: pulumi.output("redis://:hunter2@x") } }),
      `web.environment.X: its value has the form of a credential, ${PLAIN}`,
    ],
    ["a Pulumi secret", () => ({ environment: { X: pulumi.secret("hunter2") } }), `web.environment.X: it is a Pulumi secret, ${PLAIN}`],
    [
      "a sidecar's password",
      () => ({ sidecars: { agent: { image: "agent:1", environment: { API_KEY: "hunter2" } } } }),
      `agent.environment.API_KEY: its name says it holds a api key, ${PLAIN}`,
    ],
    ["a secret by value", () => ({ secrets: { DB: "hunter2" } }), "web.secrets.DB: this is not the ARN of a secret;"],
    [
      "a secret by value from elsewhere",
      () => ({ secrets: { DB: pulumi.output("hunter2") } }),
      "web.secrets.DB: this is not the ARN of a secret;",
    ],
    [
      "an image of another architecture",
      () => ({ image: new AppImage("web", { context: "./app" }), architecture: "arm64" }),
      "architecture: the image is built for x86_64, the task asks for arm64;",
    ],
    [
      "a sidecar of another architecture",
      () => ({ sidecars: { agent: { image: new AppImage("agent", { imageUri: "agent:1", architecture: "arm64" }) } } }),
      "sidecars.agent: its image is for arm64, the task runs on x86_64;",
    ],
  ];
  for (const [what, args, message] of refused) {
    it(what, async () => {
      const given = await refusal(() => make(args()));
      assert.equal(given.slice(0, message.length), message);
      assert.doesNotMatch(given, /hunter2/);
    });
  }

  it("a name that leaves no room", async () => {
    assert.equal(
      await refusal(() => make({}, "a-name-of-more-than-twenty-four")),
      'name: "a-name-of-more-than-twenty-four" has 31 characters; a target group\'s name has room for 24; the nearest is "a-name-of-more-than-twen".',
    );
  });

  it("a load balancer of another network", async () => {
    const message = await refusal(() => {
      const cluster = new Cluster("apps", { network: plainNetwork() });
      const route = new LoadBalancer("public", { network: plainNetwork(), accessLogs: false }).route({ path: "/*" });
      new FargateService("web", { cluster, image: IMAGE, route });
    });
    assert.equal(
      message,
      "route: the load balancer of the route /* is in another network than the cluster; both must be made with the same one.",
    );
  });
});

describe("Cluster", () => {
  it("is on Fargate and Spot, observed, and keeps a log of shells", async () => {
    const made = await deploy(() => {
      new Cluster("apps", { network: plainNetwork() });
      new Cluster("dev", { network: plainNetwork(), containerInsights: "disabled", execLogRetentionInDays: 7, tags: { team: "red" } });
    });
    const { configuration, ...inputs } = made.inputs("aws:ecs/cluster:Cluster", "apps");
    assert.deepEqual(inputs, { settings: [{ name: "containerInsights", value: "enhanced" }], tags: TAGS });
    const { executeCommandConfiguration } = configuration as { executeCommandConfiguration: JsonObject };
    assert.equal(executeCommandConfiguration.logging, "OVERRIDE");
    assert.deepEqual(made.sourcesOf(made.one("aws:ecs/cluster:Cluster", "apps"), "configuration"), ["LogGroup apps-exec"]);
    assert.deepEqual(made.inputs("aws:ecs/cluster:Cluster", "dev").settings, [{ name: "containerInsights", value: "disabled" }]);
    assert.deepEqual(
      ["apps-exec", "dev-exec"].map((name) => made.inputs("LogGroup", name).retentionInDays),
      [90, 7],
    );
    const { clusterName: _, ...providers } = made.inputs("ClusterCapacityProviders", "apps");
    assert.deepEqual(providers, {
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
    });
  });
});
