// Several ports of one service: a target group, rules and a health check for each, and a sidecar in front of the app.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Cluster } from "../../../components/cluster/cluster";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import type { FargateServiceArgs } from "../../../components/service/arguments";
import { FargateService } from "../../../components/service/fargate-service";
import { portNameComplaint } from "../../../components/service/ports";
import { type FurtherPort, portMapping, portsOf } from "../../../components/task/ports";
import type { JsonObject } from "../../../facts/graph";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { containers, IMAGE, makeService } from "../../helpers/service";
import { bigCluster, IMAGE as VARIANT_IMAGE, VARIANT_NAMES, VARIANTS } from "../../helpers/variants";

const CERTIFICATE = "arn:aws:acm:eu-west-3:123456789012:certificate/mine";
type Given = Partial<Omit<FargateServiceArgs, "cluster" | "image">>;

/** A service behind a load balancer with HTTPS, and one inside the VPC. */
const made = (given: (lb: LoadBalancer, internal: LoadBalancer) => Given, secure = true): Promise<Deployed> =>
  deploy(() => {
    const network = plainNetwork();
    const cluster = new Cluster("apps", { network });
    const balancer = (name: string, internal: boolean) =>
      new LoadBalancer(name, { network, accessLogs: false, internal, ...(secure && { certificateArn: CERTIFICATE }) });
    new FargateService("web", { cluster, image: IMAGE, ...given(balancer("public", false), balancer("internal", true)) });
  });

const named = (all: { name: string }[]) => all.map(({ name }) => name).sort();
const ofWeb = (deployed: Deployed, type: string) => named(deployed.all(type)).filter((name) => name.startsWith("web"));
const targets = (deployed: Deployed) =>
  (deployed.inputs("aws:ecs/service:Service").loadBalancers as JsonObject[]).map(({ containerName, containerPort }) => [
    containerName,
    containerPort,
  ]);
const mappings = (deployed: Deployed, container = "web") =>
  (containers(deployed).find(({ name }) => name === container)!.portMappings as JsonObject[]).map((one) => [
    one.name,
    one.containerPort,
    one.hostPort,
    one.appProtocol,
  ]);

