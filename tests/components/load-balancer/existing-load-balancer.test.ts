import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { Cluster } from "../../../components/cluster/cluster";
import type { ExistingLoadBalancerArgs } from "../../../components/load-balancer/existing-load-balancer";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import type { RouteArgs } from "../../../components/load-balancer/route";
import { FargateService } from "../../../components/service/fargate-service";
import type { JsonObject } from "../../../facts/graph";
import { ACCOUNT, type DeployOptions, deploy, REGION, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { IMAGE } from "../../helpers/variants";

const of = (kind: string, path: string) => `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${kind}/app/public/50dc6c495c0c9188${path}`;
const LISTENER = of("listener", "/f2f7dc8efc522ab2");
const BALANCER = of("loadbalancer", "");
const CERTIFICATE = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/1`;

type Given = Omit<ExistingLoadBalancerArgs, "network">;

/** What AWS knows of the listener in question, and of its load balancer. */
interface World {
  listener?: Partial<aws.lb.GetListenerResult> | undefined;
  balancer?: Partial<aws.lb.GetLoadBalancerResult>;
}
const asked: string[] = [];
async function inWorld<T>({ listener, balancer }: World, work: () => Promise<T>): Promise<T> {
  asked.length = 0;
  const answers = {
    getListener: async ({ arn = "" }) => {
      asked.push(arn);
      if (listener && !listener.protocol && Object.keys(listener).length > 0) throw new Error("listener not found");
      return { protocol: "HTTPS", port: 443, defaultActions: [{ type: "fixed-response" }], ...listener };
    },
    getLoadBalancer: async ({ arn = "" }) => {
      asked.push(arn);
      return { name: "public", vpcId: "vpc-1", dnsName: "public-1.elb", zoneId: "Z1", securityGroups: ["sg-balancer"], ...balancer };
    },
  };
  const before = Object.keys(answers).map((name) => [name, Object.getOwnPropertyDescriptor(aws.lb, name)!] as const);
  for (const [name, value] of Object.entries(answers)) Object.defineProperty(aws.lb, name, { value, configurable: true, enumerable: true });
  try {
    return await work();
  } finally {
    for (const [name, descriptor] of before) Object.defineProperty(aws.lb, name, descriptor);
  }
}

/** A service behind an existing load balancer. */
function serve(given: Given, route: RouteArgs = { path: "/*" }, more: object = {}) {
  const network = plainNetwork();
  const balancer = LoadBalancer.existing("public", { network, ...given });
  const cluster = new Cluster("apps", { network });
  const args = { cluster, image: IMAGE, route: balancer.route(route), scaling: { requests: 100 }, ...more };
  return new FargateService("web", args);
}
const served = (given: Given, route?: RouteArgs, more?: object, world: World = {}, options?: DeployOptions) =>
  inWorld(world, () => deploy(() => serve(given, route, more), options));
const refused = (given: Given, world: World = {}, options?: DeployOptions, more?: object) =>
  inWorld(world, () => refusal(() => serve(given, undefined, more), options));

describe("users who sign in at an existing load balancer", () => {
  const signIn = { issuer: "https://accounts.google.com", clientId: "shop", clientSecret: "x" };
  it("leave its security group alone, and say what that must let out", async () => {
    const made = await served({ listenerArn: LISTENER }, { path: "/*", signIn });
    assert.deepEqual(made.names("SecurityGroupEgressRule"), ["web-out", "web-requests-8000"]);
    const [note] = made.recording.messages.filter(({ text }) => text.includes("sign in")).map(({ text }) => text);
    assert.match(
      note!,
      /securityGroupId: users sign in by this load balancer, so its security group must let it connect to their identity provider on port 443\.$/,
    );
  });

  it("are refused where it speaks HTTP", async () => {
    const world = { listener: { protocol: "HTTP", port: 80 } };
    const message = await inWorld(world, () => refusal(() => serve({ listenerArn: LISTENER }, { path: "/*", signIn })));
    assert.match(message, /signIn: AWS signs users in at an HTTPS listener only/);
  });
});

describe("LoadBalancer.existing", () => {
  it("attaches what is a service's own: a listener rule, and security group rules at both ends", async () => {
    const made = await served({ listenerArn: LISTENER }, { path: "/api/*", priority: 7 });
    const { listenerArn, priority } = made.inputs("ListenerRule");
    assert.deepEqual([listenerArn, priority], [LISTENER, 7]);
    const group = made.inputs("SecurityGroupIngressRule").securityGroupId;
    assert.equal(made.inputs("SecurityGroupIngressRule").referencedSecurityGroupId, "sg-balancer");
    const { securityGroupId, referencedSecurityGroupId } = made.inputs("SecurityGroupEgressRule", "web-requests-8000");
    assert.deepEqual([securityGroupId, referencedSecurityGroupId], ["sg-balancer", group]);
    const policy = made.inputs("aws:appautoscaling/policy:Policy", "web-requests").targetTrackingScalingPolicyConfiguration;
    assert.match(JSON.stringify(policy), /"resourceLabel":"app\/public\/50dc6c495c0c9188\/targetgroup\/web-/);
    for (const type of ["aws:lb/loadBalancer:LoadBalancer", "aws:lb/listener:Listener", "Certificate", "Record", "ListenerCertificate"])
      assert.deepEqual(made.names(type), [], type);
  });

  it("is asked for once in each run, however many services it has", async () => {
    await inWorld({}, () =>
      deploy(() => {
        const network = plainNetwork();
        const balancer = LoadBalancer.existing("public", { network, listenerArn: LISTENER });
        const cluster = new Cluster("apps", { network });
        for (const path of ["/a/*", "/b/*", "/c/*"])
          new FargateService(path.slice(1, 2), { cluster, image: IMAGE, route: balancer.route({ path }) });
      }),
    );
    assert.deepEqual(asked.sort(), [LISTENER, LISTENER, BALANCER, BALANCER]);
  });

  it("gives a target group to another load balancer as a new one", async () => {
    const made = await served({ listenerArn: LISTENER });
    assert.equal(made.one("TargetGroup").options.replacementTrigger, BALANCER);
  });

  it("adds a certificate to the listener and leads the domain there, for which its routes then are", async () => {
    const made = await served({ listenerArn: LISTENER, domain: "shop.example.com" });
    assert.equal(made.inputs("ListenerCertificate").listenerArn, LISTENER);
    assert.deepEqual(made.sourcesOf(made.one("ListenerCertificate"), "certificateArn"), ["CertificateValidation public"]);
    assert.equal(made.inputs("Certificate").domainName, "shop.example.com");
    assert.deepEqual(made.inputs("Record", "public-alias-shop.example.com").aliases, [
      { name: "public-1.elb", zoneId: "Z1", evaluateTargetHealth: true },
    ]);
    assert.deepEqual((made.inputs("ListenerRule").conditions as JsonObject[])[0], { hostHeader: { values: ["shop.example.com"] } });
    assert.equal((await urlOf({ listenerArn: LISTENER, domain: "shop.example.com" })).url, "https://shop.example.com/api/");
  });

  it("takes a route's own host, and has all domains for hosts where it names none", async () => {
    const own = await served({ listenerArn: LISTENER, domain: "shop.example.com" }, { host: "*.example.com" });
    assert.deepEqual((own.inputs("ListenerRule").conditions as JsonObject[])[0], { hostHeader: { values: ["*.example.com"] } });
    const several = await served({ listenerArn: LISTENER, domain: ["a.example.com", "b.example.com"] }, { path: "/*" });
    assert.deepEqual((several.inputs("ListenerRule").conditions as JsonObject[])[0], {
      hostHeader: { values: ["a.example.com", "b.example.com"] },
    });
    assert.deepEqual(several.names("Record").length, 4);
  });

  it("wants a host of a route that more domains are meant for than one rule takes", async () => {
    const domain = ["a", "b", "c", "d", "e"].map((name) => `${name}.example.com`);
    const lb = () => LoadBalancer.existing("public", { network: plainNetwork(), listenerArn: LISTENER, domain });
    assert.equal(
      await refusal(() => lb().route({ path: "/api/*" })),
      'ExistingLoadBalancer "public": route.host: the stack\'s 5 domains are its hosts unless it names some: 6 values in one rule; allowed: 5, in all conditions together.',
    );
    await deploy(() => void lb().route({ path: "/api/*", host: "*.example.com" }));
  });

  it("attaches a certificate that is there", async () => {
    const made = await served({ listenerArn: LISTENER, certificateArn: CERTIFICATE });
    assert.deepEqual(made.inputs("ListenerCertificate"), { listenerArn: LISTENER, certificateArn: CERTIFICATE });
    assert.deepEqual([made.names("Certificate"), made.names("Record")], [[], []]);
  });

  const urlOf = async (given: Given, world: World = {}, options?: DeployOptions, route: RouteArgs = {}) => {
    const made = await inWorld(world, () =>
      deploy(() => ({ shared: { url: serve(given, { path: "/api/*", ...route }).url } }), { ...options, outputs: true }),
    );
    return made.recording.known.outputs.shared as { url: string };
  };
  const HTTP = { listener: { protocol: "HTTP", port: 80, defaultActions: [] } } as World;
  for (const [what, given, world, url] of [
    ["the base that is given", { baseUrl: "https://apps.example.com" }, {}, "https://apps.example.com/api/"],
    ["its own name by HTTPS", {}, {}, "https://public-1.elb/api/"],
    ["its own name by HTTP", {}, HTTP, "http://public-1.elb/api/"],
  ] as const)
    it(`answers at ${what}`, async () => assert.equal((await urlOf({ listenerArn: LISTENER, ...given }, world)).url, url));

  for (const [what, host, world, url] of [
    ["its route's host", "api.example.com", {}, "https://api.example.com/api/"],
    ["that by HTTP", "api.example.com", HTTP, "http://api.example.com/api/"],
    ["the first host that is one", ["*.example.com", "api-?.example.com", "api.example.com"], {}, "https://api.example.com/api/"],
    ["the load balancer's own name where its route has any host of a kind", "*.example.com", {}, "https://public-1.elb/api/"],
  ] as const)
    it(`answers at ${what}`, async () =>
      assert.equal((await urlOf({ listenerArn: LISTENER }, world, undefined, { host: [host].flat() })).url, url));

  it("takes a security group of its own choice", async () => {
    const made = await served({ listenerArn: LISTENER, securityGroupId: "sg-0a1b2c3d" });
    assert.equal(made.inputs("SecurityGroupIngressRule").referencedSecurityGroupId, "sg-0a1b2c3d");
  });

  it("takes all of it from what a stack of Berth exports", async () => {
    const stack = "organization/platform/prod";
    const platform = { platform: { listenerArn: LISTENER, baseUrl: "https://apps.example.com" } };
    const made = await served({ stack }, undefined, {}, {}, { platform });
    assert.equal(made.inputs("ListenerRule").listenerArn, LISTENER);
    assert.equal((await urlOf({ stack }, {}, { platform })).url, "https://apps.example.com/api/");
  });

  it("is planned offline, where nothing that is made up refuses anything", async () => {
    const made = await deploy(() =>
      serve({ listenerArn: LISTENER, domain: "shop.example.com" }, { path: "/*" }, { protocol: "grpc", scaling: {} }),
    );
    assert.match(String(made.inputs("SecurityGroupIngressRule").referencedSecurityGroupId), /^sg-0/);
    const unknown = await deploy(() => serve({ stack: "o/p/s" }));
    assert.equal(unknown.inputs("ListenerRule").listenerArn, "[unknown]");
  });

  it("exports what `existing` takes", async () => {
    const exported = async (make: () => { shared: object }) =>
      (await inWorld({}, () => deploy(make, { outputs: true }))).recording.known.outputs.shared as JsonObject;
    const network = plainNetwork();
    const own = await exported(() => new LoadBalancer("public", { network, domain: "apps.example.com", accessLogs: false }));
    assert.match(String(own.listenerArn), /:listener\/app\/public-/);
    assert.equal(own.baseUrl, "https://apps.example.com");
    const ids = { listenerArn: LISTENER, baseUrl: "https://apps.example.com", securityGroupId: "sg-0a1b2c3d" };
    assert.deepEqual(await exported(() => LoadBalancer.existing("public", { network, ...ids })), ids);
  });

  const mine = 'ExistingLoadBalancer "public": ';
  const like =
    'write one like "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2".';
  const wrong: [what: string, given: Given, world: World, message: string][] = [
    ["neither a listener nor a stack", {}, {}, `${mine}listenerArn: it is missing; give it, or a stack that exports it.`],
    [
      "both",
      { listenerArn: LISTENER, stack: "o/p/s" },
      {},
      `${mine}stack: stack and listenerArn are both given; the ids come from one of them.`,
    ],
    [
      "the ARN of a load balancer",
      { listenerArn: BALANCER },
      {},
      `${mine}listenerArn: "${BALANCER}" is not the ARN of an Application Load Balancer's listener; ${like}`,
    ],
    [
      "the listener of a Network Load Balancer",
      { listenerArn: LISTENER.replace("/app/", "/net/") },
      {},
      `${mine}listenerArn: "${LISTENER.replace("/app/", "/net/")}" is not the ARN of an Application Load Balancer's listener; ${like}`,
    ],
    [
      "a URL with a path",
      { listenerArn: LISTENER, baseUrl: "https://x.example.com/" },
      {},
      `${mine}baseUrl: "https://x.example.com/" is not the URL of a host; write one like "https://apps.example.com".`,
    ],
    [
      "a listener that AWS does not know",
      { listenerArn: LISTENER },
      { listener: { port: 1 } },
      `${mine}listenerArn: AWS finds no listener ${LISTENER}; give the ARN of one that is there (listener not found).`,
    ],
    [
      "a listener of another network",
      { listenerArn: LISTENER },
      { balancer: { vpcId: "vpc-2" } },
      `${mine}listenerArn: its load balancer public is in vpc-2, the tasks are in vpc-1; both must be in one network.`,
    ],
    [
      "a load balancer without a security group",
      { listenerArn: LISTENER },
      { balancer: { securityGroups: [] } },
      `${mine}securityGroupId: the load balancer public has no security group, so no rule can let its requests in; give it one.`,
    ],
    [
      "the HTTP listener beside the HTTPS one",
      { listenerArn: LISTENER },
      { listener: { protocol: "HTTP", port: 80, defaultActions: [{ type: "redirect" }] } as World["listener"] },
      `${mine}listenerArn: ${LISTENER} is the HTTP listener on port 80, which redirects all requests; give the HTTPS listener.`,
    ],
    [
      "a domain on an HTTP listener",
      { listenerArn: LISTENER, domain: "shop.example.com" },
      HTTP,
      `${mine}domain: the listener on port 80 speaks HTTP and takes no certificate; give the HTTPS listener, or leave it out.`,
    ],
    [
      "a certificate on an HTTP listener",
      { listenerArn: LISTENER, certificateArn: CERTIFICATE },
      HTTP,
      `${mine}certificateArn: the listener on port 80 speaks HTTP and takes no certificate; give the HTTPS listener, or leave it out.`,
    ],
  ];
  for (const [what, given, world, message] of wrong) it(`refuses ${what}`, async () => assert.equal(await refused(given, world), message));

  it("refuses gRPC behind an HTTP listener", async () => {
    assert.equal(
      await refused({ listenerArn: LISTENER }, HTTP, {}, { protocol: "grpc", scaling: {} }),
      'FargateService "web": protocol: a load balancer speaks grpc with tasks behind an HTTPS listener only; give the load balancer a domain or a certificateArn.',
    );
  });

  it("refuses a stack without the output", async () => {
    assert.equal(
      await refused({ stack: "o/platform/s" }, {}, { platform: { platform: { clusterArn: "x" } } }),
      `${mine}stack: o/platform/s has no output listenerArn; export it there, or give the ids here.`,
    );
  });
});
