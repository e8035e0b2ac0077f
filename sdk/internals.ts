import { Resource } from "@pulumi/pulumi";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { lazyOutputs } from "./lazy-outputs";
import type { plainStruct } from "./plain-struct";
import type { sourcePositions } from "./positions";
import type { track } from "./promises";

/** The functions of Pulumi's SDK that this room has faster versions of. They have no public setter. */
export interface Internals {
  debuggablePromise: typeof track;
  transferProperties: typeof lazyOutputs;
  stackTrace: ReturnType<typeof sourcePositions>;
  fromJavaScript: typeof plainStruct;
}

const OWNERS: { [Name in keyof Internals]: Record<Name, Internals[Name]> } = {
  debuggablePromise: require("@pulumi/pulumi/runtime/debuggable") as Record<"debuggablePromise", typeof track>,
  transferProperties: require("@pulumi/pulumi/runtime/rpc") as Record<"transferProperties", typeof lazyOutputs>,
  stackTrace: Resource as unknown as Record<"stackTrace", ReturnType<typeof sourcePositions>>,
  fromJavaScript: Struct,
};

/** The SDK's own. */
export const original: Readonly<Internals> = {
  debuggablePromise: OWNERS.debuggablePromise.debuggablePromise,
  transferProperties: OWNERS.transferProperties.transferProperties,
  stackTrace: OWNERS.stackTrace.stackTrace,
  fromJavaScript: Struct.fromJavaScript,
};

/** Puts functions in the place of the SDK's. */
export function replaceInternals(functions: Partial<Internals>): void {
  for (const name of Object.keys(functions) as (keyof Internals)[]) Object.assign(OWNERS[name], { [name]: functions[name] });
}

/** True if the SDK tracks its promises with this function. */
export function tracksWith(function_: Internals["debuggablePromise"]): boolean {
  return OWNERS.debuggablePromise.debuggablePromise === function_;
}