describe("the further ports of a service", () => {
  it("have a target group, a rule, a health check and a port mapping each", async () => {
    const deployed = await made((lb) => ({
      route: lb.route({ path: "/*" }),
      ports: {
        orders: { port: 50051, protocol: "grpc", route: lb.route({ path: "/shop.Orders/*" }), healthCheck: { matcher: "0" } },
        admin: {
          port: 9000,
          route: lb.route({ host: "admin.example.com" }),
          healthCheck: { path: "/ready", port: 9001, interval: 20 },
          deregistrationDelay: 60,
          stickiness: true,
        },
        metrics: { port: 9090 },
      },
    }));
    assert.deepEqual(ofWeb(deployed, "TargetGroup"), ["web", "web-admin", "web-orders"]);
    const group = deployed.inputs("TargetGroup", "web-admin");
    assert.deepEqual(
      [group.port, group.protocol, group.protocolVersion, group.deregistrationDelay, group.stickiness],
      [9000, "HTTP", undefined, 60, { enabled: true, type: "lb_cookie", cookieDuration: 86_400 }],
    );
    assert.deepEqual(group.healthCheck, {
      enabled: true,
      path: "/ready",
      port: "9001",
      matcher: "200",
      interval: 20,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
    });
    const grpc = deployed.inputs("TargetGroup", "web-orders");
    assert.deepEqual([grpc.protocolVersion, (grpc.healthCheck as JsonObject).matcher], ["GRPC", "0"]);
    for (const name of ["web", "web-admin", "web-orders"]) {
      assert.deepEqual(deployed.sourcesOf(deployed.one("ListenerRule", name), "actions"), [`TargetGroup ${name}`]);
      assert.ok(
        [...deployed.outlives(deployed.one("aws:ecs/service:Service"))].some((one) => one === deployed.one("ListenerRule", name)),
        name,
      );
    }
    assert.deepEqual(targets(deployed), [
      ["web", 8000],
      ["web", 50051],
      ["web", 9000],
    ]);
    assert.deepEqual(mappings(deployed), [
      ["http", 8000, 8000, "http"],
      ["admin", 9000, 9000, "http"],
      ["metrics", 9090, 9090, "http"],
      ["orders", 50051, 50051, "grpc"],
    ]);
    assert.deepEqual(ofWeb(deployed, "SecurityGroupIngressRule"), ["web-in-50051", "web-in-8000", "web-in-9000", "web-in-9001"]);
    assert.deepEqual(ofWeb(deployed, "SecurityGroupEgressRule"), [
      "web-out",
      "web-requests-50051",
      "web-requests-8000",
      "web-requests-9000",
      "web-requests-9001",
    ]);
  });

  it("change nothing of a service's other resources", async () => {
    const kept = (deployed: Deployed) =>
      deployed.resources
        .filter(({ type }) => !/TaskDefinition$|Command$/.test(type))
        .map(({ urn, inputs, options }) => [urn, inputs, options]);
    const [before, after] = [
      await made((lb) => ({ route: lb.route({}) })),
      await made((lb) => ({ route: lb.route({}), ports: { metrics: { port: 9090 } } })),
    ];
    assert.deepEqual(kept(after), kept(before));
    assert.deepEqual(mappings(after).length, 2);
  });

  it("lead to a proxy in front of the app, which has no route of its own", async () => {
    const deployed = await made((lb) => ({
      sidecars: { proxy: { image: IMAGE } },
      ports: { proxy: { port: 8443, container: "proxy", protocol: "https", route: lb.route({ path: "/shop/*" }) } },
    }));
    assert.deepEqual(targets(deployed), [["proxy", 8443]]);
    const { protocol, protocolVersion, healthCheck } = deployed.inputs("TargetGroup", "web-proxy");
    assert.deepEqual([protocol, protocolVersion, (healthCheck as JsonObject).protocol], ["HTTPS", undefined, "HTTPS"]);
    assert.deepEqual(mappings(deployed, "proxy"), [["proxy", 8443, 8443, undefined]]);
    assert.deepEqual(mappings(deployed), [["http", 8000, 8000, "http"]]);
    assert.deepEqual(ofWeb(deployed, "SecurityGroupIngressRule"), ["web-proxy-in-8443"]);
    assert.ok("healthCheckGracePeriodSeconds" in deployed.inputs("aws:ecs/service:Service"));
  });

  it("are reached from two load balancers, each by rules of its own", async () => {
    const deployed = await made((lb, internal) => ({
      route: lb.route({}),
      ports: { inside: { port: 8000, route: internal.route({}) }, jobs: { port: 9000, route: internal.route({ path: "/jobs/*" }) } },
    }));
    assert.deepEqual(targets(deployed), [
      ["web", 8000],
      ["web", 8000],
      ["web", 9000],
    ]);
    assert.deepEqual(mappings(deployed), [
      ["http", 8000, 8000, "http"],
      ["jobs", 9000, 9000, "http"],
    ]);
    const ways = (["web-in-8000", "web-inside-in-8000", "web-inside-in-9000"] as const).map((name) =>
      deployed.sourcesOf(deployed.one("SecurityGroupIngressRule", name), "referencedSecurityGroupId"),
    );
    assert.deepEqual(ways, [["SecurityGroup public"], ["SecurityGroup internal"], ["SecurityGroup internal"]]);
    assert.deepEqual(ofWeb(deployed, "SecurityGroupIngressRule").length, 3);
  });

  it("have two target groups each where a rollout has two sets of tasks", async () => {
    const deployed = await made((lb) => ({
      route: lb.route({}),
      rollout: { strategy: "blueGreen", testHeader: { "x-preview": "yes" } },
      ports: { admin: { port: 9000, route: lb.route({ host: "admin.example.com" }) } },
    }));
    const balancers = deployed.inputs("aws:ecs/service:Service").loadBalancers as { advancedConfiguration: Record<string, string> }[];
    assert.equal(balancers.length, 2);
    assert.equal(new Set(balancers.flatMap(({ advancedConfiguration }) => Object.values(advancedConfiguration))).size, 8);
    assert.deepEqual(ofWeb(deployed, "TargetGroup"), ["web", "web-admin", "web-admin-green", "web-green"]);
    assert.deepEqual(ofWeb(deployed, "ListenerRule"), ["web-admin-production", "web-admin-test", "web-production", "web-test"]);
    assert.equal((deployed.inputs("aws:ecs/service:Service").alarms as { alarmNames: string[] }).alarmNames.length, 8);
  });

  for (const variant of VARIANT_NAMES)
    it(`are those of ${variant}`, async () => {
      const deployed = await deploy(() => {
        const cluster = bigCluster();
        const lb = new LoadBalancer("public", { network: cluster.network, accessLogs: false });
        const ports = { admin: { port: 9000, route: lb.route({ path: "/admin/*" }) } };
        new VARIANTS[variant]("web", { cluster, image: VARIANT_IMAGE, route: lb.route({}), ports });
      });
      assert.deepEqual(targets(deployed), [
        ["web", 8000],
        ["web", 9000],
      ]);
    });

  it("get ports from Docker in bridge mode", async () => {
    const deployed = await deploy(() => {
      const cluster = bigCluster();
      const lb = new LoadBalancer("public", { network: cluster.network, accessLogs: false });
      const ports = { admin: { port: 9000, route: lb.route({ path: "/admin/*" }) }, tool: { port: 8000, container: "tool" } };
      new VARIANTS.Ec2Service("web", {
        cluster,
        image: VARIANT_IMAGE,
        route: lb.route({}),
        networkMode: "bridge",
        sidecars: { tool: { image: VARIANT_IMAGE } },
        ports,
      });
    });
    assert.deepEqual(mappings(deployed), [
      ["http", 8000, 0, "http"],
      ["admin", 9000, 0, "http"],
    ]);
    assert.deepEqual(mappings(deployed, "tool"), [["tool", 8000, 0, "http"]]);
    assert.deepEqual(ofWeb(deployed, "SecurityGroupIngressRule"), []);
  });
});

