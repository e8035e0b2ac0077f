import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { JsonObject } from "../../../facts/graph";
import { ACCOUNT, type Deployed, deploy, REGION } from "../../helpers/deploy";
import { containers, makeService, rightsName, statements } from "../../helpers/service";

const SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:db-AbCdEf`;
const PARAMETER = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/mail`;
const SERVICE = "aws:ecs/service:Service";

describe("a service as its arguments say", () => {
  let made: Deployed;
  let url: string;

  before(async () => {
    made = await deploy(
      () => {
        const service = makeService({
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
      [made.inputs("SecurityGroupIngressRule", "web-in-3000").fromPort, made.inputs("SecurityGroupIngressRule", "web-in-3000").toPort],
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
    assert.equal(family, "shop-test-eu-web-ad18faa7", "ECS takes no dots, and a hash tells it from the family of another stack");
    assert.equal(made.inputs("LogGroup", "web").retentionInDays, 30);
  });

  it("lists containers by name, environment and secrets by name", () => {
    const [agent, web] = containers(made);
    assert.deepEqual([agent!.name, agent!.essential, agent!.image, web!.name], ["agent", false, "public.ecr.aws/x/agent:1.0", "web"]);
    assert.deepEqual(agent!.environment, []);
    assert.deepEqual(web!.environment, [
      { name: "HEALTH_CHECK_PATH", value: "/up" },
      { name: "LEVEL", value: "debug" },
      { name: "PORT", value: "4000" },
      { name: "URL", value: "https://example.com" },
    ]);
    assert.deepEqual(web!.secrets, [
      { name: "DB", valueFrom: `${SECRET}:password::` },
      { name: "DB_USER", valueFrom: `${SECRET}:user::` },
      { name: "MAIL", valueFrom: PARAMETER },
    ]);
    assert.equal(web!.readonlyRootFilesystem, false);
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
    assert.deepEqual(write!.Action, ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]);
    assert.match(String(write!.Resource), new RegExp(`^arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${log.name}-[0-9a-f]{7}:\\*$`));
    assert.deepEqual(own, { Sid: "ReadFiles", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::files/*"] });
    assert.deepEqual(others, []);
    assert.ok(made.one(SERVICE).dependencies.includes(made.one("RolePolicy", rightsName(made, "web-task")).urn));
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
    const { capacity, redeploy } = triggers as Record<string, string>;
    assert.deepEqual([forceNewDeployment, redeploy], [true, "monday"]);
    assert.deepEqual(JSON.parse(capacity!), made.inputs(SERVICE).capacityProviderStrategies);
  });

  it("tags the tasks' parts", () => {
    for (const type of [SERVICE, "TaskDefinition", "Target", "TargetGroup"])
      assert.deepEqual(made.inputs(type).tags, { Project: "shop", Stack: "test.eu", team: "red" }, type);
  });
});
