// What a stack file says of the network: the arguments of a new one, or an existing one.
import { type ArgumentsOf, type Givens, group, optional, plain } from "../components/base/schema";
import { existingNetwork, oneSource } from "../components/network/existing-network";
import { networkRules, network as newNetwork } from "../components/network/network";
import { OF_THE_STACK } from "./service";

const existing = plain(existingNetwork, OF_THE_STACK);

/** What a stack file says of the network beside the arguments of a {@link Network}. */
export interface NetworkSettings {
  /** A network that is there already, in place of a new one. */
  existing?: Givens<typeof existing>;
}

export const networkSettings = {
  ...plain(newNetwork, OF_THE_STACK),
  ...({ existing: optional(group(existing, oneSource)) } satisfies ArgumentsOf<NetworkSettings>),
};
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
