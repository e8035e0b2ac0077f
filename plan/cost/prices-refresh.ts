import { type Product, priceIn, type Source, sourceOf } from "./price-sources";
import type { PriceList } from "./prices";

export interface Refreshed {
  list: PriceList;
  /** The keys that keep the price they had, for want of an answer. */
  kept: string[];
}

/** A region's list with the prices that `products` has for it. A kept price says which list it is from, so that it does not pass for a fresh one. */
export async function refreshed(
  old: PriceList,
  { region, date }: { region: string; date: string },
  products: (source: Source) => Promise<readonly Product[]>,
): Promise<Refreshed> {
  const kept: string[] = [];
  const prices: PriceList["prices"] = {};
  // One question after the other: the API's rate limit is low.
  for (const [key, price] of Object.entries(old.prices)) {
    const source = sourceOf(key);
    const usd = source && priceIn(await products(source), source);
    if (usd === undefined) kept.push(key);
    prices[key] = usd === undefined ? { ...price, from: price.from ?? `${old.region}, ${old.date}` } : { usd, per: price.per };
  }
  return { list: { region, currency: "USD", date, source: "AWS Pricing API", prices }, kept };
}

/** The text of a list's file: one price a line, so that a change reads well in a diff. */
export function priceFileText({ prices, ...head }: PriceList): string {
  const lines = Object.entries(prices).map(([key, price]) => `    ${JSON.stringify(key)}: ${oneLine(price)}`);
  const headLines = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `{\n${headLines.join("")}  "prices": {\n${lines.join(",\n")}\n  }\n}\n`;
}

function oneLine(value: object): string {
  return JSON.stringify(value, null, 1).replace(/\n\s*/g, " ");
}
