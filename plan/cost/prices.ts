import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../facts/errors";

/** AWS's list prices of one region. */
export interface PriceList {
  region: string;
  currency: string;
  /** When they were read. */
  date: string;
  source: string;
  /** `from` is the region and date of the list that a price was kept from, where it is not this one. */
  prices: Record<string, { usd: number; per: string; estimate?: boolean; from?: string }>;
}

/** The hours of a month, as AWS counts them. */
export const HOURS = 730;

/** The folder of the lists. */
export const PRICES = join(__dirname, "prices");

/** Where a region has no list of its own. */
const FALLBACK = "us-east-1";

export class Prices {
  /** The prices that were asked for and are another region's, by key. */
  readonly borrowed = new Map<string, string>();

  constructor(readonly list: PriceList) {}

  /** The price of a unit; a key that is not in the list is a mistake in the list. */
  of(key: string): number {
    const price = this.list.prices[key];
    if (!price)
      throw new UserError(
        `The price list of ${this.list.region} has no price "${key}": add it to plan/cost/prices/${this.list.region}.json.`,
      );
    const [region = this.list.region] = price.from?.split(",") ?? [];
    if (region !== this.list.region) this.borrowed.set(key, region);
    return price.usd;
  }

  has(key: string): boolean {
    return key in this.list.prices;
  }
}

/** The prices of a region, or those of us-east-1 where it has no list. */
export function pricesFor(region: string, folder = PRICES): Prices {
  const own = priceFile(region, folder);
  return new Prices(read(existsSync(own) ? own : priceFile(FALLBACK, folder)));
}

/** All the lists there are, by region. */
export function priceLists(folder = PRICES): PriceList[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => read(join(folder, file)));
}

/** The file of a region's list. */
export function priceFile(region: string, folder = PRICES): string {
  return join(folder, `${region}.json`);
}

function read(file: string): PriceList {
  return JSON.parse(readFileSync(file, "utf8")) as PriceList;
}
