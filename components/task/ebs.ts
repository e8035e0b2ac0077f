// Volumes that ECS makes for each task of a service (EBS): their arguments, and what the service and a single run are told of them.
import * as pulumi from "@pulumi/pulumi";
import { LIMITS } from "../../facts/aws-limits";
import { parseDisk } from "../../facts/sizes";
import type * as aws from "../base/aws";
import type { Statement } from "../base/iam";
import type { Location } from "../base/location";
import { type ArgumentsOf, type Deeper, group, input, oneOf, optional, pattern, size, type Values, within } from "../base/schema";

/** A disk (EBS) that each task of a service has to itself: made when the task starts, deleted when it stops. */
export interface EbsArgs {
  /** Size (`sizeInGb`): `"100 GB"`, `"1 TB"` or 100, in whole GiB. Defaults to that of `snapshot`; needed without one. */
  size?: string | number;
  /** Kind of disk (`volumeType`): `gp3` or `io2` (SSD), `st1` or `sc1` (for what is read in one go). Defaults to `gp3`. Cost per GiB and month: 0.08, 0.125, 0.045 and 0.015 USD. */
  type?: "gp3" | "io2" | "st1" | "sc1";
  /** Operations per second (`iops`): 100 to 256000; of a `gp3` from 3000, and at most 16000. An `io2` needs it. Defaults to none: a `gp3` has 3000 anyway. Cost of more: 0.005 USD each and month, of `io2` 0.065. */
  iops?: number;
  /** MiB per second of a `gp3` (`throughput`), 125 to 1000, at most a quarter of `iops`. Defaults to none: it has 125 anyway. Cost of more: 0.04 USD each and month. */
  throughput?: number;
  /** Snapshot (`snap-…`) that each volume begins as a copy of (`snapshotId`). Defaults to none: it begins empty. */
  snapshot?: pulumi.Input<string>;
  /** File system on it (`fileSystemType`); of a snapshot the one that it has. Defaults to `xfs`. */
  fileSystem?: "xfs" | "ext4" | "ext3";
}

const { takes } = LIMITS["aws:ecs/service:Service"];
const MANAGED = "volumeConfiguration.managedEbsVolume";

/** What AWS takes of each type. */
const TYPES = {
  gp3: { smallest: 1, iops: [3000, 16_000], iopsPerGib: 500 },
  io2: { smallest: 4, iops: [100, 256_000], iopsPerGib: 1000 },
  st1: { smallest: 125 },
  sc1: { smallest: 125 },
} as const;
const LARGEST = takes[`${MANAGED}.sizeInGb`].high;
/** What a gp3 has without extra cost. */
export const GP3 = { iops: 3000, throughput: 125 };

const entries = {
  size: optional(size(parseDisk, "a size in whole GiB", '"100 GB" or 100 (GiB)')),
  type: optional(oneOf("gp3", "io2", "st1", "sc1"), "gp3"),
  iops: optional(within(takes[`${MANAGED}.iops`])),
  throughput: optional(within(takes[`${MANAGED}.throughput`])),
  snapshot: optional(input(pattern(/^snap-[0-9a-f]{8,40}$/, "the id of a snapshot", "snap-0123456789abcdef0"))),
  fileSystem: optional(oneOf("xfs", "ext4", "ext3"), "xfs"),
} satisfies ArgumentsOf<EbsArgs>;
export type Ebs = Values<typeof entries>;

export const ebs = group(
  entries,
  {
    about: ["size", "type", "snapshot"],
    at: "size",
    complain: ({ size: given, type, snapshot }) => {
      if (given === undefined)
        return snapshot === undefined ? 'it is missing; write how large the volume is, such as "100 GB".' : undefined;
      return outside(given, TYPES[type].smallest, LARGEST, `GiB for ${type}`);
    },
  },
  {
    about: ["size", "type", "iops"],
    at: "iops",
    complain: ({ size: gib, type, iops }) => {
      const its = TYPES[type];
      if (!("iops" in its)) return iops === undefined ? undefined : `${type} has no number of its own; leave it out, or set type: gp3.`;
      if (iops === undefined) return type === "io2" ? "it is missing; io2 has what is written here, such as 3000." : undefined;
      // What a gp3 has anyway it has in each size.
      const most = gib === undefined ? Infinity : Math.max(gib * its.iopsPerGib, type === "gp3" ? GP3.iops : 0);
      return outside(iops, its.iops[0], Math.min(its.iops[1], most), most < its.iops[1] ? `for ${gib} GiB of ${type}` : `for ${type}`);
    },
  },
  {
    about: ["type", "iops", "throughput"],
    at: "throughput",
    complain: ({ type, iops = GP3.iops, throughput }) => {
      if (throughput === undefined) return undefined;
      if (type !== "gp3") return `${type} has no number of its own; leave it out, or set type: gp3.`;
      return throughput > iops / 4
        ? `${throughput} is above a quarter of iops (${iops}), which AWS takes at most; the nearest is ${Math.floor(iops / 4)}, or raise iops.`
        : undefined;
    },
  },
);

