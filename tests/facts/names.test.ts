import assert from "node:assert/strict";
import { LoadBalancer } from "../../components/load-balancer/load-balancer";
import { nameComplaint, physicalName, secretPrefix } from "../../facts/names";
import { deploy, refusal } from "../helpers/deploy";
import { plainNetwork } from "../helpers/network";

describe("a physical name", () => {
  it("of a secret begins with what it belongs to, in letters that AWS takes", () => {
    assert.equal(secretPrefix("my.shop", "feature_x", "web", "DB_PASSWORD"), "my.shop/feature_x/web/DB_PASSWORD-");
    assert.equal(secretPrefix("shop", "dev", "web api/ü", "KEY"), "shop/dev/web-api--/KEY-");
  });

  it("is the parts, or is short and still its own", () => {
    assert.equal(physicalName(["shop", "dev", "web"], 20), "shop-dev-web");
    const [one, two] = ["a", "b"].map((end) => physicalName(["shop", "development", `web-${end}`], 20));
    assert.match(one!, /^shop-develo-[0-9a-f]{8}$/);
    assert.notEqual(one, two);
  });
});

describe("a name that Pulumi adds eight characters to", () => {
  const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
  for (const [type, name, complaint] of [
    [TARGET_GROUP, "a".repeat(24), undefined],
    [TARGET_GROUP, "a".repeat(25), `"${"a".repeat(25)}" has 25 characters; the name of a TargetGroup has room for 24.`],
    [TARGET_GROUP, "web_one", '"web_one" cannot name a TargetGroup; allowed: letters, digits and hyphens.'],
    ["aws:ecr/repository:Repository", "team/web-1", undefined],
    [
      "aws:ecr/repository:Repository",
      "Web",
      '"Web" cannot name a Repository; allowed: small letters, digits and ._-/, a letter or a digit first.',
    ],
    ["aws:s3/bucket:Bucket", "logs_of_web", '"logs_of_web" cannot name a Bucket; allowed: letters, digits, dots and hyphens.'],
    ["aws:iam/role:Role", "w".repeat(57), `"${"w".repeat(57)}" has 57 characters; the name of a Role has room for 56.`],
    ["aws:ec2/vpc:Vpc", "Any thing", undefined],
    [undefined, "Any thing", undefined],
  ] as const)
    it(`${JSON.stringify(name)} for ${type}`, () => assert.equal(nameComplaint(type, name, {}), complaint));

  it("is refused before AWS is asked, and taken where a transform writes the whole name", async () => {
    const name = "the-public-entrance-of-the-shop";
    assert.equal(
      await refusal(() => new LoadBalancer(name, { network: plainNetwork(), accessLogs: false })),
      `LoadBalancer "${name}": name: "${name}" has 31 characters; the name of a LoadBalancer has room for 24.`,
    );
    const made = await deploy(
      () => new LoadBalancer(name, { network: plainNetwork(), accessLogs: false, transform: { loadBalancer: { name: "entrance" } } }),
    );
    assert.equal(made.inputs("aws:lb/loadBalancer:LoadBalancer", name).name, "entrance");
  });
});
