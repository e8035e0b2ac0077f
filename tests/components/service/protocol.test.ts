// What a load balancer speaks with the tasks, and who judges their health: one opinion of it.
import assert from "node:assert/strict";
import { Cluster } from "../../../components/cluster/cluster";
import { AppImage } from "../../../components/image/image";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import type { FargateServiceArgs } from "../../../components/service/arguments";
import { FargateService } from "../../../components/service/fargate-service";
import type { RunSettings } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import type { JsonObject } from "../../../facts/graph";
import { ACCOUNT, type Deployed, deploy, REGION, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { containers, IMAGE, makeService, statements } from "../../helpers/service";
import { makeService as makeVariant } from "../../helpers/variants";

const CERTIFICATE = "arn:aws:acm:eu-west-3:123456789012:certificate/mine";

/** A service behind an HTTPS listener. */
const secure = (args: Partial<FargateServiceArgs> = {}): Promise<Deployed> =>
  deploy(() => {
    const network = plainNetwork();
    const cluster = new Cluster("apps", { network });
    const route = new LoadBalancer("public", { network, accessLogs: false, certificateArn: CERTIFICATE }).route({ path: "/*" });
    new FargateService("web", { cluster, image: IMAGE, route, ...args });
  });

const targetGroup = (made: Deployed) => {
  const { protocol, protocolVersion, healthCheck } = made.inputs("TargetGroup", "web");
  const { path, port, matcher } = healthCheck as JsonObject;
  return { protocol, protocolVersion, path, port, matcher };
};
const app = (made: Deployed) =>
  containers(made)[0] as JsonObject as JsonObject & { portMappings: JsonObject[]; healthCheck?: { command: string[] } };

describe("the protocol of a service", () => {
  it("is HTTP/1.1, with a check in the container", async () => {
    const made = await secure();
    assert.deepEqual(targetGroup(made), { protocol: "HTTP", protocolVersion: undefined, path: "/health", port: undefined, matcher: "200" });
    assert.equal(app(made).portMappings[0]!.appProtocol, "http");
    assert.ok(app(made).healthCheck);
  });

  it("is gRPC: any answer is a healthy one, and the load balancer alone asks", async () => {
    const made = await secure({ protocol: "grpc", port: 50051 });
    assert.deepEqual(targetGroup(made), {
      protocol: "HTTP",
      protocolVersion: "GRPC",
      path: "/health",
      port: undefined,
      matcher: "0-99",
    });
    assert.deepEqual([app(made).portMappings[0]!.appProtocol, app(made).healthCheck], ["grpc", undefined]);
    assert.deepEqual(
      (app(made).environment as { name: string; value: string }[]).find(({ name }) => name === "PORT"),
      { name: "PORT", value: "50051" },
    );
  });

  it("is gRPC with a health service of its own", async () => {
    const made = await secure({ protocol: "grpc", healthCheck: { path: "/grpc.health.v1.Health/Check", matcher: "0" } });
    const { path, matcher } = targetGroup(made);
    assert.deepEqual([path, matcher], ["/grpc.health.v1.Health/Check", "0"]);
  });

  it("is HTTP/2", async () => {
    const made = await secure({ protocol: "http2" });
    assert.deepEqual([targetGroup(made).protocolVersion, targetGroup(made).matcher], ["HTTP2", "200"]);
    assert.deepEqual([app(made).portMappings[0]!.appProtocol, app(made).healthCheck], ["http2", undefined]);
  });

  it("is HTTPS: the load balancer and the container's own check speak TLS, and look at no certificate", async () => {
    for (const made of [
      await secure({ protocol: "https", port: 8443 }),
      await deploy(() => makeService({ protocol: "https", port: 8443 })),
    ]) {
      assert.deepEqual(targetGroup(made), {
        protocol: "HTTPS",
        protocolVersion: undefined,
        path: "/health",
        port: undefined,
        matcher: "200",
      });
      assert.equal((made.inputs("TargetGroup", "web").healthCheck as JsonObject).protocol, "HTTPS");
      const [mapping] = app(made).portMappings;
      assert.deepEqual([mapping!.name, mapping!.protocol, mapping!.appProtocol], ["https", "tcp", undefined]);
      assert.match(app(made).healthCheck!.command[1]!, /^u="https:\/\/127\.0\.0\.1:\$PORT/);
    }
  });

  it("is asked by HTTP on another port where that is said, and by HTTPS where the app speaks HTTP", async () => {
    const plain = await secure({ protocol: "https", healthCheck: { protocol: "http", port: 8081 } });
    assert.equal((plain.inputs("TargetGroup", "web").healthCheck as JsonObject).protocol, undefined);
    assert.match(app(plain).healthCheck!.command[1]!, /^u="http:\/\/127\.0\.0\.1:\$HEALTH_CHECK_PORT/);
    const tls = await secure({ healthCheck: { protocol: "https", port: 8443 } });
    assert.equal((tls.inputs("TargetGroup", "web").healthCheck as JsonObject).protocol, "HTTPS");
    assert.match(app(tls).healthCheck!.command[1]!, /^u="https:/);
  });

  it("is TCP to those who call a service with TLS by its name", async () => {
    const made = await secure({ protocol: "https", connect: true });
    const { services } = made.inputs("aws:ecs/service:Service").serviceConnectConfiguration as { services: JsonObject[] };
    assert.deepEqual([services[0]!.portName, (services[0]!.clientAlias as JsonObject[])[0]!.port], ["tcp", 8000]);
    assert.deepEqual([app(made).portMappings[0]!.name, app(made).portMappings[0]!.appProtocol], ["tcp", undefined]);
    assert.equal(
      await refusal(() => makeService({ protocol: "https", connect: { protocol: "http" } })),
      'FargateService "web": connect.protocol: the app speaks TLS, which the proxies do not read as http; leave it out: it is tcp.',
    );
  });

  for (const protocol of ["grpc", "http2"] as const)
    it(`is not ${protocol} behind plain HTTP`, async () =>
      assert.equal(
        await refusal(() => makeService({ protocol })),
        `FargateService "web": protocol: a load balancer speaks ${protocol} with tasks behind an HTTPS listener only; give the load balancer a domain or a certificateArn.`,
      ));

  const codes: [args: Partial<FargateServiceArgs>, message: string | undefined][] = [
    [{ protocol: "grpc", healthCheck: { matcher: "200" } }, '200 is no status code of grpc; allowed: 0 to 99, such as "0-99".'],
    [{ protocol: "grpc", healthCheck: { matcher: "0,100" } }, '100 is no status code of grpc; allowed: 0 to 99, such as "0-99".'],
    [{ protocol: "grpc", healthCheck: { matcher: "0,12,99" } }, undefined],
    [{ healthCheck: { matcher: "0-99" } }, '0 is no status code of http; allowed: 200 to 499, such as "200-299".'],
    [{ healthCheck: { matcher: "199" } }, '199 is no status code of http; allowed: 200 to 499, such as "200-299".'],
    [{ healthCheck: { matcher: "500" } }, '500 is no status code of http; allowed: 200 to 499, such as "200-299".'],
    [{ healthCheck: { matcher: "200-499" } }, undefined],
  ];
  for (const [args, message] of codes)
    it(`${message ? "refuses" : "takes"} ${JSON.stringify(args)}`, async () => {
      if (message) assert.equal(await refusal(() => makeService(args)), `FargateService "web": healthCheck.matcher: ${message}`);
      else await secure(args);
    });
});

describe("the opinion of health", () => {
  for (const [matcher, both] of [
    ["200", true],
    ["200-299", true],
    ["200,204", true],
    ["200,401", false],
    ["200-399", false],
    ["301", false],
  ] as const)
    it(`is ${both ? "the container's too" : "the load balancer's alone"} with ${matcher}`, async () => {
      const made = await secure({ healthCheck: { matcher } });
      assert.equal(app(made).healthCheck !== undefined, both);
      assert.equal(targetGroup(made).matcher, matcher);
    });

  it("is the user's where there is a check of their own", async () => {
    const made = await secure({ healthCheck: { matcher: "401" }, containerHealthCheck: { command: ["CMD", "check"] } });
    assert.deepEqual(app(made).healthCheck?.command, ["CMD", "check"]);
  });
});

describe("a health check on a port of its own", () => {
  it("is asked there by load balancer and container, and let in there", async () => {
    const made = await secure({ healthCheck: { port: 9000 } });
    assert.equal(targetGroup(made).port, "9000");
    const rules = (type: string) =>
      made
        .all(type)
        .map(({ name, inputs }) => [name, inputs.fromPort, inputs.toPort])
        .sort();
    assert.deepEqual(
      rules("SecurityGroupIngressRule").filter(([name]) => String(name).startsWith("web")),
      [
        ["web-in-8000", 8000, 8000],
        ["web-in-9000", 9000, 9000],
      ],
    );
    assert.deepEqual(
      rules("SecurityGroupEgressRule").filter(([name]) => String(name).startsWith("web-requests")),
      [
        ["web-requests-8000", 8000, 8000],
        ["web-requests-9000", 9000, 9000],
      ],
    );
    const service = made.one("aws:ecs/service:Service");
    assert.ok(
      [...made.outlives(service)].some(({ name }) => name === "web-in-9000"),
      "the service waits for the rule",
    );
    assert.deepEqual(made.one("SecurityGroupIngressRule", "web-in-9000").options.aliases, []);
    assert.match(app(made).healthCheck!.command[1]!, /^u="http:\/\/127\.0\.0\.1:\$HEALTH_CHECK_PORT\$HEALTH_CHECK_PATH"; /);
    assert.deepEqual(
      (app(made).environment as JsonObject[]).find(({ name }) => name === "HEALTH_CHECK_PORT"),
      { name: "HEALTH_CHECK_PORT", value: "9000" },
    );
  });

  it("needs no second rule where it is the app's", async () => {
    const made = await secure({ healthCheck: { port: 8000 } });
    assert.deepEqual(
      made.names("SecurityGroupIngressRule").filter((name) => name.startsWith("web")),
      ["web-in-8000"],
    );
  });

  it("is none in bridge mode", async () => {
    const refused = await refusal(() => makeVariant("Ec2Service", { networkMode: "bridge", healthCheck: { port: 9000 } }));
    assert.equal(
      refused,
      'Ec2Service "web": healthCheck.port: in bridge mode Docker chooses the ports on the instance; leave it out, or use awsvpc.',
    );
  });
});

describe("further security groups", () => {
  const OTHERS = ["sg-0123456789abcdef0", "sg-0123456789abcdef1"];

  it("are the tasks' beside their own, also before a rollout", async () => {
    const made = await secure({ securityGroups: OTHERS, preDeploy: ["migrate"] });
    const { securityGroups } = made.inputs("aws:ecs/service:Service").networkConfiguration as { securityGroups: string[] };
    assert.deepEqual(securityGroups.slice(1), OTHERS);
    const { BERTH_SECURITY_GROUPS } = made.inputs("Command", "web-pre-deploy").environment as Record<string, string>;
    assert.equal(BERTH_SECURITY_GROUPS, securityGroups.join(","));
  });

  it("are those of a task on a schedule, and of one by hand", async () => {
    let settings: RunSettings | undefined;
    const made = await deploy(() => {
      const cluster = new Cluster("apps", { network: plainNetwork() });
      const task = new ScheduledTask("clean", { cluster, image: IMAGE, schedule: "rate(1 day)", securityGroups: OTHERS });
      task.oneOff.runSettings.apply((value) => {
        settings = value;
      });
    });
    const target = made.inputs("Schedule").target as { ecsParameters: { networkConfiguration: { securityGroups: string[] } } };
    const { securityGroups } = target.ecsParameters.networkConfiguration;
    assert.deepEqual(securityGroups.slice(1), OTHERS);
    assert.deepEqual(settings?.securityGroups, securityGroups);
  });

  it("are four at most, and none in bridge mode", async () => {
    assert.equal(
      await refusal(() => makeService({ securityGroups: ["a", "b", "c", "d", "e"].map((end) => `sg-0123456789abcdef${end}`) })),
      'FargateService "web": securityGroups: 5 security groups; AWS takes five for a task, one of which is its own; name at most 4.',
    );
    assert.equal(
      await refusal(() => makeService({ securityGroups: ["database"] })),
      'FargateService "web": securityGroups[0]: "database" is not the id of a security group; write one like "sg-0123456789abcdef0".',
    );
    assert.equal(
      await refusal(() => makeVariant("Ec2Service", { networkMode: "bridge", securityGroups: OTHERS })),
      'Ec2Service "web": securityGroups: in bridge mode tasks are in the groups of the instances; leave it out, or use awsvpc.',
    );
  });
});

describe("an image behind a pull-through cache", () => {
  const imageUri = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/docker-hub/library/nginx:1.29`;
  const repository = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/docker-hub/library/nginx`;

  it("may be fetched by ECR when the task pulls it, and no other image may", async () => {
    const made = await deploy(() =>
      makeService({ sidecars: { proxy: { image: new AppImage("proxy", { imageUri, pullThroughCache: true }), port: 80 } } }),
    );
    const granted = statements(made, "web-execution");
    assert.deepEqual(
      granted.find(({ Sid }) => Sid === "ImportImage"),
      {
        Sid: "ImportImage",
        Effect: "Allow",
        Action: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
        Resource: [repository],
      },
    );
    assert.deepEqual(granted.find(({ Sid }) => Sid === "PullImage")?.Resource, [
      `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/team/web`,
      repository,
    ]);
  });

  it("is what it is said to be", async () => {
    assert.equal(
      await refusal(() => new AppImage("web", { context: "./app", pullThroughCache: true })),
      'AppImage "web": pullThroughCache: it is about an image from elsewhere, and this one is built here; give imageUri, or leave it out.',
    );
    assert.equal(
      await refusal(() => new AppImage("web", { imageUri: "nginx:1.29", pullThroughCache: true })),
      'AppImage "web": pullThroughCache: "nginx:1.29" is not in ECR; give the image\'s name there: <account>.dkr.ecr.<region>.amazonaws.com/<prefix of the rule>/<name>:<tag>.',
    );
  });
});
