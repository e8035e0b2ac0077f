// Fixed addresses for an Application Load Balancer: what stands in front of it, in which order, and what stays as it is.
import assert from "node:assert/strict";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components/load-balancer/load-balancer";
import type { RecordedResource } from "../../../facts/graph";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { label } from "../../helpers/variants";

type Given = Partial<Omit<LoadBalancerArgs, "network">>;
const make = (given: Given = {}) => new LoadBalancer("public", { network: plainNetwork(), accessLogs: false, ...given });
const deployed = (given: Given = {}) => deploy(() => make({ fixedAddresses: true, ...given }));
const ATTACHMENT = "TargetGroupAttachment";

describe("a load balancer with fixed addresses", () => {
  let made: Deployed;
  before(async () => {
    made = await deployed({ domain: "shop.example.com", allowedCidrBlocks: ["203.0.113.0/24"] });
  });

  it("has a network load balancer with an Elastic IP in each zone in front of it", () => {
    const front = made.one("aws:lb/loadBalancer:LoadBalancer", "public-fixed");
    const { loadBalancerType, internal, subnetMappings } = front.inputs;
    assert.deepEqual([loadBalancerType, internal, (subnetMappings as unknown[]).length], ["network", false, 2]);
    assert.deepEqual(made.names("Eip"), ["public-fixed-1", "public-fixed-2"]);
    assert.equal(front.options.protect, true);
  });

  it("is a target on each of its ports, as soon as it listens there, and one at a time", () => {
    for (const [port, behind] of [
      [80, "public-http"],
      [443, "public-https"],
    ] as const) {
      const { targetType, protocol, port: own, healthCheck } = made.inputs("TargetGroup", `public-fixed-${port}`);
      assert.deepEqual([targetType, protocol, own], ["alb", "TCP", port]);
      assert.deepEqual(healthCheck, {
        enabled: true,
        protocol: "HTTP",
        port: "80",
        path: "/",
        matcher: "200-599",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      });
      const attachment = made.one(ATTACHMENT, `public-fixed-${port}`);
      assert.equal(attachment.inputs.port, port);
      assert.deepEqual(made.sourcesOf(attachment, "targetId"), ["LoadBalancer public"]);
      assert.deepEqual(made.sourcesOf(attachment, "targetGroupArn"), [`TargetGroup public-fixed-${port}`]);
      assert.ok(attachment.dependencies.map((urn) => label(made.get(urn))).includes(`Listener ${behind}`));
      assert.equal(attachment.options.deleteBeforeReplace, true);
      const listener = made.one("aws:lb/listener:Listener", `public-fixed-${port}`);
      assert.deepEqual([listener.inputs.port, listener.inputs.protocol], [port, "TCP"]);
      assert.deepEqual(made.sourcesOf(listener, "loadBalancerArn"), ["LoadBalancer public-fixed"]);
      assert.deepEqual(made.sourcesOf(listener, "defaultActions"), [`TargetGroup public-fixed-${port}`]);
    }
  });

  it("lets the same ranges in, and its health checks get through to the load balancer behind", () => {
    const rule = ({ name, inputs }: RecordedResource) => [name, inputs.fromPort, inputs.toPort, inputs.cidrIpv4 ?? "a group"];
    assert.deepEqual(made.all("SecurityGroupIngressRule").map(rule).sort(), [
      ["public-443", 443, 443, "203.0.113.0/24"],
      ["public-80", 80, 80, "203.0.113.0/24"],
      ["public-fixed-443", 443, 443, "203.0.113.0/24"],
      ["public-fixed-80", 80, 80, "203.0.113.0/24"],
      ["public-fixed-in-443", 443, 443, "a group"],
      ["public-fixed-in-80", 80, 80, "a group"],
    ]);
    for (const port of [80, 443]) {
      const [inside, outside] = [
        made.one("SecurityGroupIngressRule", `public-fixed-in-${port}`),
        made.one("SecurityGroupEgressRule", `public-fixed-out-${port}`),
      ];
      assert.deepEqual(
        [made.sourcesOf(inside, "securityGroupId"), made.sourcesOf(inside, "referencedSecurityGroupId")],
        [["SecurityGroup public"], ["SecurityGroup public-fixed"]],
      );
      assert.deepEqual(
        [made.sourcesOf(outside, "securityGroupId"), made.sourcesOf(outside, "referencedSecurityGroupId")],
        [["SecurityGroup public-fixed"], ["SecurityGroup public"]],
      );
    }
  });

  it("leads its domains there once connections get through, and all others, too", async () => {
    const several = await deployed({
      domain: "shop.example.com",
      domains: { partner: { certificateArn: "arn:aws:acm:eu-west-3:123456789012:certificate/partner", domain: "shop.example.org" } },
    });
    for (const [its, name] of [
      [made, "public-alias-shop.example.com"],
      [several, "public-alias-shop.example.org"],
    ] as const) {
      const record = its.one("aws:route53/record:Record", name);
      assert.deepEqual(its.sourcesOf(record, "aliases"), ["LoadBalancer public-fixed"]);
      const before = new Set(record.dependencies.map((urn) => label(its.get(urn))));
      for (const first of ["Listener public-fixed-443", `${ATTACHMENT} public-fixed-443`, "SecurityGroupIngressRule public-fixed-443"])
        assert.ok(before.has(first), first);
    }
  });

  it("is reached at the addresses without a domain, on port 80 alone", async () => {
    let [url, addresses] = ["", 0];
    const plain = await deploy(() => {
      const balancer = make({ fixedAddresses: true });
      addresses = balancer.elasticIps.length;
      balancer.url.apply((value) => {
        url = value;
      });
    });
    assert.match(url, /^http:\/\/public-fixed-/);
    assert.deepEqual(plain.names(ATTACHMENT), ["public-fixed-80"]);
    assert.equal(addresses, 2);
  });

  it("stays as it is, and is nothing else without them", async () => {
    const its = (from: Deployed) => from.resources.map(({ urn, inputs }) => [urn, inputs]);
    const without = await deploy(() => make({ domain: "shop.example.com", allowedCidrBlocks: ["203.0.113.0/24"] }));
    const all = new Map(its(made) as [string, object][]);
    const changed = without.resources.filter(({ urn, inputs }) => JSON.stringify(all.get(urn)) !== JSON.stringify(inputs));
    assert.deepEqual(changed.map(label), ["Record public-alias-shop.example.com"]);
    assert.deepEqual(without.names(ATTACHMENT), []);
  });

  const refused: [given: Given, message: string][] = [
    [{ internal: true }, "an internal load balancer has no addresses in the internet; leave one of them out."],
    [
      { allowedPrefixLists: ["cloudfront"] },
      "the load balancer with the addresses lets in ranges alone; name them in allowedCidrBlocks, or leave one of them out.",
    ],
  ];
  for (const [given, message] of refused)
    it(`is refused with ${Object.keys(given).join()}`, async () => {
      assert.equal(await refusal(() => make({ fixedAddresses: true, ...given })), `LoadBalancer "public": fixedAddresses: ${message}`);
    });
});
