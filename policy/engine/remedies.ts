// What mends a finding where a component of Berth made the resource: a setting, and the argument behind it.
import { COMPONENT_PREFIX } from "../../facts/types";
import type { AnyResource } from "../graph/types";

/** The components that people write arguments for. A resource belongs to the innermost of them around it that a rule has something to say about. */
export type Component =
  | "Network"
  | "Cluster"
  | "Ec2Capacity"
  | "ManagedInstancesCapacity"
  | "LoadBalancer"
  | "AppImage"
  | "MirroredImage"
  | "Service"
  | "Job"
  | "EncryptionKey";

/**
 * `nat: perZone`: the argument, and the setting of the same name in the component's group of settings. `setting` is there where the stack file says it
 * otherwise. A component that keeps a rule by itself has no argument for it: what broke it came from its `transform` (of that name).
 */
export type Remedy = string | { argument: string; setting: string } | { transform: string } | { text: string };

export type Remedies = Partial<Record<Component, Remedy>>;

const COMPONENTS: Readonly<Record<string, Component>> = {
  Network: "Network",
  Cluster: "Cluster",
  Ec2Capacity: "Ec2Capacity",
  ManagedInstancesCapacity: "ManagedInstancesCapacity",
  LoadBalancer: "LoadBalancer",
  AppImage: "AppImage",
  MirroredImage: "MirroredImage",
  FargateService: "Service",
  Ec2Service: "Service",
  ManagedInstancesService: "Service",
  OneOffTask: "Job",
  ScheduledTask: "Job",
  EncryptionKey: "EncryptionKey",
};

/** Where the stack file of the template has a component's settings. */
const GROUPS: Readonly<Partial<Record<Component, (name: string) => string>>> = {
  Network: () => "network.",
  Cluster: () => "cluster.",
  Ec2Capacity: () => "ec2.",
  ManagedInstancesCapacity: () => "managedInstances.",
  LoadBalancer: () => "loadBalancer.",
  AppImage: () => "image.",
  Service: () => "service.",
  Job: (name) => `tasks.${name}.`,
};

interface Owner {
  component: Component;
  /** As the program calls it: `FargateService "web"`. */
  label: string;
  name: string;
  /** What stands in front of its arguments where it is made inside of another component: the group of a cluster's instances. */
  path: string;
}

/** The components around a resource that people write arguments for, from the inside out. */
export function componentsAround(resource: AnyResource): Owner[] {
  const around: Owner[] = [];
  const above = ancestors(resource);
  for (const [index, { type, name }] of above.entries()) {
    const kind = kindOf(type);
    if (kind === undefined) continue;
    const outer = above[index + 1];
    const path = outer && kindOf(outer.type) === "Cluster" ? pathInCluster(kind, name, outer.name) : undefined;
    const whole = path === undefined ? { type, name } : outer!;
    around.push({
      component: kind,
      label: `${whole.type.slice(COMPONENT_PREFIX.length)} "${whole.name}"`,
      name: whole.name,
      path: path ?? "",
    });
  }
  // A scheduled task is made of a one-off task of its name: the program made the outer one.
  return around.filter(({ component }, index) => around[index + 1]?.component !== component);
}

function ancestors(resource: AnyResource): { type: string; name: string }[] {
  const found: { type: string; name: string }[] = [];
  for (let above = resource.parent; above; above = above.parent) found.push(above);
  return found;
}

function kindOf(type: string): Component | undefined {
  const name = type.startsWith(COMPONENT_PREFIX) ? type.slice(COMPONENT_PREFIX.length) : "";
  return Object.hasOwn(COMPONENTS, name) ? COMPONENTS[name] : undefined;
}

/** A cluster makes its instances: `apps-blue` is the group `blue` of cluster `apps`. */
function pathInCluster(kind: Component, name: string, cluster: string): string | undefined {
  if (kind === "Ec2Capacity") return `ec2.${name.slice(cluster.length + 1)}.`;
  return kind === "ManagedInstancesCapacity" ? "managedInstances." : undefined;
}

/** One sentence that says what to set; undefined where no component of Berth made the resource, or the rule has nothing to say about it. */
export function remedyFor(resource: AnyResource, remedies: Remedies, fromStackFile: boolean): string | undefined {
  const owner = componentsAround(resource).find(({ component }) => remedies[component] !== undefined);
  return owner && sentence(remedies[owner.component]!, owner, fromStackFile);
}

function sentence(remedy: Remedy, { component, label, name, path }: Owner, fromStackFile: boolean): string {
  if (typeof remedy === "object" && "text" in remedy) return remedy.text;
  if (typeof remedy === "object" && "transform" in remedy)
    return `${label} has no argument for it and keeps the rule by itself: correct what transform.${remedy.transform} changes.`;
  const argument = typeof remedy === "string" ? remedy : remedy.argument;
  const group = GROUPS[component]?.(name);
  const setting = typeof remedy === "string" ? (group === undefined ? undefined : `${group}${remedy}`) : remedy.setting;
  if (!fromStackFile || setting === undefined) return `Set ${path}${asCode(argument)} on ${label}.`;
  return `Set ${setting} in the stack file (argument ${path}${argument.split(":")[0]} of ${label}).`;
}

/** `nat: perZone` as the program writes it: `nat: "perZone"`. */
function asCode(argument: string): string {
  return argument.replace(/^([\w.]+: )([A-Za-z/][^"[{]*)$/, (all, key: string, value: string) =>
    value === "true" || value === "false" ? all : `${key}"${value}"`,
  );
}
