// What a task may be told of its volumes, and a container of where it sees them, with the schema of each.
import * as pulumi from "@pulumi/pulumi";
import { LIMITS } from "../../facts/aws-limits";
import { wordComplaint } from "../../facts/errors";
import { securityGroupId } from "../base/arguments";
import {
  type Argument,
  type ArgumentsOf,
  type Deeper,
  flag,
  group,
  groupOr,
  input,
  madeOrExisting,
  map,
  optional,
  pattern,
  text,
  type Values,
} from "../base/schema";
import { FileSystem, type FileSystemSettings, fileSystemSettings } from "../files/file-system";
import { type EbsArgs, ebs, secondEbs } from "./ebs";

/** Where a container sees a volume of the task (`mountPoints`). */
export interface MountArgs {
  /** Folder in the container (`containerPath`), such as `/data`. */
  path: string;
  /** Whether the container may only read it (`readOnly`). Defaults to false. */
  readOnly?: boolean;
}

/** A volume that the containers of a task can share. With nothing said of it, it is empty when the task starts, and gone when the task stops. */
export interface VolumeArgs {
  /**
   * Folder of the EC2 instance that the volume is (`host.sourcePath`). It outlives the task, and whoever can write to it can change what the instance's other
   * tasks see there; on EC2 alone. Defaults to none.
   */
  hostPath?: string;
  /**
   * File system that the volume is (`efsVolumeConfiguration`): files that stay, and that all tasks share. `{}` makes one for the task, with what is said of it;
   * a `FileSystem`, or the id of one that exists (`fs-…`, with `accessPoint`), is used as it is. Defaults to none. Cost: 0.30 USD per GB and month.
   */
  efs?: FileSystem | FileSystemSettings | pulumi.Input<string>;
  /** Access point (`fsap-…`) of the file system that `efs` names by its id (`authorizationConfig.accessPointId`). Defaults to none. */
  accessPoint?: pulumi.Input<string>;
  /**
   * Security group of the mount targets of the file system that `efs` names by its id; it then lets the tasks in. Defaults to none: it lets them in already, by
   * one of their `securityGroups`.
   */
  mountTargetSecurityGroup?: pulumi.Input<string>;
  /**
   * Disk that each task of a service has to itself (`configureAtLaunch`, `managedEbsVolume`): encrypted, made when the task starts, deleted when it stops. One
   * for a task. Defaults to none. Cost: 0.08 USD per GiB and month, for each task.
   */
  ebs?: EbsArgs;
}

const { takes } = LIMITS["aws:ecs/taskDefinition:TaskDefinition"];
/** An absolute path that is not the root. */
const folder = (example: string) => pattern(/^\/[^:]*[^:/]\/?$/, "the absolute path of a folder", example);

const mount = group({ path: folder("/data"), readOnly: optional(flag(), false) } satisfies ArgumentsOf<MountArgs>);
export const mounts = optional(map(groupOr("path", mount)), {});

/** The id of a file system. */
export const FILE_SYSTEM = /^fs-[0-9a-f]{8,40}$/;
const EXAMPLE = "fs-0123456789abcdef0";
export const fileSystemComplaint = (given: string) =>
  FILE_SYSTEM.test(given) ? undefined : `${JSON.stringify(given)} is not the id of a file system; write one like "${EXAMPLE}"`;

/** A volume whose file system, where it is not made for it, is called so. */
const volumeWith = (fileSystem: Argument<string>) =>
  group(
    {
      hostPath: optional(folder("/var/lib/app")),
      efs: optional(madeOrExisting(FileSystem, fileSystem, fileSystemSettings)),
      accessPoint: optional(input(pattern(/^fsap-[0-9a-f]{8,40}$/, "the id of an access point", "fsap-0123456789abcdef0"))),
      mountTargetSecurityGroup: optional(input(securityGroupId())),
      ebs: optional(ebs),
    } satisfies ArgumentsOf<VolumeArgs>,
    {
      about: ["hostPath", "efs", "ebs"],
      at: "hostPath",
      complain: (its) => {
        const [at, other] = (["hostPath", "efs", "ebs"] as const).filter((key) => its[key] !== undefined);
        return at && other ? [{ at, text: `${other} is given, too; a volume is one of them: leave out the other.` }] : undefined;
      },
    },
    {
      about: ["efs", "accessPoint", "mountTargetSecurityGroup"],
      at: "accessPoint",
      complain: ({ efs, ...its }) => {
        if (efs !== undefined && isId(efs))
          return its.accessPoint === undefined ? "it is missing; give the access point that the tasks are to use." : undefined;
        const idle = (["accessPoint", "mountTargetSecurityGroup"] as const).filter((key) => its[key] !== undefined);
        return idle.map((at) => ({ at, text: "it belongs to a file system that efs names by its id; name one, or leave it out." }));
      },
    },
  );
