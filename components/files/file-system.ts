import * as pulumi from "@pulumi/pulumi";
import { afterDays, INFREQUENT_DAYS } from "../../facts/aws-limits";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { type ArgumentsOf, flag, group, integer, omit, oneOf, oneOfNumbers, optional, other, pattern } from "../base/schema";
import type { NetworkLike } from "../network/network-like";

/** What is chosen of a file system. */
export interface FileSystemSettings {
  /** Zones that the file system is reached in (mount targets), 1 to 6. Defaults to those of the network, and to 2 where that is one that exists. */
  zones?: number;
  /**
   * Ids of the user and the group that all files belong to (`posixUser`, `rootDirectory.creationInfo`): whoever reads or writes does so as these. Others on a
   * live file system do not change the owner of the files in it. Defaults to the numbers of the task's `user`, and to `1000:1000` where that has none.
   */
  owner?: string;
  /** Whether AWS Backup keeps a copy of each day for 35 days (`backupPolicy`). Defaults to true. Cost: about 0.05 USD per GB and month. */
  backup?: boolean;
  /**
   * How fast it is (`throughputMode`). `elastic` is as fast as the app asks for, at 0.03 USD per GB read and 0.06 written; `bursting` costs nothing, and is
   * as fast as the files are large: 50 KiB/s for each GiB once its credits are used up. Defaults to `elastic`.
   */
  throughput?: "elastic" | "bursting";
  /**
   * Days after which a file that nobody opens moves to cheaper storage (`transitionToIa`), for 0.016 USD per GB and month, and 0.01 per GB read.
   * Defaults to never.
   */
  infrequentAccessAfter?: number;
  /** Whether Pulumi refuses to delete or replace it, with all files in it (`protect`). Defaults to true, and in a stack file to what the stack says. */
  deletionProtection?: boolean;
}

/** Arguments of {@link FileSystem}. */
export interface FileSystemArgs extends FileSystemSettings, ComponentArgs {
  /** The network of the tasks that mount it. */
  network: NetworkLike;
  /** Changes to what the component makes. */
  transform?: FileSystemTransform;
}

/** Changes to what a file system is made of. */
export interface FileSystemTransform {
  fileSystem?: Transform<aws.efs.FileSystemArgs>;
  policy?: Transform<aws.efs.FileSystemPolicyArgs>;
  backupPolicy?: Transform<aws.efs.BackupPolicyArgs>;
  accessPoint?: Transform<aws.efs.AccessPointArgs>;
  securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
  mountTarget?: Transform<aws.efs.MountTargetArgs>;
}

export const fileSystem = {
  ...common,
  network: other<NetworkLike>(),
  zones: optional(integer(1, 6, "zones")),
  owner: optional(pattern(/^[1-9]\d{0,8}:\d{1,9}$/, "the ids of a user, not root, and a group", "1000:1000")),
  backup: optional(flag(), true),
  throughput: optional(oneOf("elastic", "bursting"), "elastic"),
  infrequentAccessAfter: optional(oneOfNumbers(INFREQUENT_DAYS, "days")),
  deletionProtection: optional(flag(), true),
  transform: optional(other<FileSystemTransform>()),
} satisfies ArgumentsOf<FileSystemArgs>;

/** What a task, or a stack file, may say of a file system that is made for it. */
export const fileSystemSettings = group(
  omit(fileSystem, "tags", "permissionsBoundary", "kmsKeyArn", "network", "transform") satisfies ArgumentsOf<FileSystemSettings>,
);
const SCHEMA = group(fileSystem);

/** The folder that tasks see as the root of their volume. */
const ROOT = "/data";
const CLIENT = ["ClientMount", "ClientWrite", "ClientRootAccess"].map((action) => `elasticfilesystem:${action}`);

/**
 * A file system (EFS) that tasks share: encrypted at rest and on the way, reached in each zone by nobody but the tasks that mount it, through an access point, by
 * their IAM role. Cost: 0.30 USD per GB and month.
 */
