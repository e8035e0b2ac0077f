import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components/load-balancer/load-balancer";
import { NetworkLoadBalancer } from "../../../components/load-balancer/network-load-balancer";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";

const CERTIFICATE = "arn:aws:acm:eu-west-3:123456789012:certificate/mine";
const LISTENER = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:listener/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2";
type Args = Omit<LoadBalancerArgs, "network">;

const make = (args: Args) => new LoadBalancer("public", { network: plainNetwork(), accessLogs: false, ...args });
const made = (args: Args) => deploy(() => make(args));
const zonesOf = (deployed: Deployed) => deployed.recording.known.invokes.map(({ args }) => args.name).sort();

describe("a wildcard and the name that it is below", () => {
  let deployed: Deployed;
  before(async () => {
    deployed = await made({ domain: ["example.com", "*.example.com"] });
  });

  it("share a certificate, and the record that proves them", () => {
    const { domainName, subjectAlternativeNames } = deployed.inputs("Certificate");
    assert.deepEqual([domainName, subjectAlternativeNames], ["example.com", ["*.example.com"]]);
    assert.deepEqual(
      deployed.names("Record").filter((name) => name.includes("validation")),
      ["public-validation-example.com"],
    );
    const [fqdn, ...more] = deployed.inputs("CertificateValidation").validationRecordFqdns as string[];
    assert.deepEqual([fqdn, more], [String(deployed.inputs("Record", "public-validation-example.com").name).replace(/\.$/, ""), []]);
  });

  it("both lead here", () => {
    assert.equal(deployed.inputs("Record", "public-alias-example.com").name, "example.com");
    assert.equal(deployed.inputs("Record", "public-alias-_wildcard.example.com").name, "*.example.com");
    assert.deepEqual(zonesOf(deployed), ["example.com"]);
  });
});

describe("redirectFrom", () => {
  it("sends names of the certificate to the first domain", async () => {
    const deployed = await made({ domain: "example.com", redirectFrom: "www.example.com" });
    assert.deepEqual(deployed.inputs("Certificate").subjectAlternativeNames, ["www.example.com"]);
    const rule = deployed.inputs("ListenerRule", "public-redirect-www.example.com");
    assert.deepEqual(rule.conditions, [{ hostHeader: { values: ["www.example.com"] } }]);
    const redirect = { protocol: "HTTPS", port: "443", host: "example.com", statusCode: "HTTP_301" };
    assert.deepEqual(rule.actions, [{ type: "redirect", redirect }]);
    assert.equal(deployed.inputs("Record", "public-alias-www.example.com").name, "www.example.com");
    assert.deepEqual(zonesOf(deployed), ["example.com"]);
  });

  it("looks for what is below the domain where the domain is", async () => {
    assert.deepEqual(zonesOf(await made({ domain: "shop.example.com", redirectFrom: ["www.shop.example.com"] })), ["example.com"]);
    assert.deepEqual(zonesOf(await made({ domain: "shop.example.com", redirectFrom: ["www.example.org"] })), [
      "example.com",
      "example.org",
    ]);
  });

  it("is no host of a load balancer of another stack", async () => {
    const names = { domain: "example.com", redirectFrom: "www.example.com", domains: { shop: "shop.example.org" } };
    const deployed = await deploy(() => {
      const lb = LoadBalancer.existing("public", { network: plainNetwork(), listenerArn: LISTENER, ...names });
      lb.respond("old", { path: "/old", status: 410 });
    });
    const [hosts] = deployed.inputs("ListenerRule", "public-response-old").conditions as { hostHeader: { values: string[] } }[];
    assert.deepEqual(hosts?.hostHeader.values, ["example.com", "shop.example.org"]);
    assert.deepEqual(deployed.names("ListenerCertificate"), ["public", "public-shop"]);
  });
});