describe("the name of a sidecar's port", () => {
  it("is the sidecar's, because no two ports of a task have one name", async () => {
    const deployed = await deploy(() => makeService({ sidecars: { Agent: { image: IMAGE, port: 2000 } } }));
    assert.deepEqual([mappings(deployed), mappings(deployed, "Agent")], [[["http", 8000, 8000, "http"]], [["agent", 2000, 2000, "http"]]]);
  });
});

describe("what is refused of a port", () => {
  const route = {} as never;
  const cases: [given: Given, message: string][] = [
    [{ ports: { admin: { port: 0 } } }, "ports.admin.port: 0 is out of range; allowed: 1 to 65535; the nearest is 1."],
    [{ ports: { admin: {} as never } }, "ports.admin.port: it is missing, and there is no default for it."],
    [
      { ports: { admin: { port: 9000, container: "proxi" } }, sidecars: { proxy: { image: IMAGE } } },
      'ports.admin.container: "proxi" is not a container of the task; allowed: web, proxy; did you mean "proxy"?',
    ],
    [
      { ports: { admin: { port: 9000 } }, sidecars: { proxy: { image: IMAGE, port: 9000 } } },
      "ports.admin.port: 9000 is the port of proxy, too, and the containers of a task share its network; choose another, or name that container.",
    ],
    [
      { ports: { admin: { port: 8000, container: "proxy" } }, sidecars: { proxy: { image: IMAGE } } },
      "ports.admin.port: 8000 is the port of web, too, and the containers of a task share its network; choose another, or name that container.",
    ],
    [
      { ports: { one: { port: 9000 }, two: { port: 9000, container: "proxy" } }, sidecars: { proxy: { image: IMAGE } } },
      "ports.one.port: 9000 is the port of proxy, too, and the containers of a task share its network; choose another, or name that container.",
    ],
    [
      { ports: { proxy: { port: 9000 } }, sidecars: { proxy: { image: IMAGE, port: 9001 } } },
      "ports.proxy: the port of the sidecar proxy has that name; choose another.",
    ],
    [
      { ports: { admin: { port: 9000, slowStart: 60 } } },
      "ports.admin.slowStart: the load balancer spreads the requests, and this service has no route; give it one, or leave it out.",
    ],
    [
      { ports: { admin: { port: 9000, healthCheck: { matcher: "0" } } } },
      'ports.admin.healthCheck.matcher: 0 is no status code of http; allowed: 200 to 499, such as "200-299".',
    ],
    [
      { ports: { admin: { port: 9000, healthCheck: { timeout: 10 } } } },
      "ports.admin.healthCheck.timeout: 10 is not less than interval (10); the nearest is 9.",
    ],
    [
      { ports: { admin: { port: 9000, slowStart: 60, loadBalancingAlgorithmType: "weighted_random", route } } },
      "ports.admin.loadBalancingAlgorithmType: a slow start goes with round_robin only, and this is weighted_random; leave slowStart out, or choose round_robin.",
    ],
  ];
  for (const [given, message] of cases)
    it(message, async () => assert.equal(await refusal(() => makeService(given)), `FargateService "web": ${message}`));

  it("is a sixth route", async () => {
    const ports = (lb: LoadBalancer, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, { port: 9000 + n, route: lb.route({ path: `/${n}/*` }) }]));
    const fewer = await made((lb) => ({ route: lb.route({}), ports: ports(lb, 4) }));
    assert.equal(targets(fewer).length, 5);
    await assert.rejects(
      made((lb) => ({ route: lb.route({}), ports: ports(lb, 5) })),
      { message: 'FargateService "web": ports: 6 routes with a target group each; AWS takes 5 for a service: leave out some of them.' },
    );
  });

  it("is gRPC behind plain HTTP, and a name that is too long", async () => {
    const ports = (lb: LoadBalancer) => ({ orders: { port: 50051, protocol: "grpc" as const, route: lb.route({}) } });
    await assert.rejects(
      made((lb) => ({ ports: ports(lb) }), false),
      {
        message:
          'FargateService "web": ports.orders.protocol: a load balancer speaks grpc with tasks behind an HTTPS listener only; give the load balancer a domain or a certificateArn.',
      },
    );
    await assert.rejects(
      made((lb) => ({ rollout: "canary", ports: { "administration-x": { port: 1, route: lb.route({}) } } })),
      {
        message:
          'FargateService "web": ports.administration-x: "web-administration-x" has 20 characters; a target group\'s name has room for 18; the nearest is "web-administration".',
      },
    );
  });

  it("is a name that the service uses itself, or that AWS does not take", () => {
    for (const name of ["admin", "a", "a-b", "x".repeat(22)]) assert.equal(portNameComplaint(name), undefined, name);
    for (const name of [
      "http",
      "https",
      "tcp",
      "green",
      "production",
      "test",
      "maintenance",
      "Admin",
      "9",
      "a_b",
      "-a",
      "a-",
      "x".repeat(23),
      "",
    ])
      assert.ok(portNameComplaint(name), name);
  });
});

