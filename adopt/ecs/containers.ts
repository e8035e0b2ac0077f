// A container of a task definition as settings: of the app, or of a container beside it.
import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { imageComplaint } from "../../facts/images";
import type { Place } from "../../facts/secrets";
import { showCpu, showMemory } from "../../facts/sizes";
import type { Path } from "../ledger";
import { leaveAll, type Part, sameAll } from "./part";

/** What the rest of the task says of a container. */
export interface Around {
  /** Where the stack is, as far as it is known. */
  place?: Place;
  /** The name of the app's container, and what the stack calls it. */
  app: { was: string; is: string };
  /** The containers that stay. */
  names: readonly string[];
  /** Volumes that writable paths of containers have of their own. */
  scratch: ReadonlySet<string>;
  /** Variables that Berth gives the app itself. */
  variables: Readonly<Record<string, string>>;
  /** Keeps what AWS does where nothing is said and Berth would do otherwise. */
  keep(part: Part<unknown>, field: string, setting: string | Path, value: unknown): void;
}

/** "/tmp" -> "tmp": what the volume of a writable path is called. */
export const volumeName = (path: string) => path.replace(/^\/+|\/+$/g, "").replace(/[^A-Za-z0-9_-]+/g, "-");

type Fields = { [K in keyof ContainerDefinition]?: string };
const NO_SETTING: Fields = {
  workingDirectory: "The image decides it: set WORKDIR in the Dockerfile.",
  links: "Containers of a task in awsvpc mode reach each other by localhost; in bridge mode give the app the address in environment.",
  hostname: "Call the service by connect or dns; a task's own name is known to itself alone.",
  dockerSecurityOptions: "Berth has no setting for labels of SELinux or AppArmor; a program can add them (transform.container).",
  credentialSpecs: "Berth joins no container to an Active Directory; a program can add it (transform.container).",
  volumesFrom: "Name the volume in volumes, and mount it in both containers (mounts).",
};
const SWITCHED_ON: Fields = {
  privileged: "Add the capabilities that it needs (addCapabilities); a program can make it privileged (transform.container).",
  disableNetworking: "Let nothing in and nothing out by security groups (egress); a program can switch it off (transform.container).",
  interactive: "A container of a service has no input; a program can add it (transform.container).",
  pseudoTerminal: "A container of a service has no terminal; a program can add it (transform.container).",
};

