import assert from "node:assert/strict";
import * as fc from "fast-check";
import { parseCIDR } from "ipaddr.js";
import { anyRangeComplaint, cidrComplaint, layout, overlaps, rangeContains, vpcComplaint } from "../../facts/cidr";
import { subnetLayout } from "../../plan/record/awsx-subnets";

const ZONES = ["eu-west-3a", "eu-west-3b", "eu-west-3c"];

/** First and last address, by a library of its own arithmetic. */
function bounds(cidr: string): [number, number] {
  const [address, mask] = parseCIDR(cidr);
  const first = Buffer.from(address.toByteArray()).readUInt32BE();
  return [first, first + 2 ** (32 - mask) - 1];
}

const privateRange = fc
  .record({ second: fc.integer({ min: 0, max: 255 }), third: fc.integer({ min: 0, max: 255 }), mask: fc.integer({ min: 16, max: 23 }) })
  .map(({ second, third, mask }) => `10.${second}.${mask === 16 ? 0 : third & (0xff << (24 - mask)) & 0xff}.0/${mask}`);

describe("the VPC's range", () => {
  const refused: [given: string, message: string][] = [
    ["ten", '"ten" is not an IPv4 range; write one like "10.0.0.0/16".'],
    ["fd00::/16", '"fd00::/16" is not an IPv4 range; write one like "10.0.0.0/16".'],
    ["10.0.0.0", '"10.0.0.0" is not an IPv4 range; write one like "10.0.0.0/16".'],
    ["10.0.0.0/8", '10.0.0.0/8 is too large for a VPC; allowed: /16 to /23; the nearest is "10.0.0.0/16".'],
    ["10.0.1.0/24", '10.0.1.0/24 is too small: a load balancer and tasks in up to 4 zones need /16 to /23; the nearest is "10.0.0.0/23".'],
    ["10.0.1.0/16", '10.0.1.0/16 does not start at a /16 boundary; the nearest is "10.0.0.0/16".'],
    [
      "8.8.0.0/16",
      '8.8.0.0/16 is public address space; use a range inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10; for example "10.0.0.0/16".',
    ],
    [
      "172.32.0.0/16",
      '172.32.0.0/16 is public address space; use a range inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10; for example "10.0.0.0/16".',
    ],
  ];
  for (const [given, message] of refused) it(`refuses ${given}`, () => assert.equal(vpcComplaint(given), message));

  for (const legal of ["10.0.0.0/16", "10.255.254.0/23", "172.16.0.0/16", "172.31.0.0/16", "192.168.0.0/16", "100.64.0.0/20"]) {
    it(`takes ${legal}`, () => assert.equal(vpcComplaint(legal), undefined));
  }

  it("is legal, or refused with a nearest that is legal where it is private", () => {
    const ranges = fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })).map(([ip, mask]) => `${ip}/${mask}`);
    fc.assert(
      fc.property(ranges, (given) => {
        const nearest = /the nearest is "([^"]+)"/.exec(vpcComplaint(given) ?? "")?.[1];
        if (nearest !== undefined) assert.doesNotMatch(vpcComplaint(nearest) ?? "", /nearest|not an IPv4/);
      }),
    );
  });

  it("is divided so that three zones fit, disjoint, each subnet big enough for a load balancer", () => {
    fc.assert(
      fc.property(privateRange, fc.constantFrom(2, 3), (cidrBlock, zones) => {
        assert.equal(vpcComplaint(cidrBlock), undefined);
        const masks = layout(cidrBlock);
        const specs = [
          { type: "Private" as const, cidrMask: masks.private },
          { type: "Public" as const, cidrMask: masks.public },
        ];
        const made = subnetLayout(
          { cidrBlock, availabilityZoneCidrMask: masks.zone, subnetStrategy: "Auto", subnetSpecs: specs },
          ZONES.slice(0, zones),
        ).flatMap(({ cidrBlocks }) => cidrBlocks);
        assert.equal(made.length, 2 * zones);
        const [first, last] = bounds(cidrBlock);
        const ranges = made.map(bounds).sort(([a], [b]) => a - b);
        ranges.forEach(([from, to], i) => {
          assert.ok(from >= first && to <= last && to - from + 1 >= 32, `${made[i]} in ${cidrBlock}`);
          assert.ok(i === 0 || from > ranges[i - 1]![1], `${made.join(", ")} share addresses`);
        });
      }),
    );
  });

  it("keeps its subnets where they are when a third zone is added", () => {
    const masks = layout("10.0.0.0/16");
    assert.deepEqual(masks, { zone: 18, private: 19, public: 20 });
    const blocks = (zones: number) =>
      subnetLayout(
        {
          cidrBlock: "10.0.0.0/16",
          availabilityZoneCidrMask: masks.zone,
          subnetStrategy: "Auto",
          subnetSpecs: [
            { type: "Private", cidrMask: masks.private },
            { type: "Public", cidrMask: masks.public },
          ],
        },
        ZONES.slice(0, zones),
      ).map(({ cidrBlocks }) => cidrBlocks);
    assert.deepEqual(
      blocks(3).map((perZone) => perZone.slice(0, 2)),
      blocks(2),
    );
  });
});

describe("ranges", () => {
  it("overlap where they share an address, either way round", () => {
    const pairs: [a: string, b: string, shared: boolean][] = [
      ["10.0.0.0/16", "10.0.255.0/24", true],
      ["10.0.0.0/16", "10.1.0.0/16", false],
      ["0.0.0.0/0", "192.168.0.0/24", true],
      ["10.0.0.0/23", "10.0.2.0/23", false],
    ];
    for (const [a, b, shared] of pairs) assert.deepEqual([overlaps(a, b), overlaps(b, a)], [shared, shared], `${a} ${b}`);
  });

  it("begin at their first address", () => {
    for (const range of ["0.0.0.0/0", "203.0.113.7/32"]) assert.equal(cidrComplaint(range), undefined);
    assert.equal(cidrComplaint("10.0.0.5/8"), '10.0.0.5/8 does not start at a /8 boundary; the nearest is "10.0.0.0/8".');
    for (const range of ["10.0.0.0/33", "::/0", "x"])
      assert.equal(cidrComplaint(range), `${JSON.stringify(range)} is not an IPv4 range; write one like "10.0.0.0/16".`);
  });
});

describe("ranges of either kind", () => {
  it("have all addresses of another, or not", () => {
    assert.ok(rangeContains("10.0.0.0/8", "10.255.0.0/16"));
    assert.ok(rangeContains("2001:db8::/32", "2001:db8:ffff::/48"));
    for (const [outer, inner] of [
      ["10.255.0.0/16", "10.0.0.0/8"],
      ["10.0.0.0/8", "11.0.0.0/16"],
      ["0.0.0.0/0", "2001:db8::/32"],
      ["what", "10.0.0.0/8"],
    ] as const)
      assert.ok(!rangeContains(outer, inner), `${outer} ${inner}`);
  });

  it("begin with their first address", () => {
    for (const right of ["10.0.0.0/8", "10.1.2.3/32", "2001:db8::/32", "::/0"]) assert.equal(anyRangeComplaint(right), undefined);
    assert.equal(anyRangeComplaint("2001:db8::1/32"), '2001:db8::1/32 does not start at a /32 boundary; the nearest is "2001:db8::/32".');
    assert.equal(anyRangeComplaint("a:b"), '"a:b" is not an IP range; write one like "10.0.0.0/16" or "2001:db8::/32".');
    assert.equal(anyRangeComplaint("10.0.0.1"), '"10.0.0.1" is not an IPv4 range; write one like "10.0.0.0/16".');
  });
});
