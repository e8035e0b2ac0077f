import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adopt } from "../../../adopt/command";
import type { Ledger } from "../../../adopt/ledger";
import { adoptServices } from "../../../adopt/read/adopt";
import { statementsIn } from "../../../adopt/read/rights";
import { complaintsOf } from "../../../settings/complaints";
import { TEMPLATE } from "../../helpers/places";
import { policyActions } from "../../ops/permissions";
import { Failure, type Script, type ScriptedAws } from "../../ops/scripted-aws";
import { service, taskDefinition } from "../ecs/descriptions";
import { GROUP, LISTENER, RULE, scene, web } from "./scene";
import { scripted } from "./scripted";

interface Adopted extends Pick<Ledger, "taken" | "changed" | "left"> {
  region: string;
  settings: Record<string, Record<string, unknown>>;
}

interface Imported extends Adopted {
  steps: { title: string }[];
  import: { resources: { type: string; logicalName: string; id?: string }[] };
}

describe("berth adopt --cluster", () => {
  let aws: ScriptedAws;
  const begin = scripted();
  const root = mkdtempSync(join(tmpdir(), "adopt-read-"));
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");

  const start = async (script: Script) => {
    aws = await begin(script);
    return aws;
  };
  const read = async (script: Script, ...names: string[]): Promise<Adopted> => {
    await start(script);
    const { ledger, region } = await adoptServices("shop", { root, services: names, stack: "live" });
    return { ...(ledger.close(complaintsOf) as Pick<Adopted, "settings"> & typeof ledger), region: region! };
  };
  const refused = async (script: Script, names: string[], message: RegExp) => {
    await start(script);
    await assert.rejects(
      adopt({ cwd: root, cluster: "shop", service: names }),
      (error: Error) => error.name === "UserError" && message.test(error.message),
    );
    assert.deepEqual(readdirSync(root), ["Pulumi.yaml"], "nothing is written");
  };

  it("takes over a service with its rule, health check, range, rights and logs, where it stands", async () => {
    const { settings, region, left } = await read(scene(), "web");
    assert.equal(region, "eu-west-1");
    const { service: its, loadBalancer, network, tags } = settings;
    assert.deepEqual(loadBalancer, { existing: { listenerArn: LISTENER } });
    assert.deepEqual(network, {
      existing: { vpcId: "vpc-0a1b2c3d4e5f67890", privateSubnetIds: ["subnet-0a1b2c3d4e5f6789a", "subnet-0a1b2c3d4e5f6789b"] },
    });
    assert.deepEqual(tags, { Team: "shop" });
    const {
      host,
      path,
      headers,
      methods,
      priority,
      healthCheck,
      stickiness,
      deregistrationDelay,
      scaling,
      permissions,
      logRetentionInDays,
    } = its!;
    assert.deepEqual(
      { host, path, headers, methods, priority },
      { host: "shop.example.com", path: ["/api/*", "/v2/*"], headers: { "x-beta": "yes" }, methods: ["GET"], priority: 10 },
    );
    assert.deepEqual(healthCheck, {
      path: "/",
      interval: 30,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      matcher: "200-399",
      gracePeriod: 10,
    });
    assert.deepEqual(stickiness, { duration: 3600 });
    assert.equal(deregistrationDelay, 300);
    assert.deepEqual(scaling, { min: 2, max: 8, cpu: 60, memory: false, scaleInCooldown: 300 });
    assert.deepEqual(permissions, [
      { actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:eu-west-1:111122223333:jobs"] },
      { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::uploads/*"], conditions: { Bool: { "aws:SecureTransport": "true" } } },
    ]);
    assert.equal(logRetentionInDays, 30);
    assert.equal(its!.desiredCount, undefined);
    assert.deepEqual(
      left.map(({ source, path: at }) => [source, at]),
      [
        ["the default action of the listener on port 80", []],
        ["scheduled action night", []],
        ["target group shop-web", ["attributes", "target_group_health.dns_failover.minimum_healthy_targets.count"]],
      ].sort((a, b) => left.findIndex(({ source }) => source === a[0]) - left.findIndex(({ source }) => source === b[0])),
    );
  });

  it("only reads, and asks each thing once", async () => {
    const server = await start(scene());
    await adoptServices("shop", { root, services: ["web"], stack: "live" });
    const operations = server.calls.map(({ operation }) => operation).sort();
    assert.ok(
      operations.every((operation) => /^(Describe|Get|List)/.test(operation)),
      operations.join(),
    );
    assert.deepEqual(
      operations.filter((one, i) => operations.indexOf(one) < i),
      ["DescribeRules"],
      "one call for each listener",
    );
  });

  it("calls what the policy in the documentation permits, and nothing else", async () => {
    const runs: [Script, string][] = [
      [scene(), "web"],
      [
        scene({
          DescribeTaskDefinition: { taskDefinition: taskDefinition({}, { image: "web" }) },
          DescribeServices: { services: [service({ capacityProviderStrategy: [{ capacityProvider: "apps", weight: 1 }] })] },
          DescribeCapacityProviders: { capacityProviders: [{ name: "apps", managedInstancesProvider: {} }] },
          ListTasks: { taskArns: ["a"] },
          DescribeTasks: { tasks: [] },
        }),
        "web",
      ],
      [scene(), "nobody"],
      [scene({ DescribeServices: new Failure("ClusterNotFoundException", "no"), ListClusters: { clusterArns: [] } }), "web"],
    ];
    const called = new Set<string>();
    for (const [script, name] of runs) {
      const server = await start(script);
      await adoptServices("shop", { root, services: [name], stack: "live" }).catch(() => undefined);
      for (const { action } of server.calls) if (!action.startsWith("sts:")) called.add(action);
    }
    // What berth adopt check asks CloudFormation has a test of its own.
    const permitted = policyActions("adopt-policy.json").filter((action) => !action.startsWith("cloudformation:"));
    assert.deepEqual([...called].sort(), permitted.sort());
  });

  it("imports what is the service's own under its names, replaces nothing, and says what the first update changes", async () => {
    await start(scene());
    const answer = await adopt({ cwd: TEMPLATE, stack: "live", cluster: "shop", service: ["web"], json: true });
    const { settings, changed, left, steps, import: file } = JSON.parse(answer) as Imported;
    const imported = file.resources.flatMap(({ type, logicalName, id }) => (id === undefined ? [] : [[type, logicalName, id]]));
    assert.deepEqual(imported.sort(), [
      ["aws:appautoscaling/policy:Policy", "web-cpu", "ecs/service/shop/web/ecs:service:DesiredCount/cpu60"],
      ["aws:appautoscaling/target:Target", "web", "ecs/service/shop/web/ecs:service:DesiredCount"],
      ["aws:cloudwatch/logGroup:LogGroup", "web", "/ecs/web"],
      ["aws:ecs/service:Service", "web", "shop/web"],
      ["aws:lb/listenerRule:ListenerRule", "web", RULE],
      ["aws:lb/targetGroup:TargetGroup", "web", GROUP],
    ]);
    assert.deepEqual(settings.adopted, {
      "appautoscaling.Policy web-cpu": { name: "cpu60" },
      "cloudwatch.LogGroup web": { name: "/ecs/web" },
      "ecs.Service web": { name: "web" },
      "lb.TargetGroup web": { name: "shop-web" },
    });
    assert.deepEqual(
      left.filter(({ todo }) => /would replace/.test(todo)),
      [],
    );
    assert.match(
      changed.map(({ source, why }) => `${source}: ${why}`).join("\n"),
      /^ecs\.Service web: The first update changes .*starts a deployment\.$/m,
    );
    assert.deepEqual(
      steps.map(({ title }) => title),
      [
        "Let the cluster use Fargate's capacity providers",
        "Import what runs",
        "See that nothing is replaced",
        "Update",
        "Later: make it safer",
      ],
    );
  });

  it("says what it may not ask, and leaves what depends on it", async () => {
    const denied = new Failure("AccessDenied", "not authorized", 403);
    const { left, settings } = await read(
      scene({
        DescribeRules: denied,
        ListRolePolicies: denied,
        DescribeSubnets: new Failure("UnauthorizedOperation", "no", 403),
        DescribeLogGroups: denied,
      }),
      "web",
    );
    const told = left.filter(({ source }) => source === "permissions").map(({ path }) => path[0]);
    assert.deepEqual(told, ["ec2:DescribeSubnets", "elasticloadbalancing:DescribeRules", "iam:ListRolePolicies", "logs:DescribeLogGroups"]);
    assert.equal(settings.loadBalancer, undefined);
    assert.equal(settings.network, undefined);
    const todos = left.map(({ path, todo }) => `${path.join(".")}: ${todo}`).join("\n");
    assert.match(todos, /^loadBalancers\.0\.targetGroupArn: Name the listener in loadBalancer\.existing\.listenerArn, /m);
    assert.match(todos, /^networkConfiguration\.awsvpcConfiguration\.subnets: Name the VPC /m);
    assert.match(todos, /^taskRoleArn: The stack has a role of its own, and what app may do is not known: /m);
  });

  it("names the image that runs by its digest, where its tag moves", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const moving = scene({
      DescribeTaskDefinition: { taskDefinition: taskDefinition({}, { image: "registry:5000/web" }) },
      ListTasks: { taskArns: ["arn:aws:ecs:eu-west-1:111122223333:task/shop/a"] },
      DescribeTasks: {
        tasks: [
          { taskDefinitionArn: web.taskDefinition, containers: [{ name: "web", imageDigest: digest }] },
          { taskDefinitionArn: "another", containers: [{ name: "web", imageDigest: "sha256:other" }] },
        ],
      },
    });
    assert.deepEqual((await read(moving, "web")).settings.image, { imageUri: `registry:5000/web@${digest}` });
  });

  it("makes a rule for a service that the default action leads to", async () => {
    const { settings, changed } = await read(
      scene({
        DescribeListeners: {
          Listeners: [{ ListenerArn: LISTENER, LoadBalancerArn: "arn:x:loadbalancer/app/a/b", Port: 443, Protocol: "HTTPS" }],
        },
        DescribeRules: {
          Rules: [
            {
              RuleArn: "arn:d",
              Priority: "default",
              IsDefault: true,
              Actions: [{ Type: "forward", TargetGroupArn: web.loadBalancers![0]!.targetGroupArn }],
            },
          ],
        },
      }),
      "web",
    );
    assert.equal(settings.service!.path, "/*");
    assert.match(changed.map(({ why }) => why).join("\n"), /^the service gets a rule of its own for all paths/m);
  });

  const named = (...all: string[]): Script => ({
    DescribeServices: {
      services: all.map((serviceName) => service({ serviceName, serviceArn: web.serviceArn!.replace("/web", `/${serviceName}`) })),
    },
  });
  it("puts several services into one stack", async () => {
    const { settings } = await read(scene(named("web", "api")), "web", "api");
    assert.deepEqual(Object.keys(settings.services!), ["web", "api"]);
  });

  it("refuses what is not there, with the nearest name", async () => {
    await refused(scene(), ["wep"], /^There is no service "wep" in shop; there are web, worker; did you mean "web"\?$/);
    await refused(
      scene({
        DescribeServices: new Failure("ClusterNotFoundException", "Cluster not found."),
        ListClusters: { clusterArns: ["arn:aws:ecs:eu-west-1:111122223333:cluster/shops"] },
      }),
      ["web"],
      /^There is no cluster "shop" in eu-west-1; there is shops; did you mean "shops"\?$/,
    );
    await refused(scene({ DescribeServices: { services: [service({ status: "DRAINING" })] } }), ["web"], /^web is DRAINING; /);
    await refused(scene(), [], /^--service is missing: /);
  });
  it("refuses another account's, before anything is asked of it", async () => {
    const other = { DescribeServices: { services: [service({ serviceArn: web.serviceArn!.replaceAll("111122223333", "444455556666") })] } };
    await refused(
      scene(other),
      ["web"],
      /is in account 444455556666, and the credentials are for account 111122223333; nothing was written\.$/,
    );
  });
  it("refuses what no stack can be, before more is asked", async () => {
    await refused(
      scene({ DescribeServices: { services: [service({ deploymentController: { type: "CODE_DEPLOY" } })] } }),
      ["web"],
      /^web is deployed by CodeDeploy/,
    );
    assert.deepEqual(aws.inputs("DescribeTargetGroups"), []);
  });
});

describe("the rights of a role", () => {
  it("are statements of a stack file, but for those that name what is not meant, or everything", () => {
    const of = (Statement: object) => statementsIn(JSON.stringify({ Statement }));
    assert.deepEqual(of({ Effect: "Deny", Action: "s3:*", Resource: "*" }), [{ effect: "Deny", actions: ["s3:*"], resources: ["*"] }]);
    assert.deepEqual(
      of([
        { Effect: "Allow", NotAction: "s3:*", Resource: "*" },
        { Effect: "Allow", Action: "*", Resource: "*" },
      ]),
      [undefined, undefined],
    );
  });
});
