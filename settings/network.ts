// What a stack file says of the network: the arguments of a new one, or an existing one.
import { type ArgumentsOf, group, optional, plain } from "../components/base/schema";
import { type ExistingNetworkArgs, existingNetwork, oneSource } from "../components/network/existing-network";
import { type NetworkArgs, networkRules, network as newNetwork } from "../components/network/network";
import { OF_THE_STACK } from "./service";

const ofNew = plain(newNetwork, OF_THE_STACK);
const ofExisting = plain(existingNetwork, OF_THE_STACK);

/** The network in a stack file. */
export interface NetworkSettings extends Pick<NetworkArgs, keyof typeof ofNew> {
  /** A network that is there already, in place of a new one. Defaults to a new one. */
  existing?: Pick<ExistingNetworkArgs, keyof typeof ofExisting>;
}

const networkSettings = { ...ofNew, existing: optional(group(ofExisting, oneSource)) } satisfies ArgumentsOf<NetworkSettings>;
export const network = group(networkSettings, ...networkRules, {
  about: [],
  at: "existing",
  complain: (_, given) => {
    const others = Object.keys(given).filter((key) => key !== "existing");
    return given.existing && others.length > 0
      ? `the network is there already, so ${others.join(", ")} cannot be chosen here; leave out one or the other.`
      : undefined;
  },
});
