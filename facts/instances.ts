// EC2 instance types: what they have, and how many tasks fit on one. No Pulumi here.

import data from "./data/instance-types.json";
import { nearest, UserError } from "./errors";
import { showCpu, showMemory } from "./sizes";

/** CPU architecture of image and tasks (`runtimePlatform.cpuArchitecture`). arm64 (Graviton) costs about a fifth less. */
export type Architecture = "x86_64" | "arm64";

/** What an instance type has. */
export interface InstanceFacts {
  name: string;
  vcpu: number;
  /** MiB. */
  memory: number;
  /** Network interfaces; one is the instance's own, each further one can be an awsvpc task's. */
  interfaces: number;
  architecture: Architecture;
  gpus: number;
}

const TYPES = data.types as unknown as Record<string, [number, number, number, Architecture, number]>;
/** Where the facts come from, and of which day they are. `scripts/refresh-instance-types.py` renews them. */
export const INSTANCE_DATA = { source: data.source, date: data.date };

/** The facts of an instance type; undefined for one that the data file does not know (it may be newer than the file). */
export function instanceFacts(name: string): InstanceFacts | undefined {
  const found = TYPES[name];
  if (!found) return undefined;
  const [vcpu, memory, interfaces, architecture, gpus] = found;
  return { name, vcpu, memory, interfaces, architecture, gpus };
}

/** What an instance group is made of: the known among its types, which all have one architecture, and the unknown. */
export interface Fleet {
  known: InstanceFacts[];
  unknown: string[];
  architecture: Architecture | undefined;
}

/** What is wrong with the name of an instance type; undefined if nothing is. */
export function typeComplaint(type: string): string | undefined {
  if (/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type)) return undefined;
  const near = nearest(type, Object.keys(TYPES));
  return `${JSON.stringify(type)} is not an instance type; write one like "t4g.medium"${near ? `; the nearest is "${near}"` : ""}.`;
}

/** Reads the types of a group. Throws a UserError if they cannot be, or do not go together. */
export function readFleet(types: string[]): Fleet {
  if (types.length === 0) throw new UserError(`no instance type is named; name one or more, such as "t4g.medium".`);
  const wrong = types.map(typeComplaint).find((complaint) => complaint !== undefined);
  if (wrong) throw new UserError(wrong);
  const known = types.map(instanceFacts).filter((facts) => facts !== undefined);
  const other = known.find((facts) => facts.architecture !== known[0]!.architecture);
  if (other) {
    throw new UserError(
      `${known[0]!.name} is ${known[0]!.architecture}, ${other.name} is ${other.architecture}; one group has one AMI and so one architecture: leave out one of them.`,
    );
  }
  return { known, unknown: types.filter((type) => instanceFacts(type) === undefined), architecture: known[0]?.architecture };
}

/** The sentence for types that the data file does not know; a family that has others of that size is probably a typo. */
export const unknownTypes = ({ unknown }: Fleet) =>
  unknown.length === 0
    ? undefined
    : `${unknown.join(", ")}: not among the instance types of ${INSTANCE_DATA.date}${unknown.map((type) => nearest(type, Object.keys(TYPES))).filter(Boolean).length > 0 ? ` (the nearest: ${unknown.map((type) => nearest(type, Object.keys(TYPES))).join(", ")})` : ""}, so it is not checked whether tasks fit.`;

/** What a task takes of an instance. */
export interface TaskNeeds {
  cpu: number;
  memory: number;
  gpus: number;
  /** awsvpc: each task has a network interface of its own. */
  ownInterface: boolean;
}

// The kernel and the ECS agent keep some: an instance registers a few percent less than its nominal memory.
const usable = (memory: number) => Math.floor(memory * 0.93) - 64;

