/** The promises of Pulumi's SDK that are not settled yet. */

export type Tracked = Promise<unknown> & { _debugCtx?: string };

interface Store {
  leakCandidates: Set<Tracked>;
}

/** What is under way for a resource: all of it settles once its URN does, which is tracked. */
const WITH_URN = /^(resource:|monitor\.(read|register)Resource\(|(resolveURNIsKnown|resolveID|resolveIDIsKnown|transfer[A-Z]\w*)\()/;

export function unsettled(): Set<Tracked> {
  return (globalThis as unknown as { globalStore: Store }).globalStore.leakCandidates;
}

/**
 * Does what the SDK's `debuggablePromise` does, which keeps account of what a program still waits for, without the stack trace that the SDK takes for each
 * promise and shows with PULUMI_DEBUG_PROMISE_LEAKS alone.
 */
export function track<T>(promise: Promise<T>, label: string): Promise<T> {
  if (WITH_URN.test(label)) return promise;
  const candidates = unsettled();
  (promise as Tracked)._debugCtx = label;
  candidates.add(promise);
  return promise.then(
    (value) => {
      candidates.delete(promise);
      return value;
    },
    (error: unknown) => {
      candidates.delete(promise);
      throw error;
    },
  );
}