describe("the ports of containers", () => {
  const further = fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z]{1,4}$/),
      container: fc.constantFrom("web", "proxy"),
      port: fc.integer({ min: 1, max: 12 }),
      protocol: fc.constantFrom("http", "grpc", "https") as fc.Arbitrary<FurtherPort["protocol"]>,
    }),
    { selector: ({ name }) => name },
  );

  it("are the same in whatever order they are given, none is lost, and none is twice", () => {
    fc.assert(
      fc.property(further, fc.boolean(), (all, hasOwn) => {
        const own = hasOwn ? { name: "http", port: 8, protocol: "http" as const } : undefined;
        const its = portsOf("web", own, all);
        assert.deepEqual(portsOf("web", own, [...all].reverse()), its);
        const numbers = its.map(({ port }) => port);
        assert.equal(new Set(numbers).size, numbers.length);
        const wanted = new Set([...(own ? [8] : []), ...all.filter(({ container }) => container === "web").map(({ port }) => port)]);
        assert.deepEqual(new Set(numbers), wanted);
        if (own) assert.deepEqual(its[0], own);
      }),
    );
  });

  it("are written out as AWS gives them back", () => {
    assert.deepEqual(portMapping({ name: "orders", port: 50051, protocol: "grpc" }, false), {
      name: "orders",
      containerPort: 50051,
      hostPort: 50051,
      protocol: "tcp",
      appProtocol: "grpc",
    });
    assert.deepEqual(portMapping({ name: "https", port: 8443, protocol: "https" }, true), {
      name: "https",
      containerPort: 8443,
      hostPort: 0,
      protocol: "tcp",
    });
  });
});
