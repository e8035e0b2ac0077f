import type { Monitor } from "./monitor";

/** gRPC's status for a method that a server does not have. */
const UNIMPLEMENTED = 12;

type Reply = (error: Error) => void;

/**
 * The monitor as the SDK sees it: a client with a method for each call of the protocol. A newer SDK makes calls that this monitor does not know; they are
 * answered as an older engine answers them, and the SDK goes on without.
 */
export function clientOf(monitor: Monitor): Monitor {
  return new Proxy(monitor, {
    get(target, name) {
      // A promise that is resolved with the client asks for `then`.
      if (name in target || typeof name === "symbol" || name === "then") return Reflect.get(target, name, target) as unknown;
      return (...request: unknown[]) => {
        const details = `The offline plan does not implement ${name}.`;
        (request.at(-1) as Reply)(Object.assign(new Error(details), { code: UNIMPLEMENTED, details }));
      };
    },
  });
}
