import { runtime } from "@pulumi/pulumi";
import { original, replaceInternals } from "../../sdk/internals";
import { lazyOutputs } from "../../sdk/lazy-outputs";
import { plainStruct } from "../../sdk/plain-struct";
import { sourcePositions } from "../../sdk/positions";
import { track, unsettled } from "../../sdk/promises";
import type { Project } from "../project/project";
import { clientOf } from "./client";
import type { Monitor } from "./monitor";
import { keepStructure } from "./partial-json";

/** The places of Pulumi's SDK that have no public setter. */
interface Store {
  callbacks: unknown;
  settings: { options: { rootDirectory?: string } };
}

/** Connects the SDK to this monitor, as in a preview: what has no value stays unknown, and apply() does not run on it. */
export async function connect(monitor: Monitor, { name, stack, root }: Project): Promise<void> {
  runtime.setMockOptions(clientOf(monitor), name, stack, true, "organization");
  await (runtime as unknown as { awaitFeatureSupport(): Promise<void> }).awaitFeatureSupport();
  const store = (globalThis as unknown as { globalStore: Store }).globalStore;
  store.callbacks = monitor.callbacks;
  store.settings.options.rootDirectory = root;
  keepStructure(monitor.known);
  replaceInternals({
    debuggablePromise: track,
    transferProperties: lazyOutputs,
    fromJavaScript: plainStruct,
    // One run tells where each resource is made; the other does not look.
    stackTrace: monitor.known ? sourcePositions() : () => [],
  });
}

/** Restores the SDK, and forgets what is not settled. */
export function release(): void {
  unsettled().clear();
  replaceInternals(original);
  keepStructure(false);
}

/** What the SDK still waits for, in its own words: `resolveURN(resource:web[aws:ecs/service:Service])`. */
export function pending(): string[] {
  return [...unsettled()].map((promise) => promise._debugCtx ?? "");
}
