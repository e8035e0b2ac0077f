// Task sizes: human units ("0.25 vCPU", "512 MB") and AWS's numbers (256 CPU units, 512 MiB), and the pairs that Fargate sells. No Pulumi here.

/** What runs the tasks: Fargate sells fixed pairs of CPU and memory. */
export interface TaskSize {
  /** CPU units; 1024 are one vCPU. */
  cpu: number;
  /** Memory in MiB. */
  memory: number;
}

const GB = 1024;
const steps = (from: number, to: number, step: number) => Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);

/** Fargate's memory sizes (MiB) by CPU units. 32 vCPU (Linux, since June 2026) come in three sizes only. */
export const FARGATE_SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1 * GB, 2 * GB]],
  [512, steps(1 * GB, 4 * GB, GB)],
  [1024, steps(2 * GB, 8 * GB, GB)],
  [2048, steps(4 * GB, 16 * GB, GB)],
  [4096, steps(8 * GB, 30 * GB, GB)],
  [8192, steps(16 * GB, 60 * GB, 4 * GB)],
  [16384, steps(32 * GB, 120 * GB, 8 * GB)],
  [32768, [60 * GB, 120 * GB, 244 * GB]],
]);

/** "0.25 vCPU", ".25 vcpu", 256 or "256" as CPU units; undefined where it is none of these. */
export function parseCpu(given: string | number): number | undefined {
  const text = String(given).trim();
  const vcpu = /^(\d*\.?\d+)\s*vcpus?$/i.exec(text);
  if (vcpu) return whole(Number(vcpu[1]) * 1024);
  return /^\d+$/.test(text) ? whole(Number(text)) : undefined;
}

/** "512 MB", "1 GB", "1.5GB", 512 or "512" as MiB (AWS counts a GB as 1024 MiB); undefined where it is none of these. */
export function parseMemory(given: string | number): number | undefined {
  const text = String(given).trim();
  const unit = /^(\d*\.?\d+)\s*(m|mb|mib|g|gb|gib)$/i.exec(text);
  if (unit) return whole(Number(unit[1]) * (unit[2]!.toLowerCase().startsWith("g") ? GB : 1));
  return /^\d+$/.test(text) ? whole(Number(text)) : undefined;
}

/** "100 GB", "1 TB", 100 or "100" as GiB; undefined where it is none of these. */
export function parseDisk(given: string | number): number | undefined {
  const [, digits, unit = ""] = /^(\d+)\s*(?:([gt])(?:b|ib)?)?$/i.exec(String(given).trim()) ?? [];
  return digits === undefined ? undefined : whole(Number(digits) * (unit.toLowerCase() === "t" ? 1024 : 1));
}

const whole = (n: number) => (Number.isInteger(n) && n > 0 ? n : undefined);

/** 256 -> "0.25 vCPU" */
export const showCpu = (units: number) => `${units / 1024} vCPU`;
/** 512 -> "512 MB", 2048 -> "2 GB" */
export const showMemory = (mib: number) => (mib % GB === 0 ? `${mib / GB} GB` : `${mib} MB`);

/** The legal number that is nearest. */
export const nearestOf = (n: number, legal: readonly number[]) => legal.reduce((a, b) => (Math.abs(b - n) < Math.abs(a - n) ? b : a));

/** "512 MB, 1 GB or 2 GB", "4 GB to 16 GB in steps of 1 GB" */
export function showMemories(legal: readonly number[]): string {
  const step = legal[1]! - legal[0]!;
  if (legal.length > 3 && legal.every((m, i) => m === legal[0]! + i * step)) {
    return `${showMemory(legal[0]!)} to ${showMemory(legal.at(-1)!)} in steps of ${showMemory(step)}`;
  }
  return `${legal.slice(0, -1).map(showMemory).join(", ")} or ${showMemory(legal.at(-1)!)}`;
}

/**
 * Checks a pair against Fargate's table.
 * @returns what is wrong, with the nearest legal value, or undefined if AWS sells this pair.
 */
export function fargateComplaint({ cpu, memory }: TaskSize): { argument: "cpu" | "memory"; text: string } | undefined {
  const legal = FARGATE_SIZES.get(cpu);
  if (!legal) {
    const sizes = [...FARGATE_SIZES.keys()];
    return {
      argument: "cpu",
      // A handful is meant as vCPUs: nobody has tasks of three thousandths of one.
      text:
        cpu < 64
          ? `${cpu} alone is CPU units, 1024 to a vCPU; if vCPUs are meant, the nearest is "${showCpu(nearestOf(cpu * 1024, sizes))}".`
          : `${showCpu(cpu)} is not a Fargate size; allowed: ${sizes.map((c) => c / 1024).join(", ")} vCPU; the nearest is "${showCpu(nearestOf(cpu, sizes))}".`,
    };
  }
  if (legal.includes(memory)) return undefined;
  return {
    argument: "memory",
    text: `${showMemory(memory)} does not go with ${showCpu(cpu)} on Fargate; allowed: ${showMemories(legal)}; the nearest is "${showMemory(nearestOf(memory, legal))}".`,
  };
}
