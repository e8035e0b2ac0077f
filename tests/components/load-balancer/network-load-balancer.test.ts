// A Network Load Balancer, and services that speak TCP, TLS and UDP behind it.
import assert from "node:assert/strict";
import { Cluster } from "../../../components/cluster/cluster";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import type { NetworkListenerArgs } from "../../../components/load-balancer/network-listener";
import { NetworkLoadBalancer, type NetworkLoadBalancerArgs } from "../../../components/load-balancer/network-load-balancer";
import { Network } from "../../../components/network/network";
import type { FargateServiceArgs } from "../../../components/service/arguments";
import { FargateService } from "../../../components/service/fargate-service";
import type { JsonObject } from "../../../facts/graph";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { containers, IMAGE } from "../../helpers/service";
import { bigCluster, IMAGE as VARIANT_IMAGE, VARIANT_NAMES, VARIANTS } from "../../helpers/variants";

type Given = Partial<Omit<FargateServiceArgs, "cluster" | "image" | "route">>;
type Balancer = Partial<Omit<NetworkLoadBalancerArgs, "network">>;

/** A service behind a network load balancer. */
function behind(listener: NetworkListenerArgs, given: Given = {}, balancer: Balancer = {}) {
  const network = plainNetwork();
  const cluster = new Cluster("apps", { network });
  const route = new NetworkLoadBalancer("fixed", { network, ...balancer }).listener(listener);
  return new FargateService("db", { cluster, image: IMAGE, protocol: "tcp", port: 5432, route, ...given });
}
const made = (listener: NetworkListenerArgs, given?: Given, balancer?: Balancer) => deploy(() => behind(listener, given, balancer));

const balancerOf = (deployed: Deployed) => deployed.inputs("aws:lb/loadBalancer:LoadBalancer");
const CERTIFICATE = "arn:aws:acm:eu-west-3:123456789012:certificate/mine";

