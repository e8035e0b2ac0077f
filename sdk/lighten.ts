import { original, replaceInternals, tracksWith } from "./internals";
import { lazyOutputs } from "./lazy-outputs";
import { sourcePositions } from "./positions";
import { track } from "./promises";

/**
 * Makes Pulumi's SDK do less in this program: with a hundred services it starts in half the time, in half the memory. The SDK takes a stack trace for each
 * of its thousands of promises, to show it with PULUMI_DEBUG_PROMISE_LEAKS alone; it makes two dozen promises for each property of each resource, whether
 * the program reads it or not; and it looks up a whole stack in source maps for each resource, to tell the engine where the program makes it. With this
 * the promises have no traces (unless that variable is set), outputs are made when they are first used, and libraries are left out of the positions.
 *
 * Call it once, before the program makes its first resource.
 */
export function lightenSdk(): void {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS || tracksWith(track)) return;
  // The SDK's own function, when it is first called, prepares the report of promises that are left when the program ends.
  void original.debuggablePromise(Promise.resolve(), "lightenSdk");
  replaceInternals({ debuggablePromise: track, transferProperties: lazyOutputs, stackTrace: sourcePositions() });
}
