// Services that call each other, and what else reaches them or is reached by them.
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, type ClusterArgs } from "../../../components/cluster/cluster";
import type { ExistingClusterArgs } from "../../../components/cluster/existing-cluster";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import type { ServiceArgs } from "../../../components/service/arguments";
import { Ec2Service } from "../../../components/service/ec2-service";
import { FargateService } from "../../../components/service/fargate-service";
import type { JsonObject } from "../../../facts/graph";
import { assertTrust, type Deployed, deploy, policyOf, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { containers, IMAGE } from "../../helpers/service";
import { bigCluster, label } from "../../helpers/variants";

const ECS_SERVICE = "aws:ecs/service:Service";
const AUTHORITY = "arn:aws:acm-pca:eu-west-3:123456789012:certificate-authority/mine";
const KEY = "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

type Given = Partial<Omit<ServiceArgs, "cluster" | "image">>;
const makeCluster = (args: Partial<ClusterArgs> = {}) => new Cluster("apps", { network: plainNetwork(), ...args });
const make = (cluster: Cluster, name: string, args: Given = {}) =>
  new FargateService(name, { cluster, image: IMAGE, cpu: "0.5 vCPU", memory: "1 GB", ...args });

/** A caller and a called service on one cluster. */
const pair = (api: Given = {}, web: Given = {}, call = true) =>
  deploy(() => {
    const cluster = makeCluster();
    const caller = make(cluster, "web", web);
    const called = make(cluster, "api", { connect: true, ...api });
    if (call) caller.calls(called);
  });

const connectOf = (made: Deployed, name: string) => made.inputs(ECS_SERVICE, name).serviceConnectConfiguration as JsonObject | undefined;
const serviceOf = (made: Deployed, name: string) => (connectOf(made, name)!.services as JsonObject[])[0]!;
const variables = (made: Deployed, name: string) =>
  Object.fromEntries(
    (containers(made, name).find((one) => one.name === name)!.environment as { name: string; value: string }[]).map((each) => [
      each.name,
      each.value,
    ]),
  );
const port = (made: Deployed, name: string) => (containers(made, name)[0]!.portMappings as JsonObject[])[0];
const waitsFor = (made: Deployed, name: string) => made.one(ECS_SERVICE, name).dependencies.map((urn) => label(made.get(urn)));
const notes = (made: Deployed) => made.recording.messages.map(({ text }) => text);

describe("a service with a name", () => {
  it("has it in the cluster's namespace, whatever port its app listens on", async () => {
    const made = await pair({ port: 9000 }, {}, false);
    const configuration = connectOf(made, "api")!;
    assert.deepEqual(configuration.services, [{ portName: "http", discoveryName: "api", clientAlias: [{ dnsName: "api", port: 80 }] }]);
    assert.deepEqual(made.sourcesOf(made.one(ECS_SERVICE, "api"), "serviceConnectConfiguration").sort(), [
      "HttpNamespace apps",
      "LogGroup api",
    ]);
    assert.deepEqual(port(made, "api"), { name: "http", containerPort: 9000, hostPort: 9000, protocol: "tcp", appProtocol: "http" });
    assert.equal(connectOf(made, "web"), undefined);
  });

  it("has the proxy's log beside its own, with the same end", async () => {
    const made = await pair({}, {}, false);
    const { logDriver, options } = connectOf(made, "api")!.logConfiguration as { logDriver: string; options: JsonObject };
    assert.deepEqual([logDriver, options["awslogs-stream-prefix"], options.mode], ["awslogs", "service-connect", "non-blocking"]);
    assert.match(String(options["awslogs-group"]), /^api-/);
  });

  it("has one namespace with all others, which outlives them", async () => {
    const made = await deploy(() => {
      const cluster = makeCluster();
      for (const name of ["one", "two", "three"]) make(cluster, name, { connect: true });
    });
    const namespace = made.one("HttpNamespace");
    assert.deepEqual([namespace.name, namespace.parent], ["apps", made.one("berth:index:Cluster").urn]);
    assert.ok(made.outlives(made.one(ECS_SERVICE, "three")).has(namespace));
  });

  it("has a namespace of the cluster's choosing", async () => {
    const made = await deploy(() => void makeCluster({ namespace: "shop", dnsNamespace: "shop.internal" }));
    assert.equal(made.inputs("HttpNamespace").name, "shop");
    assert.deepEqual([made.inputs("PrivateDnsNamespace").name, made.inputs("PrivateDnsNamespace").vpc], ["shop.internal", "vpc-1"]);
  });

  it("is called as it says: another name, port and protocol, time-outs", async () => {
    const made = await pair({ port: 5432, connect: { name: "db", protocol: "tcp", idleTimeout: 0 } });
    assert.deepEqual(serviceOf(made, "api"), {
      portName: "tcp",
      discoveryName: "db",
      clientAlias: [{ dnsName: "db", port: 5432 }],
      timeout: { idleTimeoutSeconds: 0 },
    });
    assert.deepEqual(port(made, "api"), { name: "tcp", containerPort: 5432, hostPort: 5432, protocol: "tcp" });
    assert.equal(variables(made, "web").DB_ADDRESS, "db:5432");
    assert.deepEqual(
      [variables(made, "api").PORT, variables(made, "api").HEALTH_CHECK_PATH, containers(made, "api")[0]!.healthCheck],
      ["5432", undefined, undefined],
    );
  });

  it("lets a request take as long as it is given", async () => {
    const made = await pair({ connect: { port: 8080, requestTimeout: 60 } });
    assert.deepEqual(serviceOf(made, "api").timeout, { perRequestTimeoutSeconds: 60 });
    assert.equal(variables(made, "web").API_URL, "http://api:8080");
  });

  it("is checked inside the container, where no load balancer asks", async () => {
    const made = await pair({ healthCheck: { path: "/ready" } }, {}, false);
    assert.deepEqual([variables(made, "api").PORT, variables(made, "api").HEALTH_CHECK_PATH], ["8000", "/ready"]);
    assert.ok(containers(made, "api")[0]!.healthCheck);
    assert.deepEqual([variables(made, "web").PORT, containers(made, "web")[0]!.healthCheck], [undefined, undefined]);
  });

  it("speaks gRPC", async () => {
    const made = await pair({ connect: { protocol: "grpc" }, port: 50051 });
    assert.equal(port(made, "api")!.appProtocol, "grpc");
    assert.equal(variables(made, "web").API_ADDRESS, "api:80");
    assert.equal(containers(made, "api")[0]!.healthCheck, undefined);
  });

  it("encrypts between the proxies, with certificates of one authority alone", async () => {
    const made = await pair({ connect: { tls: { certificateAuthorityArn: AUTHORITY } }, kmsKeyArn: KEY });
    const role = made.one("Role", "api-tls");
    const { tls, ingressPortOverride } = serviceOf(made, "api");
    assert.deepEqual(
      { ...(tls as JsonObject), roleArn: undefined },
      { issuerCertAuthority: { awsPcaAuthorityArn: AUTHORITY }, kmsKey: KEY, roleArn: undefined },
    );
    assert.equal(ingressPortOverride, undefined);
    assertTrust(role, "ecs.amazonaws.com");
    assert.match(
      String(made.inputs("RolePolicyAttachment", "api-tls").policyArn),
      /:aws:policy\/service-role\/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity$/,
    );
    const [denied] = policyOf(made.one("RolePolicy", "api-tls")).Statement;
    assert.deepEqual([denied!.Effect, denied!.NotResource], ["Deny", [AUTHORITY]]);
    assert.deepEqual(denied!.Action, ["acm-pca:GetCertificate", "acm-pca:IssueCertificate"]);
    const [key] = policyOf(made.one("RolePolicy", "api-tls-key")).Statement;
    assert.deepEqual(
      [key!.Resource, key!.Action],
      [[KEY], ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair"]],
    );
    for (const name of ["RolePolicyAttachment api-tls", "RolePolicy api-tls", "RolePolicy api-tls-key"])
      assert.ok(waitsFor(made, "api").includes(name), name);
    // The app speaks plainly with its own proxy.
    assert.equal(variables(made, "web").API_URL, "http://api");
  });

  it("keeps a load balancer's plain requests from the proxy that asks for TLS", async () => {
    const made = await deploy(() => {
      const network = plainNetwork();
      const cluster = new Cluster("apps", { network });
      const route = new LoadBalancer("public", { network, accessLogs: false }).route({ path: "/*" });
      const api = make(cluster, "api", { route, connect: { tls: { certificateAuthorityArn: AUTHORITY } } });
      make(cluster, "web").calls(api);
    });
    assert.equal(serviceOf(made, "api").ingressPortOverride, 15443);
    assert.deepEqual(
      made.names("SecurityGroupIngressRule").filter((name) => !name.startsWith("public")),
      ["api-in-8000", "web-to-api-15443"],
    );
    assert.equal(made.inputs("SecurityGroupIngressRule", "web-to-api-15443").toPort, 15443);
  });

  it("moves to a new revision with two sets of tasks, without a load balancer", async () => {
    const made = await pair({ rollout: { strategy: "canary", testHeader: { "x-preview": "yes" } } });
    const { deploymentConfiguration, alarms, loadBalancers } = made.inputs(ECS_SERVICE, "api");
    assert.equal((deploymentConfiguration as JsonObject).strategy, "CANARY");
    assert.deepEqual([alarms, loadBalancers], [{ alarmNames: ["none"], enable: false, rollback: false }, undefined]);
    assert.deepEqual(serviceOf(made, "api").clientAlias, [
      { dnsName: "api", port: 80, testTrafficRules: [{ header: { name: "x-preview", value: { exact: "yes" } } }] },
    ]);
  });

  it("is told what the proxy takes of a small task, and so is who calls it", async () => {
    const small: Given = { cpu: "0.25 vCPU", memory: "512 MB" };
    const text = (name: string) =>
      `FargateService "${name}": cpu: 256 CPU units, of which AWS recommends 256, and 64 MiB of the memory, for the proxy in each task (Service Connect); set cpu: 0.5 vCPU or more.`;
    assert.deepEqual(notes(await pair(small, small)), [text("api"), text("web")]);
    assert.deepEqual(notes(await pair(small, small, false)), [text("api")]);
    assert.deepEqual(notes(await pair()), []);
  });
});

describe("a service on a cluster that is there", () => {
  const ARN = "arn:aws:servicediscovery:eu-west-3:123456789012:namespace/ns-0123";
  const cluster = (args: Partial<ExistingClusterArgs>) =>
    Cluster.existing("apps", { network: plainNetwork(), clusterArn: "arn:aws:ecs:eu-west-3:123456789012:cluster/apps", ...args });

  it("has its name in the namespaces that the cluster is given", async () => {
    const made = await deploy(() => {
      const there = cluster({ namespaceArn: ARN, dnsNamespace: { id: "ns-4567", name: "shop.internal" } });
      const api = new FargateService("api", { cluster: there, image: IMAGE, connect: true, dns: true });
      new FargateService("web", { cluster: there, image: IMAGE }).calls(api);
    });
    assert.deepEqual([connectOf(made, "api")!.namespace, connectOf(made, "web")!.namespace], [ARN, ARN]);
    assert.equal((made.inputs("aws:servicediscovery/service:Service").dnsConfig as JsonObject).namespaceId, "ns-4567");
    assert.deepEqual(made.all("HttpNamespace"), []);
  });

  it("finds them in what another program shares of its cluster, once a service has made them", async () => {
    const made = await deploy(() => {
      const apps = makeCluster({ dnsNamespace: "shop.internal" });
      assert.ok(!("namespaceArn" in apps.shared));
      make(apps, "api", { connect: true });
      const there = Cluster.existing("there", { network: plainNetwork(), ...apps.shared });
      new FargateService("web", { cluster: there, image: IMAGE, connect: true, dns: true });
    });
    assert.equal(connectOf(made, "web")!.namespace, connectOf(made, "api")!.namespace);
    const { namespaceId } = made.inputs("aws:servicediscovery/service:Service").dnsConfig as JsonObject;
    assert.match(String(namespaceId), /^ns-/);
    assert.deepEqual(made.names("PrivateDnsNamespace"), ["apps"]);
  });

  it("is refused where none is known", async () => {
    const one = (args: Given) => refusal(() => new FargateService("api", { cluster: cluster({}), image: IMAGE, ...args }));
    assert.equal(
      await one({ connect: true }),
      'FargateService "api": connect: no namespace of its cluster is known; give the cluster namespaceArn, or set namespace (cluster.namespace) where it is made, or leave connect out.',
    );
    assert.equal(
      await one({ dns: true }),
      'FargateService "api": dns: no namespace in DNS of its cluster is known; give the cluster dnsNamespace, or set dnsNamespace (cluster.dnsNamespace) where it is made, or leave dns out.',
    );
  });
});

describe("a service in DNS", () => {
  const inDns = (args: Given = {}) => deploy(() => void make(makeCluster(), "api", { dns: true, ...args }));

  it("has an address for each task, under its name in the cluster's domain", async () => {
    const made = await inDns();
    const { name, dnsConfig, healthCheckCustomConfig, forceDestroy } = made.inputs("aws:servicediscovery/service:Service");
    assert.deepEqual([name, healthCheckCustomConfig, forceDestroy], ["api", { failureThreshold: 1 }, true]);
    const { namespaceId: _, ...records } = dnsConfig as JsonObject;
    assert.deepEqual(records, { dnsRecords: [{ type: "A", ttl: 10 }], routingPolicy: "MULTIVALUE" });
    assert.equal(made.inputs("PrivateDnsNamespace").name, "apps.test.shop.internal");
    const service = made.one(ECS_SERVICE);
    assert.deepEqual(made.sourcesOf(service, "serviceRegistries"), ["Service api"]);
    assert.ok(made.outlives(service).has(made.one("PrivateDnsNamespace")));
    assert.deepEqual([connectOf(made, "api"), made.all("HttpNamespace")], [undefined, []]);
  });

  it("may be called through proxies as well, by the same name", async () => {
    const made = await inDns({ connect: { name: "users" } });
    assert.equal(made.inputs("aws:servicediscovery/service:Service").name, "users");
    assert.equal(serviceOf(made, "api").discoveryName, "users");
  });
});

describe("a call", () => {
  it("opens the called service's port to the caller's group, and to nothing else", async () => {
    const made = await pair({ port: 9000 });
    const { securityGroupId, referencedSecurityGroupId, ...rule } = made.inputs("SecurityGroupIngressRule");
    assert.equal(made.one("SecurityGroupIngressRule").name, "web-to-api-9000");
    assert.deepEqual(rule, {
      ipProtocol: "tcp",
      fromPort: 9000,
      toPort: 9000,
      description: "Requests from service web",
      tags: { Project: "shop", Stack: "test" },
    });
    assert.ok(securityGroupId !== referencedSecurityGroupId);
    const one = made.one("SecurityGroupIngressRule");
    assert.deepEqual(
      [made.sourcesOf(one, "securityGroupId"), made.sourcesOf(one, "referencedSecurityGroupId")],
      [["SecurityGroup api"], ["SecurityGroup web"]],
    );
    assert.deepEqual(made.names("SecurityGroupEgressRule"), ["api-out", "web-out"]);
  });

  it("opens the caller's way out where not everything may go out", async () => {
    const made = await pair({}, { transform: { egress: { cidrIpv4: "10.0.0.0/16" } } });
    const out = made.one("SecurityGroupEgressRule", "web-to-api-8000");
    assert.deepEqual(
      [made.sourcesOf(out, "securityGroupId"), made.sourcesOf(out, "referencedSecurityGroupId")],
      [["SecurityGroup web"], ["SecurityGroup api"]],
    );
    assert.ok(waitsFor(made, "web").includes("SecurityGroupEgressRule web-to-api-8000"));
  });

  it("tells the caller where, and gives it a proxy in the same namespace", async () => {
    const made = await pair();
    assert.equal(variables(made, "web").API_URL, "http://api");
    const { services, namespace, enabled } = connectOf(made, "web")!;
    assert.deepEqual([services, enabled, namespace], [undefined, true, connectOf(made, "api")!.namespace]);
    assert.equal(variables(made, "api").API_URL, undefined);
  });

  it("waits for the called service, and for its rules", async () => {
    const made = await pair();
    for (const name of ["Service api", "SecurityGroupIngressRule web-to-api-8000"]) assert.ok(waitsFor(made, "web").includes(name), name);
    assert.ok(!waitsFor(made, "api").includes("Service web"));
    assert.ok(waitsFor(made, "api").includes("SecurityGroupIngressRule web-to-api-8000"), "its port may be another than before");
  });

  it("leaves a variable as the caller has it", async () => {
    const secret = "arn:aws:ssm:eu-west-3:123456789012:parameter/x";
    assert.equal(variables(await pair({}, { environment: { API_URL: "http://other" } }), "web").API_URL, "http://other");
    assert.equal(variables(await pair({}, { secrets: { API_URL: secret } }), "web").API_URL, undefined);
  });

  it("puts its variable among the others, by name", async () => {
    const made = await pair({}, { environment: { ZONE: "a", ACCESS: "b" } });
    assert.deepEqual(Object.keys(variables(made, "web")), ["ACCESS", "API_URL", "ZONE"]);
  });

  it("leaves sidecars alone", async () => {
    const made = await pair({}, { sidecars: { agent: { image: "agent:1" } } });
    assert.deepEqual(containers(made, "web").find(({ name }) => name === "agent")!.environment, []);
  });

  it("is one, however often it is said", async () => {
    const made = await deploy(() => {
      const cluster = makeCluster();
      const [web, api, users] = [
        make(cluster, "web"),
        make(cluster, "api", { connect: true }),
        make(cluster, "users-db", { connect: true }),
      ];
      web.calls(api, users);
      web.calls(api);
    });
    assert.deepEqual(made.names("SecurityGroupIngressRule"), ["web-to-api-8000", "web-to-users-db-8000"]);
    assert.equal(variables(made, "web").USERS_DB_URL, "http://users-db");
  });

  it("may go round in a circle: who was made later waits, and the other is told", async () => {
    const made = await deploy(() => {
      const cluster = makeCluster();
      const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => make(cluster, name, { connect: true }));
      a!.calls(b!);
      b!.calls(c!);
      c!.calls(a!);
      a!.calls(d!);
    });
    const waits = (name: string) => waitsFor(made, name).filter((each) => /^Service /.test(each));
    assert.deepEqual([waits("a"), waits("b"), waits("c"), waits("d")], [["Service d"], [], ["Service a"], []]);
    assert.deepEqual(notes(made), [
      'FargateService "a": calls: b calls it back, so a is deployed first, and does not find that name before its next deployment; after the first update change redeploy.',
      'FargateService "b": calls: c calls it back, so b is deployed first, and does not find that name before its next deployment; after the first update change redeploy.',
    ]);
  });

  it("goes to tasks in bridge mode on the ports that Docker chooses", async () => {
    const made = await deploy(() => {
      const cluster = bigCluster();
      const bridge = { cluster, image: IMAGE, networkMode: "bridge", cpu: 512, memory: 512, scaling: { min: 2, max: 2 } } as const;
      const api = new Ec2Service("api", { ...bridge, connect: true });
      const users = new Ec2Service("users", { ...bridge, connect: true });
      new Ec2Service("one", bridge).calls(api, users);
      new Ec2Service("two", bridge).calls(api);
    });
    const { fromPort, toPort } = made.inputs("SecurityGroupIngressRule");
    assert.deepEqual([made.names("SecurityGroupIngressRule"), fromPort, toPort], [["one-to-api-32768"], 32768, 65535]);
    for (const name of ["one", "two"]) assert.ok(waitsFor(made, name).includes("SecurityGroupIngressRule one-to-api-32768"), name);
  });

  it("changes nothing of services that neither call nor are called", async () => {
    const made = await deploy(() => void make(makeCluster(), "web"));
    assert.ok(!("serviceConnectConfiguration" in made.inputs(ECS_SERVICE)));
    assert.deepEqual(made.all("HttpNamespace"), []);
  });
});

describe("a way", () => {
  it("leads to a security group of the program's, before the first command and the service run", async () => {
    const made = await deploy(() => {
      const db = new aws.ec2.SecurityGroup("db", { vpcId: "vpc-1" });
      make(makeCluster(), "web", { preDeploy: ["migrate"] }).allowTo(db, 5432);
    });
    const rule = made.one("SecurityGroupIngressRule", "web-to-5432");
    assert.deepEqual(
      [made.sourcesOf(rule, "securityGroupId"), made.sourcesOf(rule, "referencedSecurityGroupId")],
      [["SecurityGroup db"], ["SecurityGroup web"]],
    );
    for (const needs of [made.one(ECS_SERVICE), made.one("Command", "web-pre-deploy")])
      assert.ok(needs.dependencies.includes(rule.urn), needs.name);
  });

  it("leads to groups by their ids, each once, two on one port", async () => {
    const made = await deploy(() => {
      const web = make(makeCluster(), "web");
      web.allowTo("sg-0123456789abcdef0", 5432);
      web.allowTo("sg-0123456789abcdef0", 5432);
      web.allowTo(pulumi.output("sg-0fedcba9876543210"), 5432);
      web.allowTo("sg-0123456789abcdef0", 6432);
    });
    const groups = made.all("SecurityGroupIngressRule").map(({ name, inputs }) => [name, inputs.securityGroupId]);
    assert.deepEqual(groups.sort(), [
      ["web-to-5432", "sg-0123456789abcdef0"],
      ["web-to-5432-2", "sg-0fedcba9876543210"],
      ["web-to-6432", "sg-0123456789abcdef0"],
    ]);
  });

  it("comes from a security group", async () => {
    const made = await deploy(() => make(makeCluster(), "web").allowFrom("sg-0123456789abcdef0", 9090));
    const { referencedSecurityGroupId, fromPort, description } = made.inputs("SecurityGroupIngressRule", "web-from-9090");
    assert.deepEqual([referencedSecurityGroupId, fromPort, description], ["sg-0123456789abcdef0", 9090, "Requests to service web"]);
    assert.deepEqual(made.sourcesOf(made.one("SecurityGroupIngressRule"), "securityGroupId"), ["SecurityGroup web"]);
    assert.ok(waitsFor(made, "web").includes("SecurityGroupIngressRule web-from-9090"));
  });

  it("is the same from both ends", async () => {
    const rules = async (open: (web: FargateService, api: FargateService) => void) => {
      const made = await deploy(() => {
        const cluster = makeCluster();
        open(make(cluster, "web"), make(cluster, "api"));
      });
      assert.ok(waitsFor(made, "web").includes("SecurityGroupIngressRule web-to-api-9090"));
      return made.all("SecurityGroupIngressRule").map(({ name, inputs }) => [name, inputs]);
    };
    assert.deepEqual(await rules((web, api) => web.allowTo(api, 9090)), await rules((web, api) => api.allowFrom(web, 9090)));
  });
});

describe("neighbors are refused", () => {
  const both = (say: (web: FargateService, api: FargateService) => unknown, api: Given = { connect: true }) =>
    refusal(() => {
      const cluster = makeCluster();
      return say(make(cluster, "web"), make(cluster, "api", api));
    });
  const one = (args: Given) => refusal(() => make(makeCluster(), "web", args));
  const LATE = "the service is on its way to AWS already; call this right after the services are made, with no await between.";

  it("for what a call cannot be", async () => {
    assert.equal(
      await both((web, api) => web.calls(api), {}),
      'FargateService "web": calls: api has no name in the namespace: give it connect: true.',
    );
    assert.equal(
      await both((_, api) => api.calls(api)),
      'FargateService "api": calls: a service does not call itself by its name; leave it out.',
    );
    assert.equal(
      await refusal(() =>
        make(makeCluster(), "web").calls(make(new Cluster("other", { network: plainNetwork() }), "api", { connect: true })),
      ),
      `FargateService "web": calls: api runs on another cluster, and its name is one of that cluster's namespace; put both on one cluster.`,
    );
  });

  it("when they come too late for this update", async () => {
    for (const [method, say] of [
      ["calls", (web, api) => web.calls(api)],
      ["allowTo", (web) => web.allowTo("sg-0123456789", 1)],
      ["allowFrom", (web) => web.allowFrom("sg-0123456789", 1)],
    ] as [string, (web: FargateService, api: FargateService) => void][]) {
      const message = await both(async (web, api) => {
        await Promise.resolve();
        await Promise.resolve();
        say(web, api);
      });
      assert.equal(message, `FargateService "web": ${method}: ${LATE}`);
    }
  });

  it("for groups and ports that there are not", async () => {
    assert.equal(
      await both((web) => web.allowTo("sg-x", 1)),
      'FargateService "web": allowTo.group: "sg-x" is not the id of a security group; write one like "sg-0123456789abcdef0".',
    );
    assert.equal(
      await both((web) => web.allowFrom("sg-0123456789", 70_000)),
      'FargateService "web": allowFrom.port: 70000 is out of range; allowed: 1 to 65535; the nearest is 65535.',
    );
  });

  it("for names that DNS has not, or has twice", async () => {
    assert.equal(
      await one({ connect: { name: "My_Api" } }),
      'FargateService "web": connect.name: "My_Api" cannot be a name in DNS; allowed: 1 to 63 small letters, digits and hyphens, no hyphen at an end; the nearest is "my-api".',
    );
    assert.equal(await both(() => undefined, { connect: { name: "web" } }).catch(() => "none"), "none");
    const message = await refusal(() => {
      const cluster = makeCluster();
      make(cluster, "web", { connect: { name: "api" } });
      make(cluster, "api", { dns: true });
    });
    assert.equal(
      message,
      'FargateService "api": dns: "api" is the name of the service web in this namespace already; give one of them another.',
    );
  });

  it("for what does not go with a name", async () => {
    assert.equal(
      await one({ connect: { protocol: "tcp", requestTimeout: 5 } }),
      'FargateService "web": connect.requestTimeout: tcp has no requests; leave it out, or set idleTimeout.',
    );
    assert.equal(
      await one({ connect: { protocol: "tcp" }, rollout: { strategy: "blueGreen", testHeader: { a: "b" } } }),
      'FargateService "web": rollout.testHeader: tcp has no headers; leave it out, or set connect.protocol: http.',
    );
    assert.equal(
      await one({ dns: true, connect: true, rollout: "canary" }),
      'FargateService "web": dns: canary runs a second set of tasks beside the first, and DNS sends requests to both from the start; use rolling, or connect.',
    );
    assert.equal(
      await one({ rollout: "canary" }),
      'FargateService "web": rollout: canary moves traffic between two sets of tasks, and this service has neither a route nor a name (connect); give it one, or use rolling.',
    );
    assert.equal(
      await one({ connect: true, rollout: { strategy: "canary", alarms: { errorPercent: 5 } } }),
      'FargateService "web": rollout.alarms: errorPercent and unhealthyTargets are measured by the load balancer, and this service has no route; use alarmNames.',
    );
  });

  it("for what bridge mode has not", async () => {
    const bridge = (args: Given, say: (api: Ec2Service, web: FargateService) => void = () => undefined) =>
      refusal(() => {
        const cluster = bigCluster();
        const api = new Ec2Service("api", {
          cluster,
          image: IMAGE,
          networkMode: "bridge",
          cpu: 512,
          memory: 512,
          scaling: { min: 2, max: 2 },
          ...args,
        });
        say(api, make(cluster, "web"));
      });
    assert.equal(
      await bridge({ dns: true }),
      'Ec2Service "api": dns: in bridge mode Docker chooses the ports on the instance, which an address in DNS does not say; use connect, or awsvpc.',
    );
    assert.equal(
      await bridge({}, (api) => api.allowFrom("sg-0123456789", 80)),
      'Ec2Service "api": allowFrom: in bridge mode Docker chooses the ports on the instance; use awsvpc.',
    );
    assert.equal(
      await bridge({}, (api, web) => web.allowTo(api, 80)),
      'FargateService "web": allowTo: api is in bridge mode, where Docker chooses the ports on the instance; use calls, or awsvpc.',
    );
  });

  it("for instances that run no proxy", async () => {
    const own = (args: Given, say: (web: Ec2Service, api: FargateService) => void = () => undefined) =>
      refusal(() => {
        const cluster = bigCluster(undefined, { ec2: { blue: { instanceTypes: ["m5.large"], max: 40, amiFamily: "bottlerocket" } } });
        const web = new Ec2Service("web", { cluster, image: IMAGE, desiredCount: 1, ...args });
        say(web, make(cluster, "api", { connect: true }));
      });
    const lacking = "Bottlerocket runs no proxy of Service Connect; set amiFamily: al2023 for the instances";
    assert.equal(await own({ connect: true }), `Ec2Service "web": connect: ${lacking}, or use dns.`);
    assert.equal(await own({}, (web, api) => web.calls(api)), `Ec2Service "web": calls: ${lacking}.`);
  });
});
