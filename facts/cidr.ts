// Address ranges: is this a legal VPC range, is there room in it for the subnets, do two ranges overlap? No Pulumi here.
import { IPv6, parseCIDR } from "ipaddr.js";

/** An IPv4 range as numbers: first and last address. */
interface Range {
  first: number;
  last: number;
  mask: number;
}

/** Reads "10.0.0.0/16"; undefined if it is no IPv4 range. */
function parse(cidr: string): Range | undefined {
  try {
    const [address, mask] = parseCIDR(cidr);
    if (address.kind() !== "ipv4") return undefined;
    const first = address.toByteArray().reduce((n, byte) => n * 256 + byte, 0);
    return { first, last: first + 2 ** (32 - mask) - 1, mask };
  } catch {
    return undefined;
  }
}

const show = (n: number, mask: number) => `${[24, 16, 8, 0].map((bit) => Math.floor(n / 2 ** bit) % 256).join(".")}/${mask}`;

/** How the VPC's range is laid out. A zone has a slot of its own among four, so that a third zone, or a NAT gateway, never moves a subnet. */
export interface Layout {
  /** Mask of a zone's slot. */
  zone: number;
  /** Mask of a private subnet: half of the slot. */
  private: number;
  /** Mask of a public subnet: a quarter of the slot. */
  public: number;
}

/** AWS takes /16 to /28; a load balancer needs /27 subnets with 8 free addresses, so the VPC must be at least four slots of four /27. */
export const LARGEST_VPC = 16;
export const SMALLEST_VPC = 23;

/** The masks of zones and subnets in a legal VPC range. */
export function layout(cidr: string): Layout {
  const mask = parse(cidr)!.mask;
  return { zone: mask + 2, private: mask + 3, public: mask + 4 };
}

const PRIVATE_SPACE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** What is wrong with a VPC's range, with the nearest legal one; undefined if nothing is. */
export function vpcComplaint(cidr: string): string | undefined {
  const range = parse(cidr);
  if (!range) return `${JSON.stringify(cidr)} is not an IPv4 range; write one like "10.0.0.0/16".`;
  const mask = Math.min(SMALLEST_VPC, Math.max(LARGEST_VPC, range.mask));
  const base = Math.floor(range.first / 2 ** (32 - mask)) * 2 ** (32 - mask);
  const fix = `the nearest is "${show(base, mask)}"`;
  if (range.mask < LARGEST_VPC) return `${cidr} is too large for a VPC; allowed: /${LARGEST_VPC} to /${SMALLEST_VPC}; ${fix}.`;
  if (range.mask > SMALLEST_VPC) {
    return `${cidr} is too small: a load balancer and tasks in up to 4 zones need /${LARGEST_VPC} to /${SMALLEST_VPC}; ${fix}.`;
  }
  if (base !== range.first) return `${cidr} does not start at a /${range.mask} boundary; ${fix}.`;
  if (!PRIVATE_SPACE.some((space) => contains(parse(space)!, range))) {
    return `${cidr} is public address space; use a range inside ${PRIVATE_SPACE.join(", ")}; for example "10.0.0.0/${range.mask}".`;
  }
  return undefined;
}

const contains = (outer: Range, inner: Range) => outer.first <= inner.first && inner.last <= outer.last;

/** Whether a range, of IPv4 or IPv6, has all addresses of another. */
export function rangeContains(outer: string, inner: string): boolean {
  try {
    const [[network, mask], [address, length]] = [parseCIDR(outer), parseCIDR(inner)];
    return network.kind() === address.kind() && mask <= length && address.match(network, mask);
  } catch {
    return outer === inner;
  }
}

/** All addresses of either family. */
export const ALL_IPV4 = "0.0.0.0/0";
export const ALL_IPV6 = "::/0";

export const isIpv6 = (range: string): boolean => range.includes(":");

/**
 * The subnet of a dual-stack VPC in its block of IPv6 (a /56 of AWS's, or any /64 within it): a /64 at the place among the 256 of them that its IPv4 range has in
 * the VPC's, so that it stays where it is whatever comes beside it.
 */
export function ipv6Subnet(block: string, vpcCidr: string, cidr: string): string {
  const [vpc, subnet] = [parse(vpcCidr)!, parse(cidr)!];
  const place = Math.floor(((subnet.first - vpc.first) * 256) / (vpc.last - vpc.first + 1));
  return ipv6Slot(block, place);
}

/** The /64 at a place among the 256 of a /56. */
export function ipv6Slot(block: string, place: number): string {
  const { parts } = IPv6.networkAddressFromCIDR(block);
  return `${new IPv6(parts.map((part, i) => (i === 3 ? (part & 0xff00) | place : i > 3 ? 0 : part))).toString()}/64`;
}

/** What is wrong with a range of IPv4 or IPv6; undefined if nothing is. */
export function anyRangeComplaint(text: string): string | undefined {
  if (!isIpv6(text)) return cidrComplaint(text);
  try {
    const [address, mask] = parseCIDR(text);
    const base = IPv6.networkAddressFromCIDR(text).toString();
    return address.toString() === base ? undefined : `${text} does not start at a /${mask} boundary; the nearest is "${base}/${mask}".`;
  } catch {
    return `${JSON.stringify(text)} is not an IP range; write one like "10.0.0.0/16" or "2001:db8::/32".`;
  }
}

/** True if the two ranges share an address. Both must be legal. */
export function overlaps(a: string, b: string): boolean {
  const [x, y] = [parse(a)!, parse(b)!];
  return x.first <= y.last && y.first <= x.last;
}

/** What is wrong with an IPv4 range, which begins with its first address; undefined if nothing is. */
export function cidrComplaint(text: string): string | undefined {
  const range = parse(text);
  if (!range) return `${JSON.stringify(text)} is not an IPv4 range; write one like "10.0.0.0/16".`;
  const base = Math.floor(range.first / 2 ** (32 - range.mask)) * 2 ** (32 - range.mask);
  return base === range.first
    ? undefined
    : `${text} does not start at a /${range.mask} boundary; the nearest is "${show(base, range.mask)}".`;
}
