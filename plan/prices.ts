import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PlanError } from "./errors";

/** AWS's list prices of one region. */
export interface PriceList {
  region: string;
  currency: string;
  /** When they were read. */
  date: string;
  source: string;
  prices: Record<string, { usd: number; per: string; estimate?: boolean }>;
}

/** The hours of a month, as AWS counts them. */
export const HOURS = 730;

/** Where a region has no list of its own. */
const FALLBACK = "us-east-1";

export class Prices {
  constructor(readonly list: PriceList) {}

  /** The price of a unit; a key that is not in the list is a mistake in the list. */
  of(key: string): number {
    const price = this.list.prices[key];
    if (!price)
      throw new PlanError(`The price list of ${this.list.region} has no price "${key}": add it to plan/prices/${this.list.region}.json.`);
    return price.usd;
  }

  has(key: string): boolean {
    return key in this.list.prices;
  }
}

/** The prices of a region, or those of us-east-1 where it has no list. */
export function pricesFor(region: string, folder = join(__dirname, "prices")): Prices {
  const own = join(folder, `${region}.json`);
  return new Prices(JSON.parse(readFileSync(existsSync(own) ? own : join(folder, `${FALLBACK}.json`), "utf8")) as PriceList);
}
