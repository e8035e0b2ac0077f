// Volumes: named ones are file systems that stay, folders of a developer's machine are left, the rest is a writable folder of the task.
import { each, type Field, type Handlers } from "./field";
import type { One, Shape } from "./shape";
import { at, type Work } from "./work";

/** A volume of a service as Compose has it. */
interface Mount {
  field: Field;
  type: string;
  source: string | undefined;
  target: string;
  readOnly: boolean;
}

function mountOf(field: Field): Mount | undefined {
  if (field.isMap) {
    const target = field.get("target")?.text;
    if (target === undefined) return undefined;
    const type = field.get("type")?.text ?? "volume";
    return { field, type, source: field.get("source")?.text, target, readOnly: field.get("read_only")?.flag ?? false };
  }
  const parts = field.text?.split(":");
  if (!parts || parts.length > 3 || parts.some((part) => part === "")) return undefined;
  if (parts.length === 1) return { field, type: "volume", source: undefined, target: parts[0]!, readOnly: false };
  const [source, target, mode = ""] = parts;
  return {
    field,
    type: /^[./~]/.test(source!) ? "bind" : "volume",
    source: source!,
    target: target!,
    readOnly: mode.split(",").includes("ro"),
  };
}

const mountsOf = ({ field }: One): Mount[] => (field.get("volumes")?.items() ?? []).flatMap((one) => mountOf(one) ?? []);
const isInStack = ({ kind }: One) => kind === "service" || kind === "task";
const usersOf = (name: string, { ones }: Shape) =>
  ones.filter((one) => mountsOf(one).some(({ type, source }) => type === "volume" && source === name));
const sharers = (name: string, shape: Shape) => usersOf(name, shape).filter(isInStack);

/** The name of a volume in a stack file. */
const volumeWord = (name: string) => name.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^_+/, "") || "data";

/** `volumes` and `tmpfs` of a service. */
export function translateVolumes(work: Work): void {
  const writable: string[] = [];
  const all = mountsOf(work.one);
  for (const [i, mount] of all.entries()) {
    if (all.some(({ target }, j) => j > i && target === mount.target)) mount.field.same(`A later volume stands at ${mount.target}.`);
    else translate(mount, writable, work);
  }
  for (const field of work.one.field.get("tmpfs")?.oneOrMore() ?? []) {
    const path = (field.text ?? "").split(":")[0]!;
    if (!path.startsWith("/")) continue;
    writable.push(path);
    field.change("Fargate has no file systems in memory: it is a folder on the task's disk, empty when the task starts.", inMemory(work));
  }
  const isReadOnly = work.one.field.get("read_only")?.flag === true;
  if (writable.length > 0 || !isReadOnly) work.ledger.set(at(work, "writablePaths"), [...new Set(writable)]);
}

const inMemory = (work: Work) => ({ setting: at(work, "writablePaths"), keep: `compute: ec2, and ${at(work, "tmpfs").join(".")}.` });

function translate(mount: Mount, writable: string[], work: Work): void {
  const { field, type, source, target } = mount;
  if (type === "tmpfs") {
    writable.push(target);
    say(field, (one) => one.change("Fargate has no file systems in memory: it is a folder on the task's disk.", inMemory(work)));
    field.get("tmpfs")?.leave("A folder on the task's disk has no size of its own; the disk is service.ephemeralStorage.");
  } else if (type === "bind") say(field, (one) => one.leave(bound(mount)));
  else if (type !== "volume") say(field, (one) => one.leave(`A task has no volumes of the type ${type}.`));
  else if (source === undefined && target.includes("node_modules")) {
    say(field, (one) => one.same("It keeps the image's folder from what is mounted above it, and nothing is mounted there."));
  } else if (source === undefined) {
    writable.push(target);
    say(field, (one) =>
      one.change("It is an empty folder of the task, without what the image has there.", { setting: at(work, "writablePaths") }),
    );
  } else named(mount, source, work);
}