describe("further domains", () => {
  let deployed: Deployed;
  before(async () => {
    deployed = await made({
      domain: "example.com",
      domains: {
        shop: "shop.example.org",
        tenants: { domain: ["example.net", "*.example.com"], redirectFrom: "www.example.net" },
        partner: { certificateArn: CERTIFICATE },
      },
    });
  });

  it("have certificates of their own, and leave the first one as it is", () => {
    assert.deepEqual(deployed.names("Certificate"), ["public", "public-shop", "public-tenants"]);
    assert.equal(deployed.inputs("Certificate", "public").subjectAlternativeNames, undefined);
    assert.deepEqual(deployed.inputs("Certificate", "public-tenants").subjectAlternativeNames, ["*.example.com", "www.example.net"]);
    assert.deepEqual(deployed.sourcesOf(deployed.one("Listener", "public-https"), "certificateArn"), ["CertificateValidation public"]);
  });

  it("are at the listener, once they are issued", () => {
    assert.deepEqual(deployed.names("ListenerCertificate"), ["public-partner", "public-shop", "public-tenants"]);
    for (const name of ["shop", "tenants"])
      assert.deepEqual(deployed.sourcesOf(deployed.one("ListenerCertificate", `public-${name}`), "certificateArn"), [
        `CertificateValidation public-${name}`,
      ]);
    assert.equal(deployed.inputs("ListenerCertificate", "public-partner").certificateArn, CERTIFICATE);
  });

  it("lead here once their certificate is at the listener", () => {
    for (const name of ["example.net", "_wildcard.example.com", "www.example.net"])
      assert.ok(
        deployed.outlives(deployed.one("Record", `public-alias-${name}`)).has(deployed.one("ListenerCertificate", "public-tenants")),
        name,
      );
  });

  it("are proved by a record each, of which two certificates with a name in common have one", () => {
    assert.deepEqual(
      deployed.names("Record").filter((name) => name.includes("validation")),
      ["example.com", "example.net", "shop.example.org", "www.example.net"].map((name) => `public-validation-${name}`),
    );
    assert.equal((deployed.inputs("CertificateValidation", "public-tenants").validationRecordFqdns as string[]).length, 3);
  });

  it("are redirected to their own first name", () => {
    const [action] = deployed.inputs("ListenerRule", "public-redirect-www.example.net").actions as { redirect: { host: string } }[];
    assert.equal(action?.redirect.host, "example.net");
  });

  it("are looked up once a zone", () => {
    assert.deepEqual(zonesOf(deployed), ["example.com", "example.net", "example.org"]);
  });
});

describe("domains that are refused", () => {
  const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`d${i}`, `d${i}.example.com`]));
  const cases: [name: string, args: Args, says: string][] = [
    [
      "a wildcard in the middle",
      { domain: "a.*.example.com" },
      'domain: "a.*.example.com" has a wildcard elsewhere than as its first label; write one like "*.example.com".',
    ],
    [
      "a wildcard first",
      { domain: ["*.example.com", "example.com"] },
      'domain: "*.example.com" is no host, which the URL needs; name one before it.',
    ],
    [
      "a domain outside of its zone",
      { domain: ["a.example.com", "example.org"], hostedZone: "example.com" },
      'hostedZone: "example.org" is not in example.com; name the zone that it is in, or leave it out.',
    ],
    [
      "a redirect from itself",
      { domain: "example.com", redirectFrom: "example.com" },
      'redirectFrom: "example.com" is named twice; name each domain once.',
    ],
    [
      "a redirect to nowhere",
      { certificateArn: CERTIFICATE, redirectFrom: "www.example.com" },
      "redirectFrom: it is sent to the first domain, and there is none; name one.",
    ],
    [
      "a redirect without end",
      { domain: "a.example.com", redirectFrom: "*.example.com" },
      'redirectFrom: "*.example.com" is a.example.com too, where it is sent to, which would never end; name hosts.',
    ],
    [
      "www of www",
      { domain: "www.example.com", redirectFrom: "www.www.example.com" },
      'redirectFrom: "www.www.example.com" has www twice; write "www.example.com".',
    ],
    [
      "more names than a certificate has",
      { domain: Array.from({ length: 10 }, (_, i) => `d${i}.example.com`), redirectFrom: "www.example.com" },
      "domain: 11 names for one certificate; AWS takes 10 (a quota that can be raised): give the others a certificate of their own under domains, or certificateArn.",
    ],
    [
      "a name in two certificates",
      { domain: "a.example.com", domains: { b: { domain: ["b.example.com", "a.example.com"] } } },
      'domains.b.domain: "a.example.com" is named twice; name each domain once.',
    ],
    [
      "more certificates than a listener has",
      { domain: "example.com", domains: many(26) },
      "domains: 26 certificates beside the first; AWS takes 25 (a quota that can be raised): put names into one certificate, or use a second load balancer.",
    ],
    ["an empty entry", { domain: "example.com", domains: { b: {} } }, "domains.b.domain: it is missing, and so is a certificateArn."],
    [
      "an entry that redirects to a wildcard",
      { domain: "example.com", domains: { b: { domain: "*.example.org", redirectFrom: "example.org" } } },
      'domains.b.redirectFrom: it is sent to the first domain, and "*.example.org" is no host; name one before it.',
    ],
    [
      "a name that cannot be one",
      { domain: "example.com", domains: { "b.c": "b.example.com" } },
      'domains: "b.c" cannot be a name; allowed: 1 to 24 small letters, digits and "-".',
    ],
    [
      "none to stand beside",
      { domains: { b: "b.example.com" } },
      "domains: their certificates stand beside a first one; name the first domain by domain, or give certificateArn.",
    ],
  ];
  for (const [name, args, says] of cases)
    it(name, async () => assert.equal(await refusal(() => make(args)), `LoadBalancer "public": ${says}`));

  it("of a network load balancer, by the same rules", async () => {
    const refused = refusal(() => new NetworkLoadBalancer("fixed", { network: plainNetwork(), domain: "*.example.com" }));
    assert.equal(
      await refused,
      'NetworkLoadBalancer "fixed": domain: "*.example.com" is no host, which the URL needs; name one before it.',
    );
  });
});

