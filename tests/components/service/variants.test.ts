// One table of behaviors over the three services: whatever runs the tasks, a service is the same service.
import assert from "node:assert/strict";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import { Ec2Service } from "../../../components/service/ec2-service";
import type { JsonObject } from "../../../facts/graph";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { rightsName } from "../../helpers/service";
import { bigCluster, IMAGE, label, makeService, outlivedBy, type ServiceGiven, VARIANT_NAMES, type Variant } from "../../helpers/variants";

const SERVICE = "aws:ecs/service:Service";

const GIVEN: ServiceGiven = {
  path: { path: "/api/*" },
  cpu: "0.5 vCPU",
  memory: "1 GB",
  secrets: { DB: "arn:aws:secretsmanager:eu-west-3:123456789012:secret:db-AbCdEf" },
  permissions: [{ sid: "ReadFiles", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::files/*"] }],
  exec: true,
  readonlyRootFilesystem: false,
  preDeploy: ["node", "migrate.js"],
  scaling: { min: 2, max: 6 },
  sleep: { stop: "20:00", start: "07:00" },
  redeploy: "monday",
};

const RUNS: Record<Variant, { requires: string; provider: RegExp }> = {
  FargateService: { requires: "FARGATE", provider: /^FARGATE$/ },
  Ec2Service: { requires: "EC2", provider: /^apps-blue-[0-9a-f]{7}$/ },
  ManagedInstancesService: { requires: "MANAGED_INSTANCES", provider: /^apps-managed-[0-9a-f]{7}$/ },
};
/** What AWS names differs by the URN, and the names of the variants are in it. */
const scrubbed = (value: unknown) =>
  JSON.parse(JSON.stringify(value).replace(/(?<=[-/])[0-9a-f]{7,16}(?=["/:\\*-])|sg-0[0-9a-f]{16}/g, "#")) as JsonObject;

describe("whatever runs the tasks", () => {
  const recorded = {} as Record<Variant, Deployed>;
  before(async () => {
    for (const variant of VARIANT_NAMES) recorded[variant] = await deploy(() => makeService(variant, GIVEN));
  });

  for (const variant of VARIANT_NAMES) {
    describe(`${variant}, as all three`, () => {
      let made: Deployed;
      before(() => {
        made = recorded[variant];
      });

      it("runs where its name says, by a strategy and never by a launch type", () => {
        const { requires, provider } = RUNS[variant];
        assert.deepEqual(made.inputs("TaskDefinition").requiresCompatibilities, [requires]);
        const { capacityProviderStrategies, launchType, orderedPlacementStrategies } = made.inputs(SERVICE);
        const [{ capacityProvider, ...share }, ...others] = capacityProviderStrategies as [JsonObject, ...JsonObject[]];
        assert.match(String(capacityProvider), provider);
        assert.deepEqual([share, others, launchType], [{ base: 0, weight: 1 }, [], undefined]);
        assert.deepEqual(
          orderedPlacementStrategies,
          variant === "Ec2Service"
            ? [
                { type: "spread", field: "attribute:ecs.availability-zone" },
                { type: "binpack", field: "memory" },
              ]
            : undefined,
        );
      });

      it("is otherwise the service that it is on Fargate, to the letter", () => {
        const rest = (deployed: Deployed) => {
          const { capacityProviderStrategies: _, orderedPlacementStrategies: __, triggers, ...inputs } = deployed.inputs(SERVICE);
          return scrubbed({ ...inputs, redeploy: (triggers as JsonObject).redeploy ?? null });
        };
        assert.deepEqual(rest(made), rest(recorded.FargateService));
        assert.deepEqual(made.one(SERVICE).options.ignoreChanges, ["desiredCount"]);
        assert.deepEqual(made.inputs(SERVICE).networkConfiguration, {
          subnets: ["subnet-private-a", "subnet-private-b"],
          securityGroups: (made.inputs(SERVICE).networkConfiguration as JsonObject).securityGroups,
          assignPublicIp: false,
        });
      });

      const same = [
        "TargetGroup",
        "ListenerRule",
        "SecurityGroupIngressRule",
        "LogGroup",
        "aws:iam/role:Role",
        "RolePolicy",
        "aws:appautoscaling/target:Target",
        "aws:appautoscaling/policy:Policy",
        "ScheduledAction",
        "Command",
      ];
      for (const type of same) {
        it(`has the same ${type.split(":").pop()}`, () => {
          const own = (deployed: Deployed) =>
            deployed
              .all(type)
              .filter(({ name }) => name === "web" || name.startsWith("web-"))
              .sort((a, b) => (a.name < b.name ? -1 : 1))
              .map(({ name, inputs: { environment, ...inputs } }) => {
                const { BERTH_CAPACITY_PROVIDER_STRATEGY: _, BERTH_REASON: __, ...variables } = (environment ?? {}) as JsonObject;
                return scrubbed({ name, ...inputs, variables });
              });
          assert.ok(own(made).length > 0);
          assert.deepEqual(own(made), own(recorded.FargateService));
        });
      }

      // What is in a component is known by the component's former names too: Pulumi's engine sees to that, as long as types and names below it are the same.
      it("is known by the names of the other two, and all that it is made of has the same place in them", () => {
        const others = VARIANT_NAMES.filter((other) => other !== variant);
        const component = made.one(`berth:index:${variant}`, "web");
        const formerly = others.map((other) => component.urn.replace(`berth:index:${variant}`, `berth:index:${other}`));
        assert.deepEqual([...component.options.aliases].sort(), formerly.sort());
        const own = made.resources.filter(({ urn, custom }) => custom && urn.includes(`berth:index:${variant}$`));
        assert.ok(own.length > 15);
        for (const other of others) {
          const places = new Set(recorded[other].resources.map(({ urn }) => urn));
          for (const { urn } of own)
            assert.ok(places.has(urn.replace(`berth:index:${variant}$`, `berth:index:${other}$`)), `${urn} in ${other}`);
        }
      });

      it("makes nothing that the others do not", () => {
        const own = (deployed: Deployed) =>
          deployed.resources
            .filter(({ urn, custom }) => custom && /berth:index:(Fargate|Ec2|ManagedInstances)Service\$/.test(urn))
            .map(label)
            .sort();
        assert.deepEqual(own(made), own(recorded.FargateService));
      });

      it("goes first, then the association, and the cluster last; nothing that tasks need goes before it", () => {
        const outlived = outlivedBy(made, SERVICE, "web");
        const needed = [
          "ClusterCapacityProviders apps",
          "Command apps-attach-blue",
          "CapacityProvider apps-blue",
          "Group apps-blue",
          "CapacityProvider apps-managed",
          "Cluster apps",
        ];
        const rights = [
          ...["web-execution", "web-task"].map((name) => `RolePolicy ${rightsName(made, name)}`),
          "RolePolicy apps-blue-ecs",
          "LogGroup web",
        ];
        const ways = ["ListenerRule web", "TargetGroup web", "SecurityGroupEgressRule web-out", "SecurityGroupEgressRule apps-blue-out"];
        for (const each of [...needed, ...rights, ...ways, "Command web-pre-deploy", "TaskDefinition web"])
          assert.ok(outlived.has(each), `${each} may go before the service`);
        assert.ok(outlivedBy(made, "Command", "apps-attach-blue").has("CapacityProvider apps-blue"));
        assert.ok(!outlivedBy(made, "Command", "apps-attach-blue").has("Service web"));
        for (const [type, name] of [
          ["aws:appautoscaling/target:Target", "web"],
          ["Command", "web-rollout"],
        ])
          assert.ok(outlivedBy(made, type!, name!).has("Service web"), `${type} goes after the service`);
      });

      it("waits for the command before it, and the follower for the service", () => {
        const [command, service, follower] = [made.one("Command", "web-pre-deploy"), made.one(SERVICE), made.one("Command", "web-rollout")];
        assert.ok(command.dependencies.includes(made.one("TaskDefinition").urn));
        assert.ok(service.dependencies.includes(command.urn));
        assert.ok(follower.dependencies.includes(service.urn));
        assert.ok(!outlivedBy(made, "Command", "web-pre-deploy").has("Service web"));
      });

      it("sleeps and wakes by Auto Scaling's schedule, and no update wakes it before", () => {
        assert.deepEqual(made.one("aws:appautoscaling/target:Target", "web").options.ignoreChanges, ["minCapacity", "maxCapacity"]);
        const actions = ["web-stop", "web-start"].map((name) => {
          const { schedule, timezone, scalableTargetAction } = made.inputs("ScheduledAction", name);
          return [schedule, timezone, scalableTargetAction];
        });
        assert.deepEqual(actions, [
          ["cron(0 20 ? * MON-FRI *)", "UTC", { minCapacity: 0, maxCapacity: 0 }],
          ["cron(0 7 ? * MON-FRI *)", "UTC", { minCapacity: 2, maxCapacity: 6 }],
        ]);
      });

      it("may be a worker", async () => {
        const worker = await deploy(() => makeService(variant, { path: false, desiredCount: 1 }));
        const { loadBalancers, healthCheckGracePeriodSeconds, desiredCount } = worker.inputs(SERVICE);
        assert.deepEqual([loadBalancers, healthCheckGracePeriodSeconds, desiredCount], [undefined, undefined, 1]);
        assert.deepEqual([worker.names("TargetGroup"), worker.names("ListenerRule"), worker.names("ScheduledAction")], [[], [], []]);
      });
    });
  }
});

describe("a service in bridge mode", () => {
  let made: Deployed;
  before(async () => {
    made = await deploy(() => {
      const cluster = bigCluster();
      const lb = new LoadBalancer("public", { network: cluster.network, accessLogs: false });
      for (const name of ["web", "api"]) {
        const route = lb.route({ path: `/${name}/*` });
        new Ec2Service(name, { cluster, image: IMAGE, route, networkMode: "bridge", preDeploy: ["true"], desiredCount: 2 });
      }
    });
  });

  it("takes requests on ports of the instance that Docker chooses", () => {
    for (const name of ["web", "api"]) {
      const { networkMode, containerDefinitions } = made.inputs("TaskDefinition", name);
      assert.equal(networkMode, "bridge");
      const [{ portMappings }] = JSON.parse(String(containerDefinitions)) as [{ portMappings: JsonObject[] }];
      assert.deepEqual([portMappings[0]!.containerPort, portMappings[0]!.hostPort], [8000, 0]);
      assert.equal(made.inputs("TargetGroup", name).targetType, "instance");
      assert.equal(made.inputs(SERVICE, name).networkConfiguration, undefined);
    }
  });

  it("admits the load balancer alone to those ports of the instances, once for all services", () => {
    const rule = (type: string, name: string) => {
      const found = made.one(type, name);
      const { ipProtocol, fromPort, toPort, cidrIpv4 } = found.inputs;
      const ends = [...made.sourcesOf(found, "securityGroupId"), ...made.sourcesOf(found, "referencedSecurityGroupId")];
      return [ends, ipProtocol, fromPort, toPort, cidrIpv4];
    };
    assert.deepEqual(made.names("SecurityGroupIngressRule"), ["apps-blue-in", "public-80"]);
    const range = ["tcp", 32768, 65535, undefined];
    assert.deepEqual(rule("SecurityGroupIngressRule", "apps-blue-in"), [["SecurityGroup apps-blue", "SecurityGroup public"], ...range]);
    assert.deepEqual(rule("SecurityGroupEgressRule", "apps-blue-requests"), [
      ["SecurityGroup public", "SecurityGroup apps-blue"],
      ...range,
    ]);
    assert.deepEqual(
      made.names("SecurityGroup").filter((name) => ["web", "api"].includes(name)),
      [],
      "the tasks have none of their own",
    );
  });

  it("keeps the door open as long as it runs", () => {
    for (const name of ["web", "api"]) {
      const outlived = outlivedBy(made, SERVICE, name);
      for (const door of ["SecurityGroupIngressRule apps-blue-in", "SecurityGroupEgressRule apps-blue-requests"])
        assert.ok(outlived.has(door), door);
    }
  });

  it("has its command before the rollout run without a network of its own", () => {
    const { environment } = made.inputs("Command", "web-pre-deploy");
    assert.deepEqual(
      Object.keys(environment as JsonObject).filter((key) => /SUBNETS|GROUPS|PUBLIC/.test(key)),
      [],
    );
  });

  it("opens a further door for a further load balancer", async () => {
    const two = await deploy(() => {
      const cluster = bigCluster();
      for (const name of ["web", "api"]) {
        const route = new LoadBalancer(`lb-${name}`, { network: cluster.network, accessLogs: false }).route({ path: "/*" });
        new Ec2Service(name, { cluster, image: IMAGE, networkMode: "bridge", route });
      }
    });
    const doors = two.names("SecurityGroupIngressRule").filter((name) => name.startsWith("apps"));
    assert.deepEqual(doors, ["apps-blue-in", "apps-blue-in-2"]);
    assert.deepEqual(two.sourcesOf(two.one("SecurityGroupIngressRule", "apps-blue-in-2"), "referencedSecurityGroupId"), [
      "SecurityGroup lb-api",
    ]);
  });
});

describe("a service on instances of one's own", () => {
  it("may be a daemon: one task on each, the old one gone before the new one comes", async () => {
    const made = await deploy(() => makeService("Ec2Service", { path: false, daemon: true }));
    const service = made.inputs(SERVICE);
    const { schedulingStrategy, desiredCount, deploymentMinimumHealthyPercent, deploymentMaximumPercent } = service;
    assert.deepEqual(
      [schedulingStrategy, desiredCount, deploymentMinimumHealthyPercent, deploymentMaximumPercent],
      ["DAEMON", undefined, 0, 100],
    );
    assert.deepEqual([service.availabilityZoneRebalancing, service.orderedPlacementStrategies], ["DISABLED", undefined]);
    assert.deepEqual([made.names("Target"), made.one(SERVICE).options.ignoreChanges], [[], []]);
  });

  it("has no second daemon beside the first", async () => {
    assert.equal(
      await refusal(() => makeService("Ec2Service", { daemon: true, rollout: "blueGreen" })),
      'Ec2Service "web": rollout: blueGreen runs a second set of tasks beside the first, and an instance holds one task of a daemon; use rolling.',
    );
  });

  it("may have GPUs", async () => {
    const made = await deploy(() => {
      const cluster = bigCluster(undefined, { ec2: { gpu: { instanceTypes: ["g5.xlarge"] } } });
      makeService("Ec2Service", { gpu: 1, desiredCount: 1 }, cluster);
    });
    const [{ resourceRequirements }] = JSON.parse(String(made.inputs("TaskDefinition").containerDefinitions)) as [JsonObject];
    assert.deepEqual(resourceRequirements, [{ type: "GPU", value: "1" }]);
    assert.match(String(made.inputs("LaunchTemplate").imageId), /amazon-linux-2023\/gpu\//);
  });

  it("is placed as it is told", async () => {
    const placementStrategies = [{ type: "random" }];
    const placementConstraints = [{ type: "memberOf", expression: "attribute:ecs.instance-type =~ m5.*" }];
    const made = await deploy(() => makeService("Ec2Service", { placementStrategies, placementConstraints, path: false }));
    const service = made.inputs(SERVICE);
    assert.deepEqual([service.orderedPlacementStrategies, service.placementConstraints], [placementStrategies, placementConstraints]);
  });
});
