// The volumes of a task.
import * as pulumi from "@pulumi/pulumi";
import type * as aws from "../base/aws";
import type { Location } from "../base/location";
import type { Refuse } from "../base/origin";
import type { Values } from "../base/schema";
import { FileSystem, type fileSystemSettings } from "../files/file-system";
import type { NetworkLike } from "../network/network-like";
import { byName, type Container, type Reach, type TaskPart, unique } from "./part";
import type { Compatibility } from "./task";
import { isId, type Volumes, volumeName } from "./volume-arguments";

/** An empty volume for each writable path; two containers with the same path share it. */
export const scratchPart = (containers: Container[]): TaskPart => ({
  volumes: unique(containers.flatMap(({ args }) => args.writablePaths)).map((path) => ({ name: volumeName(path) })),
});

/** What the volumes of a task are made in. */
export interface Around {
  where: Compatibility;
  network: NetworkLike;
  refuse: Refuse;
  /** Makes a file system for the volume of that name. */
  makeFileSystem(name: string, settings: Values<(typeof fileSystemSettings)["entries"]>): FileSystem;
}

const NO_HOST = {
  FARGATE: "a task on Fargate has no instance",
  MANAGED_INSTANCES: "ECS hands out no folder of the instances that it manages",
};

/** The volumes that the task's containers name. */
export function volumesPart(volumes: Volumes, containers: Container[], around: Around): TaskPart {
  const all = byName(volumes);
  for (const [name, { hostPath, efs, ebs }] of all) {
    const { requires, amiFamily, daemon } = around.where;
    if (hostPath !== undefined && requires !== "EC2" && !daemon)
      around.refuse(["volumes", name, "hostPath"], `${NO_HOST[requires]}; use compute: ec2, or leave it out for an empty volume.`);
    if (efs !== undefined && amiFamily === "bottlerocket")
      around.refuse(["volumes", name, "efs"], "Bottlerocket mounts no file system with TLS; set amiFamily: al2023 for the instances.");
    if (ebs !== undefined && amiFamily === "bottlerocket")
      around.refuse(["volumes", name, "ebs"], "Bottlerocket attaches no volume that ECS makes; set amiFamily: al2023 for the instances.");
  }
  const files = all.flatMap(([name, volume]) => (volume.efs === undefined ? [] : [fileSystemOf(name, volume, around)]));
  return {
    volumes: all.map(([name, { hostPath, ebs }]) => ({
      name,
      // The service says how the volume is.
      ...(ebs !== undefined && { configureAtLaunch: true }),
      ...(hostPath !== undefined && { hostPath }),
      ...files.find((one) => one.name === name)?.configuration,
    })),
    taskRights: mountRights(files, containers),
    reaches: files.flatMap(({ group }) => (group === undefined ? [] : [{ group, port: NFS }])),
    ready: files.flatMap(({ ready }) => ready),
  };
}

const NFS = 2049;

/** A file system that a volume is, made here, made elsewhere in the program, or there already. */
interface Files {
  name: string;
  configuration: Pick<aws.types.input.ecs.TaskDefinitionVolume, "efsVolumeConfiguration">;
  arn: pulumi.Output<string>;
  accessPointArn: pulumi.Output<string>;
  /** Whose files they are: with another owner it is another access point. */
  owner?: string;
  /** Who lets the tasks in. */
  group?: Reach["group"];
  ready: pulumi.Resource[];
}

function fileSystemOf(name: string, { efs, accessPoint, mountTargetSecurityGroup }: Volumes[string], around: Around): Files {
  if (isId(efs!)) {
    const arn = (kind: string, id: pulumi.Input<string>) => arnOf(around.network.location, kind, id);
    return {
      name,
      configuration: configurationOf(efs, accessPoint!),
      arn: arn("file-system", efs),
      accessPointArn: arn("access-point", accessPoint!),
      ...(mountTargetSecurityGroup !== undefined && { group: mountTargetSecurityGroup }),
      ready: [],
    };
  }
  const made = efs instanceof FileSystem ? efs : around.makeFileSystem(name, efs!);
  if (made.network.vpcId !== around.network.vpcId)
    around.refuse(["volumes", name, "efs"], `${made.label} is in another network than the cluster; both must be made with the same one.`);
  return {
    name,
    configuration: configurationOf(made.fileSystemId, made.accessPointId),
    arn: made.fileSystem.arn,
    accessPointArn: made.accessPoint.arn,
    owner: made.owner,
    group: made.securityGroup,
    ready: made.ready,
  };
}

const arnOf = ({ partition, region, accountId }: Location, kind: string, id: pulumi.Input<string>) =>
  pulumi.interpolate`arn:${partition}:elasticfilesystem:${region}:${accountId}:${kind}/${id}`;

/** Encrypted on the way, and mounted by the right of the task's role. */
const configurationOf = (fileSystemId: pulumi.Input<string>, accessPointId: pulumi.Input<string>): Files["configuration"] => ({
  efsVolumeConfiguration: {
    fileSystemId,
    rootDirectory: "/",
    transitEncryption: "ENABLED",
    authorizationConfig: { accessPointId, iam: "ENABLED" },
  },
});

/** Mount these file systems through these access points, and write to those that some container does not only read. */
function mountRights(files: Files[], containers: Container[]): TaskPart["taskRights"] {
  const isWritten = ({ name }: Files) => containers.some(({ args }) => args.mounts[name]?.readOnly === false);
  const right = (sid: string, action: string, on: Files[]) => ({
    sid,
    actions: [`elasticfilesystem:${action}`],
    resources: on.map(({ arn }) => arn),
    conditions: { StringEquals: { "elasticfilesystem:AccessPointArn": on.map(({ accessPointArn }) => accessPointArn) } },
  });
  return {
    statements:
      files.length > 0 ? [right("MountFiles", "ClientMount", files), right("WriteFiles", "ClientWrite", files.filter(isWritten))] : [],
    named: files.map((file) => ({ ...file.configuration, volume: file.name, owner: file.owner, isWritten: isWritten(file) })),
  };
}
