// What fixes a finding where a component of Berth made the resource: a setting, and the argument behind it.
import { COMPONENT_PREFIX } from "../../facts/types";
import type { StackFile } from "../graph/graph";
import type { AnyResource } from "../graph/types";

/** The components that people write arguments for. A resource belongs to the innermost of them around it that a rule has something to say about. */
export type Component =
  | "Network"
  | "Cluster"
  | "Ec2Capacity"
  | "ManagedInstancesCapacity"
  | "LoadBalancer"
  | "NetworkLoadBalancer"
  | "AppImage"
  | "MirroredImage"
  | "FileSystem"
  | "Service"
  | "Job"
  | "Daemon"
  | "EncryptionKey"
  | "Alarms"
  | "Notifications";

/**
 * What keeps a rule where that component made the resource. `nat: perZone` is the argument, and the setting of the same name in the component's group of
 * settings. The long form is for an argument that has another setting (written out), or none, or that is another component's (`of`).
 */
export type Remedy = string | { argument: string; setting?: string; of?: string };

/**
 * By component. The others, and all of them where the word stands alone, keep the rule by themselves and have no argument for it: what broke it came
 * from a `transform`. `none` is for rules about what no component makes.
 */
export type Remedies = Partial<Record<Component, Remedy>> | "transform" | "none";

/** The value, or the nearest that is allowed. */
export const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** The same for everything that runs a container. */
export const ofTask = (remedy: Remedy) => ({ Service: remedy, Job: remedy, Daemon: remedy }) satisfies Remedies;

const COMPONENTS: Readonly<Record<string, Component>> = {
  Network: "Network",
  Cluster: "Cluster",
  Ec2Capacity: "Ec2Capacity",
  ManagedInstancesCapacity: "ManagedInstancesCapacity",
  LoadBalancer: "LoadBalancer",
  NetworkLoadBalancer: "NetworkLoadBalancer",
  AppImage: "AppImage",
  MirroredImage: "MirroredImage",
  FileSystem: "FileSystem",
  FargateService: "Service",
  Ec2Service: "Service",
  ManagedInstancesService: "Service",
  OneOffTask: "Job",
  ScheduledTask: "Job",
  Daemon: "Daemon",
  EncryptionKey: "EncryptionKey",
  Alarms: "Alarms",
  Notifications: "Notifications",
};

/** Where the stack file of the template has a component's settings. */
const GROUPS: Readonly<Partial<Record<Component, (name: string) => string>>> = {
  Network: () => "network.",
  Cluster: () => "cluster.",
  Ec2Capacity: () => "ec2.",
  ManagedInstancesCapacity: () => "managedInstances.",
  LoadBalancer: () => "loadBalancer.",
  NetworkLoadBalancer: () => "networkLoadBalancer.",
  AppImage: () => "image.",
  FileSystem: (name) => `fileSystems.${name}.`,
  Service: () => "service.",
  Job: (name) => `tasks.${name}.`,
  Daemon: (name) => `daemons.${name}.`,
  Notifications: () => "notify.",
};

interface Owner {
  component: Component;
  /** As the program calls it: `FargateService "web"`. */
  label: string;
  name: string;
  /** The path of its arguments in those of the component that creates it: the group of a cluster's instances. */
  path: string;
  /** Where a stack file has its arguments, if it has. */
  group?: string;
}

/** The components around a resource that people write arguments for, from the inside out. */
export function componentsAround(resource: AnyResource): Owner[] {
  const around: Owner[] = [];
  const above = ancestors(resource);
  for (const [index, { type, name }] of above.entries()) {
    const kind = kindOf(type);
    if (kind === undefined) continue;
    const inside = placeWithin(kind, name, above.slice(index + 1));
    const whole = inside?.whole ?? { type, name };
    const group = inside?.group ?? GROUPS[kind]?.(name);
    around.push({
      component: kind,
      label: `${whole.type.slice(COMPONENT_PREFIX.length)} "${whole.name}"`,
      name: whole.name,
      path: inside?.path ?? "",
      ...(group !== undefined && { group }),
    });
  }
  // A scheduled task is made of a one-off task of its name: the program made the outer one.
  return around.filter(({ component }, index) => around[index + 1]?.component !== component);
}