const outside = (given: number, low: number, high: number, unit: string) =>
  given < low || given > high
    ? `${given} is out of range; allowed: ${low} to ${high} ${unit}; the nearest is ${given < low ? low : high}.`
    : undefined;

type WithEbs = Record<string, { ebs?: Ebs | undefined }>;

/** The volume of a task that ECS makes, by its name: there is one at most. */
export const ebsOf = (volumes: WithEbs): { name: string; its: Ebs } | undefined =>
  Object.entries(volumes).flatMap(([name, volume]) => (volume.ebs ? [{ name, its: volume.ebs }] : []))[0];

/** AWS takes one such volume for a task. */
export function secondEbs(volumes: WithEbs): Deeper[] {
  const [first, ...others] = Object.keys(volumes).filter((name) => volumes[name]?.ebs);
  return others.map((name) => ({
    at: `volumes.${name}.ebs`,
    text: `${first} is one already, and AWS takes one for a task; use efs, or leave it out for an empty volume.`,
  }));
}

/** Why a task cannot have one, where it cannot. */
export const noEbs = (volumes: WithEbs, why: string): Deeper[] => {
  const found = ebsOf(volumes);
  return found ? [{ at: `volumes.${found.name}.ebs`, text: why }] : [];
};

/** By whose right ECS makes the volumes, and with which key they are encrypted; without one with AWS's. */
interface Maker {
  roleArn: pulumi.Input<string>;
  kmsKeyArn?: pulumi.Input<string>;
}

/** What the service says of the volume of each of its tasks. */
export const volumeConfiguration = (name: string, its: Ebs, maker: Maker): aws.types.input.ecs.ServiceVolumeConfiguration => ({
  name,
  managedEbsVolume: {
    ...common(its, maker),
    ...(its.size !== undefined && { sizeInGb: its.size }),
    fileSystemType: its.fileSystem,
    tagSpecifications: [{ resourceType: "volume", propagateTags: "SERVICE" }],
  },
});

/** The same for a task that runs once with the service's settings, as RunTask takes it. */
export const runConfiguration = (name: string, its: Ebs, maker: Maker): pulumi.Output<string> =>
  pulumi.jsonStringify([
    {
      name,
      managedEBSVolume: {
        ...common(its, maker),
        ...(its.size !== undefined && { sizeInGiB: its.size }),
        filesystemType: its.fileSystem,
        tagSpecifications: [{ resourceType: "volume", propagateTags: "TASK_DEFINITION" }],
        terminationPolicy: { deleteOnTermination: true },
      },
    },
  ]);

const common = ({ type, iops, throughput, snapshot }: Ebs, { roleArn, kmsKeyArn }: Maker) => ({
  roleArn,
  encrypted: true,
  ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
  volumeType: type,
  ...(iops !== undefined && { iops }),
  ...(throughput !== undefined && { throughput }),
  ...(snapshot !== undefined && { snapshotId: snapshot }),
});

/** AWS's policy for it reaches each region of the account; the role keeps to the cluster's. */
export const volumeRights = ({ partition, region, accountId }: Location) => ({
  partition,
  name: "service-role/AmazonECSInfrastructureRolePolicyForVolumes",
  denial: {
    sid: "OtherRegions",
    actions: ["ec2:AttachVolume", "ec2:CreateVolume", "ec2:DeleteVolume", "ec2:DetachVolume"],
    except: [
      ...["volume", "instance"].map((kind) => pulumi.interpolate`arn:${partition}:ec2:${region}:${accountId}:${kind}/*`),
      // A snapshot's ARN names no account.
      pulumi.interpolate`arn:${partition}:ec2:${region}:*:snapshot/*`,
    ],
  },
});

/** What EC2 does with the key on the role's behalf. */
export const keyRights = (kmsKeyArn: pulumi.Input<string>): Statement[] => [
  {
    sid: "EncryptVolumes",
    actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    resources: [kmsKeyArn],
  },
  { sid: "LendKey", actions: ["kms:CreateGrant"], resources: [kmsKeyArn], conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
];
