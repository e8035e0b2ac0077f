import { UserError } from "../../facts/errors";
import type { Io } from "../io";
import { type LocationOptions, ofService, readOutputs } from "../stack/locate";

/** Prints the service's URL; on a terminal it opens in the browser too. */
export async function open(options: LocationOptions, io: Io): Promise<number> {
  const { url } = ofService(await readOutputs(options, io), options);
  if (typeof url !== "string" || !/^https?:\/\//.test(url)) {
    if (typeof url === "string" && /^[\w.-]+:\d+$/.test(url))
      throw new UserError(`${url} is no web address, so there is nothing to open; connect to it.`);
    const whose = options.service === undefined ? "The stack has no output url" : `The service ${options.service} has no url`;
    throw new UserError(`${whose}, so there is nothing to open; a service without a load balancer has none.`);
  }
  io.out(`${url}\n`);
  if (io.terminal) await (await import("open")).default(url);
  return 0;
}
