import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components/load-balancer/load-balancer";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";

const OFFICE = "pl-0123456789abcdef0";
const CERTIFICATE = "arn:aws:acm:eu-west-3:123456789012:certificate/mine";
type Args = Partial<LoadBalancerArgs>;
const make = (args: Args) => () => new LoadBalancer("public", { network: plainNetwork(), accessLogs: false, ...args });
/** Who may come in: the rule's name, port and source. */
const rules = (made: Deployed) =>
  made
    .all("SecurityGroupIngressRule")
    .map(({ name, inputs }) => [name, inputs.fromPort, inputs.toPort, inputs.cidrIpv4 ?? inputs.prefixListId]);
const lookups = (made: Deployed) =>
  made.recording.known.invokes.filter(({ token }) => token.endsWith(":getManagedPrefixList")).map(({ args }) => args);

describe("Prefix lists that may connect to a load balancer", () => {
  it("take the place of the world, on the ports that ranges have", async () => {
    const made = await deploy(make({ certificateArn: CERTIFICATE, allowedPrefixLists: [OFFICE] }));
    assert.deepEqual(rules(made), [
      [`public-80-${OFFICE}`, 80, 80, OFFICE],
      [`public-443-${OFFICE}`, 443, 443, OFFICE],
    ]);
    assert.deepEqual(lookups(made), [{ id: OFFICE }]);
  });

  it("stand beside ranges that are named", async () => {
    const made = await deploy(make({ allowedPrefixLists: [OFFICE], allowedCidrBlocks: ["203.0.113.0/24"] }));
    assert.deepEqual(rules(made), [
      ["public-80", 80, 80, "203.0.113.0/24"],
      [`public-80-${OFFICE}`, 80, 80, OFFICE],
    ]);
  });

  it("of CloudFront reach the port alone that serves requests", async () => {
    const [https, http] = [
      await deploy(make({ certificateArn: CERTIFICATE, allowedPrefixLists: ["cloudfront"] })),
      await deploy(make({ internal: true, allowedPrefixLists: ["cloudfront"] })),
    ];
    const [rule] = rules(https);
    assert.deepEqual([rules(https).length, rule!.slice(0, 3)], [1, ["public-443-cloudfront", 443, 443]]);
    assert.match(String(rule![3]), /^pl-[0-9a-f]{8}$/);
    assert.deepEqual(lookups(https), [{ name: "com.amazonaws.global.cloudfront.origin-facing" }]);
    assert.deepEqual(
      rules(http).map(([name]) => name),
      ["public-80-cloudfront"],
    );
  });

  it("are refused where they are none, are named twice, or leave no room", async () => {
    const ranges = (count: number) => Array.from({ length: count }, (_, i) => `10.${i}.0.0/16`);
    const cases: [Args, text: string][] = [
      [
        { allowedPrefixLists: ["cloudfare"] },
        'allowedPrefixLists[0]: "cloudfare" is not the id of a prefix list; write one like "pl-0123456789abcdef0", or cloudfront.',
      ],
      [{ allowedPrefixLists: [OFFICE, OFFICE] }, `allowedPrefixLists: "${OFFICE}" is named twice; name each prefix list once.`],
      [
        { allowedPrefixLists: ["cloudfront"], allowedCidrBlocks: ranges(3), certificateArn: CERTIFICATE },
        "allowedCidrBlocks: 3 ranges are 6 rules of one security group; allowed: 5 beside CloudFront's, which is 2 ranges;",
      ],
      [
        { allowedPrefixLists: ["cloudfront"], waf: { rateLimit: 100 } },
        "waf.rateLimit: requests come from CloudFront's own addresses, so it would turn away users of all kinds;",
      ],
    ];
    for (const [args, text] of cases) {
      const message = await refusal(make(args));
      assert.ok(message.includes(text), message);
    }
    await deploy(make({ allowedPrefixLists: ["cloudfront"], allowedCidrBlocks: ranges(2), certificateArn: CERTIFICATE, waf: true }));
    await deploy(make({ allowedPrefixLists: [OFFICE], waf: { rateLimit: 100 } }));
  });

  describe("as AWS knows them", () => {
    const own = Object.getOwnPropertyDescriptor(aws.ec2, "getManagedPrefixList")!;
    const answer = (value: () => Promise<object>) =>
      Object.defineProperty(aws.ec2, "getManagedPrefixList", { value, configurable: true, enumerable: true });
    afterEach(() => Object.defineProperty(aws.ec2, "getManagedPrefixList", own));
    const warnings = async (maxEntries: number, args: Args) => {
      answer(async () => ({ id: OFFICE, maxEntries }));
      const { messages } = (await deploy(make({ certificateArn: CERTIFICATE, ...args }))).recording;
      return messages.filter(({ severity, text }) => severity === "warning" && text.includes("rules")).map(({ text }) => text);
    };

    it("are warned of where they have room for more than a security group has, on all ports", async () => {
      const [warning] = await warnings(31, { allowedPrefixLists: [OFFICE] });
      assert.ok(
        warning?.includes(`${OFFICE} has room for 31 entries, which are 62 rules of the security group; AWS's default quota is 60.`),
        warning,
      );
      assert.deepEqual(await warnings(30, { allowedPrefixLists: [OFFICE] }), []);
      assert.deepEqual(await warnings(55, { allowedPrefixLists: ["cloudfront"] }), []);
    });

    it("are refused where AWS has none of that id", async () => {
      answer(async () => Promise.reject(new Error("no matching prefix list")));
      const message = await refusal(make({ allowedPrefixLists: [OFFICE] }));
      assert.ok(
        message.includes(
          `allowedPrefixLists: AWS finds no prefix list ${OFFICE} in this region; give the id of one that is there (no matching prefix list).`,
        ),
        message,
      );
    });
  });
});
