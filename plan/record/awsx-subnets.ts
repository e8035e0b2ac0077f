import { UserError } from "../../facts/errors";
import type { JsonObject } from "../../facts/graph";

/** How awsx divides a VPC's addresses among zones and subnets. */

export type SubnetType = "Public" | "Private" | "Isolated" | "Unused";

export interface SubnetSpec {
  type: SubnetType;
  name?: string;
  cidrMask?: number;
  size?: number;
  cidrBlocks?: string[];
  tags?: Record<string, string>;
  assignIpv6AddressOnCreation?: boolean;
}

/** The inputs this model reads; the others go to the VPC as they are. */
export interface VpcArgs {
  cidrBlock?: string;
  availabilityZoneNames?: string[];
  numberOfAvailabilityZones?: number;
  availabilityZoneCidrMask?: number;
  subnetSpecs?: SubnetSpec[];
  subnetStrategy?: "Auto" | "AutoMerge" | "Exact" | "Legacy";
  subnetNameTagStrategy?: string;
  natGateways?: { strategy?: "None" | "Single" | "OnePerAz"; elasticIpAllocationIds?: string[] };
  vpcEndpointSpecs?: (JsonObject & { serviceName: string; vpcEndpointType?: string; tags?: Record<string, string> })[];
  vpcEndpointStrategy?: string;
  region?: string;
  ipv4IpamPoolId?: string;
  assignGeneratedIpv6CidrBlock?: boolean;
  tags?: Record<string, string>;
}

export interface SubnetLayout {
  spec: SubnetSpec;
  /** One block a zone. */
  cidrBlocks: string[];
}

const DEFAULT_SPECS: SubnetSpec[] = [{ type: "Private" }, { type: "Public" }];
/** How much smaller than a zone's range a subnet is where no size is given (Legacy), in bits. */
const DEEPER: Record<SubnetType, number> = { Private: 1, Public: 2, Isolated: 6, Unused: 1 };
const LEGACY_ORDER: SubnetType[] = ["Private", "Public", "Isolated", "Unused"];

const bitsFor = (count: number) => Math.ceil(Math.log2(Math.max(1, count)));
const sizeOf = (mask: number) => 2 ** (32 - mask);

interface Block {
  start: number;
  mask: number;
}

export function parseBlock(text: string): Block {
  const numbers = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text)?.slice(1).map(Number) ?? [];
  const [octets, mask] = [numbers.slice(0, 4), numbers[4]];
  if (mask === undefined || octets.some((octet) => octet > 255) || mask > 32)
    throw new UserError(`${text} is no IPv4 block; write it like 10.0.0.0/16.`);
  const start = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  if (start % sizeOf(mask) !== 0) throw new UserError(`${text} does not begin at a multiple of its own size.`);
  return { start, mask };
}

function formatBlock({ start, mask }: Block): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".")}/${mask}`;
}

const endOf = (block: Block) => block.start + sizeOf(block.mask);

/** The blocks of every subnet: [specification, a block per zone], in the order in which the subnets are made. */
export function subnetLayout(args: VpcArgs, zones: string[]): SubnetLayout[] {
  const vpc = parseBlock(args.cidrBlock ?? "10.0.0.0/16");
  const given = args.subnetSpecs?.length ? args.subnetSpecs : undefined;
  const strategy = args.subnetStrategy ?? "Legacy";
  let specs = given ?? DEFAULT_SPECS;
  if (given && strategy === "AutoMerge") {
    const merged = DEFAULT_SPECS.map((spec) => ({ ...spec, ...given.find((own) => own.type === spec.type) }));
    specs = [...merged, ...given.filter((spec) => spec.type !== "Private" && spec.type !== "Public")];
  }
  if (specs.some((spec) => spec.cidrBlocks?.length)) return explicitLayout(specs, vpc, zones);

  const zoneMask = args.availabilityZoneCidrMask ?? vpc.mask + bitsFor(zones.length);
  const legacy = strategy === "Legacy" || !given;
  if (legacy) specs = [...specs].sort((a, b) => LEGACY_ORDER.indexOf(a.type) - LEGACY_ORDER.indexOf(b.type));
  const otherwise = (spec: SubnetSpec) => (legacy ? Math.min(28, zoneMask + DEEPER[spec.type]) : zoneMask + bitsFor(specs.length));
  const layout = specs.map((spec) => ({ spec, cidrBlocks: [] as string[] }));
  zones.forEach((zone, index) => {
    let at = vpc.start + index * sizeOf(zoneMask);
    const end = at + sizeOf(zoneMask);
    if (end > endOf(vpc))
      throw new UserError(`${formatBlock(vpc)} has no room for ${zones.length} zones of /${zoneMask}: give the VPC a larger block.`);
    for (const { spec, cidrBlocks } of layout) {
      const mask = maskOf(spec) ?? otherwise(spec);
      at = Math.ceil(at / sizeOf(mask)) * sizeOf(mask);
      if (at + sizeOf(mask) > end) {
        throw new UserError(
          `subnetSpecs: a ${spec.type} subnet of /${mask} has no room in zone ${zone} (/${zoneMask}): make the subnets smaller.`,
        );
      }
      cidrBlocks.push(formatBlock({ start: at, mask }));
      at += sizeOf(mask);
    }
    if (strategy === "Exact" && at !== end) {
      throw new UserError(
        `subnetSpecs: with subnetStrategy Exact the subnets must fill each zone; give what is left of ${zone} as type Unused.`,
      );
    }
  });
  return layout;
}

function maskOf(spec: SubnetSpec): number | undefined {
  if (spec.cidrMask) return spec.cidrMask;
  if (!spec.size) return undefined;
  if (!Number.isInteger(Math.log2(spec.size))) throw new UserError(`subnetSpecs: the size ${spec.size} is no power of two.`);
  return 32 - Math.log2(spec.size);
}

function explicitLayout(specs: SubnetSpec[], vpc: Block, zones: string[]): SubnetLayout[] {
  const seen: Block[] = [];
  return specs.map((spec) => {
    const blocks = (spec.cidrBlocks ?? []).map(parseBlock);
    if (blocks.length !== zones.length) {
      throw new UserError(
        `subnetSpecs: ${spec.type} has ${blocks.length} cidrBlocks; each specification needs ${zones.length}, one a zone.`,
      );
    }
    for (const block of blocks) {
      if (block.start < vpc.start || endOf(block) > endOf(vpc))
        throw new UserError(`subnetSpecs: ${formatBlock(block)} is outside ${formatBlock(vpc)}.`);
      const other = seen.find((one) => block.start < endOf(one) && one.start < endOf(block));
      if (other) throw new UserError(`subnetSpecs: ${formatBlock(block)} overlaps ${formatBlock(other)}.`);
      seen.push(block);
    }
    return { spec, cidrBlocks: blocks.map(formatBlock) };
  });
}
