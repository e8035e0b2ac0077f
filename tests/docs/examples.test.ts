import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import "../../components"; // Loaded once, before the recordings, which would load them each time.
import type { JsonObject } from "../../facts/graph";
import { object, objects } from "../../plan/graph/query";
import { planOf } from "../../plan/plan";
import type { Platform } from "../../plan/project/platform";
import { loadProject } from "../../plan/project/project";
import { record } from "../../plan/record/record";
import { sharedLines } from "../../plan/report/report-cost";
import { leaningLines } from "../../plan/report/report-platform";
import { paintFor } from "../../tool/paint";
import { REPOSITORY } from "../helpers/places";

const EXAMPLES = join(REPOSITORY, "examples");
const names = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

const SERVICE = "aws:ecs/service:Service";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** The resources of an example: its inputs by type and name. */
type Made = { of(type: string): JsonObject[]; names(type: string): string[] };

const strategy = (made: Made) => object(made.of(SERVICE)[0]?.deploymentConfiguration).strategy;
const rules = (made: Made) => made.names("aws:lb/listenerRule:ListenerRule").sort();

/** What each example is there to show. */
const SHOWS: Record<string, (made: Made) => void> = {
  "many-services": (made) => {
    assert.deepEqual(made.names(SERVICE).sort(), ["orders", "shop", "users"]);
    assert.deepEqual(rules(made), ["orders", "shop", "users"]);
    assert.equal(made.of("aws:lb/loadBalancer:LoadBalancer").length, 1);
    assert.deepEqual(made.names("docker-build:index:Image"), ["shop"]);
  },
  domains: (made) => {
    assert.deepEqual(made.names("aws:acm/certificate:Certificate").sort(), ["public", "public-partner", "public-tenants"]);
    assert.deepEqual(made.names("aws:lb/listenerCertificate:ListenerCertificate").sort(), ["public-partner", "public-tenants"]);
    assert.deepEqual(rules(made), ["api", "public-redirect-www.example.com", "shop", "tenants"]);
    const records = made.names("aws:route53/record:Record").filter((name) => name.startsWith("public-alias-"));
    assert.equal(made.of("aws:route53/record:Record").filter(({ type }) => type === "AAAA").length, records.length);
    assert.deepEqual(records.map((name) => name.slice("public-alias-".length)).sort(), [
      "_wildcard.tenants.example.net",
      "api.example.com",
      "example.com",
      "tenants.example.net",
      "www.example.com",
    ]);
    assert.equal(made.names("pulumi:providers:aws").length, 1);
  },
  "several-services": (made) => {
    assert.deepEqual(made.names(SERVICE).sort(), ["api", "jobs", "web"]);
    assert.deepEqual(rules(made), ["api", "web"]);
    assert.deepEqual(made.names("docker-build:index:Image").sort(), ["api", "shared"]);
    assert.deepEqual(made.names("aws:scheduler/schedule:Schedule"), ["report"]);
  },
  "blue-green": (made) => {
    assert.equal(strategy(made), "BLUE_GREEN");
    assert.deepEqual(rules(made), ["web-production", "web-test"]);
    const hooks = objects(object(made.of(SERVICE)[0]?.deploymentConfiguration).lifecycleHooks);
    assert.deepEqual(
      hooks.map(({ targetType }) => targetType),
      ["PAUSE"],
    );
  },
  canary: (made) => {
    assert.equal(strategy(made), "CANARY");
    assert.equal(object(object(made.of(SERVICE)[0]?.deploymentConfiguration).canaryConfiguration).canaryPercent, 10);
  },
  linear: (made) => {
    assert.equal(strategy(made), "LINEAR");
    assert.equal(object(object(made.of(SERVICE)[0]?.deploymentConfiguration).linearConfiguration).stepPercent, 25);
  },
  "rolling-with-alarms": (made) => {
    assert.equal(strategy(made), "ROLLING");
    assert.deepEqual(made.names(ALARM).sort(), ["no-orders", "web-errors", "web-unhealthy"]);
    assert.equal((object(made.of(SERVICE)[0]?.alarms).alarmNames as string[]).length, 3);
  },
  alarms: (made) => {
    assert.equal(made.names(ALARM).filter((name) => name.startsWith("alarms-")).length, 9);
    assert.deepEqual(made.names("aws:cloudwatch/eventTarget:EventTarget").sort(), [
      "alerts-report-run",
      "alerts-web-deployment",
      "alerts-web-start",
    ]);
    assert.deepEqual(made.names("aws:kms/key:Key"), ["data"]);
  },
  migrations: (made) => assert.ok(made.names("command:local:Command").includes("web-pre-deploy")),
  "scheduled-task": (made) => {
    assert.deepEqual(made.names("aws:scheduler/schedule:Schedule"), ["report"]);
    assert.deepEqual(made.names("aws:ecs/taskDefinition:TaskDefinition").sort(), ["import", "report"]);
    assert.deepEqual(made.names(SERVICE), []);
  },
  "ec2-gpu": (made) => {
    const [container] = JSON.parse(String(made.of("aws:ecs/taskDefinition:TaskDefinition")[0]?.containerDefinitions)) as JsonObject[];
    assert.deepEqual(container?.resourceRequirements, [{ type: "GPU", value: "1" }]);
    assert.match(String(made.of("aws:ec2/launchTemplate:LaunchTemplate")[0]?.imageId), /gpu/);
  },
  "managed-instances": (made) => {
    assert.ok(made.of("aws:ecs/capacityProvider:CapacityProvider")[0]?.managedInstancesProvider);
    assert.deepEqual(made.of("aws:ecs/taskDefinition:TaskDefinition")[0]?.requiresCompatibilities, ["MANAGED_INSTANCES"]);
    assert.deepEqual(made.names("aws:ecs/daemon:Daemon"), ["agent"]);
  },
  "shared-files": (made) => {
    assert.deepEqual(made.names("aws:efs/fileSystem:FileSystem"), ["uploads"]);
    assert.equal(made.of("aws:efs/mountTarget:MountTarget").length, 2);
    const tasks = made.of("aws:ecs/taskDefinition:TaskDefinition");
    const files = tasks.map(({ volumes }) => objects(volumes).map(({ efsVolumeConfiguration: efs }) => object(efs).fileSystemId ?? null));
    assert.equal(new Set(files.map(String)).size, 1);
    assert.equal(tasks.length, 3);
    const reads = tasks.map(({ containerDefinitions }) => /"readOnly":true,"sourceVolume":"uploads"/.test(String(containerDefinitions)));
    assert.deepEqual(reads.sort(), [false, false, true]);
  },
  "whole-task": (made) => {
    const [task] = made.of("aws:ecs/taskDefinition:TaskDefinition");
    const containers = JSON.parse(String(task?.containerDefinitions)) as JsonObject[];
    const [router, prepare, shop] = containers;
    assert.deepEqual(
      [router, prepare, shop].map((one) => one?.name),
      ["log-router", "prepare", "shop"],
    );
    assert.deepEqual(shop?.dependsOn, [
      { containerName: "log-router", condition: "START" },
      { containerName: "prepare", condition: "SUCCESS" },
    ]);
    assert.deepEqual(
      objects(shop?.portMappings).map(({ containerPort, appProtocol }) => [containerPort, appProtocol]),
      [
        [8000, "http"],
        [50051, "grpc"],
      ],
    );
    assert.deepEqual(rules(made), ["shop", "shop-orders"]);
    assert.deepEqual(
      objects(made.of(SERVICE)[0]?.loadBalancers).map(({ containerPort }) => containerPort),
      [8000, 50051],
    );
  },
  cloudfront: (made) => {
    const [balancer] = made.of("aws:lb/loadBalancer:LoadBalancer");
    assert.equal(balancer?.internal, true);
    assert.deepEqual(made.names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").sort(), [
      "inside-443-cloudfront",
      "web-in-8000",
    ]);
    const [origin] = made.of("aws:cloudfront/vpcOrigin:VpcOrigin");
    assert.match(String(object(origin?.vpcOriginEndpointConfig).arn), /:loadbalancer\/app\/inside-/);
  },
  "private-network": (made) => {
    assert.deepEqual(made.names("aws:ec2/natGateway:NatGateway"), []);
    assert.equal(made.of("aws:lb/loadBalancer:LoadBalancer")[0]?.internal, true);
    assert.deepEqual(made.names("docker:index/registryImage:RegistryImage"), ["redis"]);
  },
  "existing-network": (made) => assert.deepEqual(made.names("aws:ec2/vpc:Vpc"), []),
  connect: (made) => {
    assert.deepEqual(made.names(SERVICE).sort(), ["api", "web"]);
    assert.deepEqual(made.names("aws:servicediscovery/httpNamespace:HttpNamespace"), ["apps"]);
    assert.ok(made.names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").includes("web-to-api-8000"));
    assert.deepEqual(rules(made), ["web"], "the API is reached by name alone");
  },
  platform: (made) => {
    assert.deepEqual([made.names(SERVICE), made.names("aws:lb/loadBalancer:LoadBalancer")], [[], ["public"]]);
  },
  "platform-shop": (made) => assert.deepEqual(rules(made), ["shop"]),
  "platform-api": (made) => assert.deepEqual(rules(made), ["api"]),
  "django-celery": (made) => {
    assert.deepEqual(made.names(SERVICE).sort(), ["web", "worker"]);
    assert.deepEqual(made.names("docker-build:index:Image"), ["shop"]);
    assert.ok(made.names("command:local:Command").includes("web-pre-deploy"));
    const ways = made.names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter((name) => name.includes("-to-"));
    assert.deepEqual(ways.sort(), ["web-to-5432", "web-to-6379", "worker-to-5432", "worker-to-6379"]);
  },
  express: (made) => {
    const [group] = made.of("aws:lb/targetGroup:TargetGroup");
    assert.deepEqual([group?.port, object(group?.healthCheck).path], [3000, "/"], "as its Dockerfile says");
  },
  grpc: (made) => {
    const versions = made
      .of("aws:lb/targetGroup:TargetGroup")
      .map(({ protocolVersion, healthCheck }) => [protocolVersion, object(healthCheck).matcher]);
    assert.deepEqual(versions.sort(), [
      [undefined, "200"],
      ["GRPC", "0"],
    ]);
    assert.deepEqual(made.of("aws:acm/certificate:Certificate")[0]?.subjectAlternativeNames, ["api.shop.example.com"]);
  },
  datadog: (made) => {
    const all = JSON.parse(String(made.of("aws:ecs/taskDefinition:TaskDefinition")[0]?.containerDefinitions)) as JsonObject[];
    const [router, web] = all;
    assert.deepEqual([router?.name, web?.name, object(web?.logConfiguration).logDriver], ["log-router", "web", "awsfirelens"]);
    assert.deepEqual(made.names("docker:index/registryImage:RegistryImage"), ["apps-log-router"]);
  },
  nats: (made) => {
    const groups = made
      .of("aws:lb/targetGroup:TargetGroup")
      .map(({ protocol, port, healthCheck }) => [protocol, port, object(healthCheck).protocol]);
    assert.deepEqual(groups.sort(), [
      ["HTTP", 8222, undefined],
      ["TCP", 4222, "HTTP"],
    ]);
    assert.equal(made.names("aws:ec2/eip:Eip").filter((name) => name.startsWith("clients")).length, 2);
  },
  "queue-worker": (made) => {
    assert.deepEqual(made.names("aws:sqs/queue:Queue").sort(), ["mails", "mails-dead-letters"]);
    assert.deepEqual(made.names("aws:appautoscaling/policy:Policy").sort(), [
      "mailer-first-task",
      "mailer-messages",
      "web-cpu",
      "web-memory",
    ]);
    const [web, mailer] = ["MAILS_QUEUE_URL", '"QUEUE_URL"'].map((name) =>
      made.of("aws:ecs/taskDefinition:TaskDefinition").filter(({ containerDefinitions }) => String(containerDefinitions).includes(name)),
    );
    assert.deepEqual([web!.length, mailer!.length], [1, 1]);
  },
  automation: (made) => {
    assert.deepEqual(made.names(SERVICE), ["web"]);
    assert.deepEqual(made.names("docker-build:index:Image"), ["web"]);
  },
  "ci-roles": (made) => {
    const trusted = made.of("aws:iam/role:Role").map(({ assumeRolePolicy }) => {
      const { Statement } = (typeof assumeRolePolicy === "string" ? JSON.parse(assumeRolePolicy) : assumeRolePolicy) as JsonObject;
      const equal = object(object(objects(Statement)[0]?.Condition).StringEquals);
      return equal["token.actions.githubusercontent.com:sub"];
    });
    assert.deepEqual(trusted, [
      "repo:example/shop:pull_request",
      "repo:example/shop:ref:refs/heads/main",
      "repo:example/shop:environment:dev",
      "repo:example/shop:environment:prod",
    ]);
    assert.deepEqual(made.names("aws:iam/rolePolicy:RolePolicy").sort(), [
      ...["dev", "prod"].flatMap((stack) => [`deploy-${stack}-berth`, `deploy-${stack}-stack`, `deploy-${stack}-verify`]),
      "verify-verify",
    ]);
    const forPullRequests = String(made.of("aws:iam/rolePolicy:RolePolicy")[0]?.policy);
    assert.match(forPullRequests, /ecs:DescribeClusters/);
    assert.doesNotMatch(forPullRequests, /GetSecretValue|SimulatePrincipalPolicy/);
  },
  worker: (made) => {
    assert.deepEqual(made.names("aws:lb/loadBalancer:LoadBalancer"), []);
    assert.deepEqual(made.names("aws:appautoscaling/policy:Policy"), ["worker-cpu"]);
  },
};

