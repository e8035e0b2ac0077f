import type { TaskSize } from "../graph/services";
import type { Cost } from "../plan-json";
import type { Prices } from "./prices";

/** The hourly price of one task on demand. */
export function taskHour({ cpu, memory, architecture, storage }: TaskSize, prices: Prices): number {
  const size = (cpu / 1024) * prices.of(`fargate.vcpu.${architecture}`) + (memory / 1024) * prices.of(`fargate.memory.${architecture}`);
  return storage > 20 ? size + (storage - 20) * prices.of("fargate.storage") : size;
}

/** `0.25 vCPU, 0.5 GB`. */
export function sizeText({ cpu, memory }: TaskSize): string {
  return `${cpu / 1024} vCPU, ${memory / 1024} GB`;
}

/** `2 tasks`, or `2 to 10 tasks`. */
export function range(min: number, max: number, noun: string): string {
  return `${min === max ? min : `${min} to ${max}`} ${noun}${max === 1 ? "" : "s"}`;
}

/** Beside a sum: ` (priced as us-east-1)` where it is not made of the region's own prices; else nothing. */
export function pricedAs({ region, prices }: Cost): string {
  if (prices.region !== region) return ` (priced as ${prices.region})`;
  const others = [...new Set(prices.borrowed.map((one) => one.region))];
  return others.length === 0 ? "" : ` (in part priced as ${others.join(", ")})`;
}

/** Why, in one sentence; undefined where all prices are the region's own. */
export function missingPrices({ region, prices }: Cost): string | undefined {
  if (prices.region !== region) return `there is no price list for ${region}; these are ${prices.region}'s prices`;
  const keys = prices.borrowed.map((one) => one.key);
  return keys.length === 0 ? undefined : `the list of ${region} has no price of its own for ${keys.join(", ")}`;
}

export function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
