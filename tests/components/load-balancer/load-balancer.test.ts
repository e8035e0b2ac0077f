import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components/load-balancer/load-balancer";
import type { RouteArgs } from "../../../components/load-balancer/route";
import { Network } from "../../../components/network/network";
import type { JsonObject } from "../../../facts/graph";
import { RESPONSE_HEADERS } from "../../../facts/listeners";
import { ACCOUNT, type Deployed, deploy, policyOf, REGION, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";

const TAGS = { Project: "shop", Stack: "test" };
const CERTIFICATE = "arn:aws:acm:eu-west-3:123456789012:certificate/mine";
const ALB = "aws:lb/loadBalancer:LoadBalancer";
const NOT_FOUND = [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", messageBody: "Not found\n", statusCode: "404" } }];
const TO_HTTPS = [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }];
type Args = Omit<LoadBalancerArgs, "network">;

let url: string;
const deployOne = (args: Args, partition?: string) =>
  deploy(() => {
    const balancer = new LoadBalancer("public", { network: plainNetwork(partition), ...args });
    balancer.url.apply((value) => {
      url = value;
    });
  });

/** Who may come in, and where. */
const doors = (made: Deployed) =>
  made.all("SecurityGroupIngressRule").map(({ inputs }) => [inputs.ipProtocol, inputs.fromPort, inputs.toPort, inputs.cidrIpv4]);

/** What each listener does with what no route takes. */
const listeners = (made: Deployed) =>
  made.all("Listener").map(({ name, inputs }) => [name, inputs.protocol, inputs.port, inputs.defaultActions]);

describe("a load balancer in a network with private endpoints", () => {
  it("waits for the ways from the internet, and not for the minute that the endpoints of tasks take", async () => {
    const made = await deploy(() => {
      const network = new Network("net", { endpoints: "private", nat: "single" });
      new LoadBalancer("public", { network, accessLogs: false });
    });
    const outlived = [...made.outlives(made.one(ALB))].map(({ type }) => type.split(":").pop());
    for (const type of ["InternetGateway", "Route", "Subnet"]) assert.ok(outlived.includes(type), type);
    assert.ok(!outlived.includes("VpcEndpoint"));
  });
});

describe("LoadBalancer without a domain", () => {
  let made: Deployed;
  before(async () => {
    made = await deployOne({ accessLogs: false });
  });

  it("is public, drops malformed headers and is protected", () => {
    const { securityGroups: _, ...inputs } = made.inputs(ALB);
    assert.deepEqual(inputs, {
      loadBalancerType: "application",
      internal: false,
      subnets: ["subnet-public-a", "subnet-public-b"],
      dropInvalidHeaderFields: true,
      accessLogs: { enabled: false, bucket: "" },
      desyncMitigationMode: "defensive",
      idleTimeout: 60,
      enableDeletionProtection: true,
      tags: TAGS,
    });
    assert.deepEqual(made.sourcesOf(made.one(ALB), "securityGroups"), ["SecurityGroup public"]);
  });

  it("lets the world in on 80 alone, and nothing out by itself", () => {
    assert.deepEqual(doors(made), [["tcp", 80, 80, "0.0.0.0/0"]]);
    assert.deepEqual(made.names("SecurityGroupEgressRule"), []);
    assert.deepEqual(made.inputs("SecurityGroup"), {
      vpcId: "vpc-1",
      description: "Load balancer public: HTTP and HTTPS from its users",
      tags: TAGS,
    });
  });

  it("answers 404 by HTTP, and says that it is no HTTPS", () => {
    assert.deepEqual(listeners(made), [["public-http", "HTTP", 80, NOT_FOUND]]);
    assert.deepEqual(
      made.recording.messages.map(({ severity, text }) => [
        severity,
        text.includes("serves plain HTTP: neither domain nor certificateArn is set"),
      ]),
      [["warning", true]],
    );
  });

  it("is reached by its own name", () => assert.match(url, /^http:\/\/public-[0-9a-f]{7}-\d+\.eu-west-3\.elb\.amazonaws\.com$/));

  it("makes no certificate, record or bucket", () => {
    for (const type of ["Certificate", "Record", "Bucket", "LogBucket"]) assert.deepEqual(made.all(type), []);
  });
});

describe("LoadBalancer with a domain", () => {
  let made: Deployed;
  before(async () => {
    made = await deployOne({ domain: "app.example.com", requireHttps: true, tags: { team: "red" } });
    assert.equal(url, "https://app.example.com");
  });

  it("serves HTTPS by a recommended TLS policy and redirects from HTTP", () => {
    assert.deepEqual(listeners(made), [
      ["public-http", "HTTP", 80, TO_HTTPS],
      ["public-https", "HTTPS", 443, NOT_FOUND],
    ]);
    assert.equal(made.inputs("Listener", "public-https").sslPolicy, "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");
    assert.deepEqual(doors(made), [
      ["tcp", 80, 80, "0.0.0.0/0"],
      ["tcp", 443, 443, "0.0.0.0/0"],
    ]);
    assert.deepEqual(made.recording.messages, []);
  });

  it("waits for the certificate to be issued, by a record in the domain's zone", () => {
    assert.deepEqual(made.inputs("Certificate"), {
      domainName: "app.example.com",
      validationMethod: "DNS",
      tags: { ...TAGS, team: "red" },
    });
    const record = made.one("Record", "public-validation-app.example.com");
    assert.match(String(record.inputs.name), /^_[0-9a-f]{32}\.app\.example\.com\.$/);
    assert.deepEqual([record.inputs.type, record.inputs.ttl, record.inputs.allowOverwrite], ["CNAME", 60, true]);
    assert.deepEqual(made.sourcesOf(record, "records"), ["Certificate public"]);
    assert.deepEqual(made.sourcesOf(made.one("CertificateValidation"), "validationRecordFqdns"), [
      "Record public-validation-app.example.com",
    ]);
    assert.deepEqual(made.sourcesOf(made.one("Listener", "public-https"), "certificateArn"), ["CertificateValidation public"]);
  });

  it("has an alias record that follows the load balancer's health", () => {
    const { zoneId, aliases, ...inputs } = made.inputs("Record", "public-alias-app.example.com");
    assert.deepEqual(inputs, { name: "app.example.com", type: "A" });
    assert.equal(zoneId, made.inputs("Record", "public-validation-app.example.com").zoneId);
    const [alias] = aliases as { name: string; zoneId: string; evaluateTargetHealth: boolean }[];
    assert.match(alias!.name, /^public-.*\.elb\.amazonaws\.com$/);
    assert.match(alias!.zoneId, /^Z/);
    assert.equal(alias!.evaluateTargetHealth, true);
    assert.deepEqual(made.sourcesOf(made.one("Record", "public-alias-app.example.com"), "aliases"), ["LoadBalancer public"]);
  });

  it("looks for the zone once, in the domain's parent", () => {
    const zones = made.recording.known.invokes.filter(({ token }) => token.endsWith(":getZone"));
    assert.deepEqual(zones, [{ token: "aws:route53/getZone:getZone", args: { name: "example.com" } }]);
  });
});

describe("what browsers are told of later visits", () => {
  const HEADER = "routingHttpResponseStrictTransportSecurityHeaderValue";
  it("is a header of the HTTPS listener, and of no other", async () => {
    const made = await deployOne({ domain: "app.example.com", strictTransportSecurity: "max-age=31536000; includeSubDomains" });
    assert.equal(made.inputs("Listener", "public-https")[HEADER], "max-age=31536000; includeSubDomains");
    assert.ok(!(HEADER in made.inputs("Listener", "public-http")));
    const silent = await deployOne({ domain: "app.example.com" });
    assert.ok(!(HEADER in silent.inputs("Listener", "public-https")));
    assert.equal(
      (await deployOne({ certificateArn: CERTIFICATE, strictTransportSecurity: "max-age=0" })).inputs("Listener", "public-https")[HEADER],
      "max-age=0",
    );
  });

  it("is refused where browsers would not believe it, or not understand it", async () => {
    const refused = (args: Args) => refusal(() => new LoadBalancer("public", { network: plainNetwork(), accessLogs: false, ...args }));
    assert.match(
      await refused({ strictTransportSecurity: "max-age=1" }),
      /strictTransportSecurity: browsers believe it by HTTPS only; give the load balancer a domain or a certificateArn, or leave it out\.$/,
    );
    assert.match(
      await refused({ domain: "app.example.com", strictTransportSecurity: "31536000" }),
      /strictTransportSecurity: "31536000" is not a policy of HSTS; write one like "max-age=31536000; includeSubDomains"/,
    );
  });
});

describe("headers of every answer", () => {
  const GIVEN = { "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'self'" };
  const headersIn = (inputs: JsonObject) => Object.fromEntries(Object.entries(inputs).filter(([key]) => key.startsWith("routingHttp")));

  it("are those of the listener that answers", async () => {
    const secure = await deployOne({ domain: "app.example.com", responseHeaders: GIVEN });
    const expected = {
      routingHttpResponseXFrameOptionsHeaderValue: "DENY",
      routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
      routingHttpResponseContentSecurityPolicyHeaderValue: "default-src 'self'",
    };
    assert.deepEqual(headersIn(secure.inputs("Listener", "public-https")), expected);
    assert.deepEqual(headersIn(secure.inputs("Listener", "public-http")), {});
    assert.deepEqual(headersIn((await deployOne({ responseHeaders: GIVEN })).inputs("Listener", "public-http")), expected);
    assert.deepEqual(headersIn((await deployOne({})).inputs("Listener", "public-http")), {});
  });

  it("are properties that the provider's listener has", () => {
    const declared = readFileSync(require.resolve("@pulumi/aws/lb/listener").replace(/js$/, "d.ts"), "utf8");
    for (const property of Object.values(RESPONSE_HEADERS)) assert.ok(declared.includes(`${property}?: pulumi.Input<string`), property);
    const all = [...new Set(declared.match(/routingHttpResponse\w+HeaderValue/g))];
    assert.equal(all.length, Object.keys(RESPONSE_HEADERS).length + 1, "all that there are, and strictTransportSecurity");
  });

  const REFUSED: [given: Record<string, string>, says: RegExp][] = [
    [
      { "x-frame-options": "DENY" },
      /responseHeaders: "x-frame-options" is not a header that .* adds; allowed: .*; did you mean "X-Frame-Options"\?$/,
    ],
    [{ "Cache-Control": "no-store" }, /responseHeaders: "Cache-Control" is not .*; let the app send it\.$/],
    [{ "Strict-Transport-Security": "max-age=1" }, /: "Strict-Transport-Security" has an argument of its own: strictTransportSecurity\.$/],
    [{ "X-Frame-Options": "deny" }, /X-Frame-Options: "deny" is not a valid value; allowed: DENY, SAMEORIGIN, ALLOW-FROM and a URL\.$/],
    [{ "X-Content-Type-Options": "sniff" }, /"sniff" is not a valid value; allowed: nosniff\.$/],
    [{ "Access-Control-Allow-Credentials": "false" }, /"false" is not a valid value; allowed: true\.$/],
    [{ "Access-Control-Max-Age": "a day" }, /"a day" is not a valid value; allowed: a number of seconds, or -1 for none\.$/],
    [{ "Content-Security-Policy": "ü" }, /"ü" is not possible; allowed: 1 to 1024 letters/],
    [{ "Content-Security-Policy": "a".repeat(1025) }, /is not possible; allowed: 1 to 1024 letters/],
  ];
  for (const [given, says] of REFUSED)
    it(`are not ${JSON.stringify(given).slice(0, 60)}`, async () => {
      const make = () => new LoadBalancer("public", { network: plainNetwork(), accessLogs: false, responseHeaders: given });
      assert.match(await refusal(make), says);
    });

  it("may be as long as AWS takes", async () => {
    const made = await deployOne({ responseHeaders: { "Content-Security-Policy": "a".repeat(1024), "Access-Control-Max-Age": "-1" } });
    assert.equal(Object.keys(headersIn(made.inputs("Listener", "public-http"))).length, 2);
  });
});

describe("LoadBalancer with several domains", () => {
  const DOMAINS = ["example.com", "www.example.com", "shop.example.org"];
  let made: Deployed;
  before(async () => {
    made = await deployOne({ domain: DOMAINS, accessLogs: false });
  });

  it("is reached by the first", () => assert.equal(url, "https://example.com"));

  it("has one certificate for all", () => {
    const { domainName, subjectAlternativeNames } = made.inputs("Certificate");
    assert.deepEqual([domainName, subjectAlternativeNames], ["example.com", ["www.example.com", "shop.example.org"]]);
  });

  it("proves each by a record of its own", () => {
    const names = DOMAINS.map((domain) => String(made.inputs("Record", `public-validation-${domain}`).name));
    for (const [i, name] of names.entries()) assert.ok(name.endsWith(`.${DOMAINS[i]}.`) && name.startsWith("_"), name);
    assert.deepEqual(
      made.sourcesOf(made.one("CertificateValidation"), "validationRecordFqdns").sort(),
      DOMAINS.map((domain) => `Record public-validation-${domain}`).sort(),
    );
  });

  it("leads each here, by a record that no other domain touches", () => {
    const records = DOMAINS.map((domain) => made.one("Record", `public-alias-${domain}`));
    assert.deepEqual(
      records.map(({ inputs }) => inputs.name),
      DOMAINS,
    );
    const former = (name: string) => made.one("Record", name).options.aliases.map((urn) => urn.split("::").pop());
    assert.deepEqual(former("public-alias-example.com"), ["public-alias"], "the one of an earlier version, which had one domain");
    assert.deepEqual(former("public-alias-www.example.com"), []);
    assert.deepEqual(former("public-validation-example.com"), ["public-validation"]);
  });

  it("looks for each zone once", () => {
    const zones = made.recording.known.invokes.filter(({ token }) => token.endsWith(":getZone")).map(({ args }) => args.name);
    assert.deepEqual(zones.sort(), ["example.com", "example.org"]);
  });
});

describe("LoadBalancer with a certificate of the user's", () => {
  it("makes none, and still leads the domain here", async () => {
    const made = await deployOne({
      certificateArn: CERTIFICATE,
      domain: "app.example.com",
      hostedZone: "app.example.com",
      accessLogs: false,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
      idleTimeout: 300,
      deletionProtection: false,
    });
    assert.deepEqual(made.all("Certificate"), []);
    assert.deepEqual(made.names("Record"), ["public-alias-app.example.com"]);
    const { certificateArn, sslPolicy } = made.inputs("Listener", "public-https");
    assert.deepEqual([certificateArn, sslPolicy], [CERTIFICATE, "ELBSecurityPolicy-TLS13-1-3-2021-06"]);
    const { idleTimeout, enableDeletionProtection } = made.inputs(ALB);
    assert.deepEqual([idleTimeout, enableDeletionProtection], [300, false]);
    assert.deepEqual(made.recording.known.invokes, [{ token: "aws:route53/getZone:getZone", args: { name: "app.example.com" } }]);
  });

  it("needs no domain", async () => {
    const made = await deployOne({ certificateArn: CERTIFICATE, accessLogs: false });
    assert.match(url, /^https:\/\/public-.*\.elb\.amazonaws\.com$/);
    assert.deepEqual([made.names("Record"), made.recording.messages, made.recording.known.invokes], [[], [], []]);
  });
});

it("takes as many ranges as a security group has room for", async () => {
  const blocks = (length: number) => Array.from({ length }, (_, n) => `10.${n}.0.0/16`);
  assert.equal(doors(await deployOne({ allowedCidrBlocks: blocks(60), accessLogs: false })).length, 60);
  assert.equal(doors(await deployOne({ certificateArn: CERTIFICATE, allowedCidrBlocks: blocks(30), accessLogs: false })).length, 60);
});

describe("LoadBalancer inside", () => {
  it("stands in private subnets and admits the ranges that are named", async () => {
    const made = await deployOne({ internal: true, allowedCidrBlocks: ["10.0.0.0/16", "10.9.0.0/16"], accessLogs: false });
    const { internal, subnets } = made.inputs(ALB);
    assert.deepEqual([internal, subnets], [true, ["subnet-private-a", "subnet-private-b"]]);
    assert.deepEqual(doors(made), [
      ["tcp", 80, 80, "10.0.0.0/16"],
      ["tcp", 80, 80, "10.9.0.0/16"],
    ]);
  });
});

describe("access logs", () => {
  let made: Deployed;
  before(async () => {
    made = await deployOne({ domain: "app.example.com" }, "aws-cn");
  });

  it("go to a bucket, once the load balancer may write there", () => {
    const balancer = made.one(ALB);
    const { enabled, bucket } = balancer.inputs.accessLogs as { enabled: boolean; bucket: string };
    assert.equal(enabled, true);
    assert.match(bucket, /^public-logs-[0-9a-f]{7}$/);
    assert.ok(balancer.dependencies.includes(made.one("BucketPolicy").urn));
    assert.ok(made.one("BucketPolicy").dependencies.includes(made.one("BucketPublicAccessBlock").urn));
    assert.equal(made.one("LogBucket").parent, made.one("berth:index:LoadBalancer").urn);
  });

  it("may be written by load balancers of this account and region alone, and read by nobody without TLS", () => {
    const bucket = made.inputs("BucketPolicy").bucket;
    assert.deepEqual(policyOf(made.one("BucketPolicy")), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "LoadBalancersAddLogs",
          Effect: "Allow",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `arn:aws:s3:::${bucket}/AWSLogs/${ACCOUNT}/*`,
          Condition: { ArnLike: { "aws:SourceArn": `arn:aws-cn:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/*` } },
        },
        {
          Sid: "OnlyWithTls",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("are private, encrypted by S3's own key, without ACLs, and gone after 90 days", () => {
    const inputs = (type: string) => {
      const { bucket, ...others } = made.inputs(type, "public-logs");
      assert.match(String(bucket), /^public-logs-/);
      return others;
    };
    assert.deepEqual(made.inputs("Bucket"), { forceDestroy: false, tags: TAGS });
    assert.deepEqual(inputs("BucketPublicAccessBlock"), {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(inputs("BucketOwnershipControls"), { rule: { objectOwnership: "BucketOwnerEnforced" } });
    assert.deepEqual(inputs("BucketServerSideEncryptionConfiguration"), {
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    assert.deepEqual(inputs("BucketLifecycleConfiguration"), {
      rules: [
        {
          id: "expire",
          status: "Enabled",
          filter: { prefix: "" },
          expiration: { days: 90 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    });
  });

  it("are kept as long as said and destroyed where that is allowed", async () => {
    const other = await deployOne({ accessLogs: 30, forceDestroyLogs: true });
    const [rule] = other.inputs("BucketLifecycleConfiguration").rules as { expiration: unknown }[];
    assert.deepEqual([rule!.expiration, other.inputs("Bucket").forceDestroy], [{ days: 30 }, true]);
  });
});

describe("a load balancer that AWS would refuse", () => {
  const refused: [args: Args, message: string][] = [
    [
      { requireHttps: true },
      'LoadBalancer "public": domain: HTTPS is required here (requireHttps), but neither domain nor certificateArn is given; set the host name to serve, such as "app.example.com".',
    ],
    [
      { domain: "app.example.com", allowedCidrBlocks: Array.from({ length: 31 }, (_, n) => `10.${n}.0.0/16`) },
      'LoadBalancer "public": allowedCidrBlocks: 31 ranges are 62 rules of one security group; allowed: 60, which is 30 ranges; join neighboring ranges, or name a managed prefix list in allowedPrefixLists.',
    ],
    [
      { allowedCidrBlocks: Array.from({ length: 61 }, (_, n) => `10.${n}.0.0/16`) },
      'LoadBalancer "public": allowedCidrBlocks: 61 ranges are 61 rules of one security group; allowed: 60, which is 60 ranges; join neighboring ranges, or name a managed prefix list in allowedPrefixLists.',
    ],
    [{ domain: [] }, 'LoadBalancer "public": domain: the list is empty; name at least one.'],
    [
      { domain: ["a.example.com", "b.example.com", "a.example.com"] },
      'LoadBalancer "public": domain: "a.example.com" is named twice; name each domain once.',
    ],
    [
      { domain: Array.from({ length: 11 }, (_, i) => `d${i}.example.com`) },
      'LoadBalancer "public": domain: 11 names for one certificate; AWS takes 10 (a quota that can be raised): give the others a certificate of their own under domains, or certificateArn.',
    ],
    [
      { domain: ["a.example.com", "nowhere"] },
      'LoadBalancer "public": domain[1]: "nowhere" is not a domain name; write one like "app.example.com".',
    ],
    [
      { domain: "https://app.example.com" },
      'LoadBalancer "public": domain: "https://app.example.com" is not a bare domain name; write "app.example.com".',
    ],
  ];
  for (const [args, message] of refused) it(JSON.stringify(args), async () => assert.equal(await refusal(() => deployRaw(args)), message));
});

const deployRaw = (args: Args) => new LoadBalancer("public", { network: plainNetwork(), ...args });

describe("a certificate that stands", () => {
  const told = (own: { region?: string; accountId?: string }) => {
    const network = plainNetwork();
    return { ...network, location: { ...network.location, told: pulumi.output(own) } };
  };
  const make = (own: Parameters<typeof told>[0]) => () =>
    new LoadBalancer("public", { network: told(own), certificateArn: CERTIFICATE, accessLogs: false });

  it("is one of the load balancer's own region and account", async () => {
    assert.equal(
      await refusal(make({ region: "us-east-1" })),
      `LoadBalancer "public": certificateArn: ${CERTIFICATE} is in eu-west-3; allowed: us-east-1, where the stack is.`,
    );
    assert.equal(
      await refusal(make({ accountId: "444455556666" })),
      `LoadBalancer "public": certificateArn: ${CERTIFICATE} belongs to account 123456789012; allowed: 444455556666, which the stack is deployed to.`,
    );
    await deploy(make({ region: "eu-west-3", accountId: "123456789012" }));
  });

  it("may be of any account as far as a plan knows, and of no other region than the stack's", async () => {
    const args = (arn: string) => () =>
      new LoadBalancer("public", { network: new Network("net", { flowLogs: false }), certificateArn: arn, accessLogs: false });
    await deploy(args("arn:aws:acm:eu-west-3:444455556666:certificate/mine"));
    assert.match(
      await refusal(args("arn:aws:acm:us-east-1:444455556666:certificate/mine")),
      /is in us-east-1; allowed: eu-west-3, where the stack is\.$/,
    );
  });
});

describe("a route", () => {
  const route = (...routes: RouteArgs[]) => {
    const balancer = deployRaw({ accessLogs: false });
    return routes.map((args) => balancer.route(args));
  };

  it("has its conditions, its load balancer and a priority of its own", async () => {
    await deploy(() => {
      const [all, api, fixed] = route(
        { path: "/*" },
        { path: "/api/*", host: "a.example.com" },
        { headers: { "x-beta": "yes" }, priority: 7 },
      );
      assert.deepEqual([all!.conditions, api!.conditions], [{ path: "/*" }, { path: "/api/*", host: "a.example.com" }]);
      assert.ok(api!.priority("api") < all!.priority("web"));
      assert.equal(fixed!.priority("beta"), 7);
      assert.equal(all!.loadBalancer, api!.loadBalancer);
    });
  });

  const refused: [args: RouteArgs, message: string][] = [
    [
      { host: "a/b.example.com" },
      'LoadBalancer "public": route.host: "a/b.example.com" is not a host pattern; write one like "*.example.com".',
    ],
    [{ host: "*" }, 'LoadBalancer "public": route.host: "*" is any host; leave it out.'],
    [
      { host: "localhost" },
      'LoadBalancer "public": route.host: "localhost" does not end with a dot and letters, as in "*.example.com"; AWS takes no other host.',
    ],
    [{ headers: { Host: "a" } }, 'LoadBalancer "public": route.headers: "Host" is matched by host; give it there.'],
    [{ host: "*.*.*.a.com", path: "/*/*/*/*" }, 'LoadBalancer "public": route.host: 7 wildcards in one rule; allowed: 6.'],
    [{ host: [] }, 'LoadBalancer "public": route.host: the list is empty; name at least one.'],
    [{ path: ["/a/*", "b"] }, 'LoadBalancer "public": route.path[1]: "b" is not a path pattern; write one like "/api/*".'],
    [
      { methods: ["get"] },
      'LoadBalancer "public": route.methods[0]: "get" is not a method; allowed: 1 to 40 capital letters, "-" and "_"; the nearest is "GET".',
    ],
    [
      { sourceRanges: ["10.0.0.1/8"] },
      'LoadBalancer "public": route.sourceRanges[0]: 10.0.0.1/8 does not start at a /8 boundary; the nearest is "10.0.0.0/8".',
    ],
    [
      { query: { v: ["1", "2", "3", "4", "5", "6"] } },
      'LoadBalancer "public": route.query: 6 values in one rule; allowed: 5, in all conditions together.',
    ],
    [
      { path: "/*", rewrite: "/" },
      'LoadBalancer "public": route.rewrite: there is nothing before the "*" to take away; leave rewrite out.',
    ],
    [
      { path: "/a", rewrite: "/" },
      'LoadBalancer "public": route.rewrite: the path ends without "*", so nothing of it would be left; write it as "/a/*".',
    ],
    [
      { path: ["/a/*", "/*/b/*"], rewrite: "/" },
      'LoadBalancer "public": route.rewrite: "/*/b/*" has a wildcard before its end, so no part of it can be replaced; leave rewrite out, or write a path like "/api/*".',
    ],
    [{ path: "/a/*", rewrite: "api" }, 'LoadBalancer "public": route.rewrite: "api" is not a path; write one like "/".'],
    [{ path: "api/*" }, 'LoadBalancer "public": route.path: "api/*" is not a path pattern; write one like "/api/*".'],
    [
      { path: "/*", host: "a.example.com", headers: { x: ["1", "2", "3", "4"] } },
      'LoadBalancer "public": route.headers: 6 values in one rule; allowed: 5, in all conditions together.',
    ],
    [{ path: "/*", priority: 0 }, 'LoadBalancer "public": route.priority: 0 is out of range; allowed: 1 to 50000; the nearest is 1.'],
  ];
  for (const [args, message] of refused)
    it(`refuses ${JSON.stringify(args)}`, async () => assert.equal(await refusal(() => route(args)), message));

  it("refuses a second one that takes the same", async () => {
    assert.match(
      await refusal(() => route({ path: "/*" }, {})),
      /^LoadBalancer "public": route\.path: two routes of this load balancer take \/\*; /,
    );
  });
});
