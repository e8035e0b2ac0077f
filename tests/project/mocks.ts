// What AWS would answer to a program under test: ids, ARNs and lookups, as `berth plan` makes them up. For pulumi.runtime.setMocks.
import type * as pulumi from "@pulumi/pulumi";
import { Callback } from "@pulumi/pulumi/proto/callback_pb";
import type { ICallbackServer } from "@pulumi/pulumi/runtime/callbacks";
import type { JsonObject } from "../../facts/graph";
import { answer } from "../../plan/record/lookups";
import { computeState } from "../../plan/record/mocks";
import { locationIn } from "../../plan/record/region";

/** A network by awsx makes its subnets and routes itself; a program sees their ids. */
const NETWORK = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-public-a", "subnet-public-b"],
  privateSubnetIds: ["subnet-private-a", "subnet-private-b"],
  routeTables: [{ id: "rtb-public" }, { id: "rtb-private" }],
  routes: [],
  natGateways: [],
};

export function awsIn(region: string): pulumi.runtime.Mocks {
  const place = locationIn(region);
  return {
    newResource({ type, name, inputs }) {
      const urn = `urn:pulumi:test::test::${type}::${name}`;
      const { id, state } = computeState({ urn, type, name, inputs: inputs as JsonObject, place });
      return { id, state: { ...state, ...(type === "awsx:ec2:Vpc" && NETWORK) } };
    },
    call: ({ token, inputs }) => answer(token, inputs as JsonObject, place),
  };
}

/**
 * Lets a program register transforms, as `Network` does; mocks never run them. Pulumi's SDK 3.248 refuses them under mocks without a word, and the program waits
 * forever (pulumi/pulumi#17090). To be called after setMocks.
 */
export function acceptTransforms(): void {
  const { globalStore } = globalThis as unknown as { globalStore: { supportsTransforms: boolean; callbacks: ICallbackServer } };
  globalStore.supportsTransforms = true;
  globalStore.callbacks = {
    registerTransform: async () => new Callback(),
    registerStackTransform: () => undefined,
    registerStackInvokeTransform: () => undefined,
    registerStackInvokeTransformAsync: async () => new Callback(),
    registerResourceHook: async () => undefined,
    registerErrorHook: async () => undefined,
    awaitStackRegistrations: async () => undefined,
    shutdown: () => undefined,
  };
}
