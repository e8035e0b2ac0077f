// What a container asks of the machine that it runs on: capabilities, limits, kernel parameters, memory file systems, names and labels. Which of it a task may
// have depends on where it runs.
import { isIP } from "node:net";
import { CAPABILITIES, LIMITS } from "../../facts/aws-limits";
import { wordComplaint } from "../../facts/errors";
import { parseMemory } from "../../facts/sizes";
import {
  type ArgumentsOf,
  type Complaint,
  group,
  groupOr,
  integer,
  list,
  map,
  oneOf,
  optional,
  pattern,
  scalar,
  size,
  text,
  type Values,
} from "../base/schema";
import { byName, type Container } from "./part";
import type { Compatibility } from "./task";

const { takes: TASK } = LIMITS["aws:ecs/taskDefinition:TaskDefinition"];

/** The two limits of a resource; -1 is unlimited. */
export interface UlimitArgs {
  /** What the process starts with (`softLimit`), -1 to 2147483647. */
  softLimit: number;
  /** What it may raise that to (`hardLimit`), -1 to 2147483647. Defaults to `softLimit`. */
  hardLimit?: number;
}

/** What a container asks of the machine that it runs on. */
export interface KernelArgs {
  /**
   * Linux capabilities to add (`linuxParameters.capabilities.add`), on Fargate `SYS_PTRACE` alone. A process that is not root has one only where its file has it
   * (`setcap`). Defaults to none.
   */
  addCapabilities?: string[];
  /**
   * Limits of the process by name (`ulimits`): a number, or its `softLimit` and `hardLimit`. Defaults to none: those of the place. On Fargate a process may open
   * 65535 files (`nofile`).
   *
   * @example { nofile: 100000 }
   */
  ulimits?: Record<string, number | UlimitArgs>;
  /** Size of /dev/shm (`linuxParameters.sharedMemorySize`): `"256 MB"` or 256; on EC2 alone. Defaults to what Docker gives, 64 MB. */
  sharedMemorySize?: string | number;
  /** File systems in memory by path, each with its size (`linuxParameters.tmpfs`); on EC2 alone. Defaults to none. */
  tmpfs?: Record<string, string | number>;
  /**
   * Kernel parameters (`systemControls`): those of `net.` and `fs.mqueue.`, and those of `kernel.` that a container has by itself, such as `kernel.shmmax`. In
   * awsvpc mode those of `net.` hold for the whole task. Defaults to none: those of the place.
   */
  systemControls?: Record<string, string>;
  /** Labels that Docker keeps with the container, for agents that read them (`dockerLabels`); on Fargate and EC2. Defaults to none. */
  dockerLabels?: Record<string, string>;
  /** Names for the container's /etc/hosts, each with its address (`extraHosts`); on EC2 in bridge mode alone. Defaults to none. */
  extraHosts?: Record<string, string>;
  /** Addresses of DNS servers to ask in place of the VPC's (`dnsServers`); on EC2 in bridge mode alone. Defaults to none. */
  dnsServers?: string[];
  /** Domains in which short names are looked up (`dnsSearchDomains`); on EC2 in bridge mode alone. Defaults to none. */
  dnsSearchDomains?: string[];
}

const limit = () => integer(-1, 2_147_483_647);
const ulimit = group(
  {
    softLimit: limit(),
    hardLimit: optional(limit(), ({ softLimit }: { softLimit: number }) => softLimit),
  } satisfies ArgumentsOf<UlimitArgs>,
  {
    about: ["softLimit", "hardLimit"],
    at: "softLimit",
    complain: ({ softLimit: soft, hardLimit: hard }) =>
      hard !== -1 && (soft === -1 || soft > hard) ? `${soft} is above hardLimit (${hard}); the nearest is ${hard}.` : undefined,
  },
);

const HOST = /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;

const memory = () => size(parseMemory, "a memory size", '"256 MB" or 256 (MiB)');
const address = () =>
  text((given) => (isIP(given) ? undefined : `${JSON.stringify(given)} is not an IP address; write one like "10.0.0.2"`), "10.0.0.2");
const hostComplaint = (name: string) =>
  HOST.test(name) ? undefined : `${JSON.stringify(name)} is not a host name; write one like "db.internal".`;
const named = (limit: { complaint: (value: unknown) => string | undefined }) => ({ name: (key: string) => limit.complaint(key) });

export const kernel = {
  addCapabilities: optional(list(oneOf(...CAPABILITIES)), []),
  ulimits: optional(map(groupOr("softLimit", ulimit), named(TASK["containerDefinitions$[].ulimits[].name"])), {}),
  sharedMemorySize: optional(memory()),
  tmpfs: optional(
    map(memory(), {
      name: (path) => (path.startsWith("/") ? undefined : `${JSON.stringify(path)} is not an absolute path; write one like "/cache".`),
    }),
    {},
  ),
  systemControls: optional(map(scalar(), named(TASK["containerDefinitions$[].systemControls[].namespace"])), {}),
  dockerLabels: optional(map(scalar()), {}),
  extraHosts: optional(map(address(), { name: hostComplaint }), {}),
  dnsServers: optional(list(address()), []),
  dnsSearchDomains: optional(list(pattern(HOST, "a domain", "shop.internal")), []),
} satisfies ArgumentsOf<KernelArgs>;
type Kernel = Values<typeof kernel>;

