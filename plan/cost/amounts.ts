import type { TaskSize } from "../graph/services";
import type { Prices } from "./prices";

/** The hourly price of one task on demand. */
export function taskHour({ cpu, memory, architecture, storage }: TaskSize, prices: Prices): number {
  const size = (cpu / 1024) * prices.of(`fargate.vcpu.${architecture}`) + (memory / 1024) * prices.of(`fargate.memory.${architecture}`);
  return size + Math.max(0, storage - 20) * prices.of("fargate.storage");
}

/** `0.25 vCPU, 0.5 GB`. */
export function sizeText({ cpu, memory }: TaskSize): string {
  return `${cpu / 1024} vCPU, ${memory / 1024} GB`;
}

/** `2 tasks`, or `2 to 10 tasks`. */
export function range(min: number, max: number, noun: string): string {
  return `${min === max ? min : `${min} to ${max}`} ${noun}${max === 1 ? "" : "s"}`;
}

export function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
