import { UserError } from "../../facts/errors";
import type { Io } from "../io";
import { type LocationOptions, readOutputs } from "../stack/locate";

/** Prints the service's URL; on a terminal it opens in the browser too. */
export async function open(options: LocationOptions, io: Io): Promise<number> {
  const { url } = await readOutputs(options, io);
  if (typeof url !== "string" || !/^https?:\/\//.test(url)) {
    throw new UserError(`The stack has no output url, so there is nothing to open; a service without a load balancer has none.`);
  }
  io.out(`${url}\n`);
  if (io.terminal) await (await import("open")).default(url);
  return 0;
}