/** A property of a definition, where it holds anything: ECS gives an empty one back as none. */
const unlessEmpty = <K extends string, T>(key: K, values: T[]) => (values.length > 0 ? { [key]: values } : {}) as { [P in K]?: T[] };

/** The part of a container's definition that is about the machine. */
export const kernelDefinition = (args: Kernel & { dropCapabilities: string[]; initProcess: boolean }) => ({
  systemControls: byName(args.systemControls).map(([namespace, value]) => ({ namespace, value })),
  linuxParameters: {
    ...(args.addCapabilities.length + args.dropCapabilities.length > 0 && {
      capabilities: { add: args.addCapabilities, drop: args.dropCapabilities },
    }),
    initProcessEnabled: args.initProcess,
    ...(args.sharedMemorySize !== undefined && { sharedMemorySize: args.sharedMemorySize }),
    // The options are Docker's own, written out.
    ...unlessEmpty(
      "tmpfs",
      byName(args.tmpfs).map(([containerPath, its]) => ({ containerPath, size: its, mountOptions: ["rw", "noexec", "nosuid", "nodev"] })),
    ),
  },
  ...unlessEmpty(
    "ulimits",
    byName(args.ulimits).map(([name, { softLimit, hardLimit }]) => ({ name, softLimit, hardLimit })),
  ),
  ...(Object.keys(args.dockerLabels).length > 0 && { dockerLabels: Object.fromEntries(byName(args.dockerLabels)) }),
  ...unlessEmpty(
    "extraHosts",
    byName(args.extraHosts).map(([hostname, ipAddress]) => ({ hostname, ipAddress })),
  ),
  ...unlessEmpty("dnsServers", args.dnsServers),
  ...unlessEmpty("dnsSearchDomains", args.dnsSearchDomains),
});

/** Where a container runs, as far as that decides what it may ask for. */
type Place = "Fargate" | "Managed Instances" | "EC2 in awsvpc mode" | "EC2 in bridge mode";
const placeOf = ({ requires, networkMode }: Compatibility): Place =>
  requires === "FARGATE" ? "Fargate" : requires === "MANAGED_INSTANCES" ? "Managed Instances" : `EC2 in ${networkMode} mode`;

interface Taken {
  on: readonly Place[];
  /** The same in words. */
  where: string;
  instead: string;
}
const EC2: Pick<Taken, "on" | "where"> = { on: ["EC2 in awsvpc mode", "EC2 in bridge mode"], where: "EC2 (compute: ec2)" };
const BRIDGE: Pick<Taken, "on" | "where"> = { on: ["EC2 in bridge mode"], where: "EC2 in bridge mode (compute: ec2, networkMode: bridge)" };
const OF_THE_VPC = "the DHCP options of the VPC decide it for all that is in it";

/**
 * What is not taken everywhere. AWS lists it for Fargate and Managed Instances ("task definition differences"); in awsvpc mode the containers share the network
 * of another one, and Docker then gives none of them names or servers of its own.
 */
const TAKEN: { [K in keyof Kernel | "gpu"]?: Taken } = {
  sharedMemorySize: { ...EC2, instead: "a program that may write elsewhere can use /tmp" },
  tmpfs: { ...EC2, instead: "writablePaths are on the disk of the task" },
  dockerLabels: { on: ["Fargate", ...EC2.on], where: "Fargate and EC2", instead: "tags are on the task itself" },
  extraHosts: { ...BRIDGE, instead: "a private hosted zone of Route 53 has names for the whole VPC" },
  dnsServers: { ...BRIDGE, instead: OF_THE_VPC },
  dnsSearchDomains: { ...BRIDGE, instead: OF_THE_VPC },
  gpu: {
    on: ["Managed Instances", ...EC2.on],
    where: "EC2 and Managed Instances with instances that have GPUs",
    instead: "set compute",
  },
};

/** What a container on Fargate may have in addition to Docker's own capabilities. */
const FARGATE_CAPABILITIES = ["SYS_PTRACE"];
/** Seconds that Fargate waits for a container at most. */
const FARGATE_START = 120;

/** What containers ask for that they cannot have where the task runs. */
export function placeComplaints(containers: readonly Container[], where: Compatibility): Complaint[] {
  const place = placeOf(where);
  return containers.flatMap(({ at, args }) => [
    ...Object.entries(TAKEN).flatMap(([key, { on, where: places, instead }]) =>
      isGiven(args[key as keyof typeof TAKEN]) && !on.includes(place)
        ? [{ path: [...at, key], text: `a task on ${place} cannot have it; allowed on: ${places}; ${instead}, or leave it out.` }]
        : [],
    ),
    ...(place === "Fargate" ? fargateComplaints(at, args) : []),
  ]);
}

const isGiven = (value: unknown) => (typeof value === "object" && value !== null ? Object.keys(value).length > 0 : value !== undefined);

const fargateComplaints = (at: string[], { addCapabilities, startTimeout = 0 }: Container["args"]): Complaint[] => [
  ...addCapabilities.flatMap((capability, i) =>
    FARGATE_CAPABILITIES.includes(capability)
      ? []
      : [{ path: [...at, "addCapabilities", String(i)], text: wordComplaint(capability, FARGATE_CAPABILITIES, "possible on Fargate") }],
  ),
  ...(startTimeout > FARGATE_START
    ? [
        {
          path: [...at, "startTimeout"],
          text: `${startTimeout} is out of range on Fargate; allowed: 2 to ${FARGATE_START} seconds; the nearest is ${FARGATE_START}.`,
        },
      ]
    : []),
];
