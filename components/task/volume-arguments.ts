// What a task may be told of its volumes, and a container of where it sees them, with the schema of each.
import { LIMITS } from "../../facts/aws-limits";
import { wordComplaint } from "../../facts/errors";
import { type ArgumentsOf, type Deeper, flag, group, groupOr, map, optional, pattern, type Values } from "../base/schema";

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
}

const { takes } = LIMITS["aws:ecs/taskDefinition:TaskDefinition"];
/** An absolute path that is not the root. */
const folder = (example: string) => pattern(/^\/[^:]*[^:/]\/?$/, "the absolute path of a folder", example);

const mount = group({ path: folder("/data"), readOnly: optional(flag(), false) } satisfies ArgumentsOf<MountArgs>);
export const mounts = optional(map(groupOr("path", mount)), {});

const volume = group({ hostPath: optional(folder("/var/lib/app")) } satisfies ArgumentsOf<VolumeArgs>);
export const volumes = optional(map(volume, { name: (name) => takes["volumes[].name"].complaint(name) }), {});

export type Volumes = Record<string, Values<(typeof volume)["entries"]>>;
type Mounts = Record<string, Values<(typeof mount)["entries"]>>;

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
