import { ACCOUNT } from "../../facts/made-up";
import type { Project } from "../project/project";

export { ACCOUNT };
/** Where neither the stack nor the environment names a region. */
export const DEFAULT_REGION = "us-east-1";

export interface Location {
  account: string;
  region: string;
  /** `aws`, `aws-cn`, `aws-us-gov` ... */
  partition: string;
  /** `amazonaws.com`, or China's. */
  dnsSuffix: string;
  /** True if nobody named the region. */
  assumed: boolean;
}

const PARTITIONS: [prefix: string, partition: string, dnsSuffix: string][] = [
  ["cn-", "aws-cn", "amazonaws.com.cn"],
  ["us-gov-", "aws-us-gov", "amazonaws.com"],
  ["us-iso-", "aws-iso", "c2s.ic.gov"],
  ["us-isob-", "aws-iso-b", "sc2s.sgov.gov"],
  ["eusc-", "aws-eusc", "amazonaws.eu"],
];

/** The place of a stack: its `aws:region`, else AWS_REGION, else us-east-1. */
export function locationOf(project: Pick<Project, "config">, env: NodeJS.ProcessEnv = process.env): Location {
  const named = project.config["aws:region"] || env.AWS_REGION || env.AWS_DEFAULT_REGION;
  return { ...locationIn(named || DEFAULT_REGION), assumed: !named };
}

export function locationIn(region: string): Location {
  const [, partition, dnsSuffix] = PARTITIONS.find(([prefix]) => region.startsWith(prefix)) ?? ["", "aws", "amazonaws.com"];
  return { account: ACCOUNT, region, partition, dnsSuffix, assumed: false };
}
