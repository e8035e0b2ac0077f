// Which partition of AWS a region is of. No Pulumi here.

const PARTITIONS: [prefix: string, partition: string, dnsSuffix: string][] = [
  ["cn-", "aws-cn", "amazonaws.com.cn"],
  ["us-gov-", "aws-us-gov", "amazonaws.com"],
  ["us-iso-", "aws-iso", "c2s.ic.gov"],
  ["us-isob-", "aws-iso-b", "sc2s.sgov.gov"],
  ["eusc-", "aws-eusc", "amazonaws.eu"],
];

/** The partition of a region, and what the names of its endpoints end with: `aws-cn` and `amazonaws.com.cn`. */
export function partitionOf(region: string): { partition: string; dnsSuffix: string } {
  const [, partition, dnsSuffix] = PARTITIONS.find(([prefix]) => region.startsWith(prefix)) ?? ["", "aws", "amazonaws.com"];
  return { partition, dnsSuffix };
}
