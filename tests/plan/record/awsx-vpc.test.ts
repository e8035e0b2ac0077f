import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { JsonObject } from "../../../facts/graph";
import { type SubnetSpec, subnetLayout, type VpcArgs } from "../../../plan/record/awsx-subnets";
import { type ChildValue, expandVpc, Ref, refsIn, resolveRefs } from "../../../plan/record/awsx-vpc";
import { messageOf } from "../projects";

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const blocks = (args: VpcArgs, zones = ZONES) =>
  subnetLayout(args, zones).map(({ spec, cidrBlocks }) => `${spec.type} ${cidrBlocks.join(" ")}`);

describe("subnets of awsx.ec2.Vpc", () => {
  const table: [what: string, args: VpcArgs, zones: number, expected: string[]][] = [
    ["nothing given", {}, 3, ["Private 10.0.0.0/19 10.0.64.0/19 10.0.128.0/19", "Public 10.0.32.0/20 10.0.96.0/20 10.0.160.0/20"]],
    ["Auto, nothing given", { subnetStrategy: "Auto" }, 2, ["Private 10.0.0.0/18 10.0.128.0/18", "Public 10.0.64.0/19 10.0.192.0/19"]],
    [
      "Auto divides each zone evenly, in the order given",
      { cidrBlock: "10.8.0.0/16", subnetStrategy: "Auto", subnetSpecs: [{ type: "Public" }, { type: "Private" }] },
      2,
      ["Public 10.8.0.0/18 10.8.128.0/18", "Private 10.8.64.0/18 10.8.192.0/18"],
    ],
    [
      "Auto leaves a gap where the next subnet is larger",
      {
        subnetStrategy: "Auto",
        subnetSpecs: [
          { type: "Public", cidrMask: 24 },
          { type: "Private", cidrMask: 20 },
        ],
      },
      2,
      ["Public 10.0.0.0/24 10.0.128.0/24", "Private 10.0.16.0/20 10.0.144.0/20"],
    ],
    [
      "Legacy sorts private, public, isolated",
      { subnetSpecs: [{ type: "Isolated", name: "db" }, { type: "Public" }, { type: "Private" }] },
      2,
      ["Private 10.0.0.0/18 10.0.128.0/18", "Public 10.0.64.0/19 10.0.192.0/19", "Isolated 10.0.96.0/23 10.0.224.0/23"],
    ],
    ["sizes instead of masks", { subnetStrategy: "Auto", subnetSpecs: [{ type: "Public", size: 256 }] }, 1, ["Public 10.0.0.0/24"]],
    [
      "AutoMerge keeps the defaults for the other types",
      { subnetStrategy: "AutoMerge", subnetSpecs: [{ type: "Public", cidrMask: 24 }] },
      1,
      ["Private 10.0.0.0/17", "Public 10.0.128.0/24"],
    ],
    [
      "explicit blocks",
      { subnetSpecs: [{ type: "Public", cidrBlocks: ["10.0.0.0/24", "10.0.1.0/24"] }] },
      2,
      ["Public 10.0.0.0/24 10.0.1.0/24"],
    ],
    [
      "a mask for the zones",
      { availabilityZoneCidrMask: 20, subnetStrategy: "Auto", subnetSpecs: [{ type: "Public" }] },
      2,
      ["Public 10.0.0.0/20 10.0.16.0/20"],
    ],
  ];
  for (const [what, args, zones, expected] of table) {
    it(what, () => assert.deepEqual(blocks(args, ZONES.slice(0, zones)), expected));
  }

  const refused: [what: string, args: VpcArgs, message: RegExp][] = [
    [
      "too many zones for the block",
      { availabilityZoneCidrMask: 17 },
      /^10\.0\.0\.0\/16 has no room for 3 zones of \/17: give the VPC a larger block\.$/,
    ],
    [
      "too large subnets",
      { subnetStrategy: "Auto", subnetSpecs: [{ type: "Public", cidrMask: 17 }] },
      /^subnetSpecs: a Public subnet of \/17 has no room in zone eu-west-1a \(\/18\): make the subnets smaller\.$/,
    ],
    [
      "a size that is no power of two",
      { subnetSpecs: [{ type: "Public", size: 300 }] },
      /^subnetSpecs: the size 300 is no power of two\.$/,
    ],
    [
      "Exact with something left",
      { subnetStrategy: "Exact", subnetSpecs: [{ type: "Public", cidrMask: 19 }] },
      /^subnetSpecs: with subnetStrategy Exact the subnets must fill each zone; give what is left of eu-west-1a as type Unused\.$/,
    ],
    [
      "too few explicit blocks",
      { subnetSpecs: [{ type: "Public", cidrBlocks: ["10.0.0.0/24"] }] },
      /^subnetSpecs: Public has 1 cidrBlocks; each specification needs 3, one a zone\.$/,
    ],
    [
      "explicit blocks that overlap",
      { subnetSpecs: [{ type: "Public", cidrBlocks: ["10.0.0.0/23", "10.0.1.0/24", "10.0.2.0/24"] }] },
      /^subnetSpecs: 10\.0\.1\.0\/24 overlaps 10\.0\.0\.0\/23\.$/,
    ],
    [
      "an explicit block outside",
      { subnetSpecs: [{ type: "Public", cidrBlocks: ["10.1.0.0/24", "10.0.1.0/24", "10.0.2.0/24"] }] },
      /^subnetSpecs: 10\.1\.0\.0\/24 is outside 10\.0\.0\.0\/16\.$/,
    ],
    ["what is no block", { cidrBlock: "10.0.0.0" }, /^10\.0\.0\.0 is no IPv4 block; write it like 10\.0\.0\.0\/16\.$/],
    ["a block off its grid", { cidrBlock: "10.0.1.0/16" }, /^10\.0\.1\.0\/16 does not begin at a multiple of its own size\.$/],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, async () => assert.match(await messageOf(() => subnetLayout(args, ZONES)), message));
  }

  it("never overlap, and lie inside the VPC and inside their zone", () => {
    const spec = fc.record({
      type: fc.constantFrom("Public", "Private", "Isolated"),
      cidrMask: fc.option(fc.integer({ min: 20, max: 28 }), { nil: undefined }),
    });
    const args = fc.record({
      mask: fc.integer({ min: 16, max: 22 }),
      zones: fc.integer({ min: 1, max: 3 }),
      strategy: fc.constantFrom("Auto", "Legacy"),
      specs: fc.array(spec, { minLength: 1, maxLength: 5 }),
    });
    let laid = 0;
    fc.assert(
      fc.property(args, ({ mask, zones, strategy, specs }) => {
        let layout: string[][];
        try {
          const given = { cidrBlock: `10.0.0.0/${mask}`, subnetStrategy: strategy, subnetSpecs: specs as SubnetSpec[] } as VpcArgs;
          layout = subnetLayout(given, ZONES.slice(0, zones)).map(({ cidrBlocks }) => cidrBlocks);
        } catch (error) {
          assert.match((error as Error).message, /has no room/);
          return;
        }
        laid++;
        const zoneSize = 2 ** (32 - mask) / (zones > 2 ? 4 : zones);
        const ranges = layout.flatMap((list) => list.map((block, zone) => ({ ...rangeOf(block), zone }))).sort((a, b) => a.start - b.start);
        for (const [index, range] of ranges.entries()) {
          assert.ok(
            range.start >= rangeOf("10.0.0.0/32").start + range.zone * zoneSize &&
              range.end <= rangeOf("10.0.0.0/32").start + (range.zone + 1) * zoneSize,
          );
          if (index > 0) assert.ok(ranges[index - 1]!.end <= range.start, `${JSON.stringify(layout)} overlaps`);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
    assert.ok(laid > 100, `only ${laid} of 300 layouts had room`);
  });
});

function rangeOf(block: string): { start: number; end: number } {
  const [address, mask] = block.split("/");
  const start = address!.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { start, end: start + 2 ** (32 - Number(mask)) };
}

describe("what awsx.ec2.Vpc makes", () => {
  const expand = (args: VpcArgs) => expandVpc("net", args as JsonObject, ZONES);
  const count = (args: VpcArgs, type: string) => expand(args).children.filter((child) => child.type.endsWith(`:${type}`)).length;
  const child = (args: VpcArgs, key: string) => {
    const found = expand(args).children.find((one) => one.key === key);
    assert.ok(found, `${key} is made`);
    return found;
  };

  it("NAT gateways by strategy, each with its address in its zone's public subnet", () => {
    const zones = { numberOfAvailabilityZones: 2 };
    assert.equal(count({ ...zones, natGateways: { strategy: "None" } }, "NatGateway"), 0);
    assert.equal(count({ ...zones, natGateways: { strategy: "Single" } }, "NatGateway"), 1);
    assert.equal(count({ ...zones, natGateways: { strategy: "OnePerAz" } }, "NatGateway"), 2);
    assert.equal(count(zones, "NatGateway"), 2);
    assert.deepEqual(child(zones, "aws:ec2/natGateway:NatGateway net-2"), {
      key: "aws:ec2/natGateway:NatGateway net-2",
      type: "aws:ec2/natGateway:NatGateway",
      name: "net-2",
      parent: "aws:ec2/subnet:Subnet net-public-2",
      inputs: {
        allocationId: new Ref("aws:ec2/eip:Eip net-2"),
        subnetId: new Ref("aws:ec2/subnet:Subnet net-public-2"),
        tags: { Name: "net-2" },
      },
      dependsOn: ["aws:ec2/subnet:Subnet net-public-2"],
      inherits: [],
    });
  });

  it("addresses are the user's where given", () => {
    const args: VpcArgs = { numberOfAvailabilityZones: 2, natGateways: { strategy: "Single", elasticIpAllocationIds: ["eipalloc-1"] } };
    assert.equal(count(args, "Eip"), 0);
    assert.equal(child(args, "aws:ec2/natGateway:NatGateway net-1").inputs.allocationId, "eipalloc-1");
  });

  it("routes: public subnets by the internet gateway, private ones by the NAT gateway of their zone or the only one, isolated ones none", () => {
    const args: VpcArgs = {
      numberOfAvailabilityZones: 2,
      natGateways: { strategy: "Single" },
      subnetSpecs: [{ type: "Public" }, { type: "Private" }, { type: "Isolated" }],
    };
    const way = (name: string) => {
      const { gatewayId, natGatewayId } = child(args, `aws:ec2/route:Route ${name}`).inputs as Record<string, Ref | undefined>;
      return gatewayId?.child ?? natGatewayId?.child;
    };
    assert.equal(way("net-public-2"), "aws:ec2/internetGateway:InternetGateway net");
    assert.equal(way("net-private-2"), "aws:ec2/natGateway:NatGateway net-1");
    assert.equal(count(args, "Route"), 4);
  });

  it("subnets of IPv6, the public ones of all zones first", () => {
    const args: VpcArgs = { numberOfAvailabilityZones: 2, assignGeneratedIpv6CidrBlock: true };
    const ranges = (given: VpcArgs) =>
      expand(given).children.flatMap(({ name, type, inputs }) => {
        const read = (value: ChildValue) => resolveRefs(value, () => "2600:1f18:12:ab00::/56");
        return type === "aws:ec2/subnet:Subnet" ? [[name, read(inputs.ipv6CidrBlock ?? null), inputs.assignIpv6AddressOnCreation]] : [];
      });
    assert.deepEqual(ranges(args).sort(), [
      ["net-private-1", "2600:1f18:12:ab02::/64", true],
      ["net-private-2", "2600:1f18:12:ab03::/64", true],
      ["net-public-1", "2600:1f18:12:ab00::/64", true],
      ["net-public-2", "2600:1f18:12:ab01::/64", true],
    ]);
    const [first] = ranges({ ...args, subnetSpecs: [{ type: "Public", assignIpv6AddressOnCreation: false }] });
    assert.deepEqual(first, ["net-public-1", null, false]);
    assert.equal(
      resolveRefs(new Ref("vpc", "ipv6CidrBlock", 1), () => "later"),
      "later",
      "what is unknown stays so",
    );
  });

  it("every subnet with its table and association, parented as awsx parents them", () => {
    const args: VpcArgs = { numberOfAvailabilityZones: 2, tags: { team: "red" } };
    assert.equal(child(args, "aws:ec2/subnet:Subnet net-public-1").parent, "aws:ec2/vpc:Vpc net");
    assert.equal(child(args, "aws:ec2/routeTable:RouteTable net-public-1").parent, "aws:ec2/subnet:Subnet net-public-1");
    assert.equal(
      child(args, "aws:ec2/routeTableAssociation:RouteTableAssociation net-public-1").parent,
      "aws:ec2/routeTable:RouteTable net-public-1",
    );
    assert.deepEqual(child(args, "aws:ec2/subnet:Subnet net-public-1").inputs, {
      vpcId: new Ref("aws:ec2/vpc:Vpc net"),
      availabilityZone: "eu-west-1a",
      cidrBlock: "10.0.64.0/19",
      mapPublicIpOnLaunch: true,
      assignIpv6AddressOnCreation: false,
      tags: { team: "red", Name: "net-public-1", SubnetType: "Public" },
    });
  });

  it("endpoints: gateways get all tables, interfaces the private subnets and a security group", () => {
    const args: VpcArgs = {
      numberOfAvailabilityZones: 2,
      natGateways: { strategy: "None" },
      vpcEndpointStrategy: "Auto",
      vpcEndpointSpecs: [{ serviceName: "s3" }, { serviceName: "ecr", vpcEndpointType: "Interface" }],
    };
    assert.equal(refsIn(child(args, "aws:ec2/vpcEndpoint:VpcEndpoint s3").inputs.routeTableIds!).length, 4);
    const { inputs } = child(args, "aws:ec2/vpcEndpoint:VpcEndpoint ecr");
    assert.deepEqual(refsIn(inputs.subnetIds!), ["aws:ec2/subnet:Subnet net-private-1", "aws:ec2/subnet:Subnet net-private-2"]);
    assert.deepEqual([inputs.privateDnsEnabled, refsIn(inputs.securityGroupIds!)], [true, ["aws:ec2/securityGroup:SecurityGroup ecr-sg"]]);
    assert.equal(child(args, "aws:ec2/securityGroupRule:SecurityGroupRule ecr-ingress").inputs.fromPort, 443);
  });

  it("each child after its parent and after what it refers to", () => {
    const { children } = expand({ vpcEndpointStrategy: "Auto", vpcEndpointSpecs: [{ serviceName: "ecr", vpcEndpointType: "Interface" }] });
    const seen = new Set<string>();
    for (const { key, parent, inputs, dependsOn } of children) {
      for (const needed of [...(parent === undefined ? [] : [parent]), ...dependsOn, ...refsIn(inputs as ChildValue)])
        assert.ok(seen.has(needed), `${key} comes before ${needed}`);
      seen.add(key);
    }
    assert.equal(seen.size, children.length);
  });

  const refused: [what: string, args: VpcArgs, message: RegExp][] = [
    ["more zones than there are", { numberOfAvailabilityZones: 4 }, /^The region has 3 availability zones, and 4 are asked for\.$/],
    [
      "names and a number of zones",
      { availabilityZoneNames: ["a"], numberOfAvailabilityZones: 1 },
      /^Give availabilityZoneNames or numberOfAvailabilityZones of awsx\.ec2\.Vpc, not both\.$/,
    ],
    [
      "NAT without a public subnet",
      { natGateways: { strategy: "Single" }, subnetSpecs: [{ type: "Private" }] },
      /^natGateways\.strategy Single needs a public subnet, and there is none\.$/,
    ],
    [
      "a wrong number of addresses",
      { natGateways: { elasticIpAllocationIds: ["a"] } },
      /^natGateways\.elasticIpAllocationIds has 1 entries; the strategy OnePerAz needs 3\.$/,
    ],
    [
      "an unknown strategy",
      { natGateways: { strategy: "Two" } } as unknown as VpcArgs,
      /^natGateways\.strategy is "Two"; allowed are None, Single and OnePerAz\.$/,
    ],
    [
      "two subnets of one name",
      { subnetSpecs: [{ type: "Public" }, { type: "Public" }] },
      /^subnetSpecs: two subnets would be called net-public-1; give the specifications different names\.$/,
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, async () => assert.match(await messageOf(() => expand(args)), message));
  }
});