export const volumesWith = (fileSystem: Argument<string>) =>
  optional(map(volumeWith(fileSystem), { name: (name) => takes["volumes[].name"].complaint(name) }), {});
/** Volumes that need nothing but the instance. */
export const hostVolumes = optional(
  map(group({ hostPath: optional(folder("/var/lib/app")) } satisfies ArgumentsOf<Pick<VolumeArgs, "hostPath">>), {
    name: (name) => takes["volumes[].name"].complaint(name),
  }),
  {},
);
export const volumes = volumesWith(text(fileSystemComplaint, EXAMPLE, FILE_SYSTEM));

export type Volumes = Record<string, Values<ReturnType<typeof volumeWith>["entries"]>>;
type Mounts = Record<string, Values<(typeof mount)["entries"]>>;

type Efs = NonNullable<Volumes[string]["efs"]>;
/** Whether a file system is there already, and is named by its id. */
export const isId = (efs: Efs): efs is pulumi.Input<string> =>
  typeof efs === "string" ? FILE_SYSTEM.test(efs) : pulumi.Output.isInstance(efs) || efs instanceof Promise;

/** Whether a volume is one of the task's own, without anything in it. */
export const isEmpty = (volume: Volumes[string]) => Object.values(volume).every((source) => source === undefined);

/** "/tmp" -> "tmp", "/var/cache" -> "var-cache" */
export const volumeName = (path: string) => path.replace(/^\/+|\/+$/g, "").replace(/[^A-Za-z0-9_-]+/g, "-");

/** What a container says of the task's volumes, and where that stands. */
interface Mounting {
  at: string;
  writablePaths: readonly string[];
  mounts: Mounts;
}

/** What is wrong with the volumes of a task and what its containers make of them. */
export function volumeComplaints(volumes: Volumes, containers: readonly Mounting[]): Deeper[] {
  const paths = containers.flatMap(({ writablePaths }) => writablePaths);
  return [
    ...twins(paths),
    ...secondEbs(volumes),
    ...Object.keys(volumes).flatMap((name) => {
      const at = `volumes.${name}`;
      const path = paths.find((one) => volumeName(one) === name);
      if (path !== undefined) return [{ at, text: `the volume of the writable path ${path} has this name; choose another.` }];
      return containers.some(({ mounts }) => Object.hasOwn(mounts, name))
        ? []
        : [{ at, text: `no container mounts it; add mounts: { ${name}: "/${name}" }, or leave it out.` }];
    }),
    ...containers.flatMap((container) => mountComplaints(container, Object.keys(volumes))),
  ];
}

/** AWS takes each name of a volume once, and those of writable paths are made of the paths. */
function twins(paths: readonly string[]): Deeper[] {
  const twin = (path: string) => paths.find((other) => other !== path && volumeName(other) === volumeName(path));
  const one = paths.find((path) => twin(path) !== undefined);
  if (one === undefined) return [];
  const both = `${JSON.stringify(one)} and ${JSON.stringify(twin(one))}`;
  return [{ at: "writablePaths", text: `${both} would be one volume, ${volumeName(one)}; write one of them otherwise.` }];
}

const bare = (path: string) => path.replace(/\/+$/, "");

function mountComplaints({ at, writablePaths, mounts }: Mounting, names: readonly string[]): Deeper[] {
  const all = Object.entries(mounts);
  return all.flatMap(([name, { path }], i) => {
    const place = `${at}mounts.${name}`;
    if (!names.includes(name))
      return [
        {
          at: place,
          text:
            names.length > 0
              ? wordComplaint(name, names, "a volume of the task")
              : `the task has no volume of that name; add volumes: { ${name}: {} }, which is an empty one.`,
        },
      ];
    const before = all.slice(0, i).find(([, other]) => bare(other.path) === bare(path));
    if (before) return [{ at: place, text: `${path} is where the volume ${before[0]} is mounted; give it another path.` }];
    return writablePaths.some((other) => bare(other) === bare(path))
      ? [{ at: place, text: `${path} is one of writablePaths, which has a volume of its own; take it out there, or give another path.` }]
      : [];
  });
}