/** What every container of a task has, but for its name, its image, its share, its ports and its logs. */
export function translateContainer(part: Part<ContainerDefinition>, around: Around): void {
  part.at("command")?.take("command");
  part.at("entryPoint")?.take("entryPoint");
  translateVariables(part, around);
  const user = part.at("user");
  if (user) user.takeUnlessDefault("user");
  else around.keep(part, "user", "user", "0");
  translateFiles(part, around);
  translateKernel(part, around);
  translateOrder(part, around);
  const check = part.at("healthCheck");
  const { command, interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = check?.value ?? {};
  check?.take("containerHealthCheck", { command, interval, timeout, retries, startPeriod });
  sameAll(part, ["versionConsistency"], "AWS's own: it resolves the tag of an image when a deployment begins");
  for (const key of ["privileged", "disableNetworking", "interactive", "pseudoTerminal"] as const) {
    const one = part.at(key);
    if (one?.value) one.leave(SWITCHED_ON[key]!);
    else one?.same("off");
  }
  for (const one of part.each("resourceRequirements")) {
    if (one.value.type === "GPU") one.take("gpu", Number(one.value.value));
    else one.leave("AWS has ended Elastic Inference; use instances with a GPU or another accelerator.");
  }
  leaveAll(part, NO_SETTING);
}

/** The image, which must not change under a running service; the digest that runs, where its tag moves. */
export function translateImage(part: Part<ContainerDefinition>, image: Path, login: Path, digest?: string): void {
  const complaint = imageComplaint(part.value.image ?? "");
  if (complaint === undefined) part.at("image")?.take(image);
  else if (digest !== undefined)
    part.at("image")?.change("the tag moves, so the image that runs is named by its digest", { setting: image, value: digest });
  else part.at("image")?.leave(`${complaint} It is ${image.join(".")}.`);
  part.at("repositoryCredentials")?.take(login, part.value.repositoryCredentials!.credentialsParameter);
}

/** The share of a container beside the app. */
export function translateShare(part: Part<ContainerDefinition>): void {
  const cpu = part.at("cpu");
  if (cpu && cpu.value > 0) cpu.take("cpu", showCpu(cpu.value));
  else cpu?.same("no share of its own");
  for (const key of ["memory", "memoryReservation"] as const) {
    const one = part.at(key);
    one?.take(key, showMemory(one.value));
  }
}

/** The app's own share: what the sidecars leave. */
export function translateOwnShare(part: Part<ContainerDefinition>, task: { cpu: number; memory: number }, taken: number): void {
  const left = taken > 0 ? task.cpu - taken : 0;
  const cpu = part.at("cpu");
  if (cpu && [left, task.cpu - taken].includes(cpu.value)) cpu.same("the app has the CPU that the sidecars leave");
  else cpu?.change("the app has the CPU that the sidecars leave, because a share of less leaves the rest to nobody");
  const memory = part.at("memory");
  if (memory?.value === task.memory) memory.same("that of the task");
  else memory?.change("the app may use all memory of the task that the sidecars leave", { keep: "give the task as much (memory)" });
  part.at("memoryReservation")?.change("the app has the memory of the task that the sidecars leave, so nothing is reserved for it");
}

function translateVariables(part: Part<ContainerDefinition>, { place, variables }: Around): void {
  for (const one of part.each("environment")) {
    const { name = "", value = "" } = one.value;
    if (Object.hasOwn(variables, name) && variables[name] === value) one.same("Berth gives the app this variable");
    else one.take([...part.to, "environment", name], value);
  }
  for (const one of part.each("secrets")) {
    const { name = "", valueFrom = "" } = one.value;
    takeSecret(one, [...part.to, "secrets", name], valueFrom, place);
  }
  const files = part.at("environmentFiles");
  files?.take(
    "environmentFiles",
    files.value.map(({ value }) => value),
  );
}

/** A secret by what names it: an ARN, or the name of a parameter, which has a slash at its head as Berth writes it. */
export function takeSecret(part: Part<unknown>, setting: Path, valueFrom: string, place: Place | undefined): void {
  if (/^(arn:|\/)/.test(valueFrom)) part.take(setting, valueFrom);
  else if (place) part.take(setting, `arn:${place.partition}:ssm:${place.region}:${place.accountId}:parameter/${valueFrom}`);
  else part.leave(`It is a parameter by its name: give its ARN in ${setting.join(".")}.`);
}

/** The file system of a container: whether it can be written, and what is mounted where. */
function translateFiles(part: Part<ContainerDefinition>, { scratch, keep }: Around): void {
  const readonly = part.at("readonlyRootFilesystem");
  if (readonly) readonly.takeUnlessDefault("readonlyRootFilesystem");
  else keep(part, "readonlyRootFilesystem", "readonlyRootFilesystem", false);
  const mounts = part.each("mountPoints");
  const writable = mounts.filter(({ value }) => scratch.has(value.sourceVolume ?? ""));
  const paths = writable.map(({ value }) => value.containerPath!).sort();
  for (const one of writable) one.take("writablePaths", paths);
  if (writable.length === 0) keep(part, "mountPoints./tmp", "writablePaths", []);
  const seen = new Set<string>();
  for (const one of mounts.filter((mount) => !writable.includes(mount))) {
    const { sourceVolume = "", containerPath = "", readOnly = false } = one.value;
    if (seen.has(sourceVolume)) one.leave(`The volume is mounted at another path already: make ${containerPath} a link in the image.`);
    else one.take([...part.to, "mounts", sourceVolume], readOnly ? { path: containerPath, readOnly } : containerPath);
    seen.add(sourceVolume);
  }
}

/** What a container asks of the machine. */
function translateKernel(part: Part<ContainerDefinition>, { keep }: Around): void {
  const linux = part.at("linuxParameters");
  const capabilities = linux?.at("capabilities");
  const drop = capabilities?.at("drop");
  if (drop) drop.takeUnlessDefault("dropCapabilities");
  else keep(part, "linuxParameters.capabilities.drop", "dropCapabilities", []);
  capabilities?.at("add")?.take("addCapabilities");
  const init = linux?.at("initProcessEnabled");
  if (init) init.takeUnlessDefault("initProcess");
  else keep(part, "linuxParameters.initProcessEnabled", "initProcess", false);
  const shared = linux?.at("sharedMemorySize");
  shared?.take("sharedMemorySize", showMemory(shared.value));
  for (const one of linux?.each("tmpfs") ?? []) {
    one.at("containerPath")?.same("the key of the setting");
    one.at("size")?.take([...part.to, "tmpfs", one.value.containerPath!], showMemory(one.value.size!));
    const options = one.at("mountOptions");
    if (options && [...options.value].sort().join() === "nodev,noexec,nosuid,rw") options.same("Berth's own");
    else options?.change("it is mounted with Docker's options, rw, noexec, nosuid and nodev");
  }
  if (linux) {
    leaveAll(linux, {
      devices: "Berth hands no devices of an instance to containers; a program can (transform.container).",
      maxSwap: "Berth's tasks do not swap: give them the memory that they need (memory).",
      swappiness: "Berth's tasks do not swap: give them the memory that they need (memory).",
    });
  }
  for (const one of part.each("ulimits")) {
    const { name = "", softLimit = 0, hardLimit = softLimit } = one.value;
    one.take([...part.to, "ulimits", name], softLimit === hardLimit ? softLimit : { softLimit, hardLimit });
  }
  for (const one of part.each("systemControls")) one.take([...part.to, "systemControls", one.value.namespace!], one.value.value);
  for (const one of part.each("extraHosts")) one.take([...part.to, "extraHosts", one.value.hostname!], one.value.ipAddress);
  for (const key of ["dockerLabels", "dnsServers", "dnsSearchDomains"] as const) part.at(key)?.take(key);
}

/** When a container starts and stops, and whether it starts again. */
function translateOrder(part: Part<ContainerDefinition>, { app, names }: Around): void {
  for (const one of part.each("dependsOn")) {
    const { containerName = "", condition } = one.value;
    if (!names.includes(containerName)) one.same("Berth's own router starts before what it takes the output of");
    else one.take([...part.to, "dependsOn", containerName === app.was ? app.is : containerName], condition);
  }
  part.at("startTimeout")?.take("startTimeout");
  part.at("stopTimeout")?.takeUnlessDefault("stopTimeout");
  const restart = part.at("restartPolicy");
  const { enabled, ...policy } = restart?.value ?? {};
  if (enabled) restart!.take("restartPolicy", Object.keys(policy).length > 0 ? policy : true);
  else restart?.same("off");
}
