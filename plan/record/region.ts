import { ACCOUNT } from "../../facts/made-up";
import { partitionOf } from "../../facts/regions";
import type { Project } from "../project/project";

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

/** The place of a stack: its `aws:region`, else AWS_REGION, else us-east-1. */
export function locationOf(project: Pick<Project, "config">, env: NodeJS.ProcessEnv = process.env): Location {
  const named = project.config["aws:region"] || env.AWS_REGION || env.AWS_DEFAULT_REGION;
  return { ...locationIn(named || DEFAULT_REGION), assumed: !named };
}

export function locationIn(region: string): Location {
  return { account: ACCOUNT, region, ...partitionOf(region), assumed: false };
}
