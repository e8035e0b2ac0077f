// What a rollout in two colors is made of, for each strategy and variant: target groups, rules, role, alarms, and their order.
import assert from "node:assert/strict";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import { FargateService } from "../../../components/service/fargate-service";
import type { Rollout } from "../../../components/service/rollout";
import type { JsonObject } from "../../../facts/graph";
import { assertTrust, type Deployed, deploy, policyOf, refusal } from "../../helpers/deploy";
import { bigCluster, IMAGE, makeService, outlivedBy, type ServiceGiven, VARIANT_NAMES } from "../../helpers/variants";

const SERVICE = "aws:ecs/service:Service";
const TAGS = { Project: "shop", Stack: "test" };

const STRATEGIES: [rollout: Rollout, configuration: JsonObject, minutes: number][] = [
  [{ strategy: "blueGreen", bakeTimeInMinutes: 10 }, { strategy: "BLUE_GREEN", bakeTimeInMinutes: "10" }, 30],
  [
    { strategy: "canary", canaryPercent: 5, canaryBakeTimeInMinutes: 15 },
    { strategy: "CANARY", bakeTimeInMinutes: "5", canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: "15" } },
    40,
  ],
  [
    {
      strategy: "linear",
      stepPercent: 25,
      stepBakeTimeInMinutes: 3,
      lifecycleHooks: [{ stages: ["POST_TEST_TRAFFIC_SHIFT"], pause: true, timeoutInMinutes: 60 }],
    },
    {
      strategy: "LINEAR",
      bakeTimeInMinutes: "5",
      linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: "3" },
      lifecycleHooks: [
        {
          targetType: "PAUSE",
          lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
          timeoutConfiguration: { action: "ROLLBACK", timeoutInMinutes: "60" },
        },
      ],
    },
    94,
  ],
];

