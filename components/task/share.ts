// What each container of a task has of the task's CPU and memory.
import { parseCpu, parseMemory, showCpu, showMemory, type TaskSize } from "../../facts/sizes";
import { type ArgumentsOf, type Complaint, optional, size, type Values } from "../base/schema";

/** What a sidecar has of the task. */
export interface ShareArgs {
  /** CPU of the task that is the container's where all are busy (`cpu`): `"0.25 vCPU"` or 256; the app has what is left. Defaults to no share of its own. */
  cpu?: string | number;
  /** Memory above which the container is killed (`memory`): `"128 MB"` or 128. Defaults to that of the task. */
  memory?: string | number;
  /** Memory that the container keeps where all of the task's is in use (`memoryReservation`): `"64 MB"` or 64. Defaults to none. */
  memoryReservation?: string | number;
}

const memory = () => size(parseMemory, "a memory size", '"128 MB" or 128 (MiB)');

export const share = {
  cpu: optional(size(parseCpu, "a CPU size", '"0.25 vCPU" or 256 (1024 units are one vCPU)')),
  memory: optional(memory()),
  memoryReservation: optional(memory()),
} satisfies ArgumentsOf<ShareArgs>;
export type Share = Values<typeof share>;

/** The part of a container's definition that is about its share. */
export const shareDefinition = ({ cpu = 0, memory, memoryReservation }: Share) => ({
  cpu,
  ...(memory !== undefined && { memory }),
  ...(memoryReservation !== undefined && { memoryReservation }),
});

const sum = (numbers: readonly (number | undefined)[]) => numbers.reduce<number>((all, one = 0) => all + one, 0);

/** The app's share: the CPU that the sidecars leave, or nothing of its own where none has any. */
export function appShare(task: TaskSize, sidecars: readonly Share[]): Share {
  const taken = sum(sidecars.map(({ cpu }) => cpu));
  return taken > 0 ? { cpu: task.cpu - taken } : {};
}

/** Docker takes no less for a container. */
const LEAST_MEMORY = 6;

/** What is wrong with the shares of the sidecars: AWS refuses the task, or nothing is left for the app. */
export function shareComplaints(task: TaskSize, sidecars: Record<string, Share>): Complaint[] {
  const all = Object.entries(sidecars);
  const complaints = all.flatMap(([name, { memory, memoryReservation }]) => [
    ...(
      [
        ["memory", memory],
        ["memoryReservation", memoryReservation],
      ] as const
    ).flatMap(([key, mib]) =>
      mib !== undefined && mib < LEAST_MEMORY
        ? [{ path: ["sidecars", name, key], text: `${mib} MB is too little for a container; the nearest is ${LEAST_MEMORY} MB.` }]
        : [],
    ),
    ...(memory !== undefined && memoryReservation !== undefined && memoryReservation >= memory
      ? [
          {
            path: ["sidecars", name, "memoryReservation"],
            text: `${showMemory(memoryReservation)} is not less than memory (${showMemory(memory)}); leave out one of them.`,
          },
        ]
      : []),
  ]);
  const cpu = sum(all.map(([, its]) => its.cpu));
  if (cpu >= task.cpu)
    complaints.push({
      path: ["cpu"],
      text: `the sidecars have ${showCpu(cpu)} of the task's ${showCpu(task.cpu)}, so nothing is left for the app; give the task more, or them less.`,
    });
  const kept = sum(all.map(([, its]) => its.memoryReservation ?? its.memory));
  if (kept >= task.memory)
    complaints.push({
      path: ["memory"],
      text: `the sidecars have ${showMemory(kept)} of the task's ${showMemory(task.memory)}, so nothing is left for the app; give the task more, or them less.`,
    });
  return complaints;
}
