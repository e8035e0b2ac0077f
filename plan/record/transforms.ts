import { type Callback, CallbackInvokeRequest, type CallbackInvokeResponse } from "@pulumi/pulumi/proto/callback_pb";
import { TransformRequest, type TransformResourceOptions, TransformResponse } from "@pulumi/pulumi/proto/resource_pb";
import { CallbackServer } from "@pulumi/pulumi/runtime/callbacks";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JsonObject } from "../../facts/graph";
import { objectOf } from "./wire";

/** A resource on its way into the graph. */
export interface Registration {
  type: string;
  name: string;
  parent: string;
  custom: boolean;
  inputs: JsonObject;
  options: TransformResourceOptions;
  propertyDependencies: Record<string, string[]>;
  source?: string;
}

/** Runs the `transforms` of a program as the engine does, in this very process. */
export class Transforms {
  /** Those that the program registered for the whole stack. */
  readonly ofStack: Callback[] = [];
  /** The SDK's own callback server without its socket: it translates between the program's functions and the protocol. */
  readonly callbacks: CallbackServer;

  constructor(monitor: unknown) {
    this.callbacks = Object.assign(Object.create(CallbackServer.prototype) as CallbackServer, {
      _callbacks: new Map(),
      _awaitQueue: [],
      _pendingRegistrations: 0,
      _monitor: monitor,
      _target: Promise.resolve("in-process"),
    });
  }

  /** The registration after the given transforms and then the stack's. */
  async run(given: Registration, transforms: Callback[]): Promise<Registration> {
    let registration = given;
    for (const callback of [...transforms, ...this.ofStack]) registration = await this.apply(callback, registration);
    return registration;
  }

  private async apply(callback: Callback, registration: Registration): Promise<Registration> {
    const request = new TransformRequest();
    request.setType(registration.type);
    request.setName(registration.name);
    request.setParent(registration.parent);
    request.setCustom(registration.custom);
    request.setProperties(Struct.fromJavaScript(registration.inputs));
    request.setOptions(registration.options);
    const result = TransformResponse.deserializeBinary(await this.call(callback.getToken(), request.serializeBinary()));
    return { ...registration, inputs: objectOf(result.getProperties()), options: result.getOptions() ?? registration.options };
  }

  private call(token: string, bytes: Uint8Array): Promise<Uint8Array> {
    const request = new CallbackInvokeRequest();
    request.setToken(token);
    request.setRequest(bytes);
    type Reply = (error: { details?: string } | null, response?: CallbackInvokeResponse) => void;
    const server = this.callbacks as unknown as { invoke(call: { request: CallbackInvokeRequest }, reply: Reply): Promise<void> };
    return new Promise((resolve, reject) => {
      void server.invoke({ request }, (error, response) => {
        if (response) resolve(response.getResponse_asU8());
        else reject(new Error(error?.details ?? "a transform failed"));
      });
    });
  }
}