describe("a network load balancer", () => {
  describe("by IPv6", () => {
    const dual = (balancer: Balancer = {}, ipv6 = true, listener: NetworkListenerArgs = { port: 5432 }) => {
      const network = new Network("net", { nat: "single", ...(ipv6 && { ipv6 }) });
      new NetworkLoadBalancer("fixed", { network, ipv6: true, ...balancer }).listener(listener);
    };
    const ranges = (deployed: Deployed) =>
      deployed
        .all("SecurityGroupIngressRule")
        .filter(({ name }) => name.startsWith("fixed"))
        .map(({ name, inputs }) => [name, inputs.cidrIpv4 ?? inputs.cidrIpv6]);

    it("answers on both, to all of the internet, with a record of each", async () => {
      const deployed = await deploy(() => dual({ domain: "db.example.com" }));
      assert.equal(balancerOf(deployed).ipAddressType, "dualstack");
      assert.deepEqual(ranges(deployed), [
        ["fixed-5432", "0.0.0.0/0"],
        ["fixed-5432-2", "::/0"],
      ]);
      const records = deployed.all("aws:route53/record:Record").map(({ inputs }) => inputs.type);
      assert.deepEqual(records.filter((type) => type === "A" || type === "AAAA").sort(), ["A", "AAAA"]);
    });

    it("admits no more of it than of IPv4", async () => {
      const deployed = await deploy(() => dual({ allowedCidrBlocks: ["203.0.113.0/24"] }));
      assert.deepEqual(ranges(deployed), [["fixed-5432", "203.0.113.0/24"]]);
    });

    it("is of IPv4 alone where nothing is said", async () => {
      const deployed = await deploy(() => dual({ ipv6: false, domain: "db.example.com" }));
      assert.equal(balancerOf(deployed).ipAddressType, "ipv4");
      assert.deepEqual(ranges(deployed), [["fixed-5432", "0.0.0.0/0"]]);
      assert.ok(!deployed.all("aws:route53/record:Record").some(({ inputs }) => inputs.type === "AAAA"));
    });

    it("is refused where it cannot be", async () => {
      assert.match(await refusal(() => dual({}, false)), /: ipv6: the network has none; set ipv6 of the network, or leave it out\.$/);
      assert.match(await refusal(() => dual({ elasticIps: true })), /: ipv6: fixed addresses are of IPv4; leave one of them out\.$/);
      assert.match(
        await refusal(() => dual({}, true, { port: 53, protocol: "udp" })),
        /: listener\.protocol: AWS hands no datagrams of IPv6/,
      );
      const room = Array.from({ length: 30 }, (_, i) => `10.${i}.0.0/16`);
      const full = () => {
        const network = new Network("net", { nat: "single", ipv6: true });
        const balancer = new NetworkLoadBalancer("fixed", { network, ipv6: true, allowedCidrBlocks: [...room.slice(1), "0.0.0.0/0"] });
        for (const port of [1, 2]) balancer.listener({ port });
      };
      assert.match(await refusal(full), /with 31 ranges it needs 62 rules of one security group; allowed: 60\.$/);
    });
  });

  it("has a security group that admits its users on its listeners, and is protected", async () => {
    const deployed = await made({ port: 5432 }, {}, { allowedCidrBlocks: ["10.0.0.0/8", "203.0.113.0/24"] });
    const { loadBalancerType, internal, enableCrossZoneLoadBalancing, enableDeletionProtection, subnetMappings } = balancerOf(deployed);
    assert.deepEqual(
      [loadBalancerType, internal, enableCrossZoneLoadBalancing, enableDeletionProtection, subnetMappings],
      ["network", false, true, true, undefined],
    );
    const balancer = deployed.one("aws:lb/loadBalancer:LoadBalancer");
    assert.equal(balancer.options.protect, true);
    assert.deepEqual(deployed.sourcesOf(balancer, "securityGroups"), ["SecurityGroup fixed"]);
    const rules = deployed.all("SecurityGroupIngressRule").filter(({ name }) => name.startsWith("fixed"));
    assert.deepEqual(
      rules.map(({ name, inputs }) => [name, inputs.ipProtocol, inputs.fromPort, inputs.toPort, inputs.cidrIpv4]),
      [
        ["fixed-5432", "tcp", 5432, 5432, "10.0.0.0/8"],
        ["fixed-5432-2", "tcp", 5432, 5432, "203.0.113.0/24"],
      ],
    );
  });

  it("has a fixed address in each zone, which is protected as it is", async () => {
    const deployed = await deploy(() => {
      new NetworkLoadBalancer("fixed", { network: new Network("net", { zones: 3, nat: "none", flowLogs: false }), elasticIps: true });
    });
    assert.deepEqual(deployed.names("Eip"), ["fixed-1", "fixed-2", "fixed-3"]);
    assert.ok(deployed.all("Eip").every(({ options, inputs }) => options.protect && inputs.domain === "vpc"));
    const mappings = balancerOf(deployed).subnetMappings as JsonObject[];
    assert.equal(new Set(mappings.map(({ subnetId }) => subnetId)).size, 3);
    assert.equal(new Set(mappings.map(({ allocationId }) => allocationId)).size, 3);
    assert.equal(balancerOf(deployed).subnets, undefined);
  });

  it("has them in a network that exists, where its public subnets are named", async () => {
    const subnets = (kind: string) => ["a", "b", "c"].map((end) => `subnet-0123456789abcde${kind}${end}`);
    const deployed = await deploy(() => {
      const network = Network.existing("net", {
        vpcId: "vpc-0123456789abcdef0",
        publicSubnetIds: subnets("0"),
        privateSubnetIds: subnets("1"),
      });
      new NetworkLoadBalancer("fixed", { network, elasticIps: true });
    });
    const mappings = balancerOf(deployed).subnetMappings as JsonObject[];
    assert.deepEqual(
      mappings.map(({ subnetId }) => subnetId),
      subnets("0"),
    );
  });

  it("answers at its domain, with a certificate of its own", async () => {
    const deployed = await made(
      { port: 443, protocol: "tls" },
      {},
      { domain: "db.example.com", crossZone: false, deletionProtection: false },
    );
    const listener = deployed.one("Listener", "db");
    assert.deepEqual(
      [listener.inputs.port, listener.inputs.protocol, listener.inputs.sslPolicy],
      [443, "TLS", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"],
    );
    assert.deepEqual(deployed.sourcesOf(listener, "certificateArn"), ["CertificateValidation fixed"]);
    assert.deepEqual(deployed.inputs("Record", "fixed-alias-db.example.com").name, "db.example.com");
    assert.deepEqual([balancerOf(deployed).enableCrossZoneLoadBalancing, balancerOf(deployed).enableDeletionProtection], [false, false]);
  });

  const refused: [program: () => unknown, message: string][] = [
    [
      () => new NetworkLoadBalancer("fixed", { network: plainNetwork(), internal: true, elasticIps: true }),
      "elasticIps: an internal load balancer has no addresses in the internet; leave one of them out.",
    ],
    [
      () => new NetworkLoadBalancer("fixed", { network: Network.existing("net", { stack: "organization/net/dev" }), elasticIps: true }),
      "elasticIps: it has an address in each zone, and how many the network has is known only when it is deployed; name its publicSubnetIds, or leave it out.",
    ],
    [
      () => {
        const nlb = new NetworkLoadBalancer("fixed", { network: plainNetwork() });
        nlb.listener({ port: 5432 });
        nlb.listener({ port: 5432, protocol: "udp" });
      },
      "listener.port: 5432 has a listener of this load balancer already; choose another.",
    ],
    [
      () => new NetworkLoadBalancer("fixed", { network: plainNetwork() }).listener({ port: 443, protocol: "tls" }),
      "listener.protocol: a TLS listener has a certificate; give the load balancer a domain or a certificateArn.",
    ],
    [
      () => new NetworkLoadBalancer("fixed", { network: plainNetwork() }).listener({ port: 53, protocol: "udp", preserveClientIp: false }),
      "listener.preserveClientIp: tasks always see where datagrams come from; leave it out.",
    ],
    [
      () => {
        const allowedCidrBlocks = Array.from({ length: 31 }, (_, n) => `10.${n}.0.0/16`);
        const nlb = new NetworkLoadBalancer("fixed", { network: plainNetwork(), allowedCidrBlocks });
        nlb.listener({ port: 1 });
        nlb.listener({ port: 2 });
      },
      "listener.port: with 31 ranges it needs 62 rules of one security group; allowed: 60.",
    ],
  ];
  for (const [program, message] of refused)
    it(`refuses ${message}`, async () => assert.equal(await refusal(program), `NetworkLoadBalancer "fixed": ${message}`));
});

describe("a service behind a network load balancer", () => {
  const check = (deployed: Deployed) => deployed.inputs("TargetGroup", "db").healthCheck;

  it("gets connections to its port, is asked by an open port, and has no check in the container", async () => {
    let url = "";
    const deployed = await deploy(() => {
      behind({ port: 15432 }, {}, { domain: "db.example.com" }).url!.apply((value) => {
        url = value;
      });
    });
    const { protocol, port, targetType, preserveClientIp } = deployed.inputs("TargetGroup", "db");
    assert.deepEqual([protocol, port, targetType, preserveClientIp], ["TCP", 5432, "ip", undefined]);
    assert.deepEqual(check(deployed), {
      enabled: true,
      protocol: "TCP",
      interval: 10,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
    });
    const listener = deployed.one("Listener", "db");
    assert.deepEqual([listener.inputs.port, listener.inputs.protocol, listener.inputs.certificateArn], [15432, "TCP", undefined]);
    assert.deepEqual(deployed.sourcesOf(listener, "defaultActions"), ["TargetGroup db"]);
    const [db] = containers(deployed, "db");
    assert.deepEqual(db!.portMappings, [{ name: "tcp", containerPort: 5432, hostPort: 5432, protocol: "tcp" }]);
    assert.deepEqual([db!.healthCheck, db!.environment], [undefined, [{ name: "PORT", value: "5432" }]]);
    const service = deployed.one("aws:ecs/service:Service");
    const [target] = service.inputs.loadBalancers as JsonObject[];
    assert.deepEqual([target!.containerName, target!.containerPort], ["db", 5432]);
    assert.ok("healthCheckGracePeriodSeconds" in service.inputs);
    for (const [type, name] of [
      ["Listener", "db"],
      ["SecurityGroupIngressRule", "db-in-5432"],
      ["SecurityGroupEgressRule", "db-requests-5432"],
      ["SecurityGroupIngressRule", "fixed-15432"],
    ] as const)
      assert.ok([...deployed.outlives(service)].includes(deployed.one(type, name)), name);
    assert.deepEqual(deployed.sourcesOf(deployed.one("SecurityGroupIngressRule", "db-in-5432"), "referencedSecurityGroupId"), [
      "SecurityGroup fixed",
    ]);
    const out = deployed.one("SecurityGroupEgressRule", "db-requests-5432");
    assert.deepEqual(deployed.sourcesOf(out, "securityGroupId"), ["SecurityGroup fixed"]);
    assert.deepEqual(deployed.sourcesOf(out, "referencedSecurityGroupId"), ["SecurityGroup db"]);
    assert.equal(url, "db.example.com:15432");
  });

  it("is asked by HTTP on another port where that is said", async () => {
    const deployed = await made({ port: 5432 }, { healthCheck: { protocol: "http", port: 8080, path: "/ready", matcher: "200-299" } });
    const { protocol, port, path, matcher } = check(deployed) as JsonObject;
    assert.deepEqual([protocol, port, path, matcher], ["HTTP", "8080", "/ready", "200-299"]);
    assert.deepEqual(deployed.names("SecurityGroupIngressRule"), ["db-in-5432", "db-in-8080", "fixed-5432"]);
  });

  it("gets datagrams, and is asked by TCP", async () => {
    const deployed = await made({ port: 53, protocol: "udp" }, { protocol: "udp", port: 53, healthCheck: { port: 8080 } });
    assert.equal(deployed.inputs("TargetGroup", "db").protocol, "UDP");
    const rules = (type: string) =>
      deployed
        .all(type)
        .filter(({ name }) => /^db-(in|requests)/.test(name))
        .map(({ name, inputs }) => [name, inputs.ipProtocol, inputs.fromPort]);
    assert.deepEqual(rules("SecurityGroupIngressRule"), [
      ["db-in-53-udp", "udp", 53],
      ["db-in-8080", "tcp", 8080],
    ]);
    assert.deepEqual(rules("SecurityGroupEgressRule"), [
      ["db-requests-53-udp", "udp", 53],
      ["db-requests-8080", "tcp", 8080],
    ]);
    assert.equal(deployed.inputs("SecurityGroupIngressRule", "fixed-53").ipProtocol, "udp");
    assert.deepEqual((containers(deployed, "db")[0]!.portMappings as JsonObject[])[0], {
      name: "udp",
      containerPort: 53,
      hostPort: 53,
      protocol: "udp",
    });
  });

  it("speaks TLS itself, and sees whom it speaks with", async () => {
    const deployed = await made(
      { port: 443, protocol: "tls", preserveClientIp: true },
      { protocol: "tls" },
      { certificateArn: CERTIFICATE },
    );
    const { protocol, preserveClientIp } = deployed.inputs("TargetGroup", "db");
    assert.deepEqual([protocol, preserveClientIp], ["TLS", "true"]);
  });

  it("has ports behind both kinds of load balancers", async () => {
    const deployed = await deploy(() => {
      const network = plainNetwork();
      const nlb = new NetworkLoadBalancer("fixed", { network });
      new FargateService("web", {
        cluster: new Cluster("apps", { network }),
        image: IMAGE,
        route: new LoadBalancer("public", { network, accessLogs: false }).route({}),
        ports: { mqtt: { port: 1883, protocol: "tcp", route: nlb.listener({ port: 1883 }) } },
        scaling: { requests: 100 },
      });
    });
    assert.deepEqual(deployed.names("TargetGroup"), ["web", "web-mqtt"]);
    assert.deepEqual(
      deployed.names("SecurityGroupIngressRule").filter((name) => name.startsWith("web")),
      ["web-in-8000", "web-mqtt-in-1883"],
    );
    const policy = deployed.inputs("Policy", "web-requests").targetTrackingScalingPolicyConfiguration as {
      predefinedMetricSpecification: { resourceLabel: string };
    };
    assert.match(policy.predefinedMetricSpecification.resourceLabel, /^app\/public-.*\/targetgroup\/web-[0-9a-f]+\//);
  });

  for (const variant of VARIANT_NAMES)
    it(`is any of ${variant}`, async () => {
      const deployed = await deploy(() => {
        const cluster = bigCluster();
        const route = new NetworkLoadBalancer("fixed", { network: cluster.network }).listener({ port: 5432 });
        new VARIANTS[variant]("db", { cluster, image: VARIANT_IMAGE, protocol: "tcp", port: 5432, route });
      });
      assert.deepEqual(deployed.names("Listener"), ["db"]);
    });

  it("is one in bridge mode, on ports of the instances", async () => {
    const bridge = (protocol: "tcp" | "udp") => {
      const cluster = bigCluster();
      const route = new NetworkLoadBalancer("fixed", { network: cluster.network }).listener({ port: 5432, protocol });
      new VARIANTS.Ec2Service("db", { cluster, image: VARIANT_IMAGE, networkMode: "bridge", protocol, port: 5432, route });
    };
    const deployed = await deploy(() => bridge("tcp"));
    assert.equal(deployed.inputs("TargetGroup", "db").targetType, "instance");
    assert.equal(
      await refusal(() => bridge("udp")),
      'Ec2Service "db": protocol: in bridge mode the instances admit no datagrams; use awsvpc.',
    );
  });

  const refused: [given: Given, message: string, listener?: NetworkListenerArgs][] = [
    [
      { protocol: "http" },
      "protocol: a network load balancer does not read http, and takes its connections for tcp; choose tcp, tls or udp.",
    ],
    [{ protocol: "udp" }, "protocol: the listener on port 5432 speaks tcp, and AWS sends that to tasks as tcp; this is udp."],
    [{ protocol: "tls" }, "protocol: the listener on port 5432 speaks tcp, and AWS sends that to tasks as tcp; this is tls."],
    [
      { protocol: "tcp" },
      "protocol: the listener on port 53 speaks udp, and AWS sends that to tasks as udp; this is tcp.",
      { port: 53, protocol: "udp" },
    ],
    [
      { rollout: "canary" },
      "rollout: canary moves requests by rules, and behind a network load balancer ECS waits ten minutes at each shift; use rolling.",
    ],
    [
      { stickiness: true },
      "stickiness: the load balancer spreads the requests, and this service has no route; give it one, or leave it out.",
    ],
    [{ maintenance: true }, "maintenance: the load balancer shows the page, and this service has no route; give it one, or leave it out."],
    [
      { scaling: { requests: 5 } },
      "scaling.requests: requests are counted by the load balancer, and this service has no route; use cpu or memory, or give it a route.",
    ],
  ];
  for (const [given, message, listener = { port: 5432 }] of refused)
    it(`refuses ${message}`, async () => assert.equal(await refusal(() => behind(listener, given)), `FargateService "db": ${message}`));

  it("has no name for UDP, and none of its protocols behind an Application Load Balancer", async () => {
    assert.equal(
      await refusal(() => behind({ port: 53, protocol: "udp" }, { protocol: "udp", connect: true })),
      'FargateService "db": connect: Service Connect has no UDP; leave it out, or use dns.',
    );
    const requested = (given: Given) => () => {
      const network = plainNetwork();
      const route = new LoadBalancer("public", { network, accessLogs: false }).route({});
      new FargateService("db", { cluster: new Cluster("apps", { network }), image: IMAGE, route, ...given });
    };
    assert.equal(
      await refusal(requested({ protocol: "tcp" })),
      'FargateService "db": protocol: tcp is spoken by a network load balancer, and the route is one of requests; give it nlb.listener, or choose http.',
    );
    assert.equal(
      await refusal(requested({ healthCheck: { protocol: "tcp" } })),
      'FargateService "db": healthCheck.protocol: an Application Load Balancer asks by requests; allowed: http, https.',
    );
  });

  it("is called by its name as TCP", async () => {
    const deployed = await made({ port: 5432 }, { connect: true });
    const { services } = deployed.inputs("aws:ecs/service:Service").serviceConnectConfiguration as { services: JsonObject[] };
    assert.deepEqual([services[0]!.portName, (services[0]!.clientAlias as JsonObject[])[0]!.port], ["tcp", 5432]);
  });
});
