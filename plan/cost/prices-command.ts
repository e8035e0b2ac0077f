import { writeFileSync } from "node:fs";
import { UserError } from "../../facts/errors";
import { areCredentialsGone } from "../../tool/errors";
import { printable } from "../../tool/printable";
import { DEFAULT_REGION } from "../record/region";
import { PRICES, type PriceList, priceFile, priceLists, pricesFor } from "./prices";
import { priceFileText, refreshed } from "./prices-refresh";

/** The flags of `berth prices`. */
export interface PricesFlags {
  region?: string;
  refresh?: boolean;
  json?: boolean;
}

/** Where the verb reads its lists and writes its output. */
export interface PricesIo {
  folder: string;
  out(text: string): void;
  err(text: string): void;
}

const processIo: PricesIo = {
  folder: PRICES,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

/** `eu-central-1`, `us-gov-west-1`: it becomes a file's name, so nothing else may pass. */
const REGION = /^[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}$/;

/** Runs `berth prices`, and returns its exit status. */
export async function run(flags: PricesFlags, io: PricesIo = processIo): Promise<number> {
  const { region, json } = flags;
  if (region !== undefined && !REGION.test(region))
    throw new UserError(`--region is "${printable(region)}": give an AWS region's code, such as eu-central-1.`);
  if (flags.refresh) await refresh(region ?? DEFAULT_REGION, io);
  if (region === undefined && !flags.refresh) {
    const lists = priceLists(io.folder).map(({ prices: _, ...head }) => head);
    io.out(json ? `${JSON.stringify(lists, null, 2)}\n` : lists.map((list) => `${headLine(list)}\n`).join(""));
    return 0;
  }
  const { list } = pricesFor(region ?? DEFAULT_REGION, io.folder);
  if (region !== undefined && list.region !== region) {
    io.err(
      `There is no price list for ${region}; these are ${list.region}'s prices. \`berth prices --region ${region} --refresh\` creates one.\n`,
    );
  }
  io.out(json ? `${JSON.stringify(list, null, 2)}\n` : listText(list));
  return 0;
}

/** Rewrites the region's list. Throws a UserError where it cannot, and has then written nothing. */
async function refresh(region: string, io: PricesIo): Promise<void> {
  const { PricingApi } = require("./pricing-api") as typeof import("./pricing-api");
  const old = pricesFor(region, io.folder).list;
  const api = new PricingApi(region);
  const date = new Date().toISOString().slice(0, 10);
  const { list, kept } = await refreshed(old, { region, date }, (source) => api.products(source)).catch(refuseAccess);
  const all = Object.keys(list.prices).length;
  if (kept.length === all)
    throw new UserError(`The AWS Pricing API has no prices in USD for ${region}: check the region's code. Nothing was written.`);
  const file = priceFile(region, io.folder);
  write(file, priceFileText(list));
  io.err(`${all - kept.length} prices of ${region} are in ${file}.\n`);
  if (kept.length > 0) io.err(`${kept.length} keep the value they had, the API has none: ${kept.join(", ")}\n`);
}

function refuseAccess(error: Error): never {
  if (!areCredentialsGone(error)) throw error;
  throw new UserError("There are no usable AWS credentials, and the Pricing API needs some.", [
    "Sign in (`aws sso login`), or set AWS_PROFILE to an identity that may call pricing:GetProducts.",
  ]);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`The prices cannot be written to ${file} (${code ?? message}): make the file writable.`);
  }
}

function headLine({ region, date, source }: Omit<PriceList, "prices">): string {
  return `${region}  ${date}  ${source}`;
}

function listText(list: PriceList): string {
  const width = Math.max(...Object.keys(list.prices).map((key) => key.length));
  const lines = Object.entries(list.prices).map(([key, { usd, per, estimate, from }]) => {
    const notes = [...(estimate ? ["estimate"] : []), ...(from === undefined ? [] : [`from ${from}`])];
    return `  ${key.padEnd(width)}  ${String(usd).padStart(8)} per ${per}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
  });
  return `${[headLine(list), `  in ${list.currency}`, ...lines].join("\n")}\n`;
}