describe("the examples", () => {
  it("of several services tell what each costs with its share of the load balancer and the network", async () => {
    const { plan, resources } = planOf(await record(loadProject({ cwd: join(EXAMPLES, "many-services"), stack: "dev" })));
    assert.deepEqual(sharedLines(plan.cost, resources), [
      "with its share: shop, users 38.10 each (18.02 of its own, 12.17 of net Network, 7.91 of public LoadBalancer)",
      "with its share: orders 56.12 (36.04 of its own, 12.17 of net Network, 7.91 of public LoadBalancer)",
    ]);
  });

  it("are all listed, and each has something to show", () => {
    assert.deepEqual(names.sort(), Object.keys(SHOWS).sort());
    const list = readFileSync(join(EXAMPLES, "README.md"), "utf8");
    assert.deepEqual(
      names.filter((name) => !list.includes(`[${name}](${name})`)),
      [],
    );
  });

  for (const name of names) {
    describe(name, () => {
      const folder = join(EXAMPLES, name);

      it("is found by Pulumi and by npx", () => {
        const project = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
        assert.equal(project.name, name);
        // Without `main` Pulumi runs the program of the package around it, the repository's own.
        assert.equal(project.main, "index.ts");
        assert.deepEqual(project.runtime, { name: "nodejs", options: { tsconfig: "../../tsconfig.json" } });
        // With a package of its own, `npx --no-install berth`, which an update runs, would not find the tool.
        assert.equal(existsSync(join(folder, "package.json")), false);
      });

      it("is short, and its README tells how to plan it", () => {
        assert.ok(readFileSync(join(folder, "index.ts"), "utf8").split("\n").length <= 40);
        assert.ok(readFileSync(join(folder, "README.md"), "utf8").includes(`plan --cwd examples/${name} `));
      });

      it("plans what it is there to show", async () => {
        const { known } = await record(loadProject({ cwd: folder, stack: "dev" }));
        const ofType = (type: string) => known.resources.filter((resource) => resource.type === type);
        SHOWS[name]!({
          of: (type) => ofType(type).map(({ inputs }) => inputs as JsonObject),
          names: (type) => ofType(type).map((resource) => resource.name),
        });
      });
    });
  }

  it("of a platform and two stacks on it fit together, and side by side", async () => {
    const recorded = (name: string, platform?: Platform) =>
      record({ ...loadProject({ cwd: join(EXAMPLES, name), stack: "dev" }), ...(platform && { platform }) });
    const { outputs, resources } = (await recorded("platform")).known;
    const exported = outputs.platform as Record<string, string>;
    const file = { file: "platform.json", name: "platform/dev", outputs };
    const stacks = [(await recorded("platform-shop", file)).known, (await recorded("platform-api", file)).known];
    const of = (type: string) =>
      stacks.map((stack) => stack.resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs));
    const one = (type: string) => of(type).map(([first]) => first!);
    for (const { cluster, networkConfiguration } of one(SERVICE)) {
      assert.equal(cluster, exported.clusterArn);
      assert.deepEqual(object(networkConfiguration).subnets, exported.privateSubnetIds);
    }
    const listenerRules = one("aws:lb/listenerRule:ListenerRule");
    for (const { listenerArn } of listenerRules) assert.equal(listenerArn, exported.listenerArn);
    const [shop, api] = listenerRules.map(({ priority }) => Number(priority));
    assert.ok(api! < shop!, "the more specific path is asked first");
    for (const { vpcId } of one("aws:lb/targetGroup:TargetGroup")) assert.equal(vpcId, exported.vpcId);
    assert.deepEqual(
      stacks.map((stack) => stack.outputs.url),
      [exported.baseUrl, `${exported.baseUrl}/api/`],
    );
    // Nothing of the platform is made again, and no stack makes what another has.
    const urns = [resources, ...stacks.map((stack) => stack.resources)].flat().map(({ urn }) => urn);
    assert.equal(new Set(urns).size, urns.length);
    const kinds = new Set(stacks.flatMap((stack) => stack.resources.map(({ type }) => type)));
    for (const type of ["awsx:ec2:Vpc", "aws:ecs/cluster:Cluster", "aws:lb/loadBalancer:LoadBalancer", "aws:lb/listener:Listener"])
      assert.ok(!kinds.has(type), type);
    const { plan, resources: own } = planOf(await recorded("platform-shop", file));
    assert.deepEqual(sharedLines(plan.cost, own), ["load balancer: shared, of another stack; an own one would cost 23.73 USD"]);
    assert.deepEqual(leaningLines(own, paintFor(false)), [
      "organization/platform/dev",
      "  ec2.SecurityGroup  shop (vpcId)",
      "  ecs.Service  shop (cluster, networkConfiguration)",
      "  appautoscaling.Target  shop (resourceId)",
      "  lb.ListenerRule  shop (listenerArn)",
      "  lb.TargetGroup  shop (vpcId)",
      "  vpc.SecurityGroupEgressRule  shop-requests-8000 (securityGroupId)",
      "  vpc.SecurityGroupIngressRule  shop-in-8000 (referencedSecurityGroupId)",
    ]);
    const families = one("aws:ecs/taskDefinition:TaskDefinition").map(({ family }) => family);
    assert.deepEqual(families, ["platform-shop-dev-shop-683d3cce", "platform-api-dev-api-bfd53d6d"]);
  });
});