for (const variant of VARIANT_NAMES) {
  for (const [rollout, configuration, minutes] of STRATEGIES) {
    describe(`${rollout.strategy} on ${variant}`, () => {
      let made: Deployed;
      before(async () => {
        const given: ServiceGiven = { path: { path: "/*" }, rollout: { ...rollout, testHeader: { "x-preview": "yes" } } as Rollout };
        made = await deploy(() => makeService(variant, given));
      });

      it("is ECS's own deployment, with alarms in place of a circuit breaker", () => {
        const { deploymentConfiguration, deploymentController, deploymentCircuitBreaker, alarms, ...service } = made.inputs(SERVICE);
        assert.deepEqual(
          [deploymentConfiguration, deploymentController, deploymentCircuitBreaker],
          [configuration, { type: "ECS" }, { enable: false, rollback: false }],
        );
        assert.deepEqual(
          [service.deploymentMinimumHealthyPercent, service.deploymentMaximumPercent, service.availabilityZoneRebalancing],
          [100, 200, "ENABLED"],
        );
        const { alarmNames, ...what } = alarms as { alarmNames: string[] };
        assert.deepEqual(what, { enable: true, rollback: true });
        assert.deepEqual(
          alarmNames.map((name) => name.replace(/-[0-9a-f]{7}$/, "")),
          ["web-errors", "web-unhealthy", "web-errors-green", "web-unhealthy-green"],
        );
      });

      it("gets the time that it needs, and the follower a little more", () => {
        const { create, update, delete: end } = made.one(SERVICE).options.customTimeouts;
        assert.deepEqual([create, update, end], [`${minutes}m`, `${minutes}m`, "20m"]);
        const follower = made.one("Command", "web-rollout");
        assert.deepEqual(follower.options.customTimeouts, { create: `${minutes + 5}m`, update: `${minutes + 5}m` });
        assert.equal((follower.inputs.environment as JsonObject).BERTH_TIMEOUT_MINUTES, String(minutes));
      });

      it("is told both target groups, both rules and the role", () => {
        const service = made.one(SERVICE);
        const [{ advancedConfiguration, targetGroupArn, ...first }, ...others] = service.inputs.loadBalancers as [
          Record<string, JsonObject>,
        ];
        assert.deepEqual([first, others], [{ containerName: "web", containerPort: 8000 }, []]);
        const { alternateTargetGroupArn, productionListenerRule, testListenerRule, roleArn } = advancedConfiguration!;
        assert.match(String(targetGroupArn), /:targetgroup\/web-[0-9a-f]{7}\//);
        assert.match(String(alternateTargetGroupArn), /:targetgroup\/web-green-[0-9a-f]{7}\//);
        assert.match(String(roleArn), /:role\/web-traffic-[0-9a-f]{7}$/);
        assert.notEqual(productionListenerRule, testListenerRule);
        for (const rule of [productionListenerRule, testListenerRule]) assert.match(String(rule), /:listener-rule\//);
        assert.deepEqual(made.sourcesOf(service, "loadBalancers").sort(), [
          "ListenerRule web-production",
          "ListenerRule web-test",
          "Role web-traffic",
          "TargetGroup web",
          "TargetGroup web-green",
        ]);
      });

      it("has two target groups alike, neither of which is ever replaced", () => {
        assert.deepEqual(made.inputs("TargetGroup", "web"), made.inputs("TargetGroup", "web-green"));
        assert.equal(made.inputs("TargetGroup", "web").targetType, "ip");
        for (const { options } of made.all("TargetGroup")) assert.deepEqual(options.ignoreChanges, ["port"]);
      });

      it("has rules that only forward, to both groups, by weights that are ECS's from then on", () => {
        assert.deepEqual(made.names("ListenerRule"), ["web-production", "web-test"]);
        for (const rule of made.all("ListenerRule")) {
          const [{ type, forward }, ...others] = rule.inputs.actions as [JsonObject, ...JsonObject[]];
          const { targetGroups } = forward as { targetGroups: JsonObject[] };
          assert.deepEqual([type, others], ["forward", []]);
          assert.deepEqual(
            targetGroups.map(({ arn, weight }) => [/targetgroup\/(web|web-green)-[0-9a-f]{7}\//.exec(String(arn))?.[1], weight]),
            [
              ["web", 100],
              ["web-green", 0],
            ],
          );
          assert.deepEqual(rule.options.ignoreChanges, ["actions"]);
        }
      });

      it("asks for the test header first, then for the route", () => {
        const [production, test] = ["web-production", "web-test"].map((name) => made.inputs("ListenerRule", name));
        const path = { pathPattern: { values: ["/*"] } };
        assert.deepEqual(production!.conditions, [path]);
        assert.deepEqual(test!.conditions, [path, { httpHeader: { httpHeaderName: "x-preview", values: ["yes"] } }]);
        assert.equal(test!.priority, Number(production!.priority) - 2);
      });

      it("lets ECS move the traffic, as long as the service is there", () => {
        const role = made.one("aws:iam/role:Role", "web-traffic");
        assertTrust(role, "ecs.amazonaws.com");
        const service = made.one(SERVICE);
        const [{ targetGroupArn, advancedConfiguration }] = service.inputs.loadBalancers as [JsonObject];
        const { alternateTargetGroupArn, productionListenerRule, testListenerRule } = advancedConfiguration as JsonObject;
        const policy = made.one("RolePolicy", "web-traffic");
        assert.deepEqual(made.sourcesOf(policy, "role"), ["Role web-traffic"]);
        const elb = (...actions: string[]) => actions.map((action) => `elasticloadbalancing:${action}`);
        assert.deepEqual(
          policyOf(policy).Statement.map(({ Effect, Action, Resource }) => [Effect, Action, Resource]),
          [
            ["Allow", elb("DescribeListeners", "DescribeRules", "DescribeTargetGroups", "DescribeTargetHealth"), ["*"]],
            ["Allow", elb("RegisterTargets", "DeregisterTargets"), [targetGroupArn, alternateTargetGroupArn]],
            ["Allow", elb("ModifyRule"), [productionListenerRule, testListenerRule]],
          ],
        );
        for (const [type, name] of [
          ["RolePolicy", "web-traffic"],
          ["ListenerRule", "web-production"],
          ["ListenerRule", "web-test"],
        ])
          assert.ok(service.dependencies.includes(made.one(type!, name).urn), `${type} ${name}`);
        const outlived = outlivedBy(made, SERVICE, "web");
        for (const each of ["TargetGroup web-green", "Role web-traffic", "MetricAlarm web-errors"]) assert.ok(outlived.has(each), each);
      });

      it("watches each color's errors and health", () => {
        for (const [color, group] of [
          ["", "web"],
          ["-green", "web-green"],
        ]) {
          const errors = made.one("MetricAlarm", `web-errors${color}`);
          const { metricQueries, ...alarm } = errors.inputs;
          assert.deepEqual(alarm, {
            alarmDescription: "More than 5 % of the requests to web fail (5xx)",
            comparisonOperator: "GreaterThanThreshold",
            threshold: 5,
            evaluationPeriods: 2,
            treatMissingData: "notBreaching",
            tags: TAGS,
          });
          const [share, failed, all] = metricQueries as Record<string, JsonObject>[];
          assert.deepEqual(share, { id: "share", expression: "100 * errors / requests", label: "5xx in percent", returnData: true });
          for (const [query, id, metricName] of [
            [failed, "errors", "HTTPCode_Target_5XX_Count"],
            [all, "requests", "RequestCount"],
          ] as const) {
            const { dimensions, ...metric } = query!.metric!;
            assert.equal(query!.id, id);
            assert.deepEqual(metric, { namespace: "AWS/ApplicationELB", metricName, period: 60, stat: "Sum" });
            assert.match(String((dimensions as JsonObject).TargetGroup), new RegExp(`^targetgroup/${group}-[0-9a-f]{7}/`));
            assert.match(String((dimensions as JsonObject).LoadBalancer), /^app\/public-/);
          }
          const { dimensions, ...unhealthy } = made.inputs("MetricAlarm", `web-unhealthy${color}`);
          assert.deepEqual(unhealthy, {
            alarmDescription: "A task of web fails the load balancer's health check",
            comparisonOperator: "GreaterThanThreshold",
            threshold: 0,
            namespace: "AWS/ApplicationELB",
            metricName: "UnHealthyHostCount",
            period: 60,
            statistic: "Maximum",
            evaluationPeriods: 2,
            treatMissingData: "notBreaching",
            tags: TAGS,
          });
          assert.match(String((dimensions as JsonObject).TargetGroup), new RegExp(`^targetgroup/${group}-[0-9a-f]{7}/`));
        }
      });

      it("ignores nothing else that it should not", () => {
        const groups = made.all("SecurityGroup").filter(({ name }) => name !== "public");
        for (const { options } of groups) assert.deepEqual(options.ignoreChanges, ["description"]);
        const ignoring = made.resources
          .filter(({ type }) => !type.endsWith(":SecurityGroup"))
          .filter(({ options }) => options.ignoreChanges.length > 0)
          .map(({ name, options }) => [name, ...options.ignoreChanges]);
        assert.deepEqual(ignoring.sort(), [
          ["apps", "capacityProviders", "defaultCapacityProviderStrategies"],
          ["web", "desiredCount"],
          ["web", "port"],
          ["web-green", "port"],
          ["web-production", "actions"],
          ["web-test", "actions"],
        ]);
      });
    });
  }
}

describe("a rolling rollout", () => {
  it("has one target group, one rule whose actions are ours, no role and no alarm", async () => {
    const made = await deploy(() => makeService("FargateService"));
    assert.deepEqual(
      [
        made.names("TargetGroup"),
        made.names("ListenerRule"),
        made.names("MetricAlarm"),
        made.names("aws:iam/role:Role").filter((n) => n.startsWith("web")),
      ],
      [["web"], ["web"], [], ["web-execution", "web-task"]],
    );
    assert.deepEqual([made.one("TargetGroup").options.ignoreChanges, made.one("ListenerRule").options.ignoreChanges], [["port"], []]);
    assert.deepEqual(made.inputs(SERVICE).alarms, { alarmNames: ["none"], enable: false, rollback: false });
  });

  it("has alarms if it is told so, of its own and of others", async () => {
    const made = await deploy(() =>
      makeService("FargateService", { rollout: { strategy: "rolling", alarms: { errorPercent: 1, alarmNames: ["slow"] } } }),
    );
    assert.deepEqual(made.names("MetricAlarm"), ["web-errors"]);
    assert.equal(made.inputs("MetricAlarm").threshold, 1);
    const { alarmNames } = made.inputs(SERVICE).alarms as { alarmNames: string[] };
    assert.match(alarmNames.join(" "), /^web-errors-[0-9a-f]{7} slow$/);
    assert.deepEqual(made.inputs(SERVICE).deploymentCircuitBreaker, { enable: true, rollback: true });
  });
});

describe("a change of strategy in a live stack", () => {
  it("keeps the target group, and has the new rules asked before the old, so that requests always find the same tasks", async () => {
    const [rolling, hasTwoTargetGroups] = [
      await deploy(() => makeService("FargateService")),
      await deploy(() => makeService("FargateService", { rollout: { strategy: "blueGreen", testHeader: { "x-preview": "yes" } } })),
    ];
    assert.equal(rolling.one("TargetGroup").urn, hasTwoTargetGroups.one("TargetGroup", "web").urn);
    assert.deepEqual(rolling.inputs("TargetGroup"), hasTwoTargetGroups.inputs("TargetGroup", "web"));
    const rule = rolling.one("ListenerRule");
    const [production, test] = ["web-production", "web-test"].map((name) => hasTwoTargetGroups.one("ListenerRule", name));
    assert.ok(![production!.urn, test!.urn].includes(rule.urn), "a rule of its own: changed in place, AWS would see two owners of one");
    const order = [test, production, rule].map((each) => Number(each!.inputs.priority));
    assert.deepEqual(order, [order[2]! - 3, order[2]! - 1, order[2]]);
  });

  it("goes without a test rule where none is asked for", async () => {
    const made = await deploy(() => makeService("FargateService", { rollout: "blueGreen" }));
    assert.deepEqual(made.names("ListenerRule"), ["web-production"]);
    const [{ advancedConfiguration }] = made.inputs(SERVICE).loadBalancers as [{ advancedConfiguration: JsonObject }];
    assert.ok(!("testListenerRule" in advancedConfiguration));
  });
});

describe("a rollout in two colors that cannot be", () => {
  const header = { "x-preview": "yes" };
  const refused: [what: string, given: ServiceGiven, message: string][] = [
    [
      "without a route",
      { path: false, rollout: "canary" },
      'FargateService "web": rollout: canary moves traffic between two sets of tasks, and this service has neither a route nor a name (connect); give it one, or use rolling.',
    ],
    [
      "before a first priority",
      { rollout: { strategy: "blueGreen", testHeader: header }, path: { path: "/*", priority: 3 } },
      'LoadBalancer "public": route.priority: /* (test) needs priority 0, which AWS has not; leave three numbers before an explicit priority free, or leave priority out.',
    ],
    [
      "with more values in the test rule than AWS takes",
      {
        rollout: { strategy: "blueGreen", testHeader: header },
        path: { host: "a.example.com", path: "/*", headers: { "x-a": ["1", "2", "3"] } },
      },
      'FargateService "web": rollout.testHeader: 6 values in one rule; allowed: 5, in all conditions together.',
    ],
    [
      "with alarms of a load balancer that is not there",
      { path: false, rollout: { strategy: "rolling", alarms: { unhealthyTargets: true } } },
      'FargateService "web": rollout.alarms: errorPercent and unhealthyTargets are measured by the load balancer, and this service has no route; use alarmNames.',
    ],
    [
      "with a circuit breaker",
      { rollout: { strategy: "blueGreen", circuitBreaker: true } as unknown as Rollout },
      'FargateService "web": rollout.circuitBreaker: it works for rolling deployments only; with blueGreen the alarms bring the old revision back: set rollout.alarms, and leave circuitBreaker out.',
    ],
  ];
  for (const [what, given, message] of refused) {
    it(what, async () => assert.equal(await refusal(() => makeService("FargateService", given)), message));
  }

  it("under a name that leaves no room for the second group", async () => {
    const message = await refusal(() => {
      const cluster = bigCluster();
      const route = new LoadBalancer("public", { network: cluster.network, accessLogs: false }).route({ path: "/*" });
      new FargateService("a-name-of-nineteen1", { cluster, image: IMAGE, route, rollout: "blueGreen" });
    });
    assert.equal(
      message,
      'FargateService "a-name-of-nineteen1": name: "a-name-of-nineteen1" has 19 characters; a target group\'s name has room for 18; the nearest is "a-name-of-nineteen".',
    );
  });
});