/** How many tasks fit on one instance, and what limits them. */
export function tasksPerInstance(
  facts: InstanceFacts,
  needs: TaskNeeds,
): { tasks: number; limit: "CPU" | "memory" | "network interfaces" | "GPUs" } {
  const room = [
    { limit: "CPU" as const, tasks: Math.floor((facts.vcpu * 1024) / needs.cpu) },
    { limit: "memory" as const, tasks: Math.floor(usable(facts.memory) / needs.memory) },
    ...(needs.ownInterface ? [{ limit: "network interfaces" as const, tasks: facts.interfaces - 1 }] : []),
    ...(needs.gpus > 0 ? [{ limit: "GPUs" as const, tasks: Math.floor(facts.gpus / needs.gpus) }] : []),
  ];
  return room.reduce((a, b) => (b.tasks < a.tasks ? b : a));
}

/** A service's claim on a group: its tasks at their most. */
export interface Claim {
  service: string;
  needs: TaskNeeds;
  tasks: number;
  /** Whether a rollout runs a second set of them. */
  secondSet: boolean;
}

/**
 * How many percent of its tasks a service may run during a rollout (`maximumPercent`): up to 200, but never more than the group can hold when it is at its
 * largest beside the other services. Or what is wrong with the group, if a task fits nowhere, or if not even one more task fits, because the rollout could
 * then never begin.
 */
export function rolloutPercent(
  fleet: Fleet,
  maxInstances: number,
  claim: Claim,
  others: Claim[],
): number | { at: "max" | "instanceTypes"; text: string } {
  if (fleet.unknown.length > 0) return 200; // nothing is known of them
  const smallest = fleet.known
    .map((facts) => ({ facts, ...tasksPerInstance(facts, claim.needs) }))
    .reduce((a, b) => (b.tasks < a.tasks ? b : a));
  if (smallest.tasks < 1) return { at: "instanceTypes", text: tooBig(smallest.facts, smallest.limit, claim) };
  // The instances that the others take, in fractions; what is left is this service's.
  const taken = others.reduce(
    (sum, other) => sum + Math.max(...fleet.known.map((facts) => other.tasks / tasksPerInstance(facts, other.needs).tasks)),
    0,
  );
  const room = Math.floor((maxInstances - taken) * smallest.tasks);
  const maxTasks = claim.secondSet ? 2 * claim.tasks : claim.tasks + 1;
  if (room < maxTasks && claim.tasks > 0) {
    const needed = Math.ceil(taken + maxTasks / smallest.tasks);
    const text = `${maxInstances} ${maxInstances === 1 ? "instance holds" : "instances hold"} ${Math.max(0, room)} tasks of ${claim.service} (${smallest.tasks} on a ${smallest.facts.name}, limited by ${smallest.limit}), but it runs up to ${claim.tasks} and needs room for ${claim.secondSet ? "as many again" : "one more"} to roll out; the nearest max is ${needed}.`;
    return { at: "max", text };
  }
  return claim.tasks === 0 ? 200 : Math.min(200, Math.floor((room / claim.tasks) * 100));
}

function tooBig(facts: InstanceFacts, limit: string, { service, needs }: Claim): string {
  if (limit === "network interfaces") {
    return `a ${facts.name} has ${facts.interfaces} network interfaces, one of them its own: no task of ${service} in awsvpc mode gets one; choose a larger type, or networkMode: bridge.`;
  }
  if (limit === "GPUs")
    return `${service} asks for ${needs.gpus} GPUs, a ${facts.name} has ${facts.gpus}; choose a type with enough, such as "g5.xlarge".`;
  const has =
    limit === "CPU"
      ? showCpu(facts.vcpu * 1024)
      : `${usable(facts.memory)} MB of memory (${showMemory(facts.memory)} less what the system and the ECS agent keep)`;
  const asks = limit === "CPU" ? showCpu(needs.cpu) : showMemory(needs.memory);
  return `a task of ${service} asks for ${asks}, but a ${facts.name} has ${has} for tasks; choose a larger type, or a smaller task.`;
}