function ancestors(resource: AnyResource): Ancestor[] {
  const found: Ancestor[] = [];
  for (let above = resource.parent; above; above = above.parent) found.push(above);
  return found;
}

function kindOf(type: string): Component | undefined {
  const name = type.startsWith(COMPONENT_PREFIX) ? type.slice(COMPONENT_PREFIX.length) : "";
  return Object.hasOwn(COMPONENTS, name) ? COMPONENTS[name] : undefined;
}

interface Ancestor {
  type: string;
  name: string;
}

/** Where a component stands in another's arguments: `apps-blue` is the group `blue` of cluster `apps`, `web-data` the volume `data` of service `web`. */
function placeWithin(kind: Component, name: string, above: Ancestor[]): { whole: Ancestor; path: string; group?: string } | undefined {
  const [outer] = above;
  if (outer && kindOf(outer.type) === "Cluster") {
    if (kind === "Ec2Capacity") return { whole: outer, path: `ec2.${name.slice(outer.name.length + 1)}.` };
    return kind === "ManagedInstancesCapacity" ? { whole: outer, path: "managedInstances." } : undefined;
  }
  const whole = above.filter(({ type }) => ["Service", "Job"].includes(kindOf(type) ?? "")).at(-1);
  if (kind !== "FileSystem" || !whole) return undefined;
  const path = `volumes.${name.slice(whole.name.length + 1)}.efs.`;
  return { whole, path, group: `${GROUPS[kindOf(whole.type)!]!(whole.name)}${path}` };
}

/** How to fix what is wrong with a resource that a component of Berth made: one sentence, and whether that is by a setting. */
export interface Advice {
  fix: string;
  /** False where only the component's transform can have broken the rule: the resource's own properties are then what to look at. */
  bySetting: boolean;
}

/** Undefined where no component of Berth made the resource. */
export function remedyFor(resource: AnyResource, remedies: Remedies, fix: string, stackFile?: StackFile): Advice | undefined {
  const around = componentsAround(resource);
  const outermost = around.at(-1);
  if (outermost === undefined || remedies === "none") return undefined;
  const owner = typeof remedies === "string" ? undefined : around.find(({ component }) => remedies[component] !== undefined);
  if (owner === undefined || typeof remedies === "string")
    return { fix: `In the transform of ${outermost.label}, which keeps this rule by itself: ${fix}`, bySetting: false };
  return { fix: sentence(remedies[owner.component]!, owner, stackFile), bySetting: true };
}

function sentence(remedy: Remedy, { label, name, path, group }: Owner, stackFile?: StackFile): string {
  const { argument, setting, of = label } = typeof remedy === "string" ? longForm(remedy, group) : remedy;
  if (!stackFile || setting === undefined) return `Set ${path}${asCode(argument)} on ${of}.`;
  // What `service` has, a service by name has under its name, its image too.
  const place = stackFile.services.includes(name)
    ? setting.replace(/\b(service\.|image\.)/g, (key) => `services.${name}.${key.replace("service.", "")}`)
    : setting;
  return `Set ${place} in the stack file (argument ${path}${argument.split(":")[0]} of ${of}).`;
}

function longForm(argument: string, group: string | undefined): { argument: string; setting?: string; of?: string } {
  return { argument, ...(group !== undefined && { setting: `${group}${argument}` }) };
}

/** `nat: perZone` as the program writes it: `nat: "perZone"`. */
function asCode(argument: string): string {
  const [, key, value] = argument.match(/^([\w.]+): ([A-Za-z/][^([{]*|\d\S* \S+|\d+:\d+)$/) ?? [];
  return value === undefined || value === "true" || value === "false" ? argument : `${key}: "${value}"`;
}
