import { Resource, runtime } from "@pulumi/pulumi";
import type { Project } from "../project/project";
import type { Monitor } from "./monitor";
import { keepStructure } from "./partial-json";

/** The places of Pulumi's SDK that have no public setter. */
interface Store {
  callbacks: unknown;
  settings: { options: { rootDirectory?: string } };
  /** Promises of the SDK that are not settled yet, with what they wait for. */
  leakCandidates: Set<Labelled>;
}

type Labelled = Promise<unknown> & { _debugCtx?: string };

type Track = <T>(promise: Promise<T>, label: string) => Promise<T>;

const bookkeeping = require("@pulumi/pulumi/runtime/debuggable") as { debuggablePromise: Track };
const positions = Resource as unknown as { stackTrace(skip: number): unknown[] };
const original = { track: bookkeeping.debuggablePromise, stackTrace: positions.stackTrace };

function store(): Store {
  return (globalThis as unknown as { globalStore: Store }).globalStore;
}

/** Makes the SDK talk to this monitor, as in a preview: what has no value stays unknown, and apply() does not run on it. */
export async function connect(monitor: Monitor, { name, stack, root }: Project): Promise<void> {
  runtime.setMockOptions(monitor, name, stack, true, "organization");
  await (runtime as unknown as { awaitFeatureSupport(): Promise<void> }).awaitFeatureSupport();
  store().callbacks = monitor.callbacks;
  store().settings.options.rootDirectory = root;
  bookkeeping.debuggablePromise = track;
  keepStructure(monitor.known);
  // One run tells where each resource is made; writing the stack down again would double the cost.
  if (!monitor.known) positions.stackTrace = () => [];
}

/** Gives the SDK back, and forgets what is not settled. */
export function release(): void {
  store().leakCandidates.clear();
  bookkeeping.debuggablePromise = original.track;
  positions.stackTrace = original.stackTrace;
  keepStructure(false);
}

/** What the SDK still waits for, in its own words: `resolveURN(resource:web[aws:ecs/service:Service])`. */
export function pending(): string[] {
  return [...store().leakCandidates].map((promise) => promise._debugCtx ?? "");
}

/**
 * Keeps the SDK's list of promises under way. Its own way of doing so takes a stack trace for each, which nobody ever sees and which is a third of
 * the time of a large stack.
 */
function track<T>(promise: Promise<T>, label: string): Promise<T> {
  const { leakCandidates } = store();
  (promise as Labelled)._debugCtx = label;
  leakCandidates.add(promise);
  return promise.then(
    (value) => {
      leakCandidates.delete(promise);
      return value;
    },
    (error: unknown) => {
      leakCandidates.delete(promise);
      throw error;
    },
  );
}