describe("the zone of domains", () => {
  const ZONE = "Z0123456789ABCDEFGHIJ";
  const ROLE = "arn:aws:iam::999988887777:role/team/dns";
  /** By record, the zone that it is in. */
  const placed = (deployed: Deployed) => Object.fromEntries(deployed.all("Record").map(({ name, inputs }) => [name, inputs.zoneId]));
  const lookups = (deployed: Deployed) => deployed.recording.known.invokes.map(({ args }) => args);

  it("is not looked up where its id is given, as text or by the program that makes it", async () => {
    const byId = await made({ domain: ["example.com", "www.example.com"], hostedZone: ZONE });
    assert.deepEqual([new Set(Object.values(placed(byId))), lookups(byId)], [new Set([ZONE]), []]);
    const byOutput = await deploy(() => {
      const zone = new aws.route53.Zone("own", { name: "example.com" });
      make({ domain: "example.com", hostedZone: zone.zoneId });
    });
    for (const record of byOutput.all("Record")) assert.deepEqual(byOutput.sourcesOf(record, "zoneId"), ["Zone own"]);
    assert.deepEqual(lookups(byOutput), []);
  });

  it("is looked up once, however many domains are in it", async () => {
    const several = await made({
      domain: ["a.example.com", "b.example.com"],
      redirectFrom: "www.a.example.com",
      domains: { c: "c.example.com" },
    });
    assert.deepEqual(lookups(several), [{ name: "example.com" }]);
  });

  it("is a private one for who asks, and a public one for AWS, which proves the names", async () => {
    const deployed = await made({ domain: "app.example.com", internal: true, hostedZone: { privateZone: true } });
    assert.deepEqual(lookups(deployed), [{ name: "example.com" }, { name: "example.com", privateZone: true }]);
    const zones = placed(deployed);
    assert.notEqual(zones["public-alias-app.example.com"], zones["public-validation-app.example.com"]);
    const byId = await made({ domain: "app.example.com", internal: true, hostedZone: { zone: ZONE, privateZone: true } });
    assert.deepEqual(lookups(byId), [{ name: "example.com" }]);
    assert.equal(placed(byId)["public-alias-app.example.com"], ZONE);
    assert.notEqual(placed(byId)["public-validation-app.example.com"], ZONE);
  });

  it("is of another account by a role there, for this entry alone", async () => {
    const deployed = await made({
      domain: "example.com",
      domains: { shop: { domain: "shop.example.org", hostedZone: { roleArn: ROLE } } },
    });
    const provider = deployed.one("pulumi:providers:aws", "public-dns-999988887777-team-dns");
    assert.deepEqual(JSON.parse(String(provider.inputs.assumeRoles)), [{ roleArn: ROLE }]);
    assert.equal(provider.inputs.region, "eu-west-3");
    const makers = Object.fromEntries(deployed.all("Record").map(({ name, provider: by }) => [name, by?.includes("public-dns") ?? false]));
    assert.deepEqual(makers, {
      "public-validation-example.com": false,
      "public-alias-example.com": false,
      "public-validation-shop.example.org": true,
      "public-alias-shop.example.org": true,
    });
    assert.ok(!deployed.one("Certificate", "public-shop").provider?.includes("public-dns"), "the certificate is the load balancer's");
  });

  it("works with one provider for all that share a role, and with one of the program's own", async () => {
    const shared = await made({
      domain: "example.com",
      hostedZone: { roleArn: ROLE },
      domains: { shop: { domain: "shop.example.org", hostedZone: { roleArn: ROLE } } },
    });
    assert.equal(shared.all("pulumi:providers:aws").length, 1);
    const own = await deploy(() => make({ domain: "example.com", dnsProvider: new aws.Provider("mine", { region: "us-east-1" }) }));
    for (const record of own.all("Record")) assert.match(record.provider ?? "", /::mine::/, record.name);
    assert.ok(!own.one("Certificate").provider?.includes("::mine::"));
  });

  it("that is elsewhere has no records: they are told, and the certificate is waited for", async () => {
    let told: object[] = [];
    const deployed = await deploy(() => {
      const balancer = make({ domain: ["example.com", "*.example.com"], redirectFrom: "www.example.com", hostedZone: "external" });
      pulumi.all(balancer.dnsRecords).apply((records) => {
        told = records;
      });
    });
    assert.deepEqual([deployed.all("Record"), lookups(deployed)], [[], []]);
    assert.equal(deployed.inputs("CertificateValidation").validationRecordFqdns, undefined);
    assert.deepEqual(deployed.sourcesOf(deployed.one("Listener", "public-https"), "certificateArn"), ["CertificateValidation public"]);
    const [wildcards, names] = [
      told.filter((record) => "type" in record && record.type === "CNAME"),
      told.map((record) => (record as { name: string }).name),
    ];
    assert.deepEqual(
      names.map((name) => name.replace(/^_[0-9a-f]{32}/, "_")),
      ["_.example.com.", "_.www.example.com.", "example.com", "*.example.com", "www.example.com"],
    );
    assert.equal(wildcards.length, 4, "the apex takes no CNAME");
    assert.ok(
      deployed.recording.messages.some(({ text }) =>
        text.includes(
          "make the records of example.com, *.example.com, www.example.com that the output dnsRecords lists, and those that prove them",
        ),
      ),
    );
  });

  it("that is elsewhere has nothing to prove where there is a certificate", async () => {
    const deployed = await made({ domain: "example.com", certificateArn: CERTIFICATE, hostedZone: "external" });
    assert.deepEqual([deployed.all("Record"), deployed.all("CertificateValidation")], [[], []]);
    assert.ok(
      deployed.recording.messages.some(({ text }) => text.endsWith("make the records of example.com that the output dnsRecords lists.")),
    );
  });

  const refused: [args: Args, says: string][] = [
    [
      { hostedZone: "z0123456789abcdefghij" },
      `hostedZone: "z0123456789abcdefghij" is not the id of a hosted zone; the nearest is "${ZONE}".`,
    ],
    [{ hostedZone: `/hostedzone/${ZONE}` }, `hostedZone: "/hostedzone/${ZONE}" is not the id of a hosted zone; the nearest is "${ZONE}".`],
    [
      { hostedZone: "examplecom" },
      'hostedZone: "examplecom" is neither the name nor the id of a hosted zone; write one like "example.com" or "Z0123456789ABCDEFGHIJ".',
    ],
    [{ hostedZone: "externl" }, 'hostedZone: "externl" is no zone; did you mean "external"?'],
    [
      { hostedZone: { zone: "example.org" } },
      'hostedZone: "a.example.com" is not in example.org; name the zone that it is in, or leave it out.',
    ],
    [
      { hostedZone: { roleArn: "dns" } },
      'hostedZone.roleArn: "dns" is not the ARN of a role; write one like "arn:aws:iam::111122223333:role/dns".',
    ],
  ];
  for (const [args, says] of refused)
    it(`is refused: ${says}`, async () =>
      assert.equal(await refusal(() => make({ domain: "a.example.com", ...args })), `LoadBalancer "public": ${says}`));

  it("is made by one of two that are named", async () => {
    const both = (hostedZone: LoadBalancerArgs["hostedZone"]) =>
      refusal(() => make({ domain: "a.example.com", hostedZone, dnsProvider: new aws.Provider("mine", {}) } as Args));
    assert.equal(
      await both({ roleArn: ROLE }),
      'LoadBalancer "public": dnsProvider: hostedZone says whose role makes the records; leave out one or the other.',
    );
    assert.equal(
      await both("external"),
      'LoadBalancer "public": dnsProvider: hostedZone says that no records are made; leave out one or the other.',
    );
  });
});