/** The account of a volume in the short form, or of the parts of the long one that say which it is. */
function say(field: Field, tell: (field: Field) => void): void {
  tell(field.isMap ? field.get("target")! : field);
  for (const key of ["type", "source", "consistency"]) field.get(key)?.same("Told with its target.");
  field.get("read_only")?.same("Told with its target.");
  for (const key of ["create_host_path", "propagation", "selinux", "recursive"]) field.get("bind")?.get(key)?.same("Told with its target.");
  each(field.get("volume"), VOLUME, undefined);
  each(field.get("image"), VOLUME, undefined);
}

const VOLUME: Handlers<undefined> = {
  nocopy: (field) => field.same("Nothing of the image is copied into a volume on ECS."),
  subpath: (field) => field.leave("A mount is the whole file system; keep what belongs apart in another volume."),
  labels: (field) => field.leave("Docker's labels say nothing there; tags are the stack's `tags`."),
};

function bound({ source = "", target }: Mount): string {
  if (/docker\.sock$/.test(source)) return "There is no Docker to talk to on ECS.";
  if (/^\.{0,2}\/?$/.test(source) || !/\.[A-Za-z0-9]+$/.test(source))
    return `${source} is a folder of your machine. Source code is in the image (COPY ${source} ${target} in its Dockerfile); what the app writes belongs on a file system: a volume with efs.`;
  return `${source} is a file of your machine. Put it into the image: COPY ${source} ${target} in its Dockerfile.`;
}

function named({ field, target, readOnly }: Mount, source: string, work: Work): void {
  const word = volumeWord(source);
  const isShared = sharers(source, work.shape).length > 1;
  work.ledger.set([...at(work, "volumes", word), "efs"], isShared ? word : {});
  const value = readOnly ? { path: target, readOnly: true } : target;
  const setting = at(work, "mounts", word);
  if (!field.isMap) field.take(setting, value);
  else {
    field.get("target")!.take(setting, value);
    field.get("read_only")?.take(setting, value);
    for (const key of ["type", "source"]) field.get(key)?.take(at(work, "volumes", word), work.ledger.get(at(work, "volumes", word)));
    field.get("consistency")?.same("It is for Docker Desktop.");
    each(field.get("volume"), VOLUME, undefined);
  }
}

const EFS =
  "It is a file system (EFS), 0.30 USD per GB and month: new and empty, without what the image has there; its files belong to one user, so a container that changes their owner (chown) fails.";

/** A volume at the top level. */
export function translateTopLevelVolume(name: string, field: Field, { shape, ledger }: Pick<Work, "shape" | "ledger">): void {
  const [first, ...others] = sharers(name, shape);
  if (first === undefined) {
    const users = usersOf(name, shape).map((one) => one.name);
    field.change(users.length === 0 ? "No service has it." : `It belongs to ${users.join(", ")}, which is not in the stack.`);
    return;
  }
  const word = volumeWord(name);
  const setting = others.length > 0 ? ["fileSystems", word] : [...first.at, "volumes", word, "efs"];
  if (others.length > 0) ledger.set(setting, {});
  const more = { setting, keep: "Copy the files that it is to begin with, from a task that mounts it." };
  if (field.entries().length === 0) field.change(EFS, more);
  else if (field.get("driver")) field.get("driver")!.change(EFS, more);
  else field.file.source.change([...field.path, "driver"], EFS, more);
  each(field, TOP_LEVEL, undefined);
}

const TOP_LEVEL: Handlers<undefined> = {
  driver_opts: (field) => field.leave("A volume is EFS: one that exists is named by its id (efs: fs-…, accessPoint: fsap-…)."),
  external: (field) =>
    field.leave("Its files are elsewhere: copy them, or name a file system of AWS that has them (efs: fs-…, accessPoint: fsap-…)."),
  name: (field) => field.same("The file system is named after the stack and the service."),
  labels: (field) => field.leave("Docker's labels say nothing there; tags are the stack's `tags`."),
};
