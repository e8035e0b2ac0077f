// The volumes of a task as settings: empty ones, folders of the instance, file systems that are there, and disks that ECS makes.
import type { ContainerDefinition, ServiceVolumeConfiguration, Volume } from "@aws-sdk/client-ecs";
import { volumeName } from "./containers";
import { leaveAll, type Part, sameAll } from "./part";

const isEmpty = ({ host, ...its }: Volume) => host?.sourcePath === undefined && Object.keys(its).every((key) => key === "name");

/** The volumes that writable paths have of their own: empty, called as the path, and written to wherever they are mounted. */
export function scratchOf(volumes: readonly Volume[], containers: readonly ContainerDefinition[]): Set<string> {
  const mounts = containers.flatMap(({ mountPoints = [] }) => mountPoints);
  const own = volumes.filter((volume) => {
    const its = mounts.filter(({ sourceVolume }) => sourceVolume === volume.name);
    return isEmpty(volume) && its.length > 0 && its.every((one) => volumeName(one.containerPath ?? "") === volume.name && !one.readOnly);
  });
  return new Set(own.map(({ name = "" }) => name));
}

const ELSEWHERE: { [K in keyof Volume]?: string } = {
  dockerVolumeConfiguration: "Berth has no setting for volumes of a Docker plugin; use efs, ebs or hostPath.",
  fsxWindowsFileServerVolumeConfiguration: "It is for Windows.",
  s3filesVolumeConfiguration: "Berth has no setting for S3 Files: use efs, or read the bucket with the SDK (permissions).",
};

/** A volume of the task definition, and what the service says of it. */
export function translateVolume(
  part: Part<Volume>,
  scratch: ReadonlySet<string>,
  configured: readonly Part<ServiceVolumeConfiguration>[],
): void {
  const { name = "" } = part.value;
  if (scratch.has(name)) {
    part.same("the volume of a writable path");
    return;
  }
  const to = [...part.to, "volumes", name];
  part.at("name")?.take(to, {});
  const host = part.at("host");
  host?.take([...to, "hostPath"], host.value.sourcePath);
  const atLaunch = part.at("configuredAtLaunch");
  const its = configured.find((one) => one.value.name === name);
  if (atLaunch?.value && its === undefined)
    atLaunch.leave(`Say how the volume is: ${to.join(".")}.ebs; what describes the service does not tell it.`);
  else atLaunch?.same(atLaunch.value ? "the service says how the volume is" : "off");
  if (its) translateDisk(its, [...to, "ebs"]);
  translateFiles(part, to);
  leaveAll(part, ELSEWHERE);
}

function translateFiles(part: Part<Volume>, to: readonly (string | number)[]): void {
  const efs = part.at("efsVolumeConfiguration");
  if (!efs) return;
  const authorization = efs.at("authorizationConfig");
  const accessPoint = authorization?.at("accessPointId");
  if (!accessPoint) {
    efs.leave(
      `Berth mounts file systems through access points: make one for ${efs.value.rootDirectory ?? "/"}, and name it with the file system in ${to.join(".")} (efs, accessPoint).`,
    );
    return;
  }
  efs.at("fileSystemId")?.take([...to, "efs"]);
  accessPoint.take([...to, "accessPoint"]);
  const iam = authorization?.at("iam");
  if (iam?.value === "ENABLED") iam.same("always");
  else authorization?.differs("iam", "the task's role gets the right to mount it, because without IAM whoever reaches the file system may");
  const encrypted = efs.at("transitEncryption");
  if (encrypted?.value === "ENABLED") encrypted.same("always");
  else efs.differs("transitEncryption", "it is mounted with TLS");
  efs.at("rootDirectory")?.same("the access point has it");
  efs.at("transitEncryptionPort")?.change("the mount helper chooses the port");
}

/** A disk that ECS makes for each task. */
function translateDisk(part: Part<ServiceVolumeConfiguration>, to: readonly (string | number)[]): void {
  part.at("name")?.same("the volume's");
  const disk = part.at("managedEBSVolume");
  if (!disk) return;
  const keys = {
    sizeInGiB: "size",
    volumeType: "type",
    iops: "iops",
    throughput: "throughput",
    snapshotId: "snapshot",
    filesystemType: "fileSystem",
  } as const;
  for (const [key, setting] of Object.entries(keys)) {
    const one = disk.at(key as keyof typeof keys);
    one?.take([...to, setting]);
  }
  const encrypted = disk.at("encrypted");
  if (encrypted?.value) encrypted.same("always");
  else disk.differs("encrypted", "it is encrypted");
  disk.at("roleArn")?.change("Berth makes the role by which ECS makes the volumes");
  sameAll(disk, ["tagSpecifications"], "ECS tags them as the service");
  leaveAll(disk, {
    kmsKeyId: "Name the key for the whole stack: kmsKeyArn.",
    volumeInitializationRate: "Berth has no setting for it; a volume of a snapshot is read as it is needed.",
  });
}