export class FileSystem extends Component<typeof fileSystem> {
  readonly network: NetworkLike;
  readonly fileSystem: aws.efs.FileSystem;
  readonly accessPoint: aws.efs.AccessPoint;
  /** The group of the mount targets; nothing comes in but what a task that mounts the file system lets in. */
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly mountTargets: aws.efs.MountTarget[];
  /** The ids of the user and the group that all files belong to. */
  readonly owner: string;
  readonly fileSystemId: pulumi.Output<string>;
  readonly accessPointId: pulumi.Output<string>;
  /** What must exist before a task mounts it, and must outlive it. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: FileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("FileSystem", name, SCHEMA, args, opts);
    const { network, backup, transform } = this.args;
    this.network = network;
    this.owner = this.args.owner ?? "1000:1000";
    this.fileSystem = this.makeFileSystem();
    this.fileSystemId = this.fileSystem.id;
    const fileSystemId = this.fileSystem.id;
    const policy = this.make(aws.efs.FileSystemPolicy, "", { fileSystemId, policy: onlyWithTls(this.fileSystem.arn) }, transform?.policy);
    this.make(
      aws.efs.BackupPolicy,
      "",
      { fileSystemId, backupPolicy: { status: backup ? "ENABLED" : "DISABLED" } },
      transform?.backupPolicy,
    );
    this.accessPoint = this.makeAccessPoint();
    this.accessPointId = this.accessPoint.id;
    this.securityGroup = this.makeClosedGroup(
      network.vpcId,
      `Mount targets of ${name}: NFS from the tasks that mount it`,
      transform?.securityGroup,
    );
    this.mountTargets = this.makeMountTargets();
    this.ready = [policy, ...this.mountTargets];
    this.registerOutputs({ fileSystemId, accessPointId: this.accessPointId });
  }

  private makeFileSystem(): aws.efs.FileSystem {
    const { throughput, infrequentAccessAfter, kmsKeyArn, deletionProtection, transform } = this.args;
    return this.make(
      aws.efs.FileSystem,
      "",
      {
        encrypted: true,
        ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
        throughputMode: throughput,
        ...(infrequentAccessAfter !== undefined && {
          lifecyclePolicies: [{ transitionToIa: afterDays(infrequentAccessAfter) }],
        }),
        tags: { Name: this.label, ...this.tags },
      },
      transform?.fileSystem,
      { protect: deletionProtection },
    );
  }

  private makeAccessPoint(): aws.efs.AccessPoint {
    const [uid, gid] = this.owner.split(":").map(Number) as [number, number];
    return this.make(
      aws.efs.AccessPoint,
      "",
      {
        fileSystemId: this.fileSystem.id,
        posixUser: { uid, gid },
        rootDirectory: { path: ROOT, creationInfo: { ownerUid: uid, ownerGid: gid, permissions: "0750" } },
        tags: this.tags,
      },
      this.args.transform?.accessPoint,
    );
  }

  /** One in each zone: a task reaches the one in its own. */
  private makeMountTargets(): aws.efs.MountTarget[] {
    const { network, transform } = this.args;
    const zones = this.args.zones ?? network.zones ?? 2;
    const subnets = network.subnetsOfZones(zones, (text) => this.refuse("zones", text));
    return Array.from({ length: zones }, (_, i) =>
      this.make(
        aws.efs.MountTarget,
        String(i + 1),
        { fileSystemId: this.fileSystem.id, subnetId: subnets.apply((ids) => ids[i]!), securityGroups: [this.securityGroup.id] },
        transform?.mountTarget,
        // A zone has one of each file system.
        { deleteBeforeReplace: true },
      ),
    );
  }
}

/** Nobody mounts it without TLS; and as the policy allows nothing, only who has a right by IAM mounts it at all. */
const onlyWithTls = (arn: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: CLIENT,
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
