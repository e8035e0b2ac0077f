import * as grpc from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { type Callback, CallbackInvokeRequest, type CallbackInvokeResponse } from "@pulumi/pulumi/proto/callback_pb";
import { type RegisterResourceRequest, TransformRequest, TransformResponse } from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Runs a program's resource transforms as an engine does: by calling back into the program. What they do to options is left aside. */
export class Transforms {
  private readonly ofStack: Callback[] = [];
  /** By URN: the transforms of a resource, then those of the components above it. */
  private readonly ofResource = new Map<string, Callback[]>();
  private readonly clients = new Map<string, CallbacksClient>();

  addToStack(callback: Callback): void {
    this.ofStack.push(callback);
  }

  /** The inputs of a resource after its own transforms, its parents' and the stack's, in this order. */
  async apply(urn: string, request: RegisterResourceRequest): Promise<Struct | undefined> {
    const transforms = [...request.getTransformsList(), ...(this.ofResource.get(request.getParent()) ?? [])];
    this.ofResource.set(urn, transforms);
    let inputs = request.getObject();
    for (const transform of [...transforms, ...this.ofStack]) {
      const question = new TransformRequest()
        .setType(request.getType())
        .setName(request.getName())
        .setCustom(request.getCustom())
        .setParent(request.getParent())
        .setProperties(inputs);
      const answer = await this.call(transform, question.serializeBinary());
      inputs = TransformResponse.deserializeBinary(answer.getResponse_asU8()).getProperties();
    }
    return inputs;
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
  }

  private call(callback: Callback, question: Uint8Array): Promise<CallbackInvokeResponse> {
    const target = callback.getTarget();
    const client = this.clients.get(target) ?? new CallbacksClient(target, grpc.credentials.createInsecure());
    this.clients.set(target, client);
    const request = new CallbackInvokeRequest().setToken(callback.getToken()).setRequest(question);
    return new Promise((resolve, reject) => client.invoke(request, (error, response) => (error ? reject(error) : resolve(response))));
  }
}
